"""The seam of the write path: whatever articles come from, it is read as a stream of entries."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from index.errors import SourceError
from index.ingest.records import ArticleRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a source.

    Attributes:
        item: names it within the source, the same at every reading.
        place: the file within the source, or folder ending in "/", that the item stands in. What an earlier reading
            found there stays when this one failed, since nobody can tell what is gone.
        found: the record, or why there is none.
        article_id: the id that the record gives or its place does; empty for a failure.
    """

    item: str
    place: str
    found: ArticleRecord | SourceError
    article_id: str = ""

    def holds(self, item: str) -> bool:
        """Whether an item stands in this entry's place."""
        if self.place.endswith("/"):
            return item.startswith(self.place)
        return item == self.place or item.startswith((f"{self.place}:", f"{self.place} line "))


class Source(Protocol):
    """Something that articles come from.

    Attributes:
        name: as it is kept among the configured sources.
        kind: "folder", "file".
        enumerable: whether reading lists all that it holds, so that what is missing is gone.
        notes: sentences for the report, complete when reading is done.
    """

    name: str
    kind: str
    enumerable: bool
    notes: list[str]

    def check(self) -> None:
        """Looks whether it can be read at all, before anything is changed.

        Raises:
            SourceError: it can't.
        """
        ...

    def count(self) -> int | None:
        """How many items it holds, about, for showing progress; None when that can't be told fast."""
        ...

    def covers(self, name: str) -> bool:
        """Whether reading it reads the source of that name too."""
        ...

    def read(self) -> Iterator[Entry]:
        """Yields every article, or why it can't be read.

        Raises:
            SourceError: the source as a whole can't be read.
        """
        ...
