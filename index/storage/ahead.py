"""Tells an engine that is far away what it is about to be asked, so that one way there and back serves for all."""

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from index.storage.base import Engine


@runtime_checkable
class _AsksAhead(Protocol):
    def ahead(self, asking: Sequence[Callable[[Engine], object]]) -> None: ...


def ask_ahead(engine: Engine, *asking: Callable[[Engine], object]) -> None:
    """Lets an engine answer together what it is about to be asked one after the other; one at hand isn't asked.

    Args:
        engine: which is asked afterwards, as if nothing had been asked before.
        asking: each searches or browses the engine that it is given, whatever comes of it.
    """
    if isinstance(engine, _AsksAhead):
        engine.ahead(asking)
