"""Answers as a person reads them in a terminal: rich on a terminal, plain text on a pipe or a dumb one.

Text from articles and users never reaches the terminal's control codes, nor rich's markup.
"""

import sys
import unicodedata
from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from index.model import (
    Answer,
    Article,
    Coverage,
    Intent,
    Passage,
    PersonEntry,
    Quote,
    QuoteKind,
    ReindexReport,
    Verdict,
)

UNCERTAIN = 0.5  # a statement of a lower confidence is marked
AROUND = 2  # paragraphs shown on either side of the one asked for
_VERDICTS = {
    Verdict.WORD_FOR_WORD: "Yes, word for word.",
    Verdict.IN_SUBSTANCE: "Not in these words; this comes nearest.",
    Verdict.SAID_BY_OTHER: "Somebody else said so.",
    Verdict.NOT_FOUND: "Not found in what I have.",
}


class _Console(Console):
    """A console whose reader may stop reading: that is for the command line to answer, not a failure."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console() -> Console:
    """Standard output as rich writes it; lines are not cut on a pipe."""
    return _Console(highlight=False, soft_wrap=not sys.stdout.isatty(), markup=False, emoji=False)


def clean(text: str) -> str:
    """A text without what steers a terminal or reorders a line: controls, escapes, bidirectional marks."""
    return "".join(c if unicodedata.category(c) not in {"Cc", "Cf", "Cs"} or c == "\u200d" else " " for c in text)


def show_answer(out: Console, answer: Answer) -> None:
    """The answer, its passages numbered."""
    out.print(Text(clean(answer.understood), style="dim"))
    if answer.verdict:
        out.print(Text(_VERDICTS[answer.verdict], style="bold"))
    if answer.reason:
        out.print(Text(clean(answer.reason)))
    if answer.did_you_mean:
        lead = "Did you mean: " if not answer.found else "Several are meant; ask for one: "
        out.print(Text(lead + "; ".join(clean(name) for name in answer.did_you_mean)))
    labels = {group.passages[0]: group.label for group in answer.groups if group.passages}
    for i, passage in enumerate(answer.passages):
        if i in labels:
            out.print()
            out.print(Text(clean(labels[i]), style="bold underline"))
        out.print()
        _show_passage(out, i + 1, passage, plain=answer.intent is Intent.PLAIN)


def _show_passage(out: Console, number: int, passage: Passage, *, plain: bool) -> None:
    answering = passage.quotes[: passage.answering]
    mark = Text(f"{number:>2}  ", style="bold cyan")
    if plain or not answering:
        out.print(Text.assemble(mark, (clean(passage.article.title), "bold")))
        out.print(_indented(Text(clean(passage.paragraph.text))))
    for i, quote in enumerate(answering):
        out.print(Text.assemble(mark if i == 0 else "    ", _headline(quote)))
        out.print(_indented(_words(quote)))
    source = [passage.citation.label]
    if passage.article.title and passage.article.outlet:
        source.append(f"“{passage.article.title}”")
    out.print(_indented(Text(clean(" · ".join(source)), style="dim")))
    if passage.article.note:
        out.print(_indented(Text(clean(passage.article.note), style="yellow")))
    link = passage.citation.url or f"onrecord show '{passage.citation.reference}'"
    out.print(Text.assemble("    ", (clean(link), "dim")), soft_wrap=True)  # whole, so that it can be opened
    if passage.also_in:
        names = dict.fromkeys(card.outlet or card.title or card.id for card in passage.also_in)
        out.print(_indented(Text(clean(f"also in {', '.join(names)}"), style="dim")))


def _headline(quote: Quote) -> Text:
    """Who, in which role, how the article puts it, when."""
    line = Text()
    line.append(clean(" and ".join(s.name for s in quote.speakers) or "No speaker named"), style="bold")
    if quote.speaker and quote.speaker.role:
        line.append(clean(f", {quote.speaker.role}"))
    if quote.cue:
        line.append(clean(f" — {quote.cue.text}"), style="dim")
    if quote.when:
        line.append(clean(f" · {quote.when}"), style="dim")
    if quote.confidence < UNCERTAIN:
        line.append(" · attribution uncertain", style="yellow")
    return line


def _words(quote: Quote) -> Text:
    """The words, as the article has them; what is not the speaker's own wording says so."""
    words = clean(" … ".join(span.text for span in quote.content))
    if quote.kind is QuoteKind.DIRECT:
        return Text(words, style="green")
    return Text.assemble(("as reported: ", "dim"), words)


def _indented(text: Text) -> Padding | Text:
    return Padding(text, (0, 0, 0, 4)) if sys.stdout.isatty() else Text.assemble("    ", text)


def show_article(out: Console, article: Article, quotes: Sequence[Quote], number: int | None) -> None:
    """An article, or one of its paragraphs with those around it; who speaks stands behind each paragraph."""
    head = [article.outlet, article.published, ", ".join(article.authors), article.url]
    out.print(Text(clean(article.title or article.id), style="bold"))
    if any(head):
        out.print(Text(clean(" · ".join(part for part in head if part)), style="dim"))
    for paragraph in article.paragraphs:
        if number is not None and abs(paragraph.number - number) > AROUND:
            continue
        if paragraph.number == 0 and paragraph.text == article.title and number != 0:
            continue
        here = paragraph.number == number
        line = Text.assemble((f"{paragraph.number:>3}  ", "bold cyan" if here else "dim"))
        line.append(clean(paragraph.text), style="bold" if here else "")
        speaking = dict.fromkeys(
            s.name
            for quote in quotes
            if not quote.attitude and any(span.paragraph == paragraph.number for span in quote.content)
            for s in quote.speakers
        )
        if speaking:
            line.append(clean(f"  [{', '.join(speaking)}]"), style="dim")
        out.print(line)


def show_speakers(out: Console, entries: Sequence[PersonEntry], prefix: str) -> None:
    """One line a speaker."""
    if not entries:
        out.print(
            Text(clean(f"Nobody whose name begins like “{prefix}” is on record." if prefix else "Nobody is on record."))
        )
    for entry in entries:
        line = Text.assemble((clean(entry.speaker.name), "bold"))
        if entry.speaker.role:
            line.append(clean(f", {entry.speaker.role}"))
        line.append(f" · {_count(entry.statements, 'statement')} in {_count(entry.articles, 'article')}", style="dim")
        out.print(line)


def show_report(out: Console, report: ReindexReport) -> None:
    """What a reindex did."""
    out.print(
        Text(
            f"{report.added:,} added, {report.changed:,} changed, {report.unchanged:,} unchanged, "
            f"{report.removed:,} removed, {report.failures:,} failed in {report.seconds:.1f} s."
        )
    )
    for item, reason in report.failed:
        out.print(Text(clean(f"  failed: {item}: {reason}"), style="red"))
    if report.failures > len(report.failed):
        out.print(Text(f"  ... and {report.failures - len(report.failed):,} more", style="red"))
    for note in report.notes:
        out.print(Text(clean(f"  {note}"), style="yellow"))
    holds = ", ".join(
        _count(n, noun)
        for n, noun in (
            (report.articles, "article"),
            (report.paragraphs, "paragraph"),
            (report.statements, "statement"),
        )
    )
    out.print(Text(f"The index holds {holds}."))


def coverage_line(coverage: Coverage) -> str:
    """What the index holds, for a person who has not asked yet."""
    return (
        f"{_count(coverage.articles, 'article')}, {_count(coverage.statements, 'statement')} "
        f"by {_count(coverage.speakers, 'speaker')}"
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
