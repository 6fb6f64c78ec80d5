"""What has come into the library since somebody looked: the statements that each following waits for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.followings import Following, Waiting
from bot.recall import VERSION
from bot.sketches import sketch
from index.model import Article, Quote
from index.people import folded
from index.storage.base import Corpus
from index.storage.records import Change, StoredArticle
from index.text.analyzer import analyze

if TYPE_CHECKING:
    from index.app import Library

CHANGES_AT_ONCE = 500  # articles looked at in one go
_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """What was found.

    Attributes:
        cursor: the last change that was looked at.
        changed: articles that came or say something else, in order.
        removed: articles that went.
        found: statements, in reading order within an article.
        more: whether there are further changes.
    """

    cursor: int
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    found: tuple[Waiting, ...] = ()
    more: bool = False


def arrivals(library: "Library", followings: Sequence[Following], cursor: int | None) -> Arrivals:
    """What changed after the change `cursor`; nothing where that is None, or of another library."""
    corpus = library.store.snapshot().corpus
    last = corpus.sequence()
    if cursor is None or cursor > last:
        return Arrivals(cursor=last)
    changes: list[Change] = []
    more = False
    for change in corpus.changes(cursor):
        more = len(changes) >= CHANGES_AT_ONCE and change.sequence != changes[-1].sequence
        if more:
            break
        changes.append(change)
    changed = [change.article_id for change in changes if not change.removed]
    wanted = [(following, _keys(corpus, following)) for following in followings if not following.paused]
    found: list[Waiting] = []
    for start in range(0, len(changed) if wanted else 0, _PAGE):
        page = changed[start : start + _PAGE]
        stored = corpus.articles(page)
        found += [one for article in page if article in stored for one in _of_article(stored[article], wanted)]
    return Arrivals(
        cursor=changes[-1].sequence if more else last,
        changed=tuple(changed),
        removed=tuple(change.article_id for change in changes if change.removed),
        found=tuple(found),
        more=more,
    )


def _keys(corpus: Corpus, following: Following) -> frozenset[str]:
    """The speaker's keys within articles; of somebody whose id has changed, those of the one who bears the name."""
    if following.kind != "speaker":
        return frozenset()
    person = corpus.person(following.subject)
    named = corpus.people_named(folded(following.name)) if person is None else ()
    return frozenset(person.keys if person else named[0].keys if len(named) == 1 else ())


def _of_article(stored: StoredArticle, wanted: Sequence[tuple[Following, frozenset[str]]]) -> Iterator[Waiting]:
    """What each following takes of an article that came after it was made."""
    if stored.stored is None or stored.withdrawn:
        return
    article, came = stored.article, stored.stored.timestamp()
    for following, keys in wanted:
        if came <= following.made:
            continue
        for place, quote in enumerate(stored.quotes):
            if quote.attitude or not quote.speakers or not quote.paragraph:
                continue
            if _takes(following, keys, article, quote):
                yield Waiting(
                    following=following.key,
                    article=article.id,
                    paragraph=quote.paragraph,
                    version=article.content_hash[:VERSION],
                    statement=place,
                    marks=sketch(" ".join(span.text for span in quote.content), quote.speakers[0].name),
                )


def _takes(following: Following, keys: frozenset[str], article: Article, quote: Quote) -> bool:
    match following.kind:
        case "speaker":
            return any(speaker.id in keys for speaker in quote.speakers)
        case "outlet":
            return (article.outlet or "").lower() == following.subject
        case _:
            return _is_about(following.subject, article, quote)


def _is_about(topic: str, article: Article, quote: Quote) -> bool:
    """Whether the statement's paragraph and the headline hold all words of the topic, the paragraph one at least."""
    terms = set(analyze(topic))
    paragraph = article.paragraph(quote.paragraph)
    words = set(analyze(paragraph.text)) if paragraph else set()
    return bool(terms & words) and terms <= words | set(analyze(article.title))
