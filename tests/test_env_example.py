import re
from pathlib import Path

import pytest

from bot.settings import BotSettings
from index.settings import IndexSettings

EXAMPLE = Path(__file__).parents[1] / ".env.example"
ENTRY = re.compile(r"^#?(?P<name>ONRECORD_[A-Z_]+)=(?P<value>.*)$", re.MULTILINE)


def test_every_setting_stands_in_the_example_and_nothing_else_does():
    fields = {f"ONRECORD_{name.upper()}" for settings in (IndexSettings, BotSettings) for name in settings.model_fields}
    assert {found["name"] for found in ENTRY.finditer(EXAMPLE.read_text())} == fields


def test_every_setting_has_a_comment_above_it():
    lines = EXAMPLE.read_text().splitlines()
    for number, line in enumerate(lines):
        if ENTRY.match(line):
            assert lines[number - 1].startswith("# "), line


@pytest.mark.parametrize("settings", [IndexSettings, BotSettings])
def test_the_values_shown_are_the_defaults(settings, tmp_path, monkeypatch):
    names = [found["name"] for found in ENTRY.finditer(EXAMPLE.read_text())]
    for name in (*names, "DISCORD_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    shown = tmp_path / "shown.env"
    shown.write_text("\n".join(found.group().lstrip("#") for found in ENTRY.finditer(EXAMPLE.read_text())))
    assert settings(_env_file=shown) == settings(_env_file=None)
