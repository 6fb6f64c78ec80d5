"""How well copies of wire stories are told from look-alikes, and what keeping their signatures costs.

    python benchmarks/wirecopies.py --data DIR [--stories N] [--show]
    python benchmarks/wirecopies.py --grow 1000000 [--step N]

The first builds labelled articles from the news in DIR by editing them as outlets do (trimmed, retitled, partly
rewritten, a local paragraph added, byline and agency changed), adds look-alikes that are not copies (the same event in
another outlet, the same author, the same topic and day, follow-ups with the same quotations, templates with other names
and numbers), puts all into one library and compares the groups with the labels. Stories of even and odd number are
reported apart: thresholds were chosen on the even ones.

The second generates signatures and says what a million of them take.
"""

import argparse
import gzip
import json
import random
import re
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import blake2b
from itertools import combinations
from pathlib import Path

import numpy as np

from index.ingest.cleaning import clean
from index.ingest.grouping import Grouping
from index.ingest.records import record_from
from index.ingest.wirecopy import is_copy, likeness, signature
from index.model import Article, Paragraph
from index.storage import open_store
from index.storage.records import Signature, StoredArticle

SWAPS = {
    "said": "told reporters", "however": "but", "approximately": "about", "about": "around", "percent": "%",
    "also": "too", "because": "since", "after": "following", "before": "ahead of", "many": "a lot of",
    "officials": "authorities", "people": "persons", "nearly": "almost", "began": "started", "while": "as",
    "last": "past", "more": "further", "several": "a number of", "but": "yet", "would": "was to",
    "according": "going by", "announced": "made known", "during": "in", "although": "though",
    "against": "in opposition to", "where": "in which",
}  # fmt: skip
PREFIXES = ("{CITY} (AP) — ", "{CITY}, (Reuters) - ", "{CITY} — ", "(AFP) — ", "")
CREDITS = ("The Associated Press contributed to this report.", "Reporting by Reuters staff.", "", "", "")
CITIES = ("HARWICK", "DUNMERE", "ELMSWORTH", "PORTLOW", "WASHINGTON")
OUTLETS = ("The Harwick Times", "Dunmere Echo", "Elmsworth Ledger", "Portlow Record", "Corran Courier")
QUOTED = re.compile(r"“[^”]{25,}”|\"[^\"]{25,}\"")
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}")
NUMBER = re.compile(r"\d+")


# Pairs in the data that are one story printed twice, by digest: read by hand, of 65 that share half their shingles.
REPRINTED = frozenset(
    """
    091001e72bbe 0ee4e4188e9a 161eb6f1fdec 1bc534e5a93d 3bc8d8c478f7 3d9d01e669f3 448a4ae3523e 47ddbe7daf3e
    4887fa2093f2 53e2ff83d04b 5d84d9984f27 5e06a00d8ca2 6fe0560c1f72 7c23ff4c50ca a6ba4c016471 b029177fd4bb
    b5f41d01ede5 b7c90783cf4a d2352a25d92e d37a044578fd d609e2dc394f e7543fcf2ded e868535a9b79 edde86a411de
    """.split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """An article with the story that it tells; copies share one, everything else has its own."""

    article: Article
    story: str
    how: str
    fold: int


def read(folder: Path) -> list[Article]:
    """The articles in the data, those of a length at which copies matter."""
    found = []
    for name in ("polnear-train.jsonl", "polnear-dev.jsonl", "quiz-2022-articles.jsonl.gz"):
        opened = gzip.open if name.endswith(".gz") else open
        with opened(folder / name, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = record_from(json.loads(line), item=name)
                article = clean(record, article_id=f"{name[:4]}-{record.id}").article
                if article.day and len(body_of(article)) >= 6:
                    found.append(article)
    return found


def body_of(article: Article) -> list[str]:
    """The paragraphs without the headline."""
    return [paragraph.text for paragraph in article.paragraphs if paragraph.number]


def built(article: Article, body: list[str], **changes: object) -> Article:
    """The article with other paragraphs."""
    identity = str(changes.get("id", article.id))
    texts = [str(changes.get("title", article.title)), *body]
    paragraphs = tuple(Paragraph(article_id=identity, number=n, text=text) for n, text in enumerate(texts))
    return replace(article, paragraphs=paragraphs, **changes)  # type: ignore[arg-type]


# ---------------------------------------------------------------------------------------------------------------
# As outlets edit


def edited(article: Article, others: list[Article], chance: random.Random, name: str) -> tuple[Article, str]:
    """A copy as another outlet would print it, and which edits were made."""
    body = body_of(article)
    did = ["retitled"]
    if chance.random() < 0.6:
        kept = max(5, round(len(body) * chance.uniform(0.35, 0.95)))
        while kept < len(body) and sum(len(text.split()) for text in body[:kept]) < 150:
            kept += 1
        body, did = body[:kept], [*did, "trimmed"]
    if chance.random() < 0.6:
        share = chance.uniform(0.1, 0.5)
        body = [rewritten(text, chance) if chance.random() < share else text for text in body]
        did.append("rewritten")
    if chance.random() < 0.5:
        local = body_of(chance.choice(others))
        place = chance.randint(1, len(body))
        body[place:place] = local[1 : 1 + chance.randint(1, 3)]
        did.append("local")
    if chance.random() < 0.3:
        body = merged(body, chance)
        did.append("merged")
    body[0] = chance.choice(PREFIXES).format(CITY=chance.choice(CITIES)) + body[0]
    if credit := chance.choice(CREDITS):
        body.append(credit)
    day = article.day or date(2020, 1, 1)
    published = (day + timedelta(days=chance.choice([0, 0, 0, 1, 1, 2]))).isoformat()
    words = article.title.split()
    title = " ".join(chance.sample(words, k=max(1, len(words) * 2 // 3)))
    copy = built(
        article,
        [straight(text) if chance.random() < 0.3 else text for text in body],
        id=name,
        title=title,
        published=published,
        outlet=chance.choice(OUTLETS),
        authors=(chance.choice(["The Associated Press", "Reuters", "Staff", "Wire Services", "Ada Roe"]),),
    )
    return copy, "+".join(did)


def rewritten(text: str, chance: random.Random) -> str:
    """A paragraph with words exchanged, parts dropped and sentences in another order; what is quoted stays."""
    words = [SWAPS.get(word, word) if chance.random() < 0.8 else word for word in text.split(" ")]
    text = " ".join(words)
    sentences = re.split(r"(?<=[.!?]) ", text)
    if len(sentences) > 1 and chance.random() < 0.4:
        sentences = sentences[1:] + sentences[:1]
    if len(sentences) > 2 and chance.random() < 0.5:
        sentences.pop(chance.randrange(len(sentences)))
    found = []
    for sentence in sentences:
        parts = sentence.split(", ")
        if len(parts) > 2 and chance.random() < 0.4 and "“" not in sentence and '"' not in sentence:
            parts.pop(chance.randrange(1, len(parts) - 1))
        found.append(", ".join(parts))
    return " ".join(found)


def merged(body: list[str], chance: random.Random) -> list[str]:
    """Paragraphs joined here and there."""
    found = body[:1]
    for text in body[1:]:
        if chance.random() < 0.25:
            found[-1] += " " + text
        else:
            found.append(text)
    return found


def straight(text: str) -> str:
    """Typographic quotes as a typewriter has them."""
    return text.translate(str.maketrans("“”‘’", "\"\"''"))


# ---------------------------------------------------------------------------------------------------------------
# Look-alikes


def follow_up(article: Article, other: Article, chance: random.Random, name: str) -> Article:
    """Another story on the topic that repeats what was said in the first one."""
    body = body_of(other)
    said = [match.group() for text in body_of(article) for match in QUOTED.finditer(text)]
    for quote in said[:6]:
        body.insert(chance.randint(1, len(body)), f"Earlier in the week it had been put this way: {quote}")
    return built(other, body, id=name, published=article.published)


def template(article: Article, chance: random.Random, name: str) -> Article:
    """The same words with other names and numbers, as reports on earnings, polls and games are made."""
    names = {found for text in body_of(article) for found in NAME.findall(text)}
    other = {each: chance.choice("BCDFGLMNPRSTV") + "".join(chance.choices("aeioulnrst", k=6)) for each in names}
    body = [NAME.sub(lambda found: other[found.group()], text) for text in body_of(article)]
    body = [NUMBER.sub(lambda found: str(chance.randint(1, 10 ** len(found.group()) + 9)), text) for text in body]
    return built(article, body, id=name)


def vectors(articles: list[Article]) -> list[Counter[str]]:
    """Words by tf-idf, the heaviest sixty of each article."""
    counts = [Counter(re.findall(r"[a-z]{4,}", " ".join(body_of(article)).lower())) for article in articles]
    documents = Counter(word for count in counts for word in count)
    found = []
    for count in counts:
        weights = {w: (1 + np.log(n)) * np.log(len(articles) / documents[w]) for w, n in count.items()}
        best = dict(sorted(weights.items(), key=lambda item: -item[1])[:60])
        norm = sum(value**2 for value in best.values()) ** 0.5 or 1.0
        found.append(Counter({word: value / norm for word, value in best.items()}))
    return found


def neighbours(articles: list[Article]) -> dict[int, list[tuple[float, int]]]:
    """For each article the most similar ones of days around it, with their cosine."""
    weighed = vectors(articles)
    by_day: dict[date, list[int]] = {}
    for place, article in enumerate(articles):
        if article.day:
            by_day.setdefault(article.day, []).append(place)
    near: dict[int, list[tuple[float, int]]] = {}
    for place, article in enumerate(articles):
        day = article.day or date.min
        others = [o for n in range(-3, 4) for o in by_day.get(day + timedelta(days=n), []) if o != place]
        mine = weighed[place]
        scored = [(sum(v * weighed[o].get(w, 0.0) for w, v in mine.items()), o) for o in others]
        near[place] = sorted(scored, reverse=True)[:3]
    return near


def labelled(articles: list[Article], stories: int, chance: random.Random) -> list[Labelled]:
    """Copies and look-alikes of so many stories, with all that the data holds beside them."""
    near = neighbours(articles)
    told = stories_told(articles)
    chosen = chance.sample(range(len(articles)), min(stories, len(articles)))
    found = [
        Labelled(article=article, story=told[article.id], how=kind(articles, near, place), fold=place % 2)
        for place, article in enumerate(articles)
    ]
    for place in chosen:
        article, fold = articles[place], place % 2
        for number in range(chance.choice([1, 1, 2])):
            copy, how = edited(article, articles, chance, f"copy-{number}-{article.id}")
            found.append(Labelled(article=copy, story=told[article.id], how=how, fold=fold))
        name = f"template-{article.id}"
        found.append(Labelled(article=template(article, chance, name), story=name, how="template", fold=fold))
        if near[place]:
            name = f"follow-up-{article.id}"
            other = articles[near[place][0][1]]
            shifted = follow_up(article, other, chance, name)
            if other.published == shifted.published or not other.day or not article.day:
                continue
            # a follow-up retells the other story, so it is labelled with neither: only the first one is compared
            found.append(Labelled(article=shifted, story=f"{name}|{told[other.id]}", how="follow-up", fold=fold))
    return found


def stories_told(articles: list[Article]) -> dict[str, str]:
    """The first article of each story, by article; most stories have one."""
    told = {article.id: article.id for article in articles}
    by_day: dict[date, list[Article]] = {}
    for article in articles:
        by_day.setdefault(article.day or date.min, []).append(article)
    for day, several in by_day.items():
        others = [other for n in range(4) for other in by_day.get(day + timedelta(days=n), [])]
        for article in several:
            for other in others:
                one, two = sorted((article.id, other.id))
                if blake2b(f"{one}\n{two}".encode(), digest_size=6).hexdigest() in REPRINTED:
                    told = {each: told[one] if story == told[two] else story for each, story in told.items()}
    return told


def kind(articles: list[Article], near: dict[int, list[tuple[float, int]]], place: int) -> str:
    """What makes an article a look-alike of its neighbours."""
    if not near[place] or near[place][0][0] < 0.2:
        return "plain"
    other = articles[near[place][0][1]]
    if other.outlet != articles[place].outlet:
        return "same event, other outlet"
    return "same author or series" if set(other.authors) & set(articles[place].authors) else "same topic and days"


# ---------------------------------------------------------------------------------------------------------------
# Measuring


def quality(folder: Path, stories: int, show: bool) -> None:
    """Prints precision and recall of pairs, with and without the threshold's part."""
    articles = read(folder)
    given = labelled(articles, stories, random.Random(7))
    by_id = {one.article.id: one for one in given}
    signed = {one.article.id: signature(one.article) for one in given}
    with tempfile.TemporaryDirectory() as home:
        store = open_store(Path(home), engine="okapi")
        order = list(given)
        random.Random(1).shuffle(order)
        began = time.process_time()
        with store.write() as writer:
            grouping = Grouping(writer.copies())
            for one in order:
                writer.put(StoredArticle(article=one.article, quotes=()), [])
                grouping.put(one.article.id, signature(one.article))
            grouping.finish()
            writer.commit()
        spent = time.process_time() - began
        corpus = store.snapshot().corpus
        groups: dict[str, list[str]] = {}
        for one in given:
            stored = corpus.article(one.article.id)
            if stored and stored.group:
                groups.setdefault(stored.group, []).append(one.article.id)
        store.close()
    found = {frozenset(pair) for members in groups.values() for pair in combinations(sorted(members), 2)}
    stories_of: dict[str, list[str]] = {}
    for one in given:
        stories_of.setdefault(one.story, []).append(one.article.id)
    true = {frozenset(pair) for members in stories_of.values() for pair in combinations(sorted(members), 2)}
    told_by: dict[str, list[str]] = {}  # by story, also those that retell it with more
    for one in given:
        told_by.setdefault(one.story.rpartition("|")[2], []).append(one.article.id)
    retold = {frozenset(pair) for members in told_by.values() for pair in combinations(sorted(members), 2)} - true
    print(f"{len(given):,} articles, {len(true):,} pairs of copies; {1e3 * spent / len(given):.1f} ms an article")
    for fold, name in ((0, "even (chosen on)"), (1, "odd (held out)")):
        mine = {pair for pair in found if all(by_id[each].fold == fold for each in pair)} - retold
        wanted = {pair for pair in true if all(by_id[each].fold == fold for each in pair)}
        right = len(mine & wanted)
        print(f"{name}: precision {right / max(1, len(mine)):.4f}, recall {right / max(1, len(wanted)):.4f}")
    crossing = {pair for pair in found - true - retold if len({by_id[each].fold for each in pair}) > 1}
    print(f"wrong pairs between the halves: {len(crossing)}")
    for label, pairs in (("missed", true - found), ("wrong", found - true - retold)):
        print(label, Counter(" / ".join(sorted(by_id[each].how for each in pair)) for pair in pairs).most_common(12))
        for pair in sorted(map(sorted, pairs))[: 40 if show else 0]:
            one, other = (signed[each] for each in pair)
            told = likeness(one.body, other.body) if one and other else None
            print(
                "  ",
                pair,
                told,
                one and other and is_copy(one, other),
                [by_id[each].article.title[:60] for each in pair],
            )


def grow(total: int, step: int) -> None:
    """Prints what generated signatures take as a library grows: bytes an article, and time to sign and to look up."""
    chance = np.random.default_rng(3)
    with tempfile.TemporaryDirectory() as home:
        store = open_store(Path(home), engine="okapi")
        print("articles      bytes an article   ms to sign   ms to look up   MB of memory")
        with store.write() as writer:
            copies = writer.copies()
            if copies is None:
                return
            put = 0
            while put < total:
                spent = 0.0
                for signed in generated(chance, put, min(step, total - put)):
                    article = Article(
                        id=f"a{put:07}", title="t", outlet=None, url=None, authors=(), published=None, language="en",
                        content_hash="", paragraphs=(), aliases=(),
                    )  # fmt: skip
                    writer.put(StoredArticle(article=article, quotes=()), [])
                    began = time.process_time()
                    copies.sign(article.id, signed)
                    spent += time.process_time() - began
                    put += 1
                began = time.process_time()
                for signed in generated(chance, put, 200):
                    copies.near(signed, days=3)
                looked = (time.process_time() - began) / 200
                disk = sum(path.stat().st_size for path in Path(home).rglob("*") if path.is_file())
                memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                signing = 1e3 * spent / step
                print(f"{put:9,} {disk / put:14,.0f} {signing:15.3f} {1e3 * looked:13.2f} {memory:14,.0f}", flush=True)
        store.close()


def generated(chance: np.random.Generator, first: int, count: int) -> Iterator[Signature]:
    """Signatures of the size of a 700-word article's, 3,000 articles a day."""
    for start in range(first, first + count, 1_000):
        numbers = np.sort(chance.integers(0, 2**30, (1_000, 131), dtype=np.uint32))
        facts = chance.integers(0, 2**32, (1_000, 60), dtype=np.uint32)
        keys = chance.integers(0, 2**28, (1_000, 33)).tolist()
        for place in range(min(1_000, first + count - start)):
            body = b"\0" * 12 + numbers[place].tobytes() + facts[place].tobytes()
            yield Signature(day=738_000 + (start + place) // 3_000, keys=tuple(keys[place]), body=body)


def main() -> None:
    """Runs what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--stories", type=int, default=1_500)
    parser.add_argument("--show", action="store_true", help="the pairs that were missed or are wrong")
    parser.add_argument("--grow", type=int, default=0)
    parser.add_argument("--step", type=int, default=100_000)
    given = parser.parse_args()
    if given.data:
        quality(given.data, given.stories, given.show)
    if given.grow:
        grow(given.grow, given.step)


if __name__ == "__main__":
    main()
