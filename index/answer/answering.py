"""A question to its answer: understood, looked up, read back and verified; or why there is none and what is near."""

from dataclasses import replace

from index import people
from index.answer import holders, plainly, quoting, replies, saying, whom
from index.answer.followups import asked_of_nobody, understand_in_context, with_speaker
from index.answer.inquiry import Inquiry, names_in
from index.answer.query import Query
from index.answer.reading import Reader
from index.answer.whom import Register, Who
from index.model import Answer, Intent, Question
from index.storage.base import Snapshot

_WITH_SPEAKER = {Intent.WHO_SAID: Intent.DID_SAY, Intent.WHO_SPOKE: Intent.SAID, Intent.PLAIN: Intent.SAID}


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
        inquiry = self.inquire(question)
        answer = self._answered(inquiry)
        event = None if answer.found else inquiry.query.of_the_day()
        if event:
            other = self._answered(replace(inquiry, query=event))
            if any(event.names_the_day(passage.paragraph.text) for passage in other.passages[:3]):
                return other
        return answer

    def inquire(self, question: Question) -> Inquiry:
        """What a question was understood to ask, and of whom."""
        question = replace(question, latest=self._coverage.last_day)
        names = self._register(question)
        query = understand_in_context(question, self._coverage.outlets, names)
        carried: frozenset[str] = frozenset()
        if question.context and query.carried is not None:
            before = replace(question, text=question.context[-1], context=question.context[:-1][-2:])
            answer = self.answer(before)
            carried = frozenset(passage.article.id for passage in answer.passages[:3])
            if query.intent is Intent.PLAIN and answer.intent is Intent.WHO_SAID and answer.speaker:
                query = with_speaker(question, query, answer.speaker.name, names)
        return self._inquiry(query, question, names, carried)

    def answer_query(self, query: Query, question: Question) -> Answer:
        """The answer to a question that was understood already."""
        return self._answered(self._inquiry(query, question, self._register(question), frozenset()))

    def _register(self, question: Question) -> Register:
        return Register(corpus=self._corpus, engine=self._engine, asked=question.asked)

    def _inquiry(self, query: Query, question: Question, names: Register, carried: frozenset[str]) -> Inquiry:
        if query.until and query.until < names.asked:  # who held a role then
            names = Register(corpus=self._corpus, engine=self._engine, asked=query.until)
        query, who = self._whom(query, names)
        inquiry = Inquiry(
            query=query,
            question=question,
            who=who,
            reader=Reader(corpus=self._corpus),
            engine=self._engine,
            limit=self._limit,
            carried=carried,
        )
        return replace(inquiry, who=tuple(self._one(each, inquiry, names) for each in who))

    def _answered(self, inquiry: Inquiry) -> Answer:
        nobody = asked_of_nobody(inquiry.question)
        if nobody and not any(who.known for who in inquiry.who):
            reason = f"Whom do you mean by “{nobody}”? Ask with a name, or ask on from an answer."
            return replies.with_coverage(replies.nothing(inquiry, reason), self._coverage)
        match inquiry.query.intent:
            case Intent.WHO_SAID:
                answer = quoting.who_said(inquiry)
            case Intent.DID_SAY:
                answer = quoting.did_say(inquiry)
            case Intent.WHO_SPOKE:
                answer = saying.who_spoke(inquiry)
            case Intent.PLAIN:
                answer = plainly.plain(inquiry)
            case _:
                answer = saying.said(inquiry)
        return replies.with_coverage(answer, self._coverage)

    # -----------------------------------------------------------------------------------------------------------
    # Whom

    def _whom(self, query: Query, names: Register) -> tuple[Query, tuple[Who, ...]]:
        """Looks the named speakers up; a guessed form that names nobody becomes a plain question."""
        if query.either:
            if names.known(query.either) >= 0.5:
                intent = _WITH_SPEAKER.get(query.intent, query.intent)
                topic = query.topic or query.phrase
                return (
                    replace(query, intent=intent, speakers=(query.either,), either=None, topic=topic),
                    (names.look_up(query.either),),
                )
            intent = Intent.SAID if query.speakers and query.phrase else query.intent
            query = replace(query, topic=query.either, either=None, phrase=None, intent=intent)
        guess = not query.certain and query.intent is not Intent.WHO_SAID
        if guess and query.speakers and not any(names.known(name) >= 0.5 for name in query.speakers):
            if all(names.foreign(name) for name in query.speakers):
                return replace(query, certain=True), tuple(names.look_up(name) for name in query.speakers)
            plain = Query(intent=Intent.PLAIN, text=query.text, topic=query.text, outlet=query.outlet)
            return replace(plain, carried=query.carried), ()
        return query, tuple(names.look_up(name) for name in query.speakers)

    def _one(self, who: Who, inquiry: Inquiry, names: Register) -> Who:
        """The likeliest of several that a name or a role can mean, by what is asked about."""
        terms = inquiry.terms(inquiry.query.topic or "", without=names_in(replace(who, entries=())))
        if who.how is people.How.ROLE or not (who.known or names.foreign(who.typed)):
            found = holders.in_context(who, inquiry.reader, self._engine, terms, inquiry.filters())
            if found is not who:
                return found
        return whom.by_topic(who, inquiry.reader, self._engine, terms, inquiry.filters())
