"""Learns the cue statistics and the weights of attribution from annotated articles, and writes `index/text/lexicons/`.

    python -m benchmarks.train_attribution --data DIR --measure DIR --parses FILE [--check] [--out DIR]

DIR of `--data` holds `polnear-train.jsonl` (PolNeAR 1.0 as records with `attributions`), DIR of `--measure` the scorer;
FILE is from `parses.py`. Needs scipy and numpy, which the bot itself does not. Everything is learned five times, each
time without one fifth of the articles, which the judge of whole statements learns from. With `--check` nothing is
written: the scores are printed of each fifth as read with what was learned without it.
"""

import argparse
import collections
import gzip
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from benchmarks.attribution import article_of, line_of
from benchmarks.parses import heads_of_sources, scorers_folder
from index.text import clauses, confidence, cues, extent, sources, statements
from index.text.attribution import attribute
from index.text.confidence import confidence_features
from index.text.drafts import Draft
from index.text.reading import Block, Sentence, proper_words, read
from index.text.scoring import LinearModel

LEXICONS = Path(__file__).resolve().parents[1] / "index" / "text" / "lexicons"
LEAST_WEIGHT = 0.04
STOP = frozenset(
    "a an the in on at to of for by with as be is are was were been being has have had having do does did not n't "
    "will would can could may might should must his her its their that it also very , \" ' 's ’s ( ) up out".split()
)


@dataclass
class Read:
    """An article as read, with the gold cues by (sentence, unit)."""

    id: str
    blocks: list[Block]
    offsets: list[int]
    gold: list[dict[str, Any]]
    cue_of: dict[tuple[int, int, int], dict[str, Any]] = field(default_factory=dict)


def load(path: Path) -> Iterator[Read]:
    """Articles whose paragraphs are the non-blank lines of their text."""
    with path.open(encoding="utf8") as lines:
        for line in lines:
            record = json.loads(line)
            blocks: list[Block] = []
            offsets: list[int] = []
            place = 0
            rows = record["text"].split("\n")
            proper = proper_words([row for row in rows if row.strip()][1:])
            for row in rows:
                if row.strip():
                    offsets.append(place)
                    blocks.append(read(len(blocks), len(blocks), row, proper))
                place += len(row) + 1
            yield Read(record["id"], blocks, offsets, record["attributions"])


def units_of(article: Read, spans: list[list[int]]) -> list[tuple[int, int, int]]:
    """(block, sentence, unit) of the units, quotations aside, that lie inside spans."""
    found = []
    for start, end in spans:
        b = max((i for i, o in enumerate(article.offsets) if o <= start), default=0)
        offset = article.offsets[b]
        for s, sentence in enumerate(article.blocks[b].sentences):
            if sentence.ends[-1] + offset <= start or sentence.begins[0] + offset >= end:
                continue
            for u, (begin, stop) in enumerate(zip(sentence.begins, sentence.ends, strict=True)):
                if begin + offset >= start and stop + offset <= end and sentence.quoted[u] < 0:
                    found.append((b, s, u))
    return found


def learn_cues(articles: list[Read]) -> dict[str, Any]:
    """The word that carries each cue, and every such word's share of cue uses."""
    for article in articles:
        article.cue_of.clear()
    total: collections.Counter[str] = collections.Counter()
    inside: collections.Counter[str] = collections.Counter()
    spans = []
    for article in articles:
        for block in article.blocks:
            for sentence in block.sentences:
                total.update(sentence.lower)
        for gold in article.gold:
            units = units_of(article, gold["cue"])
            words = [article.blocks[b].sentences[s].lower[u] for b, s, u in units]
            inside.update(words)
            spans.append((article, gold, units, words))
    carried: collections.Counter[str] = collections.Counter()
    spoken: collections.Counter[str] = collections.Counter()
    for article, gold, units, words in spans:
        fit = [i for i, w in enumerate(words) if w not in STOP and not (len(words) > 1 and not w[0].isalnum())]
        if not fit:
            continue
        best = max(fit, key=lambda i: (inside[words[i]] / (total[words[i]] + 5), -i))
        gold["carrier"] = units[best]
        article.cue_of.setdefault(units[best], gold)
        carried[words[best]] += 1
        spoken[words[best]] += gold["kind"] != "indirect"
    shares: dict[str, list[str]] = collections.defaultdict(list)
    speech: dict[str, list[str]] = collections.defaultdict(list)
    for word, count in sorted(carried.items()):
        if count >= 2 and count / (total[word] + 1) >= 0.05:
            shares[str(round(10 * count / (total[word] + 1)))].append(word)
            speech[str(round(10 * (spoken[word] + 0.6) / (count + 2)))].append(word)
    return {
        "shares": {tenth: " ".join(words) for tenth, words in sorted(shares.items())},
        "spoken": {tenth: " ".join(words) for tenth, words in sorted(speech.items())},
    }


class Examples:
    """Groups of candidates, one of which is right; a group of one is a yes-or-no question."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self.rows: list[list[int]] = []
        self.groups: list[int] = []
        self.right: list[float] = []
        self.size = 0

    def add(self, candidates: list[list[str]], right: int) -> None:
        """One choice; `right` is -1 for a yes-or-no question answered no."""
        for place, features in enumerate(candidates):
            self.rows.append([self.ids.setdefault(name, len(self.ids)) for name in features])
            self.groups.append(self.size)
            self.right.append(float(place == right))
        self.size += 1

    def fit(self, name: str, ridge: float, least: int = 3) -> dict[str, float]:
        """Conditional logistic regression with an L2 penalty; rare features and negligible weights are dropped."""
        counts = np.bincount(
            np.fromiter((i for row in self.rows for i in row), dtype=np.int64), minlength=len(self.ids)
        )
        keep = np.flatnonzero(counts >= least)
        new = np.full(len(self.ids), -1)
        new[keep] = np.arange(len(keep))
        data = [[int(new[i]) for i in set(row) if new[i] >= 0] for row in self.rows]
        indptr = np.cumsum([0, *[len(row) for row in data]])
        matrix = csr_matrix(
            (np.ones(indptr[-1]), np.fromiter((i for row in data for i in row), dtype=np.int64), indptr),
            shape=(len(data), len(keep)),
        )
        groups, right = np.array(self.groups), np.array(self.right)
        starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
        single = len(starts) == len(groups)
        transposed = matrix.T.tocsr()

        def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
            scores = matrix @ weights
            if single:
                probability = 1 / (1 + np.exp(-scores))
                value = np.sum(np.logaddexp(0, scores) - right * scores)
            else:
                scores = scores - np.maximum.reduceat(scores, starts)[groups]
                powers = np.exp(scores)
                sums = np.add.reduceat(powers, starts)
                probability = powers / sums[groups]
                value = np.sum(np.log(sums)) - np.sum(right * scores)
            return value + ridge / 2 * weights @ weights, transposed @ (probability - right) + ridge * weights

        fitted = minimize(loss, np.zeros(len(keep)), jac=True, method="L-BFGS-B", options={"maxiter": 120})
        scores = matrix @ fitted.x
        if single:
            hits = np.mean((scores > 0) == (right > 0.5))
        else:
            best = np.maximum.reduceat(scores, starts)[groups]
            hits = np.sum((scores >= best) * right) / len(starts)
        names = list(self.ids)
        weights = {names[i]: round(float(w), 2) for i, w in zip(keep, fitted.x, strict=True) if abs(w) >= LEAST_WEIGHT}
        print(
            f"{name:8} {self.size:7} choices {len(weights):7} weights, right on what it learned from {100 * hits:.1f} %"
        )
        return weights


def overlap(spans: list[tuple[int, int]], start: int, end: int) -> int:
    """Code points of [start, end) inside spans."""
    return sum(max(0, min(end, e) - max(start, s)) for s, e in spans)


def content_choices(
    sentence: Sentence, place: int, source: tuple[int, int], spans: list[tuple[int, int]], sets: dict[str, Examples]
) -> None:
    """Where the gold content stands, as examples of side, left start, right start and right end."""
    size = len(sentence.lower)
    first, last = clauses.core(place, source)
    got = [overlap(spans, b, e) > (e - b) / 2 for b, e in zip(sentence.begins, sentence.ends, strict=True)]
    word = [sentence.tags[u] not in ",.:()" for u in range(size)]
    left = [u for u in range(first) if got[u] and word[u]]
    right = [u for u in range(place + 1 if source[1] <= place else last, size) if got[u] and word[u]]
    if source[1] > place + 1 and not right and not left:
        right = [u for u in range(place + 1, size) if got[u] and word[u]]
    side = "B" if left and right else "L" if left else "R" if right else "X"
    features = clauses.side_features(sentence, place, source)
    sets["side"].add([[s + f for f in features] for s in clauses.SIDES], clauses.SIDES.index(side))
    if left:
        options = clauses.left_starts(sentence, first)
        best = min(range(len(options)), key=lambda i: abs(sentence.begins[options[i]] - sentence.begins[left[0]]))
        sets["left"].add(clauses.left_start_features(sentence, options, first, place), best)
    if right:
        options = extent.right_starts(sentence, place, last)
        if not options:
            return
        best = min(range(len(options)), key=lambda i: abs(sentence.begins[options[i]] - sentence.begins[right[0]]))
        sets["start"].add(extent.start_features(sentence, place, options, last), best)
        begin = options[best]
        stops = extent.right_ends(sentence, begin)
        report = extent.next_report(sentence, begin)
        if right[-1] >= begin:
            best = min(range(len(stops)), key=lambda i: abs(sentence.ends[stops[i] - 1] - sentence.ends[right[-1]]))
            sets["end"].add(extent.end_features(sentence, place, begin, stops, report), best)


def source_choice(
    article: Read, block: int, sentence: Sentence, place: int, gold: dict[str, Any], previous: tuple[int, int]
) -> tuple[list[tuple[int, int]], int]:
    """The source candidates and which one is right (-1: none of them though there is one in the sentence)."""
    options = sources.source_candidates(sentence, place, previous)
    if not gold["source"]:
        return options, len(options) - 1
    offset = article.offsets[block]
    head = gold.get("head") or gold["source"][-1]
    words = len(gold["source_text"].split()) + 15
    best, found = -1, 10**9
    for i, (first, last) in enumerate(options[:-1]):
        begin, end = sentence.begins[first] + offset, sentence.ends[last - 1] + offset
        if begin <= head[0] and end >= head[1] and last - first <= words and last - first < found:
            best, found = i, last - first
    if best < 0 and not any(
        s - offset < sentence.ends[-1] and e - offset > sentence.begins[0] for s, e in gold["source"]
    ):
        best = len(options) - 1
    return options, best


def gather(articles: list[Read]) -> dict[str, Examples]:
    """Every choice of every stage, as annotated."""
    sets = {name: Examples() for name in ("cue", "source", "side", "left", "start", "end")}
    for article in articles:
        for b, block in enumerate(article.blocks):
            headline = block.number == 0 or block.title_case
            for s, sentence in enumerate(block.sentences):
                previous = sources.NONE
                for place in cues.cue_places(sentence):
                    gold = article.cue_of.get((b, s, place))
                    sets["cue"].add([cues.cue_features(sentence, place, headline)], 0 if gold else -1)
                    if not gold:
                        continue
                    options, right = source_choice(article, b, sentence, place, gold, previous)
                    if right >= 0:
                        sets["source"].add(sources.source_features(sentence, place, options, previous), right)
                    source = options[right] if right >= 0 else sources.NONE
                    if source != sources.NONE:
                        previous = source
                    offset = article.offsets[b]
                    spans = [(x - offset, y - offset) for x, y in gold["content"]]
                    if right >= 0:
                        whole = sources.extended(sentence, source, place) if source != sources.NONE else source
                        content_choices(sentence, place, whole, spans, sets)
    return sets


def outcomes(article: Read) -> list[tuple[list[str], bool]]:
    """What speaks for each draft of an article that was not learned from, and whether it is right."""
    judged: list[tuple[list[str], bool]] = []
    text = [block.text for block in article.blocks]
    gold = []
    for g in article.gold:
        marks = {i for s, e in g["content"] for i in range(s, e)}
        gold.append((g, marks))
    for made in statements.drafts(article.blocks):
        own = {i + article.offsets[b] for b, s, e in made.pieces for i in range(s, e) if text[b][i : i + 1].isalnum()}
        first = min(own, default=0)
        right = False
        source = made if made.place >= 0 else made.follows
        for g, marks in gold:
            if not (g["content"][0][0] - 3000 < first < g["content"][-1][1] + 10):
                continue
            shared = len(own & marks)
            if shared < 0.5 * len(own):
                continue
            theirs = sum(1 for i in marks if _letter(article, i))
            if shared >= 0.5 * (len(own) + theirs - shared) and source and _source_right(article, g, source):
                right = True
        judged.append((confidence_features(made, article.blocks), right))
    return judged


def _letter(article: Read, place: int) -> bool:
    b = max(i for i, o in enumerate(article.offsets) if o <= place)
    return article.blocks[b].text[place - article.offsets[b] : place - article.offsets[b] + 1].isalnum()


def _source_right(article: Read, gold: dict[str, Any], made: Draft) -> bool:
    if not gold["source"]:
        return made.phrase == sources.NONE
    if made.phrase == sources.NONE:
        return False
    first, last = made.whole
    offset = article.offsets[made.block]
    begin, end = (made.sentence.begins[first] + offset, made.sentence.ends[last - 1] + offset)
    head = gold.get("head") or gold["source"][-1]
    return bool(begin <= head[0] and end >= head[1])


def use(models: dict[str, dict[str, float]]) -> None:
    """Let the stages score with these weights instead of the shipped ones."""
    made = {name: LinearModel(weights) for name, weights in models.items()}
    for module in (cues, statements, confidence):
        module.model = made.__getitem__


def use_cues(shares: dict[str, str]) -> None:
    """Let the stages know these cue words instead of the shipped ones."""
    known = {word: int(tenth) for tenth, words in shares.items() if tenth != "0" for word in words.split(" ")}
    for module in (cues, clauses, extent, confidence):
        module.known_cues = lambda: known
    stems = cues.stems_of(known)
    cues.known_stems = lambda: stems


FOLDS = 5
RIDGE = {"cue": 3.0, "source": 1.5, "side": 1.5, "left": 1.5, "start": 1.5, "end": 3.0, "keep": 4.0}


@dataclass
class Fold:
    """What was learned without every fifth article, and how its drafts of those turned out."""

    cues: dict[str, Any]
    models: dict[str, dict[str, float]]
    judged: list[tuple[list[str], bool]]


def learn(articles: list[Read]) -> tuple[dict[str, Any], dict[str, dict[str, float]]]:
    """The cue words, and the weights of every stage but the judge."""
    learned = learn_cues(articles)
    use_cues(learned["shares"])
    for article in articles:
        for block in article.blocks:
            for sentence in block.sentences:
                sentence.likely = None  # known from other cue words
    return learned, {name: examples.fit(name, RIDGE[name]) for name, examples in gather(articles).items()}


def learn_fold(articles: list[Read], fold: int) -> Fold:
    """Learn without a fifth of the articles, and judge the drafts of that fifth."""
    learned, models = learn([article for i, article in enumerate(articles) if i % FOLDS != fold])
    use({**models, "keep": {}})
    for article in articles[fold::FOLDS]:
        for block in article.blocks:
            for sentence in block.sentences:
                sentence.likely = None
    return Fold(learned, models, [one for article in articles[fold::FOLDS] for one in outcomes(article)])


def judge(folds: list[Fold]) -> dict[str, float]:
    """The weights that tell right drafts from wrong ones."""
    examples = Examples()
    for fold in folds:
        for features, right in fold.judged:
            examples.add([features], 0 if right else -1)
    return examples.fit("keep", RIDGE["keep"])


def check(data: Path, measure: Path, parses: Path, folds: list[Fold]) -> None:
    """Let the scorer judge each fifth of the articles as read with what was learned without it."""
    records = [json.loads(row) for row in (data / "polnear-train.jsonl").read_text(encoding="utf8").splitlines()]
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf8") as out, scorers_folder(data, parses) as at:
        for number, fold in enumerate(folds):
            use_cues(fold.cues["shares"])
            use({**fold.models, "keep": judge([other for other in folds if other is not fold])})
            for record in records[number::FOLDS]:
                article, offsets = article_of(record)
                out.write(line_of(article, offsets, attribute(article)) + "\n")
        out.flush()
        scorer = [sys.executable, str(measure / "attribution.py"), out.name, "--split", "train"]
        subprocess.run(scorer, check=True, env={**os.environ, "ATTRIBUTION_DATA": str(at)})


def write(path: Path, models: dict[str, dict[str, float]]) -> None:
    """Weights in hundredths, the features grouped by weight."""
    shown: dict[str, dict[str, str]] = {}
    for name, weights in models.items():
        groups: dict[int, list[str]] = collections.defaultdict(list)
        for feature, weight in weights.items():
            groups[round(100 * weight)].append(feature)
        shown[name] = {str(value): "\t".join(sorted(groups[value])) for value in sorted(groups)}
    text = json.dumps(shown, ensure_ascii=False, indent=0) + "\n"
    path.write_bytes(gzip.compress(text.encode(), mtime=0))  # the same weights give the same file


def main() -> None:
    """Learn, and write or check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--measure", type=Path, required=True)
    parser.add_argument("--parses", type=Path, required=True)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--out", type=Path, default=LEXICONS)
    given = parser.parse_args()
    articles = list(load(given.data / "polnear-train.jsonl"))
    heads = heads_of_sources(given.data, given.parses, given.measure)
    for article in articles:
        for gold in article.gold:
            gold["head"] = heads[article.id][gold["id"]]
    folds = [learn_fold(articles, fold) for fold in range(FOLDS)]
    if given.check:
        check(given.data, given.measure, given.parses, folds)
        return
    learned, models = learn(articles)
    (given.out / "cues.json").write_text(json.dumps(learned, ensure_ascii=False, indent=0) + "\n", encoding="utf8")
    write(given.out / "weights.json.gz", {**models, "keep": judge(folds)})


if __name__ == "__main__":
    main()
