"""What each intent looks for, when it stays silent, and how its answer is laid out."""

from collections.abc import Sequence
from dataclasses import replace

from index import people
from index.answer import replies, retrieval, silence
from index.answer.evidence import PLAIN, SAID, WHO_SAID, Evidence
from index.answer.inquiry import Inquiry, names_in
from index.answer.ranking import Asked, holds_in_row, ranked
from index.answer.reading import Candidate, Held, Reader
from index.answer.silence import grounds
from index.answer.terms import Terms
from index.answer.whom import Who
from index.answer.wording import absent, spoken_list
from index.model import Answer, Group, Intent, Passage, QuoteKind, Speaker, Verdict
from index.storage.base import Filters
from index.text.analyzer import stem, tokens

WRITTEN = 8  # best paragraphs, whoever speaks in them, whose article may be by the one asked about
SIZE, ARTICLES = 24, 8  # candidates looked at closely, and from how many articles


def said(inquiry: Inquiry) -> Answer:
    """What X said, what X and Y said side by side, what X said over time."""
    nobody = [w for w in inquiry.who if not w.known]
    if nobody and len(nobody) == len(inquiry.who):
        return replies.nothing(inquiry, absent(nobody[0].typed), did_you_mean=nobody[0].near)
    per_speaker = inquiry.limit if len(inquiry.who) == 1 else max(2, inquiry.limit // len(inquiry.who))
    passages: list[Passage] = []
    groups: list[Group] = []
    for who in inquiry.who:
        found = replies.read_back(inquiry, spoken(inquiry, who), per_speaker)
        first = len(passages)
        passages += found
        if len(inquiry.who) > 1:
            name = who.speaker.name if who.speaker else who.typed
            groups.append(Group(label=name, passages=tuple(range(first, len(passages)))))
    if not passages:
        return replies.silent_speaker(inquiry)
    if inquiry.query.intent is Intent.TIMELINE:
        passages.sort(key=lambda p: (p.article.published or "9999", p.article.id, p.paragraph.number))
        return replies.shown(inquiry, passages, groups=replies.by_month(passages))
    return replies.shown(inquiry, passages, groups=tuple(groups))


def spoken(inquiry: Inquiry, who: Who) -> list[Candidate]:
    """Where somebody speaks to the topic, best first; nothing when that is nowhere."""
    if not who.known:
        return []
    filters = inquiry.filters(who.keys)
    terms = inquiry.terms(inquiry.query.topic or "", without=names_in(who))
    if not terms.weights:
        return retrieval.statements(inquiry.engine, terms, filters)
    candidates = look_closely(inquiry, who, terms)
    if inquiry.query.topic and not speaks_to(candidates, terms, inquiry.reader, who):
        return []
    return [c for c in candidates if _belongs(c, candidates[0])]


def _belongs(candidate: Candidate, best: Candidate) -> bool:
    """Whether a candidate may stand below the best one: it speaks to the topic too, in words of the one asked about."""
    evidence = candidate.evidence
    if candidate is best or evidence is None:
        return True
    if not (candidate.statements or candidate.written) and evidence.paragraph < 0.34:
        return False
    return candidate.score >= 0.3 * best.score


def look_closely(inquiry: Inquiry, who: Who, terms: Terms) -> list[Candidate]:
    """Statements of somebody, and paragraphs that name them, ranked by what speaks for them."""
    engine, filters = inquiry.engine, inquiry.filters(who.keys)
    surnames = {stem(tokens(e.speaker.name)[-1]) for e in who.entries if tokens(e.speaker.name)}
    found = retrieval.statements(engine, terms, filters)
    if len(found) < SIZE:
        found = retrieval.merged(found, retrieval.any_statements(engine, filters, k=SIZE))
    named = retrieval.naming(engine, terms, surnames, filters, k=15) if surnames else []
    written = retrieval.paragraphs(engine, terms, replace(filters, speakers=None), k=WRITTEN)
    of_article = retrieval.articles(engine, terms, replace(filters, speakers=None))
    short = retrieval.shortlist(
        retrieval.merged(found, named, written), of_article, share=SAID.article, size=SIZE, articles=ARTICLES
    )
    inquiry.reader.read(c.article_id for c in short)
    reader = inquiry.reader
    short = [
        replace(c, written=is_by(reader, c, who))
        for c in short
        if c.statements or surnames & reader.held(c.article_id, c.number).terms or is_by(reader, c, who)
    ]
    return _ranked(inquiry, short, terms, of_article, SAID)


def is_by(reader: Reader, candidate: Candidate, who: Who) -> bool:
    """Whether one of them wrote the article: then all of it is theirs."""
    stored = reader.stored(candidate.article_id)
    authors = [people.name_words(author) for author in stored.article.authors] if stored else []
    names = [people.name_words(entry.speaker.name) for entry in who.entries]
    return any(
        len(name) > 1 and author and author[-1] == name[-1] and people.same_first_name(author[0], name[0])
        for author in authors
        for name in names
    )


def speaks_to(candidates: Sequence[Candidate], terms: Terms, reader: Reader, who: Who) -> bool:
    """Whether somebody speaks to a topic, going by the best candidates."""
    found = grounds(candidates, terms, reader, statements=sum(e.statements for e in who.entries))
    return silence.weighed(found, silence.SAID) >= silence.LEAST_SAID


def _ranked(
    inquiry: Inquiry, candidates: Sequence[Candidate], terms: Terms, of_article: dict[str, float], weights: Evidence
) -> list[Candidate]:
    query = inquiry.query
    asked = Asked(
        terms=terms,
        topic=query.topic or query.text,
        question=query.text,
        asked=inquiry.question.asked,
        articles=of_article,
        carried=inquiry.carried,
    )
    return ranked(candidates, inquiry.reader, asked, weights)


# ---------------------------------------------------------------------------------------------------------------
# Who said "..."


def who_said(inquiry: Inquiry) -> Answer:
    """Statements that hold the words, whoever made them; paragraphs where no statement does."""
    query = inquiry.query
    words = query.topic or query.phrase or ""
    terms = inquiry.terms(words)
    filters = inquiry.filters()
    found = retrieval.merged(
        retrieval.words_said(inquiry.engine, terms, filters, k=40),
        retrieval.paragraphs(inquiry.engine, terms, filters, k=15),
    )
    short = retrieval.shortlist(found, {}, share=0, size=SIZE, articles=ARTICLES)
    candidates = _ranked(inquiry, short, terms, {}, WHO_SAID)
    if candidates:
        evidence = candidates[0].evidence or Evidence()
        if max(evidence.paragraph, evidence.content) < 0.5 and evidence.near < 0.6:
            candidates = []
    passages = replies.read_back(inquiry, candidates, inquiry.limit)
    if not passages and not query.quoted:
        answer = plain(inquiry)
        if answer.passages:
            return answer
    if not passages:
        near = _nearest(inquiry, terms, filters)
        return replies.nothing(inquiry, f"Nobody is on record with “{query.phrase}”.", did_you_mean=near)
    speakers = _who_of(passages, terms)
    return replace(
        replies.shown(inquiry, passages), speaker=speakers[0] if speakers else None, speakers=tuple(speakers)
    )


def _who_of(passages: Sequence[Passage], terms: Terms) -> list[Speaker]:
    """Those whose own words hold most of what was asked, in the order of the passages, each once."""
    found: dict[str, Speaker] = {}
    for passage in passages:
        held = [(Held.of(" ".join(s.text for s in q.content)), q.speaker) for q in passage.quotes if q.speaker]
        rated = [(terms.covered(h.terms, h.kin), speaker) for h, speaker in held]
        best = max(rated, key=lambda each: each[0], default=None)
        if best and best[0] >= 0.5:
            found.setdefault(best[1].id, best[1])
    return list(found.values()) or replies.speakers_of(passages[:1])


def _nearest(inquiry: Inquiry, terms: Terms, filters: Filters) -> list[str]:
    """Questions to ask instead: about those whose statements come nearest."""
    near = retrieval.words_said(inquiry.engine, terms, filters, k=5)
    reader = inquiry.reader
    names = [reader.person(q.speaker).name for c in near for q in reader.quotes(c)[:1] if q.speaker]
    return [f"what did {name} say?" for name in dict.fromkeys(names)][:3]


def who_spoke(inquiry: Inquiry) -> Answer:
    """Who spoke about a topic: each speaker once."""
    terms = inquiry.terms(inquiry.query.topic or "")
    found = retrieval.statements(inquiry.engine, terms, inquiry.filters(), k=100)
    short = retrieval.shortlist(found, {}, share=0, size=2 * SIZE, articles=2 * ARTICLES)
    candidates = [
        c
        for c in _ranked(inquiry, short, terms, {}, SAID)
        if c.evidence and max(c.evidence.paragraph, 0.8 * c.evidence.near) >= 0.55
    ]
    passages = replies.read_back(inquiry, candidates, inquiry.limit, one_each=True)
    if not passages:
        return replies.nothing(inquiry, f"Nobody is on record about {inquiry.query.topic}.")
    return replace(replies.shown(inquiry, passages), speakers=tuple(replies.speakers_of(passages)))


# ---------------------------------------------------------------------------------------------------------------
# Did X say "..."


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
        own = _ranked(inquiry, own[:12], terms, {}, WHO_SAID)
    exact = [c for c in own if _word_for_word(c, wanted, reader)]
    near = [c for c in own if c.evidence and c.evidence.paragraph >= 0.7]
    if exact:
        return _verdict(inquiry, Verdict.WORD_FOR_WORD, [*exact, *(c for c in near if c not in exact)])
    others = retrieval.words_said(inquiry.engine, terms, inquiry.filters(), k=30)[:12]
    reader.read(c.article_id for c in others)
    by_other = [c for c in others if _word_for_word(c, wanted, reader) and not _speaks(who, c, reader)]
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


# ---------------------------------------------------------------------------------------------------------------
# Any other question


def plain(inquiry: Inquiry) -> Answer:
    """Paragraphs about what is asked."""
    query = inquiry.query
    terms = inquiry.terms(query.topic or query.text)
    candidates = look_around(inquiry, terms)
    found = grounds(candidates, terms, inquiry.reader)
    if max(found.paragraph, 0.9 * found.near) < 0.4:
        candidates = []
    passages = replies.read_back(inquiry, candidates, inquiry.limit)
    if not passages:
        held = frozenset().union(*(inquiry.reader.held(c.article_id, c.number).terms for c in candidates[:5]))
        missing = terms.missing(held)
        words = [w for w in tokens(query.text) if stem(w) in missing][:3]
        about = f" about {spoken_list([f'“{w}”' for w in words])}" if words else " about that"
        return replies.nothing(inquiry, f"Nothing is on record{about}.")
    return replies.shown(inquiry, passages)


def look_around(inquiry: Inquiry, terms: Terms) -> list[Candidate]:
    """Paragraphs ranked by what speaks for them."""
    filters = inquiry.filters() if inquiry.query.outlet else inquiry.seen()
    found = retrieval.paragraphs(inquiry.engine, terms, filters, k=200)
    of_article = retrieval.articles(inquiry.engine, terms, filters, k=200)
    short = retrieval.shortlist(found, of_article, share=PLAIN.article, size=SIZE, articles=ARTICLES)
    return _ranked(inquiry, short, terms, of_article, PLAIN)
