"""Learns what each piece of evidence weighs: for the order of candidates, and for staying silent.

    python benchmarks/learn_ranking.py --home HOME --questions FILE... --measure DIR [--intent said|plain] [--odd]

HOME is a library that was indexed; FILE holds questions with their gold (see silver.py). Prints both sets of weights
as they stand in index/answer/evidence.py and index/answer/silence.py, with the hits that they reach on the same
questions and what each of them is worth.
"""

import argparse
import json
import re
import sys
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.answer import looking
from index.answer.answering import Answerer
from index.answer.evidence import PLAIN, SAID, Evidence
from index.answer.inquiry import names_in
from index.answer.overlap import Overlap
from index.answer.silence import Grounds, grounds
from index.model import Intent, Question
from index.storage import open_store

Numbers = npt.NDArray[np.float64]


def main() -> None:
    """Learns and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--questions", type=Path, nargs="+", required=True)
    parser.add_argument("--measure", type=Path, required=True)
    parser.add_argument("--intent", choices=["said", "plain"], default="said")
    parser.add_argument("--half", choices=["odd", "even", "all"], default="all")
    parser.add_argument("--dump", type=Path)
    options = parser.parse_args()
    sys.path.insert(0, str(options.measure))
    rows = [json.loads(line) for path in options.questions for line in path.open(encoding="utf-8")]
    if options.half != "all":
        rows = [row for row in rows if int(re.findall(r"\d+", row["id"])[-1]) % 2 == (options.half == "odd")]
    answerer = Answerer(open_store(options.home).snapshot(), limit=10)
    lists, decisions = [], []
    for row in rows:
        made = described(answerer, row, options.intent)
        if made is None:
            continue
        evidence, gold, ground = made
        if row["answerable"] and any(gold) and not all(gold):
            lists.append((evidence, gold))
        decisions.append((ground, row["answerable"]))
    if options.dump:
        np.savez(options.dump, lists=np.array(lists, dtype=object), decisions=np.array(decisions, dtype=object))
    report(lists, decisions, SAID if options.intent == "said" else PLAIN)


def described(answerer: Answerer, row: dict[str, Any], intent: str) -> tuple[Any, Any, Any] | None:
    """Each candidate's evidence, whether it is right, and the grounds for an answer; None for another intent."""
    from answers import holds  # noqa: PLC0415 - the scorer's folder is an argument

    asked = date.fromisoformat(row["asked"]) if row.get("asked") else date(2026, 11, 23)
    inquiry = answerer.inquire(Question(text=row["question"], asked=asked, context=tuple(row.get("context") or ())))
    query = inquiry.query
    if intent == "said":
        if query.intent is not Intent.SAID or not query.topic or not inquiry.who or not inquiry.who[0].known:
            return None
        who = inquiry.who[0]
        terms = inquiry.terms(query.topic, without=names_in(who))
        overlap = Overlap(terms=terms, reader=inquiry.reader)
        candidates = looking.statements_of(inquiry, who, overlap)
        statements = sum(entry.statements for entry in who.entries)
        ground = grounds(candidates, overlap, statements=statements)
    else:
        if query.intent is not Intent.PLAIN:
            return None
        terms = inquiry.terms(query.topic or query.text)
        overlap = Overlap(terms=terms, reader=inquiry.reader)
        candidates = looking.paragraphs_about(inquiry, overlap)
        ground = grounds(candidates, overlap)
    if not candidates:
        return None
    texts = [inquiry.reader.paragraph(c).text for c in candidates]  # type: ignore[union-attr]
    gold = [any(holds(text, g["text"]) for g in row["gold"]) for text in texts]
    evidence = np.array([[getattr(c.evidence, f.name) for f in fields(Evidence)] for c in candidates])
    return evidence, np.array(gold), np.array([getattr(ground, f.name) for f in fields(Grounds)])


def report(lists: list[Any], decisions: list[Any], standing: Evidence) -> None:
    """Prints the weights learned, and what each of those that stand is worth."""
    names = [f.name for f in fields(Evidence)]
    learned = order(lists)
    print(f"{len(lists)} questions; learned: {shares(lists, learned)}")
    print("Evidence(" + ", ".join(f"{n}={w:.2f}" for n, w in zip(names, learned, strict=True) if abs(w) > 0.005) + ")")
    weights = np.array([getattr(standing, name) for name in names])
    print(f"as they stand: {shares(lists, weights)}")
    for k, name in enumerate(names):
        if weights[k]:
            without = weights.copy()
            without[k] = 0
            print(f"  without {name:10s} {shares(lists, without)}")
    x = np.array([g for g, _ in decisions])
    y = np.array([a for _, a in decisions], float)
    if 0 < y.sum() < len(y):
        grounds_of = logistic(x, y)
        print(
            "Grounds(" + ", ".join(f"{f.name}={w:.2f}" for f, w in zip(fields(Grounds), grounds_of, strict=True)) + ")"
        )
        for least in (-1.5, -1, -0.5, 0, 0.5):
            said = x @ grounds_of > least
            silent, declined = 100 * (1 - said[y == 1].mean()), 100 * (1 - said[y == 0].mean())
            print(f"  least {least:4}: silent {silent:.1f}, declined {declined:.1f}")


def shares(lists: list[Any], weights: Numbers) -> str:
    """Hits among the first and the first three, in per cent."""
    return f"hit@1 {100 * hits(lists, weights, 1):.1f}, hit@3 {100 * hits(lists, weights, 3):.1f}"


def hits(lists: list[Any], weights: Numbers, depth: int) -> float:
    """Share of questions with a right candidate among the first."""
    good = 0
    for evidence, gold in lists:
        best = np.argsort(-(evidence @ weights), kind="stable")[:depth]
        good += bool(gold[best].any())
    return good / max(1, len(lists))


def order(lists: list[Any], rounds: int = 400, penalty: float = 0.003) -> Numbers:
    """Weights that make right candidates likely under a softmax over each question's list (gradient ascent, Adam)."""
    size = lists[0][0].shape[1]
    weights, first, second = np.full(size, 0.5), np.zeros(size), np.zeros(size)
    for step in range(1, rounds + 1):
        gradient = -penalty * weights * len(lists)
        for evidence, gold in lists:
            scores = evidence @ weights * 3
            chance = np.exp(scores - scores.max())
            chance /= chance.sum()
            right = chance * gold
            gradient += 3 * ((right / right.sum() - chance) @ evidence)
        gradient /= len(lists)
        first = 0.9 * first + 0.1 * gradient
        second = 0.99 * second + 0.01 * gradient**2
        weights = weights + 0.03 * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-6)
    return weights


def logistic(x: Numbers, y: Numbers, rounds: int = 3000, penalty: float = 0.002) -> Numbers:
    """Weights of a logistic regression, both classes counting alike."""
    weights = np.zeros(x.shape[1])
    share = np.where(y == 1, 0.5 / y.mean(), 0.5 / (1 - y.mean()))
    for _ in range(rounds):
        chance = 1 / (1 + np.exp(-(x @ weights)))
        weights += 0.3 * ((share * (y - chance)) @ x / len(y) - penalty * weights)
    return weights


if __name__ == "__main__":
    main()
