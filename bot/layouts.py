"""Lays a card out for Discord, as components or as a plain embed; every limit of Discord is named here."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal

import discord
from discord import ui

from bot.buttons import IdButton
from bot.inert import cut, unescape

# What Discord allows (https://discord.com/developers/docs); lengths as `inert.width` measures them.
TEXT_LIMIT = 4000  # all text displays of a message together; an embed's description takes 96 more, for its blank lines
COMPONENT_LIMIT = 40  # of a message, nested ones included
EMBED_AUTHOR_LIMIT = 256
ROW_LIMIT = 5  # buttons in a row
ALT_LIMIT = 256  # of a picture's description within components
DISPLAYS_LIMIT = 3  # text displays beside one button

#: The component that holds the question as understood: a reply to the card reads it from there.
UNDERSTOOD_ID = 7001

Layout = Literal["components", "embeds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of a card: text within the limits, and at most one button at its side."""

    text: str
    button: IdButton | None = None

    @property
    def displays(self) -> list[str]:
        """The text in pieces: one ends with each quotation, so that what follows stands outside of it."""
        pieces = [""]
        for line in self.text.split("\n"):
            pieces[-1] += f"\n{line}" if pieces[-1] else line
            if line.startswith("> "):
                pieces.append("")
        return [piece for piece in pieces if piece]

    @property
    def components(self) -> int:
        """How many components it takes, the line above it included."""
        return len(self.displays) + (2 if self.button else 0) + 1


PICTURE = "picture.png"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture in a card.

    Attributes:
        alt: what it shows, for those who don't see it.
        png: its bytes, to be sent along; empty where it was sent before and stands at `url`.
    """

    alt: str
    png: bytes = b""
    url: str = f"attachment://{PICTURE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a message shows, all of it escaped and within the limits.

    Attributes:
        head: the question as understood, a quiet line; empty for none.
        title: a line above the blocks; empty for none.
        blocks: the pieces, with a line between them.
        feet: quiet lines at the end.
        choices: a row after the feet, at most five.
        turning: a row that leads to other pages, at most five.
        buttons: a row at the end, at most five.
        quiet: whether the card is only a notice.
        picture: below the title.
    """

    head: str = ""
    title: str = ""
    blocks: tuple[Block, ...] = ()
    feet: tuple[str, ...] = ()
    choices: tuple[IdButton, ...] = ()
    turning: tuple[IdButton, ...] = ()
    buttons: tuple[IdButton, ...] = ()
    quiet: bool = False
    picture: Picture | None = None

    @property
    def rows(self) -> tuple[tuple[IdButton, ...], ...]:
        """The rows of buttons at the end, from above."""
        return tuple(row for row in (self.choices, self.turning, self.buttons) if row)


_SMALL = re.compile(r"^-# ", re.MULTILINE)  # small print, which embeds don't know
_COLOURS = {False: 0x1F6FEB, True: 0x6E7681}


def message_of(card: Card, layout: Layout) -> dict[str, Any]:
    """The arguments for sending a card; for an edit, `file` goes among its `attachments`."""
    sent: dict[str, Any] = _embed(card) if layout == "embeds" else {"view": _components(card)}
    if card.picture and card.picture.png:
        sent["file"] = discord.File(BytesIO(card.picture.png), PICTURE, description=card.picture.alt)
    return sent


def understood_in(message: discord.Message) -> str | None:
    """The question as understood, read back from one of our own cards; None when it isn't one."""
    for component in _walk(message.components):
        if isinstance(component, discord.TextDisplay) and component.id == UNDERSTOOD_ID:
            return unescape(component.content.removeprefix("-# ")) or None
    return next((embed.author.name for embed in message.embeds if embed.author.name), None)


def picture_in(message: discord.Message) -> Picture | None:
    """The picture of one of our own cards, as it was sent."""
    for component in _walk(message.components):
        if isinstance(component, discord.MediaGalleryComponent):
            item = component.items[0]
            return Picture(alt=item.description or "", url=item.media.url)
    shown = next((embed.image.url for embed in message.embeds if embed.image.url), None)
    return Picture(alt="", url=shown) if shown else None


def _components(card: Card) -> ui.LayoutView:
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=_COLOURS[card.quiet])
    if card.head:
        container.add_item(ui.TextDisplay(f"-# {card.head}", id=UNDERSTOOD_ID))
    if card.title:
        container.add_item(ui.TextDisplay(card.title))
    if card.picture:
        gallery: ui.MediaGallery[ui.LayoutView] = ui.MediaGallery()
        gallery.add_item(media=card.picture.url, description=card.picture.alt or None)
        container.add_item(gallery)
    for index, block in enumerate(card.blocks):
        if index:
            container.add_item(ui.Separator())
        shown: list[ui.TextDisplay[ui.LayoutView]] = [ui.TextDisplay(piece) for piece in block.displays]
        above = max(len(shown) - DISPLAYS_LIMIT, 0) if block.button else len(shown)
        for display in shown[:above]:
            container.add_item(display)
        if block.button:  # beside what comes last, so that it never parts a passage where there is no room beside it
            container.add_item(ui.Section(*shown[above:], accessory=block.button))
    for foot in card.feet:
        container.add_item(ui.TextDisplay(f"-# {foot}"))
    for row in card.rows:
        container.add_item(ui.ActionRow(*row))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def _embed(card: Card) -> dict[str, Any]:
    pieces = [piece for block in card.blocks for piece in block.displays]
    texts = [card.title, *(_SMALL.sub("", piece) for piece in pieces), *card.feet]
    embed = discord.Embed(description="\n\n".join(text for text in texts if text), colour=_COLOURS[card.quiet])
    if card.head:
        embed.set_author(name=cut(unescape(card.head), EMBED_AUTHOR_LIMIT))
    if card.picture:
        embed.set_image(url=card.picture.url)
    beside = [block.button for block in card.blocks if block.button]
    view = ui.View(timeout=None)
    for number, button in enumerate(beside[:ROW_LIMIT], 1):
        button.item.label = f"{number}: {button.item.label}"
        button.row = 0
        view.add_item(button)
    for place, row in enumerate(card.rows, 1):
        for button in row:
            button.row = place
            view.add_item(button)
    return {"embed": embed, "view": view}


def _walk(components: Sequence[Any]) -> Iterator[Any]:
    for component in components:
        yield component
        yield from _walk(getattr(component, "children", None) or [])
