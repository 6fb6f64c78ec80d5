"""What became of each article, as the register of a generation says it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from index.errors import StoreError
from index.storage.opensearch.connection import Connection
from index.storage.opensearch.layout import REGISTER, index_name, key_of
from index.storage.opensearch.records import Json


@dataclass(slots=True)
class Known:
    """What the register says became of an article.

    Attributes:
        sequence: of the last change of what it says; `digest` of what that is.
        place: the period and number of the indices in which it lies, for as long as the generation lasts.
        units: the ends of its units' names, by unit; `mentions`: family by the name of each speaker's entry.
    """

    article_id: str
    sequence: int
    place: str
    removed: bool = False
    digest: str = ""
    units: dict[str, list[str]] = field(default_factory=dict)
    mentions: dict[str, str] = field(default_factory=dict)

    def fields(self) -> Json:
        """As the register keeps it."""
        return {
            "kind": "change",
            "id": self.article_id,
            "sequence": self.sequence,
            "removed": self.removed,
            "place": self.place,
            "digest": self.digest,
            "holds": json.dumps([self.units, self.mentions], separators=(",", ":")),
        }

    @classmethod
    def of(cls, source: Mapping[str, Any]) -> "Known":
        """What `fields` gave."""
        units, mentions = json.loads(source["holds"])
        return cls(
            article_id=source["id"],
            sequence=source["sequence"],
            place=source["place"],
            removed=source["removed"],
            digest=source["digest"],
            units=units,
            mentions=mentions,
        )


def known_of(connection: Connection, generation: int, article_ids: Iterable[str]) -> dict[str, Known]:
    """What the register says of articles, also what is not shown yet.

    Raises:
        StoreError: it can't be read.
    """
    body = {"ids": [key_of("change", each) for each in article_ids]}
    if not body["ids"]:
        return {}
    name = index_name(connection.options, REGISTER, generation)
    found: dict[str, Known] = {}
    for each in connection.writing(lambda client: client.mget(index=name, body=body))["docs"]:
        if "error" in each:
            raise StoreError(f"What became of an article can't be read: {each['error']}"[:300])
        if each.get("found"):
            known = Known.of(each["_source"])
            found[known.article_id] = known
    return found
