"""A question to its answer: understood, looked up, read back and verified; or why there is none and what is near."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from index import people
from index.answer import retrieval
from index.answer.followups import understand_in_context
from index.answer.passages import Candidate, Reader, same_words
from index.answer.query import Query
from index.answer.retrieval import WEIGHTS, Terms, holds_in_row
from index.answer.wording import absent, covers, spoken_list, understood
from index.model import Answer, ArticleCard, Group, Intent, Passage, PersonEntry, Question, QuoteKind, Speaker, Verdict
from index.storage.base import Filters, Snapshot
from index.text.analyzer import analyze, stem, tokens

_WITH_SPEAKER = {Intent.WHO_SAID: Intent.DID_SAY, Intent.WHO_SPOKE: Intent.SAID, Intent.PLAIN: Intent.SAID}
SLACK = timedelta(days=1)  # what was said on Tuesday is printed on Wednesday, too


@dataclass(frozen=True, slots=True, kw_only=True)
class _Who:
    """Whom the question names: persons by the name typed for them, in order."""

    typed: str
    entries: tuple[PersonEntry, ...]
    how: people.How = people.How.NAME
    near: tuple[str, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        return frozenset().union(*(entry.keys for entry in self.entries))

    @property
    def speaker(self) -> Speaker | None:
        return self.entries[0].speaker if self.entries else None


class Answerer:
    """Answers questions over one consistent state of the library.

    Args:
        snapshot: the state.
        limit: passages an answer shows at most.
    """

    def __init__(self, snapshot: Snapshot, *, limit: int) -> None:
        self._corpus = snapshot.corpus
        self._engine = snapshot.engine
        self._limit = limit
        self._coverage = snapshot.corpus.coverage()

    def answer(self, question: Question) -> Answer:
        """The answer to a question as typed."""
        query = understand_in_context(question, self._coverage.outlets)
        return self.answer_query(query, question)

    def answer_query(self, query: Query, question: Question) -> Answer:
        """The answer to a question that was understood already."""
        query, who = self._whom(query, question.asked)
        state = _Asking(query=query, question=question, who=who, reader=Reader(corpus=self._corpus))
        match query.intent:
            case Intent.WHO_SAID:
                return self._who_said(state)
            case Intent.DID_SAY:
                return self._did_say(state)
            case Intent.WHO_SPOKE:
                return self._who_spoke(state)
            case Intent.PLAIN:
                return self._plain(state)
            case _:
                return self._said(state)

    # -----------------------------------------------------------------------------------------------------------
    # Whom

    def _whom(self, query: Query, asked: date) -> tuple[Query, tuple[_Who, ...]]:
        """Looks the named speakers up; a guessed form that names nobody becomes a plain question."""
        if query.either:
            meant = self._look_up(query.either, asked)
            if meant.entries and meant.how is not people.How.SPELLING:
                intent = _WITH_SPEAKER.get(query.intent, query.intent)
                return replace(query, intent=intent, speakers=(query.either,), either=None), (meant,)
            intent = Intent.SAID if query.speakers and query.phrase else query.intent
            query = replace(query, topic=query.either, either=None, phrase=None, intent=intent)
        who = tuple(self._look_up(name, asked) for name in query.speakers)
        known = any(w.entries and (query.certain or w.how is not people.How.SPELLING) for w in who)
        if not query.certain and query.intent is not Intent.WHO_SAID and who and not known:
            return Query(intent=Intent.PLAIN, text=query.text, topic=query.text, outlet=query.outlet), ()
        return query, who

    def _look_up(self, typed: str, asked: date) -> _Who:
        person = self._corpus.person(typed)
        if person:
            return _Who(typed=person.speaker.name, entries=(person,))
        found = people.find(self._corpus, typed, asked=asked)
        return _Who(typed=typed, entries=found.entries[:8], how=found.how, near=found.near)

    def _filters(self, state: "_Asking", keys: frozenset[str] | None) -> Filters:
        """What the query restricts; undated articles pass only when no time was asked about."""
        query, asked = state.query, state.question.asked
        until = min(query.until + SLACK, asked) if query.until else asked
        outlet = query.outlet.lower() if query.outlet else None
        dated = query.since is not None or query.until is not None
        return Filters(speakers=keys, since=query.since, until=until, undated=not dated, outlet=outlet)

    # -----------------------------------------------------------------------------------------------------------
    # Intents

    def _said(self, state: "_Asking") -> Answer:
        """What X said, what X and Y said side by side, what X said over time."""
        nobody = [w for w in state.who if not w.entries]
        if nobody and len(nobody) == len(state.who):
            return self._nothing(state, absent(nobody[0].typed), did_you_mean=nobody[0].near)
        per_speaker = self._limit if len(state.who) == 1 else max(2, self._limit // len(state.who))
        passages: list[Passage] = []
        groups: list[Group] = []
        for who in state.who:
            found = self._statements_of(state, who, per_speaker)
            first = len(passages)
            passages += found
            if len(state.who) > 1:
                name = who.speaker.name if who.speaker else who.typed
                groups.append(Group(label=name, passages=tuple(range(first, len(passages)))))
        if state.query.intent is Intent.TIMELINE:
            passages.sort(key=lambda p: (p.article.published or "9999", p.article.id, p.paragraph.number))
            groups = _by_month(passages)
        if not passages:
            return self._silent_speaker(state)
        return self._shown(state, passages, groups=tuple(groups))

    def _statements_of(self, state: "_Asking", who: _Who, limit: int) -> list[Passage]:
        if not who.entries:
            return []
        names = {stem(w) for e in who.entries for n in (e.speaker.name, who.typed) for w in tokens(n)}
        terms = Terms.of(state.query.topic or "", self._engine, without=names)
        candidates = retrieval.statements(self._engine, terms, self._filters(state, who.keys))
        if state.query.topic:
            candidates = [c for c in candidates if self._speaks_to(c, terms, state.reader)]
            candidates = retrieval.in_a_row(candidates, state.reader, state.query.topic)
        return self._read_back(state, candidates, limit)

    def _speaks_to(self, candidate: Candidate, terms: Terms, reader: Reader) -> bool:
        """Whether the statement with what stands around it holds enough of the topic."""
        stored, paragraph = reader.stored(candidate.article_id), reader.paragraph(candidate)
        if stored is None or paragraph is None:
            return False
        before = stored.article.paragraph(candidate.number - 1)
        around = [stored.article.title, before.text if before else "", paragraph.text]
        around += [span.text for quote in reader.quotes(candidate) for span in quote.content]
        return terms.covered(" ".join(around)) >= WEIGHTS.silence_topic

    def _who_said(self, state: "_Asking") -> Answer:
        query = state.query
        words = query.topic or query.phrase or ""
        terms = Terms.of(words, self._engine)
        filters = self._filters(state, None)
        candidates = retrieval.in_a_row(
            retrieval.words_said(self._engine, terms, filters), state.reader, query.phrase or words
        )
        candidates = [c for c in candidates if self._covers(c, terms, state.reader) >= WEIGHTS.silence_words]
        passages = self._read_back(state, candidates, self._limit)
        if not passages:
            near = self._nearest(state, terms, filters)
            return self._nothing(state, f"Nobody is on record with “{query.phrase}”.", did_you_mean=near)
        speakers = _speakers(passages)
        return replace(
            self._shown(state, passages), speaker=speakers[0] if speakers else None, speakers=tuple(speakers)
        )

    def _did_say(self, state: "_Asking") -> Answer:
        """Word for word, in substance, by somebody else, or not found; never "no"."""
        query, who = state.query, state.who[0]
        phrase = query.phrase or ""
        terms = Terms.of(phrase, self._engine)
        wanted = [stem(word) for word in tokens(phrase)]
        own: list[Candidate] = []
        if who.entries:
            own = retrieval.words_said(self._engine, terms, self._filters(state, who.keys))
            own = retrieval.in_a_row(own, state.reader, phrase)
        exact = [c for c in own if self._word_for_word(c, wanted, state.reader)]
        near = [c for c in own if self._covers(c, terms, state.reader) >= 0.7]
        if exact:
            rest = [c for c in near if c not in exact]
            return self._verdict(state, Verdict.WORD_FOR_WORD, [*exact, *rest])
        others = retrieval.words_said(self._engine, terms, self._filters(state, None))
        by_other = [c for c in others if self._word_for_word(c, wanted, state.reader)]
        by_other = [
            c for c in by_other if not any(q.speaker and q.speaker.id in who.keys for q in state.reader.quotes(c))
        ]
        if by_other and len(wanted) > 2:
            return self._verdict(state, Verdict.SAID_BY_OTHER, by_other)
        if near:
            return self._verdict(state, Verdict.IN_SUBSTANCE, near)
        if not who.entries:
            reason, names = absent(who.typed), who.near
        else:
            reason, names = f"{who.entries[0].speaker.name} is not on record with “{phrase}” in what I have.", ()
        return replace(self._nothing(state, reason, did_you_mean=names), verdict=Verdict.NOT_FOUND)

    def _verdict(self, state: "_Asking", verdict: Verdict, candidates: Sequence[Candidate]) -> Answer:
        passages = self._read_back(state, candidates, self._limit)
        if not passages:
            return replace(self._nothing(state, "Not found in what I have."), verdict=Verdict.NOT_FOUND)
        answer = replace(self._shown(state, passages), verdict=verdict)
        if verdict is Verdict.SAID_BY_OTHER:
            others = _speakers(passages)
            asked_about = state.who[0].speaker.name if state.who[0].speaker else state.who[0].typed
            names = spoken_list([s.name for s in others[:3]]) or "somebody whom the article does not name"
            return replace(answer, reason=f"Not {asked_about} in what I have: {names} said so.")
        return answer

    def _word_for_word(self, candidate: Candidate, wanted: Sequence[str], reader: Reader) -> bool:
        return any(
            q.kind is not QuoteKind.INDIRECT and holds_in_row(" ".join(s.text for s in q.content), wanted)
            for q in reader.quotes(candidate)
        )

    def _who_spoke(self, state: "_Asking") -> Answer:
        terms = Terms.of(state.query.topic or "", self._engine)
        candidates = retrieval.statements(self._engine, terms, self._filters(state, None), k=200)
        candidates = [c for c in candidates if self._covers(c, terms, state.reader) >= WEIGHTS.silence_words]
        passages = self._read_back(state, candidates, self._limit, one_each=True)
        if not passages:
            return self._nothing(state, f"Nobody is on record about {state.query.topic}.")
        speakers = _speakers(passages)
        return replace(self._shown(state, passages), speakers=tuple(speakers))

    def _plain(self, state: "_Asking") -> Answer:
        terms = Terms.of(state.query.topic or state.query.text, self._engine)
        candidates = retrieval.paragraphs(self._engine, terms, self._filters(state, None))[: retrieval.DEPTH]
        candidates = retrieval.recent(candidates, state.reader, state.question.asked)
        if candidates and self._covers(candidates[0], terms, state.reader) < WEIGHTS.silence_plain:
            candidates = [c for c in candidates if self._covers(c, terms, state.reader) >= WEIGHTS.silence_plain]
        passages = self._read_back(state, candidates, self._limit)
        if not passages:
            missing = terms.missing(p.text for c in candidates[:5] if (p := state.reader.paragraph(c)))
            words = [w for w in tokens(state.query.text) if stem(w) in missing][:3]
            about = f" about {spoken_list([f'“{w}”' for w in words])}" if words else " about that"
            return self._nothing(state, f"Nothing is on record{about}.")
        return self._shown(state, passages)

    # -----------------------------------------------------------------------------------------------------------
    # Reading back

    def _covers(self, candidate: Candidate, terms: Terms, reader: Reader) -> float:
        stored, paragraph = reader.stored(candidate.article_id), reader.paragraph(candidate)
        if stored is None or paragraph is None:
            return 0.0
        return terms.covered(f"{stored.article.title} {paragraph.text}")

    def _read_back(
        self, state: "_Asking", candidates: Sequence[Candidate], limit: int, *, one_each: bool = False
    ) -> list[Passage]:
        """Passages of the candidates, verified; one wire story once; with `one_each`, each speaker once."""
        state.reader.read(c.article_id for c in candidates[: 3 * limit])
        passages: list[Passage] = []
        seen: set[str] = set()
        for candidate in candidates:
            if len(passages) == limit:
                break
            passage = state.reader.passage(candidate)
            if passage is None:
                continue
            if one_each:
                speaker = passage.quotes[0].speaker if passage.quotes else None
                if speaker is None or speaker.id in seen:
                    continue
                seen.add(speaker.id)
            twin = next((i for i, p in enumerate(passages) if _twins(p, passage)), None)
            if twin is None:
                passages.append(passage)
            else:
                also = (*passages[twin].also_in, passage.article)
                passages[twin] = replace(passages[twin], also_in=_once(also, passages[twin].article))
        return passages

    def _shown(self, state: "_Asking", passages: Sequence[Passage], *, groups: tuple[Group, ...] = ()) -> Answer:
        return replace(self._blank(state), passages=tuple(passages), groups=groups)

    def _blank(self, state: "_Asking") -> Answer:
        """An answer with the question as understood and nothing found yet."""
        query = state.query
        speakers = tuple(w.speaker for w in state.who if w.speaker)
        others: tuple[str, ...] = ()
        if len(state.who) == 1 and len(state.who[0].entries) > 1:  # ambiguous: shown together, the person chooses
            speakers = tuple(e.speaker for e in state.who[0].entries)
            others = tuple(dict.fromkeys(s.name for s in speakers))
        return Answer(
            question=state.question.text,
            intent=query.intent,
            understood=understood(query, [[e.speaker.name for e in w.entries] or [w.typed] for w in state.who]),
            speaker=speakers[0] if speakers else None,
            speakers=speakers,
            topic=query.topic,
            since=query.since,
            until=query.until,
            outlet=query.outlet,
            did_you_mean=others if len(others) > 1 else (),
        )

    def _nothing(self, state: "_Asking", reason: str, *, did_you_mean: Sequence[str] = ()) -> Answer:
        return replace(
            self._blank(state),
            reason=f"{reason} {covers(self._coverage)}",
            did_you_mean=tuple(did_you_mean),
        )

    def _silent_speaker(self, state: "_Asking") -> Answer:
        """A known speaker, but not on this topic, at this time or in this outlet."""
        names = spoken_list([w.speaker.name for w in state.who if w.speaker])
        query = state.query
        count = sum(e.statements for w in state.who for e in w.entries)
        on = f" about {query.topic}" if query.topic else ""
        when = f" {query.when}" if query.when else ""
        where = f" in {query.outlet}" if query.outlet else ""
        reason = f"{names} is on record with {count} statement{'s' if count != 1 else ''}, but none{on}{when}{where}."
        if not query.topic and not query.when and not query.outlet:
            reason = f"{names} is named, but not on record with a statement."
        return self._nothing(state, reason)

    def _nearest(self, state: "_Asking", terms: Terms, filters: Filters) -> list[str]:
        """Questions to ask instead: about those whose statements come nearest."""
        near = retrieval.words_said(self._engine, terms, filters, k=5)
        names = [state.reader.person(q.speaker).name for c in near for q in state.reader.quotes(c)[:1] if q.speaker]
        return [f"what did {name} say?" for name in dict.fromkeys(names)][:3]


@dataclass(slots=True, kw_only=True)
class _Asking:
    """What one answer is made from."""

    query: Query
    question: Question
    who: tuple[_Who, ...]
    reader: Reader


def _twins(first: Passage, second: Passage) -> bool:
    if first.article.id == second.article.id or len(analyze(first.paragraph.text)) < 5:
        return False
    return same_words(first.paragraph.text, second.paragraph.text)


def _once(cards: Sequence[ArticleCard], shown: ArticleCard) -> tuple[ArticleCard, ...]:
    return tuple({c.id: c for c in cards if c.id != shown.id}.values())


def _speakers(passages: Sequence[Passage]) -> list[Speaker]:
    """Those whose statements answer, in order, each once."""
    found = {q.speaker.id: q.speaker for p in passages for q in p.quotes[: max(1, p.answering)] if q.speaker}
    return list(found.values())


def _by_month(passages: Sequence[Passage]) -> list[Group]:
    months: dict[str, list[int]] = {}
    for i, passage in enumerate(passages):
        day = passage.article.day
        months.setdefault(f"{day:%B %Y}" if day else "undated", []).append(i)
    return [Group(label=label, passages=tuple(indexes)) for label, indexes in months.items()]
