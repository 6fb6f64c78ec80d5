"""What another generation holds, brought over: what came after a full change, or all of one in an earlier format."""

import logging
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from index.storage.embedded.codec import documents_of, loads, source_of
from index.storage.embedded.database import SCHEMA, open_to_read
from index.storage.embedded.formats import ID, format_in
from index.storage.embedded.writer import SqliteWriter
from index.storage.records import DERIVED, PersonRow, StoredArticle

log = logging.getLogger(__name__)


def replay(later: Path, writer: SqliteWriter, *, since: int) -> None:
    """Brings removals, articles and sources over from a later generation; what is damaged there is left behind.

    Args:
        later: the later generation's corpus.
        writer: a change of the earlier one.
        since: the sequence number after which changes are brought over.
    """
    try:
        connection = open_to_read(later)
    except Exception as error:  # noqa: BLE001 -- whatever is wrong with it is why somebody goes back
        log.warning("What came after the full change can't be read (%s): nothing of it is brought over.", error)
        return
    try:
        changes = format_in(connection).changes
        removed = f"SELECT id FROM ({changes}) WHERE removed AND sequence > ?"  # noqa: S608 -- a constant
        for (article_id,) in connection.execute(removed, (since,)):
            writer.remove(article_id)
        for name, value in connection.execute("SELECT name, value FROM meta"):
            if name not in DERIVED:
                writer.set_meta(name, value)
        if sources := connection.execute("SELECT source FROM sources ORDER BY place").fetchall():
            writer.set_sources([source_of(loads(row[0])) for row in sources])
        for article_id, stored, documents, families in _articles(connection, since):
            writer.put(stored, documents_of(stored.article.id, documents), families=families)
            writer.copies().bring(connection, article_id)
        query = f"SELECT id FROM ({changes}) WHERE sequence >= ?"  # noqa: S608 -- a constant
        for (article_id,) in connection.execute(query, (since,)):
            writer.note_change(article_id)
    except (sqlite3.Error, ValueError) as error:
        log.warning("Some of what came after the full change can't be read (%s) and is left behind.", error)
    finally:
        connection.close()


def write_over(earlier: Path, writer: SqliteWriter) -> None:
    """Brings all of a generation in an earlier format over into a new one, just as it is, but for damaged articles.

    Raises:
        sqlite3.Error: more than articles is damaged.
        ValueError: likewise.
    """
    connection = open_to_read(earlier)
    try:
        connection.execute("BEGIN")
        form = format_in(connection)
        for article_id, stored, documents, families in _articles(connection, 0):
            writer.bring(stored, documents, families)
            writer.copies().bring(connection, article_id)
        for change in connection.execute(form.changes):
            writer.bring_change(*change)
        for name, value in connection.execute("SELECT name, value FROM meta"):
            writer.set_meta(name, value)
        sources = connection.execute("SELECT source FROM sources ORDER BY place").fetchall()
        writer.set_sources([source_of(loads(row[0])) for row in sources])
        writer.set_people(_persons(connection))
        log.warning("The index in %s is brought from format %d to %d.", earlier.parent.parent, form.number, SCHEMA)
    finally:
        connection.close()


def _articles(
    connection: sqlite3.Connection, since: int
) -> Iterator[tuple[str, StoredArticle, list[Any], dict[str, str]]]:
    """Articles written after that change: id, article, documents as the codec wrote them, families by key."""
    form = format_in(connection)
    query = form.articles.replace(" FROM", ", documents FROM", 1)
    for *row, packed in connection.execute(f"{query} WHERE sequence > ? ORDER BY articles.row", (since,)):
        article_id = row[ID]
        try:
            stored, documents = form.stored_of(row), form.documents(row[_BODY], packed)
        except (ValueError, LookupError, TypeError, AttributeError) as error:  # not what was packed
            log.warning("Article %s is damaged (%s) and is left behind.", article_id, error)
            continue
        if stored.damage:
            stored = replace(stored, attributor=0)  # so that its statements are worked out again
        families = connection.execute(form.families, (article_id,))
        yield article_id, stored, documents, {form.key(article_id, written): family for written, family in families}


_BODY = ID + 9  # the place of the text in the rows of articles


def _persons(connection: sqlite3.Connection) -> Iterator[PersonRow]:
    """All persons, with that by which they are found."""
    form = format_in(connection)
    for row, family, entry in connection.execute("SELECT row, family, entry FROM people ORDER BY row"):
        names = connection.execute("SELECT name FROM person_names WHERE person = ?", (row,))
        terms: dict[int, set[str]] = {}
        for role, word in connection.execute("SELECT role, word FROM person_roles WHERE person = ?", (row,)):
            terms.setdefault(role, set()).add(word)
        yield PersonRow(
            entry=form.person(entry),
            names=frozenset(name for (name,) in names),
            role_terms=tuple(frozenset(terms.get(role, ())) for role in range(max(terms, default=-1) + 1)),
            family=family,
        )
