"""What somebody said, what several said side by side, what somebody said over time, who spoke about a topic."""

from collections.abc import Sequence
from dataclasses import replace

from index.answer import looking, replies, retrieval, silence
from index.answer.evidence import SAID
from index.answer.inquiry import Inquiry, names_in
from index.answer.overlap import Overlap
from index.answer.reading import Candidate
from index.answer.silence import grounds
from index.answer.whom import Who
from index.answer.wording import absent
from index.model import Answer, Group, Intent, Passage, Quote, Speaker
from index.people.roles import is_role
from index.text.analyzer import stem, tokens
from index.text.manner import manner_of, words_of

BESIDE = 0.3  # share of the best score below which a candidate is not shown
REPORTED = 3  # paragraphs that only name somebody, among those with their own words
AROUND = 0.3  # share of the topic that stands around a statement which holds nothing of it itself
SPOKEN_TO = 0.55  # share of a topic that a statement's paragraph holds when somebody "spoke about" it
SPOKEN_TO_NAME = 0.75  # the same of a topic of two words, which are often a name


def said(inquiry: Inquiry) -> Answer:
    """What X said, what X and Y said side by side, what X said over time."""
    nobody = [w for w in inquiry.who if not w.known]
    if nobody and len(nobody) == len(inquiry.who):
        answer = reported(inquiry, nobody[0])
        if answer:
            return answer
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
        return replies.silent_speaker(inquiry, others_on(inquiry))
    if inquiry.query.intent is Intent.TIMELINE:
        passages.sort(key=lambda p: (p.article.published or "9999", p.article.id, p.paragraph.number))
        return replies.shown(inquiry, passages, groups=replies.by_month(passages))
    return replies.shown(inquiry, passages, groups=tuple(groups))


def reported(inquiry: Inquiry, who: Who) -> Answer | None:
    """Paragraphs that name somebody of whom no statement is known, where they hold nearly all of the topic."""
    if is_role(who.typed) or not inquiry.query.topic or not inquiry.query.certain:
        return None
    terms = inquiry.terms(inquiry.query.topic, without=names_in(who))
    overlap = Overlap(terms=terms, reader=inquiry.reader)
    candidates, name = looking.paragraphs_naming(inquiry, who.typed, overlap)
    found = grounds(candidates, overlap)
    if not name or silence.weighed(found, silence.SAID) < silence.LEAST_REPORTED:
        return None
    passages = replies.read_back(inquiry, candidates, inquiry.limit)
    speaker = Speaker(id=f"{candidates[0].article_id}:{'-'.join(tokens(name))}", name=name)
    return replace(replies.shown(inquiry, passages), speaker=speaker, speakers=(speaker,)) if passages else None


def others_on(inquiry: Inquiry) -> list[str]:
    """Questions to ask instead: of others who do speak to the topic, at any time and anywhere."""
    topic = inquiry.query.topic
    if not topic:
        return []
    overlap = Overlap(terms=inquiry.terms(topic), reader=inquiry.reader)
    found = retrieval.statements(inquiry.engine, overlap.terms, inquiry.seen(), k=6)
    inquiry.reader.read_together(found)
    near = [c for c in found if overlap.share(overlap.paragraph(c.article_id, c.number)) >= SPOKEN_TO]
    inquiry.reader.read_speakers(near)
    speakers = [quote.speaker for c in near for quote in inquiry.reader.quotes(c)[:1] if quote.speaker]
    names = dict.fromkeys(inquiry.reader.person(speaker).name for speaker in speakers)
    return [f"what did {name} say about {topic}?" for name in names][:3]


def spoken(inquiry: Inquiry, who: Who) -> list[Candidate]:
    """Where somebody speaks to the topic, best first; nothing when that is nowhere."""
    if not who.known:
        return []
    terms = inquiry.terms(inquiry.query.topic or "", without=names_in(who))
    if not terms.weights:
        return _everything(inquiry, who)
    if inquiry.query.topic is None and inquiry.query.hints and inquiry.query.carried is None:
        return _so_put(inquiry, who) or _everything(inquiry, who)
    overlap = Overlap(terms=terms, reader=inquiry.reader)
    candidates = looking.statements_of(inquiry, who, overlap)
    if inquiry.query.topic and not speaks_to(candidates, overlap, who):
        return []
    if inquiry.query.intent is not Intent.SAID:  # side by side, and over time, nobody else's words
        candidates = [c for c in candidates if _touches(c) and not _of_another(c, inquiry)]
    return _mostly_theirs([c for c in candidates if _belongs(c, candidates[0])])


def _so_put(inquiry: Inquiry, who: Who) -> list[Candidate]:
    """Where somebody put something as a question without a topic asks ("what did X promise?"), newest first."""
    asked = tokens(inquiry.query.hints or "")
    verbs = {stem(word) for each in asked for word in (each, *words_of(manner_of(each)))}
    candidates = retrieval.beside_words(inquiry.engine, verbs, inquiry.filters(who.keys))
    inquiry.reader.read(c.article_id for c in candidates)
    found: list[tuple[int, Candidate]] = []
    for candidate in candidates:
        stored = inquiry.reader.stored(candidate.article_id)
        quotes = stored.quotes if stored else ()
        so = [k for k in candidate.statements if k < len(quotes) and _verb(quotes[k]) in verbs]
        if stored and so and inquiry.said_then(candidate):
            day = stored.article.day
            found.append((day.toordinal() if day else 0, replace(candidate, statements=tuple(so))))
    return [candidate for _, candidate in sorted(found, key=lambda each: (-each[0], *each[1].place))]


def _verb(quote: Quote) -> str:
    """The stem of a statement's cue."""
    return stem(quote.cue.text.lower()) if quote.cue else ""


def _everything(inquiry: Inquiry, who: Who) -> list[Candidate]:
    """All that somebody said, newest first."""
    found = retrieval.any_statements(inquiry.engine, inquiry.filters(who.keys), k=retrieval.DEPTH)
    return [c for c in found if inquiry.said_then(c)] if inquiry.weekday else found


def speaks_to(candidates: Sequence[Candidate], overlap: Overlap, who: Who) -> bool:
    """Whether somebody speaks to a topic, going by the best candidates."""
    found = grounds(candidates, overlap, statements=sum(e.statements for e in who.entries))
    return silence.weighed(found, silence.SAID) >= silence.LEAST_SAID


def _mostly_theirs(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates, of which no more than a few only name somebody who is on record there with words of their own."""
    theirs = [bool(c.statements) or c.written for c in candidates]
    if not any(theirs):
        return list(candidates)
    named = [c for c, own in zip(candidates, theirs, strict=True) if not own][:REPORTED]
    return [c for c, own in zip(candidates, theirs, strict=True) if own or c in named]


def _touches(candidate: Candidate) -> bool:
    """Whether a candidate holds some of the topic itself, or enough of it stands around it."""
    evidence = candidate.evidence
    return evidence is None or max(evidence.content, evidence.paragraph) > 0 or evidence.near >= AROUND


def _of_another(candidate: Candidate, inquiry: Inquiry) -> bool:
    """Whether a paragraph that only names somebody holds what somebody else said."""
    stored = inquiry.reader.stored(candidate.article_id)
    theirs = bool(candidate.statements) or candidate.written
    return not theirs and stored is not None and bool(stored.quotes_within(candidate.number))


def _belongs(candidate: Candidate, best: Candidate) -> bool:
    """Whether a candidate may stand below the best one: it speaks to the topic too, in words of the one asked about."""
    evidence = candidate.evidence
    if candidate is best or evidence is None:
        return True
    if not (candidate.statements or candidate.written) and evidence.paragraph < 0.34:
        return False
    if not evidence.near and (not evidence.carried or (best.evidence and best.evidence.near >= SPOKEN_TO)):
        return False
    return candidate.score >= BESIDE * best.score


def who_spoke(inquiry: Inquiry) -> Answer:
    """Who spoke about a topic: each speaker once."""
    terms = inquiry.terms(inquiry.query.topic or "")
    overlap = Overlap(terms=terms, reader=inquiry.reader)
    found = retrieval.statements(inquiry.engine, terms, inquiry.filters(), k=100)
    size, articles = 2 * looking.SIZE, 2 * looking.ARTICLES
    short = retrieval.shortlist(found, {}, share=0, size=size, articles=articles)
    least = SPOKEN_TO_NAME if len(terms.idf) == 2 else SPOKEN_TO
    candidates = [
        c
        for c in looking.in_order(inquiry, short, overlap, {}, SAID)
        if c.evidence and max(c.evidence.paragraph, 0.8 * c.evidence.near) >= least
    ]
    passages = replies.read_back(inquiry, candidates, inquiry.limit, one_each=True)
    if not passages:
        return replies.nothing(inquiry, f"Nobody is on record about {inquiry.query.topic}.")
    return replace(replies.shown(inquiry, passages), speakers=tuple(replies.speakers_of(passages)))
