"""What every engine must find: BM25 and the filters written out document by document, with none of an engine's code."""

import math
from itertools import pairwise

from index.storage.records import Filters


def exact(length):
    """Engines that keep lengths as they are."""
    return length


def one_byte(length):
    """Engines that keep a length in one byte: the next smaller of 256 lengths, exact up to 40, then three bits."""
    if length < 24:
        return length
    length -= 24
    bits = length.bit_length()
    shift = max(0, bits - 4)
    return 24 + ((length >> shift) << shift)


def passes(document, filters):
    if filters is None:
        return True
    dated = filters.since is not None or filters.until is not None
    return (
        (filters.speakers is None or bool(filters.speakers & document.speakers))
        and (not dated or (document.day is not None or filters.undated))
        and (filters.since is None or document.day is None or document.day >= filters.since)
        and (filters.until is None or document.day is None or document.day <= filters.until)
        and (filters.outlet is None or document.outlet == filters.outlet.lower())
        and (filters.articles is None or document.article_id in filters.articles)
        and (filters.holding is None or not filters.holding.isdisjoint(document.fields.get("body", ())))
        and (filters.attitude is None or document.attitude == filters.attitude)
    )


def scores(documents, unit, terms, boosts, filters=None, length=exact, empty=0):
    """Id to score of each document that is a hit; `empty` is how long a field without terms counts."""
    mine = [d for d in documents if d.unit == unit]
    found = {}
    for field, boost in boosts.items():
        texts = {d.id: d.fields.get(field, ()) for d in mine}
        average = sum(len(text) or empty for text in texts.values()) / len(mine) if mine else 0
        for term, weight in terms.items():
            df = sum(term in words for words in texts.values())
            idf = math.log(1 + (len(mine) - df + 0.5) / (df + 0.5))
            for document in mine:
                tf = texts[document.id].count(term)
                if tf and passes(document, filters):
                    norm = 1.2 * (1 - 0.75 + 0.75 * length(len(texts[document.id])) / average)
                    found[document.id] = found.get(document.id, 0) + boost * weight * idf * tf * 2.2 / (tf + norm)
    return found


def browsed(documents, unit, filters=Filters()):  # noqa: B008 -- frozen
    mine = [d for d in documents if d.unit == unit and passes(d, filters)]
    mine.sort(key=lambda d: (-(d.day.toordinal() if d.day else 0), d.article_id, d.number, d.id))
    return [d.id for d in mine]


def same_hits(hits, expected, k=10):
    """Asserts that the hits are the k best of `expected`, best first, ties by id.

    Scores may differ by rounding (five digits); what is nearer than that may stand in any order, exact ties may not.
    """
    best = sorted(expected.items(), key=lambda pair: (-pair[1], pair[0]))[:k]
    assert len(hits) == len(best), (hits, best)
    assert len({hit.id for hit in hits}) == len(hits)
    for hit, (_, score) in zip(hits, best, strict=True):
        assert math.isclose(expected[hit.id], score, rel_tol=1e-5), (hits, best)
        assert math.isclose(hit.score, score, rel_tol=1e-4), (hits, best)
    for one, other in pairwise(hits):
        if expected[one.id] == expected[other.id]:
            assert one.id < other.id, (one, other)
