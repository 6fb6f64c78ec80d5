"""Statements without a cue in their sentence: quotations that go on, block and signed quotations, transcripts."""

from index.text import sources
from index.text.drafts import Draft
from index.text.reading import Block, Quotation, Sentence

LEAST_CARRIER = 0.35
_DASHES = frozenset(["-", "--", "–", "—", "―"])
_LONGEST_LABEL = 6
_MARKS_OF_TURNS = {"Q", "A"}


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
                here = _speaks(here, queue.pop(0), blocks)
            if (index, number) in claimed:
                continue
            if here is not None and _goes_on_inside(here, block, quotation):
                here.pieces.append((index, quotation.start, quotation.end))
                here.quotations.append((index, number))
            if quotation.unit != 0:
                continue
            runs_on = number == 0 and index > 0 and _left_open(blocks[index - 1]) and quotation.unit == 0
            goes_on = here is not None and bool(here.quotations) and here.block == index
            alone = _alone(block, quotation)
            if not (alone or (goes_on and quotation.words > 3)) or (
                quotation.words <= 3 and not runs_on and not goes_on
            ):
                continue
            earlier = here or last
            if earlier is not None:
                here = _continue(
                    earlier, (index, number), quotation, joined=goes_on or runs_on, added=added, block=block
                )
        for made in queue:
            here = _speaks(here, made, blocks)
        last = here if here is not None else (last if block.quotations else None)
    return [made for made in found + added if made.pieces]


def _continue(
    earlier: Draft, key: tuple[int, int], quotation: Quotation, *, joined: bool, added: list[Draft], block: Block
) -> Draft:
    """Let a quotation go on with an earlier statement, as part of it or as one more by the same speaker."""
    part = (key[0], quotation.start, quotation.end)
    if (earlier.quotations and joined) or not earlier.pieces:
        earlier.pieces.append(part)
        earlier.quotations.append(key)
        return earlier
    sentence = block.sentences[quotation.sentence]
    made = Draft(key[0], sentence, -1, sources.NONE, sources.NONE, [part], 0.6, [key], earlier.follows or earlier)
    added.append(made)
    return made


def _goes_on_inside(earlier: Draft, block: Block, quotation: Quotation) -> bool:
    """Whether a quotation later in a sentence goes on with the one that began it ("...," Lee told her, "...")."""
    sentence = earlier.sentence
    if quotation.unit < 1 or block.sentences[quotation.sentence] is not sentence or quotation.words < 3:
        return False
    return sentence.tags[0] == "Q" and bool(earlier.quotations) and sentence.tags[quotation.unit - 1] == ","


def _alone(block: Block, quotation: Quotation) -> bool:
    """Whether a quotation is a sentence of its own."""
    return quotation.sentence >= 0 and len(block.sentences[quotation.sentence].words) <= 2


def _speaks(earlier: Draft | None, made: Draft, blocks: list[Block]) -> Draft | None:
    """Which of two drafts a quotation after both goes on with: in a sentence, the one that quotes at length."""
    if made.sentence.inside >= 0 or (made.probability < LEAST_CARRIER and not made.quotations):
        return earlier
    same = earlier is not None and earlier.sentence is made.sentence
    if same and _length(earlier, blocks) >= max(1, 2 * _length(made, blocks)):
        return earlier
    return made


def _length(draft: Draft | None, blocks: list[Block]) -> int:
    """Words that a draft quotes."""
    return sum(blocks[b].quotations[n].words for b, n in draft.quotations) if draft else 0


def _left_open(block: Block) -> bool:
    return bool(block.quotations) and not block.quotations[-1].closed


def labelled(blocks: list[Block], found: list[Draft]) -> list[Draft]:
    """Quotations and turns of talk whose speaker stands beside them: signed, announced by a colon, in a transcript."""
    claimed = {key for made in found for key in made.quotations}
    added: list[Draft] = []
    waiting = {id(made.sentence) for made in found if not made.pieces}
    cues_at = {(id(made.sentence), made.place): made for made in found if made.phrase != sources.NONE}
    turns = _turns(blocks)
    colons = {(d.block, d.place): d for d in found if d.sentence is blocks[d.block].sentences[0]}
    for index, block in enumerate(blocks):
        if not block.sentences:
            continue
        if block.number == 0:
            headed = _headed(index, block)
            added.extend(_instead(colons.get((index, headed.place)), headed) if headed else [])
            continue
        if index in turns:
            made = _turn(index, block, turns[index])
            added.extend(_instead(colons.get((index, turns[index])), made))
            continue
        signed = _signed_here(index, block)
        if signed:
            added.append(signed)
            continue
        before = blocks[index - 1] if index else None
        if before is None or not before.sentences:
            continue
        if _is_signature(block) and before.quotations and (index - 1, 0) not in claimed and _opens(before):
            added.append(_signed(index, block, before))
        elif block.quotations and (index, 0) not in claimed and _opens(block) and _announces(before):
            sentence = next(s for s in reversed(before.sentences) if s.inside < 0)
            last = len(sentence.words) - 1
            told = cues_at.get((id(sentence), last - 1))
            if told is not None:
                # "Here is what Ada Marsh said:"
                told.pieces = [(index, block.quotations[0].start, block.quotations[0].end)]
                told.quotations, told.units, told.side = [(index, 0)], [], "A"
                continue
            announced = None if id(sentence) in waiting else _announced(index, sentence, last, block)
            added.extend([announced] if announced else [])
    return added


def _instead(known: Draft | None, made: Draft) -> list[Draft]:
    """What a label says; a draft known from its colon becomes it."""
    if known is None:
        return [made]
    known.phrase = known.whole = made.phrase
    known.pieces, known.quotations, known.side = made.pieces, made.quotations, made.side
    return []


def _opens(block: Block) -> bool:
    """Whether a block begins with a quotation that is a sentence of its own."""
    return block.quotations[0].unit == 0 and block.quotations[0].sentence == 0 and _alone(block, block.quotations[0])


def _is_signature(block: Block) -> bool:
    words = block.sentences[0].words
    if len(block.sentences) > 1 or not 1 < len(words) < 9 or words[0] not in _DASHES:
        return False
    tags = block.sentences[0].tags[1:].rstrip(".")
    return "P" in tags and not set(tags) & set('Vvm"Q')


def _signed(index: int, block: Block, before: Block) -> Draft:
    """A quotation with the speaker's name below it, after a dash."""
    sentence = block.sentences[0]
    phrase = next((p for p in sentence.phrases if "P" in sentence.tags[p[0] : p[1]]), (1, len(sentence.words)))
    pieces = [(index - 1, q.start, q.end) for q in before.quotations if _alone(before, q)]
    keys = [(index - 1, n) for n, q in enumerate(before.quotations) if _alone(before, q)]
    return Draft(index, sentence, 0, phrase, phrase, pieces, 0.7, keys, None, "S", (0.8, 0.9, 0.9, 0.9))


def _signed_here(index: int, block: Block) -> Draft | None:
    """A quotation with the speaker's name after it on the same line, after a dash."""
    sentence = next((s for s in reversed(block.sentences) if s.inside < 0), None)
    if sentence is None or not 2 < len(sentence.words) < 14 or "Q" not in sentence.tags:
        return None
    dash = sentence.tags.rindex("Q") + 1
    rest = sentence.tags[dash + 1 :]
    phrase = next((p for p in sentence.phrases if p[0] == dash + 1 and "P" in sentence.tags[p[0] : p[1]]), None)
    if phrase is None or sentence.words[dash] not in _DASHES or set(rest) & set('Vvm"Qw'):
        return None
    numbers = [n for n, quotation in enumerate(block.quotations) if quotation.unit < dash]
    pieces = [(index, block.quotations[n].start, block.quotations[n].end) for n in numbers]
    keys = [(index, n) for n in numbers]
    return Draft(index, sentence, dash, phrase, phrase, pieces, 0.7, keys, None, "S", (0.8, 0.9, 0.9, 0.9))


def _announces(block: Block) -> bool:
    sentence = next((s for s in reversed(block.sentences) if s.inside < 0), None)
    return sentence is not None and sentence.words[-1] == ":" and len(sentence.words) > 2


def _announced(index: int, sentence: Sentence, last: int, block: Block) -> Draft | None:
    """A block quotation after a sentence that ends with a colon: its subject speaks."""
    subject = next((p for p in sentence.phrases if p[0] == 0 or sentence.tags[p[0] - 1] in ",c:"), None)
    if subject is None and sentence.phrases:
        subject = sentence.phrases[0]
    if subject is None:
        return None
    quotation = block.quotations[0]
    pieces = [(index, quotation.start, quotation.end)]
    return Draft(
        index - 1, sentence, last, subject, subject, pieces, 0.6, [(index, 0)], None, "A", (0.6, 0.6, 0.9, 0.9)
    )


def _turns(blocks: list[Block]) -> dict[int, int]:
    """Blocks that are turns of talk ("VAZ: ..."), and the unit of the colon; a label comes back or is in capitals."""
    labels: dict[int, tuple[str, int]] = {}
    for index, block in enumerate(blocks):
        if block.number == 0 or not block.sentences:
            continue
        sentence = block.sentences[0]
        colon = next((u for u, word in enumerate(sentence.words[:_LONGEST_LABEL]) if word == ":"), -1)
        rest = len(block.text) - sentence.ends[colon]
        if colon > 0 and set(sentence.tags[:colon]) <= set("PN.") and rest > 2 and "P" in sentence.tags[:colon]:
            labels[index] = (" ".join(sentence.words[:colon]), colon)
    counts: dict[str, int] = {}
    for label, _ in labels.values():
        counts[label] = counts.get(label, 0) + 1
    turns = {i: colon for i, (label, colon) in labels.items() if counts[label] > 1 or label.isupper()}
    marked = {i: block.sentences[0].words[0] for i, block in enumerate(blocks) if _is_marked(block)}
    if set(marked.values()) == _MARKS_OF_TURNS:
        turns.update({i: 1 for i, mark in marked.items() if mark == "A"})  # who asks is not told
    return turns


def _is_marked(block: Block) -> bool:
    """Whether a block begins with "Q:" or "A:"."""
    words = block.sentences[0].words if block.sentences and block.number else []
    return len(words) > 1 and words[0] in _MARKS_OF_TURNS and words[1] in (":", ".")


def _headed(index: int, block: Block) -> Draft | None:
    """What a headline puts behind a name and a colon ("Marsh: I'm sorry"); whether it names a person is seen later."""
    sentence = block.sentences[0]
    colon = next((u for u, word in enumerate(sentence.words[:_LONGEST_LABEL]) if word == ":"), -1)
    if colon < 1 or not any(word[:1].isalpha() for word in sentence.words[colon + 1 :]):
        return None
    made = _turn(index, block, colon)
    made.side = "H"
    return made


def _turn(index: int, block: Block, colon: int) -> Draft:
    sentence = block.sentences[0]
    start = sentence.ends[colon]
    text = block.text
    while start < len(text) and text[start].isspace():
        start += 1
    end = len(text.rstrip())
    keys = [(index, number) for number, quotation in enumerate(block.quotations) if quotation.start >= start]
    return Draft(
        index,
        sentence,
        colon,
        (0, colon),
        (0, colon),
        [(index, start, end)],
        0.7,
        keys,
        None,
        "T",
        (0.8, 0.9, 0.9, 0.9),
    )
