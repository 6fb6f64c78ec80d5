"""The SQLite file of one generation: its tables, its version, and its errors put into words."""

import errno
import logging
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import DamagedStore, StoreError

SCHEMA = 2
log = logging.getLogger(__name__)

_WAIT = 10.0  # seconds for another program's lock
_LITTLE = 100_000  # bytes free, below which a failure to write is for want of room
_APPLICATION = 0x4F6E5265  # "OnRe"

# Beside the articles, whose rows are long: what is read of many, or added to an article that stays as it is.
_HISTORY = """
CREATE TABLE histories (article INTEGER PRIMARY KEY, stored TEXT, withdrawn TEXT, wire_group TEXT NOT NULL,
                        revisions BLOB);
CREATE INDEX histories_by_group ON histories (wire_group) WHERE wire_group != '';
CREATE TABLE changes (id TEXT PRIMARY KEY, sequence INTEGER NOT NULL, removed INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX changes_by_sequence ON changes (sequence, id, removed);
"""
_TABLES = (
    _HISTORY
    + """
CREATE TABLE state (only INTEGER PRIMARY KEY CHECK (only = 1), sequence INTEGER NOT NULL, engine TEXT NOT NULL,
                    folder TEXT NOT NULL, coverage BLOB NOT NULL);
CREATE TABLE articles (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, sequence INTEGER NOT NULL,
                       source TEXT NOT NULL, item TEXT NOT NULL, raw_hash TEXT NOT NULL, attributor INTEGER NOT NULL,
                       day TEXT, outlet TEXT, paragraphs INTEGER NOT NULL, statements INTEGER NOT NULL,
                       body_sum BLOB NOT NULL, quotes_sum BLOB NOT NULL, raw_sum BLOB NOT NULL,
                       body BLOB NOT NULL, quotes BLOB NOT NULL, raw BLOB NOT NULL, documents BLOB NOT NULL);
CREATE INDEX articles_by_item ON articles (source, item, id, raw_hash, attributor);
CREATE INDEX articles_by_outlet ON articles (outlet, day, paragraphs, statements);
CREATE INDEX articles_by_row ON articles (row, id);
CREATE INDEX articles_by_day ON articles (row, id, day);
CREATE INDEX articles_by_sequence ON articles (sequence);
CREATE TABLE mentions (key TEXT NOT NULL, article INTEGER NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
                       role TEXT, aliases TEXT NOT NULL, statements INTEGER NOT NULL, family TEXT NOT NULL,
                       PRIMARY KEY (key, article)) WITHOUT ROWID;
CREATE INDEX mentions_by_family ON mentions (family, key, article);
CREATE TABLE speaking (slug TEXT NOT NULL, key TEXT NOT NULL, article INTEGER NOT NULL,
                       PRIMARY KEY (slug, key, article)) WITHOUT ROWID;
CREATE INDEX speaking_by_article ON speaking (article);
CREATE INDEX mentions_by_article ON mentions (article);
CREATE TABLE fields (unit TEXT NOT NULL, name TEXT NOT NULL, place INTEGER NOT NULL,
                     PRIMARY KEY (unit, name)) WITHOUT ROWID;
CREATE TABLE sources (place INTEGER PRIMARY KEY, source BLOB NOT NULL);
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE people (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, digest BLOB NOT NULL,
                     statements INTEGER NOT NULL, family TEXT NOT NULL, entry BLOB NOT NULL);
CREATE INDEX people_by_family ON people (family);
CREATE INDEX people_by_statements ON people (statements DESC, id);
CREATE TABLE person_keys (key TEXT NOT NULL, person INTEGER NOT NULL, PRIMARY KEY (key, person)) WITHOUT ROWID;
CREATE INDEX person_keys_by_person ON person_keys (person);
CREATE TABLE person_names (name TEXT NOT NULL, person INTEGER NOT NULL,
                           PRIMARY KEY (name, person)) WITHOUT ROWID;
CREATE INDEX person_names_by_person ON person_names (person);
CREATE TABLE person_roles (word TEXT NOT NULL, person INTEGER NOT NULL, role INTEGER NOT NULL,
                           PRIMARY KEY (word, person, role)) WITHOUT ROWID;
CREATE INDEX person_roles_by_person ON person_roles (person);
CREATE TABLE words (row INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE);
CREATE TABLE word_grams (gram TEXT NOT NULL, length INTEGER NOT NULL, word TEXT NOT NULL,
                         PRIMARY KEY (gram, length, word)) WITHOUT ROWID;
CREATE TABLE person_words (word INTEGER NOT NULL, person INTEGER NOT NULL, statements INTEGER NOT NULL,
                           one TEXT NOT NULL, two TEXT NOT NULL, three TEXT NOT NULL,
                           PRIMARY KEY (word, person)) WITHOUT ROWID;
CREATE INDEX person_words_by_person ON person_words (person);
CREATE INDEX person_words_by_one ON person_words (one, statements DESC, person);
CREATE INDEX person_words_by_two ON person_words (two, statements DESC, person);
CREATE INDEX person_words_by_three ON person_words (three, statements DESC, person);
"""
)


def create(path: Path) -> sqlite3.Connection:
    """A new file, open for writing as fast as the disk takes it: nobody reads it before `publish`."""
    connection = _connect(path)
    connection.executescript(
        f"PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLES}"
        f"PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {SCHEMA};"
    )
    return connection


def open_to_write(path: Path) -> sqlite3.Connection:
    """An existing file, open for a change beside its readers."""
    connection = _connect(path, "rw")
    try:
        _check(connection, path)
        keep_a_log(connection)
        connection.execute("PRAGMA synchronous = FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def keep_a_log(connection: sqlite3.Connection) -> None:
    """Switches the file to the log that writers and readers share.

    SQLite waits for nobody when two connections switch a new file at once: it refuses one of them on the spot, whatever
    its timeout, so the waiting is done here.

    Raises:
        sqlite3.OperationalError: the file stays locked for ten seconds, or can't be written.
    """
    until = time.monotonic() + _WAIT
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            if _primary(error) not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED} or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def upgrade(connection: sqlite3.Connection, path: Path) -> None:
    """Brings an earlier format to the present one, inside the change that the connection has begun."""
    connection.execute("CREATE INDEX IF NOT EXISTS articles_by_day ON articles (row, id, day)")  # came within format 2
    found = format_of(connection)
    if found == SCHEMA:
        return
    for statement in _HISTORY.split(";"):
        connection.execute(statement)
    connection.execute("INSERT INTO changes SELECT id, sequence, 0 FROM articles")
    connection.execute("INSERT OR IGNORE INTO changes SELECT id, sequence, 1 FROM tombstones")
    connection.execute("DROP TABLE tombstones")
    connection.execute(f"PRAGMA user_version = {SCHEMA}")
    log.warning("The index in %s is brought from format %d to %d.", path.parent.parent, found, SCHEMA)


def format_of(connection: sqlite3.Connection) -> int:
    """The format in which the file is written, as of the connection's state."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


class Unwatched(sqlite3.Connection):
    """A connection that does not notice changes: good for one state, where the log that readers share can't be made."""


def open_to_read(path: Path) -> sqlite3.Connection:
    """An existing file, open for reading; usable from any thread, one at a time."""
    connection = _connect(path, "ro")
    try:
        connection.execute("PRAGMA query_only = ON")
        _check(connection, path)
    except sqlite3.OperationalError as error:
        connection.close()
        if not _needs_a_log(error) or _log_holds_changes(path):
            raise
        connection = _connect(path, "ro&immutable=1", Unwatched)
        _check(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _needs_a_log(error: sqlite3.OperationalError) -> bool:
    """Whether the folder can't be written, or the disk is full, so that there is no place for a log."""
    return _primary(error) in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR}


def _primary(error: sqlite3.OperationalError) -> int:
    """SQLite's code; 0 when the error is Python's own, of a text that is no UTF-8."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def _log_holds_changes(path: Path) -> bool:
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def _connect(
    path: Path, mode: str = "rwc", factory: type[sqlite3.Connection] = sqlite3.Connection
) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=_WAIT,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
        factory=factory,
    )


def _check(connection: sqlite3.Connection, path: Path) -> None:
    version = format_of(connection)
    application = int(connection.execute("PRAGMA application_id").fetchone()[0])
    if application != _APPLICATION:
        raise DamagedStore(f"{path} is not an index of On Record: run `onrecord reindex --full`.")
    if version > SCHEMA:
        raise newer(path.parent, version, SCHEMA)


def newer(folder: Path, found: int, known: int) -> StoreError:
    """The error for an index that a newer version wrote."""
    return StoreError(
        f"A newer version of On Record wrote the index in {folder} (format {found}, this one reads {known}): "
        "install that version, or set ONRECORD_HOME to another folder."
    )


@contextmanager
def in_words(home: Path) -> Iterator[None]:
    """Turns what SQLite and the operating system raise into one sentence.

    Raises:
        DamagedStore: stored bytes are not what was written.
        StoreError: anything else that goes wrong with files.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        raise _operational(home, error) from error
    except sqlite3.ProgrammingError as error:
        raise StoreError(f"The library in {home} was closed.") from error
    except sqlite3.DatabaseError as error:
        raise damaged(home, str(error)) from error
    except OSError as error:
        raise _os_error(home, error) from error


def damaged(home: Path, what: str) -> DamagedStore:
    """The error for a library whose bytes are not what was written."""
    what = " ".join(what.split())[:120]
    return DamagedStore(
        f"The index in {home} is damaged ({what}): run `onrecord reindex --full`, or `onrecord rollback`."
    )


def _operational(home: Path, error: sqlite3.OperationalError) -> StoreError:
    primary = _primary(error)
    if primary == sqlite3.SQLITE_FULL or (primary == sqlite3.SQLITE_IOERR and _no_room(home)):
        return disk_full(home)
    if primary in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return StoreError(
            f"The index in {home} can't be opened or written: check that the folder's permissions allow it."
        )
    if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StoreError(f"The index in {home} is locked by another program: close it and try again.")
    if primary == sqlite3.SQLITE_IOERR:
        return StoreError(f"The disk that holds {home} can't be read or written ({error}): check it and try again.")
    return damaged(home, str(error))


def _os_error(home: Path, error: OSError) -> StoreError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return disk_full(home)
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return StoreError(f"The folder {home} can't be read or written: check its permissions.")
    if isinstance(error, NotADirectoryError | FileExistsError):
        return StoreError(f"{home} is not a folder: set ONRECORD_HOME to one.")
    return StoreError(f"The index in {home} can't be opened ({error.strerror or error}).")


def _no_room(home: Path) -> bool:
    try:
        return shutil.disk_usage(home).free < _LITTLE
    except OSError:
        return False


def disk_full(home: Path) -> StoreError:
    """The error for a disk with no room left."""
    return StoreError(f"The disk that holds {home} is full: free some space and try again; the index is as it was.")
