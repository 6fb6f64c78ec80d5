"""Text to terms: the one analyzer that articles and questions share, so that every engine sees the same tokens."""

import re
import threading
import unicodedata

import Stemmer

ANALYZER_VERSION = 1

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
    (?: [^\W\d_] \. ){2,} [^\W\d_]?      # U.S., U.N., U.S (the last stop may be missing)
    | \d+ (?: [.,] \d+ )*                # 1,000 and 2.5
    | [^\W_]+ (?: ' [^\W\d_]+ )?         # words, with 's or n't still on them
    """,
    re.VERBOSE,
)
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
    found = []
    for match in _TOKEN.finditer(text.replace("’", "'").replace("ʼ", "'")):
        word = match.group()
        if word in {"US", "U.S.", "U.S"}:
            found.append("usa")  # else the country would be the pronoun, and a stop word
            continue
        word = fold(word)
        if "." in word and not word[0].isdigit():
            word = word.replace(".", "")
        elif word[0].isdigit():
            word = word.replace(",", "").rstrip(".")
        if "'" in word:
            head, _, tail = word.partition("'")
            word = head if tail in {"s", "ll", "re", "ve", "d", "m"} else head + tail
        found.append(word)
    return found


def stem(word: str) -> str:
    """The Snowball English stem of a folded word."""
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:
        stemmer = _local.stemmer = Stemmer.Stemmer("english", 50_000)
    return str(stemmer.stemWord(word))


def analyze(text: str) -> list[str]:
    """Terms as indexed: folded, stop words out, stemmed; in reading order, with repetitions."""
    return [stem(word) for word in tokens(text) if word not in STOP_WORDS]
