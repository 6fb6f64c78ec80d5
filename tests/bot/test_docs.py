import re
from pathlib import Path

from bot.checkup import PERMISSIONS
from bot.settings import BotSettings

GUIDE = (Path(__file__).parents[2] / "docs" / "discord.md").read_text()


def test_the_guide_names_the_permissions_that_the_bot_asks_for():
    numbers = re.findall(r"permissions=(\d+)|as a number: `(\d+)`", GUIDE)
    assert {int(a or b) for a, b in numbers} == {PERMISSIONS.value}


def test_the_guide_names_every_setting_of_the_bot():
    for name in BotSettings.model_fields:
        assert f"`ONRECORD_{name.upper()}`" in GUIDE


async def test_the_guide_names_every_command(bot):
    for command in bot.tree.get_commands():
        assert f"`/{command.name}" in GUIDE or f"`{command.name}`" in GUIDE
