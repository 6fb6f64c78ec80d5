"""What administrators did in a server: who, when, what, and how it ended; kept for a year, the newest thousand."""

from dataclasses import dataclass

from bot.guilds import Ledger

KEPT_ENTRIES = 1000  # of each server
KEPT_SECONDS = 365 * 24 * 3600
SUBJECT_ROOM, RESULT_ROOM = 120, 200

#: Who did what the bot does by itself.
NOBODY = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One entry.

    Attributes:
        who: a user's id; `NOBODY` for what the bot did by itself.
        action: "forget", "follow", ...
        subject: what it was about, "" where the action says it all.
        result: in words.
        at: seconds since the epoch.
    """

    who: int
    action: str
    subject: str = ""
    result: str = ""
    at: float = 0.0


class Audit:
    """The audits of all servers; every method may be called from any thread.

    Args:
        ledger: where they are kept.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def note(self, guild: int, deed: Deed) -> None:
        """Keeps what was done; in direct messages the server is 0."""
        now = self._ledger.now()
        subject, result = (" ".join(text.split()) for text in (deed.subject, deed.result))
        row = (guild, deed.who, deed.action, _cut(subject, SUBJECT_ROOM), _cut(result, RESULT_ROOM), now)
        with self._ledger.writing() as database:
            database.execute(
                "INSERT INTO audit (guild, who, action, subject, result, at) VALUES (?, ?, ?, ?, ?, ?)", row
            )
            database.execute("DELETE FROM audit WHERE at < ?", (now - KEPT_SECONDS,))
            database.execute(
                "DELETE FROM audit WHERE guild = ? AND key <= "
                "(SELECT key FROM audit WHERE guild = ? ORDER BY key DESC LIMIT 1 OFFSET ?)",
                (guild, guild, KEPT_ENTRIES),
            )

    def page(self, guild: int, *, start: int = 0, limit: int = 10) -> tuple[list[Deed], int]:
        """So many entries, newest first, from the place `start`, and how many there are in all."""
        query = "SELECT who, action, subject, result, at FROM audit WHERE guild = ? ORDER BY key DESC LIMIT ? OFFSET ?"
        with self._ledger.writing() as database:
            rows = database.execute(query, (guild, limit, start)).fetchall()
            (count,) = database.execute("SELECT count(*) FROM audit WHERE guild = ?", (guild,)).fetchone()
        deeds = [
            Deed(who=who, action=action, subject=subject, result=result, at=at)
            for who, action, subject, result, at in rows
        ]
        return deeds, int(count)

    def about(self, who: int) -> int:
        """How many entries name a user."""
        with self._ledger.writing() as database:
            return int(database.execute("SELECT count(*) FROM audit WHERE who = ?", (who,)).fetchone()[0])


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1] + "…"
