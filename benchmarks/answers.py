"""Quality of answers: reindexes a corpus, asks a file of questions, prints the scorer's figures and the times.

    python benchmarks/answers.py --data DIR --measure DIR [--set questions|quiz] [--keep HOME]

DIR holds the data files and the scorer that benchmarks/README.md names.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from index.answer.contract import answer_json
from index.app import open_library
from index.settings import IndexSettings

SETS = {
    "questions": (["polnear-train.jsonl", "polnear-dev.jsonl"], "questions-dev.jsonl"),
    "quiz": (["quiz-2022-articles.jsonl.gz"], "quiz-2022-questions.jsonl"),
}


def main() -> None:
    """Runs one set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--measure", type=Path, required=True)
    parser.add_argument("--set", choices=SETS, default="questions")
    parser.add_argument("--keep", type=Path, help="a home that is kept, so that the next run need not reindex")
    parser.add_argument("--errors", type=int, default=0)
    options = parser.parse_args()
    articles, questions = SETS[options.set]
    with tempfile.TemporaryDirectory() as scratch:
        home = options.keep or Path(scratch) / "home"
        library = open_library(IndexSettings(home=home))
        started = time.perf_counter()
        report = library.reindex([str(options.data / name) for name in articles], progress=lambda _: None)
        print(
            f"reindex: {report.articles} articles, {report.statements} statements, {time.perf_counter() - started:.1f} s"
        )
        answers = Path(scratch) / "answers.jsonl"
        times = []
        with answers.open("w", encoding="utf-8") as out:
            for line in (options.data / questions).open(encoding="utf-8"):
                row = json.loads(line)
                asked = date.fromisoformat(row["asked"]) if row.get("asked") else None
                started = time.perf_counter()
                answer = library.ask(row["question"], context=row.get("context") or (), asked=asked)
                times.append(1000 * (time.perf_counter() - started))
                out.write(json.dumps({"id": row["id"], **answer_json(answer)}, ensure_ascii=False) + "\n")
        library.close()
        times.sort()
        print(f"answer: p50 {statistics.median(times):.1f} ms, p99 {times[int(0.99 * len(times))]:.1f} ms")
        scorer = [sys.executable, str(options.measure / "answers.py"), str(answers), str(options.data / questions)]
        subprocess.run([*scorer, "--errors", str(options.errors)], check=True, env={**os.environ, "PYTHONPATH": ""})


if __name__ == "__main__":
    main()
