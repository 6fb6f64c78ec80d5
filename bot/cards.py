"""Turns answers into what Discord shows: pure, every limit of Discord named here, and within them by construction."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import discord
from discord import ui

from bot.buttons import IdButton, fits
from bot.inert import cut, escape, unescape, width
from bot.statements import statement
from index.answer.citations import said_day
from index.answer.wording import covers, spoken_list
from index.model import Answer, Article, Coverage, Passage, PersonEntry, Quote, ReindexReport, Speaker, Verdict

# What Discord allows (https://discord.com/developers/docs); lengths as `inert.width` measures them.
TEXT_LIMIT = 4000  # all text displays of a message together
COMPONENT_LIMIT = 40  # of a message, nested ones included
EMBED_LIMIT = 4096  # an embed's description; its 6,000 in all are never reached
EMBED_AUTHOR_LIMIT = 256
ROW_LIMIT = 5  # buttons in a row

# What we allow ourselves, so that the words said get the room.
NAME_ROOM, ROLE_ROOM, OUTLET_ROOM, CUE_ROOM, WHEN_ROOM, LINE_ROOM = 80, 120, 80, 40, 40, 300
FOOT_ROOM = 700
LINK_ROOM = 512  # a longer address is shown without its fragment, or not at all
QUOTE_ROOM = 1200  # of one statement
LEAST_ROOM = 160  # of one statement, however crowded
STATEMENTS_SHOWN = 3  # of one passage; more are counted
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
    blocks: list[Block] = []
    for index, passage in enumerate(answer.passages[:passages]):
        label = f"### {escape(labels[index], LINE_ROOM)}\n" if index in labels else ""
        still = min(passages, len(answer.passages)) - index
        text = label + passage_text(passage, max(left // still - width(label), 0))
        if width(text) > left:
            break
        left -= width(text)
        blocks.append(Block(text=text, button=_context_button(passage)))
    more = len(answer.passages) - len(blocks)
    foot = [f"{_count(more, 'more passage')} on record; a narrower question finds them."] if more else []
    foot += _near(answer)
    return _card(head, [Block(text=verdict)] if verdict else [], blocks, foot, layout=layout, colour=ACCENT)


def passage_text(passage: Passage, room: int) -> str:
    """A passage: who, the words, whose words they are and how the article puts them, and where they stand.

    Args:
        passage: what to show.
        room: what the text should measure at most; one statement with its fixed lines and `LEAST_ROOM` for its words
            is shown in any case.
    """
    said = passage.quotes[: passage.answering]
    text = ""
    for shown in range(min(len(said), STATEMENTS_SHOWN), -1, -1):
        if shown or not said:
            text = _passage_text(passage, said[:shown], len(said) - shown, room)
        if width(text) <= room:
            break
    return text


def _passage_text(passage: Passage, shown: Sequence[Quote], unshown: int, room: int) -> str:
    lines = [_source_line(passage, unshown)]
    if not shown:
        around = _spoken_here(passage)
        left = room - width(lines[0]) - width(around) - 2
        words = escape(passage.paragraph.text, min(max(left, LEAST_ROOM), QUOTE_ROOM))
        return "\n".join(filter(None, [f"> {words}", around, *lines]))
    heads = list(_heads(shown))
    layouts = [statement(quote, passage.paragraph) for quote in shown]
    notes = [_note(each.whose, each.how, each.when, uncertain=each.uncertain) for each in layouts]
    left = room - sum(width(line) + 3 for line in (*lines, *notes, *heads))
    parts: list[str] = []
    for index, each in enumerate(layouts):
        share = min(max(left // (len(layouts) - index), LEAST_ROOM), QUOTE_ROOM)
        words = escape(each.wide)
        if width(words) > share:
            words = escape(each.narrow, share)
        left -= width(words)
        parts += [heads[index], f"> {words}", notes[index]]
    return "\n".join(part for part in (*parts, *lines) if part)


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
    link = _safe_link(article.url)
    parts.append(f"[the article]({link})" if link else f"`onrecord show {_code(article.id)}`")
    return _card("", title, blocks, [" · ".join(part for part in parts if part)], layout=layout, colour=ACCENT)


def speakers_card(
    entries: Sequence[PersonEntry], prefix: str, coverage: Coverage, *, layout: Layout = "components"
) -> Card:
    """Who is on record, most statements first."""
    lines = []
    for entry in entries[:SPEAKERS_SHOWN]:
        role = f", {escape(entry.speaker.role, NAME_ROOM)}" if entry.speaker.role else ""
        counts = f"{_count(entry.statements, 'statement')} in {_count(entry.articles, 'article')}"
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
        text += f"\nOn record now: {_count(report.articles, 'article')}, {_count(report.statements, 'statement')}."
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
    feet = [*notes, f"{_count(len(report.sources), 'source')}, {report.seconds:.1f} s"]
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


def _heads(quotes: Sequence[Quote]) -> Iterator[str]:
    """Who speaks, for each quote; empty where the one before has the same speakers."""
    before: list[Speaker] = []
    for quote in quotes:
        speakers = list(quote.speakers)
        yield "" if speakers and speakers == before else _who(quote)
        before = speakers


def _who(quote: Quote) -> str:
    if not quote.speakers:
        printed = escape(quote.source.text, NAME_ROOM) if quote.source else ""
        return f"**{printed}**, not named" if printed else "**Speaker not named**"
    names = [
        f"**{escape(speaker.name, NAME_ROOM)}**" + (f", {escape(speaker.role, ROLE_ROOM)}" if speaker.role else "")
        for speaker in quote.speakers[:2]
    ]
    more = len(quote.speakers) - len(names)
    return " and ".join(names) if not more else f"{', '.join(names)} and {_count(more, 'other')}"


def _note(whose: str, how: str | None, when: str | None, *, uncertain: bool) -> str:
    cue = escape(how, CUE_ROOM) if how else ""
    day = escape(when, WHEN_ROOM) if when else ""
    put = ", ".join(part for part in (f"*{cue}*" if cue else "", day) if part)
    return "-# " + " · ".join(part for part in (whose, put, "⚠️ attribution uncertain" if uncertain else "") if part)


def _source_line(passage: Passage, unshown: int) -> str:
    article, number = passage.article, passage.paragraph.number
    where = "headline" if number == 0 else f"paragraph {number}"
    link = _safe_link(passage.citation.url)
    parts = [
        escape(article.outlet or article.title or article.id, OUTLET_ROOM),
        said_day(article.day),
        f"[{where}]({link})" if link else where,
    ]
    if passage.also_in:
        others = list(dict.fromkeys(card.outlet or card.title for card in passage.also_in))
        parts.append(
            f"also in {escape(spoken_list(others), OUTLET_ROOM)}"
            if len(others) < 3
            else f"also in {len(others)} outlets"
        )
    if unshown > 0:
        parts.append(f"{_count(unshown, 'more statement')} in this paragraph")
    if not link:
        parts.append(f"read here: `onrecord show {_code(passage.citation.reference)}`")
    return "-# " + " · ".join(part for part in parts if part)


def _spoken_here(passage: Passage) -> str:
    names = list(dict.fromkeys(speaker.name for quote in passage.quotes for speaker in quote.speakers))
    return (
        f"-# The article's words · quoted here: {escape(spoken_list(names[:3]), LINE_ROOM)}"
        if names
        else "-# The article's words"
    )


def _safe_link(url: str | None) -> str | None:
    """An http address that can stand in a link of ours, without its fragment where it would be too long; else None."""
    for address in (url, url.partition("#")[0]) if url else ():
        try:
            parts = urlsplit(address)
        except ValueError:
            return None
        if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
            return None
        safe = re.sub(r"[^A-Za-z0-9\-._~:/?#@!$&'+,;=%]", lambda found: _percent(found.group()), address)
        if width(safe) <= LINK_ROOM:
            return safe
    return None


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))


def _code(text: str) -> str:
    """Foreign text within a code span, where only the backtick ends it."""
    return unescape(escape(text.replace("`", "'"), OUTLET_ROOM))


def _context_button(passage: Passage) -> IdButton | None:
    reference = passage.citation.reference
    return IdButton("context", reference, "In context") if fits("context", reference) else None


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


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
        shown: ui.TextDisplay[ui.LayoutView] = ui.TextDisplay(block.text)
        container.add_item(ui.Section(shown, accessory=block.button) if block.button else shown)
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
        button.item.label = f"{number} in context"
        view.add_item(button)
    return Card(view=view, embed=embed)
