"""Builders: small articles with statements, the documents an engine would get for them, and a store that holds them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from index.model import Article, Paragraph, PersonEntry, Quote, QuoteKind, Span, Speaker, SpeakerKind
from index.storage.base import Store
from index.storage.records import Document, PersonRow, StoredArticle, Unit


def a_speaker(name="Mara Quill", *, article_id="a", role=None, kind=SpeakerKind.PERSON, aliases=()):
    key = f"{article_id}:{name.casefold().replace(' ', '-')}"
    return Speaker(id=key, name=name, role=role, kind=kind, aliases=aliases)


def a_quote(text="the bridge will open", *, paragraph=1, start=0, speaker=None, also=(), attitude=False):
    return Quote(
        kind=QuoteKind.MIXED,
        content=(Span(paragraph=paragraph, start=start, end=start + len(text), text=text),),
        cue=Span(paragraph=paragraph, start=0, end=2, text=text[:2]),
        speaker=speaker,
        also=also,
        when="2021-03-04",
        attitude=attitude,
        confidence=0.75,
    )


def an_article(
    article_id="a",
    *paragraphs,
    title="A bridge for Harrowby",
    outlet="The Harrowby Post",
    published="2021-03-04",
    quotes=None,
    speaker=None,
    source="papers",
    item=None,
    raw='{"text": "as it came"}',
    attributor=1,
    **history,
):
    texts = (title, *(paragraphs or ("the bridge will open in spring , the mayor said",)))
    article = Article(
        id=article_id,
        title=title,
        outlet=outlet,
        url=f"https://example.org/{article_id}",
        authors=("Ilse Ferro", "Tom O’Day"),
        published=published,
        content_hash=f"hash of {article_id}",
        paragraphs=tuple(Paragraph(article_id=article_id, number=n, text=t) for n, t in enumerate(texts)),
        aliases=(("Quill", "Mara Jane Quill"),),
    )
    if quotes is None:
        quotes = (a_quote(texts[1], speaker=speaker or a_speaker(article_id=article_id)),)
    return StoredArticle(
        article=article,
        quotes=tuple(quotes),
        raw=raw,
        source=source,
        item=article_id if item is None else item,
        raw_hash=f"raw {article_id}",
        attributor=attributor,
        **history,
    )


def a_text(content_hash):
    """An article by what its content is known."""
    return replace(an_article("a").article, content_hash=content_hash)


def documents_of(stored: StoredArticle) -> list[Document]:
    """The three units of an article, analysed by splitting at spaces."""
    article = stored.article
    common = {"article_id": article.id, "day": article.day, "outlet": article.outlet and article.outlet.lower()}
    title = tuple(article.title.lower().split())
    speakers = frozenset(s.id for q in stored.quotes for s in q.speakers)
    documents = [
        Document(
            unit=Unit.ARTICLE,
            id=article.id,
            number=0,
            fields={"body": tuple(w for p in article.paragraphs for w in p.text.lower().split()), "title": title},
            speakers=speakers,
            **common,
        )
    ]
    documents += [
        Document(
            unit=Unit.PARAGRAPH,
            id=f"{article.id}#{p.number}",
            number=p.number,
            fields={"body": tuple(p.text.lower().split()), "title": title},
            speakers=frozenset(s.id for q in stored.quotes if q.paragraph == p.number for s in q.speakers),
            **common,
        )
        for p in article.paragraphs
    ]
    documents += [
        Document(
            unit=Unit.STATEMENT,
            id=f"{article.id}#{q.paragraph}.{k}",
            number=q.paragraph,
            fields={"body": tuple(w for s in q.content for w in s.text.lower().split())},
            speakers=frozenset(s.id for s in q.speakers),
            attitude=q.attitude,
            **common,
        )
        for k, q in enumerate(stored.quotes)
    ]
    return documents


def a_document(
    identity="a#1", text="", *, unit=Unit.PARAGRAPH, fields=None, day=None, outlet=None, speakers=(), attitude=False
) -> Document:
    article_id, _, rest = identity.partition("#")
    return Document(
        unit=unit,
        id=identity,
        article_id=article_id,
        number=int(rest.partition(".")[0] or 0),
        fields={"body": tuple(text.split())} if fields is None else fields,
        day=date.fromisoformat(day) if day else None,
        outlet=outlet,
        speakers=frozenset(speakers),
        attitude=attitude,
    )


def put_documents(store: Store, documents: Iterable[Document], *, full: bool = False) -> None:
    """One change that puts these documents in, each article with a plain text of its own."""
    by_article: dict[str, list[Document]] = {}
    for document in documents:
        by_article.setdefault(document.article_id, []).append(document)
    with store.write(full=full) as writer:
        for article_id, mine in by_article.items():
            writer.put(an_article(article_id, quotes=()), mine)
        writer.commit()


def put_articles(store: Store, articles: Sequence[StoredArticle], *, full: bool = False) -> int:
    with store.write(full=full) as writer:
        for stored in articles:
            writer.put(stored, documents_of(stored))
        return writer.commit()


def a_person(identity="p1", name="Mara Quill", *, names=None, keys=(), statements=1, roles=(), articles=1, family=""):
    folded = name.casefold()
    return PersonRow(
        entry=PersonEntry(
            speaker=Speaker(id=identity, name=name),
            keys=frozenset(keys),
            articles=articles,
            statements=statements,
            roles=tuple((role, date(2021, 3, 4), None) for role in roles),
        ),
        names=frozenset(names or {folded, folded.split()[-1]}),
        role_terms=tuple(frozenset(role.casefold().split()) for role in roles),
        family=family,
    )
