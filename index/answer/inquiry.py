"""One question being answered: what was understood, whom it names, and the one state of the library it is asked of."""

import re
from collections.abc import Set
from dataclasses import dataclass
from datetime import timedelta

from index.answer.query import Query
from index.answer.reading import Candidate, Reader
from index.answer.terms import Terms
from index.answer.whom import Who
from index.model import Question
from index.storage.base import Engine
from index.storage.records import Filters
from index.text.analyzer import stem, tokens

_WEEKDAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b")
SLACK = timedelta(days=1)  # what was said on Tuesday is printed on Wednesday, too


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """What one answer is made from.

    Attributes:
        carried: articles of the answer before, when this question leans on it.
        limit: passages shown at most.
    """

    query: Query
    question: Question
    who: tuple[Who, ...]
    reader: Reader
    engine: Engine
    limit: int
    carried: frozenset[str] = frozenset()

    def filters(self, keys: Set[str] | None = None) -> Filters:
        """What the query restricts; undated articles pass when no time, or a weekday alone, was asked about."""
        query, asked = self.query, self.question.asked
        until = min(query.until + SLACK, asked) if query.until else asked
        outlet = query.outlet.lower() if query.outlet else None
        dated = query.since is not None or query.until is not None
        undated = not dated or self.weekday is not None
        return Filters(speakers=keys, since=query.since, until=until, undated=undated, outlet=outlet)

    @property
    def weekday(self) -> str | None:
        """The day of the week that was asked about, which an undated article may print with a statement."""
        found = _WEEKDAY.search((self.query.when or "").lower())
        return found[0] if found else None

    def said_then(self, candidate: Candidate) -> bool:
        """Whether an undated article prints that weekday with the statements; a dated one was filtered by its date."""
        stored = self.reader.stored(candidate.article_id)
        if self.weekday is None or stored is None or stored.article.day is not None:
            return True
        return any((quote.when or "").lower() == self.weekday for quote in self.reader.quotes(candidate))

    def seen(self) -> Filters:
        """Everything published until the question's now."""
        return Filters(until=self.question.asked)

    def terms(self, text: str, *, without: frozenset[str] = frozenset()) -> Terms:
        """The terms of a text, with what the query adds to them."""
        query = self.query
        return Terms.of(text, self.engine, without=without, hints=query.hints, carried=query.carried)


def names_in(who: Who) -> frozenset[str]:
    """Stems of the names by which somebody is called, which say nothing of the topic."""
    names = [who.typed, *(entry.speaker.name for entry in who.entries)]
    return frozenset(stem(word) for name in names for word in tokens(name))
