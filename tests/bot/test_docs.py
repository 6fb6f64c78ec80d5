import re
from pathlib import Path

import pytest

from bot.checkup import PERMISSIONS
from bot.settings import BotSettings
from index.settings import IndexSettings

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "discord.md").read_text()


def test_the_guide_names_the_permissions_that_the_bot_asks_for():
    numbers = re.findall(r"permissions=(\d+)|as a number: `(\d+)`", GUIDE)
    assert {int(a or b) for a, b in numbers} == {PERMISSIONS.value}


def test_the_guide_names_every_setting_of_the_bot():
    for name in BotSettings.model_fields:
        assert f"`ONRECORD_{name.upper()}`" in GUIDE


async def test_the_guide_names_every_command(bot):
    for command in bot.tree.get_commands():
        assert f"`/{command.name}" in GUIDE or f"`{command.name}`" in GUIDE


@pytest.mark.parametrize("file", ["Dockerfile", "compose.yaml", "deploy/onrecord.service", "docs/operation.md"])
def test_what_operates_the_bot_names_only_settings_that_there_are(file):
    named = set(re.findall(r"\bONRECORD_[A-Z_]+\b", (ROOT / file).read_text()))
    known = {f"ONRECORD_{name.upper()}" for kind in (BotSettings, IndexSettings) for name in kind.model_fields}
    assert named
    assert named <= known


def test_the_image_holds_what_the_bot_needs_and_no_secret():
    ignored = (ROOT / ".dockerignore").read_text().split("\n")
    assert ignored[0] == "*"
    copied = re.findall(r"^COPY (?!--)([\w./ ]+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    for name in " ".join(copied).split():
        assert (ROOT / name).exists()
        assert f"!{name.partition('/')[0]}" in ignored
    assert "!.env" not in ignored
