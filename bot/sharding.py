"""The client split over several connections, and processes: which shards are this process's, by the setting."""

import re
from contextlib import suppress
from typing import Any

import discord

from bot.client import NewsBot
from index.errors import SettingsError

_FORM = re.compile(r"(?:(?P<first>\d{1,5})(?:-(?P<last>\d{1,5}))?/)?(?P<count>\d{1,5})")


class _Shards(discord.AutoShardedClient):
    """discord.py's client of several shards, which can be closed before it has logged in too."""

    async def close(self) -> None:
        with suppress(AttributeError):  # raised at the very end, where login never made the queue to tell of it
            await super().close()


class ShardedBot(NewsBot, _Shards):
    """The bot over several shards; takes `shard_ids` and `shard_count` besides what `NewsBot` takes."""


def shards_of(setting: str) -> dict[str, Any] | None:
    """What `ShardedBot` takes for a setting: "auto", "16" (all sixteen), "0-3/16" or "5/16"; None for one connection.

    Raises:
        SettingsError: it is none of these, or names a shard that isn't among them.
    """
    setting = "".join(setting.split()).lower()
    if not setting:
        return None
    if setting == "auto":
        return {"shard_count": None}
    found = _FORM.fullmatch(setting)
    count = int(found["count"]) if found else 0
    first = int(found["first"]) if found and found["first"] else 0
    last = int(found["last"]) if found and found["last"] else first if found and found["first"] else count - 1
    if not 0 <= first <= last < count:
        raise SettingsError(
            f"ONRECORD_SHARDS can't be used: “{setting[:40]}” is none of auto, 16, 5/16 or 0-3/16"
            " (the first shard is 0). See .env.example."
        )
    return {"shard_ids": list(range(first, last + 1)), "shard_count": count}
