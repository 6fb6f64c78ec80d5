"""Makes questions from PolNeAR's annotation, to learn weights on: a name or role, and a few words of the topic.

    python benchmarks/silver.py --data DIR --out FILE [--seed N] [--count N] [--kind said|plain]

What a person remembers is seldom what was printed: some topic words come from around the statement, and some are
exchanged for words that stand nowhere near. Unanswerable ones ask a speaker about another article's topic.
"""

import argparse
import json
import random
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from index.people.roles import read_role
from index.text.analyzer import STOP_WORDS, analyze, stem, tokens
from index.text.names import is_first_name

_NAME = re.compile(r"(?:[A-Z][\w'’-]+\.?\s+)+[A-Z][\w'’-]+")
_TITLES = re.compile(
    r"^(?:(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen)\.?|Senator|Representative|Governor|President|Mayor|Secretary|"
    r"Republican|Democratic|House|Speaker|Senate|Vice|Former|The|But|And|In|On)\s+"
)
_FORMS = (
    "what did {who} say about {topic}", "what did {who} say about {topic}?", "how did {who} respond to {topic}",
    "what does {who} think of {topic}", "what did {who} tell reporters about {topic}", "{who} on {topic}",
    "what's {who}'s view on {topic}", "why did {who} criticize {topic}", "how did {who} explain {topic}",
)  # fmt: skip
_PLAIN = ("why is", "how does", "what happened when", "where did", "when was", "how many", "which", "is", "")


def main() -> None:
    """Writes the questions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--kind", choices=["said", "plain"], default="said")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    articles = [json.loads(line) for line in (options.data / "polnear-train.jsonl").open(encoding="utf-8")]
    make = questions if options.kind == "said" else plain_questions
    rows = make(articles, chance, options.count)
    with options.out.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    print(Counter(row["kind"] for row in rows))


def questions(articles: list[dict[str, Any]], chance: random.Random, count: int) -> list[dict[str, Any]]:
    """Answerable and, half as many, unanswerable questions."""
    df = Counter(word for article in articles for word in set(words_of(article["text"])))
    vocabulary = sorted(word for word, times in df.items() if 2 <= times <= 60)
    statements = [found for article in articles for found in named_statements(article)]
    spoken: dict[str, set[str]] = defaultdict(set)
    for statement in statements:
        spoken[statement["surname"]].update(words_of(statement["article"]["text"]))
    chance.shuffle(statements)
    rows: list[dict[str, Any]] = []
    for statement in statements:
        topic = topic_of(statement, df, vocabulary, chance)
        if topic and len(rows) < count:
            rows.append(answerable(statement, topic, len(rows), chance))
    for statement in statements:
        other = chance.choice(statements)
        topic = topic_of(other, df, vocabulary, chance, exchanged=0.0)
        theirs = [word for word in topic if word in spoken[statement["surname"]]]
        if (
            topic
            and other["surname"] != statement["surname"]
            and 3 * len(theirs) <= len(topic)
            and len(rows) < 1.5 * count
        ):
            rows.append(
                {
                    "id": f"silver-un-{len(rows):04d}",
                    "kind": "unanswerable",
                    "question": asked(statement["name"], topic, chance),
                    "speaker": statement["name"],
                    "answerable": False,
                    "gold": [],
                }
            )
    return rows


def plain_questions(articles: list[dict[str, Any]], chance: random.Random, count: int) -> list[dict[str, Any]]:
    """Questions for a paragraph: some of its words in their order, with other endings, one in five from beside it."""
    df = Counter(word for article in articles for word in set(words_of(article["text"])))
    rows: list[dict[str, Any]] = []
    while len(rows) < count:
        article = chance.choice(articles)
        paragraphs = [line.strip() for line in article["text"].split("\n") if len(line.split()) > 12]
        if len(paragraphs) < 4:
            continue
        place = chance.randrange(len(paragraphs))
        own = [w for w in dict.fromkeys(words_of(paragraphs[place])) if df[w] < 400 and len(w) > 2]
        beside = words_of(" ".join(paragraphs[max(0, place - 1) : place + 2]) + " " + article["title"])
        wanted = chance.choice([3, 4, 4, 5, 6])
        if len(own) <= wanted:
            continue
        words = [own[i] for i in sorted(chance.sample(range(len(own)), wanted))]
        words = [inflected(chance.choice(beside) if chance.random() < 0.2 else word, chance) for word in words]
        rows.append(
            {
                "id": f"silver-plain-{len(rows):04d}",
                "kind": "plain",
                "question": f"{chance.choice(_PLAIN)} {' '.join(words)}",
                "speaker": None,
                "answerable": True,
                "gold": [{"article": article["id"], "text": paragraphs[place]}],
            }
        )
    return rows


def inflected(word: str, chance: random.Random) -> str:
    """The word, every third time with another ending."""
    if chance.random() > 0.33 or not word.isalpha() or len(word) < 5:
        return word
    for ending, others in (("ing", ("ed", "s")), ("ed", ("ing", "s")), ("s", ("", ""))):
        if word.endswith(ending):
            return word.removesuffix(ending) + chance.choice(others)
    return word + "s"


def named_statements(article: dict[str, Any]) -> list[dict[str, Any]]:
    """Statements whose source is printed with a full name, each with its paragraphs and those of the same speaker."""
    text, found = article["text"], []
    paragraphs = [(m.start(), m.end(), m.group()) for m in re.finditer(r"[^\n]+", text) if m.group().strip()]
    by_surname: dict[str, list[int]] = defaultdict(list)
    for attribution in article["attributions"]:
        place = next((i for i, p in enumerate(paragraphs) if p[0] <= attribution["content"][0][0] < p[1]), None)
        if place is None or not attribution["source_text"]:
            continue
        name = next(iter(_NAME.findall(attribution["source_text"])), "")
        while _TITLES.match(name):
            name = _TITLES.sub("", name)
        last = re.findall(r"[A-Z][\w'’-]+", attribution["source_text"])[-1:]
        for surname in {name.split()[-1]} if name else set(last):
            by_surname[surname.lower()].append(place)
        name = re.sub(r"['’]s?$", "", name)
        if len(name.split()) in {2, 3} and is_first_name(name.split()[0]):
            found.append({"name": name, "surname": name.split()[-1].lower(), "place": place, "said": attribution})
    return [
        {**each, "article": article, "paragraphs": [p[2] for p in paragraphs], "places": by_surname[each["surname"]]}
        for each in found
        if not each["said"]["cue_text"] or len(each["said"]["content_text"].split()) > 4
    ]


def topic_of(
    statement: dict[str, Any], df: Counter[str], vocabulary: list[str], chance: random.Random, exchanged: float = 0.22
) -> list[str]:
    """Words that somebody might ask by: mostly the statement's, some from around it, some from nowhere."""
    paragraphs, place = statement["paragraphs"], statement["place"]
    pools = [
        (6, statement["said"]["content_text"]),
        (2, paragraphs[place]),
        (2, " ".join(paragraphs[max(0, place - 1) : place + 2])),
        (3, statement["article"]["title"]),
    ]
    name = set(words_of(statement["name"]))
    wanted = chance.choice([2, 2, 3, 3, 4, 5])
    found: list[str] = []
    for _ in range(4 * wanted):
        pool = chance.choices([p for _, p in pools], [w for w, _ in pools])[0]
        words = [w for w in words_of(pool) if df[w] < 250 and w not in name and len(w) > 2]
        if words:
            word = max(chance.sample(words, min(2, len(words))), key=lambda w: -df[w])
            found += [word] if word not in found else []
        if len(found) == wanted:
            break
    return (
        [chance.choice(vocabulary) if chance.random() < exchanged else word for word in found] if len(found) > 1 else []
    )


def answerable(statement: dict[str, Any], topic: list[str], number: int, chance: random.Random) -> dict[str, Any]:
    """A question with its gold: the statement's paragraph, and the speaker's others that hold most of the topic."""
    paragraphs, stems = statement["paragraphs"], {stem(word) for word in topic}
    gold = [statement["place"]]
    for place in statement["places"]:
        if place not in gold and 2 * len(stems & set(analyze(paragraphs[place]))) > len(stems):
            gold.append(place)
    return {
        "id": f"silver-said-{number:04d}",
        "kind": "said",
        "question": asked(called(statement, chance), topic, chance),
        "speaker": statement["name"],
        "answerable": True,
        "gold": [{"article": statement["article"]["id"], "text": paragraphs[place]} for place in gold],
    }


def called(statement: dict[str, Any], chance: random.Random) -> str:
    """The speaker as somebody might type it: in full, by surname, by role, with a slip."""
    name: str = statement["name"].lower()
    before = statement["said"]["source_text"].partition(statement["name"])[0].strip(" ,").lower()
    if (
        len(before.split()) > 1
        and read_role(before).heads
        and chance.random() < 0.5
        and re.fullmatch(r"[\w\s.'-]+", before)
    ):
        return re.sub(r"^(?:(?:the|an?) )?", "the ", before)
    if chance.random() < 0.3:
        return name.rsplit(maxsplit=1)[-1]
    if chance.random() < 0.1:
        place = chance.randrange(1, len(name) - 1)
        return name[:place] + name[place + 1 :]
    return name


def asked(who: str, topic: list[str], chance: random.Random) -> str:
    """The question in one of the forms that people use."""
    return chance.choice(_FORMS).format(who=who.lower(), topic=" ".join(topic))


def words_of(text: str) -> list[str]:
    """Words that may carry a topic."""
    return [word for word in tokens(text) if word not in STOP_WORDS and not word.isdigit()]


if __name__ == "__main__":
    main()
