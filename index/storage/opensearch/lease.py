"""Who may write: one process at a time holds a lease in the cluster, renews it while it lives, and loses it else."""

import logging
import threading
import time
import uuid
from collections.abc import Callable
from types import TracebackType
from typing import Any

from opensearchpy.exceptions import ConflictError, NotFoundError

from index.errors import LibraryBusy, NewsError, StoreError
from index.storage.opensearch.connection import Connection
from index.storage.opensearch.generations import Generations
from index.storage.opensearch.layout import alias, body_of

log = logging.getLogger(__name__)

TERM = 30.0  # seconds that a lease is good for after its last renewal; the machines' clocks agree better than that
_RENEWED = 8.0


class Lease:
    """The right to write, while the block is open.

    Args:
        connection: to the cluster.
        generations: to make the index that leases are kept in.
        name: of what is written.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        connection: Connection,
        generations: Generations,
        name: str = "writer",
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._connection = connection
        self._generations = generations
        self._name = name
        self._clock = clock
        self._index = alias(connection.options, "control")
        self._owner = uuid.uuid4().hex
        self._ended = threading.Event()
        self._renewing: threading.Thread | None = None

    def __enter__(self) -> "Lease":
        options = self._connection.options
        self._generations.create(self._index, body_of("control", options, legacy=self._generations.legacy()))
        if not self._taken():
            raise LibraryBusy(
                "Another process is writing to the library in the cluster: try again when it has finished; after one "
                f"that was killed, in {TERM:.0f} seconds."
            )
        self._renewing = threading.Thread(target=self._renew, name="onrecord-lease", daemon=True)
        self._renewing.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._renewing is not None:
            self._renewing.join()
        try:
            found = self._found()
            if found is not None and found["_source"]["owner"] == self._owner:
                self._write("", 0.0, found)
        except NewsError as late:
            log.warning("The right to write was not given back; it ends by itself: %s", late)

    def check(self) -> None:
        """Makes sure, before a change is shown, that nobody else has begun to write.

        Raises:
            StoreError: somebody has.
        """
        found = self._found()
        if found is None or found["_source"]["owner"] != self._owner:
            raise StoreError("Another process took over writing, because this one was not heard of: run it again.")

    def _taken(self) -> bool:
        try:
            found = self._found()
            if found is not None and self._clock() < found["_source"]["until"]:
                return False
            self._write(self._owner, self._clock() + TERM, found)
        except StoreError as error:
            if not isinstance(error.__cause__, ConflictError):
                raise
            found = self._found()  # somebody was quicker, or this process was and the answer got lost
            return found is not None and found["_source"]["owner"] == self._owner
        return True

    def _renew(self) -> None:
        while not self._ended.wait(_RENEWED):
            try:
                found = self._found()
                if found is None or found["_source"]["owner"] != self._owner:
                    return
                self._write(self._owner, self._clock() + TERM, found)
            except NewsError as error:
                log.warning("The right to write could not be renewed: %s", error)

    def _found(self) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = self._connection.writing(lambda c: c.get(index=self._index, id=self._name))
        except NotFoundError:
            return None
        return found

    def _write(self, owner: str, until: float, found: dict[str, Any] | None) -> None:
        if found is None:
            only_if: dict[str, Any] = {"op_type": "create"}
        else:
            only_if = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
        body = {"owner": owner, "until": until}
        self._connection.writing(
            lambda client: client.index(index=self._index, id=self._name, body=body, params=only_if)
        )
