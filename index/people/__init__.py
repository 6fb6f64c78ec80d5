"""Who is who over the corpus: speakers within articles become persons, and what a person typed finds them."""

from index.people.aliases import Aliases, parse_aliases, read_aliases
from index.people.finding import Found, How, by_name, find, in_role
from index.people.names import folded, name_words, same_first_name
from index.people.renewing import renew_people
from index.people.resolving import PEOPLE_VERSION, family_of, resolve

__all__ = [
    "PEOPLE_VERSION",
    "Aliases",
    "Found",
    "How",
    "by_name",
    "family_of",
    "find",
    "folded",
    "in_role",
    "name_words",
    "parse_aliases",
    "read_aliases",
    "renew_people",
    "resolve",
    "same_first_name",
]
