"""What bot processes share, in memory: a working board, on which a change that comes too late is made once more."""

import threading
import time


class MemoryBoard:
    """Keeps what a `Board` promises; `between` is called between looking at a text and putting another in its place."""

    def __init__(self, clock=time.time):
        self._clock = clock
        self._texts = {}  # (kind, name) -> (text, owner, at)
        self._lock = threading.Lock()
        self.between = lambda: None

    def get(self, kind, name):
        found = self._texts.get((kind, name))
        return found[0] if found else None

    def change(self, kind, name, by, *, owner=""):
        while True:
            before = self._texts.get((kind, name))
            after = by(before[0] if before else None)
            if after == (before[0] if before else None):
                return after
            between, self.between = self.between, lambda: None
            between()
            with self._lock:
                if self._texts.get((kind, name)) is not before:
                    continue
                if after is None:
                    del self._texts[kind, name]
                else:
                    self._texts[kind, name] = (after, before[1] if before else owner, self._clock())
            return after

    def all(self, kind, *, owner=None, since=0.0):
        return {
            name: text
            for (each, name), (text, whose, at) in sorted(self._texts.items())
            if each == kind and owner in {None, whose} and at >= since
        }

    def known(self, kind, names):
        return {name for name in names if (kind, name) in self._texts}

    def pin(self, kind, names, *, owner=""):
        with self._lock:
            self._texts |= {(kind, name): ("", owner, self._clock()) for name in names}

    def unpin(self, kind, names):
        with self._lock:
            for name in names:
                self._texts.pop((kind, name), None)

    def clear(self, kind, *, owner=None, before=None):
        with self._lock:
            gone = [
                key
                for key, (_, whose, at) in self._texts.items()
                if key[0] == kind and owner in {None, whose} and (before is None or at < before)
            ]
            for key in gone:
                del self._texts[key]


class MemoryClaims:
    """Claims of one process among those that share `held`."""

    def __init__(self, held, clock):
        self._held, self._clock = held, clock

    def claim(self, name, seconds):
        holder, until = self._held.get(name, (self, 0.0))
        if holder is not self and self._clock() < until:
            return False
        self._held[name] = (self, self._clock() + seconds)
        return True
