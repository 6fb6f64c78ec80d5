"""How often one person may ask: a bucket of tokens each, forgotten when it is full again."""

from collections.abc import Callable, Hashable


class Pace:
    """Allows so many questions within a minute, and says how long to wait otherwise.

    Args:
        per_minute: how many.
        now: a clock in seconds that never goes back.
    """

    def __init__(self, per_minute: int, now: Callable[[], float]) -> None:
        self._burst = float(per_minute)
        self._now = now
        self._left: dict[Hashable, tuple[float, float]] = {}

    def wait(self, who: Hashable, per_minute: int | None = None) -> float:
        """Takes one question; 0 when it may be asked, else the seconds until it may be (nothing is taken then).

        Args:
            who: whose allowance, or which channel's.
            per_minute: where it is another than usual.
        """
        burst = float(per_minute or self._burst)
        now = self._now()
        if len(self._left) > 1000:
            self._left = {one: kept for one, kept in self._left.items() if now - kept[1] < 60}
        left, since = self._left.get(who, (burst, now))
        left = min(burst, left + (now - since) * burst / 60)
        if left < 1:
            return (1 - left) * 60 / burst
        self._left[who] = (left - 1, now)
        return 0.0
