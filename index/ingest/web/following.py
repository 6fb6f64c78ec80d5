"""Everything that is done with polled sources: naming, dropping, polling once, and watching."""

import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from index.errors import EmptyLibrary, NewsError, SourceError
from index.ingest.change import now
from index.ingest.web.adding import Named, as_address, feeds_in_file, what_is_at
from index.ingest.web.fetching import Fetcher
from index.ingest.web.landing import Landed, drop_source, is_polled
from index.ingest.web.running import Web
from index.ingest.web.schedule import may_be_asked
from index.ingest.web.urls import identity
from index.ingest.web.watching import Watch, poll_all
from index.people import Aliases
from index.storage.base import Store
from index.storage.records import SourceState


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a name that somebody wanted to follow.

    Attributes:
        name: as it was typed, or as a list of feeds has it.
        outcome: "added", "known" or "failed".
        message: one sentence for a person.
        landed: what came of it; None for a failure, and for what was known.
    """

    name: str
    outcome: str
    message: str
    landed: Landed | None = None


class Following:
    """The polled sources of a library.

    Args:
        store: the library.
        fetcher: makes one; it is opened on a loop of its own.
        aliases: reads what the administrator says of who is who.
        clock: gives times in UTC.
    """

    def __init__(
        self,
        store: Store,
        fetcher: Callable[[], Fetcher],
        *,
        aliases: Callable[[], Aliases | None] = lambda: None,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self._aliases = aliases
        self._clock = clock

    def sources(self) -> tuple[SourceState, ...]:
        """All configured sources; empty when there is no library yet."""
        try:
            return self._store.snapshot().corpus.sources()
        except EmptyLibrary:
            return ()

    def add(self, names: Iterable[str]) -> Iterator[Outcome]:
        """Looks what stands at addresses, follows it, and reads it at once; yields what became of each as it is known.

        Args:
            names: addresses, and files that list feeds.

        Raises:
            LibraryBusy: another process is writing.
            StoreError: the library can't be read or written.
        """
        with self._web() as web:
            named: list[Named] = []
            for name in names:
                try:
                    named += self._found(name, web)
                except SourceError as error:
                    yield Outcome(name=name, outcome="failed", message=f"{error}.")
            known = {identity(each): state for state in self.sources() for each in (state.name, state.address) if each}
            wanted: dict[str, Named] = {}
            for one in named:
                if (state := known.get(identity(one.url))) is not None:
                    count = f"{state.articles:,} {'article' if state.articles == 1 else 'articles'}"
                    yield Outcome(name=one.url, outcome="known", message=f"{state.name} is a source already ({count}).")
                else:
                    wanted.setdefault(identity(one.url), one)
            through = {one.url: one for one in wanted.values()}
            states = [SourceState(name=one.url, kind=one.kind) for one in wanted.values()]
            for landed in self._polled(web, states, new=True):
                yield _outcome(landed, through[landed.state.name])

    def remove(self, name: str, *, articles: bool = False) -> tuple[SourceState, int]:
        """Drops a source by its name, its title, or a part of either that no other source has.

        Args:
            name: which.
            articles: whether its articles go too; those of files and folders always do.

        Returns:
            The source, and how many articles went.

        Raises:
            NewsError: none has such a name, or several have.
            LibraryBusy: another process is writing.
            StoreError: the library can't be read or written.
        """
        state = named_among(self.sources(), name)
        gone = drop_source(
            self._store,
            state.name,
            articles=articles or not is_polled(state),
            aliases=self._aliases(),
            clock=self._clock,
        )
        return state, gone

    def poll(self, names: Sequence[str] | None = None) -> Iterator[Landed]:
        """Polls the polled sources once, but for those that failed or were asked a moment ago.

        Args:
            names: only these, whenever they were asked.

        Raises:
            LibraryBusy: another process is writing.
            StoreError: the library can't be read or written.
        """
        at = self._clock()
        states = [
            state
            for state in self.sources()
            if is_polled(state) and (may_be_asked(state, at) if names is None else state.name in names)
        ]
        if states:
            with self._web() as web:
                yield from self._polled(web, states, new=False)

    def watch(self, stop: threading.Event, told: Callable[[Landed], None]) -> None:
        """Polls each source in its time until it is stopped.

        Args:
            stop: set it to end; what was read until then is kept.
            told: called with what became of each poll.
        """
        with self._web() as web:
            Watch(
                self._store,
                web,
                clock=self._clock,
                pause=lambda seconds: _pause(stop, seconds),
                aliases=self._aliases,
                told=told,
            ).run(stop)

    def _web(self) -> Web:
        return Web(self._store, self._fetcher, clock=self._clock)

    def _polled(self, web: Web, states: Sequence[SourceState], *, new: bool) -> Iterator[Landed]:
        return poll_all(self._store, web, states, new=new, clock=self._clock, aliases=self._aliases(), pause=time.sleep)

    def _found(self, name: str, web: Web) -> list[Named]:
        listed = feeds_in_file(name)
        if listed is None:
            address = as_address(name)
            if address is None:
                raise SourceError(name, "there is no such file, and it is not an address that can be fetched")
            found = web.run(what_is_at(address, web.fetcher))
            if found.kind != "list":
                return [found]
            listed = list(found.feeds)
        return [Named(kind="feed", url=url) for url in listed]


def named_among(sources: Sequence[SourceState], name: str) -> SourceState:
    """The source that somebody means.

    Raises:
        NewsError: none has such a name, or several have.
    """
    wanted = name.strip().lower()
    address = identity(name) if re.match(r"https?://", wanted) else None
    exact = [s for s in sources if wanted in {s.name.lower(), (s.title or "").lower()} or identity(s.name) == address]
    found = exact or [s for s in sources if wanted and (wanted in s.name.lower() or wanted in (s.title or "").lower())]
    if len(found) == 1:
        return found[0]
    if not found:
        raise NewsError(f"No source is called “{name}”; onrecord sources lists them.")
    some = ", ".join(s.name for s in found[:5])
    raise NewsError(f"“{name}” may mean {len(found)} sources ({some}); name one of them in full.")


def in_words(landed: Landed) -> str:
    """What one poll gave, in one sentence."""
    name = landed.state.title or landed.state.name
    if landed.error is not None:
        return f"{name}: {landed.error}."
    if not landed.added and not landed.changed:
        return f"{name}: nothing new."
    told = [_count(landed.added, "new article")] if landed.added else []
    told += [f"{_count(landed.changed, 'article')} changed"] if landed.changed else []
    told += [_count(landed.statements, "new statement")] if landed.statements else []
    return f"{name}: {', '.join(told)}."


def _outcome(landed: Landed, named: Named) -> Outcome:
    state = landed.state
    if landed.error is not None and not landed.kept:
        return Outcome(name=named.url, outcome="failed", message=f"{named.url}: {landed.error}.")
    kind = {"feed": "the feed", "sitemap": "the sitemap", "page": "the page"}[state.kind]
    whole = f"{_count(state.articles, 'article')}, {_count(state.statements, 'statement')}"
    parts = [f"Following {kind} {named.url}"]
    parts[0] += f" ({state.title})" if state.title else ""
    parts[0] += f", which {named.through} names" if named.through else ""
    message = f"{parts[0]}: {whole}"
    if landed.missed:
        first = landed.missed[0][1]
        message += f"; {_count(len(landed.missed), 'article')} could not be read ({first})"
    if landed.listed is not None and not landed.added and not landed.missed:
        known = "its article" if state.kind == "page" else "all it lists"
        message += f"; {known} is known already" if landed.listed else "; it lists no articles now"
    if state.next_poll is not None:
        message += f"; next poll {state.next_poll:%H:%M} UTC"
    return Outcome(name=named.url, outcome="added", message=f"{message}.", landed=landed)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _pause(stop: threading.Event, seconds: float) -> None:
    stop.wait(min(seconds, 5.0))
