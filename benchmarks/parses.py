"""Parses the training articles as the scorer wants them, so that it can score statements found in them, too.

    python benchmarks/parses.py --data DIR --parser NAME --out FILE

DIR holds `polnear-train.jsonl`; NAME is an installed spaCy model. FILE gets each article's tokens (start, end, class,
kind of name) and the head of each, by sentence; `train_attribution.py` reads it.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def scorers_folder(data: Path, parses: Path) -> Iterator[Path]:
    """A folder in which the scorer finds the training articles and their parses."""
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        (at / "polnear-train.jsonl").symlink_to(data.resolve() / "polnear-train.jsonl")
        (at / "corenlp-train.json").symlink_to(parses.resolve())
        yield at


def heads_of_sources(data: Path, parses: Path, measure: Path) -> dict[str, dict[str, list[int]]]:
    """The head token of each annotated source, by article and attribution, as the scorer takes it."""
    sys.path.insert(0, str(measure))
    import gold  # noqa: PLC0415 - a part of the scorer, found only now

    with scorers_folder(data, parses) as folder:
        return {a["id"]: {g["id"]: g["head"] for g in a["attributions"]} for a in gold.load("train", path=str(folder))}


def parsed(text: str, parser: Any) -> dict[str, Any]:  # noqa: ANN401 - spaCy ships no types
    """An article's sentences in the scorer's form; nobody is resolved."""
    sentences = []
    place = 0
    for row in text.split("\n"):
        for found in parser(row).sents if row.strip() else ():
            tokens = [token for token in found if not token.is_space]
            number = {token.i: at for at, token in enumerate(tokens)}
            sentences.append(
                {
                    "toks": [[place + t.idx, place + t.idx + len(t), t.tag_, t.ent_type_ or "O"] for t in tokens],
                    "heads": [-1 if t.head is t else number.get(t.head.i, -1) for t in tokens],
                }
            )
        place += len(row) + 1
    return {"sents": sentences, "chains": []}


def main() -> None:
    """Parse and write."""
    import spacy  # noqa: PLC0415 - only needed here

    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--parser", required=True)
    arguments.add_argument("--out", type=Path, required=True)
    given = arguments.parse_args()
    parser = spacy.load(given.parser, disable=["lemmatizer"])
    with (given.data / "polnear-train.jsonl").open(encoding="utf8") as lines:
        records = [json.loads(line) for line in lines]
    given.out.write_text(json.dumps({r["id"]: parsed(r["text"], parser) for r in records}), encoding="utf8")


if __name__ == "__main__":
    main()
