"""Answers put together: what was understood, the passages read back and verified, or why there are none."""

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from index.answer.inquiry import Inquiry
from index.answer.passages import passage_of
from index.answer.reading import Candidate, Reader
from index.answer.whom import names_of
from index.answer.wording import covers, spoken_list, understood
from index.model import Answer, ArticleCard, Coverage, Group, Passage, PersonEntry, Speaker
from index.text.names import is_first_name

SHORT = 5  # different words, below which a paragraph is like too many others
RARE = 10  # times as many statements as another's, from which on a namesake printed once may be none
SPELLING = 90  # how alike (0..100) two names are of which one is a misprint of the other
ALIKE, COPIES = 0.8, 0.5  # Jaccard index of two paragraphs' words from which one stands for both


def blank(inquiry: Inquiry) -> Answer:
    """An answer with the question as understood and nothing found yet."""
    query, who = inquiry.query, inquiry.who
    speakers = tuple(w.speaker for w in who if w.speaker)
    others: tuple[str, ...] = ()
    if len(who) == 1 and who[0].others:  # others have the same name: the person chooses
        others = _told_apart((*who[0].entries, *who[0].others))
    return Answer(
        question=inquiry.question.text,
        intent=query.intent,
        understood=understood(query, [[w.speaker.name if w.speaker else w.typed] for w in who]),
        speaker=speakers[0] if speakers else None,
        speakers=speakers,
        topic=query.topic,
        since=query.since,
        until=query.until,
        outlet=query.outlet,
        did_you_mean=others if len(others) > 1 else (),
    )


def _told_apart(entries: Sequence[PersonEntry]) -> tuple[str, ...]:
    """Names to choose among: those who are on record, without spellings of the first one's and what may be no name."""
    chosen, first = entries[0], entries[0].speaker.name
    names = names_of([entry for entry in entries[1:] if entry.statements and not _doubtful(entry, chosen)])
    return (first, *(name for name in names if fuzz.ratio(name.casefold(), first.casefold()) < SPELLING))[:6]


def _doubtful(entry: PersonEntry, chosen: PersonEntry) -> bool:
    """Whether a namesake of somebody far more quoted may be a word before that name: "Deconstructing Marsh"."""
    name = entry.speaker.name.split()
    rare = entry.articles < 2 and entry.statements * RARE < chosen.statements
    return rare and len(name) > 1 and not is_first_name(name[0])


def shown(inquiry: Inquiry, passages: Sequence[Passage], *, groups: tuple[Group, ...] = ()) -> Answer:
    """An answer with passages."""
    return replace(blank(inquiry), passages=tuple(passages), groups=groups)


def nothing(inquiry: Inquiry, reason: str, *, did_you_mean: Sequence[str] = ()) -> Answer:
    """An answer that says why there is none."""
    made = blank(inquiry)
    return replace(made, reason=reason, did_you_mean=tuple(did_you_mean) or made.did_you_mean)


def with_coverage(answer: Answer, coverage: Coverage) -> Answer:
    """Says what the index covers where an answer has no passages."""
    if answer.passages or not answer.reason:
        return answer
    return replace(answer, reason=f"{answer.reason} {covers(coverage)}")


def silent_speaker(inquiry: Inquiry, near: Sequence[str] = ()) -> Answer:
    """A known speaker, but not on this topic, at this time or in this outlet."""
    query = inquiry.query
    names = spoken_list([w.speaker.name for w in inquiry.who if w.speaker])
    count = sum(entry.statements for w in inquiry.who for entry in w.entries)
    if not count:
        return nothing(inquiry, f"{names} is named, but not on record with a statement.")
    on = f" about {query.topic}" if query.topic else ""
    when = f" {query.when}" if query.when else ""
    where = f" in {query.outlet}" if query.outlet else ""
    statements = f"{count} statement{'s' if count != 1 else ''}"
    verb = "is" if count == 1 else "are"
    reason = f"There {verb} {statements} by {names} on record, but none{on}{when}{where}."
    return nothing(inquiry, reason, did_you_mean=near)


def read_back(
    inquiry: Inquiry, candidates: Sequence[Candidate], limit: int, *, one_each: bool = False
) -> list[Passage]:
    """Passages of the candidates, verified; one wire story once; with `one_each`, each speaker once."""
    inquiry.reader.read(c.article_id for c in candidates[:limit])
    inquiry.reader.read_speakers(candidates[: 2 * limit])  # of copies of one story one is shown
    passages: list[Passage] = []
    words: list[frozenset[str]] = []
    seen: set[str] = set()
    for candidate in candidates:
        if len(passages) == limit:
            break
        passage = passage_of(candidate, inquiry.reader)
        if passage is None:
            continue
        if one_each:
            speaker = passage.quotes[0].speaker if passage.quotes else None
            if speaker is None or speaker.id in seen:
                continue
            seen.add(speaker.id)
        held = frozenset(passage.paragraph.text.lower().split())
        others = enumerate(zip(passages, words, strict=True))
        twin = next((i for i, (p, w) in others if _twins((p, w), (passage, held), inquiry.reader)), None)
        if twin is None:
            passages.append(passage)
            words.append(held)
        else:
            also = (*passages[twin].also_in, passage.article)
            passages[twin] = replace(passages[twin], also_in=_once(also, passages[twin].article))
    return passages


def speakers_of(passages: Sequence[Passage]) -> list[Speaker]:
    """Those whose statements answer, in order, each once."""
    found = {q.speaker.id: q.speaker for p in passages for q in p.quotes[: max(1, p.answering)] if q.speaker}
    return list(found.values())


def by_month(passages: Sequence[Passage]) -> tuple[Group, ...]:
    """A group for each month, in the passages' order."""
    months: dict[str, list[int]] = {}
    for i, passage in enumerate(passages):
        day = passage.article.day
        months.setdefault(f"{day:%B %Y}" if day else "undated", []).append(i)
    return tuple(Group(label=label, passages=tuple(indexes)) for label, indexes in months.items())


def _twins(first: tuple[Passage, frozenset[str]], second: tuple[Passage, frozenset[str]], reader: Reader) -> bool:
    """Whether passages, each with its words, are one wire story's: nearly the same; half of them in known copies."""
    (one, a), (other, b) = first, second
    if one.article.id == other.article.id or min(len(a), len(b)) < SHORT:
        return False
    stored = [reader.stored(p.article.id) for p in (one, other)]
    groups = {each.group if each else "" for each in stored}
    copies = len(groups) == 1 and "" not in groups
    return len(a & b) >= (COPIES if copies else ALIKE) * len(a | b)


def _once(cards: Sequence[ArticleCard], shown_in: ArticleCard) -> tuple[ArticleCard, ...]:
    return tuple({c.id: c for c in cards if c.id != shown_in.id}.values())
