"""Claims kept in the cluster: of all processes on all machines, one may do what a name stands for."""

import time
import uuid
from collections.abc import Callable

from opensearchpy.exceptions import ConflictError, NotFoundError

from index.errors import StoreError
from index.storage.opensearch.connection import Connection, Json
from index.storage.opensearch.generations import Generations
from index.storage.opensearch.layout import alias, body_of, key_of


class ClusterClaims:
    """Claims that lapse, so that a process that died hinders nobody for long.

    Args:
        connection: to the cluster.
        generations: to make the index that claims are kept in.
        clock: seconds since 1970; the machines' clocks have to agree to within a second or two.
    """

    def __init__(
        self, connection: Connection, generations: Generations, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._connection = connection
        self._generations = generations
        self._clock = clock
        self._index = alias(connection.options, "control")
        self._holder = uuid.uuid4().hex
        self._made = False

    def claim(self, name: str, seconds: float) -> bool:
        """Whether this process may do what the name stands for, for so many seconds from now; claims it anew if so.

        Raises:
            StoreError: the cluster is away, or refuses.
        """
        self._make()
        identity = key_of("claim", name)
        try:
            with self._connection.reading() as client:
                found: Json = client.get(index=self._index, id=identity)
        except NotFoundError:
            only_if: Json = {"op_type": "create"}
        else:
            held = found["_source"]
            if held["owner"] != self._holder and self._clock() < held["until"]:
                return False
            only_if = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
        body = {"owner": self._holder, "until": self._clock() + seconds}
        try:
            with self._connection.reading() as client:
                client.index(index=self._index, id=identity, body=body, params=only_if)
        except StoreError as error:
            if isinstance(error.__cause__, ConflictError):
                return False  # somebody was quicker
            raise
        return True

    def _make(self) -> None:
        if not self._made:
            options = self._connection.options
            self._generations.create(self._index, body_of("control", options, legacy=self._generations.legacy()))
            self._made = True
