"""The formats in which a library's file may be written, and how each is read; only the last one is written.

1: as the first version wrote it. 2: with histories of articles. 3: with speakers' keys and articles in short forms.
"""

import logging
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from index.model import Article, PersonEntry, Quote
from index.storage.embedded.codec import (
    SUM,
    article_of,
    checksum,
    loads,
    person_of,
    revisions_of,
    statements_of,
    unpack,
)
from index.storage.embedded.database import format_of
from index.storage.embedded.keys import NOWHERE, KeptKeys, key_of, ways_to_write
from index.storage.embedded.quoterows import QuoteRows
from index.storage.embedded.shorthand import documents_in, unpack_near
from index.storage.records import Revision, StoredArticle
from index.storage.statements import Kept, Statements

log = logging.getLogger(__name__)

_ARTICLE = "id, sequence, source, item, raw_hash, attributor, body_sum, quotes_sum, raw_sum, body, quotes, raw"
_HISTORY = "stored, withdrawn, coalesce(wire_group, ''), revisions"
ID = 4  # the place of an article's id in the rows of `Format.articles`
_BODY_SUM, _QUOTES_SUM, _RAW_SUM, _BODY, _QUOTES, _RAW = range(ID + 6, ID + 12)  # and of these
_PARAGRAPHS = 8  # in an article as the codec writes it


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How a file is read.

    Attributes:
        number: of the format.
        articles: reads rows for `stored_of`; a WHERE goes behind it.
        without_records: the same, but for the raw records, whose pages are not read.
        changes: reads (id, sequence, removed) of all changes.
        ids: reads (row, id) of articles from few pages; a WHERE goes behind it.
        mentions: reads (article's id, key, its place in the order, ...) of a page of mentions.
        families: reads (key, family) of an article's mentions, by its id.
        gram: what the pieces of words lead to: a column of the table of words.
    """

    number: int
    articles: str
    without_records: str
    changes: str
    ids: str
    mentions: str
    families: str
    gram: str

    def key(self, article_id: str, written: str) -> str:
        """A key as it was given, from how it is kept."""
        return key_of(article_id, written) if self.number > 2 else written

    def text_of(self, row: Sequence[Any]) -> bytes:
        """An article's text as the codec wrote it, from its row.

        Raises:
            ValueError: it is not what was written.
        """
        text = unpack(row[_BODY])
        if checksum(text) != row[_BODY_SUM]:
            raise ValueError("the stored text does not match its checksum")
        return text

    def stored_of(self, row: Sequence[Any]) -> StoredArticle:
        """An article from its row; damaged statements are left out and said so, a damaged text is an error.

        Raises:
            ValueError: the text or the record is not what was written.
        """
        text = self.text_of(row)
        written = loads(text)
        damage = None
        try:
            kept = self._statements(row, text, dict(written[_PARAGRAPHS]))
        except ValueError:
            damage = _damaged(row)
        record = self._near(row[_RAW], text)
        if checksum(record) != row[_RAW_SUM]:
            raise ValueError("the stored record does not match its checksum")
        quotes = () if damage else Statements(lambda: kept)
        raw = record.decode("utf-8", "surrogatepass")
        return _stored(row, article_of(written), quotes, raw=raw, damage=damage)

    def readable_of(self, row: Sequence[Any], text: bytes) -> StoredArticle:
        """An article from its row without the record; paragraphs and statements are made when they are looked at.

        Args:
            row: as `without_records` reads it.
            text: as `text_of` gives it.
        """
        written = loads(text)

        def load() -> Kept:
            try:
                return self._statements(row, text, dict(written[_PARAGRAPHS]))
            except ValueError:
                log.warning("%s", _damaged(row))
                return statements_of(([], []), {})

        return _stored(row, article_of(written, lazily=True), Statements(load))

    def _statements(self, row: Sequence[Any], text: bytes, texts: Mapping[int, str]) -> Kept:
        quotes = self._near(row[_QUOTES], text)
        if checksum(quotes) != row[_QUOTES_SUM]:
            raise ValueError("the stored statements do not match their checksum")
        rows = QuoteRows(quotes)
        return statements_of((rows.speakers(), rows), texts, row[ID] if self.number > 2 else None)

    def _near(self, data: bytes, text: bytes) -> bytes:
        return (unpack_near if self.number > 2 else unpack)(data, text)

    def documents(self, body: bytes, documents: bytes) -> list[Any]:
        """An article's documents as the codec wrote them, from its stored text and what is stored of them.

        Raises:
            ValueError: the bytes are not what was written.
        """
        if self.number < 3:
            found: list[Any] = loads(unpack(documents))
            return found
        text = unpack(body)
        return documents_in(loads(text)[0], documents, text)

    def person(self, entry: bytes) -> PersonEntry:
        """A person from the stored entry, whose keys somebody has to read who knows the articles."""
        row = loads(unpack(entry))
        if self.number > 2:
            row[1] = KeptKeys.of(entry, row[1])
        return person_of(row)

    def person_of(self, connection: sqlite3.Connection, key: str) -> bytes | None:
        """The stored entry of the person that a speaker within an article is.

        Args:
            connection: of a file in this format.
            key: as SQLite can take it.
        """
        query = (
            "SELECT p.entry FROM person_keys AS k JOIN people AS p ON p.row = k.person WHERE {} "
            "ORDER BY p.statements DESC, p.id LIMIT 1"
        )
        if self.number < 3:
            found = connection.execute(query.format("k.key = ?"), (key,)).fetchone()
        else:
            (article_id, short), elsewhere = ways_to_write(key)
            own = "(k.article, k.short) = ((SELECT row FROM articles WHERE id = ?), ?)"
            found = connection.execute(
                query.format(f"{own} OR (k.article, k.short) = ({NOWHERE}, ?)"), (article_id, short, elsewhere)
            ).fetchone()
        return None if found is None else bytes(found[0])


def _stored(
    row: Sequence[Any], article: Article, quotes: Sequence[Quote], *, raw: str = "{}", damage: str | None = None
) -> StoredArticle:
    stored, withdrawn, group, revisions, _, sequence, source, item, raw_hash, attributor, *_ = row
    return StoredArticle(
        article=article,
        quotes=quotes,
        raw=raw,
        source=source,
        item=item,
        raw_hash=raw_hash,
        attributor=attributor,
        sequence=sequence,
        damage=damage,
        stored=datetime.fromisoformat(stored) if stored else None,
        revisions=_revisions(revisions),
        withdrawn=withdrawn,
        group=group,
    )


def _damaged(row: Sequence[Any]) -> str:
    return f"The statements of article {row[ID]} are damaged: run `onrecord reindex --full`."


def _revisions(written: bytes | None) -> tuple[Revision, ...]:
    """Earlier versions; none where they are damaged: what an article says now does not hang on them."""
    if written is None:
        return ()
    try:
        data = unpack(written[SUM:])
        return revisions_of(loads(data)) if checksum(data) == written[:SUM] else ()
    except ValueError:
        return ()


_MENTIONS_2 = """
SELECT a.id, m.key, m.key, m.article, m.name, m.kind, m.role, m.aliases, a.day, m.statements, m.family
FROM mentions AS m CROSS JOIN articles AS a ON a.row = m.article
WHERE (m.key, m.article) > (?, ?) ORDER BY m.key, m.article LIMIT ?
"""
_MENTION_3 = "SELECT d.id, m.short, d.id, m.short, m.name, m.kind, m.role, m.aliases, d.day, m.statements, m.family"
_MENTIONS_3 = f"""
{_MENTION_3}
FROM articles AS a CROSS JOIN mentions AS m ON m.article = a.row
CROSS JOIN articles AS d INDEXED BY articles_by_day ON d.row = a.row
WHERE a.id >= ?1 AND (a.id, m.short) > (?1, ?2) ORDER BY a.id, m.short LIMIT ?3
"""
MENTIONS_OF_FAMILIES = f"""
{_MENTION_3}
FROM mentions AS m CROSS JOIN articles AS d INDEXED BY articles_by_day ON d.row = m.article
WHERE m.family IN ({{}}) AND m.family != '' ORDER BY m.family, d.id, m.short
"""


def _without_records(query: str) -> str:
    return query.replace(", raw FROM", ", NULL FROM")


_ARTICLES_1 = f"SELECT NULL, NULL, '', NULL, {_ARTICLE} FROM articles"  # noqa: S608 -- constants
_ARTICLES_2 = f"SELECT {_HISTORY}, {_ARTICLE} FROM articles LEFT JOIN histories ON article = articles.row"  # noqa: S608

_TWO = Format(
    number=2,
    articles=_ARTICLES_2,
    without_records=_without_records(_ARTICLES_2),
    changes="SELECT id, sequence, removed FROM changes",
    ids="SELECT row, id FROM articles INDEXED BY articles_by_row",
    mentions=_MENTIONS_2,
    families="SELECT m.key, m.family FROM mentions AS m JOIN articles AS a ON a.row = m.article WHERE a.id = ?",
    gram="word",
)
FORMATS = {
    1: Format(
        number=1,
        articles=_ARTICLES_1,
        without_records=_without_records(_ARTICLES_1),
        changes="SELECT id, sequence, 0 AS removed FROM articles UNION ALL SELECT id, sequence, 1 FROM tombstones",
        ids=_TWO.ids,
        mentions=_MENTIONS_2,
        families=_TWO.families,
        gram=_TWO.gram,
    ),
    2: _TWO,
    3: Format(
        number=3,
        articles=_TWO.articles,
        without_records=_TWO.without_records,
        changes=_TWO.changes,
        ids="SELECT row, id FROM articles INDEXED BY articles_by_day",
        mentions=_MENTIONS_3,
        families="SELECT m.short, m.family FROM mentions AS m JOIN articles AS a ON a.row = m.article WHERE a.id = ?",
        gram="row",
    ),
}


def format_in(connection: sqlite3.Connection) -> Format:
    """How the file is read.

    Raises:
        KeyError: no version wrote such a format.
    """
    return FORMATS[format_of(connection)]
