"""The rank-bm25 engine next to rank-bm25 itself."""

import math
import random

import numpy as np
import pytest
from rank_bm25 import BM25Okapi

from index.storage.embedded.okapi import Column, Okapi


class Plain(BM25Okapi):
    """rank-bm25 as it comes, with Lucene's idf."""

    def _calc_idf(self, nd):
        self.idf = {term: math.log(1 + (self.corpus_size - df + 0.5) / (df + 0.5)) for term, df in nd.items()}


def a_column(documents):
    column = Column()
    for place, terms in enumerate(documents):
        column.add(place, terms)
    return column


def test_scores_are_those_of_rank_bm25():
    draw = random.Random(5)
    documents = [draw.choices("abcdefghij", k=draw.randint(1, 30)) for _ in range(50)]
    plain, ours = Plain(documents, k1=1.2, b=0.75), Okapi(a_column(documents))
    for query in ("a", "abc", "aab", "jz"):
        assert ours.get_scores(query) == pytest.approx(plain.get_scores(list(query)))


def test_a_corpus_without_documents_or_without_words_scores_nothing():
    assert Okapi(a_column([])).get_scores(["a"]).size == 0
    assert np.all(Okapi(a_column([[], []])).get_scores(["a"]) == 0)
