import json
import sys
from functools import partial

import pytest

from bot import chosen
from bot.client import NewsBot
from bot.guilds import Ledger
from bot.reindexing import Reindexing
from bot.settings import BotSettings
from tests.bot.library import ShelfLibrary

REPORT = json.dumps(
    {
        "event": "report",
        "sources": ["seeds"],
        "added": 2,
        "unchanged": 1,
        "failed": [["seeds/a.txt", "it is empty"]],
        "failures": 1,
        "articles": 3,
        "statements": 9,
        "seconds": 0.5,
    }
)


@pytest.fixture(autouse=True)
def _nothing_by_itself(monkeypatch):
    """What the bot does every few seconds it does when a test says so: simcord waits for what is due within seconds."""
    monkeypatch.setattr(chosen, "REFRESHED", 3600.0)
    monkeypatch.setattr("bot.rounds.EVERY", 3600.0)
    monkeypatch.setattr("bot.watching.EVERY", 3600.0)


@pytest.fixture
def library():
    return ShelfLibrary()


@pytest.fixture
def settings():
    return BotSettings(_env_file=None, questions_per_minute=1000)


@pytest.fixture
def reindex_script():
    return f"print({REPORT!r})"


@pytest.fixture
def reindexing(reindex_script):
    return Reindexing([sys.executable, "-c", reindex_script], every=0.0)


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path / "library" / "bot.sqlite3")


@pytest.fixture
def make_bot(library, settings, reindexing, ledger):
    return partial(NewsBot, library=library, settings=settings, reindexing=reindexing, ledger=ledger)


@pytest.fixture
async def bot(make_bot):
    made = make_bot()
    yield made
    await made.close()


@pytest.fixture
def simcord_bot(bot):
    return bot


#: Seconds for which a busy machine is waited for.
PATIENT = 60.0


@pytest.fixture
async def env(simcord_env):
    simcord_env.settle_timeout = PATIENT
    await simcord_env.bot.tree.sync()
    return simcord_env


@pytest.fixture
def guild(env):
    return env.create_guild("Newsroom")


@pytest.fixture
def channel(guild):
    return guild.create_text_channel("desk")


@pytest.fixture
def ada(env, guild):
    return guild.add_member(env.create_user("ada"))
