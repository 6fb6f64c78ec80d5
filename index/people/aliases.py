"""The administrator's word on who is who, `aliases.toml`: names of one person, of different ones, and whom one means.

[[same]]                                                  # one person; the first name is the one that is shown
names = ["Sarah Huckabee Sanders", "Sarah Sanders"]

[[different]]                                             # never one person
names = ["Clinton", "Hillary Clinton"]

[[in_article]]                                            # whom a name means in one article
article = "harrowby-post-17"
name = "Clinton"
is = "Bill Clinton"
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from pathlib import Path

from index.errors import SettingsError
from index.people.identity import Identity, family, generic_family, identities, is_family_of_nobody
from index.people.names import folded
from index.storage.records import Mention

FILE = "aliases.toml"
_LARGEST = 1_000_000  # bytes
_KEYS = {"same": ("names",), "different": ("names",), "in_article": ("article", "name", "is")}
_EXAMPLE = 'for example [[same]] with names = ["Sarah Huckabee Sanders", "Sarah Sanders"]'


@dataclass(frozen=True, kw_only=True)
class Aliases:
    """What the file says; without one, nothing.

    Attributes:
        same: names of one person each, the one to show first.
        different: names that are never one person.
        in_article: (article id, name as printed there) to the name of whom it means.
    """

    same: tuple[tuple[str, ...], ...] = ()
    different: tuple[tuple[str, ...], ...] = ()
    in_article: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def as_json(self) -> str:
        """What is said, as a library keeps it."""
        return json.dumps([self.same, self.different, sorted(self.in_article.items())])

    @classmethod
    def of_json(cls, written: str | None) -> "Aliases":
        """What `as_json` gave; nothing for None."""
        same, different, in_article = json.loads(written) if written else ((), (), ())
        return cls(
            same=tuple(map(tuple, same)),
            different=tuple(map(tuple, different)),
            in_article={(article, name): whom for (article, name), whom in in_article},
        )

    def meant(self, mention: Mention) -> Mention:
        """The mention with the name of whom it means."""
        name = self.in_article.get((mention.article_id, folded(mention.name))) if self.in_article else None
        return mention if name is None else replace(mention, name=name, aliases=())

    def apart(self, some: Iterable[Identity], others: Iterable[Identity]) -> bool:
        """Whether somebody of the one and somebody of the other must not become one person."""
        others = set(others)
        return bool(self._apart) and any(not self._apart.get(one, frozenset()).isdisjoint(others) for one in some)

    def related(self, families: frozenset[str]) -> frozenset[str]:
        """These families and those that names of the file tie them to: persons of all of them are resolved together.

        Families of nobody are left out where the file does not make somebody of them.
        """
        told = {family for tied in self._tied for family in tied}
        found = {family for family in families if family in told or not is_family_of_nobody(family)}
        waiting = set(found)
        while waiting:
            waiting = {other for tied in self._tied if tied & waiting for other in tied} - found
            found |= waiting
        return frozenset(found)

    @cached_property
    def _apart(self) -> dict[Identity, set[Identity]]:
        found: dict[Identity, set[Identity]] = {}
        for names in self.different:
            for one, other in combinations(names, 2):
                for mine, theirs in ((one, other), (other, one)):
                    for identity in identities(mine):
                        found.setdefault(identity, set()).update(identities(theirs))
        return found

    @cached_property
    def _tied(self) -> list[set[str]]:
        meant = [(name, whom) for (_, name), whom in self.in_article.items()]
        return [
            {
                told
                for name in names
                for identity in identities(name)
                for told in (family(identity), generic_family(identity))
            }
            for names in (*self.same, *meant)
        ]


def read_aliases(home: Path) -> Aliases:
    """What the file in the library's folder says; nothing when there is none.

    Raises:
        SettingsError: one sentence that names the line and what to do.
    """
    path = home / FILE
    try:
        with path.open("rb") as file:
            written = file.read(_LARGEST + 1)
    except FileNotFoundError:
        return Aliases()
    except OSError as error:
        raise SettingsError(f"{path} can't be read ({error.strerror or error}): check its permissions.") from error
    if len(written) > _LARGEST:
        raise SettingsError(f"{path} is larger than {_LARGEST:,} bytes: keep only the names that need it.")
    try:
        return parse_aliases(written.decode("utf-8-sig"), name=str(path))
    except UnicodeDecodeError as error:
        line = written[: error.start].count(b"\n") + 1
        raise SettingsError(f"{path}, line {line}: not UTF-8: save the file with that encoding.") from error


def parse_aliases(text: str, *, name: str = FILE) -> Aliases:
    """What such a text says.

    Args:
        text: TOML.
        name: what an error calls it.

    Raises:
        SettingsError: one sentence that names the line and what to do.
    """
    try:
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        words = str(error) or "nested too deeply"
        raise SettingsError(f"{name} is not TOML: {words[0].lower()}{words[1:]}; {_EXAMPLE}.") from error
    return _Reader(text, name).read(tables)


class _Reader:
    """Checks the tables of one file."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name
        self._where = ""
        self._groups: dict[Identity, tuple[str, ...]] = {}

    def read(self, tables: Mapping[str, object]) -> Aliases:
        for kind in tables:
            if kind not in _KEYS:
                self._where = f"line {self._line(kind, 0)}"
                raise self._error(f'"{kind}" means nothing here: use [[same]], [[different]] or [[in_article]]')
        same, different = [], []
        for table in self._tables("same", tables):
            same.append(self._names(table))
            self._check_once(same[-1])
        for table in self._tables("different", tables):
            different.append(self._names(table))
            self._check_apart(different[-1], same)
        in_article: dict[tuple[str, str], str] = {}
        for table in self._tables("in_article", tables):
            article, printed, whom = (self._text_of(table, key) for key in _KEYS["in_article"])
            in_article[article, folded(self._checked(printed))] = self._checked(whom)
        return Aliases(same=tuple(same), different=tuple(different), in_article=in_article)

    def _tables(self, kind: str, tables: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
        """The tables of a kind, with `_where` at each."""
        found = tables.get(kind, [])
        self._where = f"line {self._line(kind, 0)}"
        if not isinstance(found, list):
            raise self._error(f"write [[{kind}]] with two brackets on each side")
        for number, table in enumerate(found):
            self._where = f"line {self._line(kind, number)}"
            if not isinstance(table, Mapping):
                raise self._error(f"write [[{kind}]] on a line of its own")
            unknown = next((key for key in table if key not in _KEYS[kind]), None)
            if unknown is not None:
                wanted = " and ".join(_KEYS[kind])
                raise self._error(f'"{unknown}" means nothing in [[{kind}]], which takes {wanted}')
            yield table

    def _names(self, table: Mapping[str, object]) -> tuple[str, ...]:
        names = table.get("names")
        if not isinstance(names, list) or not all(isinstance(each, str) for each in names) or len(names) < 2:
            raise self._error("names has to be a list of two or more names in quotation marks")
        return tuple(self._checked(each) for each in names)

    def _text_of(self, table: Mapping[str, object], key: str) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self._error(f'[[in_article]] needs {key} = "..."')
        return value.strip()

    def _checked(self, name: str) -> str:
        if not identities(name):
            raise self._error(f"“{name}” is no name: it holds no letter or digit")
        return " ".join(name.split())

    def _check_once(self, names: tuple[str, ...]) -> None:
        for name in names:
            for identity in identities(name):
                if self._groups.setdefault(identity, names) != names:
                    raise self._error(f"“{name}” stands in an earlier [[same]] too: put all the names into one")

    def _check_apart(self, names: tuple[str, ...], same: Sequence[tuple[str, ...]]) -> None:
        for one, other in combinations(names, 2):
            mine, theirs = identities(one), identities(other)
            if mine & theirs:
                raise self._error(f"“{one}” and “{other}” are one name; [[in_article]] tells two of one name apart")
            for group in same:
                whole = {identity for name in group for identity in identities(name)}
                if mine & whole and theirs & whole:
                    raise self._error(f"“{one}” and “{other}” are [[same]] elsewhere in the file: keep one of the two")

    def _error(self, words: str) -> SettingsError:
        return SettingsError(f"{self._name}, {self._where}: {words}.")

    def _line(self, kind: str, number: int) -> int:
        """The line at which the table of that kind and number begins, as near as it can be told."""
        heads = re.finditer(rf"^[ \t]*(?:\[\[?[ \t]*)?[\"']?{re.escape(kind)}\b", self._text, re.MULTILINE)
        places = [head.start() for head in heads]
        return self._text[: places[min(number, len(places) - 1)]].count("\n") + 1 if places else 1
