"""The generations of a library in the cluster: which there are, which answers, their indices and their state."""

import json
import re
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from opensearchpy.exceptions import NotFoundError, RequestError

from index.errors import DamagedStore, StoreError
from index.storage.opensearch.connection import ClusterAway, Connection
from index.storage.opensearch.layout import (
    FAMILIES,
    REGISTER,
    alias,
    all_of,
    body_of,
    everything_of,
    index_name,
)
from index.storage.records import Unit

_FORMAT = 1
_STATE = "state"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a generation's register says of itself.

    Attributes:
        sequence: of the last change.
        previous: the generation before the last full change; None when there is none to go back to.
        base: the sequence number of that full change.
        numbers: of each period the number of the index that takes new articles.
        showing: seconds since 1970 when a change began to be shown, family by family; 0 when none is.
        seal: by which the cluster notices that another process wrote the state meanwhile; None for a new one.
    """

    sequence: int = 0
    previous: int | None = None
    base: int = 0
    numbers: dict[str, int] = field(default_factory=dict)
    showing: float = 0.0
    format: int = _FORMAT
    seal: tuple[int, int] | None = None


class Generations:
    """The indices of a library.

    Args:
        connection: to the cluster.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._options = connection.options
        self._legacy: bool | None = None

    def current(self) -> tuple[int, State] | None:
        """The generation that answers and its state, for readers; None when nothing was ever committed.

        Raises:
            DamagedStore: its state can't be read.
            ClusterAway: the cluster is away.
        """
        name = alias(self._options, REGISTER)
        try:
            with self._connection.reading() as client:
                found = client.get(index=name, id=_STATE, request_timeout=self._options.timeout)
        except NotFoundError as error:
            if error.error == "index_not_found_exception" or "index_not_found" in str(error.info):
                return None
            raise DamagedStore(f"The index {name} is damaged (no state): run `onrecord reindex --full`.") from error
        return self._number_of(found["_index"]), _state_of(found)

    def state(self, generation: int) -> State:
        """The state of one generation, for writers.

        Raises:
            DamagedStore: it can't be read.
        """
        name = index_name(self._options, REGISTER, generation)
        try:
            return _state_of(self._connection.writing(lambda client: client.get(index=name, id=_STATE)))
        except NotFoundError as error:
            raise DamagedStore(f"The index {name} is damaged (no state): run `onrecord reindex --full`.") from error

    def put_state(self, generation: int, state: State) -> State:
        """Writes the state of a generation, unless another process did so meanwhile.

        Returns:
            The state with its new seal.

        Raises:
            StoreError: it did.
        """
        written = asdict(state)
        seal = written.pop("seal")
        body = {"kind": "state", "id": _STATE, "value": json.dumps(written)}
        only_if = {"op_type": "create"} if seal is None else {"if_seq_no": seal[0], "if_primary_term": seal[1]}
        name = index_name(self._options, REGISTER, generation)
        try:
            told = self._connection.writing(lambda c: c.index(index=name, id=_STATE, body=body, params=only_if))
        except StoreError as error:
            there = self.state(generation)
            if "version_conflict" not in str(error) or replace(there, seal=None) != replace(state, seal=None):
                raise
            return there  # it was written, and the answer got lost
        return replace(state, seal=(told["_seq_no"], told["_primary_term"]))

    def numbers(self) -> list[int]:
        """All generations that have a register, ascending."""
        names = self._connection.writing(
            lambda client: client.indices.get_alias(index=f"{self._options.prefix}-{REGISTER}-g*")
        )
        return sorted(self._number_of(name) for name in names)

    def places(self, generation: int) -> set[str]:
        """Periods and numbers for which the generation has indices."""
        pattern = all_of(self._options, Unit.STATEMENT, generation)
        names = self._connection.writing(lambda client: client.indices.get_alias(index=pattern))
        return {name.partition(f"-g{generation:06d}-")[2] for name in names}

    def make(self, generation: int, place: str | None, *, shown: bool) -> None:
        """Makes the register of a generation (no place), or the indices of a place; those that are there stay.

        Args:
            generation: which one.
            place: a period and its number.
            shown: whether the generation answers already, so that the new indices do too.
        """
        families = (
            [REGISTER] if place is None else [*(u.value for u in Unit if u != Unit.STATEMENT), Unit.STATEMENT.value]
        )

        def one(family: str) -> None:
            body = body_of(family, self._options, legacy=self.legacy())
            if shown:
                body["aliases"] = {alias(self._options, family): {}}
            self.create(index_name(self._options, family, generation, place or ""), body)

        *first, last = families
        with ThreadPoolExecutor(max(1, len(first))) as pool:
            list(pool.map(one, first))
        one(last)  # by which `places` knows that all are there

    def create(self, name: str, body: dict[str, Any]) -> None:
        """Makes an index where there is none of that name; afterwards it can be read and written."""
        try:
            made = self._connection.writing(lambda client: client.indices.create(index=name, body=body))
            is_ready = made["shards_acknowledged"]
        except StoreError as error:
            cause = error.__cause__
            if not isinstance(cause, RequestError) or "already_exists" not in str(cause.error):
                raise
            is_ready = False  # another process may be about to make it
        if not is_ready:
            self._wait_for(name)

    def _wait_for(self, name: str) -> None:
        """Waits until an index has all its first copies; "yellow" does not tell: so is one that has none of them yet.

        Raises:
            ClusterAway: they did not come up.
        """
        end = time.monotonic() + self._options.patience
        level = {"level": "indices"}
        while True:
            told = self._connection.writing(lambda client: client.cluster.health(index=name, params=level))
            found = told["indices"].get(name)
            if found and found["active_primary_shards"] == found["number_of_shards"]:
                return
            if time.monotonic() > end:
                raise ClusterAway(f"The index {name} can't be used: the cluster found no node for it.")
            time.sleep(0.1)

    def legacy(self) -> bool:
        """Whether our BM25 is called LegacyBM25 here: since 3.0 the plain one leaves out the factor k1 + 1."""
        if self._legacy is None:
            number = self._connection.writing(lambda client: client.info())["version"]["number"]
            self._legacy = int(number.split(".")[0]) >= 3
        return self._legacy

    def full(self, generation: int, place: str) -> bool:
        """Whether an index of that place has grown so large that new articles go to the next one."""
        name = ",".join(index_name(self._options, unit.value, generation, place) for unit in Unit)
        told = self._connection.writing(lambda client: client.indices.stats(index=name, metric="store"))
        stores = (each["primaries"].get("store") for each in told["indices"].values())
        sizes = (store["size_in_bytes"] for store in stores if store)  # a shard that moves tells nothing
        return max(sizes, default=0) / self._options.shards >= self._options.roll_over

    def refresh(self, generation: int, families: Iterable[str] = FAMILIES) -> None:
        """Shows what was written to readers that come from now on."""
        name = ",".join(all_of(self._options, family, generation) for family in families)
        self._connection.writing(lambda client: client.indices.refresh(index=name))

    def answer_from(self, generation: int) -> None:
        """Makes that generation the one that answers: all aliases in one call."""
        actions = []
        for family in FAMILIES:
            name = alias(self._options, family)
            actions.append({"remove": {"index": f"{name}-g*", "alias": name, "must_exist": False}})
            actions.append({"add": {"index": all_of(self._options, family, generation), "alias": name}})
        self._connection.writing(lambda client: client.indices.update_aliases(body={"actions": actions}))

    def drop(self, generation: int) -> None:
        """Takes a generation's indices away; nothing happens when there are none."""
        pattern = everything_of(self._options, generation)
        names = self._connection.writing(
            lambda client: client.indices.get_alias(index=pattern, params={"ignore_unavailable": "true"})
        )
        if names:
            self._connection.writing(
                lambda client: client.indices.delete(index=",".join(names), params={"ignore_unavailable": "true"})
            )

    def tidy(self, *kept: int | None) -> None:
        """Takes all generations away but these."""
        for number in self.numbers():
            if number not in kept:
                self.drop(number)

    @staticmethod
    def _number_of(name: str) -> int:
        return int(re.findall(r"-g(\d{6,})", name)[-1])


def _state_of(found: dict[str, Any]) -> State:
    try:
        written = json.loads(found["_source"]["value"])
        state = State(**written, seal=(found["_seq_no"], found["_primary_term"]))
    except (ValueError, LookupError, TypeError) as error:
        raise DamagedStore("The state of the index is damaged: run `onrecord reindex --full`.") from error
    if state.format != _FORMAT:
        raise StoreError(f"The index has format {state.format}, and this version knows {_FORMAT}: install a newer one.")
    return state
