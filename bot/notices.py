"""Cards that are no answers: help, who is on record, what the index covers, what a reindex did, words of ours."""

from collections.abc import Sequence

from bot.cards import LINE_ROOM
from bot.inert import escape
from bot.layouts import Block, Card
from bot.passages import NAME_ROOM, OUTLET_ROOM, count_of
from index.answer.wording import covers
from index.model import Coverage, PersonEntry, ReindexReport

SPEAKERS_SHOWN = 20
OUTLETS_SHOWN = 20
FAILURES_SHOWN, FAILURE_ROOM, NOTES_SHOWN = 8, 160, 3


def words_card(text: str, title: str = "") -> Card:
    """Words of ours; foreign parts in them must have been escaped."""
    return Card(title=f"### {title}" if title else "", blocks=(Block(text=text),), quiet=True)


def help_card(coverage: Coverage | None, names: Sequence[str]) -> Card:
    """How to ask, with examples that this library can answer."""
    known = [escape(name, NAME_ROOM) for name in names[:2]] or ["the White House"]
    examples = [f"What did {known[0]} say?", f"What did {known[-1]} say about …?", "Who said “…”?"]
    text = "Ask me who said what in the news; I answer with the words as they were printed, and with the source.\n"
    text += "\n".join(f"- {example}" for example in examples)
    how = "Mention me with a question, write to me directly, or use `/ask` and `/said`. Reply to an answer to ask on."
    feet = (escape(covers(coverage), LINE_ROOM),) if coverage else ()
    return Card(title="### On Record", blocks=(Block(text=text), Block(text=how)), feet=feet, quiet=True)


def speakers_card(entries: Sequence[PersonEntry], prefix: str, coverage: Coverage) -> Card:
    """Who is on record, most statements first."""
    lines = []
    for entry in [entry for entry in entries if entry.statements or prefix][:SPEAKERS_SHOWN]:
        role = f", {escape(entry.speaker.role, NAME_ROOM)}" if entry.speaker.role else ""
        counts = f"{count_of(entry.statements, 'statement')} in {count_of(entry.articles, 'article')}"
        lines.append(f"**{escape(entry.speaker.name, NAME_ROOM // 2)}**{role} · {counts}")
    named = f" like “{escape(prefix, NAME_ROOM)}”" if prefix else ""
    text = "\n".join(lines) or f"Nobody{named} is on record."
    feet = (escape(covers(coverage), LINE_ROOM),)
    return Card(title=f"### On record{named}", blocks=(Block(text=text),), feet=feet, quiet=True)


def coverage_card(coverage: Coverage) -> Card:
    """What the index holds."""
    text = (
        f"{escape(covers(coverage), LINE_ROOM)}\n{count_of(coverage.statements, 'statement')}"
        f" by {count_of(coverage.speakers, 'speaker')} in {count_of(coverage.paragraphs, 'paragraph')}."
    )
    blocks = [Block(text=text)]
    outlets = sorted(coverage.outlets.items(), key=lambda item: (-item[1], item[0]))
    if outlets:
        lines = [f"{escape(name, OUTLET_ROOM)} · {count_of(n, 'article')}" for name, n in outlets[:OUTLETS_SHOWN]]
        more = len(outlets) - len(lines)
        lines += [f"-# and {count_of(more, 'more outlet')}"] if more else []
        blocks.append(Block(text="\n".join(lines)))
    return Card(title="### What is on record", blocks=tuple(blocks), quiet=True)


def report_card(report: ReindexReport) -> Card:
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
            f"- {escape(item, NAME_ROOM)} – {escape(reason, FAILURE_ROOM)}"
            for item, reason in report.failed[:FAILURES_SHOWN]
        ]
        more = failures - len(lines)
        lines += [f"-# and {more:,} more; `onrecord reindex` in a terminal lists them all"] if more else []
        blocks.append(Block(text="\n".join([f"**{failures:,}** could not be read:", *lines])))
    notes = [escape(note, LINE_ROOM) for note in report.notes[:NOTES_SHOWN]]
    feet = (*notes, f"{count_of(len(report.sources), 'source')}, {report.seconds:.1f} s")
    return Card(title="### Reindexed", blocks=tuple(blocks), feet=feet)
