"""Who is who over the corpus: speakers within articles become persons, and what a person typed finds them."""

from index.people.finding import Found, How, by_name, find, in_role
from index.people.names import folded, name_words, same_first_name
from index.people.resolving import PEOPLE_VERSION, family_of, resolve

__all__ = [
    "PEOPLE_VERSION",
    "Found",
    "How",
    "by_name",
    "family_of",
    "find",
    "folded",
    "in_role",
    "name_words",
    "resolve",
    "same_first_name",
]
