"""All commands and buttons of administration together."""

from typing import TYPE_CHECKING

from bot.commands import admin, aliasing, auditing, following, forgetting, sourcing

if TYPE_CHECKING:
    from discord import app_commands

    from bot.buttons import Press
    from bot.client import NewsBot


def add_to(tree: "app_commands.CommandTree[NewsBot]") -> None:
    """Adds the commands of all families."""
    for family in (admin, sourcing, aliasing, forgetting, auditing, following):
        family.add_to(tree)


def presses() -> "dict[str, Press]":
    """What a press does, by verb."""
    return forgetting.presses() | auditing.presses() | following.presses()
