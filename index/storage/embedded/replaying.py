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
        for article_id, _, removed in _changes(connection, since):
            if removed:
                writer.remove(article_id)
        _bring_values(connection, writer)
        if sources := connection.execute("SELECT source FROM sources ORDER BY place").fetchall():
            writer.set_sources([source_of(loads(row[0])) for row in sources])
        for article_id, stored, documents, families in _articles(connection, since):
            writer.put(stored, documents_of(stored.article.id, documents), families=families)
            writer.copies().bring(connection, article_id)
        for article_id, _, _ in _changes(connection, since - 1):
            writer.note_change(article_id)
    except (sqlite3.Error, ValueError) as error:
        log.warning("Some of what came after the full change can't be read (%s) and is left behind.", error)
    finally:
        connection.close()


def bring_over(old: sqlite3.Connection, writer: SqliteWriter, *, since: int) -> tuple[list[str], list[str]]:
    """Brings removals, small values and articles into a generation that was made beside the one that answers.

    A text that was changed meanwhile goes before what the new generation says; one that was only written again does
    not go before another that the sources gave. Each change keeps its number, so that who follows meets it once.

    Args:
        old: a state of the generation that answers; what is damaged in it is left behind.
        writer: a change of the new one, which counts as the one that made it.
        since: the sequence number up to which the new one knows the other.

    Returns:
        The ids of the articles that were put, and of those that were removed.
    """
    put: list[str] = []
    gone: list[str] = []
    try:
        changes = {article_id: (number, removed) for article_id, number, removed in _changes(old, since)}
        gone += [article_id for article_id, (_, removed) in changes.items() if removed]
        for article_id in gone:
            writer.remove(article_id)
        _bring_values(old, writer)
        for article_id, stored, documents, families in _articles(old, since):
            if article_id in changes or not writer.has_made(article_id):
                writer.put(stored, documents_of(stored.article.id, documents), families=families)
                writer.copies().bring(old, article_id)
                put.append(article_id)
        for article_id, (number, removed) in changes.items():
            if writer.says_like(old, article_id):
                writer.bring_change(article_id, number, removed)
    except (sqlite3.Error, ValueError) as error:
        log.warning("Some of what was changed meanwhile can't be read (%s) and is left behind.", error)
    return put, gone


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


def _changes(connection: sqlite3.Connection, since: int) -> Iterator[tuple[str, int, int]]:
    """Changes after that one: id, number, whether the article was removed."""
    query = f"SELECT * FROM ({format_in(connection).changes}) WHERE sequence > ?"  # noqa: S608 -- a constant
    yield from connection.execute(query, (since,))


def _bring_values(connection: sqlite3.Connection, writer: SqliteWriter) -> None:
    """Brings over the small values that do not tell of one derivation."""
    for name, value in connection.execute("SELECT name, value FROM meta"):
        if name not in DERIVED:
            writer.set_meta(name, value)


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
