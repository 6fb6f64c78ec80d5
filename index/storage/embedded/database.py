"""The SQLite file of one generation: how it is opened, its version, and its errors put into words."""

import errno
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import DamagedStore, StoreError
from index.storage.embedded.tables import TABLES

SCHEMA = 3

_WAIT = 10.0  # seconds for another program's lock
_LITTLE = 100_000  # bytes free, below which a failure to write is for want of room
_LOG = 4_000_000  # bytes of the log that stay on the disk once a change is in the file
_CACHE = "PRAGMA cache_size = -64000"  # kilobytes: a large change comes to the pages of indexes again and again
_MAPPED = "PRAGMA mmap_size = 2000000000"  # bytes: an article is read in half the time, and takes no memory of its own
_APPLICATION = 0x4F6E5265  # "OnRe"


def create(path: Path) -> sqlite3.Connection:
    """A new file, open for writing as fast as the disk takes it: nobody reads it before `publish`."""
    connection = _connect(path)
    connection.executescript(
        f"PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_CACHE}; {TABLES}"
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
        connection.execute(f"PRAGMA journal_size_limit = {_LOG}")
        connection.execute(_CACHE)
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


def cut_log(connection: sqlite3.Connection, path: Path) -> None:
    """Brings a long log into the file and gives back what it takes on the disk, as far as readers allow it just now.

    At the end of a change somebody may read the state before it; at the beginning of the next one nobody does, and
    where the newest state is read the log begins anew with that change.
    """
    if log_size(path) > _LOG:
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        connection.execute(f"PRAGMA busy_timeout = {_WAIT * 1000:.0f}")


def log_size(path: Path) -> int:
    """Bytes of the log of changes beside the file; 0 where there is none."""
    log = path.with_name(path.name + "-wal")
    try:
        return log.stat().st_size
    except FileNotFoundError:
        return 0


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
        connection.execute(_MAPPED)
        _check(connection, path)
    except sqlite3.OperationalError as error:
        connection.close()
        if not _needs_a_log(error) or log_size(path) > 0:
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
    if version < 1:
        raise damaged(path.parent.parent, f"format {version}")
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
