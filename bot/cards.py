"""Turns what the library answers into cards: pure, all of it escaped, within Discord's limits by construction."""

from collections.abc import Sequence
from dataclasses import replace

from bot.buttons import LABEL_LIMIT, IdButton, fits
from bot.inert import clean, cut, escape, width
from bot.layouts import COMPONENT_LIMIT, TEXT_LIMIT, Block, Card
from bot.passages import NAME_ROOM, OUTLET_ROOM, count_of, in_code, passage_text, safe_link
from index.answer.citations import said_day
from index.answer.wording import covers
from index.model import Answer, Article, Coverage, Intent, Passage, Verdict

# What we allow ourselves, so that the words said get the room.
LINE_ROOM = 300
FOOT_ROOM = 700
FRAME = 8  # components beside the passages in any case: the container, head, two feet, a row of 3 buttons
NEAR_SHOWN = 5

_VERDICTS = {
    Verdict.WORD_FOR_WORD: "Yes, word for word.",
    Verdict.IN_SUBSTANCE: "In substance, in other words.",
    Verdict.SAID_BY_OTHER: "No: somebody else said it.",
    Verdict.NOT_FOUND: "Not on record.",
}


def answer_card(
    answer: Answer,
    *,
    coverage: Coverage | None = None,
    passages: int = 5,
    start: int = 0,
    key: int | None = None,
    threads: bool = False,
) -> Card:
    """An answer: a page of its passages, or why there are none, what is near and what the index covers.

    Args:
        answer: what the library answers.
        coverage: what the index holds, for an answer that found nothing.
        passages: at most so many on a page; fewer where they are long.
        start: the first passage of this page.
        key: under which the answer was kept, so that its pages can be turned; None when it wasn't.
        threads: whether a thread can be made for the whole of it.
    """
    if not answer.found:
        return _nothing(answer, coverage)
    head = escape(answer.understood, LINE_ROOM)
    title = f"**{_VERDICTS[answer.verdict]}**" if answer.verdict else ""
    near, choices = _near(answer)
    buttons = (*_more_from(answer), *_about(answer), IdButton("ask", "1", "Ask on"))
    frame = FRAME + bool(title) + (answer.intent is Intent.TIMELINE) + len(near)  # a timeline has a picture
    frame += sum(1 + len(row) for row in (choices, buttons) if row)
    left = TEXT_LIMIT - width(head) - width(title) - FOOT_ROOM
    blocks = _page(answer, start, passages, left, COMPONENT_LIMIT - frame)
    end, all_of_them = start + len(blocks), len(answer.passages)
    feet: list[str] = []
    if end < all_of_them or start:
        feet.append(f"{start + 1}–{end} of {count_of(all_of_them, 'passage')}")
    turning: list[IdButton] = []
    if key is not None and start:
        turning.append(IdButton("page", f"{key}.{max(start - passages, 0)}", "‹ Previous"))
    if key is not None and end < all_of_them:
        turning.append(IdButton("page", f"{key}.{end}", "Next ›"))
    if key is not None and threads and len(blocks) < all_of_them:
        turning.append(IdButton("thread", str(key), "Continue in a thread"))
    return Card(
        head=head,
        title=title,
        blocks=tuple(blocks),
        feet=(*feet, *near),
        choices=choices,
        turning=tuple(turning),
        buttons=buttons,
    )


def whole_of(answer: Answer, passages: int) -> list[Card]:
    """All pages of an answer, as messages that follow each other; the last one says how to go on."""
    cards: list[Card] = []
    shown = 0
    while shown < len(answer.passages):
        page = answer_card(answer, passages=passages, start=shown)
        shown += len(page.blocks)
        cards.append(replace(page, buttons=()))
    if not cards:
        return [_nothing(answer, None)]
    on = "Mention me here to ask on, or press the button."
    return [*cards[:-1], replace(cards[-1], feet=(*cards[-1].feet, on), buttons=(IdButton("ask", "1", "Ask on"),))]


def has_more(answer: Answer, card: Card) -> bool:
    """Whether a card that shows an answer from its beginning leaves passages for a next page."""
    return answer.found and len(card.blocks) < len(answer.passages)


def context_card(article: Article, number: int, *, private: bool = True) -> Card:
    """A paragraph between its neighbours; the paragraph itself stands as a quotation.

    Args:
        article: where it stands.
        number: the paragraph's.
        private: whether one person alone sees the card, and can share it.
    """
    near = [p for p in article.paragraphs if abs(p.number - number) <= 1]
    share = (TEXT_LIMIT - 3 * LINE_ROOM) // max(len(near), 1) - 40
    blocks = []
    for paragraph in near:
        before = "> " if paragraph.number == number else ""
        blocks.append(Block(text=f"-# {_where(paragraph.number)}\n{before}{escape(paragraph.text, share)}"))
    reference = f"{article.id}#{number}"
    offered = (
        ("share", reference, "Share here"),
        ("article", article.id, "Who else is quoted"),
        ("wrong", reference, "Something wrong?"),
    )
    buttons = [IdButton(*each) for each in offered if fits(*each[:2])] if private else []
    return Card(title=_title(article), blocks=tuple(blocks), feet=(_imprint(article),), buttons=tuple(buttons))


def _page(answer: Answer, start: int, passages: int, left: int, components: int) -> list[Block]:
    """The blocks of a page that begins with the passage `start`; at least one."""
    labels = {index: group.label for group in answer.groups for index in group.passages}
    blocks: list[Block] = []
    page = _order(answer, passages)[start : start + passages]
    for place, index in enumerate(page):
        passage = answer.passages[index]
        before = [answer.passages[i] for i in page[:place]]
        label = _label(labels.get(index), labels.get(page[place - 1]) if place else None, passage)
        button = _context_button(passage, before)
        room = left // (len(page) - place) - width(label)
        text = label + passage_text(passage, max(room, 0), button=button is not None)
        block = Block(text=text, button=button)
        if blocks and (width(text) > left or block.components > components):
            break
        left -= width(text)
        components -= block.components
        blocks.append(block)
    return blocks


def _order(answer: Answer, passages: int) -> list[int]:
    """The passages as pages show them: side by side, each page has its share of every group."""
    if answer.intent is not Intent.COMPARE or not answer.groups:
        return list(range(len(answer.passages)))
    share = max(passages // len(answer.groups), 1)
    longest = max(len(group.passages) for group in answer.groups)
    order = [
        index
        for first in range(0, longest, share)
        for group in answer.groups
        for index in group.passages[first : first + share]
    ]
    return list(dict.fromkeys([*order, *range(len(answer.passages))]))


def _label(label: str | None, before: str | None, passage: Passage) -> str:
    """The group's label where it begins, unless the passage begins with that very name."""
    first = passage.quotes[0].speaker if passage.answering else None
    if not label or label == before or (first and first.name == label):
        return ""
    return f"### {escape(label, LINE_ROOM)}\n"


def _nothing(answer: Answer, coverage: Coverage | None) -> Card:
    reason = escape(answer.reason or "Nothing on record answers that.", 2 * LINE_ROOM)
    verdict = f"**{_VERDICTS[answer.verdict]}** " if answer.verdict else ""
    covered = covers(coverage) if coverage else ""
    near, choices = _near(answer)
    feet = ([escape(covered, LINE_ROOM)] if covered not in (answer.reason or "") else []) + near
    head = escape(answer.understood, LINE_ROOM)
    return Card(head=head, blocks=(Block(text=verdict + reason),), feet=tuple(feet), choices=choices, quiet=True)


def _near(answer: Answer) -> tuple[list[str], tuple[IdButton, ...]]:
    """What was nearly asked for: a line that leads to a button each; what no button can carry stands in the line."""
    shown = answer.speaker.name if answer.found and answer.speaker else None
    near = list(dict.fromkeys(name for name in answer.did_you_mean if name.strip() and name != shown))[:NEAR_SHOWN]
    if not near:
        return [], ()
    buttons = tuple(IdButton("near", name, cut(name, LABEL_LIMIT) or "…") for name in near if fits("near", name))
    others = [escape(name, NAME_ROOM) for name in near if not fits("near", name)]
    lead = "You may also mean:" if answer.found else "Did you mean:"
    return [" ".join([lead, " · ".join(others)]).strip()], buttons


def _more_from(answer: Answer) -> list[IdButton]:
    """A button to all that the speaker said, where the answer is a part of it."""
    speaker = answer.speaker
    whole = answer.intent is Intent.SAID and not (answer.topic or answer.since or answer.until or answer.outlet)
    if speaker is None or whole or not fits("more", speaker.id):
        return []
    return [IdButton("more", speaker.id, cut(f"More from {speaker.name}", LABEL_LIMIT))]


def _about(answer: Answer) -> list[IdButton]:
    """A button to who else spoke about the topic."""
    topic = clean(answer.topic or "")
    if answer.intent not in {Intent.SAID, Intent.COMPARE, Intent.TIMELINE} or not fits("topic", topic):
        return []
    return [IdButton("topic", topic, cut(f"About “{topic}”", LABEL_LIMIT))]


def _context_button(passage: Passage, before: Sequence[Passage]) -> IdButton | None:
    reference = passage.citation.reference
    if not fits("context", reference) or reference in {each.citation.reference for each in before}:
        return None
    return IdButton("context", reference, "In context" if passage.citation.url else "Read here")


def _where(number: int) -> str:
    return "headline" if number == 0 else f"paragraph {number}"


def _title(article: Article) -> str:
    return f"### {escape(article.title or article.id, LINE_ROOM)}"


def _imprint(article: Article) -> str:
    """Where an article comes from and where to read it."""
    link = safe_link(article.url)
    parts = [
        escape(article.outlet or "", OUTLET_ROOM),
        said_day(article.day),
        f"[the article]({link})" if link else f"`onrecord show {in_code(article.id)}`",
    ]
    return " · ".join(part for part in parts if part)
