"""Text to terms: the one analyzer that articles and questions share, so that every engine sees the same tokens."""

import re
import threading
import unicodedata
from functools import lru_cache
from itertools import chain

import Stemmer

from index.text.remembering import Remembered

ANALYZER_VERSION = 2

STOP_WORDS = frozenset(
    """
    a about above after again against all also am an and any are as at be because been before being below between both
    but by can could did do does doing down during each few for from further had has have having he her here hers
    herself him himself his how i if in into is it its itself just me more most my myself no nor not now of off on once
    only or other our ours ourselves out over own same she should so some such than that the their theirs them
    themselves then there these they this those through to too under until up us very was we were what when where which
    while who whom whose why will with would you your yours yourself yourselves
    """.split()
)

_TOKEN = re.compile(
    r"""
    (?: [^\W\d_] \. ){2,} (?: [^\W\d_] (?!\w) )?       # U.S., U.N., U.S.A
    | (?<!\w) [^\W\d_] \. [^\W\d_] (?!\w)             # U.S, as some pages have it
    | \d+ (?: [.,] \d+ )*                # 1,000 and 2.5
    | [^\W_]+ (?: ' [^\W\d_]+ )?         # words, with 's or n't still on them
    """,
    re.VERBOSE,
)
_AROUND = '.,;:!?()[]"“”–—…'  # what stands around words and is no part of them
_REMEMBERED = 100_000  # printed words with their punctuation, whose terms are kept at hand
_FREQUENT = 30_000  # words without it
_local = threading.local()


def fold(text: str) -> str:
    """Lower case without diacritics, typographic apostrophes made plain; same words, no longer the same offsets."""
    text = text.replace("’", "'").replace("‘", "'").replace("ʼ", "'")
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def tokens(text: str) -> list[str]:
    """Folded words in order, stop words included, not stemmed: for phrases and for counting what a text covers."""
    return [_word(printed) for printed in _printed(text)]


def stem(word: str) -> str:
    """The Snowball English stem of a folded word."""
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:
        stemmer = _local.stemmer = Stemmer.Stemmer("english", 50_000)
    return str(stemmer.stemWord(word))


def analyze(text: str) -> list[str]:
    """Terms as indexed: folded, stop words out, stemmed; in reading order, with repetitions."""
    found = analyzed(text)
    return found.split() if isinstance(found, str) else list(found)


def analyzed(text: str) -> str | tuple[str, ...]:
    """The same terms as one string, parted by single blanks; one by one where a term holds a blank itself."""
    try:
        return " ".join(filter(None, map(_joined.__getitem__, text.split())))  # no printed word holds a blank
    except _HoldsBlank:
        return tuple(chain.from_iterable(map(_terms, text.split())))


def _printed(text: str) -> list[str]:
    return _TOKEN.findall(text.replace("’", "'").replace("ʼ", "'"))


@lru_cache(maxsize=_FREQUENT)
def _word(printed: str) -> str:
    """The folded word of a printed one, without a possessive or the stops of an abbreviation."""
    if printed in {"US", "U.S.", "U.S"}:
        return "usa"  # else the country would be the pronoun, and a stop word
    if printed.isascii() and printed.isalpha():
        return printed.lower()
    word = fold(printed)
    if word[0].isdigit():
        return word.replace(",", "").rstrip(".")
    word = word.replace(".", "")
    head, mark, tail = word.partition("'")
    return head if not mark or tail in {"s", "ll", "re", "ve", "d", "m"} else head + tail


@lru_cache(maxsize=_FREQUENT)
def _term(printed: str) -> str:
    """The term of a printed word; empty for a stop word."""
    word = _word(printed)
    return "" if word in STOP_WORDS else stem(word)


class _HoldsBlank(Exception):
    """A term holds a blank, as that of a ligature of several words does."""


def _terms(piece: str) -> list[str]:
    """The terms of what stands between two blanks: a word with its punctuation."""
    bare = piece.strip(_AROUND)
    if bare.isascii() and bare.isalpha():  # as most are: one word, which needs no looking for
        return [term] if (term := _term(bare)) else []
    return list(filter(None, map(_term, _printed(piece))))


def _join(piece: str) -> str:
    terms = _terms(piece)
    joined = " ".join(terms)
    if joined.count(" ") > max(0, len(terms) - 1):
        raise _HoldsBlank
    return joined


_joined = Remembered(_join, _REMEMBERED)
