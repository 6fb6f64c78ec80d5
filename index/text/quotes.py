"""Finds what stands inside quotation marks in a paragraph, also where a mark is doubled, single or never closed."""

from dataclasses import dataclass

from index.text.tokens import CLOSING, MARKS, OPENING

_LONGEST_SINGLE = 120  # tokens; beyond that an apostrophe is more likely than a closing mark


@dataclass(slots=True)
class Region:
    """Tokens [first, last) inside one pair of marks, the marks included.

    Attributes:
        closed: False where the paragraph ends before the closing mark (the quotation runs on in the next one).
        single: between single marks.
    """

    first: int
    last: int
    closed: bool
    single: bool


def _is_space(text: str, place: int) -> bool:
    return not 0 <= place < len(text) or text[place].isspace()


def _is_word(text: str, place: int) -> bool:
    return 0 <= place < len(text) and text[place].isalnum()


def _opens_single(text: str, word: str, start: int) -> bool:
    before = start - 1
    fits = _is_space(text, before) or text[before] in "([—–-"
    if word == "’" or not fits:
        return False
    return not _is_space(text, start + 1)


def _closes_single(text: str, word: str, start: int) -> bool:
    return word in "'’" and not _is_space(text, start - 1) and not _is_word(text, start + 1)


def _single_end(text: str, words: list[str], starts: list[int], first: int) -> int:
    """The token after the mark that closes a single quotation, or 0."""
    for place in range(first + 1, min(len(words), first + _LONGEST_SINGLE)):
        word = words[place]
        if word not in MARKS:
            continue
        if word in "'’" and _closes_single(text, word, starts[place]):
            return place + 1
        if word not in "'’‘":
            return 0
    return 0


def regions(text: str, words: list[str], starts: list[int]) -> list[Region]:
    """The quoted regions of a paragraph, in order, not overlapping."""
    found: list[Region] = []
    opened = -1
    skip = 0
    for place, word in enumerate(words):
        if word not in MARKS or place < skip:
            continue
        start = starts[place]
        if word in "'‘’":
            if opened < 0 and _opens_single(text, word, start):
                end = _single_end(text, words, starts, place)
                if end:
                    found.append(Region(place, end, closed=True, single=True))
                    skip = end
        elif opened < 0:
            inches = word == '"' and start and text[start - 1].isdigit() and text[start + 1 : start + 2] in " ,.;)"
            if (word in OPENING or word not in CLOSING) and not inches:
                opened = place
        elif word in CLOSING or (word in OPENING and not _is_space(text, start - 1) and _is_space(text, start + 1)):
            found.append(Region(opened, place + 1, closed=True, single=False))
            opened = -1
        elif word not in OPENING:
            if _is_space(text, start - 1) and _is_word(text, start + len(word)) and place > opened + 1:
                found.append(Region(opened, place, closed=True, single=False))
                opened = place
            else:
                found.append(Region(opened, place + 1, closed=True, single=False))
                opened = -1
    if opened >= 0:
        found.append(Region(opened, len(words), closed=False, single=False))
    return found
