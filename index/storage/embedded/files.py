"""Files that are safe on the disk: flushed, linked, replaced at once, and checked against what was written."""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

_SUMS = "checksums.json"


def flush(path: Path) -> None:
    """Makes a file, or a folder's list of files, safe on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace(path: Path, text: str) -> None:
    """Writes a file so that it holds either what it held or all of the new text, whenever the machine stops."""
    waiting = path.with_name(path.name + ".new")
    waiting.write_text(text, encoding="utf-8")
    flush(waiting)
    waiting.replace(path)
    flush(path.parent)


def link(source: Path, target: Path) -> None:
    """A second name for a file that will not change; a copy where the disk has no such names."""
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK}:
            raise
        shutil.copyfile(source, target)


class FileSums:
    """Checksums of all files under a folder, kept in a file beside them.

    Args:
        folder: what they are about.
        before: a folder with such sums from which files are linked.
    """

    def __init__(self, folder: Path, before: Path | None = None) -> None:
        self._folder = folder
        self._before = self.read(before) if before is not None else {}
        self._known: dict[str, str] = {}

    def carry(self, name: str) -> None:
        """Says that a file is the one of the folder before, so that its checksum need not be worked out again."""
        if name in self._before:
            self._known[name] = self._before[name]

    def write(self) -> None:
        """Works out what is not known of the files that are there now."""
        sums = {name: self._known.get(name) or _sum(self._folder / name) for name in _names(self._folder)}
        replace(self._folder / _SUMS, json.dumps(sums, indent=0, sort_keys=True))

    @staticmethod
    def read(folder: Path) -> dict[str, str]:
        """The checksums that were written; empty when they can't be read."""
        try:
            return {str(name): str(value) for name, value in json.loads((folder / _SUMS).read_bytes()).items()}
        except (OSError, ValueError, AttributeError):
            return {}

    @staticmethod
    def differing(folder: Path) -> list[str]:
        """Files that are not what was written, or are no longer there, by name."""
        known = FileSums.read(folder)
        if not known:
            return [_SUMS]
        return [name for name, value in sorted(known.items()) if not _holds(folder / name, value)]


def _holds(path: Path, value: str) -> bool:
    try:
        return _sum(path) == value
    except OSError:
        return False


def _names(folder: Path) -> Iterator[str]:
    for place, _, names in os.walk(folder):
        within = "" if place == str(folder) else f"{Path(place).relative_to(folder).as_posix()}/"
        for name in names:
            # Locks and lists of files that only tantivy's writer needs may change after they were published.
            if not name.startswith(".") and name != _SUMS:
                yield within + name


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
