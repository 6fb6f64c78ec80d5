"""What was understood of a question: the intent, whom it names, the topic, the time, the outlet."""

from dataclasses import dataclass
from datetime import date

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
    certain: bool = True
