"""Takes an article, or what is held about a speaker, out of a library for good."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from index.errors import UnknownReference
from index.ingest.change import Change, now
from index.ingest.derivation import families_of
from index.ingest.documents import documents
from index.ingest.forgotten import FORGOTTEN, Forgotten, address_of
from index.model import PersonEntry, Quote
from index.people import find, folded, name_words
from index.storage.base import Corpus, Store, Writer
from index.storage.records import StoredArticle

_PAGE = 200  # articles that are read at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetReport:
    """What was forgotten.

    Attributes:
        what: the article's title, or the speaker's name.
        articles: how many went, copies included.
        statements: how many went.
        remains: sentences that tell where the words still stand, and until when.
    """

    what: str
    articles: int = 0
    statements: int = 0
    remains: tuple[str, ...] = ()


def forget_article(store: Store, reference: str, *, clock: Callable[[], datetime] = now) -> ForgetReport:
    """Removes an article, and its copies under other ids or addresses; none of them is taken in again.

    Args:
        store: the library.
        reference: an id, ARTICLE#NUMBER, or an address, which may be one that was never read.
        clock: gives times in UTC.

    Raises:
        UnknownReference: nothing stored has that id.
        LibraryBusy: another process is writing.
        StoreError: the library can't be read or written; it stays as it was.
    """
    with _changing(store, clock) as (before, writer, change):
        named = _named(before, reference)
        going = list(_copies(before, named, reference))
        urls = [reference] if _is_address(reference) else []
        urls += [stored.article.url for stored in going if stored.article.url]
        for stored in going:
            change.tally.stored(stored, -1)
        change.remove([stored.article.id for stored in going])
        new = Forgotten(
            articles=frozenset(stored.article.id for stored in going), urls=frozenset(map(address_of, urls))
        )
        _finish(before, writer, change, new)
    _drop_from_cache(store, going)
    sources = sorted({f"{stored.source}: {stored.item}" for stored in going})
    return ForgetReport(
        what=going[0].article.title or going[0].article.id if going else reference,
        articles=len(going),
        statements=sum(not quote.attitude for stored in going for quote in stored.quotes),
        remains=(
            *(f"The source itself still holds it ({source}); I don't read it again." for source in sources[:3]),
            "Its id and address are kept, so that it stays forgotten.",
        ),
    )


def forget_speaker(store: Store, name: str, *, clock: Callable[[], datetime] = now) -> ForgetReport:
    """Removes all statements of somebody, and with them the entry among the speakers; none is worked out again.

    What the articles print is left: it is said in `remains`.

    Args:
        store: the library.
        name: in full, or a person's id.
        clock: gives times in UTC.

    Raises:
        UnknownReference: nobody, or more than one, is on record under that name.
        LibraryBusy: another process is writing.
        StoreError: the library can't be read or written; it stays as it was.
    """
    with _changing(store, clock) as (before, writer, change):
        person = _person(before, name)
        mentions = [m for m in writer.mentions() if m.key in person.keys]
        full = {folded(m.name) for m in mentions if len(name_words(m.name)) > 1 or not _shared(before, m.name)}
        new = Forgotten(
            speakers=frozenset({*full, folded(person.speaker.name)}),
            keys=frozenset(m.key for m in mentions if folded(m.name) not in full),
        )
        touched = [before.article(article_id) for article_id in sorted({m.article_id for m in mentions})]
        held = [stored for stored in touched if stored is not None]
        statements = 0
        for stored in held:
            quotes = take_statements_out(stored, new, writer, change)
            statements += sum(not quote.attitude for quote in stored.quotes if quote not in quotes)
        _finish(before, writer, change, new)
    _drop_from_cache(store, held)
    printing = "1 article still prints" if len(held) == 1 else f"{len(held):,} articles still print"
    names = sorted({person.speaker.name, *(m.name for m in mentions if folded(m.name) in full)})
    return ForgetReport(
        what=person.speaker.name,
        statements=statements,
        remains=(
            f"{printing} the words, which I attribute to nobody now; forget an article to remove them too.",
            f"The name is kept ({', '.join(names[:5])}), so that it stays forgotten.",
        ),
    )


def take_statements_out(
    stored: StoredArticle, forgotten: Forgotten, writer: Writer, change: Change
) -> tuple[Quote, ...]:
    """Puts an article without the statements of forgotten speakers; those that are left."""
    quotes = forgotten.without(tuple(stored.quotes))
    left = _without_words_lost(replace(stored, quotes=quotes))
    change.tally.stored(stored, -1)
    change.tally.stored(left)
    writer.put(left, documents(left.article, quotes), families=families_of(quotes))
    change.grouping.sign(left.article)
    return quotes


@contextmanager
def _changing(store: Store, clock: Callable[[], datetime]) -> Iterator[tuple[Corpus, Writer, Change]]:
    store.snapshot()  # an empty library is told before anything is made
    with store.write() as writer:
        before = store.snapshot().corpus
        yield before, writer, Change(before, writer, store, full=False, clock=clock)


def _finish(before: Corpus, writer: Writer, change: Change, new: Forgotten) -> None:
    change.resolve_people()
    change.set_sources(before.sources())
    writer.set_meta(FORGOTTEN, Forgotten.of(before).and_also(new).as_json())
    writer.commit()


def _drop_from_cache(store: Store, touched: list[StoredArticle]) -> None:
    versions = {revision.content_hash for stored in touched for revision in stored.revisions}
    store.cache().drop(versions | {stored.article.content_hash for stored in touched})


def _is_address(reference: str) -> bool:
    return "://" in reference


def _named(before: Corpus, reference: str) -> StoredArticle | None:
    """The article that an id or ARTICLE#NUMBER names; None for an address."""
    found = before.article(reference) or before.article(reference.rpartition("#")[0])
    if found is None and not _is_address(reference):
        raise UnknownReference(
            f"No article “{reference}” is stored; an answer's citation names the ones that are, or give an address."
        )
    return found


def _copies(before: Corpus, named: StoredArticle | None, reference: str) -> Iterator[StoredArticle]:
    """The article first, then whatever else has its address or exactly its text."""
    if named is not None:
        yield named
    url = named.article.url if named else reference
    address = address_of(url) if url else None
    page: list[str] = []
    for article_id in before.article_ids():
        page.append(article_id)
        if len(page) == _PAGE:
            yield from _same(before, page, named, address)
            page.clear()
    yield from _same(before, page, named, address)


def _same(before: Corpus, page: list[str], named: StoredArticle | None, address: str | None) -> Iterator[StoredArticle]:
    for stored in before.articles(page).values():
        article = stored.article
        if named is not None and article.id == named.article.id:
            continue
        there = bool(address and article.url and address_of(article.url) == address)
        if there or (named is not None and article.content_hash == named.article.content_hash):
            yield stored


def _person(before: Corpus, name: str) -> PersonEntry:
    known = before.person(name)
    if known is not None:
        return known
    found = find(before, name)
    entries = [entry for entry in found.entries if folded(name) in _names_of(entry)]
    if len(entries) == 1:
        return entries[0]
    near = [entry.speaker.name for entry in (*entries, *found.entries)] + list(found.near)
    hint = f" Did you mean {', '.join(dict.fromkeys(near[:5]))}?" if near else ""
    if entries:
        raise UnknownReference(f"{len(entries)} speakers are called “{name}”: give one name in full.{hint}")
    raise UnknownReference(f"Nobody called “{name}” is on record.{hint}")


def _names_of(entry: PersonEntry) -> set[str]:
    return {folded(each) for each in (entry.speaker.name, *entry.speaker.aliases)}


def _shared(before: Corpus, name: str) -> bool:
    """Whether several on record bear a name."""
    return len(before.people_named(folded(name))) > 1


def _without_words_lost(stored: StoredArticle) -> StoredArticle:
    """Without the words of statements that earlier versions held: whose they were, nobody can tell any more."""
    return replace(stored, revisions=tuple(replace(revision, lost=()) for revision in stored.revisions))
