"""Who said what: quality against people's annotation, speed, memory, and how time grows with the length of a text.

    python benchmarks/attribution.py --data DIR --measure DIR [--split dev]

DIR of `--data` holds `polnear-dev.jsonl` (records with `attributions`); DIR of `--measure` holds the scorer
`attribution.py`, which is run as a command of its own. Figures are printed, nothing is judged.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from index.ingest.attributing import spare_garbage
from index.model import Article, Paragraph, Quote, Span
from index.text.attribution import attribute


def article_of(record: dict[str, Any]) -> tuple[Article, list[int]]:
    """An article whose paragraphs are the non-blank lines of the record's text, and where each begins in it."""
    paragraphs: list[Paragraph] = []
    offsets: list[int] = []
    place = 0
    for row in record["text"].split("\n"):
        if row.strip():
            paragraphs.append(Paragraph(article_id=record["id"], number=len(paragraphs), text=row))
            offsets.append(place)
        place += len(row) + 1
    return (
        Article(
            id=record["id"],
            title=record.get("title") or "",
            published=record.get("published"),
            paragraphs=tuple(paragraphs),
        ),
        offsets,
    )


def line_of(article: Article, offsets: list[int], quotes: tuple[Quote, ...]) -> str:
    """The article's statements as `onrecord quotes --json` prints them."""

    def span(given: Span | None) -> dict[str, Any] | None:
        if given is None:
            return None
        offset = offsets[given.paragraph]
        return {"start": given.start + offset, "end": given.end + offset, "text": given.text}

    shown = [
        {
            "kind": quote.kind,
            "content": [span(piece) for piece in quote.content],
            "cue": span(quote.cue),
            "source": span(quote.source),
            "speaker": {"name": quote.speaker.name, "kind": quote.speaker.kind} if quote.speaker else None,
            "also": [{"name": speaker.name, "kind": speaker.kind} for speaker in quote.also],
            "attitude": quote.attitude,
            "confidence": quote.confidence,
        }
        for quote in quotes
    ]
    return json.dumps({"id": article.id, "quotes": shown})


def quality(data: Path, measure: Path, split: str) -> None:
    """Run over a split and let the scorer judge it."""
    records = [json.loads(line) for line in (data / f"polnear-{split}.jsonl").read_text(encoding="utf8").splitlines()]
    articles = [article_of(record) for record in records]
    attribute(articles[0][0])  # reads the lexicons
    spare_garbage()  # as each process of a reindex does
    started = time.process_time()
    found = [attribute(article) for article, _ in articles]
    seconds = time.process_time() - started
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf8") as out:
        for (article, offsets), quotes in zip(articles, found, strict=True):
            out.write(line_of(article, offsets, quotes) + "\n")
        out.flush()
        subprocess.run(
            [sys.executable, str(measure / "attribution.py"), out.name, "--split", split],
            check=True,
            env={**os.environ, "ATTRIBUTION_DATA": str(data)},
        )
    mega = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(articles)} articles, {len(articles) / seconds:.0f} a second of one core, {mega:.0f} MB at most")


def curve() -> None:
    """Seconds for texts of growing length, of the kinds that tempt a reader into quadratic work."""
    statement = "“The pier leaks,” Ada Marsh said on Tuesday. Ben Okoro said that the board, which met twice, knew. "
    shapes = {
        "statements in paragraphs": lambda size: tuple([statement * 4] * (size // (len(statement) * 4))),
        "one paragraph": lambda size: (statement * (size // len(statement)),),
        "one sentence": lambda size: ("the pier and the bridge, said the board, " * (size // 41),),
        "quotation marks": lambda size: ('" ' * (size // 2),),
        "a list": lambda size: ("Ada Marsh made many points:", *["- The pier leaks, and it will sink."] * (size // 35)),
        "one surname, two people": lambda size: tuple(
            ["Ada Marsh and Ben Marsh met. Marsh said on Monday it leaked. “It does,” he said."] * (size // 80)
        ),
    }
    for name, shape in shapes.items():
        row: list[str] = []
        for size in (10_000, 100_000, 200_000, 1_000_000, 10_000_000):
            if size > 1_000_000 and name != "statements in paragraphs":
                continue
            texts = shape(size)
            paragraphs = tuple(Paragraph(article_id="a", number=i, text=text) for i, text in enumerate(texts))
            started = time.process_time()
            attribute(Article(id="a", title="", paragraphs=paragraphs))
            row.append(f"{size / 1e6:g} MB {time.process_time() - started:.2f} s")
        print(f"{name:26}", " | ".join(row), flush=True)


def long_run(data: Path, split: str, rounds: int = 5) -> None:
    """Megabytes held after each round over the same articles: flat, but for the words remembered in the first."""
    records = [json.loads(line) for line in (data / f"polnear-{split}.jsonl").read_text(encoding="utf8").splitlines()]
    held: list[str] = []
    for _ in range(rounds):
        for record in records:
            attribute(article_of(record)[0])
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        held.append(f"{pages * resource.getpagesize() / 2**20:.0f}")
    print(f"memory after {rounds} rounds over {len(records)} articles: {' '.join(held)} MB")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--measure", type=Path, required=True)
    parser.add_argument("--split", default="dev")
    given = parser.parse_args()
    quality(given.data, given.measure, given.split)
    if Path("/proc/self/statm").exists():
        long_run(given.data, given.split)
    curve()


if __name__ == "__main__":
    main()
