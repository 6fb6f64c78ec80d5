"""The generations of a library, and the one file that names the one that answers."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from index.errors import DamagedStore
from index.storage.embedded import files
from index.storage.embedded.database import newer

_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """What `current` says.

    Attributes:
        generation: the folder that answers.
        previous: the folder that answered before the last full change; None when there is none to go back to.
        base: the sequence number of that full change; what came later is replayed by a rollback.
    """

    generation: str
    previous: str | None = None
    base: int = 0


class Generations:
    """The folders g000001, g000002, ... of a library.

    Args:
        home: the library's folder.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._pointer = home / "current"

    def corpus(self, generation: str) -> Path:
        """The generation's SQLite file."""
        return self._home / generation / "corpus.sqlite"

    def current(self) -> Pointer | None:
        """The generation that answers, None when nothing was ever committed.

        Raises:
            DamagedStore: the pointer can't be read.
            StoreError: a newer version wrote it.
        """
        try:
            written = json.loads(self._pointer.read_bytes())
            found = int(written["format"])
            pointer = Pointer(
                generation=str(written["generation"]),
                previous=written.get("previous"),
                base=int(written.get("base", 0)),
            )
        except FileNotFoundError:
            return None
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise DamagedStore(
                f"The index in {self._home} is damaged (its pointer can't be read): run `onrecord reindex --full`."
            ) from error
        if found != _FORMAT:
            raise newer(self._home, found, _FORMAT)
        return pointer

    def point_to(self, pointer: Pointer) -> None:
        """Makes that generation the one that answers, at once and for good."""
        written = {
            "format": _FORMAT,
            "generation": pointer.generation,
            "previous": pointer.previous,
            "base": pointer.base,
        }
        files.replace(self._pointer, json.dumps(written) + "\n")

    def new(self) -> str:
        """Makes a folder that no generation has; its name."""
        number = max((int(path.name[1:]) for path in self._folders()), default=0)
        while True:
            number += 1
            try:
                (self._home / f"g{number:06d}").mkdir()
            except FileExistsError:  # another process was quicker
                continue
            return f"g{number:06d}"

    def others(self, pointer: Pointer) -> list[Path]:
        """The generations that the pointer does not name: being made, or left by a change that was killed."""
        return [path for path in self._folders() if path.name not in {pointer.generation, pointer.previous}]

    def tidy(self, pointer: Pointer) -> None:
        """Removes all generations that the pointer does not name; readers keep what they have open.

        Nobody else may be making one.
        """
        for path in self.others(pointer):
            shutil.rmtree(path, ignore_errors=True)

    def _folders(self) -> list[Path]:
        return [path for path in self._home.glob("g[0-9][0-9][0-9][0-9][0-9][0-9]*") if path.name[1:].isdigit()]
