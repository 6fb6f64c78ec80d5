"""Buttons that outlive a restart: each carries ids only, and what a press does is looked up in the client."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, Self, cast

import discord

from bot.inert import width
from bot.words import Refused

#: The most characters that Discord keeps for a button's id, and shows of its label.
CUSTOM_ID_LIMIT = 100
LABEL_LIMIT = 80

Press = Callable[[discord.Interaction[Any], str], Awaitable[None]]


class Presses(Protocol):
    """What the client offers to buttons: by verb, what a press with its ids does, and words for what goes wrong."""

    presses: Mapping[str, Press]

    async def explain(self, interaction: discord.Interaction[Any], error: BaseException) -> None: ...


class IdButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.LayoutView]],
    template=re.compile(r"(?P<verb>[a-z]+):(?P<ids>.+)", re.DOTALL),
):
    """A button whose id is VERB:IDS.

    Args:
        verb: which of the client's presses it is.
        ids: what the press is about.
        label: as shown, at most 80 characters.
    """

    def __init__(
        self,
        verb: str,
        ids: str,
        label: str,
        *,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        disabled: bool = False,
    ) -> None:
        super().__init__(discord.ui.Button(label=label, style=style, custom_id=f"{verb}:{ids}", disabled=disabled))
        self.verb = verb
        self.ids = ids

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction,
        item: discord.ui.Item[discord.ui.LayoutView],
        match: re.Match[str],
        /,
    ) -> Self:
        del interaction
        button = cast("discord.ui.Button[discord.ui.LayoutView]", item)
        return cls(match["verb"], match["ids"], button.label or "…", style=button.style)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        client = cast("Presses", interaction.client)
        press = client.presses.get(self.verb, _unknown)
        try:
            await press(interaction, self.ids)
        except Exception as error:  # noqa: BLE001 - whoever presses gets a reason
            await client.explain(interaction, error)


async def _unknown(interaction: discord.Interaction[Any], ids: str) -> None:
    del interaction, ids
    raise Refused("This button is from another version of me; please ask again.")


def fits(verb: str, ids: str) -> bool:
    """Whether a button can carry these ids."""
    return bool(ids) and ids.isprintable() and len(verb) + 1 + width(ids) <= CUSTOM_ID_LIMIT
