"""What may be meant while it is being typed: topics that a speaker, or the newest articles, speak of, and outlets."""

import math
import re
import threading
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping

from rapidfuzz import fuzz

from index.answer.forms import LIGHT
from index.model import PersonEntry
from index.storage.base import Corpus, Engine, Snapshot
from index.storage.records import Filters, Unit
from index.text.analyzer import STOP_WORDS, analyze, fold

STATEMENTS, ARTICLES, FOUND = 40, 40, 10  # looked through: of a speaker, the newest of all, those with what is typed
LONGEST = 3  # words of a topic
REMEMBERED = 200  # speakers whose topics are kept at hand
MOSTLY = 0.6  # of a word's texts that have it within one longer topic: then the word alone is none
SIMILAR, TYPO_LETTERS = 80.0, 4  # how alike (0..100) a slip must be, and from how many letters on one is looked for

_WORD = re.compile(r"[^\W\d_][\w.'’-]*(?<![.'’-])")
_BREAK = re.compile(r"[^\w\s.'’-]|[.](?:\s|$)|\s[-–—]\s")
_EMPTY = frozenset(
    """
    new news amid year years day days week weeks month months today yesterday make made get got going know think people
    thing things way lot time times like just really come take back good well want us one two three first last video
    live update updates don't i'm it's that's we're they're didn't doesn't can't won't isn't even much many still never
    always also million billion thousand percent
    """.split()
)
_DOING = re.compile(r"[a-z]+(?:ing|ed|ly)")


class Suggestions:
    """Suggests topics; those of a speaker, and of the newest articles, are worked out once for each state."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int], dict[str, float]] = OrderedDict()

    def topics(self, snapshot: Snapshot, typed: str, person: PersonEntry | None, limit: int) -> list[str]:
        """At most so many topics for what was typed so far, likeliest first.

        Args:
            snapshot: the state of the library.
            typed: the beginning of a topic, or nothing.
            person: whose statements to look through; None for the newest articles.
            limit: how many.
        """
        weights = self._weights(snapshot, person)
        if len(typed.strip()) >= TYPO_LETTERS - 1:
            weights = _weighed(_found(snapshot, typed, person), snapshot.engine) | weights
        return near(typed, weights, limit)

    def _weights(self, snapshot: Snapshot, person: PersonEntry | None) -> dict[str, float]:
        key = (person.speaker.id if person else "", snapshot.corpus.sequence())
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
        weights = _weighed(_newest(snapshot, person), snapshot.engine)
        with self._lock:
            self._kept[key] = weights
            while len(self._kept) > REMEMBERED:
                self._kept.popitem(last=False)
        return weights


def near(typed: str, weights: Mapping[str, float], limit: int) -> list[str]:
    """Names that begin with what was typed, have a word that does, hold it, or are spelt nearly so; heaviest first."""
    wanted = " ".join(fold(typed).split())
    found = [
        (kin, -weight, name) for name, weight in weights.items() if (kin := _kinship(wanted, fold(name))) is not None
    ]
    chosen: dict[str, str] = {}
    for _, _, name in sorted(found):
        chosen.setdefault(fold(name), name)
        if len(chosen) == limit:
            break
    return list(chosen.values())


def _kinship(wanted: str, name: str) -> int | None:
    """How near a name is to what is wanted, 0 the nearest; None when it isn't."""
    if name.startswith(wanted):
        return 0
    if f" {wanted}" in name:
        return 1
    if wanted in name:
        return 2
    if len(wanted) < TYPO_LETTERS:
        return None
    begins = [0, *(space.end() for space in re.finditer(r"\s", name))]
    around = (name[begin : begin + len(wanted) + more] for begin in begins for more in (0, 1))
    return 3 if any(fuzz.ratio(wanted, each, score_cutoff=SIMILAR) for each in around) else None


def phrases(text: str) -> Iterator[str]:
    """Runs of words that say something, of at most `LONGEST`, and the words of longer ones."""
    for part in _BREAK.split(text):
        run: list[str] = []
        for word in [*(found.group() for found in _WORD.finditer(part)), ""]:
            folded = fold(word).removesuffix("'s")
            if word and folded not in STOP_WORDS and folded not in LIGHT and folded not in _EMPTY and len(folded) > 2:
                run.append(re.sub(r"['’]s?$", "", word))
                continue
            if run:
                yield from _parts(run)
            run = []


def _parts(run: list[str]) -> Iterator[str]:
    if 1 < len(run) <= LONGEST:
        yield " ".join(run)
    yield from (word for word in run if len(word) > LONGEST and not _DOING.fullmatch(word))


def _weighed(texts: Iterable[str], engine: Engine) -> dict[str, float]:
    """The texts' phrases under their commonest spelling, by how many of them hold it and how rare its words are."""
    spelt: dict[str, Counter[str]] = {}
    for text in texts:
        for folded, printed in {fold(phrase): phrase for phrase in phrases(text)}.items():
            spelt.setdefault(folded, Counter())[printed] += 1
    counts = {folded: spellings.total() for folded, spellings in spelt.items()}
    whole: Counter[str] = Counter()  # how often a word stands in a longer phrase
    for folded, count in counts.items():
        if " " in folded:
            whole.update(dict.fromkeys(folded.split(), count))
    total = engine.count(Unit.PARAGRAPH)
    weights = {}
    for folded, count in counts.items():
        if MOSTLY * count > whole[folded]:
            idf = [math.log(1 + total / (1 + engine.df(Unit.PARAGRAPH, "body", term))) for term in analyze(folded)]
            weights[spelt[folded].most_common(1)[0][0]] = (count - 0.5) * sum(idf) / max(len(idf), 1)
    return weights


def _newest(snapshot: Snapshot, person: PersonEntry | None) -> Iterator[str]:
    if person is None:
        hits = snapshot.engine.browse(Unit.ARTICLE, filters=Filters(), k=ARTICLES)
        yield from _titles(snapshot.corpus, [hit.article_id for hit in hits])
        return
    filters = Filters(speakers=person.keys, attitude=False)
    hits = snapshot.engine.browse(Unit.STATEMENT, filters=filters, k=STATEMENTS)
    yield from _words(snapshot.corpus, [hit.id for hit in hits])


def _found(snapshot: Snapshot, typed: str, person: PersonEntry | None) -> Iterator[str]:
    """Where the words that were typed stand, however old."""
    terms = dict.fromkeys(analyze(typed), 1.0)
    if person is None:
        hits = snapshot.engine.search(Unit.ARTICLE, terms, boosts={"title": 1.0}, k=FOUND)
        yield from _titles(snapshot.corpus, [hit.article_id for hit in hits])
        return
    filters = Filters(speakers=person.keys, attitude=False)
    hits = snapshot.engine.search(Unit.STATEMENT, terms, boosts={"content": 1.0}, filters=filters, k=FOUND)
    yield from _words(snapshot.corpus, [hit.id for hit in hits])


def _titles(corpus: Corpus, ids: list[str]) -> Iterator[str]:
    yield from (stored.article.title for stored in corpus.articles(ids, records=False).values())


def _words(corpus: Corpus, statements: list[str]) -> Iterator[str]:
    """What was said in each of the statements."""
    stored = corpus.articles({statement.rpartition("#")[0] for statement in statements}, records=False)
    for statement in statements:
        article_id, _, place = statement.rpartition("#")
        k = int(place.rpartition(".")[2])
        if article_id in stored and k < len(stored[article_id].quotes):
            yield " ".join(span.text for span in stored[article_id].quotes[k].content)
