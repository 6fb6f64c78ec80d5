"""Puts cues, sources and contents of an article together as drafts of statements, before anybody is named."""

from dataclasses import dataclass, field

from index.text import clauses, sources
from index.text.confidence import confidence
from index.text.cues import cue_places, cue_probability
from index.text.reading import Block, Sentence
from index.text.scoring import model, softmax

LEAST_CUE = 0.12
LEAST_CARRIER = 0.35
Piece = tuple[int, int, int]  # block, start, end in code points


@dataclass(slots=True)
class Draft:
    """A statement whose speaker is not named yet.

    Attributes:
        block, sentence, place: where its cue stands.
        phrase: the units of its source's head phrase, or sources.NONE; whole: of all of its source.
        pieces: the content, in reading order.
        probability: that its speaker and words are right.
        side: where the content stands, as clauses.SIDES.
        shares: how sure the choices of cue, source, side and extent were.
        units: [first, last) of its content in its sentence.
        quotations: (block, number) of the quotations that the content holds.
        follows: the draft whose speaker goes on speaking here, for a statement without a cue of its own.
    """

    block: int
    sentence: Sentence
    place: int
    phrase: tuple[int, int]
    whole: tuple[int, int]
    pieces: list[Piece]
    probability: float
    quotations: list[tuple[int, int]] = field(default_factory=list)
    follows: "Draft | None" = None
    side: str = "R"
    shares: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    units: list[tuple[int, int]] = field(default_factory=list)


def _best(scores: list[float]) -> tuple[int, float]:
    shares = softmax(scores)
    place = max(range(len(scores)), key=scores.__getitem__)
    return place, shares[place]


def _source(sentence: Sentence, place: int, previous: tuple[int, int]) -> tuple[tuple[int, int], float]:
    options = sources.source_candidates(sentence, place, previous)
    score = model("source").score
    best, share = _best(
        [score(sources.source_features(sentence, place, p, i, previous)) for i, p in enumerate(options)]
    )
    return options[best], share


def _side(sentence: Sentence, place: int, phrase: tuple[int, int]) -> tuple[str, float]:
    features = clauses.side_features(sentence, place, phrase)
    score = model("side").score
    best, share = _best([score([side + name for name in features]) for side in clauses.SIDES])
    return clauses.SIDES[best], share


def _safest(lengths: list[int], shares: list[float], exact: float = 0.35) -> tuple[int, float]:
    """The option that most likely overlaps the right one by half, and how likely; being exactly right counts extra."""
    best, top = 0, -1.0
    chance = 0.0
    for place, (length, share) in enumerate(zip(lengths, shares, strict=True)):
        overlaps = 0.0
        for other, weight in zip(lengths, shares, strict=True):
            if 2 * min(length, other) >= max(length, other):
                overlaps += weight
        worth = overlaps + exact * share
        if worth > top:
            best, top, chance = place, worth, overlaps
    return best, chance


def _left(sentence: Sentence, end: int) -> tuple[int, int, float]:
    score = model("left").score
    options = clauses.left_starts(sentence, end)
    shares = softmax([score(clauses.left_start_features(sentence, u, end, i)) for i, u in enumerate(options)])
    stop = sentence.ends[end - 1]
    best, chance = _safest([stop - sentence.begins[u] for u in options], shares)
    return options[best], end, chance


def _right(sentence: Sentence, place: int, first: int) -> tuple[int, int, float]:
    options = clauses.right_starts(sentence, place, first)
    if not options:
        return 0, 0, 0.0
    score = model("start").score
    best, share = _best(
        [score(clauses.right_start_features(sentence, place, u, first, i)) for i, u in enumerate(options)]
    )
    start = options[best]
    stops = clauses.right_ends(sentence, start)
    score = model("end").score
    shares = softmax(
        [score(clauses.right_end_features(sentence, place, start, u, i == 0, i)) for i, u in enumerate(stops)]
    )
    begin = sentence.begins[start]
    best, chance = _safest([sentence.ends[u - 1] - begin for u in stops], shares)
    return start, stops[best], share * chance


def piece(block: int, sentence: Sentence, first: int, last: int) -> Piece | None:
    """The units [first, last) without the punctuation around them."""
    tags = sentence.tags
    while first < last and tags[first] in ",:.)":
        first += 1
    while first < last and tags[last - 1] in ",:(.":
        last -= 1
    if first >= last or not any(word[:1].isalnum() or word == '"' for word in sentence.words[first:last]):
        return None
    return block, sentence.begins[first], sentence.ends[last - 1]


def draft(block: int, sentence: Sentence, place: int, previous: tuple[int, int], cue: float) -> Draft | None:
    """The statement that the cue at `place` reports, or None when no content is found."""
    phrase, source_share = _source(sentence, place, previous)
    whole = sources.extended(sentence, phrase, place) if phrase != sources.NONE else phrase
    side, side_share = _side(sentence, place, whole)
    first, last = clauses.core(place, whole)
    pieces: list[Piece] = []
    share = 1.0
    units: list[tuple[int, int]] = []
    if side in "LB" and first > 0:
        start, end, left_share = _left(sentence, first)
        units.append((start, end))
        share *= left_share
    if side in "RB":
        start, end, right_share = _right(sentence, place, last)
        if end > start:
            units.append((start, end))
            share *= right_share
    for start, end in units:
        found = piece(block, sentence, start, end)
        if found:
            pieces.append(found)
    quotations = [
        (block, sentence.quoted[u]) for start, end in units for u in range(start, end) if sentence.quoted[u] >= 0
    ]
    shares = (cue, source_share, side_share, share)
    made = Draft(block, sentence, place, phrase, whole, pieces, 0.0, quotations, None, side, shares, units)
    return made if pieces or side == "X" else None


def drafts(blocks: list[Block]) -> list[Draft]:
    """Every statement of an article, in the order of their cues, with quotations that go on joined to theirs."""
    found: list[Draft] = []
    for index, block in enumerate(blocks):
        headline = block.number == 0 or block.title_case
        for sentence in block.sentences:
            previous = sources.NONE
            for place in cue_places(sentence):
                cue = cue_probability(sentence, place, headline)
                if cue < LEAST_CUE:
                    continue
                made = draft(index, sentence, place, previous, cue)
                if made:
                    made.probability = cue * made.shares[1]
                    found.append(made)
                    if made.phrase != sources.NONE:
                        previous = made.phrase
    return carry_on(blocks, without_doubles(found))


def without_doubles(found: list[Draft]) -> list[Draft]:
    """Of two cues in a sentence that claim the same words, the likelier one."""
    kept: list[Draft] = []
    for made in found:
        rival = next((k for k in kept[-4:] if k.sentence is made.sentence and _same(k.pieces, made.pieces)), None)
        if rival is None:
            kept.append(made)
        elif rival.probability < made.probability:
            kept[kept.index(rival, len(kept) - min(4, len(kept)))] = made
    return kept


def _same(some: list[Piece], others: list[Piece]) -> bool:
    if not some or not others:
        return False
    shared = sum(
        max(0, min(e, e2) - max(s, s2)) for b, s, e in some for b2, s2, e2 in others if b == b2
    )
    whole = max(sum(e - s for _, s, e in some), sum(e - s for _, s, e in others))
    return shared > 0.7 * whole


def carry_on(blocks: list[Block], found: list[Draft]) -> list[Draft]:
    """Give each quotation that no cue claims to the statement before it, where it plainly goes on."""
    claimed = {key for made in found for key in made.quotations}
    by_block: dict[int, list[Draft]] = {}
    for made in found:
        by_block.setdefault(made.block, []).append(made)
    added: list[Draft] = []
    last: Draft | None = None
    for index, block in enumerate(blocks):
        queue = sorted(by_block.get(index, []), key=lambda d: d.sentence.begins[d.place])
        here: Draft | None = None
        for number, quotation in enumerate(block.quotations):
            while queue and queue[0].sentence.begins[queue[0].place] < quotation.start:
                here = _speaks(here, queue.pop(0))
            if (index, number) in claimed:
                continue
            sentence = block.sentences[quotation.sentence] if quotation.sentence >= 0 else None
            alone = sentence is not None and len(sentence.words) <= 2
            runs_on = number == 0 and index > 0 and _left_open(blocks[index - 1]) and quotation.unit == 0
            if not (alone and (quotation.words > 3 or runs_on)):
                continue
            earlier = here or last
            if earlier is None:
                continue
            part = (index, quotation.start, quotation.end)
            if earlier.quotations and (earlier.block == index or runs_on):
                earlier.pieces.append(part)
                earlier.quotations.append((index, number))
            elif not earlier.pieces:
                earlier.pieces.append(part)
                earlier.quotations.append((index, number))
            else:
                made = Draft(
                    index, sentence, -1, sources.NONE, sources.NONE, [part], 0.6, [(index, number)], earlier.follows or earlier
                )
                added.append(made)
                here = made
        for made in queue:
            here = _speaks(here, made)
        last = here if here is not None else (last if block.quotations else None)
    everything = [made for made in found + added if made.pieces]
    for made in everything:
        made.probability = confidence(made, blocks)
    return everything


def _speaks(earlier: Draft | None, made: Draft) -> Draft | None:
    """Which of two drafts a quotation after both goes on with: in a sentence, the one that quotes."""
    if made.sentence.inside >= 0 or (made.probability < LEAST_CARRIER and not made.quotations):
        return earlier
    if earlier and earlier.sentence is made.sentence and earlier.quotations and not made.quotations:
        return earlier
    return made


def _left_open(block: Block) -> bool:
    return bool(block.quotations) and not block.quotations[-1].closed
