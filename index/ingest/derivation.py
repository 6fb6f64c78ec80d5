"""From a clean article to a stored one: statements from the cache or from attribution, documents, and the put."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from index.ingest.attributing import Attributed
from index.ingest.cleaning import Cleaned
from index.ingest.documents import documents
from index.ingest.forgotten import Forgotten
from index.ingest.grouping import Grouping
from index.ingest.history import with_history
from index.ingest.tally import Tally
from index.model import Quote
from index.people import family_of
from index.storage.base import AttributionCache, Writer
from index.storage.records import StoredArticle
from index.text.attribution import ATTRIBUTOR_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """An article that has to be derived, and what is stored with it; `before` is the one whose place it takes."""

    cleaned: Cleaned
    raw: str
    raw_hash: str
    source: str
    item: str
    withdrawn: str | None = None
    before: StoredArticle | None = None


class Derivation:
    """Derives articles and puts them.

    Args:
        fresh: whether to work out statements anew that the cache knows.
        stored: called with the item of every article that was put.
        clock: gives times in UTC.
        forgotten: whose statements are kept nowhere.
        grouping: told of every article that was put.
    """

    def __init__(
        self,
        writer: Writer,
        cache: AttributionCache,
        tally: Tally,
        *,
        fresh: bool,
        stored: Callable[[str], None],
        clock: Callable[[], datetime],
        forgotten: Forgotten,
        grouping: Grouping,
    ) -> None:
        self._writer = writer
        self._cache = cache
        self._grouping = grouping
        self._tally = tally
        self._fresh = fresh
        self._stored = stored
        self._clock = clock
        self._forgotten = forgotten

    def uncached(self, jobs: Iterator[Job]) -> Iterator[Job]:
        """Puts the articles whose statements are known, and yields the others."""
        for job in jobs:
            article = job.cleaned.article
            if article.language != "en":
                self._tally.foreign(article.language)
                self._store(job, (), attributor=0)
                continue
            known = None if self._fresh else self._cache.get(article, ATTRIBUTOR_VERSION)
            if known is None:
                yield job
            else:
                self._store(job, known, attributor=ATTRIBUTOR_VERSION)

    def put(self, job: Job, attributed: Attributed) -> None:
        """Puts an article with what attribution found, or without statements when that failed."""
        article = job.cleaned.article
        if isinstance(attributed, str):
            reason = f"its statements could not be worked out ({attributed}); it is indexed without them"
            self._tally.failed(job.item, reason)
            self._store(job, (), attributor=0)
            return
        attributed = self._forgotten.without(attributed)
        self._cache.put(article, ATTRIBUTOR_VERSION, attributed)
        self._store(job, attributed, attributor=ATTRIBUTOR_VERSION)

    def _store(self, job: Job, quotes: tuple[Quote, ...], *, attributor: int) -> None:
        quotes = self._forgotten.without(quotes)
        stored = StoredArticle(
            article=job.cleaned.article,
            quotes=quotes,
            raw=job.raw,
            source=job.source,
            item=job.item,
            raw_hash=job.raw_hash,
            attributor=attributor,
            withdrawn=job.withdrawn,
        )
        stored = with_history(stored, job.before, self._clock())
        self._writer.put(stored, documents(stored.article, quotes), families=families_of(quotes))
        self._grouping.sign(stored.article)
        self._tally.stored(stored)
        self._stored(job.item)


def families_of(quotes: tuple[Quote, ...]) -> dict[str, str]:
    """What `Writer.put` takes: the family of each speaker's key."""
    families: dict[str, str] = {}
    for speaker in (speaker for quote in quotes for speaker in quote.speakers):
        if speaker.id not in families:
            families[speaker.id] = family_of(speaker.kind, speaker.name)
    return families
