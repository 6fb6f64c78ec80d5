"""An own-word corpus, attributed and stored for real: an invented harbour town, its people and their quarrels."""

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

from index.answer.answering import Answerer
from index.ingest.documents import documents
from index.model import Answer, Article, Paragraph, Question
from index.people import resolve
from index.storage.base import Snapshot
from index.storage.records import StoredArticle
from index.text.attribution import ATTRIBUTOR_VERSION, attribute
from tests.kept import store_at

ASKED = date(2024, 6, 28)


def an_article(article_id, title, *texts, outlet="Coast Wire", published="2024-06-05", authors=()):
    paragraphs = tuple(Paragraph(article_id=article_id, number=n, text=t) for n, t in enumerate((title, *texts)))
    return Article(
        id=article_id,
        title=title,
        outlet=outlet,
        url=f"https://example.org/{article_id}",
        authors=authors,
        published=published,
        content_hash=hashlib.sha256("\n".join(texts).encode()).hexdigest(),
        paragraphs=paragraphs,
    )


BRIDGE = an_article(
    "bridge",
    "Harwick closes its swing bridge for repairs",
    "The swing bridge at Harwick will stay shut until October, according to harbour board chair Ada Marsh.",
    "“Not one brick of the old pier will fall,” Marsh said on Tuesday. “We have checked every bolt twice.”",
    "Opponents were not convinced. Ferry captain Ben Okoro said the closure would ruin small traders along the quay.",
    "“Nobody asked the people who cross it at dawn,” he said.",
    "About 4,200 people cross the bridge on an ordinary day, a count in March showed.",
)
COPY = an_article(
    "copy",
    "Swing bridge shut until autumn",
    "The swing bridge at Harwick will stay shut until October, according to harbour board chair Ada Marsh.",
    "Okoro was not convinced.",
    outlet="Valley Daily",
    published="2024-06-06",
)
TOLL = an_article(
    "toll",
    "Toll plan divides Harwick",
    "Ada Marsh defended the planned toll on Wednesday, saying that it would pay for the bridge within nine years.",
    "Ben Okoro called the plan “a tax on nurses” and said he would fight it in court.",
    "The Harwick Chamber of Commerce said in a report that shops near the bridge had lost a fifth of their trade.",
    "Harwick Mayor Lena Voss said she would put the toll to a vote. “Let the town decide,” Voss said.",
    "Former mayor Karl Dunn said a vote would only waste a summer.",
    outlet="The Harwick Times",
    published="2024-06-12",
)
FLOOD = an_article(
    "flood",
    "Flood leaves Tarn valley without power",
    "Tarn Governor Elena Ruiz declared an emergency on Thursday after the river rose above the dam.",
    "“We will rebuild every house,” Ruiz said at a shelter in Tarn.",
    "A spokeswoman for the power company, Ines Bell, said that crews would need nine days.",
    "Tarn Mayor Otto Lind said the warning had come too late.",
    "Norrland Prime Minister Sara Holm told reporters that Norrland would send boats.",
    outlet="The Harwick Times",
    published="2024-06-20",
)
OPINION = an_article(
    "opinion",
    "Why the ferry matters",
    "A ferry is a promise that a town makes to its early risers.",
    "When the subsidies vanish, the promise goes with them, and no bridge toll will bring it back.",
    outlet="The Harwick Times",
    published="2024-06-15",
    authors=("Ben Okoro",),
)
COUSINS = an_article(
    "cousins",
    "Two views of the lighthouse",
    "Robert Hale said the lighthouse should be sold to pay for the new school.",
    "Nina Hale said the lighthouse should stay with the town, whatever the school costs.",
    "“A lighthouse is not a spare room,” Nina Hale said. Robert Hale said the auction could start in August.",
    published="2024-06-18",
)
NICKNAME = an_article(
    "nickname",
    "School waits for its roof",
    "Bob Hale said the roof of the school would be finished before winter.",
    published="2024-06-21",
    outlet="Valley Daily",
)
EARLIER = an_article(
    "earlier",
    "Board weighs a toll",
    "Ada Marsh said in March that a toll would never be needed.",
    published="2024-03-10",
    outlet="The Harwick Times",
)
ARTICLES = (BRIDGE, COPY, TOLL, FLOOD, OPINION, COUSINS, NICKNAME, EARLIER)


def stored(article: Article) -> StoredArticle:
    return StoredArticle(
        article=article, quotes=attribute(article), raw_hash=article.content_hash, attributor=ATTRIBUTOR_VERSION
    )


def a_library(home: Path, *articles: Article, group: str = "") -> Snapshot:
    store = store_at(home)
    with store.write() as writer:
        for article in articles or ARTICLES:
            whole = replace(stored(article), group=group)
            writer.put(whole, documents(article, whole.quotes))
        writer.set_people(resolve(writer.mentions()))
        writer.commit()
    return store.snapshot()


def ask(snapshot: Snapshot, text: str, *context: str, asked: date = ASKED, limit: int = 10) -> Answer:
    return Answerer(snapshot, limit=limit).answer(Question(text=text, asked=asked, context=context))


def shown(answer: Answer) -> list[str]:
    """ARTICLE#NUMBER of each passage."""
    return [passage.citation.reference for passage in answer.passages]


def said_by(answer: Answer) -> list[str | None]:
    """The speaker of each statement that answers."""
    return [
        quote.speaker.name if quote.speaker else None
        for passage in answer.passages
        for quote in passage.quotes[: passage.answering]
    ]
