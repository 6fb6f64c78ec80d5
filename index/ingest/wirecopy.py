"""Tells the copies of one wire story apart from look-alikes: a signature of each article, and a comparison of two.

A signature is a scaled MinHash (a fixed share of all shingles, so that a shortened copy is found in a longer one) over
the words outside quotation marks: what was said is repeated by everybody, how it is told is not. Names and numbers are
kept beside it, since a template ("earnings of $3 million") repeats everything else.
"""

import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from index.ingest.grouping import DAYS_APART
from index.model import Article
from index.storage.records import Signature
from index.text.remembering import Remembered

_SHINGLE = 4  # words
_COMPARED, _LOOKED_UP = 4, 16  # one of so many shingles is kept
_MOST_COMPARED, _MOST_LOOKED_UP, _MOST_FACTS = 500, 120, 150
_FEWEST = 8  # kept shingles of a story; fewer tell nothing
_FEWEST_NARRATED = 60  # words outside quotation marks, below which all words count
_MOST_WORDS = 20_000
_LONGEST_PARAGRAPH = 100_000  # code points

_COPIED = 0.60  # of the shorter one's shingles that stand in the longer one too
_COPIED_SAME_AGENCY, _COPIED_OTHER_AGENCY = 0.50, 0.65
_COPIED_SAME_OUTLET = 0.80  # whose next story on the matter repeats its own background
_SHARED_FACTS = 0.60  # of the names and numbers

_WORD = re.compile(r"[^\W_]+(?:['’.,][^\W_]+)*")
_UNCOMMON = re.compile(
    rf"(?:[a-z]++(?![^\W_]|['’.,][^\W_])[\W_]*+)++|({_WORD.pattern})"
)  # common words skipped at once
_WORD_OR_END = re.compile(rf"{_WORD.pattern}|\n")
_QUOTED = re.compile(r"“[^”]*(?:”|$)|\"[^\"]*(?:\"|$)")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;–—-]|[.!?][\"”'’)]|[“\"‘(])\s*$")
_HEAD = struct.Struct("<IIHH")

_AGENCY = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?i:associated press)|\bAP\b",
        r"(?i:\breuters\b)",
        r"(?i:agence france-presse)|\bAFP\b",
        r"(?i:\bbloomberg\b)",
        r"(?i:united press international)|\bUPI\b",
        r"(?i:press association)|\bPA (?i:media)\b",
        r"\bdpa\b|(?i:deutsche presse-agentur)",
        r"\bANSA\b",
        r"\bEFE\b",
        r"(?i:\bxinhua\b)",
        r"\bTASS\b",
        r"(?i:press trust of india)|\bPTI\b",
        r"\bIANS\b",
        r"(?i:canadian press)",
        r"(?i:australian associated press)|\bAAP\b",
        r"(?i:\bkyodo\b)",
        r"(?i:\byonhap\b)",
        r"(?i:tribune (?:news|content|media))",
    )
)
_DATELINE = re.compile(r"^.{0,60}?\(([^()]{2,40})\)\s*[—–-]|^([A-Z][\w .,’'-]{2,50}),?\s[—–-]\s")


def signature(article: Article) -> Signature | None:
    """What an article's copies are found by; None for a text that is too short to tell."""
    narrated: list[str] = []
    texts: list[str] = []
    facts: set[int] = set()
    words = 0
    for paragraph in article.paragraphs:
        if paragraph.number == 0 or words > _MOST_WORDS:
            continue
        text = paragraph.text[:_LONGEST_PARAGRAPH]
        texts.append(text)
        narrated += _QUOTED.split(text)
        words += 1 + text.count(" ")
        facts.update(_facts(text))
    counted = _hashes(narrated)
    if np.count_nonzero(counted) < _FEWEST_NARRATED:
        counted = _hashes(texts)
    shingles = _distinct(_shingles(counted))
    compared = _sampled(shingles, _COMPARED, _MOST_COMPARED)
    if len(compared) < _FEWEST:
        return None
    keys = _sampled(shingles, _LOOKED_UP, _MOST_LOOKED_UP)
    named = np.array(sorted(facts)[:_MOST_FACTS], np.uint32)
    outlet = zlib.crc32(article.outlet.casefold().encode("utf-8", "replace")) if article.outlet else 0
    body = _HEAD.pack(outlet, _agencies(article), len(compared), len(named))
    body += (compared >> np.uint64(32)).astype(np.uint32).tobytes() + named.tobytes()
    day = article.day
    return Signature(
        day=day.toordinal() if day else 0,
        keys=tuple(int(key) for key in keys >> np.uint64(32)),
        body=body,
    )


def is_copy(one: Signature, other: Signature) -> bool:
    """Whether two articles are the same story as an agency sent it, edited by one outlet or both."""
    if (one.day == 0) != (other.day == 0) or abs(one.day - other.day) > DAYS_APART:
        return False
    found = likeness(one.body, other.body)
    least = _COPIED_SAME_AGENCY if found.agency else _COPIED_OTHER_AGENCY if found.agency is False else _COPIED
    if found.same_outlet:
        least = _COPIED_SAME_OUTLET
    return found.copied >= least and found.facts >= _SHARED_FACTS


class Likeness(NamedTuple):
    """How alike two articles are.

    Attributes:
        copied: the share of the shorter one's shingles that stand in the longer one too.
        facts: the same of names and numbers.
        agency: whether they name the same agency; None when one of them names none.
        same_outlet: whether one outlet printed both.
    """

    copied: float
    facts: float
    agency: bool | None
    same_outlet: bool


def likeness(one: bytes, other: bytes) -> Likeness:
    """Compares the bodies of two signatures."""
    outlet, mine, shingles, facts = _read(one)
    other_outlet, theirs, other_shingles, other_facts = _read(other)
    return Likeness(
        copied=_share(shingles, other_shingles, _MOST_COMPARED),
        facts=_share(facts, other_facts, _MOST_FACTS),
        agency=bool(mine & theirs) if mine and theirs else None,
        same_outlet=bool(outlet) and outlet == other_outlet,
    )


def _share(one: np.ndarray, other: np.ndarray, most: int) -> float:
    """The share of the fewer numbers that are among the others; where the largest were left out, of those below."""
    for each in (one, other):
        if len(each) >= most:
            one, other = one[one <= each[-1]], other[other <= each[-1]]
    fewer = min(len(one), len(other))
    return len(np.intersect1d(one, other, assume_unique=True)) / fewer if fewer else 1.0


def _read(body: bytes) -> tuple[int, int, np.ndarray, np.ndarray]:
    outlet, agencies, shingles, facts = _HEAD.unpack_from(body)
    numbers = np.frombuffer(body, np.uint32, shingles + facts, _HEAD.size)
    return outlet, agencies, _distinct(numbers[:shingles]), _distinct(numbers[shingles:])


def _hashes(runs: Sequence[str]) -> np.ndarray:
    """A number for each word of the runs, and 0 between two of them."""
    words = _WORD_OR_END.findall("\n".join(runs).casefold().replace("’", "'"))
    return np.array(list(map(_hashed.__getitem__, words)), np.uint64)


def _hash(word: str) -> int:
    if word == "\n":
        return 0
    coded = word.encode()
    return zlib.crc32(coded) | zlib.crc32(coded, 0x9E3779B9) << 32


_hashed = Remembered(_hash, 50_000)  # the same words come again and again


def _shingles(words: np.ndarray) -> np.ndarray:
    """A 64-bit number for each so many words that stand beside each other in a run."""
    if len(words) < _SHINGLE:
        return np.zeros(0, np.uint64)
    mixed = np.zeros(len(words) - _SHINGLE + 1, np.uint64)
    whole = np.ones(len(mixed), bool)
    for place in range(_SHINGLE):
        beside = words[place : place + len(mixed)]
        mixed = _mixed(mixed ^ beside)
        whole &= beside != 0
    found: np.ndarray = mixed[whole]
    return found


def _distinct(numbers: np.ndarray) -> np.ndarray:
    """The different ones, ascending; for so few, sorting takes a sixth of the time of `np.unique`."""
    ascending = np.sort(numbers)
    first = np.ones(len(ascending), bool)
    first[1:] = ascending[1:] != ascending[:-1]
    return ascending[first]


def _mixed(numbers: np.ndarray) -> np.ndarray:
    """SplitMix64's finalizer (Steele, Lea and Flood 2014)."""
    numbers = (numbers + np.uint64(0x9E3779B97F4A7C15)).astype(np.uint64)
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: np.ndarray = numbers ^ (numbers >> np.uint64(31))
    return mixed


def _sampled(shingles: np.ndarray, one_of: int, most: int) -> np.ndarray:
    """Those whose number is small: the same ones in every text that holds them."""
    return shingles[shingles < np.uint64(2**64 // one_of)][:most]


def _facts(text: str) -> Iterator[int]:
    """Names and numbers: words in capitals within a sentence, and what holds a digit."""
    for word in _UNCOMMON.finditer(text):
        found = word[1]
        if not found:
            continue
        fact, numbered = _fact(found)
        if numbered or (found[0].isupper() and not _starts_sentence(text, word.start())):
            yield fact


@lru_cache(maxsize=20_000)  # the same names come again and again
def _fact(word: str) -> tuple[int, bool]:
    """The number that stands for a word, and whether it holds a digit."""
    bare = re.sub(r"['’]s$|[,.]", "", word).casefold()
    return zlib.crc32(bare.encode()), any(character.isdigit() for character in word)


def _starts_sentence(text: str, place: int) -> bool:
    if place > 1 and text[place - 1] == " " and text[place - 2].isalnum():  # as nearly all words within one do
        return False
    return _SENTENCE_START.search(text, max(0, place - 4), place) is not None


def _agencies(article: Article) -> int:
    """A bit for each agency that the byline, the dateline or the last line names."""
    body = [paragraph.text for paragraph in article.paragraphs if paragraph.number]
    dateline = _DATELINE.match(body[0]) if body else None
    places = [*article.authors, article.outlet or "", (dateline[1] or "") if dateline else ""]
    if body and len(body[-1]) < 200:
        places.append(body[-1])
    return _bits(places)


def _bits(places: Iterable[str]) -> int:
    text = "\n".join(places)
    return sum(1 << number for number, pattern in enumerate(_AGENCY) if pattern.search(text))
