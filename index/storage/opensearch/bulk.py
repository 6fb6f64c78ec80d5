"""Writes many entries: in requests of a bounded size, the newest version winning, each failed entry tried by itself.

Every entry carries the number of its change as an external version, so that an older change that arrives later, and
one that is sent twice, alter nothing.
"""

import json
import logging
import random
import time
from collections.abc import Iterable, Iterator
from typing import Any

from index.errors import StoreError
from index.storage.opensearch.connection import Connection

log = logging.getLogger(__name__)

_ENTRIES, _BYTES = 2_000, 6 * 2**20  # of one request
_OVERLOADED = frozenset({429, 500, 502, 503, 504})
_FINE = frozenset({200, 201, 404, 409})  # 404: gone already; 409: a newer version stands there


def put_line(index: str, identity: str, version: int | None, fields: object) -> str:
    """The lines that write an entry; whatever version stands there, where none is given."""
    return f"{_head('index', index, identity, version)}\n{json.dumps(fields, separators=(',', ':'))}\n"


def drop_line(index: str, identity: str, version: int | None = None) -> str:
    """The line that takes an entry out; whatever its version is, where none is given."""
    return _head("delete", index, identity, version) + "\n"


def _head(action: str, index: str, identity: str, version: int | None) -> str:
    entry: dict[str, object] = {"_index": index, "_id": identity}
    if version is not None:
        entry |= {"version": version, "version_type": "external_gte"}
    return json.dumps({action: entry}, separators=(",", ":"))


def send(connection: Connection, lines: Iterable[str]) -> int:
    """Writes entries in the order given; nothing is dropped silently.

    Returns:
        How many were sent.

    Raises:
        StoreError: the cluster refuses an entry, or stayed away for too long.
    """
    count = 0
    for portion in _portions(lines):
        count += len(portion)
        answer = _sent(connection, "".join(portion))
        for line, status, reason in _failed(portion, answer):
            _again(connection, line, status, reason)
    return count


def _again(connection: Connection, line: str, status: int, reason: str) -> None:
    """Tries one entry by itself until it is taken.

    Raises:
        StoreError: it is refused, or `patience` is used up.
    """
    end = time.monotonic() + connection.options.patience
    pause = 0.1
    while True:
        if status not in _OVERLOADED or time.monotonic() > end:
            raise StoreError(f"The cluster did not take an entry ({status}): {reason[:400]}")
        log.info("One entry is tried again in %.1f s: %s", pause, reason)
        time.sleep(pause * (0.5 + random.random()))  # noqa: S311 -- so that many do not come back at once
        pause = min(2 * pause, 5.0)
        failed = _failed([line], _sent(connection, line))
        if not failed:
            return
        _, status, reason = failed[0]


def _sent(connection: Connection, body: str) -> Any:  # noqa: ANN401 -- JSON
    return connection.writing(lambda client: client.bulk(body=body))


def _failed(portion: list[str], answer: Any) -> list[tuple[str, int, str]]:  # noqa: ANN401 -- JSON
    if not answer["errors"]:
        return []
    found = []
    for line, item in zip(portion, answer["items"], strict=True):
        (result,) = item.values()
        if result["status"] not in _FINE:
            error = result.get("error") or {}
            cause = (error.get("caused_by") or {}).get("reason") or ""
            found.append((line, int(result["status"]), f"{error.get('type')}: {error.get('reason')} {cause}"))
    return found


def _portions(lines: Iterable[str]) -> Iterator[list[str]]:
    portion: list[str] = []
    size = 0
    for line in lines:
        if portion and (len(portion) >= _ENTRIES or size + len(line) > _BYTES):
            yield portion
            portion, size = [], 0
        portion.append(line)
        size += len(line)
    if portion:
        yield portion
