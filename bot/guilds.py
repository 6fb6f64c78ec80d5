"""What the bot remembers between starts, in a database of its own: ids and choices, never what somebody wrote."""

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.tables import opened
from index.errors import StoreError
from index.model import Group, Intent

#: Seconds for which an answer's pages can be turned.
KEPT_FOR = 30 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a server has chosen.

    Attributes:
        private: answers to commands are seen by who asks alone.
        asker_only: only who asked uses an answer's buttons.
        channels: where the bot answers; empty for everywhere.
        open_channels: where it answers every question, also one that doesn't mention it.
        per_person: questions that one person may ask within a minute; None for the bot's own setting.
        per_channel: questions that may be asked in one channel within a minute; None for any number.
        admin_channel: where administrators are told of sources that fail; None for the audit alone.
    """

    private: bool = False
    asker_only: bool = False
    channels: frozenset[int] = frozenset()
    open_channels: frozenset[int] = frozenset()
    per_person: int | None = None
    per_channel: int | None = None
    admin_channel: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A passage that was shown.

    Attributes:
        reference: ARTICLE#NUMBER.
        version: the beginning of the article's content hash; another one means other places.
        statements: which of the article's quotes answered, by their place among them.
        also_in: ids of other articles that carry it.
    """

    reference: str
    version: str = ""
    statements: tuple[int, ...] = ()
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An answer that has more pages than were shown at first."""

    asker: int
    intent: Intent
    passages: tuple[Kept, ...]
    groups: tuple[Group, ...] = ()


class Ledger:
    """The bot's own database; every method may be called from any thread.

    Args:
        path: its file, made with its folder when something is first kept.
        now: seconds since the epoch.
    """

    def __init__(self, path: Path, *, now: Callable[[], float] = time.time) -> None:
        self._path = path
        self.now = now
        self._lock = threading.Lock()
        self._open: sqlite3.Connection | None = None

    @property
    def folder(self) -> Path:
        """Where its file lies."""
        return self._path.parent

    def keep(self, shown: Shown) -> int:
        """Keeps an answer's pages and gives the key under which they are found again."""
        passages = [[kept.reference, kept.version, kept.statements, kept.also_in] for kept in shown.passages]
        groups = [[group.label, group.passages] for group in shown.groups]
        now = self.now()
        with self.writing() as database:
            database.execute("DELETE FROM shown WHERE at < ?", (now - KEPT_FOR,))
            database.execute("DELETE FROM replies WHERE at < ?", (now - KEPT_FOR,))
            database.execute("DELETE FROM threads WHERE at < ?", (now - KEPT_FOR,))
            row = database.execute(
                "INSERT INTO shown (asker, intent, passages, groups, at) VALUES (?, ?, ?, ?, ?) RETURNING key",
                (shown.asker, shown.intent, json.dumps(passages), json.dumps(groups), now),
            ).fetchone()
        return int(row[0])

    def shown(self, key: int) -> Shown | None:
        """The answer kept under a key; None when it was too long ago."""
        with self.writing() as database:
            row = database.execute("SELECT asker, intent, passages, groups FROM shown WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        asker, intent, passages, groups = row
        return Shown(
            asker=asker,
            intent=Intent(intent),
            passages=tuple(
                Kept(reference=reference, version=version, statements=tuple(statements), also_in=tuple(also_in))
                for reference, version, statements, also_in in json.loads(passages)
            ),
            groups=tuple(Group(label=label, passages=tuple(places)) for label, places in json.loads(groups)),
        )

    def replied(self, question: int, answer: int, asker: int) -> None:
        """Keeps which message answers which, and whose question it was."""
        with self.writing() as database:
            row = (question, answer, self.now(), asker)
            database.execute("INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?)", row)

    def reply_to(self, question: int) -> int | None:
        """The message that answers a message."""
        with self.writing() as database:
            row = database.execute("SELECT answer FROM replies WHERE question = ?", (question,)).fetchone()
        return int(row[0]) if row else None

    def asker_of(self, answer: int) -> int | None:
        """Whose question a message answers."""
        with self.writing() as database:
            row = database.execute("SELECT asker FROM replies WHERE answer = ?", (answer,)).fetchone()
        return int(row[0]) or None if row else None

    def answered_in(self, thread: int, answer: int) -> None:
        """Keeps which of our messages is the last answer in a thread."""
        with self.writing() as database:
            database.execute("INSERT OR REPLACE INTO threads VALUES (?, ?, ?)", (thread, answer, self.now()))

    def last_in(self, thread: int) -> int | None:
        """The last answer in a thread."""
        with self.writing() as database:
            row = database.execute("SELECT answer FROM threads WHERE thread = ?", (thread,)).fetchone()
        return int(row[0]) if row else None

    def choices(self) -> dict[int, Choices]:
        """What each server has chosen, by its id."""
        with self.writing() as database:
            rows = database.execute(
                "SELECT guild, private, asker_only, channels, open_channels, per_person, per_channel, admin_channel"
                " FROM guilds"
            ).fetchall()
        return {
            guild: Choices(
                private=bool(private),
                asker_only=bool(only),
                channels=frozenset(json.loads(channels)),
                open_channels=frozenset(json.loads(opened)),
                per_person=person,
                per_channel=channel,
                admin_channel=told,
            )
            for guild, private, only, channels, opened, person, channel, told in rows
        }

    def choose(self, guild: int, choices: Choices) -> None:
        """Keeps what a server has chosen."""
        named, opened = (json.dumps(sorted(ids)) for ids in (choices.channels, choices.open_channels))
        row = (guild, choices.private, choices.asker_only, named, opened, choices.per_person, choices.per_channel)
        with self.writing() as database:
            database.execute(
                "INSERT OR REPLACE INTO guilds VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*row, choices.admin_channel)
            )

    def about(self, user: int) -> int:
        """How many answers, and replies to messages, are kept that this person asked for."""
        query = "SELECT (SELECT count(*) FROM shown WHERE asker = ?1) + (SELECT count(*) FROM replies WHERE asker = ?1)"
        with self.writing() as database:
            return int(database.execute(query, (user,)).fetchone()[0])

    def forget(self, user: int) -> None:
        """Drops what is kept about a person."""
        with self.writing() as database:
            database.execute("DELETE FROM shown WHERE asker = ?", (user,))
            database.execute("DELETE FROM replies WHERE asker = ?", (user,))

    def close(self) -> None:
        """Lets go of the file."""
        with self._lock:
            if self._open:
                self._open.close()
            self._open = None

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A change, for the parts that keep something here: made whole, or not at all.

        Raises:
            StoreError: the file can't be used.
        """
        with self._lock:
            try:
                database = self._open = self._open or opened(self._path)
                with database:
                    yield database
            except (sqlite3.Error, OSError) as error:
                raise StoreError(f"The bot's own database {self._path} can't be used: {error}.") from error
