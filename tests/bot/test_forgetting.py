import sys

import discord
import pytest

from bot.confirming import KEPT_SECONDS, Confirmations
from bot.onrecord import CommandFailed, Onrecord
from index.errors import UnknownReference
from tests.bot.newsroom import a_library, read
from tests.bot.shown import buttons_of, text_of


@pytest.fixture
def library(tmp_path, monkeypatch):
    monkeypatch.setenv("ONRECORD_HOME", str(tmp_path / "library"))
    monkeypatch.chdir(tmp_path)
    library, _ = a_library(tmp_path)
    yield library
    library.close()


@pytest.fixture
def chief(env, guild):
    role = guild.create_role("Editors", permissions=discord.Permissions(manage_guild=True))
    return guild.add_member(env.create_user("chief"), roles=[role])


def shown_to(person, channel):
    return channel.history(viewer=person)[-1]


async def press(person, message, label):
    ids = {button.label: button.custom_id for button in buttons_of(message)}
    return await person.click(message, custom_id=ids[label])


async def test_an_article_is_forgotten_once_that_is_confirmed_and_the_audit_tells(env, channel, chief, library):
    asked = (await chief.slash(channel, "forget article", article="quay")).response.message
    assert "**Lantern stays dark**, The Selby Lamp: the article, its copies, and 2 statements." in text_of(asked)
    assert "This can't be undone here." in text_of(asked)
    await press(chief, asked, "Forget it")
    told = text_of(shown_to(chief, channel))
    assert "**Lantern stays dark**: 1 article, 2 statements. No answer shows it any more." in told
    assert "I don't read it again" in told
    assert "Nothing of it is left in the library's files" in told
    with pytest.raises(UnknownReference):
        library.show("quay")
    read(library, full=True)
    assert library.coverage().articles == 1
    audit = text_of((await chief.slash(channel, "audit")).response.message)
    assert f"<@{chief.user.id}> · **forget article** quay\n-# forgotten: 1 article, 2 statements" in audit
    assert "asked to confirm" in audit


async def test_what_is_held_about_a_speaker_goes_and_the_articles_stay(env, channel, chief, library):
    asked = (await chief.slash(channel, "forget speaker", speaker="maren holt")).response.message
    assert "What is held about **Maren Holt**: 2 statements in 1 article" in text_of(asked)
    await press(chief, asked, "Forget it")
    told = text_of(shown_to(chief, channel))
    assert "**Maren Holt**: 2 statements. No answer shows it any more." in told
    assert "1 article still prints the words" in told
    assert [entry.speaker.name for entry in library.speakers()] == ["Otto Brandt"]
    assert library.show("quay")[0].quotes == ()


async def test_an_address_is_forgotten_whether_it_was_read_or_not(env, channel, chief, library):
    address = "https://lamp.example/" + "x" * 200
    asked = (await chief.slash(channel, "forget article", article=address)).response.message
    assert "if it was read, with its copies" in text_of(asked)
    await press(chief, asked, "Forget it")
    assert "nothing was stored. No answer shows it" in text_of(shown_to(chief, channel))


async def test_nothing_is_forgotten_when_it_shall_be_kept(env, channel, chief, library):
    asked = (await chief.slash(channel, "forget article", article="quay")).response.message
    await press(chief, asked, "Keep it")
    assert "Nothing was forgotten." in text_of(shown_to(chief, channel))
    assert library.show("quay")


async def test_a_question_is_confirmed_once_and_not_after_a_quarter_of_an_hour():
    clock = [0.0]
    confirmations = Confirmations(lambda: clock[0])
    key = confirmations.keep((1, "article", "quay"))
    assert confirmations.take(key) == (1, "article", "quay")
    assert confirmations.take(key) is None
    key = confirmations.keep((1, "article", "quay"))
    clock[0] = KEPT_SECONDS + 1
    assert confirmations.take(key) is None
    confirmations.keep((1, "article", "mayor"))
    assert len(confirmations._asked) == 1


async def test_a_press_after_a_restart_is_told_to_ask_again(env, channel, chief, library):
    asked = (await chief.slash(channel, "forget article", article="quay")).response.message
    env.bot.confirmations = Confirmations(lambda: 0.0)
    await press(chief, asked, "Forget it")
    assert "asked too long ago" in text_of(shown_to(chief, channel))
    assert library.show("quay")


@pytest.mark.parametrize(
    ("command", "options", "words"),
    [
        ("forget article", {"article": "nowhere"}, "No article “nowhere” is stored"),
        ("forget speaker", {"speaker": "Marn Holt"}, "Nobody called “Marn Holt” is on record. Near: Maren Holt."),
        ("forget speaker", {"speaker": "*Zyx*"}, "Nobody called “\\*Zyx\\*” is on record."),
    ],
)
async def test_what_is_not_on_record_is_said_so(env, channel, chief, command, options, words):
    result = await chief.slash(channel, command, **options)
    assert len(env.errors) == 1
    assert result.ephemeral
    assert words in text_of(shown_to(chief, channel))


async def test_a_member_whom_the_server_lets_through_is_refused_and_the_audit_tells(env, guild, channel, ada, chief):
    for command in await env.bot.tree.fetch_commands():
        if command.name in {"forget", "audit"}:
            guild.set_command_permissions(command, {ada: True})
    await ada.slash(channel, "forget article", article="quay")
    await ada.slash(channel, "audit")
    assert all("Only people who may manage this server" in text_of(m) for m in channel.history(viewer=ada))
    audit = text_of((await chief.slash(channel, "audit")).response.message)
    assert f"<@{ada.user.id}> · **forget article** quay\n-# Only people who may manage this server" in audit
    assert len(env.errors) == 2


class TestACommandThatFails:
    @pytest.fixture
    def script(self):
        return """print('{"event": "error", "message": "the disk is full"}'); raise SystemExit(1)"""

    @pytest.fixture
    async def bot(self, make_bot, script):
        made = make_bot(onrecord=Onrecord([sys.executable, "-c", script], pause=0.0))
        yield made
        await made.close()

    async def test_is_told_in_its_own_words_and_the_audit_keeps_them(self, env, channel, chief):
        asked = (await chief.slash(channel, "forget article", article="quay")).response.message
        await press(chief, asked, "Forget it")
        assert "the disk is full" in text_of(shown_to(chief, channel))
        assert "the disk is full" in text_of((await chief.slash(channel, "audit")).response.message)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["/nowhere/at/all"], "could not start: No such file"),
        ([sys.executable, "-c", "import sys; sys.exit('onrecord: no space left')"], "^no space left"),
        ([sys.executable, "-c", "raise SystemExit(3)"], "stopped with exit code 3 and no word"),
        ([sys.executable, "-c", "print('x' * 5_000_000)"], "wrote what can't be read"),
    ],
)
async def test_a_command_that_fails_says_why(command, words):
    with pytest.raises(CommandFailed, match=words):
        await Onrecord(command).run()


async def test_a_command_is_tried_again_while_another_process_writes(tmp_path):
    count = tmp_path / "count"
    script = f"""
import pathlib, sys
count = pathlib.Path({str(count)!r}); tries = len(count.read_text()) if count.exists() else 0
count.write_text("x" * (tries + 1))
if tries < 2: sys.exit("onrecord: Another process is writing to the library in x: try again.")
print('[1]'); print('{{"done": true}}')
"""
    assert await Onrecord([sys.executable, "-c", script], pause=0.0).run("list") == [{"done": True}]
    count.write_text("")
    always = [sys.executable, "-c", "import sys; sys.exit('onrecord: Another process is writing')"]
    with pytest.raises(CommandFailed, match="Another process is writing"):
        await Onrecord(always, pause=0.0).run()


async def test_a_stop_ends_what_runs():
    onrecord = Onrecord([sys.executable, "-c", "import time; print('{\"on\": 1}', flush=True); time.sleep(60)"])
    lines = onrecord.lines()
    assert await anext(lines) == {"on": 1}
    await onrecord.stop()
    with pytest.raises(CommandFailed, match="exit code -15"):
        await anext(lines)
