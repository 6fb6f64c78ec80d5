"""How the embedded corpus finds persons by name, prefix, near spelling and role."""

import re
import sqlite3
import unicodedata
from collections.abc import Sequence

from rapidfuzz.distance import OSA

from index.storage.embedded.formats import format_in

_PARTS = re.compile(r"[^\W_]+")
_CANDIDATES = 2000  # words that share a piece with a misspelt one and are compared letter by letter
_TOUCHED = 4  # pieces of a word that one slip can change
_MANY = 400  # persons of a role: fewer are looked up one by one
LONGEST = 200  # code points of a name that are looked at


def clean(text: str) -> str:
    """The text as SQLite can take it: lone surrogates become question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def words_of(folded: str) -> list[str]:
    """The words of a folded name, diacritics off."""
    plain = clean(folded)[:LONGEST].casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return _PARTS.findall(plain)


def people_named(connection: sqlite3.Connection, folded: str) -> list[bytes]:
    """Persons with exactly this name, most statements first."""
    rows = connection.execute(
        "SELECT p.entry FROM person_names AS n JOIN people AS p ON p.row = n.person WHERE n.name = ? "
        "ORDER BY p.statements DESC, p.id",
        (clean(folded)[:LONGEST],),
    )
    return [row[0] for row in rows]


def people_in_role(connection: sqlite3.Connection, words: frozenset[str], limit: int) -> list[bytes]:
    """Persons one of whose roles holds all the words, most statements first."""
    if not words:
        return []
    marks = ",".join("?" * len(words))
    holding = f"SELECT person FROM person_roles WHERE word IN ({marks}) GROUP BY person, role HAVING count(*) = ?"  # noqa: S608
    values = (*(clean(word) for word in words), len(words))
    (found,) = connection.execute(f"SELECT count(*) FROM ({holding})", values).fetchone()  # noqa: S608 -- from above
    row = "+row" if found > _MANY else "row"  # going through all persons in order meets enough of many soon
    rows = connection.execute(
        f"SELECT entry FROM people WHERE {row} IN ({holding}) ORDER BY statements DESC, id LIMIT ?",  # noqa: S608
        (*values, limit),
    )
    return [entry for (entry,) in rows]


def people_like(connection: sqlite3.Connection, folded: str, limit: int) -> list[bytes]:
    """Exact words before beginnings before near spellings; within each, most statements first."""
    words = words_of(folded)
    if not words:
        if folded.strip():
            return []
        rows = connection.execute("SELECT entry FROM people ORDER BY statements DESC, id LIMIT ?", (limit,))
        return [row[0] for row in rows]
    found = _with_word(connection, words[0], limit) if len(words) == 1 else _with_words(connection, words, limit)
    for word in () if found or len(words) == 1 else (words[-1], words[0]):
        found = found or _with_word(connection, word, limit)
    return _read(connection, found)


def _with_word(connection: sqlite3.Connection, word: str, limit: int) -> list[int]:
    found: dict[int, None] = {}
    exact = connection.execute("SELECT row FROM words WHERE word = ?", (word,)).fetchone()
    if exact is not None:
        found.update(_holding(connection, [exact[0]], limit))
    if len(found) < limit:
        found.update(_beginning(connection, word, limit))
    for _, row in () if found else _near(connection, word):
        found.update(_holding(connection, [row], limit))
        if len(found) >= limit:
            break
    return list(found)[:limit]


def _holding(connection: sqlite3.Connection, words: Sequence[int], limit: int) -> dict[int, None]:
    marks = ",".join("?" * len(words))
    rows = connection.execute(
        f"SELECT DISTINCT person FROM person_words WHERE word IN ({marks}) "  # noqa: S608 -- question marks
        "ORDER BY statements DESC, person LIMIT ?",
        (*words, limit),
    )
    return dict.fromkeys(row[0] for row in rows)


def _beginning(connection: sqlite3.Connection, word: str, limit: int) -> dict[int, None]:
    if len(word) <= 3:
        column = ("one", "two", "three")[len(word) - 1]
        rows = connection.execute(
            f"SELECT person FROM person_words WHERE {column} = ? "  # noqa: S608 -- a name from the line above
            "ORDER BY statements DESC, person LIMIT ?",
            (word, 2 * limit),
        )
        return dict.fromkeys(row[0] for row in rows)
    return _holding(connection, _words_beginning(connection, word), limit)


def _words_beginning(connection: sqlite3.Connection, word: str) -> list[int]:
    rows = connection.execute(
        "SELECT row FROM words WHERE word >= ? AND word < ? LIMIT ?", (word, word + "\U0010ffff", _CANDIDATES)
    )
    return [row[0] for row in rows]


def _with_words(connection: sqlite3.Connection, words: Sequence[str], limit: int) -> list[int]:
    """Persons with a word for each of these: the same, one that begins so, or one spelt nearly so."""
    known = [_same_or_beginning(connection, word) for word in words[:6] if len(word) >= 2]
    searched = [word for word in words[:6] if len(word) >= 2]
    scored = [matches or _spelt_nearly(connection, word) for word, matches in zip(searched, known, strict=True)]
    found = _holding_all(connection, scored, limit)
    if not found and all(known):  # words that exist, though nobody bears them together
        scored = [{**_spelt_nearly(connection, word), **matches} for word, matches in zip(searched, known, strict=True)]
        found = _holding_all(connection, scored, limit)
    return found


def _same_or_beginning(connection: sqlite3.Connection, word: str) -> dict[int, float]:
    matches = dict.fromkeys(_words_beginning(connection, word), 0.97)
    exact = connection.execute("SELECT row FROM words WHERE word = ?", (word,)).fetchone()
    if exact is not None:
        matches[exact[0]] = 1.0
    return matches


def _spelt_nearly(connection: sqlite3.Connection, word: str) -> dict[int, float]:
    return {row: 1.0 - distance / 10 for distance, row in _near(connection, word)}


def _holding_all(connection: sqlite3.Connection, scored: Sequence[dict[int, float]], limit: int) -> list[int]:
    """Persons with a word from each of these, those with the best words first."""
    if not scored or not all(scored):
        return []
    holders = " INTERSECT ".join(
        f"SELECT person FROM person_words WHERE word IN ({','.join('?' * len(matches))})"  # noqa: S608 -- marks
        for matches in scored
    )
    rows = connection.execute(
        f"SELECT person, word, statements FROM person_words WHERE person IN ({holders})",  # noqa: S608 -- marks
        [row for matches in scored for row in matches],
    )
    best: dict[int, list[float]] = {}
    weight: dict[int, int] = {}
    for person, row, statements in rows:
        mine = best.setdefault(person, [0.0] * len(scored))
        weight[person] = statements
        for place, matches in enumerate(scored):
            mine[place] = max(mine[place], matches.get(row, 0.0))
    return sorted(best, key=lambda person: (-sum(best[person]), -weight[person], person))[:limit]


def _near(connection: sqlite3.Connection, word: str) -> list[tuple[int, int]]:
    """Words that are spelt nearly so: (edits by optimal string alignment, row), nearest first."""
    allowed = 0 if len(word) < 4 else 1 if len(word) < 6 else 2
    if not allowed:
        return []
    grams = grams_of(word)
    rows = connection.execute(
        "SELECT w.row, w.word FROM (SELECT word FROM word_grams WHERE length BETWEEN ? AND ? "  # noqa: S608 -- marks
        f"AND gram IN ({','.join('?' * len(grams))}) GROUP BY word HAVING count(*) >= ? ORDER BY count(*) DESC LIMIT ?)"
        f" AS g CROSS JOIN words AS w ON w.{format_in(connection).gram} = g.word",
        (len(word) - allowed, len(word) + allowed, *grams, max(1, len(grams) - _TOUCHED * allowed), _CANDIDATES),
    )
    near = []
    for row, other in rows:
        distance = OSA.distance(word, other, score_cutoff=allowed)
        if 0 < distance <= allowed:
            near.append((distance, other, row))
    near.sort()
    return [(distance, row) for distance, _, row in near[:50]]


def grams_of(word: str) -> list[str]:
    """The different pieces of three letters, the word's ends marked."""
    marked = f"^{word}$"
    return list(dict.fromkeys(marked[at : at + 3] for at in range(len(marked) - 2)))


def _read(connection: sqlite3.Connection, rows: Sequence[int]) -> list[bytes]:
    marks = ",".join("?" * len(rows))
    entries = dict(
        connection.execute(f"SELECT row, entry FROM people WHERE row IN ({marks})", rows)  # noqa: S608 -- marks
    )
    return [entries[row] for row in rows]
