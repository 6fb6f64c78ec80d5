"""Decides what becomes of every item: new, changed, unchanged, refused, carried over or gone; and which id it gets."""

import hashlib
from collections.abc import Collection, Iterator

from index.errors import DamagedStore, SourceError
from index.ingest.cleaning import Cleaned, clean
from index.ingest.derivation import Job
from index.ingest.forgotten import Forgotten
from index.ingest.readers import record_of
from index.ingest.records import ArticleRecord
from index.ingest.sources import Entry
from index.ingest.tally import Tally
from index.storage.base import Corpus
from index.storage.records import StoredArticle, StoredItem
from index.text.attribution import ATTRIBUTOR_VERSION


class Selection:
    """What one change does with the articles that the library holds and those that the sources give.

    Args:
        before: the library as it is, None when there is none.
        full: everything is derived, also what hasn't changed.
        current: whether the library was derived by this version of attribution.

    Attributes:
        configured: the names of the sources that are read.
        forgotten: what is not taken in.
    """

    def __init__(self, before: Corpus | None, tally: Tally, *, full: bool, forgotten: Forgotten | None = None) -> None:
        self.before = before
        self.full = full
        self.tally = tally
        self.configured: frozenset[str] = frozenset()
        self.forgotten = Forgotten.of(before) if forgotten is None else forgotten
        self.taken: set[str] = set()  # ids that this change has given
        self._gone: set[str] = set()

    def begin(self, source: str, items: Collection[str] | None = None) -> "Reading":
        """Starts on a source; `items` are those that will be met, where they are known."""
        return Reading(self, source, self.before.items(source, items) if self.before else {})

    def stored(self, article_id: str) -> StoredArticle | None:
        """The article as the library holds it; None too when its bytes are damaged, since it will be replaced."""
        try:
            return self.before.article(article_id) if self.before else None
        except DamagedStore:
            return None

    def drop(self, article_ids: list[str]) -> list[str]:
        """Those of the articles that no source has given anew; they count as gone."""
        gone = [article_id for article_id in article_ids if article_id not in self.taken]
        for article_id in gone:
            self._gone.add(article_id)
            self.forget(self.stored(article_id))
        return gone

    def forget(self, stored: StoredArticle | None) -> None:
        """Takes an article out of the totals, if they count it."""
        if stored is not None and not self.full:
            self.tally.stored(stored, -1)

    def gone_with(self, source: str) -> list[str]:
        """The articles that go, because their source is no longer one."""
        return self.drop([item.article_id for item in self.before.items(source).values()] if self.before else [])

    def carried(self) -> Iterator[Job]:
        """When everything is derived: what the library keeps although no source gave it now."""
        if self.before is None or not self.full:
            return
        for article_id in self.before.article_ids():
            if article_id in self.taken or article_id in self._gone or article_id in self.forgotten.articles:
                continue
            stored = self.stored(article_id)
            if stored is None:
                self.tally.failed(article_id, "it is damaged, and no source holds it any more")
                continue
            yield derived_again(stored)


class Reading:
    """What becomes of the items of one source."""

    def __init__(self, selection: Selection, source: str, items: dict[str, StoredItem]) -> None:
        self._selection = selection
        self._source = source
        self._items = items  # those that were not met yet
        self._ids: set[str] = set()
        self._unread: list[Entry] = []

    def job(self, entry: Entry) -> Job | None:
        """What has to be derived for an entry, None when nothing has."""
        tally = self._selection.tally
        known = self._items.pop(entry.item, None)
        if isinstance(entry.found, SourceError):
            tally.failed(entry.found.item, entry.found.reason)
            self._keep(entry, known)
            return None
        if entry.article_id in self._ids:
            tally.failed(entry.item, f"the id “{entry.article_id}” stands twice; the first was kept")
            return None
        self._ids.add(entry.article_id)
        article_id = self._claimed(entry, known)
        if any(self._selection.forgotten.holds(each, entry.found.url) for each in (entry.article_id, article_id)):
            tally.forgotten += 1
            return None
        raw = entry.found.model_dump_json(exclude_defaults=True)
        raw_hash = hashlib.blake2b(raw.encode(), digest_size=16).hexdigest()
        if not self._selection.full and known and _is_current(known, article_id, raw_hash):
            tally.unchanged += 1
            self._selection.taken.add(article_id)
            return None
        try:
            cleaned = clean(entry.found, article_id=article_id)
        except SourceError as error:
            tally.failed(entry.item, error.reason)
            self._keep(entry, known)
            return None
        tally.noted(entry.item, entry.found.notes)
        self._selection.taken.add(article_id)
        before = self._counted(article_id, known, raw_hash)
        return Job(
            cleaned=cleaned,
            raw=raw,
            raw_hash=raw_hash,
            source=self._source,
            item=entry.item,
            withdrawn=entry.found.withdrawn,
            before=before,
        )

    def gone(self) -> list[str]:
        """The articles that the source held and holds no longer; what could not be read may still be there."""
        left = (
            item.article_id
            for name, item in self._items.items()
            if not any(unread.holds(name) for unread in self._unread)
        )
        return self._selection.drop(list(left))

    def _keep(self, entry: Entry, known: StoredItem | None) -> None:
        self._unread.append(entry)
        if known:
            self._ids.add(known.article_id)

    def _claimed(self, entry: Entry, known: StoredItem | None) -> str:
        """The id that the record asks for, or, when an article of another source has it, that id with a mark."""
        marked = f"{entry.article_id}~{_mark(self._source, entry.item)}"
        if known and known.article_id in {entry.article_id, marked} and known.article_id not in self._selection.taken:
            return known.article_id
        if entry.article_id in self._selection.taken:
            return marked
        owner = self._selection.stored(entry.article_id)
        if owner and owner.source != self._source and owner.source in self._selection.configured:
            return marked
        return entry.article_id

    def _counted(self, article_id: str, known: StoredItem | None, raw_hash: str) -> StoredArticle | None:
        """The article as it was, if it was; counts what becomes of it."""
        tally = self._selection.tally
        before = self._selection.stored(article_id)
        old = known if known and known.article_id == article_id else before
        if old is None:
            tally.added += 1
        elif old.raw_hash == raw_hash:
            tally.unchanged += 1
        else:
            tally.changed += 1
        self._selection.forget(before)
        return before


def _is_current(known: StoredItem, article_id: str, raw_hash: str) -> bool:
    """Whether the stored article is what reading it again would give; one in another language has no attributor."""
    return known.article_id == article_id and known.raw_hash == raw_hash and known.attributor in {0, ATTRIBUTOR_VERSION}


def _mark(source: str, item: str) -> str:
    return hashlib.blake2b(f"{source}\n{item}".encode(), digest_size=3).hexdigest()


def derived_again(stored: StoredArticle) -> Job:
    """What has to be done to derive a stored article anew."""
    return Job(
        cleaned=_cleaned_again(stored),
        raw=stored.raw,
        raw_hash=stored.raw_hash,
        source=stored.source,
        item=stored.item,
        withdrawn=stored.withdrawn,
        before=stored,
    )


def _cleaned_again(stored: StoredArticle) -> Cleaned:
    """The article cleaned anew from its raw record; as it was when that can't be done."""
    try:
        record: ArticleRecord = record_of(stored.raw)
        return clean(record, article_id=stored.article.id)
    except (ValueError, SourceError):
        return Cleaned(article=stored.article, text="", origins={})
