"""Makes questions of further kinds from PolNeAR train's annotation: who said, did X say, follow-ups, nothing there.

    python -m benchmarks.silver_kinds --data DIR --out FILE [--seed N] [--count N] [--kinds KIND...]

Each is made as people ask: words of a statement as printed, in part, or with other endings; speakers by surname, in
full, by role, with a slip. What nobody said is a statement's words given to somebody else, or with words exchanged;
what is not there is a topic of others, an invented name, or news from before it happened.
"""

import argparse
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.silver import asked, called, inflected, named_statements, topic_of, words_of
from index.answer.forms import STRONG
from index.text.analyzer import STOP_WORDS
from index.text.names import gender_of_first_name

Row = dict[str, Any]
KINDS = ("who-said", "did-say", "follow-up", "unanswerable", "before")
_QUOTED = re.compile(r"(?:[“\"]|'')([^“”\"]{12,}?)(?:[”\"]|'')")
_SAID = re.compile(rf"(?:{STRONG})(?: that)?")
_WHO_SAID = (
    "who said {}",
    "who said {}?",
    "who said that {}",
    "who claimed {}",
    "who argued that {}",
    "who told reporters {}",
)
_NEXT = (
    "and {who}?",
    "what about {who}?",
    "and what did {who} say",
    "how did {who} respond?",
    "what did {who} say about it",
)
_FIRSTS = "Marlene Torvald Ignacio Beatrix Lionel Sunniva Rashid Odette Anselm Petronella Casper Yolanda".split()
_LASTS = "Hargreave Okonjo Lindqvist Pereda Vanstone Brackenbury Tamsin Oyelaran Kestrel Dunmoor Albrecht Quill".split()


def main() -> None:
    """Writes the questions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--count", type=int, default=200, help="of each kind")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    options = parser.parse_args()
    articles = [json.loads(line) for line in (options.data / "polnear-train.jsonl").open(encoding="utf-8")]
    rows = [row for kind in options.kinds for row in Silver(articles, options.seed).made(kind, options.count)]
    with options.out.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    print(Counter(row["kind"] for row in rows))


class Silver:
    """Questions over articles with annotated statements.

    Args:
        articles: PolNeAR records.
        seed: of everything that is left to chance.
    """

    def __init__(self, articles: list[Row], seed: int) -> None:
        self.articles = articles
        self.chance = random.Random(seed)
        self.df = Counter(word for article in articles for word in set(words_of(article["text"])))
        self.vocabulary = sorted(word for word, times in self.df.items() if 2 <= times <= 60)
        self.statements = [found for article in articles for found in named_statements(article)]
        self.chance.shuffle(self.statements)
        self.spoken: dict[str, set[str]] = defaultdict(set)
        for each in self.statements:
            self.spoken[each["surname"]].update(words_of(each["article"]["text"]))

    def made(self, kind: str, count: int) -> list[Row]:
        """So many questions of a kind, or fewer."""
        making = {
            "who-said": self.who_said,
            "did-say": self.did_say,
            "follow-up": self.follow_ups,
            "unanswerable": self.unanswerable,
            "before": self.before,
        }[kind]()
        rows = []
        for number, row in zip(range(count), making, strict=False):
            rows.append({"id": f"silver-{kind}-{number:04d}", "gold": [], "speaker": None, "answerable": True, **row})
        return rows

    def who_said(self) -> Iterator[Row]:
        """The words as printed, a part of them without quotation marks, or in other words."""
        for each in self.statements:
            words = quoted(each)
            style = self.chance.random()
            if not words and not _SAID.fullmatch(each["said"]["cue_text"].lower()):
                continue  # an attitude is seldom asked for so
            if words and style < 0.4:
                words = part(words, 6, 16, self.chance)
                question = f'who said "{words}"'
            elif words and style < 0.6:
                words = part(words, 5, 10, self.chance)
                plain = re.sub(r"[^\w\s'’$%-]", "", words).lower()
                question = self.chance.choice(_WHO_SAID).format(plain)
            else:
                topic = self.retold(each["said"]["content_text"])
                if not topic:
                    continue
                question = self.chance.choice(_WHO_SAID).format(topic)
            yield {"kind": "who-said", "question": question, "speaker": each["name"], "gold": gold(each, words)}

    def retold(self, content: str) -> str:
        """A statement in fewer words, some with other endings, one exchanged now and then; nothing when it is short."""
        words = [
            w for w in re.findall(r"[\w'’-]+", content.lower()) if w not in STOP_WORDS or self.chance.random() < 0.5
        ]
        rare = [word for word in words if self.df[word] < 400]
        if len(rare) < 4:
            return ""
        start = self.chance.randrange(max(1, len(words) - 8))
        kept = [inflected(word, self.chance) for word in words[start : start + self.chance.randint(5, 9)]]
        if self.chance.random() < 0.3:
            kept[self.chance.randrange(len(kept))] = self.chance.choice(self.vocabulary)
        return " ".join(kept) if sum(self.df[word] < 400 for word in kept) > 2 else ""

    def did_say(self) -> Iterator[Row]:
        """Words as printed: with their speaker, with another one, or altered."""
        for each in self.statements:
            words = quoted(each)
            if not words:
                continue
            words, style = part(words, 6, 13, self.chance), self.chance.random()
            phrase = words
            who, verdict, speaker = called(each, self.chance), "yes", each["name"]
            if style > 0.75:
                other = self.chance.choice(self.statements)
                if other["surname"] == each["surname"] or other["article"] is each["article"]:
                    continue
                who, verdict, speaker = called(other, self.chance), "no", other["name"]
            elif style > 0.5:
                pieces = phrase.split()
                places = [k for k, word in enumerate(pieces) if word.isalpha() and word.lower() not in STOP_WORDS]
                for k in self.chance.sample(places, min(2, len(places))):
                    pieces[k] = self.chance.choice(self.vocabulary)
                if not places:
                    continue
                phrase, verdict = " ".join(pieces), "no"
            verb = self.chance.choice(["say", "say", "say that", "tell reporters", "ever say", "really say"])
            question = f'did {who} {verb} "{phrase}"' + self.chance.choice(["", "?"])
            row = {
                "kind": "did-say",
                "question": question,
                "speaker": speaker,
                "verdict": verdict,
                "gold": gold(each, words),
            }
            yield row

    def follow_ups(self) -> Iterator[Row]:
        """Another speaker on the same matter, the same one on another, "she" for either."""
        by_article: dict[str, list[Row]] = defaultdict(list)
        for each in self.statements:
            by_article[each["article"]["id"]].append(each)
        for first in self.statements:
            topic = topic_of(first, self.df, self.vocabulary, self.chance, exchanged=0.0)
            second = self.chance.choice(by_article[first["article"]["id"]])
            if not topic or second["place"] == first["place"]:
                continue
            before = f"what did {called(first, self.chance)} say about {' '.join(topic)}"
            row = {"kind": "follow-up", "context": [before], "speaker": second["name"], "gold": gold(second)}
            if second["surname"] != first["surname"]:
                shared = set(topic) & set(words_of(second["paragraphs"][second["place"]]))
                if shared:
                    who = called(second, self.chance)
                    yield {**row, "question": self.chance.choice(_NEXT).format(who=who)}
                continue
            other = topic_of(second, self.df, self.vocabulary, self.chance, exchanged=0.0)
            gender = gender_of_first_name(first["name"].split()[0])
            she = {"m": "he", "f": "she"}.get(gender, "they")
            forms = (
                "and about {t}?",
                "what about {t}",
                "what did {s} say about {t}",
                "and on {t}",
                "does {s} say anything on {t}",
            )
            if other:
                yield {**row, "question": self.chance.choice(forms).format(t=" ".join(other), s=she)}

    def unanswerable(self) -> Iterator[Row]:
        """Somebody with a topic that they never speak of, invented names, words that nobody put so."""
        for each in self.statements:
            other = self.chance.choice(self.statements)
            topic = topic_of(other, self.df, self.vocabulary, self.chance, exchanged=0.0)
            if not topic or other["article"] is each["article"]:
                continue
            style, row = self.chance.random(), {"kind": "unanswerable", "answerable": False}
            if style < 0.3:
                name = f"{self.chance.choice(_FIRSTS)} {self.chance.choice(_LASTS)}"
                yield {**row, "question": asked(name, topic, self.chance)}
            elif style < 0.4:
                mixed = f"{self.retold(each['said']['content_text'])[:30]} {' '.join(topic)}"
                yield {**row, "question": self.chance.choice(_WHO_SAID).format(mixed.strip())}
            elif 3 * sum(word in self.spoken[each["surname"]] for word in topic) <= len(topic):
                yield {**row, "question": asked(called(each, self.chance), topic, self.chance)}

    def before(self) -> Iterator[Row]:
        """Plain questions, asked up to a week after the news, long after it, or a month before it."""
        forms = ("why did", "what happened to", "how many", "when did", "where is", "which", "who", "")
        articles = [article for article in self.articles if article["published"]]
        while True:
            article = self.chance.choice(articles)
            paragraphs = [line.strip() for line in article["text"].split("\n") if len(line.split()) > 12][:8]
            place = self.chance.randrange(len(paragraphs)) if len(paragraphs) > 2 else -1
            own = [w for w in dict.fromkeys(words_of(paragraphs[place])) if self.df[w] < 250 and len(w) > 2]
            if place < 0 or len(own) < 8:
                continue
            wanted = self.chance.choice([4, 5, 6, 7])
            words = [inflected(own[i], self.chance) for i in sorted(self.chance.sample(range(len(own)), wanted))]
            days = self.chance.choice([1, 3, 7, 40, 200, -30, -30])
            day = date.fromisoformat(article["published"][:10]) + timedelta(days=days)
            row = {
                "kind": "plain" if days > 0 else "unanswerable",
                "question": f"{self.chance.choice(forms)} {' '.join(words)}".strip(),
                "asked": day.isoformat(),
                "answerable": days > 0,
            }
            yield {**row, "gold": [{"article": article["id"], "text": paragraphs[place]}] if days > 0 else []}


def gold(statement: Row, words: str = "") -> list[dict[str, str]]:
    """The paragraph that holds the statement, or these words of it."""
    text = statement["paragraphs"][statement["place"]]
    text = next((each for each in statement["paragraphs"] if words and words in each), text)
    return [{"article": statement["article"]["id"], "text": text}]


def quoted(statement: Row) -> str:
    """The longest stretch of the statement within quotation marks."""
    found = _QUOTED.findall(statement["said"]["content_text"])
    longest = max(found, key=len, default="")
    return longest if len(longest.split()) > 5 else ""


def part(words: str, least: int, most: int, chance: random.Random) -> str:
    """So many words of a text, one after the other."""
    pieces = words.split()
    size = min(len(pieces), chance.randint(least, most))
    start = chance.randrange(len(pieces) - size + 1)
    return " ".join(pieces[start : start + size]).strip(" ,.;:")


if __name__ == "__main__":
    main()
