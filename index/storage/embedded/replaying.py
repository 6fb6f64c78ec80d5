"""What happened after a full change, done once more on the generation before it."""

import logging
import sqlite3
from pathlib import Path

from index.storage.embedded.codec import documents_of, loads, source_of, unpack
from index.storage.embedded.corpus import ARTICLE, stored_of
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
        for (article_id,) in connection.execute("SELECT id FROM tombstones WHERE sequence > ?", (since,)):
            writer.remove(article_id)
        if sources := connection.execute("SELECT source FROM sources ORDER BY place").fetchall():
            writer.set_sources([source_of(loads(row[0])) for row in sources])
        for *row, documents in connection.execute(f"{ARTICLE}, documents FROM articles WHERE sequence > ?", (since,)):
            stored = stored_of(tuple(row))
            families = dict(connection.execute(_FAMILIES, (row[0],)))
            writer.put(stored, documents_of(stored.article.id, loads(unpack(documents))), families=families)
    except (sqlite3.Error, ValueError) as error:
        log.warning("Some of what came after the full change can't be read (%s) and is left behind.", error)
    finally:
        connection.close()
