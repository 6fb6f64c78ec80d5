"""One change of the embedded library: a SQLite transaction, which is the moment at which everything becomes visible."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import islice
from pathlib import Path
from typing import Any

from index.errors import StoreError
from index.storage.embedded import names
from index.storage.embedded.articles import delete_article, insert_article, speakers_in
from index.storage.embedded.codec import article_row, checksum, documents_row, dumps, packed_source
from index.storage.embedded.copies import SqliteCopies
from index.storage.embedded.corpus import mentions_of_families, stream_mentions
from index.storage.embedded.counting import Count
from index.storage.embedded.database import SCHEMA, in_words
from index.storage.embedded.earlier import Earlier, last_change
from index.storage.embedded.engines import EngineFiles
from index.storage.embedded.formats import FORMATS, MENTIONS_OF_FAMILIES
from index.storage.embedded.persons import replace_people
from index.storage.records import Document, Mention, PersonRow, SourceState, StoredArticle, Unit

_UNITS = tuple(Unit)
_PAGE = 1_000
_FAMILIES_AT_ONCE = 20  # whose mentions are read together; some have thousands
_FAMILIES = """
SELECT * FROM (SELECT DISTINCT family FROM mentions WHERE family > ?1 AND family != '' ORDER BY family LIMIT ?2)
UNION SELECT * FROM (SELECT DISTINCT family FROM people WHERE family > ?1 ORDER BY family LIMIT ?2)
ORDER BY 1 LIMIT ?2
"""


class SqliteWriter:
    """A change under way.

    Args:
        home: the library's folder, for errors.
        connection: inside the transaction that is this change.
        sequence: the number that this change gets.
        engines: what makes the engine's files.
        finish: called once by `commit`, to make the change durable and visible.
        earlier: the generation whose place a full change takes.
        recount: whether to count anew what the library tells of itself.
    """

    def __init__(
        self,
        home: Path,
        connection: sqlite3.Connection,
        sequence: int,
        engines: EngineFiles,
        finish: Callable[[], object],
        earlier: Earlier | None = None,
        *,
        recount: bool = False,
    ) -> None:
        self._home = home
        self._connection = connection
        self._engines = engines
        self._finish = finish
        self._earlier = earlier
        self._fields: set[tuple[str, str]] = set()
        self._touched: set[str] = set()
        self._count = Count(connection, anew=recount)
        self._copies = SqliteCopies(connection, sequence, self._changing)
        self.sequence = sequence
        self.committed = False

    def put(
        self, stored: StoredArticle, documents: Sequence[Document], *, families: Mapping[str, str] | None = None
    ) -> None:
        article_id, text = names.clean(stored.article.id), dumps(article_row(stored.article))
        with self._changing():
            changed = self._last_change(article_id, checksum(text), stored.withdrawn)
            row = self._insert(stored, text, documents_row(documents), families or {}, self.sequence)
            self._note(article_id, changed, 0, row)

    def bring(self, stored: StoredArticle, documents: Sequence[Sequence[Any]], families: Mapping[str, str]) -> None:
        """Puts an article as another generation holds it: the number of its last change is the one that it had."""
        with self._changing():
            self._insert(stored, dumps(article_row(stored.article)), documents, families, stored.sequence)

    def _insert(
        self,
        stored: StoredArticle,
        text: bytes,
        documents: Sequence[Sequence[Any]],
        families: Mapping[str, str],
        sequence: int,
    ) -> int:
        article_id = names.clean(stored.article.id)
        row = self._drop(article_id)
        if row is None:
            known = self._connection.execute("SELECT article FROM changes WHERE id = ?", (article_id,)).fetchone()
            row = known and known[0]
        self._note_fields(documents)
        row = insert_article(
            self._connection, stored, text=text, documents=documents, families=families, sequence=sequence, row=row
        )
        self._count.note(row, by=1)
        self._engines.put(self._connection, self.sequence, row, article_id, documents)
        self._touched.update(names.clean(families.get(speaker.id, "")) for speaker, _ in speakers_in(stored.quotes))
        return row

    def remove(self, article_id: str) -> None:
        article_id = names.clean(article_id)
        with self._changing():
            row = self._drop(article_id)
            if row is not None:
                self._note(article_id, self.sequence, 1, row)

    def bring_change(self, article_id: str, sequence: int, removed: int) -> None:
        """For bringing over: keeps the number of an article's last change as another generation has it."""
        with self._changing():
            self._note(article_id, sequence, removed, self._row_of(article_id))

    def take_number(self, before: int) -> None:
        """For catching up: what the change of that number made different, this one did."""
        with self._changing():
            self._connection.execute("UPDATE changes SET sequence = ? WHERE sequence = ?", (self.sequence, before))

    def made_different(self) -> list[str]:
        """For catching up: ids of the articles that count as changed by this change, or as removed."""
        rows = self._rows("SELECT id FROM changes WHERE sequence = ? ORDER BY id", (self.sequence,))
        return [article_id for (article_id,) in rows]

    def has_made(self, article_id: str) -> bool:
        """For catching up: whether an article is among those."""
        query = "SELECT 1 FROM changes WHERE id = ? AND sequence = ?"
        return bool(self._rows(query, (names.clean(article_id), self.sequence)))

    def says_like(self, connection: sqlite3.Connection, article_id: str) -> bool:
        """For catching up: whether an article says what it does in another generation's file, or is in neither."""
        with self._changing():
            mine, other = last_change(self._connection, article_id), last_change(connection, article_id)
            return (mine and mine[1:]) == (other and other[1:])

    def note_change(self, article_id: str) -> None:
        """For going back: says that this change made the article what it is now, or took it away."""
        with self._changing():
            row = self._row_of(article_id)
            self._note(article_id, self.sequence, int(row is None), row)

    def set_sources(self, sources: Sequence[SourceState]) -> None:
        with self._changing():
            known = dict(self._connection.execute("SELECT place, source FROM sources"))
            wanted = {place: packed_source(source) for place, source in enumerate(sources, 1)}
            self._connection.executemany(
                "DELETE FROM sources WHERE place = ?", ((place,) for place in known.keys() - wanted.keys())
            )
            self._connection.executemany("INSERT OR REPLACE INTO sources VALUES (?, ?)", wanted.items() - known.items())

    def set_people(self, rows: Iterable[PersonRow], *, families: frozenset[str] | None = None) -> None:
        with self._changing():
            replace_people(self._connection, rows, families)

    def touched(self) -> frozenset[str]:
        return frozenset(self._touched)

    def families(self) -> Iterator[str]:
        last = ""
        while page := self._rows(_FAMILIES, (last, _PAGE)):
            yield from (family for (family,) in page)
            (last,) = page[-1]

    def set_meta(self, name: str, value: str) -> None:
        with self._changing():
            self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, names.clean(value)))

    def mentions(self, *, families: frozenset[str] | None = None) -> Iterator[Mention]:
        if families is None:
            yield from stream_mentions(FORMATS[SCHEMA], self._rows, self._changing)
        wanted = iter(sorted(families or ()))
        while page := list(islice(wanted, _FAMILIES_AT_ONCE)):
            query = MENTIONS_OF_FAMILIES.format(",".join("?" * len(page)))
            yield from mentions_of_families(self._rows(query, page))

    def copies(self) -> SqliteCopies:
        return self._copies

    def settle(self) -> None:
        with self._changing():
            self._engines.settle(self._connection, self.sequence, self._count.row()[1])

    def commit(self) -> int:
        with self._changing():
            if self._earlier is not None:
                self._earlier.carry_removals(self._connection, self.sequence)
            coverage = self._count.row()
            engine, folder = self._engines.renew(self._connection, self.sequence, coverage[1])
            self._connection.execute(
                "INSERT OR REPLACE INTO state VALUES (1, ?, ?, ?, ?)",
                (self.sequence, engine, folder, dumps(coverage)),
            )
            self._finish()
        self.committed = True
        return self.sequence

    def _last_change(self, article_id: str, body_sum: bytes, withdrawn: str | None) -> int:
        """The number of the change that made the article say what it says: this one, or one before."""
        if self._earlier is not None:
            known = self._earlier.last_change(article_id)
        else:
            known = last_change(self._connection, article_id)
        return known[0] if known and known[1:] == (body_sum, withdrawn) else self.sequence

    def _drop(self, article_id: str) -> int | None:
        """Takes an article out; the number of its row, None when it is not there."""
        row = self._row_of(article_id)
        if row is None:
            return None
        self._engines.remove(row)
        self._count.note(row, by=-1)
        gone = self._connection.execute("SELECT DISTINCT family FROM mentions WHERE article = ?", (row,))
        self._touched.update(family for (family,) in gone)
        self._copies.drop(row)
        delete_article(self._connection, row)
        return row

    def _row_of(self, article_id: str) -> int | None:
        found = self._connection.execute("SELECT row FROM articles WHERE id = ?", (article_id,)).fetchone()
        return found and int(found[0])

    def _note(self, article_id: str, sequence: int, removed: int, row: int | None) -> None:
        """Keeps the number of an article's last change, and that of its row also when it is taken out."""
        self._connection.execute(
            "INSERT INTO changes VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) "
            "DO UPDATE SET sequence = ?2, removed = ?3, article = coalesce(?4, article)",
            (article_id, sequence, removed, row),
        )

    def _note_fields(self, documents: Iterable[Sequence[Any]]) -> None:
        for document in documents:
            for name in document[3]:
                field = _UNITS[document[0]], name
                if field not in self._fields:
                    self._fields.add(field)
                    self._connection.execute("INSERT OR IGNORE INTO fields SELECT ?, ?, count(*) FROM fields", field)

    def _rows(self, query: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        with in_words(self._home):
            return self._connection.execute(query, values).fetchall()

    def _changing(self) -> AbstractContextManager[None]:
        if self.committed:
            raise StoreError("This change of the library was committed already: open another one.")
        return in_words(self._home)
