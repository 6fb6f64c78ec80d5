"""The informative words of a question: what is searched for, and how much of it a text holds."""

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from index.storage.base import Engine, count_together
from index.storage.records import Unit
from index.text.analyzer import analyze, stem, tokens

LIKE = 0.8  # what another word for the same counts next to the word itself
KIN = 0.7  # what a word of the same beginning counts ("citizen", "citizenship")
KIN_LETTERS = 5
SYNONYM, HINT, CARRIED = 0.5, 0.3, 0.35  # weights in a search, next to a topic's own word

_KIND = re.compile(  # "which country ...", "in what city ...": what is asked for is seldom called so in the answer
    r"\b(?:which|what)\s+(?:(?:new|major|famous|popular|top|other|two|three|american|british|critically|former)\s+)*"
    r"(?P<kind>country|countries|state|states|city|nation|company|companies|brand|airline|retailer|automaker|star|singer|"
    r"actor|actress|band|artist|team|player|athlete|celebrity|politician|person|leader|sport|film|movie|show|series|book|"
    r"animal|bird|insect|product|item|food|drug|drink|month|day|year|date|president|senator|governor|organisation|"
    r"organization|agency|region|continent|island|university|newspaper|website|platform|app|event|holiday|name|type|kind|"
    r"sort|percentage|number|color|colour|word|term|place|location)\b"
)

_SIZE = re.compile(r"\bhow\s+(?P<kind>much|many|long|often|far|big|large|old|high|tall|soon|fast)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Analysed words of a question.

    Attributes:
        weights: what is searched for: the topic's words, other words for the same, the verb, what was carried over.
        idf: of the topic's words among paragraphs; what a text covers is measured by these.
        like: other words for a topic's word.
    """

    weights: Mapping[str, float]
    idf: Mapping[str, float]
    like: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        text: str,
        engine: Engine,
        *,
        without: Collection[str] = (),
        hints: str | None = None,
        carried: str | None = None,
    ) -> "Terms":
        """The terms of a text; those in `without` are left out, unless nothing else would stay."""
        found = analyze(text)
        kind = _KIND.search(text.lower()) or _SIZE.search(text.lower())
        asked_for = {stem(word) for word in tokens(kind["kind"])} if kind else set()
        own = [term for term in found if term not in without and term not in asked_for] or found
        like = {term: _synonyms()[term] for term in dict.fromkeys(own) if term in _synonyms()}
        weights: dict[str, float] = {}
        for term in analyze(carried or ""):
            weights[term] = CARRIED if term not in without else 0.5 * CARRIED
        for term in analyze(hints or ""):
            weights[term] = HINT
        for term in asked_for:
            weights[term] = HINT
        for others in like.values():
            for term in others:
                weights[term] = SYNONYM / math.sqrt(len(others))
        for term in own:
            weights[term] = 1.0
        count_together(engine, Unit.PARAGRAPH, "body", own)
        total = engine.count(Unit.PARAGRAPH)
        idf = {}
        for term in dict.fromkeys(own):
            df = engine.df(Unit.PARAGRAPH, "body", term)
            idf[term] = math.log(1 + (total - df + 0.5) / (df + 0.5))
        return cls(weights=weights, idf=idf, like=like)

    @property
    def whole(self) -> float:
        """The informative weight of all the topic's words."""
        return sum(self.idf.values())

    def covered(
        self, held: Collection[str], kin: Collection[str] = (), *, only: Collection[str] | None = None
    ) -> float:
        """Share of the topic's informative weight that a text holds, 0..1; 1 when there is no topic.

        Args:
            held: the text's terms.
            kin: beginnings of its words, of KIN_LETTERS letters.
            only: the terms that count; all where None.
        """
        idf = self.idf if only is None else {term: value for term, value in self.idf.items() if term in only}
        whole = sum(idf.values())
        return sum(value * self._holds(term, held, kin) for term, value in idf.items()) / whole if whole else 1.0

    def _holds(self, term: str, held: Collection[str], kin: Collection[str]) -> float:
        if term in held:
            return 1.0
        if any(other in held for other in self.like.get(term, ())):
            return LIKE
        return KIN if len(term) >= KIN_LETTERS and term[:KIN_LETTERS] in kin else 0.0

    def missing(self, held: Collection[str]) -> list[str]:
        """The topic's terms that are not held, most informative first."""
        return sorted((t for t in self.idf if not self._holds(t, held, ())), key=lambda t: -self.idf[t])


@cache
def _synonyms() -> dict[str, frozenset[str]]:
    """Words that news and people use for the same, each as a stem."""
    found: dict[str, set[str]] = {}
    for line in files("index.answer").joinpath("synonyms.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        group = {stem(word) for word in tokens(line)}
        for word in group:
            found.setdefault(word, set()).update(group - {word})
    return {word: frozenset(others) for word, others in found.items()}
