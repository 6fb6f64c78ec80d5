"""What channels follow, and which statements wait to be posted there: ids and hashes, in the bot's database."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

from bot.guilds import Ledger
from bot.sketches import is_known

Kind = Literal["speaker", "topic", "outlet"]
Rhythm = Literal["at once", "daily", "weekly"]

FOLLOWINGS_LIMIT = 25  # of one server
WAITING_LIMIT = 200  # statements of one following; the oldest go
TOLD_SECONDS = 400 * 24 * 3600  # for which a statement is known to have been posted


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """Something that a channel follows.

    Attributes:
        subject: a person's id, the topic's words, or the outlet's name in lower case.
        name: as it is shown.
        who: the user who made it.
        rhythm: posted as it comes, or in a digest.
        hour, weekday, utc_offset: when a digest is posted; Monday is 0.
        made: nothing older is posted; seconds since the epoch, as `due`, when the next digest is.
        paused: why nothing is posted; empty when it is.
    """

    key: int = 0
    guild: int
    channel: int
    kind: Kind
    subject: str
    name: str
    who: int
    rhythm: Rhythm = "at once"
    hour: int = 8
    weekday: int = 0
    utc_offset: int = 0
    made: float = 0.0
    due: float = 0.0
    paused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A statement that waits to be posted.

    Attributes:
        version: the beginning of the article's content hash.
        statement: its place among the article's.
        marks: its sketch.
    """

    following: int
    article: str
    paragraph: int
    version: str
    statement: int
    marks: tuple[int, ...]
    at: float = 0.0


def next_due(following: Following, now: float) -> float:
    """When the digest after now is posted, in seconds since the epoch; now itself for what has no digest."""
    if following.rhythm == "at once":
        return now
    zone = timezone(timedelta(hours=following.utc_offset))
    here = datetime.fromtimestamp(now, UTC).astimezone(zone)
    due = here.replace(hour=following.hour, minute=0, second=0, microsecond=0)
    if following.rhythm == "weekly":
        due += timedelta(days=(following.weekday - due.weekday()) % 7)
    if due <= here:
        due += timedelta(days=7 if following.rhythm == "weekly" else 1)
    return due.timestamp()


_COLUMNS = "key, guild, channel, kind, subject, name, who, rhythm, hour, weekday, utc_offset, made, due, paused"


class Followings:
    """The followings of all servers; every method may be called from any thread.

    Args:
        ledger: where they are kept.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def add(self, following: Following) -> Following:
        """Keeps a following, in the place of one of the same subject in the same channel."""
        now = self._ledger.now()
        row = (
            following.guild, following.channel, following.kind, following.subject, following.name, following.who,
            following.rhythm, following.hour, following.weekday, following.utc_offset, now, next_due(following, now),
        )  # fmt: skip
        same = row[:4]
        with self._ledger.writing() as database:
            query = "SELECT key FROM followings WHERE guild = ? AND channel = ? AND kind = ? AND subject = ?"
            old = database.execute(query, same).fetchone()
            if old:
                database.execute(
                    "UPDATE followings SET name = ?, who = ?, rhythm = ?, hour = ?, weekday = ?, utc_offset = ?,"
                    " due = ?, paused = '' WHERE key = ?",
                    (*row[4:10], row[11], old[0]),
                )
                key = int(old[0])
            else:
                made = database.execute(
                    "INSERT INTO followings (guild, channel, kind, subject, name, who, rhythm, hour, weekday,"
                    " utc_offset, made, due) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING key",
                    row,
                ).fetchone()
                key = int(made[0])
        found = self.get(key)
        if found is None:
            raise LookupError(f"the following {key} was taken away at once")
        return found

    def get(self, key: int) -> Following | None:
        """The following of that key."""
        with self._ledger.writing() as database:
            row = database.execute(f"SELECT {_COLUMNS} FROM followings WHERE key = ?", (key,)).fetchone()  # noqa: S608
        return _following(row) if row else None

    def of(self, guild: int | None = None) -> list[Following]:
        """Those of a server, or all of them, oldest first."""
        query = f"SELECT {_COLUMNS} FROM followings WHERE ? IS NULL OR guild = ? ORDER BY key"  # noqa: S608
        with self._ledger.writing() as database:
            return [_following(row) for row in database.execute(query, (guild, guild)).fetchall()]

    def remove(self, key: int) -> None:
        """Ends a following, with all that was kept for it."""
        with self._ledger.writing() as database:
            database.execute("DELETE FROM followings WHERE key = ?", (key,))
            database.execute("DELETE FROM waiting WHERE following = ?", (key,))
            database.execute("DELETE FROM told WHERE following = ?", (key,))

    def pause(self, key: int, why: str) -> None:
        """Posts nothing any more until it is followed again."""
        with self._ledger.writing() as database:
            database.execute("UPDATE followings SET paused = ? WHERE key = ?", (why[:200], key))
            database.execute("DELETE FROM waiting WHERE following = ?", (key,))

    def put_off(self, following: Following) -> None:
        """Sets when the next digest is due."""
        due = next_due(following, self._ledger.now())
        with self._ledger.writing() as database:
            database.execute("UPDATE followings SET due = ? WHERE key = ?", (due, following.key))

    # -------------------------------------------------------------------------------------------------------------
    # What waits

    def cursor(self) -> int | None:
        """The last change of the library that was looked at; None before the first."""
        with self._ledger.writing() as database:
            row = database.execute("SELECT value FROM cursors WHERE name = 'changes'").fetchone()
        return int(row[0]) if row else None

    def begin_at(self, cursor: int) -> None:
        """Looks at changes after this one, when none was ever looked at."""
        with self._ledger.writing() as database:
            database.execute("INSERT OR IGNORE INTO cursors VALUES ('changes', ?)", (str(cursor),))

    def queue(self, cursor: int, changed: Iterable[str], found: Sequence[Waiting]) -> dict[int, int]:
        """Lets statements wait that were not told before, and moves the cursor, at once.

        Args:
            cursor: the last change that was looked at.
            changed: articles whose statements that still wait are looked at anew.
            found: what they hold now.

        Returns:
            How many statements were left out for each following, because too many wait.
        """
        now = self._ledger.now()
        with self._ledger.writing() as database:
            for article in changed:
                taken = "DELETE FROM waiting WHERE article = ? RETURNING following, sketch"
                for following, marks in database.execute(taken, (article,)).fetchall():
                    database.executemany(
                        "DELETE FROM told WHERE following = ? AND mark = ?",
                        [(following, mark) for mark in json.loads(marks)],
                    )
            for one in found:
                marks = ",".join("?" * len(one.marks))
                query = f"SELECT mark FROM told WHERE following = ? AND mark IN ({marks})"  # noqa: S608 - question marks
                known = {mark for (mark,) in database.execute(query, (one.following, *one.marks))}
                if is_known(one.marks, known):
                    continue
                database.executemany(
                    "INSERT OR REPLACE INTO told VALUES (?, ?, ?)", [(one.following, mark, now) for mark in one.marks]
                )
                database.execute(
                    "INSERT INTO waiting (following, article, paragraph, version, statement, sketch, at)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (*_row(one), now),
                )
            left_out = {}
            for following in {one.following for one in found}:
                gone = database.execute(
                    "DELETE FROM waiting WHERE following = ? AND key <= (SELECT key FROM waiting WHERE following = ?"
                    " ORDER BY key DESC LIMIT 1 OFFSET ?) RETURNING key",
                    (following, following, WAITING_LIMIT),
                ).fetchall()
                if gone:
                    left_out[following] = len(gone)
            database.execute("DELETE FROM told WHERE at < ?", (now - TOLD_SECONDS,))
            database.execute("INSERT OR REPLACE INTO cursors VALUES ('changes', ?)", (str(cursor),))
        return left_out

    def waiting(self, key: int) -> list[Waiting]:
        """What waits for a following, oldest first."""
        with self._ledger.writing() as database:
            rows = database.execute(
                "SELECT following, article, paragraph, version, statement, sketch, at FROM waiting"
                " WHERE following = ? ORDER BY key",
                (key,),
            ).fetchall()
        return [
            Waiting(
                following=following,
                article=article,
                paragraph=paragraph,
                version=version,
                statement=statement,
                marks=tuple(json.loads(marks)),
                at=at,
            )
            for following, article, paragraph, version, statement, marks, at in rows
        ]

    def told(self, key: int) -> set[int]:
        """The marks of statements that were posted for a following, and of those that wait."""
        with self._ledger.writing() as database:
            return {mark for (mark,) in database.execute("SELECT mark FROM told WHERE following = ?", (key,))}

    def take(self, some: Sequence[Waiting]) -> bool:
        """Takes statements off before they are posted, so that none is posted twice, whatever happens in between.

        Returns:
            False, and nothing is taken off, where another process took one of them.
        """
        taken = (
            "DELETE FROM waiting WHERE following = ? AND article = ? AND version = ? AND statement = ? RETURNING key"
        )
        with self._ledger.writing() as database:
            for one in some:
                if not database.execute(taken, (one.following, one.article, one.version, one.statement)).fetchall():
                    database.rollback()
                    return False
        return True

    def give_back(self, some: Sequence[Waiting]) -> None:
        """Lets statements wait again that could not be posted."""
        with self._ledger.writing() as database:
            database.executemany(
                "INSERT INTO waiting (following, article, paragraph, version, statement, sketch, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(*_row(one), one.at) for one in some],
            )


def _row(one: Waiting) -> tuple[int, str, int, str, int, str]:
    return one.following, one.article, one.paragraph, one.version, one.statement, json.dumps(one.marks)


def _following(row: Sequence[object]) -> Following:
    return Following(**dict(zip(_COLUMNS.split(", "), row, strict=True)))  # type: ignore[arg-type]
