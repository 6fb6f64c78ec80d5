"""What the bot has posted, as ids and hashes, so that a correction reaches it; for a month."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.guilds import KEPT_FOR, Ledger
from bot.inert import clean, escape, unescape
from index.errors import NewsError
from index.ingest.forgotten import Forgotten
from index.model import Span
from index.storage.base import Corpus
from index.storage.records import StoredArticle

if TYPE_CHECKING:
    from index.app import Library

POSTS_LIMIT = 20_000  # the oldest go
_BEGINNING = 40  # characters by which words are found in a message
NAME_ROOM, TITLE_ROOM, WORDS_ROOM = 80, 120, 200

CORRECTED, WITHDRAWN, WITHDRAWN_BY = "**Corrected since:**", "**Withdrawn since:**", "**Withdrawn by "
FORGOTTEN_WORDS = "What stood here has been forgotten."


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A paragraph that a message shows.

    Attributes:
        article: its id.
        hashes: of the words of each statement that is shown, or of the paragraph where none is.
        keys: of those who speak.
        withdrawn: whether the article was withdrawn already.
    """

    article: str
    hashes: tuple[str, ...]
    keys: tuple[str, ...] = ()
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A message of ours."""

    message: int
    channel: int
    shown: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a post is to be annotated with; `instead` of all that it shows where it must not be shown any more."""

    words: str
    instead: bool = False


class Posts:
    """What was posted; every method may be called from any thread.

    Args:
        ledger: where it is kept.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def keep(self, post: Post, *, following: int | None = None) -> None:
        """Keeps a post, or what it shows now."""
        now = self._ledger.now()
        passages = json.dumps([[s.article, s.hashes, s.keys, s.withdrawn] for s in post.shown])
        with self._ledger.writing() as database:
            database.execute(
                "INSERT INTO posts VALUES (?, ?, ?, ?, ?) ON CONFLICT (message) DO UPDATE SET"
                " passages = CASE excluded.passages WHEN '[]' THEN passages ELSE excluded.passages END,"
                " following = coalesce(excluded.following, following)",
                (post.message, post.channel, following, passages, now),
            )
            database.executemany(
                "INSERT OR IGNORE INTO posted VALUES (?, ?)", [(s.article, post.message) for s in post.shown]
            )
            database.execute(
                "DELETE FROM posts WHERE at < ? OR message <="
                " (SELECT message FROM posts ORDER BY message DESC LIMIT 1 OFFSET ?)",
                (now - KEPT_FOR, POSTS_LIMIT),
            )
            database.execute("DELETE FROM posted WHERE message NOT IN (SELECT message FROM posts)")

    def about(self, article: str) -> list[Post]:
        """The posts that show something of an article."""
        query = (
            "SELECT p.message, p.channel, p.passages FROM posted AS a JOIN posts AS p USING (message)"
            " WHERE a.article = ?"
        )
        with self._ledger.writing() as database:
            return [_post(row) for row in database.execute(query, (article,)).fetchall()]

    def all(self) -> list[Post]:
        """All posts that show something."""
        with self._ledger.writing() as database:
            rows = database.execute("SELECT message, channel, passages FROM posts WHERE passages != '[]'").fetchall()
        return [_post(row) for row in rows]

    def done_with(self, post: Post, article: str) -> None:
        """Annotates a post about that article no more."""
        with self._ledger.writing() as database:
            database.execute("DELETE FROM posted WHERE article = ? AND message = ?", (article, post.message))

    def forget(self, message: int) -> None:
        """Drops what is kept of a message."""
        with self._ledger.writing() as database:
            database.execute("DELETE FROM posts WHERE message = ?", (message,))
            database.execute("DELETE FROM posted WHERE message = ?", (message,))

    def of_following(self, channel: int, seconds: float) -> int:
        """How many posts followings made in a channel within the last seconds."""
        query = "SELECT count(*) FROM posts WHERE channel = ? AND at > ? AND following IS NOT NULL"
        with self._ledger.writing() as database:
            return int(database.execute(query, (channel, self._ledger.now() - seconds)).fetchone()[0])

    def cursor(self) -> int | None:
        """The last change of the library by which posts were corrected; None before the first."""
        query = "SELECT value FROM cursors WHERE name IN ('corrections', 'changes') ORDER BY name DESC LIMIT 1"
        with self._ledger.writing() as database:
            row = database.execute(query).fetchone()
        return int(row[0]) if row else None

    def looked_at(self, cursor: int) -> None:
        """Keeps by which change posts were corrected last."""
        with self._ledger.writing() as database:
            database.execute("INSERT OR REPLACE INTO cursors VALUES ('corrections', ?)", (str(cursor),))

    def forgotten_before(self, written: str) -> bool:
        """Whether this is what was forgotten when somebody looked last; keeps a hash of it where it isn't."""
        now = _hash(written)
        with self._ledger.writing() as database:
            row = database.execute("SELECT value FROM cursors WHERE name = 'forgotten'").fetchone()
            database.execute("INSERT OR REPLACE INTO cursors VALUES ('forgotten', ?)", (now,))
        return row is not None and row[0] == now


def shown_in(library: "Library", references: Sequence[str], text: str) -> Iterator[Shown]:
    """What a message shows, as it is kept.

    Args:
        library: where it stands.
        references: ARTICLE#NUMBER of each paragraph, as the message's buttons name them.
        text: of the message, by which it is told which statements it shows.
    """
    text = clean(unescape(text))
    for reference in dict.fromkeys(references):
        try:
            stored, number = library.show(reference)
        except NewsError:
            continue
        said = [quote for quote in stored.quotes if quote.paragraph == number]
        shown = [quote for quote in said if clean(quote.content[0].text)[:_BEGINNING] in text]
        paragraph = stored.article.paragraph(number or 0)
        words = [_words(quote.content) for quote in shown] or [paragraph.text if paragraph else ""]
        yield Shown(
            article=stored.article.id,
            hashes=tuple(_hash(each) for each in words),
            keys=tuple({speaker.id for quote in shown for speaker in quote.speakers}),
            withdrawn=stored.withdrawn is not None,
        )


def is_annotated(text: str) -> bool:
    """Whether a message says already that something of it was corrected; what is quoted in it is escaped."""
    return any(mark in text for mark in (CORRECTED, WITHDRAWN, WITHDRAWN_BY))


def note_on(corpus: Corpus, post: Post, article: str) -> Note | None:
    """What a post has to be annotated with after an article changed or went; None for nothing."""
    shown = [one for one in post.shown if one.article == article]
    stored = corpus.article(article)
    if stored is None:
        if article in Forgotten.of(corpus).articles:
            return Note(words=FORGOTTEN_WORDS, instead=True)
        return Note(words=f"{WITHDRAWN} an article that is quoted here is no longer on record.")
    outlet = escape(stored.article.outlet or "The source", NAME_ROOM)
    if stored.withdrawn and not all(one.withdrawn for one in shown):
        return Note(words=f"{WITHDRAWN_BY}{outlet}:** {escape(stored.withdrawn, WORDS_ROOM)}")
    if any(_is_lost(one, stored) for one in shown):
        title = escape(stored.article.title or stored.article.id, TITLE_ROOM)
        return Note(words=f"{CORRECTED} {outlet} changed “{title}”; words shown here no longer stand there.")
    return None


def shows_forgotten(corpus: Corpus, post: Post) -> bool:
    """Whether a post shows words of somebody who was to be forgotten, or of a forgotten article."""
    forgotten = Forgotten.of(corpus)
    slugs = {name.replace(" ", "-") for name in forgotten.speakers}
    return any(
        one.article in forgotten.articles
        or any(key in forgotten.keys or key.rpartition(":")[2] in slugs for key in one.keys)
        for one in post.shown
    )


def _is_lost(shown: Shown, stored: StoredArticle) -> bool:
    """Whether words that were shown stand in the article no more."""
    lost = {_hash(words) for revision in stored.revisions for words in revision.lost}
    if not shown.keys:  # a paragraph without statements
        return shown.hashes[0] not in {_hash(paragraph.text) for paragraph in stored.article.paragraphs}
    stand = {_hash(_words(quote.content)) for quote in stored.quotes}
    return any(each in lost and each not in stand for each in shown.hashes)


def _words(content: Sequence[Span]) -> str:
    return " ".join(span.text for span in content)


def _hash(words: str) -> str:
    return hashlib.blake2b(words.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _post(row: tuple[int, int, str]) -> Post:
    message, channel, passages = row
    shown = tuple(
        Shown(article=article, hashes=tuple(hashes), keys=tuple(keys), withdrawn=bool(withdrawn))
        for article, hashes, keys, withdrawn in json.loads(passages)
    )
    return Post(message=message, channel=channel, shown=shown)
