"""What the indexes of tantivy look like, and how its errors are told."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import tantivy

from index.errors import DamagedStore
from index.storage.embedded.names import clean
from index.storage.records import Unit

FORMAT = 2  # with slugs where a speaker's key is of the article; the one before held all keys whole
_READ = {1, FORMAT}
UNITS = tuple(Unit)
UNDATED = 0  # the day of a unit without one; other days are ordinals
_WORDS = "words"
_BLANKS = re.compile("[\t\n\f\r ]")  # what tantivy's tokenizer splits at

Fields = Mapping[Unit, Mapping[str, str]]  # unit, field, its name in the index


def word_of(term: str) -> str:
    """A term as the index holds it: what would split it replaced by a sign that no text holds."""
    return _BLANKS.sub("\u2420", clean(term))


def schema_of(fields: Mapping[str, str]) -> tantivy.Schema:
    """The fields that all units share come first, so that a query for them is the same for each."""
    builder = tantivy.SchemaBuilder()
    for name in ("speakers", "slugs", "outlet"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("article", indexed=True, fast=True)
    builder.add_integer_field("number", fast=True)
    builder.add_integer_field("place", fast=True)
    builder.add_integer_field("day", indexed=True, fast=True)
    builder.add_boolean_field("attitude", indexed=True)
    for name in fields.values():
        builder.add_text_field(name, tokenizer_name=_WORDS, index_option="freq")
    return builder.build()


def register(index: tantivy.Index) -> None:
    """Tells an index how our terms are parted: by spaces, and no further."""
    index.register_tokenizer(_WORDS, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())


def fields_of(folder: Path) -> tuple[int, dict[Unit, dict[str, str]]]:
    """The format of a published folder, and the fields that its documents have.

    Raises:
        DamagedStore: its description is not what was written.
    """
    try:
        written = json.loads((folder / "fields.json").read_bytes())
        found, fields = written["format"], {Unit(unit): dict(names) for unit, names in written["fields"].items()}
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise _damaged(folder, "fields.json can't be read") from error
    if found not in _READ or set(fields) != set(UNITS):
        raise _damaged(folder, f"format {found}, this version reads {FORMAT}")
    return found, fields


@contextmanager
def reading(folder: Path | str = "the library") -> Iterator[None]:
    """Turns what tantivy raises while it reads, a panic included, into one sentence.

    Raises:
        DamagedStore: always in its stead.
    """
    try:
        yield
    except FileNotFoundError:
        raise
    except (ValueError, RuntimeError, OSError) as error:
        raise _damaged(folder, error) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # which is no Exception, and can't be imported
            raise
        raise _damaged(folder, "they can't be made sense of") from None


def _damaged(folder: Path | str, what: object) -> DamagedStore:
    words = " ".join(str(what).split())[:200]
    return DamagedStore(
        f"The search files in {folder} are damaged ({words}): run `onrecord compact` to make them anew from the corpus."
    )
