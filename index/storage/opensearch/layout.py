"""Which indices there are, what they hold, and under which names: every field is named, none is ever added by itself.

PREFIX-article, -paragraph, -statement, -register     aliases of the generation that answers
PREFIX-article-g000001-2021-000001                    an index of it: a family, a generation, a period, a number
PREFIX-register-g000001                               what is not searched by words: changes, speakers, persons, state
PREFIX-control, PREFIX-attribution                    who is writing; what attribution found
PREFIX-guilds                                         what bots share: choices of servers, what channels follow
"""

import hashlib
from datetime import date
from typing import Any

from index.storage.opensearch.options import ClusterOptions, Period
from index.storage.records import Unit

FIELDS = ("body", "title", "context", "content", "paragraph")  # in which terms are searched
REGISTER = "register"
FAMILIES = (*(unit.value for unit in Unit), REGISTER)
UNDATED = "undated"

_KEYWORD = {"type": "keyword"}
_KEPT = {"type": "keyword", "index": False, "doc_values": False}  # only read back
_TOLD = {"type": "keyword", "index": False}  # read back quickly, without the rest
_TERMS = {"type": "text", "analyzer": "terms", "index_options": "freqs"}

_UNIT: dict[str, Any] = {
    "id": _TOLD | {"doc_values": True},
    "article": _KEYWORD,
    "number": {"type": "integer"},
    "day": {"type": "date", "format": "strict_date"},
    "outlet": _KEYWORD,
    "speakers": _KEYWORD | {"doc_values": False},
    "attitude": {"type": "boolean"},
    **dict.fromkeys(FIELDS, _TERMS),
}
_STORED: dict[str, Any] = {
    "sequence": {"type": "long"},
    "source": _KEYWORD,
    "item": _KEYWORD,
    "raw_hash": _TOLD,
    "attributor": {"type": "integer", "index": False},
    "printed": _KEYWORD,
    "paragraphs": {"type": "integer", "index": False},
    "statements": {"type": "integer", "index": False},
    "wire": _KEYWORD,
    "text": _KEPT,
    "quotes": _KEPT,
    "raw": _KEPT,
    "history": _KEPT,
    "outlet_as_is": _KEPT,
}
_REGISTER: dict[str, Any] = {
    "kind": _KEYWORD,
    "id": _KEYWORD,
    "sequence": {"type": "long"},
    "family": _KEYWORD,
    "value": _KEPT,
    # changes
    "removed": {"type": "boolean"},
    "place": _KEYWORD,
    "holds": _KEPT,
    "digest": _TOLD,
    # speakers within articles
    "article": _KEYWORD,
    # signatures of articles
    "signed": {"type": "integer"},
    "shared": {"type": "long", "doc_values": False},
    "wire": _KEYWORD,
    # persons
    "statements": {"type": "integer"},
    "keys": _KEYWORD | {"doc_values": False},
    "names": _KEYWORD | {"doc_values": False},
    "words": _KEYWORD,
    "role_words": _KEYWORD | {"doc_values": False},
}
_CONTROL: dict[str, Any] = {"owner": _TOLD, "until": {"type": "double", "index": False}, "value": _KEPT}
_ATTRIBUTION: dict[str, Any] = {"content": _KEYWORD, "quotes": _KEPT}
_GUILDS: dict[str, Any] = {
    "kind": _KEYWORD,
    "name": _KEYWORD,
    "owner": _KEYWORD,
    "at": {"type": "double"},
    "value": _KEPT,
}


def body_of(family: str, options: ClusterOptions, *, legacy: bool) -> dict[str, Any]:
    """Settings and mapping of an index of that family.

    Args:
        family: one of `FAMILIES`, "control", "attribution" or "guilds".
        options: how many shards and copies.
        legacy: whether this cluster calls the BM25 whose scores are ours LegacyBM25 (3.0 and newer).
    """
    properties = {
        Unit.ARTICLE: _UNIT | _STORED,
        REGISTER: _REGISTER,
        "control": _CONTROL,
        "attribution": _ATTRIBUTION,
        "guilds": _GUILDS,
    }.get(family, _UNIT)
    small = family in {"control", "guilds"}
    return {
        "settings": {
            "number_of_shards": 1 if small else options.shards,
            "number_of_replicas": options.replicas,
            "codec": "best_compression",
            "refresh_interval": "1s" if small else "-1",  # a change is shown when it is whole, not before
            "max_terms_count": 1_000_000,  # keys of a person who speaks everywhere
            "max_result_window": 10_000,
            "similarity": {"default": {"type": "LegacyBM25" if legacy else "BM25", "k1": 1.2, "b": 0.75}},
            "analysis": {"analyzer": {"terms": {"type": "custom", "tokenizer": "whitespace"}}},
        },
        "mappings": {"dynamic": "strict", "properties": properties},
    }


# ---------------------------------------------------------------------------------------------------------------
# Names


def alias(options: ClusterOptions, family: str) -> str:
    """Under which the family is read."""
    return f"{options.prefix}-{family}"


def index_name(options: ClusterOptions, family: str, generation: int, place: str = "") -> str:
    """One index; a register has no place."""
    whole = f"{options.prefix}-{family}-g{generation:06d}"
    return f"{whole}-{place}" if place else whole


def all_of(options: ClusterOptions, family: str, generation: int) -> str:
    """A pattern for all indices of a family in a generation."""
    return f"{options.prefix}-{family}-g{generation:06d}*"


def everything_of(options: ClusterOptions, generation: int) -> str:
    """A pattern for all indices of a generation."""
    return ",".join(all_of(options, family, generation) for family in FAMILIES)


def period_of(day: date | None, period: Period) -> str:
    """What an article of that day is kept among."""
    if period == "all":
        return "all"
    if day is None:
        return UNDATED
    return f"{day.year:04d}" if period == "year" else f"{day.year:04d}.{day.month:02d}"


# ---------------------------------------------------------------------------------------------------------------
# How texts go in


def clean(text: str) -> str:
    """The text as JSON can carry it: halves of a character become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def key_of(*parts: object) -> str:
    """A short name for anything, of which no two have the same."""
    data = "\x1f".join(str(part) for part in parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=16).hexdigest()


_LONGEST = 400  # code points of a term or key that are kept as they are
_MARK = "\ue000"  # stands before what was too long, or can't be told apart by white space


def keyword(text: str) -> str:
    """A key as it is indexed: long ones and those with half a character by their digest, digests as they are."""
    if text.startswith(_MARK) and len(text) == 33:
        return text
    if len(text) <= _LONGEST and not text.startswith(_MARK) and clean(text) == text:
        return text
    return _MARK + key_of(text)


def term(text: str) -> str:
    """An analysed term as it is indexed: one word between spaces, whatever it holds."""
    if text.isalnum() and len(text) <= 100:
        return text
    if len(text) <= 100 and text.split() == [text]:
        return keyword(text)
    return _MARK + key_of(text)
