"""What an article was before: when it first came, and the statements that its earlier versions held."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from index.storage.records import REVISIONS, Revision, StoredArticle

_LOST = 200  # statements of one version that are kept


def with_history(stored: StoredArticle, before: StoredArticle | None, at: datetime) -> StoredArticle:
    """The article with what is known of its past.

    Args:
        stored: as it is now.
        before: as it was in the library; None when it is new.
        at: now, in UTC.
    """
    if before is None:
        return replace(stored, stored=at)
    revisions = before.revisions
    if before.article.content_hash != stored.article.content_hash and before.raw_hash != stored.raw_hash:
        lost = tuple(dict.fromkeys(_lost(before, stored)))[:_LOST]
        revisions += (Revision(content_hash=before.article.content_hash, replaced=at, lost=lost),)
    return replace(stored, stored=before.stored, revisions=revisions[-REVISIONS:])


def _lost(before: StoredArticle, after: StoredArticle) -> Iterator[str]:
    """The words of statements that stand in the article no more, whoever is named for them now."""
    text = "\n".join(_plain(paragraph.text) for paragraph in after.article.paragraphs)
    for quote in before.quotes:
        if any(_plain(span.text) not in text for span in quote.content):
            yield " ".join(span.text for span in quote.content)


def _plain(text: str) -> str:
    return " ".join(text.split())
