"""Draws the pictures in docs/ from the bot's own output: its real client answers from seeds/ in a simulated Discord.

.venv/bin/python -m pip install 'simcord[screenshot]==3.2.1'
.venv/bin/playwright install chromium
.venv/bin/python docs/pictures.py
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import discord
import simcord

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bot.client import NewsBot  # noqa: E402 - the checkout is what is pictured
from bot.guilds import Ledger  # noqa: E402
from bot.reindexing import Reindexing  # noqa: E402
from bot.settings import BotSettings  # noqa: E402
from index.app import Library, open_library  # noqa: E402
from index.settings import IndexSettings  # noqa: E402

TODAY = date(2024, 11, 20)
DESKTOP, NARROW = 860, 420


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A simulated server with somebody in it who asks."""

    bot: NewsBot
    channel: Any
    ada: Any

    async def mention(self, question: str) -> Any:  # noqa: ANN401 - simcord's handles have no public types
        """Mentions the bot, and gives its answer."""
        user = self.bot.user
        await self.ada.send(self.channel, f"{user.mention if user else ''} {question}")
        return self.channel.last_message

    async def command(self, name: str, **options: str) -> Any:  # noqa: ANN401 - as above
        """Runs a command, and gives its answer."""
        result = await self.ada.slash(self.channel, name, **options)
        return result.response.message


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What is done to reach a screen, and how high its pictures are (pixels), wide and narrow; 0 for none."""

    name: str
    act: Callable[[Stage], Awaitable[Any]]
    height: int
    narrow: int = 0

    def pictures(self) -> dict[str, tuple[int, int]]:
        """The viewports by the name of the picture."""
        wide = {self.name: (DESKTOP, self.height)}
        return {**wide, f"{self.name}-narrow": (NARROW, self.narrow)} if self.narrow else wide


async def in_context(stage: Stage) -> Any:  # noqa: ANN401 - as above
    """Presses the first answer's last button."""
    answer = await stage.mention("what did Nauert say?")
    buttons = [
        part for part in parts_of(answer) if getattr(part, "custom_id", None) and part.custom_id.startswith("context:")
    ]
    result = await stage.ada.click(answer, custom_id=buttons[-1].custom_id)
    return result.response.message


def parts_of(message: discord.Message) -> list[Any]:
    """Every component of a message, nested ones included."""
    found: list[Any] = []
    left: list[Any] = list(message.components)
    while left:
        part = left.pop()
        found.insert(0, part)
        left += [*(getattr(part, "children", None) or []), *filter(None, [getattr(part, "accessory", None)])]
    return found


SCREENS = (
    Screen(name="answer", act=lambda stage: stage.mention("what did Nauert say?"), height=860, narrow=1290),
    Screen(
        name="compare",
        act=lambda stage: stage.mention("what did Voss and Calder say about the toll?"),
        height=1260,
        narrow=1830,
    ),
    Screen(
        name="timeline",
        act=lambda stage: stage.mention("what did Mayor Calder say about the toll over time?"),
        height=1320,
        narrow=1770,
    ),
    Screen(name="context", act=in_context, height=490, narrow=700),
    Screen(name="settings", act=lambda stage: stage.command("settings"), height=470, narrow=635),
    Screen(name="nothing", act=lambda stage: stage.mention("what did Merkel say?"), height=370, narrow=450),
    Screen(name="help", act=lambda stage: stage.mention(""), height=480),
    Screen(name="speakers", act=lambda stage: stage.command("speakers"), height=680),
    Screen(name="reindex", act=lambda stage: stage.command("reindex"), height=350, narrow=410),
)


async def draw(screen: Screen, library: Library, folder: Path) -> None:
    """Acts a screen out and saves what is seen, on a desktop and where there is less room."""
    bot = NewsBot(
        library=library,
        settings=BotSettings(_env_file=None),
        ledger=Ledger(folder / "bot.sqlite3"),
        reindexing=Reindexing([sys.executable, "-m", "index.cli", "reindex", "--json"]),
    )
    async with simcord.run(bot, settle_timeout=25.0) as env:  # a busy machine draws and reads slowly
        if bot.user:
            await bot.user.edit(username="On Record")
        await bot.tree.sync()
        guild = env.create_guild("Newsroom")
        editors = guild.create_role("Editors", permissions=discord.Permissions(manage_guild=True))
        ada = guild.add_member(env.create_user("ada", global_name="Ada"), roles=[editors])
        stage = Stage(bot=bot, channel=guild.create_text_channel("news-desk"), ada=ada)
        target = await screen.act(stage)
        async with env.preview(
            stage.channel, viewers=[ada], layout="channel", presentation_time=datetime(2024, 11, 20, 9, tzinfo=UTC)
        ) as preview:
            for name, viewport in screen.pictures().items():
                await preview.screenshot(
                    Path(__file__).parent / f"{name}.png",
                    viewer=ada,
                    target=target,
                    mode="viewport",
                    viewport=viewport,
                    allow_incomplete=True,
                )


async def main(names: list[str]) -> None:
    """Draws all screens, or those named."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"ONRECORD_HOME": f"{folder}/library", "ONRECORD_SOURCES": str(ROOT / "seeds")}
        settings = IndexSettings(_env_file=None)
        library = open_library(settings, today=lambda: TODAY)
        library.reindex(progress=lambda _: None)
        for screen in SCREENS:
            if not names or screen.name in names:
                await draw(screen, library, Path(folder))
        library.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
