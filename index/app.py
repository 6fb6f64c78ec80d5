"""The only wiring: settings in, a Library out, which both faces ask."""

from collections.abc import Callable, Sequence
from datetime import date

from index.model import Answer, Coverage, PersonEntry
from index.settings import IndexSettings
from index.storage.base import StoredArticle


class Library:
    """A library opened for reading; every method may be called from any thread.

    Args:
        settings: where the library is.
        today: the clock, passed in.
    """

    def __init__(self, settings: IndexSettings, *, today: Callable[[], date] = date.today) -> None:
        self.settings = settings
        self._today = today

    def ask(
        self, text: str, *, context: Sequence[str] = (), asked: date | None = None, limit: int | None = None
    ) -> Answer:
        """Answers a question as typed.

        Args:
            text: the question.
            context: earlier questions of the same conversation, oldest first.
            asked: the question's now (today when None); articles published after that day are not seen.
            limit: passages at most.

        Raises:
            QuestionError: empty, or longer than 1,000 characters.
            EmptyLibrary: nothing has been indexed yet.
            StoreError: the index can't be read.
        """
        raise NotImplementedError

    def said(
        self,
        speaker: str,
        *,
        about: str | None = None,
        since: date | None = None,
        until: date | None = None,
        outlet: str | None = None,
        asked: date | None = None,
        limit: int | None = None,
    ) -> Answer:
        """What a speaker said; `speaker` is a name, a role, or a person's id. Errors as in `ask`."""
        raise NotImplementedError

    def show(self, reference: str) -> tuple[StoredArticle, int | None]:
        """The stored article of ARTICLE or ARTICLE#NUMBER, and the number.

        Raises:
            UnknownReference: nothing stored has that reference.
        """
        raise NotImplementedError

    def speakers(self, prefix: str = "", *, limit: int = 25) -> tuple[PersonEntry, ...]:
        """Speakers whose name begins like the prefix or is spelt nearly so; those with most statements for none."""
        raise NotImplementedError

    def coverage(self) -> Coverage:
        """What the index holds."""
        raise NotImplementedError

    def close(self) -> None:
        """Lets go of files and memory."""
        raise NotImplementedError


def open_library(settings: IndexSettings, *, today: Callable[[], date] = date.today) -> Library:
    """Opens the library that the settings name."""
    return Library(settings, today=today)
