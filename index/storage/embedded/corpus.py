"""The embedded corpus: one consistent state of the SQLite file, read through a connection of its own."""

import logging
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from index.errors import DamagedStore
from index.model import Coverage, PersonEntry, SpeakerKind, day_of
from index.storage.embedded import names
from index.storage.embedded.codec import loads, packed_source_of
from index.storage.embedded.counting import coverage_of
from index.storage.embedded.database import SCHEMA, in_words
from index.storage.embedded.formats import FORMATS, ID, Format, format_in
from index.storage.embedded.keys import KeptKeys
from index.storage.embedded.shelf import Shelf
from index.storage.records import Change, Mention, SourceState, StoredArticle, StoredItem

log = logging.getLogger(__name__)

_PAGE = 500  # rows that a stream reads at a time


class SqliteCorpus:
    """One state of the library; it stays as it is for as long as somebody holds it.

    Args:
        home: the library's folder, for errors.
        connection: inside a transaction that began with this state.
        shelf: articles of this generation that were read before.
    """

    def __init__(self, home: Path, connection: sqlite3.Connection, shelf: Shelf | None = None) -> None:
        self._home = home
        self._connection = connection
        self._shelf = shelf or Shelf()
        self._lock = threading.RLock()
        self._coverage: Coverage | None = None
        with self._reading():
            self.format = format_in(connection)
            row = connection.execute("SELECT sequence, engine, folder FROM state").fetchone()
        if row is None:
            raise DamagedStore(f"The index in {home} is damaged (no state): run `onrecord reindex --full`.")
        self._sequence, self.engine, self.folder = int(row[0]), str(row[1]), str(row[2])

    def sequence(self) -> int:
        return self._sequence

    def last_put(self) -> int:
        """For engines: the number of the last change that put or took away an article."""
        query = "SELECT max(coalesce((SELECT max(sequence) FROM articles), 0), coalesce(max(sequence), 0)) FROM ({})"
        return int(self._rows(query.format(self.format.changes))[0][0])

    def article(self, article_id: str) -> StoredArticle | None:
        rows = self._rows(f"{self.format.articles} WHERE id = ?", (names.clean(article_id),))
        return self._stored(rows[0]) if rows else None

    def articles(self, article_ids: Iterable[str], *, records: bool = True) -> dict[str, StoredArticle]:
        wanted = [names.clean(each) for each in article_ids]
        if not records:
            return self._readable(wanted)
        found = {}
        for row in self._paged(self.format.articles + " WHERE id IN ({})", wanted):
            with _left_out():
                found[row[ID]] = self._stored(row)
        return found

    def _readable(self, wanted: Iterable[str]) -> dict[str, StoredArticle]:
        """Articles without their records, from the shelf where they stand there."""
        here = [each for each in wanted if each in self._shelf]
        written = self._paged("SELECT id, sequence FROM articles WHERE id IN ({})", here)
        shelved = {each: self._shelf.get(each, sequence) for each, sequence in written}
        missing = [each for each in wanted if shelved.get(each) is None]
        for row in self._paged(self.format.without_records + " WHERE id IN ({})", missing):
            with _left_out(), self._reading(row[ID]):
                text = self.format.text_of(row)
                shelved[row[ID]] = row, text
                self._shelf.put(row[ID], row[ID + 1], row, text)
        found = {}
        for each, known in shelved.items():
            with _left_out(), self._reading(each):
                if known is not None:
                    found[each] = self.format.readable_of(*known)
        return found

    def article_ids(self) -> Iterator[str]:
        after = ""
        while page := self._rows("SELECT id FROM articles WHERE id > ? ORDER BY id LIMIT ?", (after, _PAGE)):
            with self._reading():
                ids = [names.clean(article_id) for (article_id,) in page]
                _check_order(after, ids)
            yield from ids
            after = ids[-1]

    def changes(self, since: int) -> Iterator[Change]:
        after, last = since + 1, ""
        query = f"SELECT id, sequence, removed FROM ({self.format.changes}) "  # noqa: S608 -- a constant
        query += "WHERE (sequence, id) > (?, ?) ORDER BY sequence, id LIMIT ?"
        while page := self._rows(query, (after, last, _PAGE)):
            with self._reading():
                _check_order((after, last), [(sequence, article_id) for article_id, sequence, _ in page])
            for article_id, sequence, removed in page:
                yield Change(article_id=article_id, sequence=sequence, removed=bool(removed))
            last, after, _ = page[-1]

    def items(self, source: str, only: Collection[str] | None = None) -> dict[str, StoredItem]:
        query = "SELECT item, id, raw_hash, attributor FROM articles WHERE source = ?"
        if only is None:
            rows = self._rows(query, (names.clean(source),))
        else:
            wanted = [(names.clean(source), names.clean(item)) for item in only]
            rows = [row for each in wanted for row in self._rows(f"{query} AND item = ?", each)]
        return {
            item: StoredItem(article_id=article_id, raw_hash=raw_hash, attributor=attributor)
            for item, article_id, raw_hash, attributor in rows
        }

    def sources(self) -> tuple[SourceState, ...]:
        rows = self._rows("SELECT source FROM sources ORDER BY place")
        with self._reading():
            return tuple(packed_source_of(row[0]) for row in rows)

    def coverage(self) -> Coverage:
        if self._coverage is None:
            (row,) = self._rows("SELECT coverage FROM state")
            with self._reading():
                self._coverage = coverage_of(loads(row[0]))
        return self._coverage

    def mentions(self) -> Iterator[Mention]:
        return stream_mentions(self.format, self._rows, self._reading)

    def person(self, person_id: str) -> PersonEntry | None:
        rows = self._rows("SELECT entry FROM people WHERE id = ?", (names.clean(person_id),))
        with self._reading():
            return self._known(rows[0][0]) if rows else None

    def person_of(self, key: str) -> PersonEntry | None:
        with self._reading():
            found = self.format.person_of(self._connection, names.clean(key))
            return None if found is None else self._known(found)

    def people_named(self, folded: str) -> tuple[PersonEntry, ...]:
        with self._reading():
            return tuple(map(self._known, names.people_named(self._connection, folded)))

    def people_like(self, folded: str, limit: int = 25) -> tuple[PersonEntry, ...]:
        with self._reading():
            return tuple(map(self._known, names.people_like(self._connection, folded, limit)))

    def people_in_role(self, words: frozenset[str], limit: int = 25) -> tuple[PersonEntry, ...]:
        with self._reading():
            return tuple(map(self._known, names.people_in_role(self._connection, words, limit)))

    def meta(self, name: str) -> str | None:
        rows = self._rows("SELECT value FROM meta WHERE name = ?", (name,))
        return rows[0][0] if rows else None

    def documents(self) -> Iterator[tuple[str, list[Any]]]:
        """For engines: each article's id with its documents as the codec wrote them, by id.

        Raises:
            DamagedStore: stored bytes are not what was written.
        """
        after = ""
        while page := self._rows(
            "SELECT id, body, documents FROM articles WHERE id > ? ORDER BY id LIMIT ?", (after, _PAGE // 5)
        ):
            with self._reading():
                _check_order(after, [row[0] for row in page])
            for article_id, body, documents in page:
                with self._reading(article_id):
                    rows = self.format.documents(body, documents)
                yield article_id, rows
            after = page[-1][0]

    def ids_of(self, rows: Iterable[int]) -> dict[int, str]:
        """For engines: article ids by row."""
        return dict(self._paged(f"{self.format.ids} WHERE row IN ({{}})", rows))

    def rows_of(self, article_ids: Iterable[str]) -> dict[str, int]:
        """For engines: the rows of those articles that are stored, by id."""
        return dict(self._paged("SELECT id, row FROM articles WHERE id IN ({})", map(names.clean, article_ids)))

    def rows_like(self, slug: str) -> set[int]:
        """For engines: rows of the articles of which a key of their own ends in this slug."""
        return {row for (row,) in self._rows("SELECT article FROM speaking WHERE slug = ? AND short = ''", (slug,))}

    def strangers_like(self, slugs: Iterable[str]) -> set[str]:
        """For engines: keys, as they are written, that end in one of these slugs and are of another article."""
        return {
            short
            for slug in slugs
            for (short,) in self._rows("SELECT short FROM speaking WHERE slug = ? AND short != ''", (slug,))
        }

    def _paged(self, query: str, values: Iterable[object]) -> Iterator[tuple[Any, ...]]:
        wanted = list(dict.fromkeys(values))
        for start in range(0, len(wanted), _PAGE):
            page = wanted[start : start + _PAGE]
            yield from self._rows(query.format(",".join("?" * len(page))), page)

    def _known(self, entry: bytes) -> PersonEntry:
        """A person from the stored entry; the shelf's has no reader, which would keep this state open."""
        person = self._shelf.person(entry)
        if person is None:
            person = self.format.person(entry)
            self._shelf.put_person(entry, person)
        return replace(person, keys=person.keys.read_by(self.ids_of)) if isinstance(person.keys, KeptKeys) else person

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._reading():
            return self._connection.execute(query, values).fetchall()

    def _stored(self, row: tuple[Any, ...]) -> StoredArticle:
        with self._reading(row[ID]):
            return self.format.stored_of(row)

    def _reading(self, article_id: str | None = None) -> "_Reading":
        return _Reading(self._lock, self._home, article_id)


class _Reading:
    """Reads alone, and tells of what can't be read in words; entered dozens of times for an answer, so it does little.

    Args:
        lock: of the connection.
        home: the library's folder.
        article_id: what is read, where it is an article.
    """

    __slots__ = ("_article_id", "_home", "_lock")

    def __init__(self, lock: threading.RLock, home: Path, article_id: str | None) -> None:
        self._lock = lock
        self._home = home
        self._article_id = article_id

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._lock.release()
        if isinstance(error, ValueError | LookupError | TypeError | AttributeError):  # not what was packed
            what = f"Article {self._article_id}" if self._article_id else f"The index in {self._home}"
            raise DamagedStore(
                f"{what} is damaged in the store: run `onrecord reindex --full` to write it anew."
            ) from error
        if error is not None:
            with in_words(self._home):
                raise error


@contextmanager
def _left_out() -> Iterator[None]:
    """Leaves out, and says so, an article that is damaged."""
    try:
        yield
    except DamagedStore as error:
        log.warning("An article is left out: %s", error)


def _check_order(after: Any, keys: Sequence[Any]) -> None:  # noqa: ANN401 -- whatever a stream is ordered by
    """A stream that went back would never end.

    Raises:
        ValueError: the keys don't go up from the one before them.
    """
    if not all(one < other for one, other in pairwise((after, *keys))):
        raise ValueError("the stored order is broken")


_KINDS = {kind.value: kind for kind in SpeakerKind}  # a look-up is several times faster than the call


def stream_mentions(
    form: Format,
    rows: Callable[[str, Sequence[object]], list[tuple[Any, ...]]],
    reading: Callable[[], AbstractContextManager[None]],
) -> Iterator[Mention]:
    """Every speaker within every article, by key.

    Args:
        form: of the file.
        rows: reads with a query and its values.
        reading: turns what is raised when a row makes no sense into an error for a person.
    """
    last: tuple[Any, ...] = ("", "")
    while page := rows(form.mentions, (*last, _PAGE)):
        with reading():
            mentions = [_mention(form, row) for row in page]
            _check_order(last, [row[2:4] for row in page])
        yield from mentions
        last = page[-1][2:4]


def mentions_of_families(rows: Iterable[tuple[Any, ...]]) -> Iterator[Mention]:
    """Speakers from rows of `MENTIONS_OF_FAMILIES`."""
    return (_mention(FORMATS[SCHEMA], row) for row in rows)


def _mention(form: Format, row: tuple[Any, ...]) -> Mention:
    article_id, written, _, _, name, kind, role, aliases, day, statements, family = row
    return Mention(
        key=form.key(article_id, written),
        article_id=article_id,
        name=name,
        kind=_KINDS.get(kind) or SpeakerKind(kind),
        role=role,
        aliases=() if aliases in {None, "[]"} else tuple(loads(aliases.encode())),
        day=day_of(day),
        statements=statements,
        family=family,
    )
