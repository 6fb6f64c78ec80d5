"""One passage as text: who, the words, whose words they are, how the article puts them, and where they stand."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from bot.inert import cut, escape, width
from bot.statements import Statement, statement, together
from index.answer.citations import said_day
from index.answer.wording import spoken_list
from index.model import Passage, Quote, Speaker

# Room for each part, as `inert.width` measures, so that the words said get the most.
NAME_ROOM, ROLE_ROOM, OUTLET_ROOM, CUE_ROOM, WHEN_ROOM = 80, 120, 80, 40, 40
NOTE_ROOM = 200  # that an article was corrected or withdrawn
LINK_ROOM = 512  # a longer address is shown without its fragment, or not at all
QUOTE_ROOM = 1200  # of one statement
LEAST_ROOM = 160  # of one statement, however crowded
STATEMENTS_SHOWN = 3  # of one passage; more are counted


def passage_text(passage: Passage, room: int, *, button: bool = False) -> str:
    """A passage: who, the words, whose words they are and how the article puts them, and where they stand.

    Args:
        passage: what to show.
        room: what the text should measure at most; one statement with its fixed lines and `LEAST_ROOM` for its words
            is shown in any case.
        button: whether a button beside it leads to the article, so that the text need not say how to read it.
    """
    said = passage.quotes[: passage.answering]
    text = ""
    for shown in range(min(len(said), STATEMENTS_SHOWN), -1, -1):
        if shown or not said:
            text = _passage_text(passage, said[:shown], _source_line(passage, len(said) - shown, button=button), room)
        if width(text) <= room:
            break
    return text


def _passage_text(passage: Passage, shown: Sequence[Quote], source: str, room: int) -> str:
    if not shown:
        around = _spoken_here(passage)
        left = room - width(source) - width(around) - 2
        words = escape(passage.paragraph.text, min(max(left, LEAST_ROOM), QUOTE_ROOM))
        return "\n".join(filter(None, [f"> {words}", around, source]))
    said = _told_once(shown, passage)
    heads = list(_heads([quote for quote, _ in said]))
    notes = [_note(each) for _, each in said]
    left = room - sum(width(line) + 3 for line in (source, *notes, *heads))
    parts: list[str] = []
    for index, (_, each) in enumerate(said):
        share = min(max(left // (len(said) - index), LEAST_ROOM), QUOTE_ROOM)
        words = escape(each.wide)
        if width(words) > share:
            words = escape(each.narrow, share)
        left -= width(words)
        parts += [heads[index], f"> {words}", notes[index]]
    return "\n".join(part for part in (*parts, source) if part)


def _told_once(quotes: Sequence[Quote], passage: Passage) -> list[tuple[Quote, Statement]]:
    """The statements; what a sentence shown before holds too ("asked ..., and said ...") is told with it."""
    told: list[tuple[Quote, Statement]] = []
    for quote in quotes:
        each = statement(quote, passage.paragraph)
        for place, (earlier, shown) in enumerate(told):
            if earlier.speakers == quote.speakers and not shown.verbatim and each.wide in shown.wide:
                told[place] = (earlier, together(shown, each))
                break
        else:
            told.append((quote, each))
    return told


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
    return " and ".join(names) if not more else f"{', '.join(names)} and {count_of(more, 'other')}"


def _note(each: Statement) -> str:
    cue = escape(each.how, CUE_ROOM) if each.how else ""
    day = escape(each.when, WHEN_ROOM) if each.when else ""
    put = ", ".join(part for part in (f"*{cue}*" if cue else "", day) if part)
    doubt = "⚠️ attribution uncertain" if each.uncertain else ""
    return "-# " + " · ".join(part for part in (f"**{each.whose}**", put, doubt) if part)


def _source_line(passage: Passage, unshown: int, *, button: bool) -> str:
    article, number = passage.article, passage.paragraph.number
    where = "headline" if number == 0 else f"paragraph {number}"
    link = safe_link(passage.citation.url)
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
        parts.append(f"{count_of(unshown, 'more statement')} in this paragraph")
    if not link and not button:
        parts.append(f"read here: `onrecord show {in_code(passage.citation.reference)}`")
    line = "-# " + " · ".join(part for part in parts if part)
    return f"{line}\n-# ⚠️ {escape(article.note, NOTE_ROOM)}" if article.note else line


def _spoken_here(passage: Passage) -> str:
    names = list(dict.fromkeys(speaker.name for quote in passage.quotes for speaker in quote.speakers))
    return (
        f"-# **The article's words** · quoted here: {escape(spoken_list(names[:3]), 2 * NAME_ROOM)}"
        if names
        else "-# **The article's words**"
    )


def safe_link(url: str | None) -> str | None:
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


def in_code(text: str) -> str:
    """Foreign text within a code span, which a backtick would end; a backslash at its end is kept from the mark."""
    plain = cut(text.replace("`", "'"), OUTLET_ROOM)
    return f"{plain} " if plain.endswith("\\") else plain


def count_of(number: int, noun: str, nouns: str = "") -> str:
    """A number with its noun, "1 article" or "1,200 articles"; `nouns` where more is not formed with an s."""
    return f"{number:,} {noun if number == 1 else nouns or f'{noun}s'}"
