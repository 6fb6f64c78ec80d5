"""Reads paragraphs into sentences in which each quotation is one unit, and the sentences inside quotations likewise."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from operator import add

from index.text.quotes import Region, regions
from index.text.tags import tagger
from index.text.tokens import MARKS, tokenise

Columns = tuple[list[str], list[str], list[int], list[int]]  # words, the same in lower case, starts, ends
LONG_SENTENCE = 400  # units; a longer run of text is cut, so that work per sentence stays bounded
_SMALL = 4  # words; a shorter quotation is a piece of the clause around it

NOUN_PHRASE = re.compile(r"(?:[do][jr#ng]*|[j#]*)[NPq]+(?:(?:'[jr#ng]*|[j#]+)?[NPq]+)*#?|p|[do#](?![jr#ngNPq'])|w")
_FUNCTION = frozenset("icwrptmdo,:(.")  # tags of words that are shown themselves
_CLAUSE_MARKS = {
    **dict.fromkeys(["that", "whether", "if"], "T"),
    **dict.fromkeys(
        ["as", "while", "because", "although", "though", "after", "before", "since", "until", "unless"], "A"
    ),
}
_OUTLINE = str.maketrans("rjd'o#Pqvm", "_____NNNVV")  # what "_" stands for describes the next word


@dataclass(slots=True)
class Sentence:
    """Units of a sentence: words, and each quotation as one unit.

    Attributes:
        paragraph: index of its paragraph.
        words: as printed; lower: in lower case; a quotation is '"'.
        tags: a letter per unit; Q is a quotation, q a quoted piece of few words.
        begins, ends: code points in the paragraph.
        quoted: the number of the quotation that the unit is, or -1.
        inside: the number of the quotation that the sentence stands in, or -1.
        phrases: noun phrases, [first, last) units.
        phrase_at: the number of the phrase that a unit is in, or -1.
        skeleton: the sentence's phrases and verb groups, a letter each.
        run_from, run_to: for each unit, the letter of the skeleton that a stretch from, or up to, it has.
        marks: the tags, with T for "that" and its kind, A for "as", "while" and their kind.
        likely: the units that are cues about as often as not; like the four before, filled in when first asked for.
        signs: the tags, with the word itself where it is a mere function word; see `sign`.
        finite: how many finite verbs and modals stand before each unit, and in all; known once traced.
    """

    paragraph: int
    words: list[str]
    lower: list[str]
    tags: str
    begins: list[int]
    ends: list[int]
    quoted: list[int]
    inside: int = -1
    phrases: list[tuple[int, int]] = field(default_factory=list)
    phrase_at: list[int] = field(default_factory=list)
    marks: str = ""
    skeleton: str = ""
    run_from: list[int] = field(default_factory=list)
    run_to: list[int] = field(default_factory=list)
    likely: list[int] | None = None
    signs: list[str] = field(default_factory=list)
    finite: list[int] = field(default_factory=list)

    def outline(self, first: int, last: int) -> str:
        """The skeleton of units [first, last): one letter per phrase or verb group, describing words left out."""
        size = len(self.tags)
        if not self.run_to:
            self.trace()
        if first < 0:  # noqa: PLR1730 - the innermost call: a comparison is several times faster than max()
            first = 0
        if last > size:  # noqa: PLR1730 - as above
            last = size
        return self.skeleton[self.run_from[first] : self.run_to[last]] if first < last else ""

    def sign(self, unit: int) -> str:
        """A function word, or the tag of any other; up to two units before the sentence and three after it."""
        return self.signs[unit + 2]

    def chunk(self) -> None:
        """Find the noun phrases."""
        self.phrases = [found.span() for found in NOUN_PHRASE.finditer(self.tags)]
        at = [-1] * len(self.words)
        for number, (first, last) in enumerate(self.phrases):
            at[first:last] = [number] * (last - first)
        self.phrase_at = at

    def trace(self) -> None:
        """Find the marks and the skeleton."""
        get = _CLAUSE_MARKS.get
        self.marks = "".join(map(get, self.lower, self.tags))
        runs: list[str] = []
        run_from: list[int] = []
        run_to = [0]
        previous, count, described = "", 0, 0
        for letter in self.marks.translate(_OUTLINE):
            if letter == "_":
                described += 1
            else:
                if letter != previous:
                    runs.append(letter)
                    previous = letter
                    count += 1
                if described:
                    run_from += [count - 1] * described
                    described = 0
                run_from.append(count - 1)
            run_to.append(count)
        self.skeleton = "".join(runs)
        self.run_from = run_from + [count] * (described + 1)
        self.run_to = run_to
        shown = [word if tag in _FUNCTION else tag for word, tag in zip(self.lower, self.tags, strict=True)]
        self.signs = ["^", "^", *shown, "$", "$", "$"]
        self.finite = list(accumulate(map("Vvm".__contains__, self.tags), initial=0))


@dataclass(slots=True)
class Quotation:
    """One quoted region of a paragraph, in code points, its marks included.

    Attributes:
        ending: the last printed mark inside it ("," or "." or a word).
        words: how many.
        opening_capital: begins like a sentence.
    """

    start: int
    end: int
    closed: bool
    single: bool
    words: int
    ending: str
    opening_capital: bool
    sentence: int = -1
    unit: int = -1


@dataclass(slots=True)
class Block:
    """A paragraph as read: its sentences, in order, those inside a quotation after the one that holds it."""

    number: int
    text: str
    sentences: list[Sentence]
    quotations: list[Quotation]
    title_case: bool = False


_STARTERS = frozenset(
    "the he she it they we i but and in a an on at his her this that these those as for if when while with".split()
)


_STOPS = frozenset(".?!•;)")  # what the last token of a sentence may end with


def _ends_sentence(words: list[str], place: int) -> bool:
    """Whether the token at `place`, outside quotations, ends a sentence."""
    word = words[place]
    following = words[place + 1] if place + 1 < len(words) else ""
    if word in {".", "?", "!", "..."}:
        return not following or following[:1].isupper() or following[:1].isdigit() or following[:1] in "“„«\"‘'(`[$—•@#"
    if word[-1] == "." and len(word) > 2 and word[-3:-2] == ".":
        return following.lower() in _STARTERS and following[:1].isupper()
    if word == ")":
        return place > 0 and words[place - 1] in {".", "?", "!"} and following[:1].isupper()
    return word in {"•", ";;"}


def _title_case(words: list[str]) -> bool:
    letters = [word[0] for word in words if word[0].isalpha()]
    capitals = sum(map(str.isupper, letters))
    return len(letters) > 3 and capitals > 0.65 * len(letters)


_MID_CAPITAL = re.compile(r"(?<=[a-z,] )[A-Z][\w’'-]+")


def proper_words(texts: Iterable[str]) -> frozenset[str]:
    """Words that stand capitalised in the middle of ordinary sentences."""
    found: set[str] = set()
    for text in texts:
        found.update(_MID_CAPITAL.findall(text))
    return frozenset(found)


def read(number: int, index: int, text: str, proper: frozenset[str] = frozenset()) -> Block:
    """One paragraph.

    Args:
        number: the paragraph's number.
        index: its place in the article.
        text: its text.
        proper: words known as names, for headlines and for the beginnings of sentences.
    """
    words, starts = tokenise(text)
    title = _title_case(words)
    shown = words if not title else [w if w in proper or w.lower() not in _known() else w.lower() for w in words]
    tags = tagger().tag(shown, proper)
    found = regions(text, words, starts)
    ends = list(map(add, starts, map(len, words)))
    block = Block(number, text, [], [_quotation(r, words, starts, ends) for r in found], title)
    _cut(block, index, words, starts, ends, tags, found)
    return block


def _known() -> dict[str, str]:
    return tagger().usual


def _quotation(region: Region, words: list[str], starts: list[int], ends: list[int]) -> Quotation:
    inner = region.last - (1 if region.closed and words[region.last - 1] in MARKS else 0)
    ending = words[inner - 1] if inner > region.first + 1 else ""
    opening = words[region.first + 1] if inner > region.first + 1 else ""
    return Quotation(
        starts[region.first],
        ends[region.last - 1],
        region.closed,
        region.single,
        sum(1 for word in words[region.first + 1 : inner] if word[:1].isalnum()),
        ending,
        opening[:1].isupper(),
    )


def _cut(
    block: Block, index: int, words: list[str], starts: list[int], ends: list[int], tags: str, found: list[Region]
) -> None:
    """Cut the tokens into sentences; a quotation is one unit of the sentence around it."""
    low = list(map(str.lower, words))
    columns = (words, low, starts, ends)
    place = begin = 0
    held: list[int] = []  # the quotations of the sentence

    def close(last: int) -> None:
        nonlocal begin
        if last > begin:
            if held:
                sentence = _around(block, index, found, held, columns, tags, begin, last)
            else:
                sentence = _plain(index, columns, tags, begin, last, -1)
            block.sentences.append(sentence)
            for number in held:
                _cut_inside(block, index, found[number], number, columns, tags)
            held.clear()
        begin = last

    next_region = inside = 0
    size = len(words)
    stop = found[0].first if found else size
    full_stops = [unit for unit, word in enumerate(words) if word[-1] in _STOPS]
    full_stops.append(size)
    next_stop = 0
    while True:
        while full_stops[next_stop] < place:
            next_stop += 1
        # the next token at which something may happen
        place = min(stop, full_stops[next_stop], max(place, begin + inside + LONG_SENTENCE - 1))
        if place >= size:
            break
        if place == stop:
            region = found[next_region]
            held.append(next_region)
            inside += region.last - place - 1
            place = region.last
            if _splits_after(block.quotations[next_region], words, low, tags, place):
                close(place)
                inside = 0
            next_region += 1
            stop = found[next_region].first if next_region < len(found) else size
            continue
        ends_here = place == full_stops[next_stop] and _ends_sentence(words, place)
        place += 1
        if ends_here or place - begin - inside >= LONG_SENTENCE:
            close(place)
            inside = 0
    close(size)


def _plain(index: int, columns: Columns, tags: str, first: int, last: int, inside: int) -> Sentence:
    """Tokens [first, last), none of them in a quotation of its own, as a sentence."""
    span = slice(first, last)
    words, low, starts, ends = columns
    sentence = Sentence(
        index, words[span], low[span], tags[span], starts[span], ends[span], [-1] * (last - first), inside
    )
    sentence.chunk()
    return sentence


def _around(
    block: Block, index: int, found: list[Region], held: list[int], columns: Columns, tags: str, first: int, last: int
) -> Sentence:
    """Tokens [first, last) as a sentence in which each quotation is one unit."""
    words, low, starts, ends = columns
    sentence = Sentence(index, [], [], "", [], [], [])
    number = len(block.sentences)
    letters: list[str] = []
    place = first
    for q in [*held, -1]:
        stop = found[q].first if q >= 0 else last
        span = slice(place, stop)
        sentence.words += words[span]
        sentence.lower += low[span]
        letters.append(tags[span])
        sentence.begins += starts[span]
        sentence.ends += ends[span]
        sentence.quoted += [-1] * (stop - place)
        if q < 0:
            break
        quotation = block.quotations[q]
        quotation.sentence, quotation.unit = number, len(sentence.words)
        sentence.words.append('"')
        sentence.lower.append('"')
        letters.append("q" if quotation.words < _SMALL and not _whole(quotation) else "Q")
        place = found[q].last
        sentence.begins.append(quotation.start)
        sentence.ends.append(quotation.end)
        sentence.quoted.append(q)
    sentence.tags = "".join(letters)
    sentence.chunk()
    return sentence


def _whole(quotation: Quotation) -> bool:
    return quotation.opening_capital and quotation.ending in {",", ".", "?", "!"}


def _splits_after(quotation: Quotation, words: list[str], low: list[str], tags: str, place: int) -> bool:
    """Whether the sentence ends with a quotation whose last mark is inside it."""
    if place >= len(words):
        return True
    following = words[place]
    if following[:1].islower() or following[:1] in ",.;:)—–-―":
        return False
    if quotation.ending == ".":
        return True
    if quotation.ending in {"?", "!"}:
        return not any(tag in "Vv" for tag in tags[place : place + 4]) or low[place] in {"but", "and", "the"}
    return False


def _cut_inside(block: Block, index: int, region: Region, number: int, columns: Columns, tags: str) -> None:
    """The sentences inside a quotation, each on its own."""
    words = columns[0]
    first = begin = region.first + 1
    last = region.last - (1 if words[region.last - 1] in MARKS else 0)
    for place in range(first, last):
        if (
            place + 1 == last
            or (words[place][-1] in _STOPS and _ends_sentence(words, place))
            or place - begin >= LONG_SENTENCE
        ):
            if place - begin > 2:
                block.sentences.append(_plain(index, columns, tags, begin, place + 1, number))
            begin = place + 1
