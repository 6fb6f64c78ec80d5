"""How nouns are written down in the cluster, and read back: the embedded store's JSON, inside named fields."""

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from pydantic_core import from_json

from index.model import PersonEntry, Quote, Speaker, SpeakerKind, day_of
from index.storage.embedded.codec import (
    article_of,
    article_row,
    person_of,
    person_row,
    quotes_of,
    quotes_row,
    revisions_of,
    revisions_row,
    statements_of,
)
from index.storage.opensearch.layout import FIELDS, clean, key_of, keyword, term
from index.storage.records import Document, Mention, PersonRow, Revision, StoredArticle, Unit
from index.storage.statements import Kept, Statements

log = logging.getLogger(__name__)

Json = dict[str, Any]


def text_of(value: object) -> str:
    """JSON that any string field can carry, halves of a character included."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if clean(text) == text else json.dumps(value, separators=(",", ":"))


def sum_of(*texts: str | None) -> str:
    """A digest that changes when one of the texts does."""
    return hashlib.blake2b(json.dumps(texts).encode(), digest_size=12).hexdigest()


# ---------------------------------------------------------------------------------------------------------------
# Units


def unit_fields(document: Document) -> Json:
    """A document as it is searched.

    A field without terms holds one that nobody looks for, so that the cluster counts every unit in every field.
    """
    unknown = document.fields.keys() - FIELDS
    if unknown:
        raise ValueError(f"the cluster's indices have no field {min(unknown)!r}")
    found: Json = {
        "id": clean(document.id),
        "article": clean(document.article_id),
        "number": document.number,
        "speakers": sorted(keyword(key) for key in document.speakers),
        "attitude": document.attitude,
    }
    if document.day:
        found["day"] = document.day.isoformat()
    if document.outlet is not None:
        found["outlet"] = keyword(document.outlet)
    for field in FIELDS:
        terms = document.fields.get(field)
        parts = terms.split(" ") if isinstance(terms, str) else terms
        found[field] = " ".join(map(term, parts or ())) if terms else _NOTHING
    return found


_NOTHING = "\ue001"


def document_of(unit: Unit, source: Mapping[str, Any]) -> Document:
    """A document read back; terms and keys that were too long are their digests, which go in again as they are."""
    day = source.get("day")
    return Document(
        unit=unit,
        id=source["id"],
        article_id=source["article"],
        number=source["number"],
        fields={field: tuple(source[field].split(" ")) for field in FIELDS if source[field] != _NOTHING},
        day=date.fromisoformat(day) if day else None,
        outlet=source.get("outlet"),
        speakers=frozenset(source["speakers"]),
        attitude=source["attitude"],
    )


# ---------------------------------------------------------------------------------------------------------------
# Articles


def article_fields(stored: StoredArticle, unit: Document | None, sequence: int) -> Json:
    """An article with its unit, where it has one."""
    article = stored.article
    day = article.day
    found = unit_fields(
        unit or Document(unit=Unit.ARTICLE, id=article.id, article_id=article.id, number=0, fields={}, day=day)
    )
    found |= {
        "sequence": sequence,
        "source": keyword(stored.source),
        "item": clean(stored.item),
        "raw_hash": stored.raw_hash,
        "attributor": stored.attributor,
        "paragraphs": len(article.paragraphs),
        "statements": sum(not quote.attitude for quote in stored.quotes),
        "text": text_of(article_row(article)),
        "quotes": text_of(quotes_row(stored.quotes)),
        "raw": text_of(stored.raw),
        "history": text_of(
            [
                stored.stored.isoformat() if stored.stored else None,
                stored.withdrawn,
                stored.group,
                revisions_row(stored.revisions),
                stored.source,
            ]
        ),
    }
    if article.outlet is not None:
        found["printed"] = clean(article.outlet)
    if stored.group:
        found["wire"] = keyword(stored.group)
    return found


READ_BACK = ("article", "sequence", "item", "raw_hash", "attributor", "text", "quotes", "history")  # by `stored_of`


def stored_of(source: Mapping[str, Any], group: str | None) -> StoredArticle:
    """An article read back, with its raw record where that came; else paragraphs and quotes are made when looked at.

    Args:
        source: the fields.
        group: that the register knows; None for the one that was written.

    Raises:
        ValueError, LookupError, TypeError: the fields are not what was written.
    """
    stored, withdrawn, written, revisions, name = json.loads(source["history"])
    kept: tuple[Revision, ...] = revisions_of(revisions)
    whole = "raw" in source
    return StoredArticle(
        article=article_of(_parsed(source["text"]), lazily=not whole),
        quotes=quotes_of(json.loads(source["quotes"])) if whole else Statements(lambda: _statements(source)),
        raw=json.loads(source["raw"]) if whole else "{}",
        source=name,
        item=source["item"],
        raw_hash=source["raw_hash"],
        attributor=source["attributor"],
        sequence=source["sequence"],
        stored=datetime.fromisoformat(stored) if stored else None,
        revisions=kept,
        withdrawn=withdrawn,
        group=written if group is None else group,
    )


def _parsed(text: str) -> Any:  # noqa: ANN401 -- whatever JSON holds
    try:
        return from_json(text)  # several times faster than json, which alone reads halves of a character
    except ValueError:
        return json.loads(text)


def _statements(source: Mapping[str, Any]) -> Kept:
    try:
        return statements_of(_parsed(source["quotes"]), {})
    except (ValueError, LookupError, TypeError):
        log.warning(
            "The statements of %s are left out: run `onrecord reindex --full` to write it anew.", source["article"]
        )
        return statements_of(([], []), {})


def said_by(fields: Mapping[str, Any]) -> str:
    """A digest of what an article says and of whether it was withdrawn: when it changes, the article has changed."""
    _, withdrawn, *_ = json.loads(fields["history"])
    return sum_of(fields["text"], withdrawn)


# ---------------------------------------------------------------------------------------------------------------
# Speakers and persons


def mention_fields(stored: StoredArticle, families: Mapping[str, str]) -> dict[str, Json]:
    """The speakers of an article as the register keeps them, by the name of each entry."""
    article = stored.article
    return {
        key_of("mention", article.id, speaker.id): {
            "kind": "mention",
            "id": clean(speaker.id),
            "article": clean(article.id),
            "family": clean(families.get(speaker.id, "")),
            "value": text_of(
                [
                    clean(speaker.name),
                    speaker.kind,
                    None if speaker.role is None else clean(speaker.role),
                    [clean(alias) for alias in speaker.aliases],
                    article.published and article.published[:10],
                    statements,
                ]
            ),
        }
        for speaker, statements in speakers_of(stored.quotes)
    }


def mention_of(source: Mapping[str, Any]) -> Mention:
    """A speaker within an article, read back."""
    name, kind, role, aliases, day, statements = json.loads(source["value"])
    return Mention(
        key=source["id"],
        article_id=source["article"],
        name=name,
        kind=SpeakerKind(kind),
        role=role,
        aliases=tuple(aliases),
        day=day_of(day),
        statements=statements,
        family=source["family"],
    )


def speakers_of(quotes: Iterable[Quote]) -> list[tuple[Speaker, int]]:
    """Each speaker once, with what all mentions together tell, and how many statements it makes."""
    found: dict[str, Speaker] = {}
    statements: dict[str, int] = {}
    for quote in quotes:
        for speaker in quote.speakers:
            known = found.get(speaker.id, speaker)
            aliases = dict.fromkeys((*known.aliases, *speaker.aliases, speaker.name))
            aliases.pop(known.name, None)
            found[speaker.id] = Speaker(
                id=known.id,
                name=known.name,
                role=known.role or speaker.role,
                kind=known.kind,
                aliases=tuple(aliases),
            )
            statements[speaker.id] = statements.get(speaker.id, 0) + (not quote.attitude)
    return [(speaker, statements[key]) for key, speaker in found.items()]


def person_fields(row: PersonRow, words: Sequence[str], names: Sequence[str]) -> Json:
    """A person as the register keeps one: `words` are those of all names, `names` the folded forms."""
    roles = [sorted(clean(word) for word in words) for words in row.role_terms]
    fields: Json = {
        "kind": "person",
        "id": clean(row.entry.speaker.id),
        "family": clean(row.family),
        "statements": row.entry.statements,
        "keys": sorted(keyword(key) for key in row.entry.keys),
        "names": [keyword(name) for name in names],
        "words": list(words),
        "role_words": sorted({keyword(word) for words in roles for word in words}),
        "value": text_of([person_row(row), roles]),
    }
    return fields | {"digest": sum_of(json.dumps(fields))}


def entry_of(source: Mapping[str, Any]) -> PersonEntry:
    """A person read back."""
    return person_of(json.loads(source["value"])[0])


def roles_of(source: Mapping[str, Any]) -> list[frozenset[str]]:
    """The words of each of a person's roles."""
    return [frozenset(words) for words in json.loads(source["value"])[1]]
