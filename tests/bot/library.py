"""A working library in memory with articles in our own words, and builders for what an answer is made of."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from index.answer.citations import card, cite
from index.errors import QuestionError, UnknownReference
from index.model import (
    Answer,
    Article,
    Coverage,
    Intent,
    Paragraph,
    Passage,
    PersonEntry,
    Quote,
    QuoteKind,
    Span,
    Speaker,
    SpeakerKind,
)
from index.storage.records import StoredArticle

MAREN = Speaker(id="maren-holt", name="Maren Holt", role="harbour master of Selby Quay")
OTTO = Speaker(id="otto-brandt", name="Otto Brandt", role="mayor")
COUNCIL = Speaker(id="council", name="the town council", kind=SpeakerKind.ORGANISATION)


def an_article(
    *texts: str,
    id: str = "ferry",  # noqa: A002 - the model's own name
    title: str = "Ferry to stay in port",
    outlet: str | None = "The Selby Lamp",
    url: str | None = "https://lamp.example/ferry",
    published: str | None = "2024-03-14",
) -> Article:
    texts = texts or ("The ferry will not sail.",)
    paragraphs = [Paragraph(article_id=id, number=n, text=text) for n, text in enumerate((title, *texts))]
    return Article(
        id=id,
        title=title,
        outlet=outlet,
        url=url,
        published=published,
        paragraphs=tuple(paragraphs),
        content_hash=f"{hash(texts):x}",
    )


def a_span(article: Article, number: int, text: str) -> Span:
    paragraph = article.paragraph(number)
    start = paragraph.text.index(text)
    return Span(paragraph=number, start=start, end=start + len(text), text=text)


def a_quote(
    article: Article,
    number: int,
    *content: str,
    kind: QuoteKind = QuoteKind.DIRECT,
    speaker: Speaker | None = MAREN,
    cue: str | None = "said",
    source: str | None = None,
    **more: object,
) -> Quote:
    return Quote(
        kind=kind,
        content=tuple(a_span(article, number, text) for text in content),
        cue=a_span(article, number, cue) if cue else None,
        source=a_span(article, number, source) if source else None,
        speaker=speaker,
        **more,
    )


def a_passage(article: Article, *quotes: Quote, number: int = 1, answering: int | None = None, **more) -> Passage:
    paragraph = article.paragraph(number)
    spans = quotes[0].content if quotes else ()
    return Passage(
        score=1.0,
        article=card(article),
        paragraph=paragraph,
        quotes=quotes,
        citation=cite(article, paragraph, spans),
        answering=len(quotes) if answering is None else answering,
        **more,
    )


def an_answer(*passages: Passage, **more) -> Answer:
    given = {"question": "what did Holt say?", "intent": Intent.SAID, "understood": "What Maren Holt said"} | more
    return Answer(passages=passages, **given)


FERRY = an_article(
    "“Nobody sails tonight, and nobody argues with the sea,” harbour master Maren Holt said on Thursday.",
    "Holt said that the pier would be closed until the wind drops. Mayor Otto Brandt called the closure "
    "“an insult to every visitor” and said he would open a gate of his own.",
)
BRIDGE = an_article(
    "The town council denied that the bridge is unsafe.",
    id="bridge",
    title="Council on the bridge",
    outlet=None,
    url=None,
    published=None,
)
STORED = (
    StoredArticle(
        article=FERRY,
        quotes=(
            a_quote(
                FERRY,
                1,
                "Nobody sails tonight, and nobody argues with the sea,",
                source="harbour master Maren Holt",
                when="2024-03-14",
            ),
            a_quote(
                FERRY,
                2,
                "that the pier would be closed until the wind drops",
                kind=QuoteKind.INDIRECT,
                source="Holt",
            ),
            a_quote(
                FERRY,
                2,
                "the closure “an insult to every visitor”",
                kind=QuoteKind.MIXED,
                speaker=OTTO,
                cue="called",
                source="Mayor Otto Brandt",
            ),
        ),
    ),
    StoredArticle(
        article=BRIDGE,
        quotes=(
            a_quote(
                BRIDGE,
                1,
                "that the bridge is unsafe",
                kind=QuoteKind.INDIRECT,
                speaker=COUNCIL,
                cue="denied",
                source="The town council",
                confidence=0.3,
            ),
        ),
    ),
)


class ShelfLibrary:
    """Answers from a few articles by plain comparison of words; keeps what a `Library` promises.

    Attributes:
        asked: the questions with their context, in order.
        failing: raised instead of an answer.
        gate: look-ups wait until it is set.
    """

    def __init__(self, stored: Sequence[StoredArticle] = STORED) -> None:
        self.stored = tuple(stored)
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.failing: Exception | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.closed = False

    def claims(self) -> None:
        return None

    def board(self) -> None:
        return None

    def ask(self, text, *, context=(), asked=None, limit=None) -> Answer:
        self.asked.append((text, tuple(context)))
        self._look()
        if not text.strip() or len(text) > 1000:
            raise QuestionError("A question has between 1 and 1,000 characters.")
        if text.startswith("who spoke about"):
            said = [p for speaker in self._speakers() for p in self.said(speaker.id).passages]
            return an_answer(*said[:limit], intent=Intent.WHO_SPOKE, understood=text)
        words = " ".join((*context, text)).lower()
        for speaker in self._speakers():
            if speaker.name.split()[-1].lower() in words:
                said = self.said(speaker.id, limit=limit)
                return replace(said, intent=Intent.TIMELINE) if "over time" in words else said
        for stored in self.stored:
            for paragraph in stored.article.paragraphs[1:]:
                if any(len(w) > 4 and w in paragraph.text.lower() for w in text.lower().rstrip("?").split()):
                    passage = a_passage(stored.article, *stored.quotes, number=paragraph.number, answering=0)
                    return an_answer(passage, intent=Intent.PLAIN, understood=text)
        return an_answer(
            understood=f"Paragraphs about: {text}",
            reason=f"Nothing on record about “{text}”.",
            did_you_mean=("Maren Holt",),
        )

    def asks(self, text, *, context=()) -> bool:
        self._look()
        return text.rstrip().endswith("?")

    def said(self, speaker, *, about=None, since=None, until=None, outlet=None, asked=None, limit=None) -> Answer:
        self._look()
        known = next((s for s in self._speakers() if speaker.lower() in {s.id, s.name.lower()}), None)
        if known is None:
            return an_answer(reason=f"Nobody called “{speaker}” is on record.", did_you_mean=("Maren Holt",))
        passages = []
        for stored in self.stored:
            for paragraph in stored.article.paragraphs:
                own = [
                    q
                    for q in stored.quotes
                    if q.paragraph == paragraph.number and q.speaker == known and (about or "") in q.content[0].text
                ]
                if own:
                    passages.append(a_passage(stored.article, *own, number=paragraph.number))
        understood = f"What {known.name} said" + (f" about {about}" if about else "")
        if not passages:
            return an_answer(understood=understood, speaker=known, reason=f"Nothing by {known.name} about {about}.")
        return an_answer(*passages[:limit], understood=understood, speaker=known, topic=about)

    def show(self, reference: str) -> tuple[StoredArticle, int | None]:
        self._look()
        article_id, _, number = reference.partition("#")
        for stored in self.stored:
            if stored.article.id == article_id:
                return stored, int(number) if number else None
        raise UnknownReference(f"Nothing stored is called {reference}.")

    def speakers(self, prefix: str = "", *, limit: int = 25) -> tuple[PersonEntry, ...]:
        self._look()
        return tuple(
            PersonEntry(speaker=speaker, articles=1, statements=2)
            for speaker in self._speakers()
            if prefix.lower() in speaker.name.lower()
        )[:limit]

    def topics(self, typed="", *, speaker=None, limit=25) -> tuple[str, ...]:
        self._look()
        known = {"maren-holt": ("the pier", "wind"), None: ("Ferry to stay in port",)}.get(speaker, ())
        return tuple(topic for topic in known if typed.lower() in topic.lower())[:limit]

    def outlets(self, typed="", *, limit=25) -> tuple[str, ...]:
        return tuple(name for name in self.coverage().outlets if typed.lower() in name.lower())[:limit]

    def coverage(self) -> Coverage:
        self._look()
        day = date(2024, 3, 14)
        return Coverage(
            articles=len(self.stored),
            paragraphs=3,
            statements=4,
            speakers=3,
            first_day=day,
            last_day=day,
            outlets={"The Selby Lamp": 1},
        )

    def close(self) -> None:
        self.closed = True

    def _look(self) -> None:
        self.gate.wait(30)
        if self.failing:
            raise self.failing

    def _speakers(self) -> list[Speaker]:
        return list(dict.fromkeys(q.speaker for stored in self.stored for q in stored.quotes if q.speaker))
