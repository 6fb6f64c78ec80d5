"""An article in the tables of the embedded store: written with all that hangs on it, and taken out again."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from index.model import Quote, Speaker
from index.storage.embedded.codec import checksum, dumps, pack, revisions_row
from index.storage.embedded.database import SCHEMA
from index.storage.embedded.formats import FORMATS
from index.storage.embedded.keys import short_of, slug_of
from index.storage.embedded.names import clean
from index.storage.embedded.shorthand import pack_documents, pack_near, short_quotes
from index.storage.records import StoredArticle


def insert_article(
    connection: sqlite3.Connection,
    stored: StoredArticle,
    *,
    text: bytes,
    documents: Sequence[Sequence[Any]],
    families: Mapping[str, str],
    sequence: int,
    row: int | None,
) -> int:
    """Writes an article that is not there; the number of its row.

    Args:
        connection: inside a change.
        stored: the article.
        text: as the codec writes it.
        documents: its units, as the codec writes them.
        families: speaker's key to family.
        sequence: of the change that this is part of.
        row: the number that its row had before; None for the next one.
    """
    article = stored.article
    article_id = clean(article.id)
    quotes = dumps(short_quotes(article, stored.quotes))
    raw = stored.raw.encode("utf-8", "surrogatepass")
    written = connection.execute(
        "INSERT INTO articles (row, id, sequence, source, item, raw_hash, attributor, day, outlet, paragraphs, "
        "statements, body_sum, quotes_sum, raw_sum, body, quotes, raw, documents) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            row,
            article_id,
            sequence,
            clean(stored.source),
            clean(stored.item),
            stored.raw_hash,
            stored.attributor,
            article.day.isoformat() if article.day else None,
            None if article.outlet is None else clean(article.outlet),
            len(article.paragraphs),
            sum(not quote.attitude for quote in stored.quotes),
            checksum(text),
            checksum(quotes),
            checksum(raw),
            pack(text),
            pack_near(quotes, text),
            pack_near(raw, text),
            pack_documents(article.id, documents, text),
        ),
    ).lastrowid
    row = int(written or 0)
    _insert_history(connection, row, stored)
    connection.executemany(
        "INSERT INTO mentions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                row,
                short_of(article_id, clean(speaker.id)),
                clean(speaker.name),
                speaker.kind,
                None if speaker.role is None else clean(speaker.role),
                dumps([clean(alias) for alias in speaker.aliases]).decode() if speaker.aliases else None,
                statements,
                clean(families.get(speaker.id, "")),
            )
            for speaker, statements in speakers_in(stored.quotes)
        ),
    )
    connection.executemany(
        "INSERT INTO speaking (slug, short, article) VALUES (?, ?, ?)",
        ((*each, row) for each in sorted(_speaking(article_id, documents))),
    )
    return row


def delete_article(connection: sqlite3.Connection, row: int) -> None:
    """Takes out an article."""
    article_id, body, documents = connection.execute(
        "SELECT id, body, documents FROM articles WHERE row = ?", (row,)
    ).fetchone()
    try:
        speaking = _speaking(article_id, FORMATS[SCHEMA].documents(body, documents))
    except (ValueError, LookupError, TypeError, AttributeError):  # damaged: then all speakers are looked through
        connection.execute("DELETE FROM speaking WHERE article = ?", (row,))
    else:
        connection.executemany(
            "DELETE FROM speaking WHERE slug = ? AND short = ? AND article = ?", ((*each, row) for each in speaking)
        )
    connection.execute("DELETE FROM mentions WHERE article = ?", (row,))
    connection.execute("DELETE FROM histories WHERE article = ?", (row,))
    connection.execute("DELETE FROM articles WHERE row = ?", (row,))


def _speaking(article_id: str, documents: Iterable[Sequence[Any]]) -> set[tuple[str, str]]:
    """The slug of each key in the documents, and its short form where that is another."""
    keys = {clean(key) for document in documents for key in document[6]}
    shorts = {(slug_of(key), short_of(article_id, key)) for key in keys}
    return {(slug, "" if short == slug else short) for slug, short in shorts}


def _insert_history(connection: sqlite3.Connection, row: int, stored: StoredArticle) -> None:
    data = dumps(revisions_row(stored.revisions))
    connection.execute(
        "INSERT INTO histories VALUES (?, ?, ?, ?, ?)",
        (
            row,
            stored.stored.isoformat() if stored.stored else None,
            None if stored.withdrawn is None else clean(stored.withdrawn),
            clean(stored.group),
            checksum(data) + pack(data) if stored.revisions else None,
        ),
    )


def speakers_in(quotes: Iterable[Quote]) -> list[tuple[Speaker, int]]:
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
