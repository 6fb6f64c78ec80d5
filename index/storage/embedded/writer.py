"""One change of the embedded library: a SQLite transaction, which is the moment at which everything becomes visible."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from index.errors import StoreError
from index.model import Quote, Speaker
from index.storage.base import Document, Mention, PersonRow, SourceState, StoredArticle
from index.storage.embedded import names
from index.storage.embedded.codec import (
    article_row,
    checksum,
    documents_row,
    dumps,
    pack,
    quotes_row,
    revisions_row,
    source_row,
)
from index.storage.embedded.copies import SqliteCopies
from index.storage.embedded.corpus import coverage_row, stream_mentions
from index.storage.embedded.database import in_words
from index.storage.embedded.earlier import Earlier, last_change
from index.storage.embedded.engines import EngineFiles


class SqliteWriter:
    """A change under way.

    Args:
        home: the library's folder, for errors.
        connection: inside the transaction that is this change.
        sequence: the number that this change gets.
        engines: what makes the engine's files.
        finish: called once by `commit`, to make the change durable and visible.
        earlier: the generation whose place a full change takes.
    """

    def __init__(
        self,
        home: Path,
        connection: sqlite3.Connection,
        sequence: int,
        engines: EngineFiles,
        finish: Callable[[], object],
        earlier: Earlier | None = None,
    ) -> None:
        self._home = home
        self._connection = connection
        self._engines = engines
        self._finish = finish
        self._earlier = earlier
        self._removed: list[int] = []
        self._fields: set[tuple[str, str]] = set()
        self._touched: set[str] = set()
        self._copies = SqliteCopies(connection, sequence, self._changing)
        self.sequence = sequence
        self.committed = False

    def put(
        self, stored: StoredArticle, documents: Sequence[Document], *, families: Mapping[str, str] | None = None
    ) -> None:
        article = stored.article
        families = families or {}
        text = dumps(article_row(article))
        quotes = dumps(quotes_row(stored.quotes))
        raw = stored.raw.encode("utf-8", "surrogatepass")
        article_id = names.clean(article.id)
        with self._changing():
            changed = self._last_change(article_id, checksum(text), stored.withdrawn)
            self._drop(article_id)
            self._note_fields(documents)
            self._connection.execute("INSERT OR REPLACE INTO changes VALUES (?, ?, 0)", (article_id, changed))
            row = self._connection.execute(
                "INSERT INTO articles (id, sequence, source, item, raw_hash, attributor, day, outlet, paragraphs, "
                "statements, body_sum, quotes_sum, raw_sum, body, quotes, raw, documents) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    article_id,
                    self.sequence,
                    names.clean(stored.source),
                    names.clean(stored.item),
                    stored.raw_hash,
                    stored.attributor,
                    article.day.isoformat() if article.day else None,
                    None if article.outlet is None else names.clean(article.outlet),
                    len(article.paragraphs),
                    sum(not quote.attitude for quote in stored.quotes),
                    checksum(text),
                    checksum(quotes),
                    checksum(raw),
                    pack(text),
                    pack(quotes, text),
                    pack(raw, text),
                    pack(dumps(documents_row(documents))),
                ),
            ).lastrowid
            self._put_history(row, stored)
            self._connection.executemany(
                "INSERT INTO mentions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        names.clean(speaker.id),
                        row,
                        names.clean(speaker.name),
                        speaker.kind,
                        None if speaker.role is None else names.clean(speaker.role),
                        dumps([names.clean(alias) for alias in speaker.aliases]).decode(),
                        statements,
                        names.clean(families.get(speaker.id, "")),
                    )
                    for speaker, statements in _speakers(stored.quotes)
                ),
            )

            self._touched.update(names.clean(families.get(speaker.id, "")) for speaker, _ in _speakers(stored.quotes))
            keys = {names.clean(key) for document in documents for key in document.speakers}
            self._connection.executemany(
                "INSERT INTO speaking VALUES (?, ?, ?)", ((names.slug_of(key), key, row) for key in keys)
            )

    def remove(self, article_id: str) -> None:
        article_id = names.clean(article_id)
        with self._changing():
            if self._drop(article_id):
                self._connection.execute("INSERT OR REPLACE INTO changes VALUES (?, ?, 1)", (article_id, self.sequence))

    def note_change(self, article_id: str) -> None:
        """For going back: says that this change made the article what it is now, or took it away."""
        with self._changing():
            self._connection.execute(
                "INSERT OR REPLACE INTO changes SELECT ?1, ?2, NOT EXISTS (SELECT 1 FROM articles WHERE id = ?1)",
                (article_id, self.sequence),
            )

    def set_sources(self, sources: Sequence[SourceState]) -> None:
        with self._changing():
            self._connection.execute("DELETE FROM sources")
            self._connection.executemany(
                "INSERT INTO sources (source) VALUES (?)", ((dumps(source_row(source)),) for source in sources)
            )

    def set_people(self, rows: Iterable[PersonRow], *, families: frozenset[str] | None = None) -> None:
        with self._changing():
            names.replace_people(self._connection, rows, families)

    def touched(self) -> frozenset[str]:
        return frozenset(self._touched)

    def set_meta(self, name: str, value: str) -> None:
        with self._changing():
            self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, names.clean(value)))

    def mentions(self, *, families: frozenset[str] | None = None) -> Iterator[Mention]:
        return stream_mentions(self._rows, self._changing, families, index="articles_by_day")

    def copies(self) -> SqliteCopies:
        return self._copies

    def commit(self) -> int:
        with self._changing():
            if self._earlier is not None:
                self._earlier.carry_removals(self._connection, self.sequence)
            coverage = coverage_row(self._connection)
            engine, folder = self._engines.renew(self._connection, self.sequence, self._removed)
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

    def _put_history(self, row: int | None, stored: StoredArticle) -> None:
        data = dumps(revisions_row(stored.revisions))
        self._connection.execute(
            "INSERT INTO histories VALUES (?, ?, ?, ?, ?)",
            (
                row,
                stored.stored.isoformat() if stored.stored else None,
                None if stored.withdrawn is None else names.clean(stored.withdrawn),
                names.clean(stored.group),
                checksum(data) + pack(data) if stored.revisions else None,
            ),
        )

    def _drop(self, article_id: str) -> bool:
        found = self._connection.execute("SELECT row FROM articles WHERE id = ?", (article_id,)).fetchone()
        if found is None:
            return False
        self._removed.append(found[0])
        gone = self._connection.execute("SELECT DISTINCT family FROM mentions WHERE article = ?", found)
        self._touched.update(family for (family,) in gone)
        self._connection.execute("DELETE FROM mentions WHERE article = ?", found)
        self._connection.execute("DELETE FROM speaking WHERE article = ?", found)
        self._copies.drop(found[0])
        self._connection.execute("DELETE FROM histories WHERE article = ?", found)
        self._connection.execute("DELETE FROM articles WHERE row = ?", found)
        return True

    def _note_fields(self, documents: Iterable[Document]) -> None:
        for document in documents:
            for name in document.fields:
                if (document.unit, name) not in self._fields:
                    self._fields.add((document.unit, name))
                    self._connection.execute(
                        "INSERT OR IGNORE INTO fields SELECT ?, ?, count(*) FROM fields", (document.unit, name)
                    )

    def _rows(self, query: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        with in_words(self._home):
            return self._connection.execute(query, values).fetchall()

    def _changing(self) -> AbstractContextManager[None]:
        if self.committed:
            raise StoreError("This change of the library was committed already: open another one.")
        return in_words(self._home)


def _speakers(quotes: Iterable[Quote]) -> list[tuple[Speaker, int]]:
    """Each speaker once, with what all mentions together tell, and how many statements it makes."""
    found: dict[str, Speaker] = {}
    statements: dict[str, int] = {}
    for quote in quotes:
        for speaker in quote.speakers:
            known = found.get(speaker.id)
            if known is not None and known != speaker:
                aliases = dict.fromkeys((*known.aliases, *speaker.aliases, speaker.name))
                aliases.pop(known.name, None)
                speaker = Speaker(  # noqa: PLW2901 -- the same speaker, told more fully
                    id=known.id,
                    name=known.name,
                    role=known.role or speaker.role,
                    kind=known.kind,
                    aliases=tuple(aliases),
                )
            found[speaker.id] = speaker
            statements[speaker.id] = statements.get(speaker.id, 0) + (not quote.attitude)
    return [(speaker, statements[key]) for key, speaker in found.items()]
