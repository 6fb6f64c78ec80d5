"""Whom a question names: looked up by name, and a role in the context of what is asked about it."""

from collections.abc import Iterable, Set
from dataclasses import dataclass, field, replace
from datetime import date

from rapidfuzz.distance import DamerauLevenshtein

from index import people
from index.answer.reading import Reader
from index.answer.terms import Terms
from index.model import PersonEntry, Quote, Speaker, SpeakerKind
from index.storage.ahead import read_ahead
from index.storage.base import Corpus, Engine
from index.storage.keysets import Together
from index.storage.records import Filters, StoredArticle, Unit
from index.text.analyzer import STOP_WORDS, fold, stem, tokens
from index.text.names import gender_of_first_name, is_first_name

SLIP = 20  # times as often as what was typed a name is printed, where the former is a slip for the latter
LONG = 8  # letters of a name, from which on two slips are read over
DOMINANT = 4  # times as many statements as the next of the same name: then nobody else is meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Whom the question names: persons by the name typed for them, likeliest first.

    Attributes:
        others: persons of the same name who were not taken, to offer.
        near: names to offer when nobody is known.
        keys: speakers within articles whose statements are theirs.
    """

    typed: str
    entries: tuple[PersonEntry, ...] = ()
    how: people.How = people.How.NAME
    near: tuple[str, ...] = ()
    others: tuple[PersonEntry, ...] = ()
    unnamed: tuple[Speaker, ...] = ()

    @property
    def keys(self) -> Set[str]:
        if len(self.entries) == 1 and not self.unnamed:
            return self.entries[0].keys  # some have thousands
        return Together([frozenset(s.id for s in self.unnamed), *(entry.keys for entry in self.entries)])

    @property
    def speaker(self) -> Speaker | None:
        if self.entries:
            return self.entries[0].speaker
        return self.unnamed[0] if self.unnamed else None

    @property
    def known(self) -> bool:
        return bool(self.entries or self.unnamed)


@dataclass(slots=True)
class Register:
    """Looks names up in one corpus, each once; what `understanding` asks to find where a name ends."""

    corpus: Corpus
    engine: Engine
    asked: date
    _found: dict[str, people.Found] = field(default_factory=dict)

    def find(self, typed: str) -> people.Found:
        """Whom a name can mean."""
        if typed not in self._found:
            found = people.find(self.corpus, typed, asked=self.asked)
            self._found[typed] = self._by_surname(typed, found) if found.how is people.How.ROLE else found
        return self._found[typed]

    def _by_surname(self, typed: str, found: people.Found) -> people.Found:
        """A role of one word without "the" that is a surname too ("dean"): who of both is quoted more."""
        words = tokens(typed)
        if len(words) != 1:
            return found
        named = [e for e in people.by_name(self.corpus, words) if tokens(e.speaker.name)[1:][-1:] == words]
        printed = [e for e in found.entries if any(words[0] in tokens(role) for role, _, _ in e.roles[:2])]
        holding = max((e.statements for e in printed), default=0)
        return people.Found(entries=tuple(named)) if named and named[0].statements > holding else found

    def known(self, typed: str) -> float:
        """1 for a name, .8 for a first name, .7 for a role, .5 for a near spelling of a rare word, 0 for nobody."""
        found = self.find(typed)
        if found.how is people.How.ROLE:
            return 0.7
        if not found.entries:
            return 0.0
        if found.how is people.How.SPELLING:
            name = set(tokens(found.entries[0].speaker.name))
            return 0.6 if name & set(tokens(typed)) else 0.5 if self._misspelt(typed) else 0.2
        return 0.8 if found.how is people.How.FIRST_NAME else 1.0

    def foreign(self, typed: str) -> bool:
        """Whether words that name nobody on record are a name all the same: "gerta brandt", a word never printed."""
        words = tokens(typed)
        if not 0 < len(words) < 4:
            return False
        full = len(words) > 1 and is_first_name(words[0].capitalize()) and words[1] not in STOP_WORDS
        return full or self._df(words) == 0

    def named(self, typed: str) -> bool:
        """Whether these words are a name on record."""
        return bool(people.by_name(self.corpus, tokens(typed)))

    def gender(self, typed: str) -> str:
        """By the first name of whoever is likeliest meant."""
        entries = self.find(typed).entries
        if not entries or entries[0].speaker.kind is not SpeakerKind.PERSON:
            return ""
        first = entries[0].speaker.name.split()[0]
        return gender_of_first_name(first)

    def _misspelt(self, typed: str) -> bool:
        """Whether the rarest word typed hardly occurs: then it is a slip rather than a word."""
        return self._df(tokens(typed)) < 3

    def _slip(self, typed: str, entries: Iterable[PersonEntry]) -> bool:
        """Whether what was typed is a slip for one of these far more frequent names; a short one has a single slip."""
        if len(tokens(typed)) == 1 and len(typed) < LONG:
            surnames = (people.name_words(entry.speaker.name)[-1:] for entry in entries)
            if all(DamerauLevenshtein.distance(fold(typed), name) > 1 for surname in surnames for name in surname):
                return False
        printed = [self._df(people.name_words(entry.speaker.name)[-1:]) for entry in entries]
        return max(printed, default=0) >= SLIP * self._df(tokens(typed))

    def _df(self, words: list[str]) -> int:
        """In how many paragraphs the rarest of the words stands."""
        found = [self.engine.df(Unit.PARAGRAPH, "body", stem(word)) for word in words if word not in STOP_WORDS]
        return min(found, default=1_000)

    def look_up(self, typed: str) -> Who:
        """Whom a name means, the dominant one alone; a role by who holds it over the corpus."""
        person = self.corpus.person(typed)
        if person:
            return Who(typed=person.speaker.name, entries=(person,))
        found = self.find(typed)
        if found.how is people.How.SPELLING and self.known(typed) < 0.6 and not self._slip(typed, found.entries):
            return Who(typed=typed, how=found.how, near=tuple(dict.fromkeys((*names_of(found.entries), *found.near))))
        entries, others = found.entries[:8], ()
        if found.how is not people.How.ROLE and len(entries) > 1:
            first, second = entries[0], entries[1]
            if first.statements >= DOMINANT * max(1, second.statements):
                entries, others = (first,), entries[1:]
        return Who(typed=typed, entries=entries, how=found.how, near=found.near, others=others)


def by_topic(who: Who, reader: Reader, engine: Engine, terms: Terms, filters: Filters) -> Who:
    """Of several persons of one name, the one whose statements come nearest to the topic; the others are offered."""
    if len(who.entries) < 2:
        return who
    best = who.entries[0]
    if terms.weights:
        boosts = {"content": 1.0, "paragraph": 0.4, "context": 0.4}
        hits = engine.search(
            Unit.STATEMENT, terms.weights, boosts=boosts, filters=replace(filters, speakers=who.keys), k=5
        )
        scores: dict[str, float] = {}
        read_ahead(reader.corpus, articles=(hit.article_id for hit in hits))
        for hit in hits:
            stored = reader.stored(hit.article_id)
            quote = _quote(stored, hit.id)
            for entry in who.entries:
                if quote and any(speaker.id in entry.keys for speaker in quote.speakers):
                    scores[entry.speaker.id] = scores.get(entry.speaker.id, 0.0) + hit.score
        best = max(who.entries, key=lambda e: scores.get(e.speaker.id, 0.0))
    others = tuple(entry for entry in who.entries if entry is not best)
    return replace(who, entries=(best,), others=(*others, *who.others))


def _quote(stored: StoredArticle | None, statement: str) -> Quote | None:
    place = int(statement.rpartition(".")[2])
    return stored.quotes[place] if stored and place < len(stored.quotes) else None


def names_of(entries: Iterable[PersonEntry]) -> tuple[str, ...]:
    """The persons' names, each once."""
    return tuple(dict.fromkeys(entry.speaker.name for entry in entries))
