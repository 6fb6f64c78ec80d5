"""What was understood of a question: the intent, whom it names, the topic, the time, the outlet."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from index.model import Intent


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
