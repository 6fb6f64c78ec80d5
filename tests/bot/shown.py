"""Reads what the bot has sent, as a person would see it."""

import discord


def components_of(message: discord.Message) -> list:
    found, left = [], list(message.components)
    while left:
        component = left.pop(0)
        found.append(component)
        accessory = getattr(component, "accessory", None)
        left[:0] = [*(getattr(component, "children", None) or []), *([accessory] if accessory else [])]
    return found


def text_of(message: discord.Message) -> str:
    """All text of a message, from components and embeds, one piece a line."""
    texts = [c.content for c in components_of(message) if isinstance(c, discord.TextDisplay)]
    for embed in message.embeds:
        texts += [part for part in (embed.author.name, embed.title, embed.description, embed.footer.text) if part]
    return "\n".join([*([message.content] if message.content else []), *texts])


def buttons_of(message: discord.Message) -> list[discord.Button]:
    return [c for c in components_of(message) if isinstance(c, discord.Button)]
