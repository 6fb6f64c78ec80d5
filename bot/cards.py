"""Turns answers into what Discord shows: pure, every limit of Discord named here, and within them by construction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import discord
from discord import ui

from bot.buttons import IdButton, fits
from bot.inert import cut, escape, unescape, width
from bot.passages import NAME_ROOM, OUTLET_ROOM, count_of, in_code, passage_text, safe_link
from index.answer.citations import said_day
from index.answer.wording import covers
from index.model import Answer, Article, Coverage, Passage, PersonEntry, ReindexReport, Verdict

# What Discord allows (https://discord.com/developers/docs); lengths as `inert.width` measures them.
TEXT_LIMIT = 4000  # all text displays of a message together
COMPONENT_LIMIT = 40  # of a message, nested ones included
EMBED_LIMIT = 4096  # an embed's description; its 6,000 in all are never reached
EMBED_AUTHOR_LIMIT = 256
ROW_LIMIT = 5  # buttons in a row
DISPLAYS_LIMIT = 3  # text displays beside one button

# What we allow ourselves, so that the words said get the room.
LINE_ROOM = 300
FOOT_ROOM = 700
FOOT_COMPONENTS = 12  # the container, its head and its feet, a row of buttons
NEAR_SHOWN = 5
SPEAKERS_SHOWN = 20
FAILURES_SHOWN, FAILURE_ROOM, NOTES_SHOWN = 8, 160, 3

ACCENT = 0x1F6FEB
QUIET = 0x6E7681

#: The component that holds the question as understood: a reply to the card reads it from there.
UNDERSTOOD_ID = 7001

Layout = Literal["components", "embeds"]

_VERDICTS = {
    Verdict.WORD_FOR_WORD: "Yes, word for word.",
    Verdict.IN_SUBSTANCE: "In substance, in other words.",
    Verdict.SAID_BY_OTHER: "No: somebody else said it.",
    Verdict.NOT_FOUND: "Not on record.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A message ready to be sent: one view of components, or an embed with its buttons."""

    view: ui.LayoutView | ui.View | None = None
    embed: discord.Embed | None = None

    def message(self) -> dict[str, Any]:
        """The arguments for sending it."""
        return {key: value for key, value in (("view", self.view), ("embed", self.embed)) if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of a card: text within the limits, and at most one button at its side."""

    text: str
    button: IdButton | None = None

    @property
    def displays(self) -> list[str]:
        """The text in at most three pieces: one ends with each quotation, so that what follows stands outside of it."""
        pieces = [""]
        for line in self.text.split("\n"):
            pieces[-1] += f"\n{line}" if pieces[-1] else line
            if line.startswith("> ") and len(pieces) < DISPLAYS_LIMIT:
                pieces.append("")
        return [piece for piece in pieces if piece]

    @property
    def components(self) -> int:
        """How many components it takes, the line above it included."""
        return len(self.displays) + (2 if self.button else 0) + 1


# ---------------------------------------------------------------------------------------------------------------
# The cards


def answer_card(
    answer: Answer, *, coverage: Coverage | None = None, layout: Layout = "components", passages: int = 5
) -> Card:
    """An answer: its passages, or why there are none, what is near and what the index covers."""
    if not answer.found:
        return _nothing(answer, coverage, layout)
    head = _understood(answer.understood)
    verdict = f"**{_VERDICTS[answer.verdict]}**" if answer.verdict else ""
    left = TEXT_LIMIT - width(head) - width(verdict) - FOOT_ROOM
    labels = {index: group.label for group in answer.groups for index in group.passages[:1]}
    components = COMPONENT_LIMIT - FOOT_COMPONENTS
    blocks: list[Block] = []
    for index, passage in enumerate(answer.passages[:passages]):
        label = f"### {escape(labels[index], LINE_ROOM)}\n" if index in labels else ""
        still = min(passages, len(answer.passages)) - index
        button = _context_button(passage, answer.passages[:index])
        text = label + passage_text(passage, max(left // still - width(label), 0), button=button is not None)
        block = Block(text=text, button=button)
        if width(text) > left or block.components > components:
            break
        left -= width(text)
        components -= block.components
        blocks.append(block)
    more = len(answer.passages) - len(blocks)
    foot = [f"{count_of(more, 'more passage')} on record; a narrower question finds them."] if more else []
    foot += _near(answer)
    return _card(head, [Block(text=verdict)] if verdict else [], blocks, foot, layout=layout, colour=ACCENT)


def words_card(text: str, *, title: str = "", layout: Layout = "components") -> Card:
    """A card of words of ours; foreign parts in them must have been escaped."""
    return _card("", [Block(text=f"### {title}")] if title else [], [Block(text=text)], [], layout=layout, colour=QUIET)


def help_card(coverage: Coverage | None, names: Sequence[str], *, layout: Layout = "components") -> Card:
    """How to ask, with examples that this library can answer."""
    known = [escape(name, NAME_ROOM) for name in names[:2]] or ["the White House"]
    examples = [f"What did {known[0]} say?", f"What did {known[-1]} say about …?", "Who said “…”?"]
    text = "Ask me who said what in the news; I answer with the words as they were printed, and with the source.\n"
    text += "\n".join(f"- {example}" for example in examples)
    text += "\nMention me with a question, write to me directly, or use `/ask` and `/said`."
    return _card(
        "",
        [Block(text="### On Record")],
        [Block(text=text)],
        [escape(covers(coverage), LINE_ROOM)] if coverage else [],
        layout=layout,
        colour=QUIET,
    )


def context_card(article: Article, number: int, *, layout: Layout = "components") -> Card:
    """A paragraph between its neighbours; the paragraph itself stands as a quotation."""
    near = [p for p in article.paragraphs if abs(p.number - number) <= 1]
    share = (TEXT_LIMIT - 3 * LINE_ROOM) // max(len(near), 1) - 40
    blocks = []
    for paragraph in near:
        where = "headline" if paragraph.number == 0 else f"paragraph {paragraph.number}"
        before = "> " if paragraph.number == number else ""
        blocks.append(Block(text=f"-# {where}\n{before}{escape(paragraph.text, share)}"))
    title = [Block(text=f"### {escape(article.title or article.id, LINE_ROOM)}")]
    parts = [escape(article.outlet or "", OUTLET_ROOM), said_day(article.day)]
    link = safe_link(article.url)
    parts.append(f"[the article]({link})" if link else f"`onrecord show {in_code(article.id)}`")
    return _card("", title, blocks, [" · ".join(part for part in parts if part)], layout=layout, colour=ACCENT)


def speakers_card(
    entries: Sequence[PersonEntry], prefix: str, coverage: Coverage, *, layout: Layout = "components"
) -> Card:
    """Who is on record, most statements first."""
    lines = []
    for entry in entries[:SPEAKERS_SHOWN]:
        role = f", {escape(entry.speaker.role, NAME_ROOM)}" if entry.speaker.role else ""
        counts = f"{count_of(entry.statements, 'statement')} in {count_of(entry.articles, 'article')}"
        lines.append(f"**{escape(entry.speaker.name, NAME_ROOM // 2)}**{role} · {counts}")
    named = f" like “{escape(prefix, NAME_ROOM)}”" if prefix else ""
    text = "\n".join(lines) or f"Nobody{named} is on record."
    return _card(
        "",
        [Block(text=f"### On record{named}")],
        [Block(text=text)],
        [escape(covers(coverage), LINE_ROOM)],
        layout=layout,
        colour=QUIET,
    )


def report_card(report: ReindexReport, *, layout: Layout = "components") -> Card:
    """What a reindex did, with each failure's reason as far as there is room."""
    text = (
        f"**{report.added:,}** added · **{report.changed:,}** changed · {report.unchanged:,} unchanged"
        f" · {report.removed:,} removed"
    )
    if report.articles:
        text += f"\nOn record now: {count_of(report.articles, 'article')}, {count_of(report.statements, 'statement')}."
    blocks = [Block(text=text)]
    failures = max(report.failures, len(report.failed))
    if failures:
        lines = [
            f"- {escape(item, NAME_ROOM)}: {escape(reason, FAILURE_ROOM)}"
            for item, reason in report.failed[:FAILURES_SHOWN]
        ]
        more = failures - len(lines)
        lines += [f"-# and {more:,} more; `onrecord reindex` in a terminal lists them all"] if more else []
        blocks.append(Block(text="\n".join([f"**{failures:,}** could not be read:", *lines])))
    notes = [escape(note, LINE_ROOM) for note in report.notes[:NOTES_SHOWN]]
    feet = [*notes, f"{count_of(len(report.sources), 'source')}, {report.seconds:.1f} s"]
    return _card("", [Block(text="### Reindexed")], blocks, feet, layout=layout, colour=ACCENT)


def understood_in(message: discord.Message) -> str | None:
    """The question as understood, read back from one of our own cards; None when it isn't one."""
    for component in _walk(message.components):
        if isinstance(component, discord.TextDisplay) and component.id == UNDERSTOOD_ID:
            return unescape(component.content.removeprefix("-# ")) or None
    return next((embed.author.name for embed in message.embeds if embed.author.name), None)


# ---------------------------------------------------------------------------------------------------------------
# Pieces


def _nothing(answer: Answer, coverage: Coverage | None, layout: Layout) -> Card:
    reason = escape(answer.reason or "Nothing on record answers that.", 2 * LINE_ROOM)
    title = f"**{_VERDICTS[answer.verdict]}** " if answer.verdict else ""
    foot = _near(answer) + ([escape(covers(coverage), LINE_ROOM)] if coverage else [])
    return _card(_understood(answer.understood), [], [Block(text=title + reason)], foot, layout=layout, colour=QUIET)


def _near(answer: Answer) -> list[str]:
    near = [escape(name, NAME_ROOM) for name in answer.did_you_mean[:NEAR_SHOWN]]
    return [f"Near: {' · '.join(near)}"] if near else []


def _understood(text: str) -> str:
    return f"-# {escape(text, LINE_ROOM)}"


def _context_button(passage: Passage, before: Sequence[Passage]) -> IdButton | None:
    reference = passage.citation.reference
    if not fits("context", reference) or reference in {each.citation.reference for each in before}:
        return None
    return IdButton("context", reference, "In context" if passage.citation.url else "Read here")


def _walk(components: Sequence[Any]) -> Iterator[Any]:
    for component in components:
        yield component
        yield from _walk(getattr(component, "children", None) or [])


# ---------------------------------------------------------------------------------------------------------------
# Layouts


def _card(head: str, top: list[Block], blocks: list[Block], foot: list[str], *, layout: Layout, colour: int) -> Card:
    feet = [Block(text=f"-# {line}") for line in foot]
    if layout == "embeds":
        return _embed(head, [*top, *blocks, *feet], colour)
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=colour)
    if head:
        container.add_item(ui.TextDisplay(head, id=UNDERSTOOD_ID))
    for block in top:
        container.add_item(ui.TextDisplay(block.text))
    for index, block in enumerate(blocks):
        if index:
            container.add_item(ui.Separator())
        shown: list[ui.TextDisplay[ui.LayoutView]] = [ui.TextDisplay(piece) for piece in block.displays]
        if block.button:
            container.add_item(ui.Section(*shown, accessory=block.button))
            continue
        for display in shown:
            container.add_item(display)
    for block in feet:
        container.add_item(ui.TextDisplay(block.text))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    return Card(view=view)


def _embed(head: str, blocks: list[Block], colour: int) -> Card:
    embed = discord.Embed(description="\n\n".join(block.text for block in blocks), colour=colour)
    if head:
        embed.set_author(name=cut(unescape(head.removeprefix("-# ")), EMBED_AUTHOR_LIMIT))
    buttons = [block.button for block in blocks if block.button]
    if not buttons:
        return Card(embed=embed)
    view = ui.View(timeout=None)
    for number, button in enumerate(buttons[:ROW_LIMIT], 1):
        button.item.label = f"{number}: {button.item.label}"
        view.add_item(button)
    return Card(view=view, embed=embed)
