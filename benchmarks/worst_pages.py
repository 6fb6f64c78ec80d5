"""What the worst pages cost, those that are still read and those that are refused, in processor time.

    python benchmarks/worst_pages.py [--share 1.0]

Each page is of one shape that makes parsing, the head, JSON-LD or trafilatura slow, as large as the bounds let it be.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterable
from itertools import islice, repeat

from index.errors import SourceError
from index.ingest.extraction import MAX_PAGE, extract

WORDS = "the council spoke of a bridge over the river for long and then of ferries "


def a_page(body: str, head: str = "") -> str:
    """A page with that body."""
    return f"<html><head><title>Bridge to close</title>{head}</head><body><article>{body}</article></body></html>"


def in_groups(parts: Iterable[str], tag: str = "div") -> str:
    """Elements with few beside each other, so that no bound on those is met."""
    waiting = iter(parts)
    return "".join(f"<{tag}>{group}</{tag}>" for group in iter(lambda: "".join(islice(waiting, 700)), ""))


def ld(value: object) -> str:
    """A script of JSON-LD."""
    return f"<script type='application/ld+json'>{json.dumps(value)}</script>"


def shapes(share: float) -> dict[str, Callable[[], str]]:
    """What makes each page, so many of what is allowed."""
    elements, size = int(29_000 * share), int(9_500_000 * share)
    text = WORDS * (size // elements // len(WORDS))
    person = {"@id": "a", "name": ["<b>" * 3_000] * 20}
    story = {"@type": "NewsArticle", "author": [{"@id": "a"}] * 50, "publisher": [{"@id": "a"}] * 50}
    return {
        "long paragraphs": lambda: a_page(in_groups(f"<p>{n} {text}</p>" for n in range(elements))),
        "short paragraphs": lambda: a_page(in_groups(f"<p>word {n} was said.</p>" for n in range(elements))),
        "a link in each": lambda: a_page(in_groups(f"<p>Some <a>link</a> {n} here.</p>" for n in range(elements // 2))),
        "links alone": lambda: a_page("<a href=/x>link</a>" * int(7_000 * share**0.5)),
        "bylines": lambda: a_page(in_groups(f"<div class=author>{n} {WORDS}</div>" for n in range(elements))),
        "a byline in a byline": lambda: a_page("<div class=author>" * 200 + WORDS * (size // len(WORDS))),
        "headings": lambda: a_page(in_groups(f"<h2>{n} {WORDS}</h2>" for n in range(elements))),
        "spans": lambda: a_page(in_groups(repeat("<span>words said</span>", elements), "p")),
        "deep": lambda: a_page(("<div>" * 60 + "words" + "</div>" * 60) * int(400 * share)),
        "one long name": lambda: a_page("<p>x</p>", ld({"@graph": [person, *[story] * 100]})),
        "attributes of one tag": lambda: a_page("<p " + " ".join(f"a{n}=x" for n in range(size // 10)) + ">"),
        "attributes of a short page": lambda: a_page("<p " + " ".join(f"a{n:x}" for n in range(20_000)) + ">"),
        "names of one class": lambda: a_page(f"<p class='{' '.join(f'c{n}' for n in range(size // 9))}'>x</p>"),
        "lines of one block": lambda: a_page("<pre>" + "a\n" * (size // 2)),
    }


def main() -> None:
    """Prints what each page costs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=float, default=1.0, help="of what is allowed")
    given = parser.parse_args()
    extract(a_page(f"<p>{WORDS * 20}</p>").encode())  # what is loaded once
    for name, make in shapes(given.share).items():
        page = make().encode()[:MAX_PAGE]
        began = time.process_time()
        try:
            came = f"{len(extract(page, 'https://a.example.org/x').text):,} code points"
        except SourceError as error:
            came = error.reason
        print(f"{time.process_time() - began:6.2f} s {len(page) / 1e6:5.1f} MB  {name:27} {came}", flush=True)


if __name__ == "__main__":
    main()
