import discord
import pytest

from bot.followings import Following
from bot.guilds import Choices
from tests.bot.shown import buttons_of, text_of


@pytest.fixture
def chief(env, guild):
    role = guild.create_role("Editors", permissions=discord.Permissions(manage_guild=True))
    return guild.add_member(env.create_user("chief"), roles=[role])


@pytest.fixture
def bo(env, guild):
    return guild.add_member(env.create_user("bo"))


async def test_settings_shows_what_a_server_has_chosen(env, channel, chief):
    result = await chief.slash(channel, "settings")
    assert result.ephemeral
    shown = text_of(result.response.message)
    assert "**Answers to commands** are for everybody." in shown
    assert "**I answer** in every channel that I can see." in shown


async def test_who_may_not_manage_the_server_changes_nothing(env, channel, guild, ada):
    command = next(c for c in await env.bot.tree.fetch_commands() if c.name == "settings")
    guild.set_command_permissions(command, {ada: True})
    result = await ada.slash(channel, "settings", answers="asker")
    assert len(env.errors) == 1
    assert "Only people who may manage this server" in text_of(result.response.message)
    assert env.bot.chosen.of(guild.id) == Choices()


async def test_answers_to_commands_can_be_for_the_asker_alone(env, channel, chief, ada):
    await chief.slash(channel, "settings", answers="asker")
    assert (await ada.slash(channel, "ask", question="what did Holt say?")).ephemeral
    await chief.slash(channel, "settings", answers="everybody")
    assert not (await ada.slash(channel, "ask", question="what did Holt say?")).ephemeral


async def test_buttons_can_be_for_the_asker_alone(env, channel, chief, ada, bo, settings):
    env.bot.settings = settings.model_copy(update={"passages": 1})
    await chief.slash(channel, "settings", buttons="asker")
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    turn = next(button for button in buttons_of(channel.last_message) if button.label == "Next ›")
    answer = channel.last_message
    refused = await bo.click(answer, custom_id=turn.custom_id)
    assert "only the person who asked uses the buttons" in text_of(refused.response.message)
    await ada.click(answer, custom_id=turn.custom_id)
    assert "2–2 of 2 passages" in text_of(channel.last_message)


@pytest.mark.parametrize("label", ["In context", "Ask on", "Continue in a thread"])
@pytest.mark.parametrize("asked_by", ["mention", "command"])
async def test_that_holds_for_each_button_however_was_asked(
    env, channel, chief, ada, bo, settings, make_bot, label, asked_by
):
    env.bot.settings = settings.model_copy(update={"passages": 1})
    await chief.slash(channel, "settings", buttons="asker")
    if asked_by == "mention":
        await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    else:
        await ada.slash(channel, "ask", question="what did Holt say?")
    await env.restart_bot(make_bot(settings=env.bot.settings))
    button = next(button for button in buttons_of(channel.last_message) if button.label == label)
    refused = await bo.click(channel.last_message, custom_id=button.custom_id)
    assert refused.ephemeral
    assert "only the person who asked uses the buttons" in text_of(refused.response.message)
    heard = await ada.click(channel.last_message, custom_id=button.custom_id)
    assert heard.modal or "only the person" not in text_of(heard.response.message)


async def test_channels_can_be_named_in_which_it_answers(env, guild, channel, chief, ada):
    other = guild.create_text_channel("other")
    shown = text_of((await chief.slash(channel, "settings", channel=channel)).response.message)
    assert f"**I answer** in <#{channel.id}>." in shown
    await ada.send(other, f"{env.bot.user.mention} what did Holt say?")
    assert f"In this server I answer in <#{channel.id}>." in text_of(other.last_message)
    result = await ada.slash(other, "ask", question="what did Holt say?")
    assert len(env.errors) == 1
    assert result.ephemeral
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    assert "**Maren Holt**" in text_of(channel.last_message)
    await chief.slash(channel, "settings", channel=channel)
    await ada.send(other, f"{env.bot.user.mention} what did Holt say?")
    assert "**Maren Holt**" in text_of(other.last_message)


async def test_no_more_channels_can_be_named_than_a_card_lists(env, guild, channel, chief):
    await env.bot.chosen.choose(guild.id, Choices(channels=frozenset(range(1, 26))))
    result = await chief.slash(channel, "settings", channel=channel)
    assert len(env.errors) == 1
    assert "At most 25 channels" in text_of(result.followups[-1].message)


async def test_choices_survive_a_restart(env, guild, channel, chief, make_bot):
    await chief.slash(channel, "settings", answers="asker", buttons="asker", channel=channel)
    await env.restart_bot(make_bot())
    assert env.bot.chosen.of(guild.id) == Choices(private=True, asker_only=True, channels=frozenset({channel.id}))


async def test_privacy_counts_and_forgets_what_is_kept(env, channel, ada, settings):
    env.bot.settings = settings.model_copy(update={"passages": 1})
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    result = await ada.slash(channel, "privacy")
    assert result.ephemeral
    assert "2 entries about you" in text_of(result.response.message)
    shown = text_of((await ada.slash(channel, "privacy", forget=True)).response.message)
    assert "0 entries about you" in shown
    assert "Forgotten." in shown
    assert env.bot.ledger.asker_of(channel.history()[1].id) is None


async def test_privacy_tells_what_somebody_did_and_set_up(env, channel, chief):
    assert "You administered" not in text_of((await chief.slash(channel, "privacy")).response.message)
    env.bot.followings.add(
        Following(guild=channel.guild.id, channel=channel.id, kind="topic", subject="pier", name="pier", who=chief.id)
    )
    await chief.slash(channel, "settings", buttons="asker")
    shown = text_of((await chief.slash(channel, "privacy")).response.message)
    assert "1 deed of yours" in shown
    assert "1 following, until somebody ends them" in shown
