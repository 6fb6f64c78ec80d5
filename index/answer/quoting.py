"""Who said certain words, and whether somebody said them: word for word, in substance, somebody else, or not found."""

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from index.answer import looking, replies, retrieval, silence
from index.answer.evidence import WHO_SAID, Evidence
from index.answer.inquiry import Inquiry
from index.answer.overlap import Overlap
from index.answer.plainly import about
from index.answer.ranking import holds_in_row
from index.answer.reading import Candidate, Reader
from index.answer.terms import Terms
from index.answer.whom import Who
from index.answer.wording import absent, spoken_list
from index.model import Answer, Passage, QuoteKind, Speaker, Verdict
from index.storage.ahead import search_ahead
from index.storage.records import Filters
from index.text.analyzer import fold, stem, tokens

WORDS_HELD, NEAR_HELD = 0.5, 0.58  # shares of the words asked about, below which nobody is said to have said them
ALL_HELD = 0.95  # the words are found: what holds only some of them is something else
SLIP = 85  # how alike (0..100) a name typed must be to that of whoever said the words
FEW, FEW_WORDS = 60, 3  # a speaker's statements that are all looked through, and words too few to search by
IN_SUBSTANCE = 0.7  # share that a paragraph holds when it says so in other words


def who_said(inquiry: Inquiry) -> Answer:
    """Statements that hold the words, whoever made them; paragraphs where no statement does."""
    query = inquiry.query
    words = query.topic or query.phrase or ""
    terms = inquiry.terms(words)
    filters = inquiry.filters()
    search_ahead(
        inquiry.engine,
        lambda engine: retrieval.words_said(engine, terms, filters, k=40),
        lambda engine: retrieval.paragraphs(engine, terms, filters, k=15),
    )
    found = retrieval.merged(
        retrieval.words_said(inquiry.engine, terms, filters, k=40),
        retrieval.paragraphs(inquiry.engine, terms, filters, k=15),
    )
    overlap = Overlap(terms=terms, reader=inquiry.reader)
    short = retrieval.shortlist(found, {}, share=0, size=looking.SIZE, articles=looking.ARTICLES)
    candidates = looking.in_order(inquiry, short, overlap, {}, WHO_SAID)
    if candidates:
        best = _held(candidates[0])
        if best < WORDS_HELD and (candidates[0].evidence or Evidence()).near < NEAR_HELD:
            candidates = []
        least = IN_SUBSTANCE if best > ALL_HELD else min(best, WORDS_HELD)
        candidates = [c for c in candidates if _held(c) >= least]
    passages = replies.read_back(inquiry, candidates, inquiry.limit)
    if not passages and not query.quoted:
        answer = about(inquiry, silence.PLAIN, least=silence.LEAST_TOLD)
        if answer.passages:
            return answer
    if not passages:
        near = _nearest(inquiry, terms, filters)
        return replies.nothing(inquiry, f"Nobody is on record with “{query.phrase}”.", did_you_mean=near)
    speakers = _who_of(passages, overlap)
    return replace(
        replies.shown(inquiry, passages), speaker=speakers[0] if speakers else None, speakers=tuple(speakers)
    )


def _held(candidate: Candidate) -> float:
    """Share of the words asked about that a candidate holds."""
    evidence = candidate.evidence or Evidence()
    return max(evidence.paragraph, evidence.content)


def _who_of(passages: Sequence[Passage], overlap: Overlap) -> list[Speaker]:
    """Those whose own words hold most of what was asked, in the order of the passages, each once."""
    found: dict[str, Speaker] = {}
    for passage in passages:
        said = [(overlap.text(" ".join(s.text for s in q.content)), q.speaker) for q in passage.quotes if q.speaker]
        rated = [(overlap.share(held), speaker) for held, speaker in said]
        best = max(rated, key=lambda each: each[0], default=None)
        if best and best[0] >= 0.5:
            found.setdefault(best[1].id, best[1])
    return list(found.values()) or replies.speakers_of(passages[:1])


def _nearest(inquiry: Inquiry, terms: Terms, filters: Filters) -> list[str]:
    """Questions to ask instead: about those whose statements come nearest."""
    near = retrieval.words_said(inquiry.engine, terms, filters, k=5)
    reader = inquiry.reader
    reader.read_together(near)
    reader.read_speakers(near)
    names = [reader.person(q.speaker).name for c in near for q in reader.quotes(c)[:1] if q.speaker]
    return [f"what did {name} say?" for name in dict.fromkeys(names)][:3]


def did_say(inquiry: Inquiry) -> Answer:
    """Word for word, in substance, by somebody else, or not found; never "no"."""
    query, who = inquiry.query, inquiry.who[0]
    phrase = query.phrase or ""
    terms = inquiry.terms(phrase)
    wanted = [stem(word) for word in tokens(phrase)]
    reader = inquiry.reader
    own: list[Candidate] = []
    if who.known:
        own = retrieval.words_said(inquiry.engine, terms, inquiry.filters(who.keys), k=30)
        own = looking.in_order(inquiry, own[:12], Overlap(terms=terms, reader=reader), {}, WHO_SAID)
    exact = [c for c in own if _word_for_word(c, wanted, reader)]
    if who.known and not exact and (len(terms.idf) < FEW_WORDS or sum(e.statements for e in who.entries) <= FEW):
        every = retrieval.any_statements(inquiry.engine, inquiry.filters(who.keys), k=FEW)
        reader.read(c.article_id for c in every)
        exact = [c for c in every if _word_for_word(c, wanted, reader)]
    near = [c for c in own if c.evidence and c.evidence.paragraph >= IN_SUBSTANCE]
    if exact:
        return _verdict(inquiry, Verdict.WORD_FOR_WORD, [*exact, *(c for c in near if c not in exact)])
    others = retrieval.words_said(inquiry.engine, terms, inquiry.filters(), k=30)[:12]
    reader.read(c.article_id for c in others)
    by_other = [c for c in others if _word_for_word(c, wanted, reader) and not _speaks(who, c, reader)]
    meant = _meant(who, by_other, reader)
    if meant and len(wanted) > 2:
        theirs = [c for c in by_other if _speaks(meant, c, reader)]
        return _verdict(replace(inquiry, who=(meant,)), Verdict.WORD_FOR_WORD, theirs)
    if by_other and len(wanted) > 2:
        return _verdict(inquiry, Verdict.SAID_BY_OTHER, by_other)
    if near:
        return _verdict(inquiry, Verdict.IN_SUBSTANCE, near)
    names: tuple[str, ...] = ()
    if who.speaker:
        reason = f"{who.speaker.name} is not on record with “{phrase}” in what I have."
    else:
        reason, names = absent(who.typed), who.near
    return replace(replies.nothing(inquiry, reason, did_you_mean=names), verdict=Verdict.NOT_FOUND)


def _meant(who: Who, said: Sequence[Candidate], reader: Reader) -> Who | None:
    """Who else the name may mean, when that is who said the words: another of the surname, or one spelt nearly so."""
    for candidate in said:
        for quote in reader.quotes(candidate):
            entry = reader.corpus.person_of(quote.speaker.id) if quote.speaker else None
            if entry is None or quote.speaker is None:
                continue
            shared = len(tokens(who.typed)) == 1 and any(quote.speaker.id in e.keys for e in who.others)
            slip = not who.known and fuzz.ratio(fold(who.typed), fold(entry.speaker.name)) >= SLIP
            if shared or slip:
                others = tuple(e for e in (*who.entries, *who.others) if e.speaker.id != entry.speaker.id)
                return replace(who, entries=(entry,), others=others, near=())
    return None


def _verdict(inquiry: Inquiry, verdict: Verdict, candidates: Sequence[Candidate]) -> Answer:
    passages = replies.read_back(inquiry, candidates, inquiry.limit)
    if not passages:
        return replace(replies.nothing(inquiry, "Not found in what I have."), verdict=Verdict.NOT_FOUND)
    answer = replace(replies.shown(inquiry, passages), verdict=verdict)
    if verdict is Verdict.SAID_BY_OTHER:
        others = replies.speakers_of(passages)
        who = inquiry.who[0]
        asked_about = who.speaker.name if who.speaker else who.typed
        names = spoken_list([s.name for s in others[:3]]) or "somebody whom the article does not name"
        return replace(answer, reason=f"Not {asked_about} in what I have: {names} said so.")
    return answer


def _speaks(who: Who, candidate: Candidate, reader: Reader) -> bool:
    return any(q.speaker and q.speaker.id in who.keys for q in reader.quotes(candidate))


def _word_for_word(candidate: Candidate, wanted: Sequence[str], reader: Reader) -> bool:
    return any(
        q.kind is not QuoteKind.INDIRECT and holds_in_row(" ".join(s.text for s in q.content), wanted)
        for q in reader.quotes(candidate)
    )
