import asyncio
import os
import signal
import subprocess
import sys

import aiohttp
import discord
import pytest

import bot.__main__ as command
from bot.settings import load_bot_settings
from index.errors import SettingsError


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.startswith(("ONRECORD_", "DISCORD_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ONRECORD_HOME", str(tmp_path / "library"))


@pytest.fixture
def with_token(monkeypatch):
    monkeypatch.setenv("ONRECORD_TOKEN", "abc.def.ghi")


def one_line(capsys):
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


@pytest.mark.parametrize("arguments", [[], ["--check"], ["--sync"]])
def test_without_a_token_one_sentence_says_how_to_get_one(arguments, capsys):
    assert command.main(arguments) == 1
    words = one_line(capsys)
    assert "https://discord.com/developers/applications" in words
    assert "ONRECORD_TOKEN=" in words


def test_a_blank_token_is_none(monkeypatch, capsys):
    monkeypatch.setenv("DISCORD_TOKEN", "  ")
    assert command.main([]) == 1
    assert "No Discord token is set" in one_line(capsys)


def test_without_a_token_the_terminal_answers_where_that_was_asked_for(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(command.cli, "main", lambda arguments: asked.append(arguments) or 0)
    assert command.main(["--or-chat"]) == 0
    assert asked == [["chat"]]
    assert "put ONRECORD_TOKEN=... into .env" in one_line(capsys)


@pytest.mark.parametrize("arguments", [[], ["--check"], ["--sync"], ["--or-chat"]])
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (discord.LoginFailure("Improper token has been passed."), "Discord doesn't accept the token"),
        (aiohttp.ClientConnectionError("no route"), "Discord can't be reached"),
        (OSError("no route"), "Discord can't be reached"),
    ],
)
def test_what_keeps_the_bot_from_logging_in_is_one_sentence(monkeypatch, capsys, with_token, arguments, error, words):
    async def refuse(self, token):
        raise error

    monkeypatch.setattr(discord.Client, "login", refuse)
    assert command.main(arguments) == 1
    said = one_line(capsys)
    assert words in said
    assert "abc.def.ghi" not in said


def test_a_refusal_by_discord_is_one_sentence(monkeypatch, capsys, with_token):
    class Response:
        status, reason = 403, "Forbidden"

    async def refuse(self, token):
        raise discord.HTTPException(Response(), {"code": 1, "message": "Not you"})

    monkeypatch.setattr(discord.Client, "login", refuse)
    assert command.main([]) == 1
    assert "Discord refused: Not you." in one_line(capsys)


def test_a_setting_that_can_not_be_used_is_one_sentence(monkeypatch, capsys, with_token):
    monkeypatch.setenv("ONRECORD_ADMINS", "12, bob")
    assert command.main([]) == 1
    assert one_line(capsys).startswith("ONRECORD_ADMINS can't be used: ")


def test_the_token_is_in_no_message_about_settings(monkeypatch, with_token):
    monkeypatch.setenv("ONRECORD_PASSAGES", "abc.def.ghi")
    with pytest.raises(SettingsError) as raised:
        load_bot_settings()
    assert "abc.def.ghi" not in f"{raised.value} {raised.value.__cause__}"
    monkeypatch.delenv("ONRECORD_PASSAGES")
    assert "abc.def.ghi" not in repr(load_bot_settings())


def test_settings_come_from_the_environment_and_env_files(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("DISCORD_TOKEN=xyz\nONRECORD_ADMINS=1, 2,\nONRECORD_LAYOUT=embeds\n")
    settings = load_bot_settings()
    assert settings.token.get_secret_value() == "xyz"
    assert settings.admins == {1, 2}
    assert settings.layout == "embeds"


def test_wrong_usage_has_exit_code_2(capsys):
    with pytest.raises(SystemExit) as left:
        command.main(["--check", "--sync"])
    assert left.value.code == 2


def test_a_signal_stops_the_bot_gracefully(monkeypatch, with_token):
    closed = []

    async def serve(self, token, *, reconnect=True):
        os.kill(os.getpid(), signal.SIGTERM)
        while not self.is_closed():  # noqa: ASYNC110 - the gateway's loop
            await asyncio.sleep(0.01)

    original = command.NewsBot.close_library
    monkeypatch.setattr(discord.Client, "start", serve)
    monkeypatch.setattr(command.NewsBot, "close_library", lambda self: closed.append(original(self)))
    assert command.main([]) == 0
    assert closed == [None]


def test_the_module_can_be_run():
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "--help"],
        check=False,
        capture_output=True,
        text=True,
        cwd=command.__file__.rpartition("/bot/")[0],
    )
    assert ran.returncode == 0
    assert "--sync" in ran.stdout
