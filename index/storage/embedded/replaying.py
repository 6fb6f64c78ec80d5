"""What happened after a full change, done once more on the generation before it."""

import logging
import sqlite3
from pathlib import Path

from index.storage.base import DERIVED
from index.storage.embedded.codec import documents_of, loads, source_of, unpack
from index.storage.embedded.corpus import ID, article_query, changes_query, stored_of
from index.storage.embedded.database import open_to_read
from index.storage.embedded.writer import SqliteWriter

log = logging.getLogger(__name__)

_FAMILIES = "SELECT m.key, m.family FROM mentions AS m JOIN articles AS a ON a.row = m.article WHERE a.id = ?"


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
        removed = f"SELECT id FROM ({changes_query(connection)}) WHERE removed AND sequence > ?"  # noqa: S608
        for (article_id,) in connection.execute(removed, (since,)):
            writer.remove(article_id)
        for name, value in connection.execute("SELECT name, value FROM meta"):
            if name not in DERIVED:
                writer.set_meta(name, value)
        if sources := connection.execute("SELECT source FROM sources ORDER BY place").fetchall():
            writer.set_sources([source_of(loads(row[0])) for row in sources])
        for row in connection.execute(f"{article_query(connection)} WHERE sequence > ?", (since,)):
            stored = stored_of(row)
            families = dict(connection.execute(_FAMILIES, (row[ID],)))
            (documents,) = connection.execute("SELECT documents FROM articles WHERE id = ?", (row[ID],)).fetchone()
            writer.put(stored, documents_of(stored.article.id, loads(unpack(documents))), families=families)
            writer.copies().bring(connection, row[ID])
        query = f"SELECT id FROM ({changes_query(connection)}) WHERE sequence >= ?"  # noqa: S608 -- a constant
        for (article_id,) in connection.execute(query, (since,)):
            writer.note_change(article_id)
    except (sqlite3.Error, ValueError) as error:
        log.warning("Some of what came after the full change can't be read (%s) and is left behind.", error)
    finally:
        connection.close()
