"""Finds the article in a page: its own paragraphs, without the page around them and without what isn't free to read."""

import codecs
import logging
import re
from functools import cache
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from index.errors import SourceError
from index.ingest.decoding import decoded_and_told, marked_encoding
from index.ingest.jsonld import Described, described_by
from index.ingest.metatags import told_by_head
from index.ingest.pageparts import drop_closed, is_bearable, is_parsable, simplify
from index.ingest.records import MAX_TEXT, ArticleRecord, record_from

MAX_PAGE = 10_000_000  # bytes; a long page with its scripts has two million
_FEWEST_WORDS = 20  # of an article that doesn't say that it is one
_LOST = 0.6  # of the body that JSON-LD gives, below which the page's paragraphs were not found
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_HEAD = 4_096  # bytes in which a page says how it is encoded
_TOO_MUCH = "its page has more parts, or deeper ones, than any article's page has"
_LONGEST_KICKER = 40
_AROUND = re.compile(
    r"""
    (?i:advertisement\b.{0,40}|a\ version\ of\ this\ article\ appear(?:s|ed)\ in\ print.*)
    |(?i:(?:additional\ )?(?:reporting|writing|editing)(?:\ and\ (?:writing|editing))?\ by\ [^.]{3,120}[;.]?\s?){1,4}
    |[^.]{3,80}\ covers?\ .{3,200}\b(?:[Rr]each|[Cc]ontact|[Ff]ollow)\ (?:him|her|them)\b.*
    """,
    re.VERBOSE,
)


def extract(page: bytes, url: str | None = None, *, charset: str | None = None) -> ArticleRecord:
    """The article in a page, a paragraph a line.

    What JSON-LD says of it goes before meta tags, and they before what the page looks like. What the page itself says
    is not free to read is left out, with a note.

    Args:
        page: HTML, as it came.
        url: where it came from; the address that the page gives for itself is kept where it is on the same site.
        charset: as the server named it.

    Raises:
        SourceError: too long, no HTML, or no article in it.
    """
    item = url or "the page"
    if len(page) > MAX_PAGE:
        raise SourceError(item, f"the page has {len(page) / 1e6:,.0f} MB; at most {MAX_PAGE / 1e6:,.0f} MB are read")
    try:
        text, is_utf8 = _text(page, charset)
    except ValueError as error:
        raise SourceError(item, str(error)) from error
    described = described_by(text, url=url) or Described()
    page = page if is_utf8 else text.encode("utf-8", "replace")
    if not is_parsable(page):
        raise SourceError(item, _TOO_MUCH)
    root = _root(page)
    if root is None:
        raise SourceError(item, "it is not a page that can be read")
    if not is_bearable(root):
        raise SourceError(item, _TOO_MUCH)
    fields = described.fields()
    told = told_by_head(root, url=url, known=fields.keys())
    simplify(root)
    if described.free is False:
        drop_closed(root, described.closed, item)
    body = _body(root, told.get("title") or "")
    if len(body) < _LOST * len(described.text):
        body = described.text
    if len(body.split()) < _FEWEST_WORDS and (described.title is None or not body):
        raise SourceError(item, "no article was found on the page")
    return _record({**told, **fields}, body[:MAX_TEXT], url, item, free=described.free)


def _record(fields: dict[str, Any], text: str, url: str | None, item: str, *, free: bool | None) -> ArticleRecord:
    fields["url"] = _own(fields.get("url"), url)
    record = record_from({**fields, "text": text}, item=item)
    if free is False:
        note = "it is not free to read as a whole; what its page shows openly was kept"
        record = record.model_copy(update={"notes": (*record.notes, note)})
    return record


def _own(given: object, url: str | None) -> str | None:
    """The address that a page gives for itself, where it came from when that is another site, or none."""
    if url is None or not isinstance(given, str):
        return given if isinstance(given, str) else url
    return given if _site(given) == _site(url) else url


def _site(url: str) -> str:
    try:
        return re.sub(r"^(?:www|m|amp|mobile|edition)\.", "", (urlsplit(url).hostname or "").lower())
    except ValueError:
        return ""


# ---------------------------------------------------------------------------------------------------------------
# From bytes to a tree


def _text(page: bytes, charset: str | None) -> tuple[str, bool]:
    """The page's characters: by its mark, by what is said of it, or by their looks; and whether it is UTF-8."""
    declared = _CHARSET.search(page[:_HEAD])
    for name in (charset, declared[1].decode("ascii", "replace") if declared else None):
        if name is None or marked_encoding(page[:4]):
            continue
        try:
            encoding = codecs.lookup(name.strip("\"' ")).name
        except (LookupError, ValueError):
            continue
        if encoding in {"utf-8", "ascii", "iso8859-1"}:
            break  # what those claim to be is often another; looks tell
        try:
            return page.decode(encoding), False
        except (ValueError, LookupError):
            continue
    return decoded_and_told(page)


def _root(page: bytes) -> Any:  # noqa: ANN401 -- lxml ships no types
    from lxml import etree, html  # noqa: PLC0415 -- heavy, and only pages need it

    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.document_fromstring(page.replace(b"\0", b""), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return root if root.find("body") is not None else None


# ---------------------------------------------------------------------------------------------------------------
# From a tree to paragraphs


def _body(root: Any, title: str) -> str:  # noqa: ANN401
    """The article's paragraphs, a line each."""
    lines = [line.removeprefix("- ").strip() for line in _found(root).split("\n")]
    lines = [line for line in lines if line and not _AROUND.fullmatch(line)]
    if title in lines[1:3] and all(len(line) < _LONGEST_KICKER for line in lines[: lines.index(title)]):
        lines = lines[lines.index(title) :]  # what stands above the headline is the section's name, or a day
    return "\n".join(lines)


def _found(root: Any) -> str:  # noqa: ANN401
    library, options = _trafilatura()
    try:
        found = library.bare_extraction(root, options=options)
    except Exception as error:  # noqa: BLE001 -- whatever a page makes a large library raise, the page alone is lost
        logging.getLogger(__name__).info("A page can't be read: %r", error)
        return ""
    return str(getattr(found, "text", None) or "")


@cache
def _trafilatura() -> tuple[ModuleType, Any]:
    """The library, and what it is asked for."""
    import trafilatura  # noqa: PLC0415 -- 0.2 s, and only pages need it
    from trafilatura.settings import Extractor  # noqa: PLC0415

    logging.getLogger("trafilatura").setLevel(logging.ERROR)  # it warns of each page without an article, as we do
    return trafilatura, Extractor(output_format="python", comments=False, tables=False, images=False)
