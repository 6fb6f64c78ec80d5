"""The tables of the bot's own database, brought up to date when it is opened, by one process of several."""

import sqlite3
from pathlib import Path

from index.storage.embedded.database import keep_a_log

#: Seconds for which another process's change is waited for.
WAIT = 30.0

MIGRATIONS = (
    """
    CREATE TABLE shown (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        asker INTEGER NOT NULL,
        intent TEXT NOT NULL,
        passages TEXT NOT NULL,
        groups TEXT NOT NULL,
        at REAL NOT NULL
    );
    CREATE TABLE replies (question INTEGER PRIMARY KEY, answer INTEGER NOT NULL, at REAL NOT NULL) WITHOUT ROWID;
    """,
    """
    CREATE TABLE guilds (
        guild INTEGER PRIMARY KEY,
        private INTEGER NOT NULL,
        asker_only INTEGER NOT NULL,
        channels TEXT NOT NULL
    );
    CREATE INDEX shown_asker ON shown (asker);
    """,
    """
    ALTER TABLE guilds ADD COLUMN open_channels TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE guilds ADD COLUMN per_person INTEGER;
    ALTER TABLE guilds ADD COLUMN per_channel INTEGER;
    CREATE TABLE threads (thread INTEGER PRIMARY KEY, answer INTEGER NOT NULL, at REAL NOT NULL) WITHOUT ROWID;
    """,
    """
    ALTER TABLE guilds ADD COLUMN admin_channel INTEGER;
    CREATE TABLE audit (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        guild INTEGER NOT NULL,
        who INTEGER NOT NULL,
        action TEXT NOT NULL,
        subject TEXT NOT NULL,
        result TEXT NOT NULL,
        at REAL NOT NULL
    );
    CREATE INDEX audit_guild ON audit (guild, key);
    CREATE TABLE followings (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        guild INTEGER NOT NULL,
        channel INTEGER NOT NULL,
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        name TEXT NOT NULL,
        who INTEGER NOT NULL,
        rhythm TEXT NOT NULL,
        hour INTEGER NOT NULL,
        weekday INTEGER NOT NULL,
        utc_offset INTEGER NOT NULL,
        made REAL NOT NULL,
        due REAL NOT NULL,
        paused TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX followings_channel ON followings (guild, channel);
    CREATE TABLE waiting (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        following INTEGER NOT NULL,
        article TEXT NOT NULL,
        paragraph INTEGER NOT NULL,
        version TEXT NOT NULL,
        statement INTEGER NOT NULL,
        sketch TEXT NOT NULL,
        at REAL NOT NULL
    );
    CREATE INDEX waiting_following ON waiting (following, article);
    CREATE TABLE told (
        following INTEGER NOT NULL,
        mark INTEGER NOT NULL,
        at REAL NOT NULL,
        PRIMARY KEY (following, mark)
    ) WITHOUT ROWID;
    CREATE TABLE posts (
        message INTEGER PRIMARY KEY,
        channel INTEGER NOT NULL,
        following INTEGER,
        passages TEXT NOT NULL,
        at REAL NOT NULL
    );
    CREATE INDEX posts_at ON posts (channel, at);
    CREATE TABLE posted (
        article TEXT NOT NULL,
        message INTEGER NOT NULL,
        PRIMARY KEY (article, message)
    ) WITHOUT ROWID;
    CREATE TABLE cursors (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE claims (name TEXT PRIMARY KEY, holder TEXT NOT NULL, until REAL NOT NULL) WITHOUT ROWID;
    """,
    """
    ALTER TABLE replies ADD COLUMN asker INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX replies_answer ON replies (answer);
    CREATE INDEX replies_asker ON replies (asker);
    """,
)


def opened(path: Path) -> sqlite3.Connection:
    """The database, made with its folder where it is not there yet.

    Raises:
        sqlite3.Error: it can't be used, or stays locked.
        OSError: nor can its folder.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(path, timeout=WAIT, check_same_thread=False)
    try:
        keep_a_log(database)
        database.execute("PRAGMA synchronous = NORMAL")
        if _version(database) < len(MIGRATIONS):
            _migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def _migrate(database: sqlite3.Connection) -> None:
    """Brings the tables up to date in one change; the version is read within it, since another process may have."""
    database.execute("BEGIN IMMEDIATE")
    with database:
        for script in MIGRATIONS[_version(database) :]:
            for statement in script.split(";"):
                database.execute(statement)
        database.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])
