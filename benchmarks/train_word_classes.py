"""Learns the word classes of `index/text/tags.py`, and the head of each annotated source, with the help of a parser.

    python benchmarks/train_word_classes.py --data DIR --parser NAME [--heads FILE]

DIR holds `polnear-train.jsonl`. NAME is an installed spaCy model; neither spaCy nor the model is needed by the bot,
which only gets the tables that are counted here: each word's usual class, and where its neighbours change it.
"""

import argparse
import collections
import json
from pathlib import Path
from typing import Any

import spacy

from index.text.tags import Tagger
from index.text.tokens import MARKS, tokenise

LEXICONS = Path(__file__).resolve().parents[1] / "index" / "text" / "lexicons"
CLASSES = {
    "NN": "N", "NNS": "N", "NNP": "P", "NNPS": "P", "PRP": "p", "PRP$": "o", "DT": "d", "PDT": "d",
    "VBD": "V", "VBP": "v",
    "VBZ": "v", "VB": "b", "VBG": "g", "VBN": "n", "MD": "m", "TO": "t", "IN": "i", "RP": "i", "CC": "c", "JJ": "j",
    "JJR": "j", "JJS": "j", "RB": "r", "RBR": "r", "RBS": "r", "WDT": "w", "WP": "w", "WRB": "w", "WP$": "w", "CD": "#",
    "POS": "'", "EX": "p", ",": ",", ".": ".", ":": ":", "HYPH": ":", "``": '"', "''": '"',
    "-LRB-": "(", "-RRB-": ")", "$": "#",
}  # fmt: skip
Counts = dict[str, collections.Counter[str]]


def tagged(records: list[dict[str, Any]], parser: Any) -> tuple[list[tuple[list[str], list[str]]], dict[str, Any]]:  # noqa: ANN401 - spaCy ships no types
    """Our tokens with the parser's classes, line by line, and the head token of every source."""
    lines: list[tuple[list[str], list[str]]] = []
    heads: dict[str, dict[str, list[int]]] = {}
    for record in records:
        place = 0
        heads[record["id"]] = {}
        for row in record["text"].split("\n"):
            doc = parser(row)
            at = {i: token for token in doc for i in range(token.idx, token.idx + len(token))}
            words, starts = tokenise(row)
            ends = [s + len(w) - (1 if w[-1:] != "." else len(w)) for s, w in zip(starts, words, strict=True)]
            lines.append((words, [CLASSES.get(at[i].tag_, "x") if i in at else "x" for i in ends]))
            for gold in record["attributions"]:
                inside = [t for t in doc if any(s <= place + t.idx < e for s, e in gold["source"])]
                top = next((t for t in inside if t.head not in inside or t.head is t), None)
                if top is not None:
                    heads[record["id"]][gold["id"]] = [place + top.idx, place + top.idx + len(top)]
            place += len(row) + 1
    return lines, heads


def keyed(lines: list[tuple[list[str], list[str]]]) -> list[tuple[list[str], list[str]]]:
    """Words as the tagger looks them up; lines in title case are left out."""
    lower = Tagger({word: "x" for words, _ in lines for word in words if word.islower()}, {}, {})
    out = []
    for words, classes in lines:
        if len(words) > 3 and sum(word[:1].isupper() for word in words) > 0.6 * len(words):
            continue
        keys, first, before = [], True, "."
        for word in words:
            keys.append(lower.key(word, first))
            first = word in ".?!:;" or (first and not word[:1].isalnum()) or (word in MARKS and before != ",")
            before = word
        out.append((keys, classes))
    return out


def learn(lines: list[tuple[list[str], list[str]]]) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Usual classes, classes by ending, and the neighbourhoods that change a word's class."""
    counts: Counts = collections.defaultdict(collections.Counter)
    for keys, classes in lines:
        for key, letter in zip(keys, classes, strict=True):
            counts[key][letter] += 1
    best = {key: found.most_common(1)[0][0] for key, found in counts.items()}
    by_ending: Counts = collections.defaultdict(collections.Counter)
    for key, found in counts.items():
        if key[:1].islower() and len(key) > 3 and found.total() < 6:
            by_ending[key[-3:]][best[key]] += 1
            by_ending[key[-2:]][best[key]] += 1
    endings = {e: c.most_common(1)[0][0] for e, c in by_ending.items() if c.total() >= 8}
    endings = {e: t for e, t in endings.items() if t != (endings.get(e[-2:], "N") if len(e) == 3 else "N")}
    guess = Tagger({}, endings, {}).guess
    usual = {
        key: best[key]
        for key, found in counts.items()
        if (found.total() >= 2 and guess(key) != best[key]) or (key.islower() and found.total() >= 3)
    }
    tagger = Tagger(usual, endings, {})
    narrow: Counts = collections.defaultdict(collections.Counter)
    wide: Counts = collections.defaultdict(collections.Counter)
    for keys, classes in lines:
        previous = "."
        for place, (key, letter) in enumerate(zip(keys, classes, strict=True)):
            if counts[key].total() >= 4 and counts[key][best[key]] < 0.97 * counts[key].total():
                following = tagger.guess(keys[place + 1]) if place + 1 < len(keys) else "."
                narrow[f"{previous} {key} {following}"][letter] += 1
                wide[f"{previous} {key}"][letter] += 1
            if letter not in '"(':
                previous = letter
    contexts: dict[str, str] = {}
    for name, found in [*wide.items(), *narrow.items()]:
        letter, count = found.most_common(1)[0]
        before, key = name.split(" ")[:2]
        if count >= 2 and letter != contexts.get(f"{before} {key}", tagger.guess(key)):
            contexts[name] = letter
    return usual, endings, contexts


def main() -> None:
    """Learn and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--parser", required=True)
    parser.add_argument("--heads", type=Path)
    given = parser.parse_args()
    rows = (given.data / "polnear-train.jsonl").read_text(encoding="utf8").splitlines()
    lines, heads = tagged([json.loads(row) for row in rows], spacy.load(given.parser))
    usual, endings, contexts = learn(keyed(lines))
    groups: dict[str, list[str]] = collections.defaultdict(list)
    for word, letter in sorted(usual.items()):
        groups[letter].append(word)
    tables = {
        "usual": {letter: " ".join(words) for letter, words in sorted(groups.items())},
        "endings": dict(sorted(endings.items())),
        "contexts": dict(sorted(contexts.items())),
    }
    (LEXICONS / "word_classes.json").write_text(json.dumps(tables, ensure_ascii=False, indent=0), encoding="utf8")
    if given.heads:
        given.heads.write_text(json.dumps(heads), encoding="utf8")


if __name__ == "__main__":
    main()
