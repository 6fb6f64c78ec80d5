"""How processes that attribute are started: afresh, and without running the program's main module once more."""

import sys
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType
from typing import Any


class _Process(SpawnProcess):
    """A process that runs functions of modules, which it finds by their names."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: ANN401, N802 -- as in multiprocessing, which calls it
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")  # of no file, so there is none to run
        try:
            return SpawnProcess._Popen(process_obj)  # as above
        finally:
            sys.modules["__main__"] = main


class _Context(SpawnContext):
    Process = _Process


def spawning() -> SpawnContext:
    """A way to start processes: "spawn", the one that is safe beside threads and the same on every system.

    A spawned process runs the main module anew, which imports all of the command line: half a second, and memory too,
    of which attribution needs nothing.
    """
    return _Context()
