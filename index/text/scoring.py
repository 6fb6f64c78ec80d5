"""Linear models over named features: the sum of learned weights, and what it means as a probability."""

import math
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import repeat

from index.text.lexicon_files import read_json

_APART = 24  # bits in which one choice's sum stands, in hundredths and above a half that keeps it positive
_MASK, _HALF = (1 << _APART) - 1, 1 << (_APART - 1)


class LinearModel:
    """Weights by feature name; unknown features weigh nothing."""

    def __init__(self, weights: dict[str, float]) -> None:
        self._weights = weights
        self._get = weights.get
        self._choices: dict[str, int] = {}  # all choices' weights, in hundredths, side by side in one number

    def scores(self, candidates: Iterable[Iterable[str]]) -> list[float]:
        """The sum of the weights of each candidate's features."""
        get, zeros = self._get, repeat(0.0)
        return [sum(map(get, features, zeros)) for features in candidates]

    def choice_scores(self, choices: Sequence[str], features: Iterable[str]) -> list[float]:
        """The score of each choice, where every feature's name begins with its choice's letter."""
        places = range(0, _APART * len(choices), _APART)
        if not self._choices:
            for name in {name[1:] for name in self._weights}:
                weights = (round(100 * self._get(choice + name, 0.0)) for choice in choices)
                self._choices[name] = sum(weight << place for weight, place in zip(weights, places, strict=True))
        total = sum(map(self._choices.get, features, repeat(0)), sum(_HALF << place for place in places))
        return [((total >> place & _MASK) - _HALF) / 100 for place in places]

    def probability(self, features: Iterable[str]) -> float:
        """The logistic of the score."""
        return logistic(self.scores([features])[0])


def logistic(score: float) -> float:
    """1 / (1 + e^-score), safe at both ends."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


def softmax(scores: Sequence[float]) -> list[float]:
    """Probabilities that sum to one."""
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


@cache
def model(name: str) -> LinearModel:
    """A shipped model: "cue", "source", "side", "left", "start", "end" or "carry"."""
    # hundredths, grouped by value: {"-37": "feature feature ..."}
    groups = read_json("weights.json.gz").get(name, {})
    weights: dict[str, float] = {}
    for value, names in groups.items():
        weights.update(dict.fromkeys(names.split("\t"), int(value) / 100))  # equal weights share one number
    # short names are the common ones: side by side in memory they are found sooner
    names = sorted(weights, key=len)
    copies = "\t".join(names).split("\t") if names else []
    return LinearModel({copy: weights[copy] for copy in copies})
