"""Signatures of articles in SQLite, by day and key, and the groups that copies of one wire story form."""

import sqlite3
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager

from index.storage.embedded import names
from index.storage.records import Signature

# Made when the first article is signed: libraries of earlier versions have none. By day, because what comes in is
# mostly of one day, so that a change writes few pages.
_KEYS = """
CREATE TABLE IF NOT EXISTS signature_keys (day INTEGER NOT NULL, key INTEGER NOT NULL, article INTEGER NOT NULL,
                                           PRIMARY KEY (day, key, article)) WITHOUT ROWID
"""
_BODIES = """
CREATE TABLE IF NOT EXISTS signatures (article INTEGER PRIMARY KEY, day INTEGER NOT NULL, keys BLOB NOT NULL,
                                       body BLOB NOT NULL)
"""
_SHARING = """
WITH days (day) AS (VALUES {days}), keys (key) AS (VALUES {keys})
SELECT (SELECT group_concat(article) FROM (SELECT article FROM signature_keys AS s
                                           WHERE s.day = days.day AND s.key = keys.key LIMIT ?)) AS found
FROM days CROSS JOIN keys WHERE found NOT NULL
"""
_MOST_OF_A_KEY = 100  # articles of one day; a key that more of them share says little
_FEWEST_SHARED = 2  # keys
_MOST_NEAR = 40
_PAGE = 500


class SqliteCopies:
    """The signatures of a change under way.

    Args:
        connection: inside the change's transaction.
        sequence: of the change.
        changing: turns errors into words.
    """

    def __init__(
        self, connection: sqlite3.Connection, sequence: int, changing: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._connection = connection
        self._sequence = sequence
        self._changing = changing
        self._torn: set[str] = set()
        self._ready = False

    def sign(self, article_id: str, signature: Signature) -> None:
        with self._changing():
            self._prepare()
            row = self._row(article_id)
            if row is None:
                return
            self._forget(row)
            keys = array("I", signature.keys).tobytes()
            self._connection.execute(
                "INSERT INTO signatures VALUES (?, ?, ?, ?)", (row, signature.day, keys, signature.body)
            )
            self._connection.executemany(
                "INSERT OR IGNORE INTO signature_keys VALUES (?, ?, ?)",
                ((signature.day, key, row) for key in signature.keys),
            )

    def signature(self, article_id: str) -> Signature | None:
        with self._changing():
            self._prepare()
            row = self._row(article_id)
            return None if row is None else self._signature(row)

    def near(self, signature: Signature, *, days: int) -> list[tuple[str, Signature]]:
        if not signature.keys:
            return []
        around = range(signature.day - days, signature.day + days + 1) if signature.day else range(1)
        query = _SHARING.format(days=_values(len(around)), keys=_values(len(signature.keys)))
        with self._changing():
            self._prepare()
            having = self._connection.execute(query, (*around, *signature.keys, _MOST_OF_A_KEY))
            rows = [int(row) for (found,) in having for row in found.split(",")]
            shared = Counter(rows)
            least = min(_FEWEST_SHARED, len(signature.keys))
            likely = [row for row, count in shared.most_common(_MOST_NEAR) if count >= least]
            found = ((self._id(row), self._signature(row)) for row in likely)
            return [(each, known) for each, known in found if each is not None and known is not None]

    def torn(self) -> frozenset[str]:
        return frozenset(self._torn)

    def members(self, group: str) -> list[str]:
        with self._changing():
            rows = self._connection.execute(
                "SELECT a.id FROM histories AS h JOIN articles AS a ON a.row = h.article WHERE h.wire_group = ? "
                "AND h.wire_group != '' ORDER BY a.id",
                (names.clean(group),),
            ).fetchall()
            return [article_id for (article_id,) in rows]

    def groups_of(self, article_ids: Collection[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        wanted = [names.clean(each) for each in article_ids]
        with self._changing():
            for start in range(0, len(wanted), _PAGE):
                page = wanted[start : start + _PAGE]
                query = (
                    "SELECT a.id, coalesce(h.wire_group, '') FROM articles AS a "
                    "LEFT JOIN histories AS h ON h.article = a.row WHERE a.id IN ({})"
                )
                found.update(self._connection.execute(query.format(",".join("?" * len(page))), page))
        return found

    def set_groups(self, groups: Mapping[str, str]) -> None:
        with self._changing():
            for article_id, group in groups.items():
                row = self._row(article_id)
                if row is None:
                    continue
                written = self._connection.execute(
                    "INSERT INTO histories (article, wire_group) VALUES (?1, ?2) ON CONFLICT (article) "
                    "DO UPDATE SET wire_group = ?2 WHERE wire_group != ?2",
                    (row, names.clean(group)),
                ).rowcount
                if written:  # so that whoever read the article before reads it anew
                    self._connection.execute("UPDATE articles SET sequence = ? WHERE row = ?", (self._sequence, row))

    def drop(self, row: int) -> None:
        """Forgets an article that is taken out or replaced, before its row goes."""
        group = self._connection.execute("SELECT wire_group FROM histories WHERE article = ?", (row,)).fetchone()
        if group and group[0]:
            self._torn.add(group[0])
        if self._there():
            self._forget(row)

    def bring(self, source: sqlite3.Connection, article_id: str) -> None:
        """Takes an article's signature over from another generation that holds it."""
        query = "SELECT s.day, s.keys, s.body FROM signatures AS s JOIN articles AS a ON a.row = s.article WHERE id = ?"
        if _has_tables(source):
            for day, keys, body in source.execute(query, (article_id,)):
                self.sign(article_id, Signature(day=day, keys=tuple(array("I", keys)), body=body))

    def _forget(self, row: int) -> None:
        known = self._connection.execute("SELECT day, keys FROM signatures WHERE article = ?", (row,)).fetchone()
        if known is not None:
            self._connection.executemany(
                "DELETE FROM signature_keys WHERE day = ? AND key = ? AND article = ?",
                ((known[0], key, row) for key in array("I", known[1])),
            )
            self._connection.execute("DELETE FROM signatures WHERE article = ?", (row,))

    def _signature(self, row: int) -> Signature | None:
        found = self._connection.execute("SELECT day, keys, body FROM signatures WHERE article = ?", (row,)).fetchone()
        return found and Signature(day=found[0], keys=tuple(array("I", found[1])), body=found[2])

    def _row(self, article_id: str) -> int | None:
        found = self._connection.execute("SELECT row FROM articles WHERE id = ?", (names.clean(article_id),)).fetchone()
        return found and int(found[0])

    def _id(self, row: int) -> str | None:
        found = self._connection.execute("SELECT id FROM articles WHERE row = ?", (row,)).fetchone()
        return found and str(found[0])

    def _there(self) -> bool:
        self._ready = self._ready or _has_tables(self._connection)
        return self._ready

    def _prepare(self) -> None:
        if not self._there():
            self._connection.execute(_KEYS)
            self._connection.execute(_BODIES)
            self._ready = True


def _values(count: int) -> str:
    return ", ".join(["(?)"] * count)


def _has_tables(connection: sqlite3.Connection) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'signatures'"
    return connection.execute(query).fetchone() is not None
