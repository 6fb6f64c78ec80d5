"""What channels follow, where the library lies in a cluster: any bot process posts it, and each statement once."""

import hashlib
import json
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from bot.followings import TOLD_SECONDS, WAITING_LIMIT, Following, Followings, Waiting, next_due
from bot.sketches import is_known
from index.storage import Board

_FOLLOWING, _TOLD, _CURSOR = "following", "told", "cursor"
_CHANGES = "changes"
_TIDIED = 24 * 3600.0  # seconds between two looks for what is too old


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A following with what waits for it.

    Attributes:
        by: names the last change that asks whether it was made.
        looked: the change of the library by which what waits was looked at last.
    """

    following: Following
    waiting: tuple[Waiting, ...] = ()
    by: str = ""
    looked: int = 0

    def text(self) -> str:
        return json.dumps([asdict(self.following), [asdict(one) for one in self.waiting], self.by, self.looked])

    @classmethod
    def of(cls, text: str) -> "_Entry":
        following, waiting, by, looked = json.loads(text)
        own = tuple(Waiting(**(one | {"marks": tuple(one["marks"])})) for one in waiting)
        return cls(following=Following(**following), waiting=own, by=by, looked=looked)


class SharedFollowings:
    """The followings of all servers, as `Followings`, but for all processes; each is changed as a whole.

    A statement's marks are put up just before it is taken off to be posted, so that whoever looks at the same articles
    once more, after a process was killed, lets nothing wait that was posted.

    Args:
        board: where they are kept.
        now: seconds since the epoch.
    """

    def __init__(self, board: Board, *, now: Callable[[], float] = time.time) -> None:
        self._board = board
        self._now = now
        self._read: dict[int, list[Waiting]] = {}  # what waited when all were read last
        self._seen: int | None = None  # the last change that this process has looked at itself
        self._tidied = 0.0
        self._lock = threading.Lock()

    def add(self, following: Following) -> Following:
        """Keeps a following, in the place of one of the same subject in the same channel."""
        now = self._now()
        key = _key_of(following)

        def by(before: str | None) -> str:
            old = _Entry.of(before) if before else None
            made = old.following.made if old else following.made or now
            new = replace(following, key=key, made=made, due=next_due(following, now), paused="")
            return replace(old or _Entry(following=new), following=new).text()

        text = self._board.change(_FOLLOWING, str(key), by, owner=str(following.guild))
        return _Entry.of(text or "").following

    def take_over(self, following: Following, waiting: Iterable[Waiting], told: Iterable[int]) -> bool:
        """Keeps a following that one process had by itself, with what waits and the marks of what was posted.

        Returns:
            False where there is one of the same subject in the same channel already, which stays as it is.
        """
        key = _key_of(following)
        self._board.pin(_TOLD, [f"{key}:{mark}" for mark in told], owner=str(key))
        came = _Entry(
            following=replace(following, key=key),
            waiting=tuple(replace(one, following=key) for one in waiting),
            by=uuid.uuid4().hex,
        )
        text = self._board.change(
            _FOLLOWING, str(key), lambda before: before or came.text(), owner=str(following.guild)
        )
        return _Entry.of(text or "").by == came.by

    def get(self, key: int) -> Following | None:
        """The following of that key."""
        text = self._board.get(_FOLLOWING, str(key))
        return _Entry.of(text).following if text else None

    def of(self, guild: int | None = None) -> list[Following]:
        """Those of a server, or all of them, oldest first."""
        found = self._entries(None if guild is None else str(guild))
        if guild is None:
            with self._lock:
                self._read = {entry.following.key: self._ready(entry) for entry in found}
        return sorted((entry.following for entry in found), key=lambda each: (each.made, each.key))

    def remove(self, key: int) -> None:
        """Ends a following, with all that was kept for it."""
        self._board.change(_FOLLOWING, str(key), lambda _: None)
        self._board.clear(_TOLD, owner=str(key))

    def pause(self, key: int, why: str) -> None:
        """Posts nothing any more until it is followed again."""
        self._alter(key, lambda entry: replace(entry, following=replace(entry.following, paused=why[:200]), waiting=()))

    def put_off(self, following: Following) -> None:
        """Sets when the next digest is due."""
        due = next_due(following, self._now())
        self._alter(following.key, lambda entry: replace(entry, following=replace(entry.following, due=due)))

    # -------------------------------------------------------------------------------------------------------------
    # What waits

    def cursor(self) -> int | None:
        """The last change of the library that was looked at; None before the first."""
        text = self._board.get(_CURSOR, _CHANGES)
        return int(text) if text else None

    def begin_at(self, cursor: int) -> None:
        """Looks at changes after this one, when none was ever looked at."""
        self._board.change(_CURSOR, _CHANGES, lambda before: before or str(cursor))

    def queue(self, cursor: int, changed: Iterable[str], found: Sequence[Waiting]) -> dict[int, int]:
        """Lets statements wait that were not told before, and then moves the cursor; doing it again alters nothing.

        Args:
            cursor: the last change that was looked at.
            changed: articles whose statements that still wait are looked at anew.
            found: what they hold now.

        Returns:
            How many statements were left out for each following, because too many wait.
        """
        anew = frozenset(changed)
        new: defaultdict[int, list[Waiting]] = defaultdict(list)
        for one in found:
            new[one.following].append(replace(one, at=self._now()))
        left_out: dict[int, int] = {}
        self._seen = max(cursor, self._seen or 0)
        for entry in self._entries(None) if anew or new else ():
            key = entry.following.key
            if key in new or any(one.article in anew for one in entry.waiting):
                self._alter(key, lambda entry, key=key: self._queued(entry, cursor, anew, new[key], left_out))  # type: ignore[misc]
        self._board.change(_CURSOR, _CHANGES, lambda _: str(cursor))
        if self._now() - self._tidied > _TIDIED:
            self._board.clear(_TOLD, before=self._now() - TOLD_SECONDS)
            self._tidied = self._now()
        return left_out

    def waiting(self, key: int) -> list[Waiting]:
        """What waits for a following, oldest first: as it was when all followings were read, the first time.

        What another process found in a newer state of the library than this one has seen is left to the next round.
        """
        with self._lock:
            read = self._read.pop(key, None)
        if read is not None:
            return read
        text = self._board.get(_FOLLOWING, str(key))
        return self._ready(_Entry.of(text)) if text else []

    def take(self, some: Sequence[Waiting]) -> bool:
        """Takes statements off before they are posted; False where another process took one of a following's."""
        taken = [self._taken(key, own) for key, own in _by_following(some).items()]
        return all(taken)

    def give_back(self, some: Sequence[Waiting]) -> None:
        """Lets statements wait again that could not be posted."""
        for key, own in _by_following(some).items():
            token = uuid.uuid4().hex

            def by(entry: _Entry, own: Sequence[Waiting] = own, token: str = token) -> _Entry:
                return entry if entry.by == token else replace(entry, waiting=(*own, *entry.waiting), by=token)

            self._alter(key, by)
            self._board.unpin(_TOLD, _marks(own))

    # -------------------------------------------------------------------------------------------------------------

    def _ready(self, entry: _Entry) -> list[Waiting]:
        return [] if self._seen is not None and entry.looked > self._seen else list(entry.waiting)

    def _taken(self, key: int, some: Sequence[Waiting]) -> bool:
        token = uuid.uuid4().hex
        going = set(map(_identity, some))

        def by(entry: _Entry) -> _Entry:
            if entry.by == token or not going <= set(map(_identity, entry.waiting)):
                return entry
            self._board.pin(_TOLD, _marks(some), owner=str(key))
            left = tuple(one for one in entry.waiting if _identity(one) not in going)
            return replace(entry, waiting=left, by=token)

        after = self._alter(key, by)
        return after is not None and after.by == token

    def _queued(
        self, entry: _Entry, cursor: int, anew: frozenset[str], new: Sequence[Waiting], left_out: dict[int, int]
    ) -> _Entry:
        if entry.looked > cursor:
            return entry  # another process has looked at newer versions already
        key = entry.following.key
        waiting = [one for one in entry.waiting if one.article not in anew]
        told = self._board.known(_TOLD, _marks(new))
        known = {mark for one in new for mark in one.marks if f"{key}:{mark}" in told}
        known |= {mark for one in waiting for mark in one.marks}
        for one in new:
            if not is_known(one.marks, known):
                waiting.append(one)
                known.update(one.marks)
        over = waiting[: max(0, len(waiting) - WAITING_LIMIT)]
        if over:
            left_out[key] = len(over)
            self._board.pin(_TOLD, _marks(over), owner=str(key))
        return replace(entry, waiting=tuple(waiting[len(over) :]), looked=cursor)

    def _alter(self, key: int, by: Callable[[_Entry], _Entry]) -> _Entry | None:
        """Changes a following that is there; None for one that has ended."""

        def altered(before: str | None) -> str | None:
            return by(_Entry.of(before)).text() if before else None

        text = self._board.change(_FOLLOWING, str(key), altered)
        return _Entry.of(text) if text else None

    def _entries(self, owner: str | None) -> list[_Entry]:
        return [_Entry.of(text) for text in self._board.all(_FOLLOWING, owner=owner).values()]


def bring_over(own: Followings, shared: SharedFollowings) -> int:
    """Lets all processes share what one has kept by itself before; how many of its followings the cluster took.

    Changes are counted anew: those of the library that was followed so far are not those of the cluster's.
    """
    taken = 0
    for following in own.of():
        waiting = own.waiting(following.key)
        posted = own.told(following.key).difference(*(one.marks for one in waiting))
        taken += shared.take_over(following, waiting, posted)
        own.remove(following.key)
    return taken


def _key_of(following: Following) -> int:
    same = f"{following.guild}\n{following.channel}\n{following.kind}\n{following.subject}"
    return int.from_bytes(hashlib.blake2b(same.encode("utf-8", "replace"), digest_size=7).digest(), "big")


def _identity(one: Waiting) -> tuple[str, str, int]:
    return one.article, one.version, one.statement


def _by_following(some: Iterable[Waiting]) -> dict[int, list[Waiting]]:
    found: defaultdict[int, list[Waiting]] = defaultdict(list)
    for one in some:
        found[one.following].append(one)
    return dict(found)


def _marks(some: Iterable[Waiting]) -> list[str]:
    """The names under which the marks of statements are put up."""
    return list(dict.fromkeys(f"{one.following}:{mark}" for one in some for mark in one.marks))
