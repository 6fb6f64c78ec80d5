"""Statements that are listed after one cue or one noun: bullets, numbers, or clauses behind a colon."""

import re

from index.text.drafts import Draft, Piece
from index.text.reading import Block, Sentence

_BULLET = re.compile(r"\s*(?:[-–—•*▪◦·‣●]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+(?=\S)")
_INNER_BULLET = re.compile(r"(?:^|(?<=\s))[-–—•*▪◦·‣●](?=\s)")
_NOUNS = frozenset(
    "accusations allegations answers apologies arguments charges claims comments complaints conclusions concerns "
    "conditions criticisms demands findings objections observations pledges points predictions promises proposals "
    "questions quotes reasons recommendations remarks replies requests statements suggestions things thoughts tweets "
    "vows warnings words".split()
)
_TELLING = frozenset(
    "made makes making gave gives giving offered offers listed lists listing named cited cites outlined outlines set "
    "raised raises asked asks posed put issued issues posted wrote drew laid".split()
)
_SHARES = (0.6, 0.6, 0.9, 0.9)
_FEWEST_WORDS = 2
_MOST_ITEMS = 100


def listed(blocks: list[Block], found: list[Draft]) -> list[Draft]:
    """The items of every list that somebody is said to have spoken, each as a statement.

    The draft whose cue announces a list, but reports no clause, becomes its first item.
    """
    by_sentence: dict[int, list[Draft]] = {}
    taken: set[int] = set()
    for made in found:
        by_sentence.setdefault(id(made.sentence), []).append(made)
        if made.sentence.inside < 0:
            taken.add(made.block)
    added: list[Draft] = []
    for index, block in enumerate(blocks):
        if ":" not in block.text:
            continue
        for sentence in block.sentences:
            colon = _colon(sentence)
            if colon < 0:
                continue
            items = _items(blocks, index, sentence, colon, taken)
            if not items:
                continue
            own = by_sentence.get(id(sentence), [])
            announced = _announcing(index, sentence, colon, own)
            if announced is None:
                continue
            if announced in own:
                announced.pieces, announced.quotations, announced.units = [items[0]], [], []
                announced.side, announced.shares = "I", _SHARES
                items = items[1:]
            added += [_item(announced, piece) for piece in items]
            _with_quotations(blocks, [announced, *added[len(added) - len(items) :]])
            break
    return added


def _colon(sentence: Sentence) -> int:
    """The unit of the sentence's last colon, outside quotations, or -1."""
    if sentence.inside >= 0 or ":" not in sentence.words:
        return -1
    return len(sentence.words) - 1 - sentence.words[::-1].index(":")


def _items(blocks: list[Block], index: int, sentence: Sentence, colon: int, taken: set[int]) -> list[Piece]:
    """What is listed behind a colon: in the paragraphs that follow, behind bullets, or up to the sentence's end."""
    block = blocks[index]
    start = sentence.ends[colon]
    if not block.text[start:].strip():
        found: list[Piece] = []
        for number in range(index + 1, min(len(blocks), index + 1 + _MOST_ITEMS)):
            bullet = _BULLET.match(blocks[number].text)
            if bullet is None:
                break
            if number not in taken:  # else it says itself who speaks
                found.append((number, bullet.end(), len(blocks[number].text.rstrip())))
        return found
    marks = [found.span() for found in _INNER_BULLET.finditer(block.text, start)]
    if marks and not block.text[start : marks[0][0]].strip():
        ends = [first for first, _ in marks[1:]] + [len(block.text)]
        return [_stripped(index, block.text, last, end) for (_, last), end in zip(marks, ends, strict=True)]
    if len(sentence.words) - colon > _FEWEST_WORDS and _noun(sentence, colon) >= 0:
        return [_stripped(index, block.text, start, sentence.ends[-1])]
    return []


def _stripped(index: int, text: str, start: int, end: int) -> Piece:
    while start < end and text[start].isspace():
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ".;"):
        end -= 1
    return index, start, end


def _noun(sentence: Sentence, colon: int) -> int:
    """The noun before a colon that tells of speech ("three demands of the board:"), where somebody makes it; or -1."""
    lower = sentence.lower
    noun = next((unit for unit in range(colon - 1, max(0, colon - 6), -1) if lower[unit] in _NOUNS), -1)
    return noun if noun > 0 and not _TELLING.isdisjoint(lower[:noun]) else -1


def _announcing(index: int, sentence: Sentence, colon: int, own: list[Draft]) -> Draft | None:
    """The draft that announces a list; made anew where a mere noun does."""
    noun = _noun(sentence, colon)
    near = [d for d in own if d.phrase[0] >= 0 and colon - 8 < d.place < colon]
    if near:
        best = max(near, key=lambda d: d.probability)
        clause = any("V" in sentence.outline(first, min(last, colon)) for first, last in best.units)
        if not clause or best.place == colon - 1:
            return best
        if noun < 0:
            return _announcement(index, sentence, best.place, best.phrase, best.whole)
    if noun < 0 or any(d.sentence is sentence and d.pieces and d.probability > 0.6 for d in own):
        return None
    subject = next((p for p in sentence.phrases if p[0] == 0 or sentence.tags[p[0] - 1] in ",c:"), None)
    return _announcement(index, sentence, noun, subject, subject) if subject and subject[1] <= noun else None


def _announcement(index: int, sentence: Sentence, place: int, phrase: tuple[int, int], whole: tuple[int, int]) -> Draft:
    return Draft(index, sentence, place, phrase, whole, [], 0.6, [], None, "I", _SHARES)


def _item(announced: Draft, piece: Piece) -> Draft:
    made = _announcement(announced.block, announced.sentence, announced.place, announced.phrase, announced.whole)
    made.pieces.append(piece)
    return made


def _with_quotations(blocks: list[Block], made: list[Draft]) -> None:
    """Let items claim the quotations that they hold."""
    for draft in made:
        for index, start, end in draft.pieces:
            quotations = blocks[index].quotations
            draft.quotations += [(index, n) for n, q in enumerate(quotations) if start <= q.start and q.end <= end + 1]
