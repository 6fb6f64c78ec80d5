"""How the embedded store writes nouns down: compact JSON, compressed, with a checksum by which damage is noticed."""

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from pydantic_core import from_json, to_json

from index.model import Article, Paragraph, PersonEntry, Quote, QuoteKind, Span, Speaker, SpeakerKind
from index.storage.embedded.keys import key_of
from index.storage.records import Document, PersonRow, Revision, SourceState, Terms, Unit
from index.storage.statements import Kept, Paragraphs

_UNITS = tuple(Unit)
_QUOTE_KINDS = {kind.value: kind for kind in QuoteKind}  # a look-up is several times faster than the call
_SPEAKER_KINDS = {kind.value: kind for kind in SpeakerKind}


def dumps(value: object) -> bytes:
    """Compact JSON; lone surrogates survive the round trip."""
    try:
        return to_json(value)  # several times faster than json, which alone writes lone surrogates
    except ValueError:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def loads(data: bytes) -> Any:  # noqa: ANN401 -- whatever JSON holds
    """What `dumps` was given."""
    try:
        return from_json(data)  # several times faster than json, which alone reads lone surrogates
    except ValueError:
        return json.loads(data.decode("utf-8", "surrogatepass"))


def pack(data: bytes, near: bytes = b"") -> bytes:
    """Compresses; `near` is a text that shares much with the data and will be at hand when it is unpacked."""
    packer = zlib.compressobj(6, zdict=near) if near else zlib.compressobj(6)
    return packer.compress(data) + packer.flush()


def unpack(data: bytes, near: bytes = b"") -> bytes:
    """What `pack` was given.

    Raises:
        ValueError: the bytes are not what was packed.
    """
    try:
        unpacker = zlib.decompressobj(zdict=near) if near else zlib.decompressobj()
        whole = unpacker.decompress(data) + unpacker.flush()
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if not unpacker.eof:
        raise ValueError("the stored bytes end early")
    return whole


SUM = 12  # bytes of a checksum


def checksum(data: bytes) -> bytes:
    """Twelve bytes that change when the data does."""
    return hashlib.blake2b(data, digest_size=SUM).digest()


# ---------------------------------------------------------------------------------------------------------------
# Articles and quotes


def article_row(article: Article) -> list[object]:
    """An article as JSON takes it."""
    return [
        article.id,
        article.title,
        article.outlet,
        article.url,
        article.authors,
        article.published,
        article.language,
        article.content_hash,
        [(p.number, p.text) for p in article.paragraphs],
        article.aliases,
    ]


def article_of(row: Sequence[Any], *, lazily: bool = False) -> Article:
    """The article of such a row; its paragraphs are made when they are looked at, where that is wanted."""
    identity, rows = row[0], row[8]
    return Article(
        id=identity,
        title=row[1],
        outlet=row[2],
        url=row[3],
        authors=tuple(row[4]),
        published=row[5],
        language=row[6],
        content_hash=row[7],
        paragraphs=Paragraphs(identity, rows)
        if lazily
        else tuple(Paragraph(article_id=identity, number=n, text=t) for n, t in rows),
        aliases=tuple((short, long) for short, long in row[9]),
    )


def speaker_row(speaker: Speaker) -> list[object]:
    """A speaker as JSON takes it."""
    return [speaker.id, speaker.name, speaker.role, speaker.kind, speaker.aliases]


def speaker_of(row: Sequence[Any]) -> Speaker:
    """The speaker of such a row."""
    return Speaker(id=row[0], name=row[1], role=row[2], kind=_SPEAKER_KINDS[row[3]], aliases=tuple(row[4]))


def _span_of(row: Sequence[Any], texts: Mapping[int, str]) -> Span:
    number, start, end = row[:3]
    return Span(paragraph=number, start=start, end=end, text=row[3] if len(row) > 3 else texts[number][start:end])


def quotes_row(quotes: Iterable[Quote], texts: Mapping[int, str] | None = None) -> list[Any]:
    """Quotes, with each different speaker written once, and without words that stand in the texts, by number."""
    texts = texts or {}
    speakers: dict[Speaker, int] = {}
    places: dict[int, int] = {}  # by identity: one speaker makes many statements

    def place(speaker: Speaker) -> int:
        known = places.get(id(speaker))
        if known is None:
            known = places[id(speaker)] = speakers.setdefault(speaker, len(speakers))
        return known

    def span(each: Span) -> tuple[int, int, int] | tuple[int, int, int, str]:
        number, start, end, text = each.paragraph, each.start, each.end, each.text
        same = number in texts and texts[number][start:end] == text
        return (number, start, end) if same else (number, start, end, text)

    rows = [
        [
            quote.kind,
            [span(each) for each in quote.content],
            span(quote.cue) if quote.cue else None,
            span(quote.source) if quote.source else None,
            place(quote.speaker) if quote.speaker else None,
            [place(speaker) for speaker in quote.also],
            quote.when,
            quote.manner,
            quote.attitude,
            quote.confidence,
        ]
        for quote in list(quotes)  # all of them are kept meanwhile, so that no identity comes twice
    ]
    return [[speaker_row(speaker) for speaker in speakers], rows]


def quotes_of(row: Sequence[Any]) -> tuple[Quote, ...]:
    """The quotes of such a row."""
    speakers = [speaker_of(each) for each in row[0]]
    return tuple(_quote_of(each, speakers, {}) for each in row[1])


def statements_of(row: Sequence[Any], texts: Mapping[int, str], article_id: str | None = None) -> Kept:
    """The same, each made when it is looked at; words that the row leaves out are those of the texts, by number.

    Args:
        row: of speakers and of statements.
        texts: of the paragraphs.
        article_id: whose id the speakers' keys are to begin with that are written short; None where they are whole.
    """
    speakers, rows = _Speakers(row[0], article_id), row[1]
    own = getattr(rows, "within", None)  # where they are not parsed yet
    return Kept(
        count=len(rows),
        make=lambda place: _quote_of(rows[place], speakers, texts),
        within=own or (lambda number: [k for k, each in enumerate(rows) if any(s[0] == number for s in each[1])]),
        speaking=lambda: [_speaking(each, speakers, texts) for each in rows],
        speakers=lambda: [speakers[place] for place in range(len(row[0]))],
    )


class _Speakers:
    """Speakers of an article by their place, each made when it is looked at first."""

    __slots__ = ("_article_id", "_made", "_rows")

    def __init__(self, rows: Sequence[Any], article_id: str | None) -> None:
        self._rows = rows
        self._article_id = article_id
        self._made: dict[int, Speaker] = {}

    def __getitem__(self, place: int) -> Speaker:
        made = self._made.get(place)
        if made is None:
            row = self._rows[place]
            if self._article_id is not None:
                row = [key_of(self._article_id, row[0]), *row[1:]]
            made = self._made[place] = speaker_of(row)
        return made


def _speaking(row: Sequence[Any], speakers: _Speakers, texts: Mapping[int, str]) -> tuple[Speaker | None, str]:
    source, speaker = row[3], row[4]
    words = "" if source is None else source[3] if len(source) > 3 else texts[source[0]][source[1] : source[2]]
    return None if speaker is None else speakers[speaker], words


def _quote_of(row: Sequence[Any], speakers: Sequence[Speaker] | _Speakers, texts: Mapping[int, str]) -> Quote:
    kind, content, cue, source, speaker, also, when, manner, attitude, confidence = row
    return Quote(
        kind=_QUOTE_KINDS[kind],
        content=tuple(_span_of(span, texts) for span in content),
        cue=_span_of(cue, texts) if cue else None,
        source=_span_of(source, texts) if source else None,
        speaker=None if speaker is None else speakers[speaker],
        also=tuple(speakers[each] for each in also),
        when=when,
        manner=manner,
        attitude=attitude,
        confidence=confidence,
    )


def revisions_row(revisions: Iterable[Revision]) -> list[object]:
    """Earlier versions as JSON takes them."""
    return [[each.content_hash, each.replaced.isoformat(), each.lost] for each in revisions]


def revisions_of(row: Sequence[Any]) -> tuple[Revision, ...]:
    """The earlier versions of such a row."""
    return tuple(
        Revision(content_hash=content_hash, replaced=datetime.fromisoformat(replaced), lost=tuple(lost))
        for content_hash, replaced, lost in row
    )


# ---------------------------------------------------------------------------------------------------------------
# What the engine indexes


_ARTICLE, _PARAGRAPH, _STATEMENT = _UNITS


def _checked(document: Document) -> str:
    identity, begin = document.id, document.article_id
    if document.unit is not _ARTICLE:
        begin = f"{begin}#{document.number}"
    whole = identity == begin
    if document.unit is _STATEMENT:
        place = identity[len(begin) + 1 :]
        whole = identity.startswith(f"{begin}.") and place.isdecimal() and str(int(place)) == place
    if not whole:
        raise ValueError(f"{document.id!r} is no id of a {document.unit} of {document.article_id!r}")
    return identity


def _joined(terms: Sequence[str]) -> str | Sequence[str]:
    """One string, which is read several times faster than a list, where no term holds a space."""
    joined = " ".join(terms)
    return joined if joined.count(" ") == max(0, len(terms) - 1) and "" not in terms else terms


def documents_row(documents: Iterable[Document]) -> list[list[Any]]:
    """Documents as JSON takes them: unit, id, number, fields, day, outlet, speakers, attitude.

    Raises:
        ValueError: an id is not of its unit's form, from which engines put it together again.
    """
    documents = list(documents)
    joined: dict[int, str | Sequence[str]] = {}  # by identity: a paragraph's terms stand with each of its statements

    def written(terms: Terms) -> str | Sequence[str]:
        if isinstance(terms, str):
            return terms
        found = joined.get(id(terms))
        if found is None:
            found = joined[id(terms)] = _joined(terms)
        return found

    return [
        [
            0 if each.unit is _ARTICLE else 1 if each.unit is _PARAGRAPH else 2,
            _checked(each),
            each.number,
            {name: written(terms) for name, terms in each.fields.items()},
            each.day.isoformat() if each.day else None,
            each.outlet,
            sorted(each.speakers) if each.speakers else [],
            each.attitude,
        ]
        for each in documents
    ]


def documents_of(article_id: str, rows: Sequence[Any]) -> list[Document]:
    """The documents of such rows."""
    return [
        Document(
            unit=_UNITS[unit],
            id=identity,
            article_id=article_id,
            number=number,
            fields={
                name: tuple(terms.split(" ") if isinstance(terms, str) and terms else terms)
                for name, terms in fields.items()
            },
            day=date.fromisoformat(day) if day else None,
            outlet=outlet,
            speakers=frozenset(speakers),
            attitude=attitude,
        )
        for unit, identity, number, fields, day, outlet, speakers, attitude in rows
    ]


# ---------------------------------------------------------------------------------------------------------------
# Persons and sources

_POLLING_TIMES = frozenset({"last_poll", "next_poll", "failing_since"})
_POLLING = ("title", "address", "etag", "last_modified", "interval", "failures", *sorted(_POLLING_TIMES))


def person_row(row: PersonRow) -> list[object]:
    """A person as JSON takes one, without the forms under which it is found."""
    entry = row.entry
    roles = [
        [role, first.isoformat() if first else None, last.isoformat() if last else None]
        for role, first, last in entry.roles
    ]
    return [speaker_row(entry.speaker), sorted(entry.keys), entry.articles, entry.statements, roles]


def person_of(row: Sequence[Any]) -> PersonEntry:
    """The person of such a row."""
    speaker, keys, articles, statements, roles = row
    return PersonEntry(
        speaker=speaker_of(speaker),
        keys=keys if isinstance(keys, Set) else frozenset(keys),
        articles=articles,
        statements=statements,
        roles=tuple(
            (role, date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None)
            for role, first, last in roles
        ),
    )


def source_row(source: SourceState) -> list[object]:
    """A source as JSON takes it; what only polled sources have is a mapping at the end."""
    polling = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name in _POLLING
        if (value := getattr(source, name))
    }
    success = source.last_success.isoformat() if source.last_success else None
    return [source.name, source.kind, source.articles, source.statements, success, source.last_error, polling]


@lru_cache(maxsize=2_048)  # the same thousand feeds are read and written with every change
def packed_source(source: SourceState) -> bytes:
    """A source as the tables hold it."""
    return dumps(source_row(source))


@lru_cache(maxsize=2_048)
def packed_source_of(data: bytes) -> SourceState:
    """What `packed_source` was given."""
    return source_of(loads(data))


def source_of(row: Sequence[Any]) -> SourceState:
    """The source of such a row, or of one that was written before there was polling."""
    name, kind, articles, statements, success, error, *polling = row
    told = {key: value for key, value in (polling[0] if polling else {}).items() if key in _POLLING}
    for key in _POLLING_TIMES & told.keys():
        told[key] = datetime.fromisoformat(told[key])
    return SourceState(
        name=name,
        kind=kind,
        articles=articles,
        statements=statements,
        last_success=datetime.fromisoformat(success) if success else None,
        last_error=error,
        **told,
    )
