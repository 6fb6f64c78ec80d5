"""The conversation in the terminal: a question a line, follow-ups carried over, the same answers as in Discord."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import suppress

from rich.console import Console
from rich.text import Text

from index.app import Library
from index.cli.opening import opened
from index.cli.render import clean, console, coverage_line, show_answer, show_article, show_speakers
from index.errors import NewsError
from index.model import Answer
from index.settings import IndexSettings

CONTEXT = 4  # earlier questions that a follow-up may lean on
HELP = """Ask as you would ask a colleague:
  what did Nauert say about talks?        who said "not showing any level of seriousness"?
  did the mayor say "not one brick"?      and about the bridge?  (a follow-up)
Or: show 2 (a passage in its surroundings), speakers [name], help, quit."""


def chat(options: argparse.Namespace, settings: IndexSettings) -> int:
    """Answers questions until the input ends; a question that fails doesn't end the conversation."""
    del options
    with opened(settings) as library:
        talk = _Talk(library)
        interactive = sys.stdin.isatty()
        if interactive:
            talk.out.print(Text(f"On Record · {coverage_line(library.coverage())}. Type a question, help or quit."))
        for line in _lines(interactive):
            if not interactive:
                talk.out.print(Text(f"> {clean(line)}", style="bold"))
            if not talk.hear(line):
                break
            talk.out.print()
    return 0


def _lines(interactive: bool) -> Iterator[str]:
    """Lines of the input, blank ones skipped, to its end."""
    if interactive:
        with suppress(ImportError):  # arrow keys and history, where the platform has them
            import readline  # noqa: F401, PLC0415 (its import is what switches it on)
    while True:
        if interactive:
            try:
                line = input("> ")
            except EOFError:
                return
        else:
            line = sys.stdin.readline()
            if not line:
                return
        if line.strip():
            yield line.strip()


class _Talk:
    """One conversation: what was asked and what was answered last."""

    def __init__(self, library: Library) -> None:
        self.out: Console = console()
        self._library = library
        self._context: list[str] = []
        self._last: Answer | None = None

    def hear(self, line: str) -> bool:
        """Answers a line; False when it ends the conversation."""
        word, _, rest = line.lower().partition(" ")
        if word in {"quit", "exit", "bye", ":q"} and not rest:
            return False
        try:
            self._answer(line, word, rest.strip())
        except NewsError as error:
            self.out.print(Text(str(error), style="red"))
        return True

    def _answer(self, line: str, word: str, rest: str) -> None:
        if word in {"help", "?"} and not rest:
            self.out.print(Text(HELP))
        elif word == "show" and rest.isdecimal() and self._last:
            self._show(int(rest))
        elif word == "speakers":
            show_speakers(self.out, self._library.speakers(rest), rest)
        else:
            self._last = self._library.ask(line, context=self._context)
            self._context = [*self._context, line][-CONTEXT:]
            show_answer(self.out, self._last)

    def _show(self, number: int) -> None:
        passages = self._last.passages if self._last else ()
        if not 1 <= number <= len(passages):
            self.out.print(Text(f"The last answer has no passage {number}."))
            return
        stored, paragraph = self._library.show(passages[number - 1].citation.reference)
        show_article(self.out, stored.article, stored.quotes, paragraph)
