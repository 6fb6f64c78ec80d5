"""How the embedded corpus keeps persons: what a change leaves as it was is not written again."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from index.storage.embedded.codec import checksum, dumps, loads, pack, person_row, unpack
from index.storage.embedded.keys import NOWHERE, ways_to_write
from index.storage.embedded.names import LONGEST, clean, grams_of, words_of
from index.storage.records import PersonRow

_AT_ONCE = 500  # persons whose rows are written together; values that a query takes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Changed:
    """A person that is not written as it should be.

    Attributes:
        row: of the one that is there; None for nobody.
        written: as the codec writes it, its keys whole.
    """

    row: int | None
    identity: str
    digest: bytes
    person: PersonRow
    written: list[Any]


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
    changed = _changed(rows, known, seen)
    while together := list(islice(changed, _AT_ONCE)):
        _put(connection, together)
    for identity, (row, _) in known.items():
        if identity not in seen:
            _drop(connection, row)


def _changed(rows: Iterable[PersonRow], known: Mapping[str, tuple[int, bytes]], seen: set[str]) -> Iterator[_Changed]:
    """Those that are not there yet or are there otherwise; notes everybody who is to be there."""
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
            yield _Changed(row=row, identity=identity, digest=digest, person=person, written=written)


def _put(connection: sqlite3.Connection, changed: Sequence[_Changed]) -> None:
    """Writes persons; each table in one go, which takes half the time of each person in one."""
    row_of = _rows_of(connection, (ways_to_write(key)[0][0] for each in changed for key in each.person.entry.keys))
    (last,) = connection.execute("SELECT coalesce(max(row), 0) FROM people").fetchone()
    had: dict[int, _Found] = {}
    found: dict[int, _Found] = {}
    people: list[tuple[Any, ...]] = []
    for each in changed:
        row, person = each.row, each.person
        if row is None:
            last += 1
            had[last] = _Found()
        else:
            had[row] = _Found.of(connection, row)
        row = row or last
        kept = each.written[1] = _kept(person.entry.keys, row_of)
        family, entry = clean(person.family), pack(dumps(each.written))
        people.append((row, each.identity, each.digest, person.entry.statements, family, entry))
        found[row] = _Found(
            keys=_pairs(kept),
            names={(clean(name)[:LONGEST],) for name in person.names},
            roles={(clean(word), place) for place, words in enumerate(person.role_terms) for word in words},
        )
    connection.executemany(
        "INSERT INTO people (row, id, digest, statements, family, entry) VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
        "ON CONFLICT (row) "
        "DO UPDATE SET digest = ?3, statements = ?4, family = ?5, entry = ?6",
        people,
    )
    _change(connection, had, found)
    _change_words(connection, had, found, {row: statements for row, _, _, statements, _, _ in people})


def _change_words(
    connection: sqlite3.Connection,
    had: Mapping[int, "_Found"],
    found: Mapping[int, "_Found"],
    statements: Mapping[int, int],
) -> None:
    before = {row: _words_in(each.names) for row, each in had.items()}
    words = {row: _words_in(each.names) for row, each in found.items()}
    connection.executemany(
        "UPDATE person_words SET statements = ?1 WHERE person = ?2 AND statements != ?1",
        ((statements[row], row) for row, those in before.items() if those),
    )
    connection.executemany(
        "DELETE FROM person_words WHERE person = ? AND word = (SELECT row FROM words WHERE word = ?)",
        ((row, word) for row, those in before.items() for word in those - words[row]),
    )
    come = [(row, word) for row, those in words.items() for word in sorted(those - before[row])]
    number = _word_rows(connection, dict.fromkeys(word for _, word in come))
    connection.executemany(
        "INSERT INTO person_words VALUES (?, ?, ?, ?, ?, ?)",
        sorted((number[word], row, statements[row], word[:1], word[:2], word[:3]) for row, word in come),
    )


def _drop(connection: sqlite3.Connection, row: int) -> None:
    _change(connection, {row: _Found.of(connection, row)}, {row: _Found()})
    connection.execute("DELETE FROM person_words WHERE person = ?", (row,))
    connection.execute("DELETE FROM people WHERE row = ?", (row,))


def _rows_of(connection: sqlite3.Connection, article_ids: Iterable[str]) -> dict[str, int]:
    """Rows of those articles that are stored, by id."""
    return dict(_each_of(connection, "SELECT id, row FROM articles WHERE id IN ({})", map(clean, article_ids)))


def _word_rows(connection: sqlite3.Connection, words: Iterable[str]) -> dict[str, int]:
    """The rows of words, by word; those that are new are written."""
    wanted = list(words)
    known: dict[str, int] = dict(_each_of(connection, "SELECT word, row FROM words WHERE word IN ({})", wanted))
    (last,) = connection.execute("SELECT coalesce(max(row), 0) FROM words").fetchone()
    new = {word: row for row, word in enumerate((word for word in wanted if word not in known), last + 1)}
    connection.executemany("INSERT INTO words (word, row) VALUES (?, ?)", new.items())
    connection.executemany(
        "INSERT INTO word_grams VALUES (?, ?, ?)",
        sorted((gram, len(word), row) for word, row in new.items() for gram in grams_of(word)),
    )
    return known | new


def _each_of(connection: sqlite3.Connection, query: str, values: Iterable[str]) -> Iterator[Any]:
    wanted = list(dict.fromkeys(values))
    for start in range(0, len(wanted), _AT_ONCE):
        page = wanted[start : start + _AT_ONCE]
        yield from connection.execute(query.format(",".join("?" * len(page))), page)


def _kept(keys: Iterable[str], row_of: Mapping[str, int]) -> dict[str, list[int]]:
    """Keys as an entry holds them: rows of articles by short form, each as its distance to the one before."""
    rows: dict[str, list[int]] = {}
    for key in keys:
        (article_id, short), elsewhere = ways_to_write(key)
        found = row_of.get(clean(article_id))
        if found is None:
            rows[elsewhere] = [NOWHERE]
        else:
            rows.setdefault(short, []).append(found)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """By what a person is found: the rows of three tables, less the person's own number."""

    keys: set[tuple[int, str]] = field(default_factory=set)
    names: set[tuple[str]] = field(default_factory=set)
    roles: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, connection: sqlite3.Connection, row: int) -> "_Found":
        """What the tables hold of a person."""
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


def _change(connection: sqlite3.Connection, had: Mapping[int, _Found], found: Mapping[int, _Found]) -> None:
    """Makes the rows of some persons in three tables what they should be."""
    tables: tuple[tuple[str, tuple[str, ...], Callable[[_Found], set[Any]]], ...] = (
        ("person_keys", ("article", "short"), lambda each: each.keys),
        ("person_names", ("name",), lambda each: each.names),
        ("person_roles", ("word", "role"), lambda each: each.roles),
    )
    for table, columns, rows_of in tables:
        where = " AND ".join(f"{column} = ?" for column in (*columns, "person"))
        marks = ", ".join("?" * (len(columns) + 1))
        gone = sorted((*each, row) for row in had for each in rows_of(had[row]) - rows_of(found[row]))
        come = sorted((*each, row) for row in had for each in rows_of(found[row]) - rows_of(had[row]))
        connection.executemany(f"DELETE FROM {table} WHERE {where}", gone)  # noqa: S608 -- names from above
        connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}, person) VALUES ({marks})", come)  # noqa: S608


def _words_in(names: Iterable[tuple[str]]) -> set[str]:
    return {word for (name,) in names for word in words_of(name)}
