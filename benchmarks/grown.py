"""A library of any size to measure on: real articles read as an administrator would, then variants of them.

    python benchmarks/grown.py --data DIR --paragraphs N --home HOME

A variant has its own day, other words of the same length and frequency in place of some, and other surnames for half of
its speakers, so that words and names keep their frequencies, new names keep coming, and every statement stays where it
stands. Stopped, it goes on from where it was.
"""

import argparse
import gzip
import json
import random
import re
import string
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

from index.errors import EmptyLibrary
from index.ingest.documents import documents
from index.ingest.reindex import reindex, versions
from index.ingest.wirecopy import signature
from index.model import Paragraph, Quote, Span, Speaker
from index.people import family_of, renew_people
from index.storage import open_store
from index.storage.base import Store
from index.storage.records import StoredArticle

FILES = ("polnear-dev.jsonl", "polnear-train.jsonl", "quiz-2022-articles.jsonl.gz")
AT_ONCE = 1_000  # variants in one change
_WORD = re.compile(r"\b[a-z]{4,}\b")
_SURNAME = re.compile(r"[A-Z][a-z]{2,}$")


def records(data: Path) -> Iterator[str]:
    """The lines of all the real articles."""
    for name in FILES:
        path = data / name
        if path.exists():
            with gzip.open(path, "rt") if name.endswith(".gz") else path.open() as lines:
                yield from lines


def grow(data: Path, paragraphs: int, home: Path) -> None:
    """Makes, or goes on making, a library of about so many paragraphs in that folder."""
    home.mkdir(parents=True, exist_ok=True)
    store = open_store(home)
    try:
        try:
            held = store.snapshot().corpus.coverage().paragraphs
        except EmptyLibrary:
            held = read_real(data, paragraphs, home, store)
        if held < paragraphs:
            add_variants(store, paragraphs - held)
    finally:
        store.close()


def read_real(data: Path, paragraphs: int, home: Path, store: Store) -> int:
    """Indexes real articles of about so many paragraphs, with attribution; how many there are now."""
    chosen, held = home / "articles.jsonl", 0
    with chosen.open("w") as out:
        for line in records(data):
            held += sum(bool(part.strip()) for part in json.loads(line)["text"].split("\n"))
            out.write(line)
            if held >= paragraphs:
                break
    return reindex(store, [str(chosen)]).paragraphs


def add_variants(store: Store, paragraphs: int) -> None:
    """Adds variants of about so many paragraphs, change by change, and says who is who at the end."""
    corpus = store.snapshot().corpus
    real = [article_id for article_id in corpus.article_ids() if "~v" not in article_id]
    there = len(list(corpus.article_ids())) - len(real)
    vocabulary = words_by_length(store, real[:1000])
    waiting: list[StoredArticle] = []
    added = 0
    for number in count(there):
        stored = corpus.article(real[number % len(real)])
        assert stored is not None
        waiting.append(variant(stored, number, vocabulary))
        added += len(stored.article.paragraphs)
        if len(waiting) == AT_ONCE or added >= paragraphs:
            put(store, waiting)
            waiting.clear()
            print(f"{added:,} of {paragraphs:,} paragraphs added", file=sys.stderr, flush=True)
        if added >= paragraphs:
            break
    with store.write() as writer:
        renew_people(writer)
        writer.set_meta("versions", versions())
        writer.commit()


def put(store: Store, articles: list[StoredArticle]) -> None:
    """One change with these articles."""
    with store.write() as writer:
        for stored in articles:
            families = {s.id: family_of(s.kind, s.name) for q in reversed(stored.quotes) for s in reversed(q.speakers)}
            writer.put(stored, documents(stored.article, stored.quotes), families=families)
            signed, copies = signature(stored.article), writer.copies()
            if signed and copies:  # as with any article that comes in, though these are copies of nothing
                copies.sign(stored.article.id, signed)
        writer.commit()


def words_by_length(store: Store, article_ids: list[str]) -> dict[int, list[str]]:
    """Words of some articles by length, each as often as it stands there."""
    found: dict[int, Counter[str]] = {}
    for stored in store.snapshot().corpus.articles(article_ids).values():
        for paragraph in stored.article.paragraphs:
            for word in _WORD.findall(paragraph.text):
                found.setdefault(len(word), Counter())[word] += 1
    return {length: list(words.elements()) for length, words in found.items()}


def variant(stored: StoredArticle, number: int, vocabulary: dict[int, list[str]]) -> StoredArticle:
    """An article like that one, of another day, with other words and names; its statements stand where they stood."""
    draw = random.Random(number)
    identity = f"{stored.article.id}~v{number}"
    renamed = {}
    for speaker in {s for q in stored.quotes for s in q.speakers}:
        surname = _SURNAME.search(speaker.name)
        if surname and draw.random() < 0.5:
            renamed[surname[0]] = another_name(surname[0], draw.randrange(200))
    names = re.compile(r"\b(?:" + "|".join(map(re.escape, renamed)) + r")\b") if renamed else None

    def another(word: re.Match[str]) -> str:
        return draw.choice(vocabulary.get(len(word[0]), [word[0]])) if draw.random() < 0.25 else word[0]

    def named(text: str) -> str:
        return names.sub(lambda name: renamed[name[0]], text) if names else text

    texts = {p.number: _WORD.sub(another, named(p.text)) for p in stored.article.paragraphs}
    day = stored.article.day
    article = replace(
        stored.article,
        id=identity,
        title=texts.get(0, stored.article.title),
        published=(day + timedelta(days=draw.randrange(-2000, 1))).isoformat() if day else None,
        paragraphs=tuple(Paragraph(article_id=identity, number=n, text=text) for n, text in texts.items()),
        content_hash=f"{stored.article.content_hash}{number:x}",
    )
    raw = json.dumps({"id": identity, "title": article.title, "text": "\n\n".join(texts.values())})
    return replace(
        stored,
        article=article,
        quotes=tuple(quote_in(quote, texts, stored.article.id, identity, named) for quote in stored.quotes),
        raw=raw,
        raw_hash=article.content_hash,
        source="variants",
        item=identity,
    )


def quote_in(quote: Quote, texts: dict[int, str], before: str, identity: str, named: Callable[[str], str]) -> Quote:
    """The statement as it stands in the variant."""

    def span(given: Span) -> Span:
        return replace(given, text=texts[given.paragraph][given.start : given.end])

    def speaker(given: Speaker) -> Speaker:
        name = named(given.name)
        slug = "-".join(name.casefold().split()) if name != given.name else given.id.removeprefix(f"{before}:")
        return replace(given, id=f"{identity}:{slug}", name=name, aliases=tuple(map(named, given.aliases)))

    return replace(
        quote,
        content=tuple(map(span, quote.content)),
        cue=span(quote.cue) if quote.cue else None,
        source=span(quote.source) if quote.source else None,
        speaker=speaker(quote.speaker) if quote.speaker else None,
        also=tuple(map(speaker, quote.also)),
    )


def another_name(surname: str, which: int) -> str:
    """One of many made-up surnames of the same length."""
    draw = random.Random(f"{surname} {which}")
    return "".join(draw.choice(string.ascii_lowercase) for _ in surname).capitalize()


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--paragraphs", type=int, default=100_000)
    parser.add_argument("--home", type=Path, required=True)
    asked = parser.parse_args()
    grow(asked.data, asked.paragraphs, asked.home)


if __name__ == "__main__":
    main()
