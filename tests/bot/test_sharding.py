import pytest
import simcord

from bot.sharding import ShardedBot, shards_of
from index.errors import SettingsError
from tests.bot.shown import text_of


@pytest.mark.parametrize(
    ("setting", "taken"),
    [
        ("", None),
        ("  ", None),
        ("auto", {"shard_count": None}),
        ("2", {"shard_ids": [0, 1], "shard_count": 2}),
        ("5/16", {"shard_ids": [5], "shard_count": 16}),
        (" 0-3 / 16 ", {"shard_ids": [0, 1, 2, 3], "shard_count": 16}),
    ],
)
def test_a_setting_names_the_shards_of_a_process(setting, taken):
    assert shards_of(setting) == taken


@pytest.mark.parametrize("setting", ["0", "16/16", "3-1/16", "0-16/16", "some", "-1/4", "1/", "9" * 40, "0-3/16 or so"])
def test_a_setting_that_names_no_shard_is_refused(setting):
    with pytest.raises(SettingsError, match="ONRECORD_SHARDS can't be used"):
        shards_of(setting)


async def test_servers_of_every_shard_of_this_process_are_answered(library, settings, reindexing, ledger):
    bot = ShardedBot(
        library=library, settings=settings, reindexing=reindexing, ledger=ledger, shard_ids=[0, 1], shard_count=3
    )
    async with simcord.run(bot) as env:
        for shard in (0, 1):
            guild = env.create_guild(f"Newsroom {shard}", shard_id=shard)
            channel = guild.create_text_channel("desk")
            ada = guild.add_member(env.create_user(f"ada{shard}"))
            await ada.send(channel, f"{bot.user.mention} what did Holt say?")
            assert "**Maren Holt**" in text_of(channel.last_message)
            assert bot.get_guild(guild.id).shard_id == shard
    await bot.close()


async def test_a_sharded_bot_that_never_logged_in_can_be_closed(library, settings, reindexing, ledger):
    bot = ShardedBot(library=library, settings=settings, reindexing=reindexing, ledger=ledger, shard_count=2)
    await bot.close()
    assert bot.is_closed()
