"""How likely a draft's speaker and words are both right: a calibrated judge over the doubts of the earlier stages."""

import math

from index.text import sources
from index.text.cues import known_cues
from index.text.drafts import Draft
from index.text.manner import is_belief
from index.text.reading import Block
from index.text.scoring import model


def _bin(share: float) -> int:
    """Log odds in steps of a half, from -6 to 10."""
    share = min(max(share, 1e-4), 1 - 1e-4)
    return max(-6, min(10, round(2 * math.log(share / (1 - share)))))


def confidence_features(draft: Draft, blocks: list[Block]) -> list[str]:
    """What speaks for a draft as a whole."""
    sentence, place = draft.sentence, draft.place
    block = blocks[draft.block]
    headline = block.number == 0
    length = sum(end - start for _, start, end in draft.pieces)
    length_class = min(8, int(math.log2(length + 1)))
    quoted = "Q" if draft.quotations else "-"
    if draft.quotations:
        whole = max(block.quotations[n].words if b == draft.block else 9 for b, n in draft.quotations)
        quoted = "Q" if whole > 4 else "q"
    if place < 0:
        return _carried_features(draft, length_class)
    word = sentence.lower[place]
    share = known_cues().get(word, "u")
    cue, source, side, words = (_bin(value) for value in draft.shares)
    first, last = draft.phrase
    head = sentence.tags[last - 1] if draft.phrase != sources.NONE else "0"
    shown = sentence.lower[first] if head in "pw" else head
    content = sentence.outline(*draft.units[0]) if draft.units else ""
    total = max(-8, min(12, round(2 * sum([math.log(max(v, 1e-4)) for v in draft.shares]))))
    return [
        "b",
        f"c={cue}",
        f"s={source}",
        f"d={side}",
        f"e={words}",
        f"p={shown}",
        f"i={'01'[sentence.inside >= 0]}{'01'[headline]}/{quoted}",
        f"l={length_class}/{quoted}",
        f"oe={content[-3:]}",
        f"k={draft.side}",
        f"r={draft.relations}",
        f"rw={draft.relations}/{share}",
        f"rt={draft.relations}/{total // 2}",
        f"a={'01'[is_belief(word)]}/{quoted}",
        f"ce={min(cue, 4)}/{min(words, 4)}",
        f"cs={min(cue, 4)}/{min(source, 4)}",
    ]


def _carried_features(draft: Draft, length_class: int) -> list[str]:
    """What speaks for a quotation that goes on with an earlier statement, but has no cue."""
    earlier = draft.follows
    if earlier is None:
        return ["carried"]
    gap = draft.block - earlier.block
    near = bool(earlier.pieces) and earlier.pieces[-1][0] == draft.block
    space = min(5, (draft.pieces[0][1] - earlier.pieces[-1][2]) // 20) if near else "-"
    return [
        "carried",
        f"cl={length_class}",
        f"cb={min(gap, 3)}",
        f"cq={'01'[bool(earlier.quotations)]}{min(gap, 3)}",
        f"cs={space}",
    ]


def relate(drafts: list[Draft]) -> None:
    """Tell each draft how it stands to the others of its sentence: inside their words, around their cues, or rivals."""
    by_sentence: dict[int, list[Draft]] = {}
    for draft in drafts:
        if draft.place >= 0:
            by_sentence.setdefault(id(draft.sentence), []).append(draft)
    for group in by_sentence.values():
        for draft in group[:40] if len(group) > 1 else ():
            marks = set()
            for other in group[:40]:
                if other is draft:
                    continue
                sure = "+" if other.shares[0] >= 0.5 else "-"
                if any(first <= draft.place < last for first, last in other.units):
                    marks.add("i" + sure)
                if any(first <= other.place < last for first, last in draft.units):
                    marks.add("h" + sure)
                if any(max(a, c) < min(b, d) for a, b in draft.units for c, d in other.units):
                    marks.add("o" + sure)
            draft.relations = "".join(sorted(marks))


def _ends_headline(draft: Draft) -> bool:
    """Whether a headline ends with the cue and its source, after a comma ("..., senator says")."""
    core = draft.phrase[0] if draft.phrase[0] >= 0 else draft.place
    rest = draft.sentence.tags[max(draft.place, draft.phrase[1] - 1) + 1 :]
    first = min(draft.place, core)
    return first > 1 and draft.sentence.tags[first - 1] in ",:" and not rest.strip(".")


def confidence(draft: Draft, blocks: list[Block]) -> float:
    """The probability that speaker and words are right."""
    share = model("keep").probability(confidence_features(draft, blocks))
    # turns of talk, signed quotations and items of a list are plain from their layout; training saw too few of them
    if draft.side in "TSIH":
        return max(share, 0.6)
    if blocks[draft.block].number == 0 and draft.side == "L" and draft.shares[0] > 0.5 and _ends_headline(draft):
        return max(share, 0.55)
    # so are quotations one below the other after "this is what she said:"
    return max(share, 0.5) if draft.follows is not None and draft.follows.side == "A" else share
