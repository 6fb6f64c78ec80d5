"""How the embedded corpus keeps persons: what a change leaves as it was is not written again."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from index.storage.embedded.codec import checksum, dumps, loads, pack, person_row, unpack
from index.storage.embedded.keys import NOWHERE, ways_to_write
from index.storage.embedded.names import LONGEST, clean, grams_of, words_of
from index.storage.records import PersonRow


def replace_people(
    connection: sqlite3.Connection, rows: Iterable[PersonRow], families: frozenset[str] | None = None
) -> None:
    """Makes these the persons that are known (of some families, where given); what did not change is left alone."""
    query = "SELECT row, id, digest FROM people"
    wanted: list[tuple[str, ...]] = [()]
    if families is not None:
        query, wanted = f"{query} WHERE family = ?", [(family,) for family in sorted(families)]
    known: dict[str, tuple[int, bytes]] = {
        identity: (row, digest) for values in wanted for row, identity, digest in connection.execute(query, values)
    }
    seen: set[str] = set()
    for person in rows:
        identity = clean(person.entry.speaker.id)
        if identity in seen:
            continue
        seen.add(identity)
        written = person_row(person)
        digest = checksum(
            dumps([written, person.family, sorted(person.names), [sorted(words) for words in person.role_terms]])
        )
        row, before = known.get(identity, (None, b""))
        if before != digest:
            written[1] = _kept(connection, person.entry.keys)
            _put(connection, row, person, (identity, digest, dumps(written)))
    for identity, (row, _) in known.items():
        if identity not in seen:
            _drop(connection, row)


def _kept(connection: sqlite3.Connection, keys: Iterable[str]) -> dict[str, list[int]]:
    """Keys as an entry holds them: rows of articles by short form, each as its distance to the one before."""
    rows: dict[str, list[int]] = {}
    for key in keys:
        (article_id, short), elsewhere = ways_to_write(key)
        found = connection.execute("SELECT row FROM articles WHERE id = ?", (clean(article_id),)).fetchone()
        if found is None:
            rows[elsewhere] = [NOWHERE]
        else:
            rows.setdefault(short, []).append(found[0])
    kept = {}
    for short in sorted(rows):
        mine = sorted(rows[short])
        kept[short] = [row - before for before, row in zip([0, *mine], mine, strict=False)]
    return kept


def _pairs(kept: dict[str, list[int]]) -> set[tuple[int, str]]:
    """Each key that an entry holds, by the row of its article and its short form."""
    found = set()
    for short, steps in kept.items():
        row = 0
        for step in steps:
            row += step
            found.add((row, clean(short)))
    return found


def _put(connection: sqlite3.Connection, row: int | None, person: PersonRow, written: tuple[str, bytes, bytes]) -> None:
    identity, digest, entry = written
    values = digest, person.entry.statements, clean(person.family), pack(entry)
    had = _Found.of(connection, row)
    if row is None:
        query = "INSERT INTO people (digest, statements, family, entry, id) VALUES (?, ?, ?, ?, ?)"
        row = connection.execute(query, (*values, identity)).lastrowid
    else:
        query = "UPDATE people SET digest = ?, statements = ?, family = ?, entry = ? WHERE row = ?"
        connection.execute(query, (*values, row))
    found = _Found(
        keys=_pairs(loads(entry)[1]),
        names={(clean(name)[:LONGEST],) for name in person.names},
        roles={(clean(word), place) for place, words in enumerate(person.role_terms) for word in words},
    )
    _change(connection, row, had, found)
    connection.execute(
        "UPDATE person_words SET statements = ?1 WHERE person = ?2 AND statements != ?1", (values[1], row)
    )
    before, words = _words_in(had.names), _words_in(found.names)
    connection.executemany(
        "DELETE FROM person_words WHERE person = ? AND word = (SELECT row FROM words WHERE word = ?)",
        ((row, word) for word in before - words),
    )
    connection.executemany(
        "INSERT INTO person_words VALUES (?, ?, ?, ?, ?, ?)",
        (
            (_word_row(connection, word), row, values[1], word[:1], word[:2], word[:3])
            for word in sorted(words - before)
        ),
    )


def _drop(connection: sqlite3.Connection, row: int) -> None:
    _change(connection, row, _Found.of(connection, row), _Found())
    connection.execute("DELETE FROM person_words WHERE person = ?", (row,))
    connection.execute("DELETE FROM people WHERE row = ?", (row,))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """By what a person is found: the rows of three tables, less the person's own number."""

    keys: set[tuple[int, str]] = field(default_factory=set)
    names: set[tuple[str]] = field(default_factory=set)
    roles: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, connection: sqlite3.Connection, row: int | None) -> "_Found":
        """What the tables hold of a person."""
        if row is None:
            return cls()
        (entry,) = connection.execute("SELECT entry FROM people WHERE row = ?", (row,)).fetchone()
        try:
            keys = _pairs(loads(unpack(entry))[1])
        except (ValueError, LookupError, TypeError, AttributeError):  # damaged: then all keys are looked through
            keys = set(connection.execute("SELECT article, short FROM person_keys WHERE person = ?", (row,)))
        return cls(
            keys=keys,
            names=set(connection.execute("SELECT name FROM person_names WHERE person = ?", (row,))),
            roles=set(connection.execute("SELECT word, role FROM person_roles WHERE person = ?", (row,))),
        )


def _change(connection: sqlite3.Connection, row: int | None, had: _Found, found: _Found) -> None:
    tables: tuple[tuple[str, tuple[str, ...], set[Any], set[Any]], ...] = (
        ("person_keys", ("article", "short"), had.keys, found.keys),
        ("person_names", ("name",), had.names, found.names),
        ("person_roles", ("word", "role"), had.roles, found.roles),
    )
    for table, columns, before, after in tables:
        where = " AND ".join(f"{column} = ?" for column in (*columns, "person"))
        marks = ", ".join("?" * (len(columns) + 1))
        gone, come = (((*each, row) for each in sorted(some)) for some in (before - after, after - before))
        connection.executemany(f"DELETE FROM {table} WHERE {where}", gone)  # noqa: S608 -- names from above
        connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}, person) VALUES ({marks})", come)  # noqa: S608


def _words_in(names: Iterable[tuple[str]]) -> set[str]:
    return {word for (name,) in names for word in words_of(name)}


def _word_row(connection: sqlite3.Connection, word: str) -> int:
    found = connection.execute("SELECT row FROM words WHERE word = ?", (word,)).fetchone()
    if found is not None:
        return int(found[0])
    row = connection.execute("INSERT INTO words (word) VALUES (?)", (word,)).lastrowid
    connection.executemany(
        "INSERT INTO word_grams VALUES (?, ?, ?)", ((gram, len(word), row) for gram in grams_of(word))
    )
    return int(row or 0)
