import re

import discord
import pytest

from bot.languages import WORDS

NAME = re.compile(r"^[-_'\w]{1,32}$")
LANGUAGES = (
    discord.Locale.german,
    discord.Locale.spain_spanish,
    discord.Locale.latin_american_spanish,
    discord.Locale.french,
    discord.Locale.brazil_portuguese,
)


@pytest.fixture
async def registered(env):
    payload = next(r.json for r in env.http_requests if r.method == "PUT" and r.path.endswith("/commands"))
    assert payload
    return payload


def parts_of(command):
    return [command, *(part for option in command.get("options", []) for part in parts_of(option))]


@pytest.mark.parametrize("locale", LANGUAGES)
async def test_every_name_and_description_is_registered_in_every_language(registered, locale):
    for command in registered:
        for part in parts_of(command):
            name = part["name_localizations"][locale.value]
            if command.get("type", 1) == 1:
                assert NAME.match(name), name
                assert name == name.lower()
                assert 1 <= len(part["description_localizations"][locale.value]) <= 100
            assert 1 <= len(name) <= 32


@pytest.mark.parametrize("locale", LANGUAGES)
async def test_no_two_commands_or_options_share_a_name(registered, locale):
    def unique(parts):
        names = [part["name_localizations"][locale.value] for part in parts]
        return len(set(names)) == len(names)

    assert unique([command for command in registered if command.get("type", 1) == 1])
    assert all(unique(part.get("options", [])) for command in registered for part in parts_of(command))


async def test_nothing_is_translated_that_is_not_said(registered):
    said = {
        text for command in registered for part in parts_of(command) for text in (part["name"], part.get("description"))
    }
    assert set(WORDS) <= said


async def test_other_languages_get_english(registered):
    assert discord.Locale.japanese.value not in registered[0]["name_localizations"]
