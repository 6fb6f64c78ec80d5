"""Counts what a reindex does, for its report; lists are cut, so that memory stays bounded whatever fails."""

from collections import Counter

from index.model import ReindexReport
from index.storage.base import Corpus
from index.storage.records import StoredArticle

_LISTED = 200  # failures that are kept in words
_NOTED = 20  # items whose notes are kept in words


class Tally:
    """Counts by kind, and totals that start from what the library holds."""

    def __init__(self) -> None:
        self.added = self.changed = self.unchanged = self.removed = 0
        self.forgotten = 0
        self.notes: list[str] = []
        self._failed: list[tuple[str, str]] = []
        self._failures = 0
        self._item_notes: list[str] = []
        self._items_noted = 0
        self._languages: Counter[str] = Counter()
        self._totals: Counter[str] = Counter()
        self._articles: Counter[str] = Counter()
        self._statements: Counter[str] = Counter()

    def start_from(self, before: Corpus) -> None:
        """Counts on from what the library holds."""
        coverage = before.coverage()
        self._totals.update(articles=coverage.articles, paragraphs=coverage.paragraphs, statements=coverage.statements)
        for state in before.sources():
            self._articles[state.name] = state.articles
            self._statements[state.name] = state.statements

    def end_at(self, other: "Tally") -> None:
        """Says that the library holds now what the other one counts."""
        self._totals, self._articles, self._statements = other._totals, other._articles, other._statements

    def failed(self, item: str, reason: str) -> None:
        """An item that could not be read, or not wholly."""
        self._failures += 1
        if len(self._failed) < _LISTED:
            self._failed.append((item, reason))

    def noted(self, item: str, notes: tuple[str, ...]) -> None:
        """What of an item was not used."""
        self._items_noted += bool(notes)
        if len(self._item_notes) < _NOTED:
            self._item_notes.extend(f"{item}: {note}." for note in notes)

    def foreign(self, language: str) -> None:
        """An article that attribution doesn't read."""
        self._languages[language] += 1

    def stored(self, article: StoredArticle, sign: int = 1) -> None:
        """An article that was put, or with -1 one that was there before."""
        statements = sum(not quote.attitude for quote in article.quotes)
        self._totals["articles"] += sign
        self._totals["paragraphs"] += sign * len(article.article.paragraphs)
        self._totals["statements"] += sign * statements
        self._articles[article.source] += sign
        self._statements[article.source] += sign * statements

    def of_source(self, name: str) -> tuple[int, int]:
        """How many articles and statements the source has in the library."""
        return self._articles[name], self._statements[name]

    def report(self, sources: tuple[str, ...]) -> ReindexReport:
        """The report, but for its times."""
        return ReindexReport(
            sources=sources,
            added=self.added,
            changed=self.changed,
            unchanged=self.unchanged,
            removed=self.removed,
            failed=tuple(self._failed),
            failures=self._failures,
            notes=tuple(self._all_notes()),
            articles=self._totals["articles"],
            paragraphs=self._totals["paragraphs"],
            statements=self._totals["statements"],
        )

    def _all_notes(self) -> list[str]:
        notes = [*self.notes, *self._item_notes]
        if self._items_noted > _NOTED:
            notes.append(f"... {self._items_noted:,} articles with such notes in all.")
        if self.forgotten:
            whole = "1 article was" if self.forgotten == 1 else f"{self.forgotten:,} articles were"
            notes.append(f"{whole} left out, because an administrator had it forgotten.")
        if self._languages:
            count = self._languages.total()
            kinds = ", ".join(f"{n:,} {language}" for language, n in self._languages.most_common())
            notes.append(
                f"{count:,} {'article is' if count == 1 else 'articles are'} not in English ({kinds}): "
                "searchable, but nobody's statements are told."
            )
        return notes
