"""Groups the copies of wire stories while a change is made: which articles are one story, and which of them came first.

Two articles are linked when `is_copy` says so, and a group is what links join; so it depends neither on the order in
which articles come nor on how often they are read. Its first article gives it its id: the earliest day, then the id.
"""

from collections import deque

from index.model import Article
from index.storage.base import Copies
from index.storage.records import Signature

WIRECOPY_VERSION = 1  # raised when signatures or what counts as a copy change
DAYS_APART = 3  # between two copies of a story

_MOST_MEMBERS = 2_000  # of one group that are compared anew when one of them goes


class Grouping:
    """The links that a change makes.

    Args:
        copies: where signatures are kept; None for a store that keeps none.
    """

    def __init__(self, copies: Copies | None) -> None:
        self._copies = copies
        self._links: dict[str, set[str]] = {}

    def sign(self, article: Article) -> None:
        """Takes note of an article that the change has put, whose signature nobody has made yet."""
        from index.ingest.wirecopy import signature  # noqa: PLC0415 -- numpy loads while others attribute already

        self.put(article.id, signature(article))

    def put(self, article_id: str, signed: Signature | None) -> None:
        """Takes note of an article that the change has put, with its signature; without one it is nobody's copy."""
        if self._copies is not None and signed is not None:
            self._copies.sign(article_id, signed)
            self._link(article_id, signed)

    def finish(self) -> None:
        """Writes down the groups that have come to be, have changed or have fallen apart."""
        if self._copies is None:
            return
        torn = self._copies.torn()
        left = {member for group in torn for member in self._copies.members(group)[:_MOST_MEMBERS]}
        for member in sorted(left):
            signed = self._copies.signature(member)
            if signed is not None:
                self._link(member, signed)
        seen: set[str] = set()
        for start in sorted({*self._links, *left}):
            if start not in seen:
                members = self._joined(start, torn)
                seen |= members
                group = min(members, key=self._order) if len(members) > 1 else ""
                self._copies.set_groups(dict.fromkeys(sorted(members), group))

    def _link(self, article_id: str, signed: Signature) -> None:
        from index.ingest.wirecopy import is_copy  # noqa: PLC0415 -- as above

        assert self._copies is not None  # noqa: S101 -- both callers know
        for other, known in self._copies.near(signed, days=DAYS_APART):
            if other != article_id and is_copy(signed, known):
                self._links.setdefault(article_id, set()).add(other)
                self._links.setdefault(other, set()).add(article_id)

    def _joined(self, start: str, torn: frozenset[str]) -> set[str]:
        """All that links and groups which stay whole join to an article; those that are no longer stored left out."""
        assert self._copies is not None  # noqa: S101
        found, whole = {start}, set(torn)
        waiting = deque(found)
        while waiting:
            one = waiting.popleft()
            near = set(self._links.get(one, ()))
            group = self._copies.groups_of([one]).get(one, "")
            if group and group not in whole:
                whole.add(group)
                near.update(self._copies.members(group))
            waiting.extend(near - found)
            found |= near
        return set(self._copies.groups_of(found))

    def _order(self, article_id: str) -> tuple[int, str]:
        assert self._copies is not None  # noqa: S101
        signed = self._copies.signature(article_id)
        return (signed.day if signed else 0), article_id
