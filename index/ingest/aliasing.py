"""Changes `aliases.toml` by a sentence, "these are one person", and says anew who is who; comments in it stay."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from index.errors import EmptyLibrary, SettingsError
from index.ingest.change import Change
from index.people import Aliases, folded, parse_aliases
from index.people.aliases import FILE
from index.storage.base import Corpus, Store

_HEAD = re.compile(r"^[ \t]*\[\[", re.MULTILINE)
_LONGEST = 200  # characters of a name

Edit = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasReport:
    """What the file says now; `notes` tell of names that nobody bears."""

    aliases: Aliases
    notes: tuple[str, ...] = ()


def same(*names: str) -> Edit:
    """Names of one person, the one to show first; joined to a group that holds one of them already."""

    def edit(text: str) -> str:
        joined: list[str] = []
        for block in _blocks(text):
            group = block.names_of("same")
            if {folded(name) for name in group} & {folded(name) for name in names}:
                joined += group
                text = text.replace(block.text, "", 1)
        every = {folded(name): name for name in reversed((*joined, *names))}
        ordered = list(dict.fromkeys(folded(name) for name in (*joined, *names)))
        return _with(text, "same", [every[name] for name in ordered])

    return edit


def different(*names: str) -> Edit:
    """Names that are never one person."""
    return lambda text: _with(text, "different", names)


def without(name: str) -> Edit:
    """Takes a name out of all that the file says.

    Raises:
        SettingsError: the file doesn't hold it.
    """

    def edit(text: str) -> str:
        gone = folded(name)
        before = text
        for block in _blocks(text):
            if gone in {folded(each) for each in block.meant()}:
                text = text.replace(block.text, "", 1)
            for kind in ("same", "different"):
                names = block.names_of(kind)
                left = [each for each in names if folded(each) != gone]
                if len(left) < len(names):
                    text = text.replace(block.text, _block(kind, left) if len(left) > 1 else "", 1)
        if text == before:
            raise SettingsError(f"{FILE} says nothing about “{name}”.")
        return text

    return edit


def change_aliases(store: Store, home: Path, edit: Edit) -> AliasReport:
    """Changes the file and says anew who is who, both or neither.

    Raises:
        SettingsError: what it would say makes no sense; the file stays as it is.
        LibraryBusy: another process is writing.
        StoreError: the library can't be read or written.
    """
    path = home / FILE
    try:
        before = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        before = ""
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} can't be read: {error}.") from error
    parse_aliases(before, name=str(path))
    after = edit(before)
    aliases = parse_aliases(after, name=FILE)
    try:
        corpus: Corpus | None = store.snapshot().corpus
    except EmptyLibrary:
        corpus = None
    if corpus is None:
        _write(path, after)
        return AliasReport(aliases=aliases)
    with store.write() as writer:
        Change(store.snapshot().corpus, writer, store, full=False, aliases=aliases).resolve_people()
        _write(path, after)
        try:
            writer.commit()
        except BaseException:
            _write(path, before)
            raise
    return AliasReport(aliases=aliases, notes=tuple(_unknown(corpus, aliases)))


@dataclass(frozen=True, slots=True)
class _Block:
    """One table of the file, from its head to its last value."""

    text: str

    def names_of(self, kind: str) -> list[str]:
        aliases = parse_aliases(self.text) if self.text.lstrip().startswith(f"[[{kind}]]") else Aliases()
        return [name for group in (aliases.same if kind == "same" else aliases.different) for name in group]

    def meant(self) -> list[str]:
        """The names that it gives a meaning in an article."""
        if not self.text.lstrip().startswith("[[in_article]]"):
            return []
        aliases = parse_aliases(self.text)
        return [name for (_, printed), whom in aliases.in_article.items() for name in (printed, whom)]


def _blocks(text: str) -> Iterator[_Block]:
    heads = [found.start() for found in _HEAD.finditer(text)]
    for start, end in pairwise([*heads, len(text)]):
        lines = text[start:end].splitlines(keepends=True)
        while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
            lines.pop()  # blank lines and comments before the next head are not of this one
        yield _Block("".join(lines))


def _with(text: str, kind: str, names: Sequence[str]) -> str:
    for name in names:
        if len(name) > _LONGEST or not name.isprintable():
            raise SettingsError(f"A name has at most {_LONGEST} characters, all of which can be printed.")
    kept = text.strip("\n")
    return f"{kept}\n\n{_block(kind, names)}" if kept else _block(kind, names)


def _block(kind: str, names: Sequence[str]) -> str:
    quoted = ", ".join(json.dumps(" ".join(name.split()), ensure_ascii=False) for name in names)
    return f"[[{kind}]]\nnames = [{quoted}]\n"


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(path.name + ".new")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise SettingsError(f"{path} can't be written ({error.strerror or error}): check its permissions.") from error


def _unknown(corpus: Corpus, aliases: Aliases) -> Iterator[str]:
    for name in dict.fromkeys(name for group in (*aliases.same, *aliases.different) for name in group):
        if not corpus.people_named(folded(name)):
            yield f"Nobody called “{name}” is on record now."
