"""Where new articles go: for each period the index that takes them, made where it is not there."""

from dataclasses import replace
from datetime import date

from index.storage.opensearch.generations import Generations, State
from index.storage.opensearch.layout import period_of
from index.storage.opensearch.options import Period

_WEIGHED = 20_000  # articles after which an index is weighed anew


class Places:
    """The indices of a generation, by period and number.

    Args:
        generations: the library's.
        generation: which one.
        state: of that generation, where the numbers stand; `state` says them afterwards.
        period: what an index holds articles of.
        shown: whether the generation answers already, so that new indices do too.
    """

    def __init__(self, generations: Generations, generation: int, state: State, period: Period, *, shown: bool) -> None:
        self.state = state
        self._generations = generations
        self._generation = generation
        self._period = period
        self._shown = shown
        self._open: dict[str, str] = {}
        self._made: set[str] | None = None
        self._looks = 0

    def of(self, day: date | None) -> str:
        """The place of a new article of that day."""
        period = period_of(day, self._period)
        self._looks += 1
        if period not in self._open or self._looks % _WEIGHED == 0:
            number = self.state.numbers.get(period, 0)
            if number and self._generations.full(self._generation, f"{period}-{number:06d}"):
                number += 1
            number = number or 1
            self.state = replace(self.state, numbers=self.state.numbers | {period: number})
            self._open[period] = f"{period}-{number:06d}"
        self.make(self._open[period])
        return self._open[period]

    def make(self, place: str) -> None:
        """Makes the indices of a place, where they are not there."""
        made = self._there()
        if place not in made:
            self._generations.make(self._generation, place, shown=self._shown)
            made.add(place)

    def make_one(self) -> None:
        """Sees to it that there are indices to read, also where nothing was put."""
        if not self._there():
            self.of(None)

    def _there(self) -> set[str]:
        if self._made is None:
            self._made = self._generations.places(self._generation)
        return self._made
