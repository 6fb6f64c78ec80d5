"""Quality of answers: reindexes a corpus, asks a file of questions, prints the scorer's figures and the times.

    python benchmarks/answers.py --data DIR --measure DIR [--set questions|quiz] [--keep HOME] [--half odd|even]

DIR holds the data files and the scorer that benchmarks/README.md names. Times are of the whole answer in this process,
wall and processor, with the share that each stage takes of them.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, cast

from index.answer.answering import Answerer
from index.answer.contract import answer_json
from index.app import open_library
from index.model import Question
from index.settings import IndexSettings
from index.storage.base import Corpus, Engine, Snapshot

TODAY = date(2026, 11, 23)  # for questions that don't tell when they were asked
SETS = {
    "questions": (["polnear-train.jsonl", "polnear-dev.jsonl"], "questions-dev.jsonl"),
    "quiz": (["quiz-2022-articles.jsonl.gz"], "quiz-2022-questions.jsonl"),
}


class Timed:
    """Passes calls on and adds up how long they take.

    Args:
        behind: what answers.
        stage: the name under which the time is kept.
        spent: seconds by stage.
    """

    def __init__(self, behind: object, stage: str, spent: Counter[str]) -> None:
        self._behind, self._stage, self._spent = behind, stage, spent

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever is behind
        found = getattr(self._behind, name)
        return self._timed(found) if callable(found) else found

    def _timed(self, call: Callable[..., object]) -> Callable[..., object]:
        def timed(*args: object, **named: object) -> object:
            started = time.perf_counter()
            try:
                return call(*args, **named)
            finally:
                self._spent[self._stage] += time.perf_counter() - started

        return timed


def main() -> None:
    """Runs one set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--measure", type=Path, required=True)
    parser.add_argument("--set", choices=SETS, default="questions")
    parser.add_argument("--keep", type=Path, help="a home that is kept, so that the next run need not reindex")
    parser.add_argument("--half", choices=["odd", "even"], help="only the questions with odd or even numbers")
    parser.add_argument("--errors", type=int, default=0)
    options = parser.parse_args()
    articles, questions = SETS[options.set]
    with tempfile.TemporaryDirectory() as scratch:
        library = open_library(IndexSettings(home=options.keep or Path(scratch) / "home"))
        started = time.perf_counter()
        report = library.reindex([str(options.data / name) for name in articles], progress=lambda _: None)
        seconds = time.perf_counter() - started
        print(f"reindex: {report.articles} articles, {report.statements} statements, {seconds:.1f} s")
        rows = [json.loads(line) for line in (options.data / questions).open(encoding="utf-8")]
        if options.half:
            rows = [row for row in rows if int(re.findall(r"\d+", row["id"])[-1]) % 2 == (options.half == "odd")]
        asked, answers = Path(scratch) / "questions.jsonl", Path(scratch) / "answers.jsonl"
        asked.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        ask(library.store.snapshot(), rows, answers)
        library.close()
        scorer = [sys.executable, str(options.measure / "answers.py"), str(answers), str(asked)]
        subprocess.run([*scorer, "--errors", str(options.errors)], check=True, env={**os.environ, "PYTHONPATH": ""})


def ask(snapshot: Snapshot, rows: list[dict[str, Any]], answers: Path) -> None:
    """Asks all questions, writes the answers, prints the times and each stage's share."""
    spent: Counter[str] = Counter()
    timed = Snapshot(
        corpus=cast("Corpus", Timed(snapshot.corpus, "reading back", spent)),
        engine=cast("Engine", Timed(snapshot.engine, "search", spent)),
    )
    answerer = Answerer(timed, limit=10)
    started = time.perf_counter()
    answerer.answer(Question(text="what did anybody say about anything?", asked=TODAY))
    print(f"first answer, with opening: {1000 * (time.perf_counter() - started):.0f} ms")
    spent.clear()
    wall, processor = [], []
    with answers.open("w", encoding="utf-8") as out:
        for row in rows:
            now = date.fromisoformat(row["asked"]) if row.get("asked") else TODAY
            question = Question(text=row["question"], asked=now, context=tuple(row.get("context") or ()))
            began, began_cpu = time.perf_counter(), time.process_time()
            answer = answerer.answer(question)
            wall.append(time.perf_counter() - began)
            processor.append(time.process_time() - began_cpu)
            out.write(json.dumps({"id": row["id"], **answer_json(answer)}, ensure_ascii=False) + "\n")
    for name, times in (("wall", sorted(wall)), ("processor", sorted(processor))):
        print(f"answer, {name}: p50 {1000 * at(times, 0.5):.1f} ms, p99 {1000 * at(times, 0.99):.1f} ms")
    rest = sum(wall) - sum(spent.values())
    shares = {**spent, "understanding, ranking, verifying": rest}
    print(", ".join(f"{stage} {100 * seconds / sum(wall):.0f} %" for stage, seconds in shares.items()))


def at(times: list[float], share: float) -> float:
    """The time that this share of the questions stays under."""
    return times[min(len(times) - 1, int(share * len(times)))]


if __name__ == "__main__":
    main()
