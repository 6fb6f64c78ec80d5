"""The only wiring: settings in, a Library out, which both faces ask."""

import gc
from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

from index.answer.answering import Answerer
from index.answer.asking import asks
from index.answer.query import Query
from index.answer.suggesting import Suggestions, near
from index.errors import QuestionError, UnknownReference
from index.model import Answer, Coverage, Intent, PersonEntry, Question, ReindexReport
from index.people import find, folded, read_aliases, renew_people
from index.settings import IndexSettings
from index.storage import Board, Claims, board_in, claims_in, open_store
from index.storage.base import Store
from index.storage.records import SourceState, StoredArticle

if TYPE_CHECKING:
    from index.ingest.forgetting import ForgetReport
    from index.ingest.reindex import Progress
    from index.ingest.sources import Entry
    from index.ingest.web.following import Following

# What writes is imported where something is written: it takes longer than all else, and no answer should wait for it.

LONGEST_QUESTION = 1_000  # code points
SEEN_TO = (10_000, 20, 20)  # after so many objects the garbage collector looks; by default three times an answer


class Library:
    """A library opened; every method may be called from any thread.

    Args:
        settings: where the library is.
        store: what it rests in.
        today: the clock, passed in.
    """

    def __init__(self, settings: IndexSettings, store: Store, *, today: Callable[[], date] = date.today) -> None:
        self.settings = settings
        self.store = store
        self._today = today
        self._suggestions = Suggestions()
        self._answered = False

    def ask(
        self, text: str, *, context: Sequence[str] = (), asked: date | None = None, limit: int | None = None
    ) -> Answer:
        """Answers a question as typed.

        Args:
            text: the question.
            context: earlier questions of the same conversation, oldest first.
            asked: the question's now (today when None); articles published after that day are not seen.
            limit: passages at most.

        Raises:
            QuestionError: empty, or longer than 1,000 characters.
            EmptyLibrary: nothing has been indexed yet.
            StoreError: the index can't be read.
        """
        context = tuple(c for c in context if c.strip() and len(c) <= LONGEST_QUESTION)
        question = Question(text=_askable(text), asked=asked or self._today(), context=context)
        answer = self._answerer(limit).answer(question)
        if not self._answered:  # what the first answer loaded stays too: looking through it delayed one in thirty
            self._answered = True
            gc.freeze()
        return answer

    def asks(self, text: str, *, context: Sequence[str] = ()) -> bool:
        """Whether words that nobody addressed to the library ask it something; see `index.answer.asking`."""
        if not text.strip() or len(text) > LONGEST_QUESTION:
            return False
        context = tuple(c for c in context if c.strip() and len(c) <= LONGEST_QUESTION)
        question = Question(text=text.strip(), asked=self._today(), context=context)
        return asks(self._answerer(None).inquire(question))

    def said(
        self,
        speaker: str,
        *,
        about: str | None = None,
        since: date | None = None,
        until: date | None = None,
        outlet: str | None = None,
        asked: date | None = None,
        limit: int | None = None,
    ) -> Answer:
        """What a speaker said; `speaker` is a name, a role, or a person's id. Errors as in `ask`."""
        person = self.store.snapshot().corpus.person(speaker)
        name = person.speaker.name if person else _askable(speaker)
        text = f"what did {name} say{f' about {about}' if about else ''}"
        query = Query(
            intent=Intent.SAID,
            text=text,
            speakers=(speaker if person else name,),
            topic=about or None,
            since=since,
            until=until,
            when=" ".join(f"{word} {day}" for word, day in (("since", since), ("until", until)) if day) or None,
            outlet=outlet,
        )
        question = Question(text=text, asked=asked or self._today())
        return self._answerer(limit).answer_query(query, question)

    def show(self, reference: str) -> tuple[StoredArticle, int | None]:
        """The stored article of ARTICLE or ARTICLE#NUMBER, and the number.

        Raises:
            UnknownReference: nothing stored has that reference.
        """
        corpus = self.store.snapshot().corpus
        stored = corpus.article(reference)
        if stored:
            return stored, None
        article_id, mark, number = reference.rpartition("#")
        stored = corpus.article(article_id) if mark and number.isdecimal() and len(number) < 9 else None
        if stored is None:
            raise UnknownReference(
                f"No article “{article_id or reference}” is stored; an answer's citation names the ones that are."
            )
        if stored.article.paragraph(int(number)) is None:
            last = max((p.number for p in stored.article.paragraphs), default=0)
            raise UnknownReference(f"{article_id} has no paragraph {number}; its last one is {last}.")
        return stored, int(number)

    def speakers(self, prefix: str = "", *, limit: int = 25) -> tuple[PersonEntry, ...]:
        """Speakers whose name begins like the prefix or is spelt nearly so; those with most statements for none."""
        return self.store.snapshot().corpus.people_like(folded(prefix), limit)

    def topics(self, typed: str = "", *, speaker: str | None = None, limit: int = 25) -> tuple[str, ...]:
        """Topics for what was typed so far: of a speaker (a name, a role or an id), or of the newest articles."""
        snapshot = self.store.snapshot()
        person = snapshot.corpus.person(speaker) if speaker else None
        if speaker and person is None:
            person = next(iter(find(snapshot.corpus, speaker, asked=self._today()).entries), None)
        return tuple(self._suggestions.topics(snapshot, typed, person, limit))

    def outlets(self, typed: str = "", *, limit: int = 25) -> tuple[str, ...]:
        """Outlets whose name begins like what was typed, holds it, or is spelt nearly so."""
        return tuple(near(typed, self.store.snapshot().corpus.coverage().outlets, limit))

    def coverage(self) -> Coverage:
        """What the index holds."""
        return self.store.snapshot().corpus.coverage()

    def reindex(
        self, sources: Sequence[str] | None = None, *, full: bool = False, progress: Callable[["Progress"], None]
    ) -> ReindexReport:
        """Reads the sources and applies what changed; see `index.ingest.reindex`."""
        from index.ingest.reindex import reindex  # noqa: PLC0415 -- see above

        return reindex(
            self.store,
            sources or None,
            defaults=self.settings.default_sources,
            full=full,
            progress=progress,
            aliases=read_aliases(self.settings.home),
        )

    def apply(self, source: SourceState, entries: "Sequence[Entry]", *, gone: Collection[str] = ()) -> ReindexReport:
        """Puts what was read of one source, and nothing else; see `index.ingest.applying`."""
        from index.ingest.applying import apply_records  # noqa: PLC0415 -- see above

        return apply_records(self.store, source, entries, gone=gone, aliases=read_aliases(self.settings.home))

    def following(self) -> "Following":
        """The sources that are polled over the web; see `index.ingest.web.following`."""
        from index.ingest.web.fetching import Fetcher  # noqa: PLC0415 -- see above
        from index.ingest.web.following import Following  # noqa: PLC0415 -- see above

        settings = self.settings
        return Following(
            self.store,
            lambda: Fetcher(contact=settings.contact or None, private=settings.allow_private_addresses),
            aliases=lambda: read_aliases(settings.home),
        )

    def ingest(
        self, sources: Sequence[str], *, shard: int, of: int, progress: Callable[["Progress"], None]
    ) -> ReindexReport:
        """Adds one worker's share of the sources; see `index.ingest.sharding`."""
        from index.ingest.sharding import ingest  # noqa: PLC0415 -- see above

        aliases = read_aliases(self.settings.home)
        return ingest(self.store, sources, shard=shard, of=of, progress=progress, aliases=aliases)

    def forget(self, reference: str) -> "ForgetReport":
        """Takes an article out for good, by id or address; see `index.ingest.forgetting`."""
        from index.ingest.forgetting import forget_article  # noqa: PLC0415 -- see above

        return forget_article(self.store, reference)

    def forget_speaker(self, name: str) -> "ForgetReport":
        """Takes all statements of somebody out for good, by name or id; see `index.ingest.forgetting`."""
        from index.ingest.forgetting import forget_speaker  # noqa: PLC0415 -- see above

        return forget_speaker(self.store, name)

    def rollback(self) -> Coverage:
        """Goes back to the state before the last full reindex; what came after it is brought over.

        Raises:
            StoreError: there is nothing to go back to, or the library can't be written.
        """
        aliases = read_aliases(self.settings.home)
        with self.store.rollback() as writer:
            renew_people(writer, aliases)
            writer.set_meta("aliases", aliases.as_json())
            writer.commit()
        return self.coverage()

    def claims(self) -> Claims | None:
        """Claims among all processes that share the library's cluster; None for a library in a folder."""
        return claims_in(self.store)

    def board(self) -> Board | None:
        """Small texts that all processes share which share the library's cluster; None for a library in a folder."""
        return board_in(self.store)

    def close(self) -> None:
        """Lets go of files and memory."""
        self.store.close()

    def _answerer(self, limit: int | None) -> Answerer:
        return Answerer(self.store.snapshot(), limit=limit or self.settings.limit)


def open_library(settings: IndexSettings, *, today: Callable[[], date] = date.today) -> Library:
    """Opens the library that the settings name; nothing is created before something is written."""
    if not gc.get_freeze_count():  # once a process: what start-up made stays, and looking through it delays answers
        gc.freeze()
        gc.set_threshold(*SEEN_TO)
    store = open_store(settings.home, engine=settings.engine, settings=settings)
    return Library(settings, store, today=today)


def _askable(text: str) -> str:
    text = text.strip()
    if not text:
        raise QuestionError("The question is empty; ask for example: what did the mayor say about the bridge?")
    if len(text) > LONGEST_QUESTION:
        raise QuestionError(f"The question has {len(text):,} characters; ask in at most {LONGEST_QUESTION:,}.")
    return text
