"""Puts cues, sources and contents of an article together as drafts of statements, before anybody is named."""

from index.text import clauses, extent, sources
from index.text.carrying import carry_on, labelled
from index.text.confidence import confidence, relate
from index.text.cues import cue_places, cue_probability
from index.text.drafts import Draft, Piece
from index.text.listing import listed
from index.text.reading import Block, Sentence
from index.text.scoring import model, softmax

LEAST_CUE = 0.4
_SHORTEST = 2  # units of a headline before the comma
_PLAIN = 0.95  # how sure a choice is that the layout makes


def _best(scores: list[float]) -> tuple[int, float]:
    shares = softmax(scores)
    place = max(range(len(scores)), key=scores.__getitem__)
    return place, shares[place]


def _source(
    sentence: Sentence, place: int, previous: tuple[int, int]
) -> tuple[tuple[int, int], tuple[int, int], float]:
    """The head phrase of the source, the whole of it, and how likely that holds whoever speaks."""
    options = sources.source_candidates(sentence, place, previous)
    shares = softmax(model("source").scores(sources.source_features(sentence, place, options, previous)))
    best = max(range(len(shares)), key=shares.__getitem__)
    phrase = options[best]
    if phrase == sources.NONE:
        return phrase, phrase, shares[best]
    first, last = sources.extended(sentence, phrase, place)
    share = shares[best]
    if first < phrase[0] and sentence.tags[phrase[0] - 2] == "P" and sentence.lower[phrase[0] - 1] == "of":
        # "the Bank of Harwick" is one name, whichever of its phrases was chosen
        inside = (s for (begin, end), s in zip(options, shares, strict=True) if first <= begin < end <= last)
        share = min(1.0, sum(inside))
    return phrase, (first, last), share


def _side(sentence: Sentence, place: int, phrase: tuple[int, int]) -> tuple[str, float]:
    features = clauses.side_features(sentence, place, phrase)
    best, share = _best(model("side").choice_scores(clauses.SIDES, features))
    return clauses.SIDES[best], share


def _safest(lengths: list[int], shares: list[float], exact: float = 0.6) -> tuple[int, float]:
    """The option that most likely overlaps the right one by half, and how likely; being exactly right counts extra."""
    best, top = 0, -1.0
    chance = 0.0
    options = list(zip(lengths, shares, strict=True))
    for place, (length, share) in enumerate(options):
        twice = 2 * length
        overlaps = sum([weight for other, weight in options if length <= 2 * other and other <= twice])
        worth = overlaps + exact * share
        if worth > top:
            best, top, chance = place, worth, overlaps
    return best, chance


def _left(sentence: Sentence, end: int, place: int) -> tuple[int, int, float]:
    options = clauses.left_starts(sentence, end)
    if len(options) == 1:
        return options[0], end, 1.0
    shares = softmax(model("left").scores(clauses.left_start_features(sentence, options, end, place)))
    stop = sentence.ends[end - 1]
    best, chance = _safest([stop - sentence.begins[u] for u in options], shares)
    return options[best], end, chance


def _right(sentence: Sentence, place: int, first: int) -> tuple[int, int, float]:
    options = extent.right_starts(sentence, place, first)
    if not options:
        return 0, 0, 0.0
    best, share = 0, 1.0
    if len(options) > 1:
        best, share = _best(model("start").scores(extent.start_features(sentence, place, options, first)))
    start = extent.with_negation(sentence, options[best])
    stops = extent.right_ends(sentence, start)
    if len(stops) == 1:
        return start, stops[0], share
    report = extent.next_report(sentence, start)
    scores = model("end").scores(extent.end_features(sentence, place, start, stops, report))
    if report in stops and extent.is_named(sentence, report + 1):
        # "... and Ben Okoro said": somebody else speaks from here on
        scores = [value - 1.5 * (stop > report) for value, stop in zip(scores, stops, strict=True)]
    closing = extent.main_clause(sentence, place, stops)
    if closing >= 0:
        scores = [value - 3 * (stop > closing) for value, stop in zip(scores, stops, strict=True)]
    shares = softmax(scores)
    begin = sentence.begins[start]
    best, chance = _safest([sentence.ends[u - 1] - begin for u in stops], shares)
    return start, stops[best], share * chance


def piece(block: int, sentence: Sentence, first: int, last: int) -> Piece | None:
    """The units [first, last) without the punctuation around them."""
    tags = sentence.tags
    while first < last and tags[first] in ",:.)":
        first += 1
    while first < last and (tags[last - 1] in ",:(." or (tags[last - 1] == ")" and "(" not in tags[first:last])):
        last -= 1
    if first >= last or not any(word[:1].isalnum() or word == '"' for word in sentence.words[first:last]):
        return None
    return block, sentence.begins[first], sentence.ends[last - 1]


def _trailing(sentence: Sentence, place: int) -> tuple[int, int]:
    """Who ends a headline with the cue: "..., senator says", "..., says Ada Marsh"; or NONE."""
    size = len(sentence.tags)
    while size > 1 and sentence.tags[size - 1] == ".":
        size -= 1
    for first, last in sentence.phrases[-1:] if place > _SHORTEST else ():
        ends = (last == place and place == size - 1) or (first == place + 1 and last == size)
        if ends and sentence.tags[min(first, place) - 1] in ",:" and "w" not in sentence.tags[first:last]:
            return first, last
    return sources.NONE


def draft(
    block: int, sentence: Sentence, place: int, previous: tuple[int, int], cue: float, *, headline: bool = False
) -> Draft | None:
    """The statement that the cue at `place` reports, or None when no content is found."""
    trailing = _trailing(sentence, place) if headline else sources.NONE
    if trailing != sources.NONE:
        phrase = whole = trailing
        source_share, side, side_share = _PLAIN, "L", _PLAIN
    else:
        phrase, whole, source_share = _source(sentence, place, previous)
        side, side_share = _side(sentence, place, whole)
    first, last = clauses.core(place, whole)
    pieces: list[Piece] = []
    share = 1.0
    units: list[tuple[int, int]] = []
    if side in "LB" and first > 0:
        start, end, left_share = _left(sentence, first, place)
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
    if "".join(sentence.lower[place + 1 : place + 2]) in _REFLEXIVE and not quotations:
        return None  # "distanced itself from the comments" tells a deed
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
                made = draft(index, sentence, place, previous, cue, headline=block.number == 0)
                if made:
                    made.probability = cue * made.shares[1]
                    found.append(made)
                    if made.phrase != sources.NONE:
                        previous = made.phrase
    kept = without_doubles(found)
    kept += listed(blocks, kept)
    everything = carry_on(blocks, [*kept, *labelled(blocks, kept)])
    relate(everything)
    for made in everything:
        made.probability = confidence(made, blocks)
    return everything


_REFLEXIVE = frozenset("itself himself herself themselves".split())


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
    shared = sum(max(0, min(e, e2) - max(s, s2)) for b, s, e in some for b2, s2, e2 in others if b == b2)
    whole = max(sum(e - s for _, s, e in some), sum(e - s for _, s, e in others))
    return shared > 0.7 * whole
