"""What was understood of a question: the intent, whom it names, the topic, the time, the outlet."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from index.model import Intent

_DAY = re.compile(r"\b(?P<month>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question as understood, before anybody was looked up.

    Attributes:
        speakers: as typed, in order; empty for plain questions and "who said".
        topic: words that say what about, as typed; None for everything.
        phrase: words that somebody is asked to have said ("who said ...", "did X say ...").
        since, until: days inclusive; `when`: the words they came from.
        outlet: an outlet of the index, as it spells itself.
        either: words of a follow-up ("what about Sanders?") that are the speaker when somebody is known by them, else
            the topic.
        hints: words that may stand in an answer but need not: the question's verb ("defend"), the kind of speaker
            ("which senator").
        carried: words that earlier questions asked about, weighed lightly; None when it does not follow one.
        quoted: the phrase stands in quotation marks.
        certain: False when the speaker is a guess from the form of the question ("nauert on talks"), to be taken as
            a plain question when nobody is known by that name.
    """

    intent: Intent
    text: str
    speakers: tuple[str, ...] = ()
    topic: str | None = None
    phrase: str | None = None
    since: date | None = None
    until: date | None = None
    when: str | None = None
    outlet: str | None = None
    either: str | None = None
    hints: str | None = None
    carried: str | None = None
    quoted: bool = False
    certain: bool = True

    def of_the_day(self) -> "Query | None":
        """The same about a day and not of it, where that has no year: "January 6" is an event, too; else None."""
        day = _DAY.search(self.when or "")
        if not day or self.since != self.until or not self.speakers:
            return None
        topic = f"{self.topic} {day[0]}" if self.topic else day[0]
        return replace(self, topic=topic, since=None, until=None, when=None)

    def names_the_day(self, text: str) -> bool:
        """Whether a text names the day that is part of the topic: "Jan. 6"."""
        day = _DAY.search(self.topic or "")
        return bool(day and re.search(rf"\b{day['month'][:3]}\w*\.?\s+{day['day']}\b", text, re.IGNORECASE))


class Names(Protocol):
    """Tells names from other words, while a question is being understood."""

    def known(self, typed: str) -> float:
        """How surely somebody on record is meant: 1 by name, less by role or by a near spelling, 0 when nobody is."""
        ...

    def named(self, typed: str) -> bool:
        """Whether these words are a name on record."""
        ...

    def gender(self, typed: str) -> str:
        """One of "m", "f", or "" when the person's first name does not tell."""
        ...


class NoNames:
    """Knows nobody: questions are understood by their form alone."""

    def known(self, typed: str) -> float:  # noqa: ARG002 - nobody is known, whatever was typed
        return 0.0

    def named(self, typed: str) -> bool:  # noqa: ARG002 - as above
        return False

    def gender(self, typed: str) -> str:  # noqa: ARG002 - as above
        return ""
