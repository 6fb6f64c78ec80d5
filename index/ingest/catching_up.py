"""Makes whole what others changed while everything was derived anew: who is who, copies, sources, what is forgotten.

What was done meanwhile goes before what the full change read earlier: a source that was dropped stays dropped, and who
was forgotten is quoted nowhere, not even in articles that the library did not hold yet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.ingest.change import Change, versions
from index.ingest.forgetting import take_statements_out
from index.ingest.forgotten import Forgotten
from index.ingest.selection import derived_again
from index.people import Aliases
from index.storage.base import Corpus, Meanwhile, Store
from index.storage.records import POLLED, SourceState, StoredArticle

_PAGE = 100  # articles that are read at a time


class CatchingUp:
    """Called before a full change answers with what others changed since it began; again, where they went on.

    Args:
        store: the library.
    """

    _made: Change
    _sources: dict[str, SourceState]
    _said: str | None

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, made: Change) -> None:
        """Says which full change it is, before that derives anything; its totals become those of the library."""
        before = made.selection.before
        self._made, self._sources = made, _by_name(before)
        self._said = before.meta("aliases") if before else None

    def __call__(self, since: Meanwhile) -> None:
        """Brings persons, groups of copies, sources and totals up to what was put."""
        said, self._said = self._said, since.old.meta("aliases")
        if self._said != said:
            self._made.aliases = Aliases.of_json(self._said)
        forgotten = Forgotten.of(since.old)
        change = Change(
            since.new,
            since.writer,
            self._store,
            full=False,
            clock=self._made.clock,
            aliases=self._made.aliases,
            forgotten=forgotten,
        )
        for stored in _read(since.new, [*since.put, *since.gone]):
            change.tally.stored(stored, -1)
        if since.old.meta("versions") == versions():
            _take_in(since, change)
        else:  # then what was put was derived in another way
            change.derive(map(derived_again, _read(since.old, since.put)))
        if forgotten != Forgotten.of(since.new):
            self._store.cache().drop(_forget(since, change, forgotten))
        sources = self._merged(since)
        _drop({**self._sources, **_by_name(since.old), **_by_name(since.new)}, sources, since, change)
        self._sources = _by_name(since.old)
        change.resolve_people()
        change.set_sources(sources.values())
        self._made.tally.end_at(change.tally)

    def _merged(self, since: Meanwhile) -> dict[str, SourceState]:
        """The sources that the full change left, as they are if others changed, added or dropped some."""
        was, now = self._sources, _by_name(since.old)
        kept = {name: state for name, state in _by_name(since.new).items() if name in now or name not in was}
        changed = {name: state for name, state in now.items() if name not in was or not _alike(state, was[name])}
        both = kept | {name: state for name, state in changed.items() if name in kept or name not in was}
        named = [name for name, state in kept.items() if state.kind not in POLLED]
        return {name: both[name] for name in dict.fromkeys((*named, *now)) if name in both}


def _by_name(corpus: Corpus | None) -> dict[str, SourceState]:
    return {state.name: state for state in corpus.sources()} if corpus else {}


def _alike(one: SourceState, other: SourceState) -> bool:
    """Whether they differ in no more than what is counted anew."""
    return replace(one, articles=0, statements=0) == replace(other, articles=0, statements=0)


def _read(corpus: Corpus, article_ids: Sequence[str]) -> Iterator[StoredArticle]:
    """Those of the articles that are stored and sound."""
    for start in range(0, len(article_ids), _PAGE):
        yield from corpus.articles(article_ids[start : start + _PAGE]).values()


def _take_in(since: Meanwhile, change: Change) -> None:
    """Counts the articles that were put, and looks for their copies in the new state."""
    copies = since.writer.copies()
    if copies is not None:
        copies.set_groups(dict.fromkeys(since.put, ""))
    for stored in _read(since.old, since.put):
        change.tally.stored(stored)
        article_id = stored.article.id
        change.grouping.put(article_id, copies.signature(article_id) if copies is not None else None)


def _forget(since: Meanwhile, change: Change, forgotten: Forgotten) -> set[str]:
    """Takes out what the sources gave to the full change and others had forgotten; hashes of all that is touched.

    Of the articles that stood in the old state too, those that were forgotten are gone and the others were put.
    """
    put = frozenset(since.put)
    going = [
        stored
        for stored in _read(since.new, [each for each in since.differing() if each not in put])
        if forgotten.holds(stored.article.id, stored.article.url)
    ]
    _remove(going, change)
    naming = {mention.article_id for mention in since.writer.mentions() if forgotten.names(mention.key, mention.name)}
    quoting = list(_read(since.new, sorted(naming - put)))
    for stored in quoting:
        take_statements_out(stored, forgotten, since.writer, change)
    known = (*_read(since.new, [*since.put, *since.gone]), *_read(since.old, since.put))
    return {stored.article.content_hash for stored in (*going, *quoting, *known)}


def _drop(known: dict[str, SourceState], left: dict[str, SourceState], since: Meanwhile, change: Change) -> None:
    """Takes out the articles of files and folders that are sources no more, as dropping a source does."""
    gone = {name for name, state in known.items() if name not in left and state.kind not in POLLED}
    if gone:
        put = [stored for stored in _read(since.old, since.put) if stored.source in gone]
        others = {item.article_id for name in sorted(gone) for item in since.new.items(name).values()}
        others -= {*since.put, *since.gone}
        _remove([*put, *_read(since.new, sorted(others))], change)


def _remove(going: Sequence[StoredArticle], change: Change) -> None:
    for stored in going:
        change.tally.stored(stored, -1)
    change.remove([stored.article.id for stored in going])
