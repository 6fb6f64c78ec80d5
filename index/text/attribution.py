"""Who said what in an article: the statements with their words, cue, source and speaker, as exact spans."""

import re

from index.model import Article, Quote, QuoteKind, Span, Speaker, SpeakerKind
from index.text import sources
from index.text.coreference import FEMALE, MALE, referent
from index.text.manner import is_attitude, manner_of
from index.text.reading import Block, outline, read
from index.text.speakers import Cast, Person
from index.text.statements import Draft, drafts
from index.text.time_words import when_said
from index.text.unnamed import kind_of_phrase, named_later

ATTRIBUTOR_VERSION = 1
LEAST = 0.4


def attribute(article: Article) -> tuple[Quote, ...]:
    """The statements of an article, in the order of their words.

    Args:
        article: cleaned; one in another language than English has none.

    Returns:
        Quotes whose spans are exact: `paragraph.text[start:end] == span.text`.
    """
    if article.language != "en":
        return ()
    proper = _proper(article)
    blocks = [read(p.number, i, p.text, proper) for i, p in enumerate(article.paragraphs)]
    namer = _Namer(article, blocks)
    quotes = [quote for made in drafts(blocks) for quote in [namer.quote(made)] if quote]
    quotes.sort(key=lambda q: (q.content[0].paragraph, q.content[0].start))
    return tuple(quotes)


_MID_CAPITAL = re.compile(r"(?<=[a-z,] )[A-Z][\w’'-]+")


def _proper(article: Article) -> frozenset[str]:
    """Words that stand capitalised in the middle of ordinary sentences."""
    found: set[str] = set()
    for paragraph in article.paragraphs[1:]:
        found.update(_MID_CAPITAL.findall(paragraph.text))
    return frozenset(found)


def _is_clause(made: Draft) -> bool:
    """Whether the content is a clause, not a mere object of the cue."""
    marks = made.sentence.marks
    return any(marks[first] == "T" or "V" in outline(marks[first:last]) for first, last in made.units)


class _Namer:
    """Turns drafts into quotes: names their speakers in reading order, each pronoun after what stands before it."""

    def __init__(self, article: Article, blocks: list[Block]) -> None:
        self._article = article
        self._blocks = blocks
        self._cast = Cast(blocks)
        self._number = {
            id(sentence): number for block in blocks for number, sentence in enumerate(block.sentences)
        }
        self._speakers: dict[str, Speaker] = {}
        self._keys: dict[int, str] = {}
        self._of: dict[int, tuple[list[Speaker], Person | None, Span | None]] = {}
        self._last: Person | None = None
        self._last_block = -9

    def quote(self, made: Draft) -> Quote | None:
        """The quote that a draft becomes, or None when it is too unlikely."""
        if made.probability < LEAST:
            return None
        if made.follows is not None:
            speakers, person, source = self._of.get(id(made.follows), ([], None, None))
            cue = None
        else:
            speakers, person = self._name(made)
            source = self._source(made)
            cue = self._span(made.block, made.sentence.begins[made.place], made.sentence.ends[made.place])
        self._of[id(made)] = (speakers, person, source)
        if person and person.person and made.sentence.inside < 0:
            self._last, self._last_block = person, made.block
        word = made.sentence.lower[made.place] if made.place >= 0 else "said"
        content = tuple(self._span(*piece) for piece in sorted(made.pieces))
        return Quote(
            kind=self._kind(made),
            content=content,
            cue=cue,
            source=source,
            speaker=speakers[0] if speakers else None,
            also=tuple(speakers[1:]),
            when=when_said(made.sentence, made.place, self._article.day) if made.place >= 0 else None,
            manner=manner_of(word),
            attitude=made.follows is None and is_attitude(word, quoted=bool(made.quotations), clause=_is_clause(made)),
            confidence=round(min(0.99, made.probability), 3),
        )

    def _span(self, block: int, start: int, end: int) -> Span:
        text = self._blocks[block].text
        return Span(paragraph=self._blocks[block].number, start=start, end=end, text=text[start:end])

    def _source(self, made: Draft) -> Span | None:
        if made.phrase == sources.NONE:
            return None
        first, last = made.whole
        while last > first + 1 and made.sentence.tags[last - 1] in ",:":
            last -= 1
        return self._span(made.block, made.sentence.begins[first], made.sentence.ends[last - 1])

    def _kind(self, made: Draft) -> QuoteKind:
        inside = total = 0
        for block, start, end in made.pieces:
            total += end - start
            for quotation in self._blocks[block].quotations:
                if quotation.end > start and quotation.start < end:
                    inside += min(end, quotation.end) - max(start, quotation.start)
        if not inside:
            return QuoteKind.INDIRECT
        return QuoteKind.DIRECT if inside >= 0.95 * total else QuoteKind.MIXED

    def _name(self, made: Draft) -> tuple[list[Speaker], Person | None]:
        if made.phrase == sources.NONE:
            return [], None
        number = self._number[id(made.sentence)]
        first, last = made.phrase
        word = made.sentence.lower[first]
        if last - first == 1 and (word in MALE or word in FEMALE):
            who = referent(self._cast, word, made.block, number, first, self._last, self._last_block)
            return ([self._speaker(who)], who) if who else ([], None)
        people = [place.who for place in self._cast.at(made.block, number) if first <= place.first and place.last <= last]
        if people and made.sentence.tags[last - 1] == "P":
            who = people[-1]
            return [self._speaker(who)], who
        if last - first == 1 and made.sentence.tags[first] in "pwdo":
            return [], None
        later = named_later(self._cast, self._blocks, made, number)
        if later:
            return [self._speaker(later)], later
        text = self._span(made.block, made.sentence.begins[first], made.sentence.ends[last - 1]).text
        return [self._unnamed(text, kind_of_phrase(made.sentence, made.phrase))], None

    def _key(self, name: str) -> str:
        slug = "-".join(re.findall(r"\w+", name.lower())) or "speaker"
        key, count = f"{self._article.id}:{slug}", 2
        while key in self._speakers:
            key = f"{self._article.id}:{slug}-{count}"
            count += 1
        return key

    def _unnamed(self, text: str, kind: SpeakerKind) -> Speaker:
        slug = "-".join(re.findall(r"\w+", text.lower())) or "speaker"
        key = f"{self._article.id}:{slug}"
        if key not in self._speakers:
            self._speakers[key] = Speaker(id=key, name=text, kind=kind)
        return self._speakers[key]

    def _speaker(self, who: Person) -> Speaker:
        key = self._keys.get(id(who))
        if key is None:
            key = self._keys[id(who)] = self._key(who.shown)
            aliases = {form for form in who.forms if form != who.shown}
            for name, longer in self._article.aliases:
                if name in who.forms or name == who.shown:
                    aliases.add(longer)
            self._speakers[key] = Speaker(
                id=key,
                name=who.shown,
                role=who.roles[0] if who.roles else None,
                kind=SpeakerKind.PERSON if who.person else SpeakerKind.ORGANISATION,
                aliases=tuple(sorted(aliases)),
            )
        return self._speakers[key]
