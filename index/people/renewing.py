"""Says who is who after a change, some families at a time, so that it takes no more memory in a larger library."""

from itertools import islice

from index.people.aliases import Aliases
from index.people.resolving import NOBODY, resolve
from index.storage.base import Writer

_AT_ONCE = 500  # families
_MANY = 1_000  # families from which on a store that can't tell all of them has all mentions read in one go


def renew_people(writer: Writer, aliases: Aliases = NOBODY, *, families: frozenset[str] | None = None) -> None:
    """Sets the persons of a change under way.

    Args:
        writer: the change, whose articles are in.
        aliases: what the administrator says.
        families: those that the change can have touched; None for all.
    """
    everyone = writer.families()
    if everyone is None and (families is None or len(families) > _MANY):
        writer.set_people(resolve(writer.mentions(), aliases))
        return
    wanted = everyone if everyone is not None and families is None else iter(sorted(families or ()))
    done: set[str] = set()  # because names tie them to earlier ones
    while batch := frozenset(islice((family for family in wanted if family not in done), _AT_ONCE)):
        together = aliases.related(batch)
        if together:
            writer.set_people(resolve(writer.mentions(families=together), aliases), families=together)
        done |= together - batch
