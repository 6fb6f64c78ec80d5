"""How likely a draft's speaker and words are both right: a calibrated judge over the doubts of the earlier stages."""

import math
from typing import TYPE_CHECKING

from index.text import sources
from index.text.cues import known_cues
from index.text.manner import is_belief
from index.text.reading import Block, outline
from index.text.scoring import model

if TYPE_CHECKING:
    from index.text.statements import Draft


def _bin(share: float) -> int:
    """Log odds in steps of a half, from -6 to 10."""
    share = min(max(share, 1e-4), 1 - 1e-4)
    return max(-6, min(10, round(2 * math.log(share / (1 - share)))))


def confidence_features(draft: "Draft", blocks: list[Block]) -> list[str]:
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
        return ["carried", f"c={length_class}", f"cb={draft.block - draft.follows.block if draft.follows else -1}"]
    word, tag = sentence.lower[place], sentence.tags[place]
    share = known_cues().get(word, "u")
    cue, source, side, words = (_bin(value) for value in draft.shares)
    first, last = draft.phrase
    head = sentence.tags[last - 1] if draft.phrase != sources.NONE else "0"
    shown = sentence.lower[first] if head in "pw" else head
    content = outline(sentence.marks[draft.units[0][0] : draft.units[0][1]]) if draft.units else ""
    finite = "V" in content
    total = max(-8, min(12, round(2 * sum(math.log(max(v, 1e-4)) for v in draft.shares))))
    return [
        "b",
        f"c={cue}",
        f"s={source}",
        f"d={side}",
        f"e={words}",
        f"t={total}",
        f"tq={total}/{quoted}",
        f"w={word}",
        f"wq={word}/{quoted}",
        f"h={share}/{quoted}",
        f"g={tag}/{head}",
        f"p={shown}",
        f"i={sentence.inside >= 0:d}{headline:d}/{quoted}",
        f"l={length_class}/{quoted}",
        f"lf={length_class}/{finite:d}/{share}",
        f"o={content[:4]}",
        f"oe={content[-3:]}",
        f"wf={word}/{finite:d}",
        f"n={draft.side}{quoted}{finite:d}",
        f"a={is_belief(word):d}/{quoted}",
        f"ce={min(cue, 4)}/{min(words, 4)}",
        f"cs={min(cue, 4)}/{min(source, 4)}",
    ]


def confidence(draft: "Draft", blocks: list[Block]) -> float:
    """The probability that speaker and words are right."""
    return model("keep").probability(confidence_features(draft, blocks))
