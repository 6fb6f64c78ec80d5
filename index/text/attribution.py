"""Who said what in an article: the statements with their words, cue, source and speaker, as exact spans."""

import re
from dataclasses import replace

from index.model import Article, Quote, QuoteKind, Span, Speaker, SpeakerKind
from index.text import sources
from index.text.coreference import FEMALE, MALE, referent
from index.text.drafts import Draft
from index.text.manner import is_attitude, manner_of
from index.text.naming import named_in
from index.text.reading import Block, proper_words, read
from index.text.roles import fullest_role
from index.text.speakers import Cast, Person
from index.text.statements import drafts
from index.text.time_words import Told, carried, is_dated, when_said
from index.text.unnamed import begins_time, body_elsewhere, kind_of_phrase, named_elsewhere

ATTRIBUTOR_VERSION = 14
LEAST = 0.43
LEAST_WITHOUT_CUE = 0.25
LEAST_OF_A_NOUN = 0.5
_MOST_OF_UNCLEAR = 0.4  # confidence where it is one of several with that surname


def attribute(article: Article) -> tuple[Quote, ...]:
    """The statements of an article, in the order of their words.

    Args:
        article: cleaned; one in another language than English has none.

    Returns:
        Quotes whose spans are exact: `paragraph.text[start:end] == span.text`.
    """
    if article.language != "en":
        return ()
    proper = proper_words(p.text for p in article.paragraphs if p.number)
    blocks = [read(p.number, i, p.text, proper) for i, p in enumerate(article.paragraphs)]
    quotes = _Namer(article, blocks).quotes(drafts(blocks))
    quotes.sort(key=lambda q: (q.content[0].paragraph, q.content[0].start))
    return tuple(quotes)


def _is_clause(made: Draft) -> bool:
    """Whether the content is a clause, not a mere object of the cue."""
    marks = made.sentence.marks
    return any(marks[first] == "T" or "V" in made.sentence.outline(first, last) for first, last in made.units)


def _is_to_come(made: Draft) -> bool:
    """Whether the cue tells of words that nobody has said yet ("will tell them"): a plan."""
    words, at = made.sentence.lower, made.place - 1
    while at >= 0 and (words[at].endswith("ly") or words[at] in {"also", "then", "again"}):
        at -= 1
    return at >= 0 and words[at] in {"will", "shall"}


_POINTING = frozenset("him her them me us you who whom".split())
_SHORT = 20  # characters


class _Namer:
    """Turns drafts into quotes: names their speakers in reading order, each pronoun after what stands before it."""

    def __init__(self, article: Article, blocks: list[Block]) -> None:
        self._article = article
        self._blocks = blocks
        self._cast = Cast(blocks)
        self._number = {id(sentence): number for block in blocks for number, sentence in enumerate(block.sentences)}
        self._speakers: dict[str, Speaker] = {}
        self._keys: dict[int, str] = {}
        self._unnamed_keys: dict[str, str] = {}
        self._last: Person | None = None
        self._last_block = -9

    def quotes(self, made: list[Draft]) -> list[Quote]:
        """The quotes that the drafts become; a role printed with the last one is known to the first."""
        named: dict[int, list[Person | tuple[str, SpeakerKind]]] = {}
        kept = [draft for draft in made if draft.probability >= _least(draft)]
        kept.sort(key=lambda draft: (draft.block, self._number[id(draft.sentence)], draft.place))
        for draft in made:
            if draft.follows is not None and id(draft.follows) not in named:
                named[id(draft.follows)] = []
        for draft in kept:
            who = named.get(id(draft.follows), []) if draft.follows is not None else self._who(draft)
            named[id(draft)] = who
            first = who[0] if who else None
            if draft.side == "H" and not (isinstance(first, Person) and first.person and len(first.name) > 1):
                draft.probability = 0.0  # "Harwick: a city in trouble"
            if draft.phrase[0] == 0 and draft.sentence.tags[0] == "w" and not who:
                draft.probability = 0.0  # "Who said that the pier leaks?"
            if self._only_points(draft):
                draft.probability = 0.0  # "thanked him"
            if isinstance(first, Person) and first.person and draft.sentence.inside < 0:
                self._last, self._last_block = first, draft.block
        kept = [draft for draft in kept if draft.probability]
        return self._on_their_days(kept, [self._quote(draft, named[id(draft)]) for draft in kept])

    def _only_points(self, draft: Draft) -> bool:
        """Whether the content is pronouns alone, outside quotation marks: there are no words to show."""
        if draft.quotations or sum(end - start for _, start, end in draft.pieces) > _SHORT:
            return False
        words = [self._blocks[block].text[start:end].lower() for block, start, end in draft.pieces]
        return all(word in _POINTING for text in words for word in text.split())

    @staticmethod
    def _on_their_days(kept: list[Draft], made: list[Quote]) -> list[Quote]:
        """The quotes with the day of the statement that they follow on, where none is printed with them."""
        told = [
            Told(
                quote.speaker.id if quote.speaker else "",
                draft.block,
                quote.when,
                is_dated(draft.sentence, draft.units),
            )
            for draft, quote in zip(kept, made, strict=True)
        ]
        days = carried(told)
        return [
            quote if quote.when == day or quote.attitude else replace(quote, when=day)
            for quote, day in zip(made, days, strict=True)
        ]

    def _quote(self, draft: Draft, who: list[Person | tuple[str, SpeakerKind]]) -> Quote:
        speakers = [self._speaker(one) if isinstance(one, Person) else self._unnamed(*one) for one in who]
        carrier = draft.follows or draft
        word = draft.sentence.lower[draft.place] if draft.place >= 0 else "said"
        own = draft.place >= 0
        kind = self._kind(draft)
        return Quote(
            kind=kind,
            content=tuple(self._span(*piece) for piece in sorted(draft.pieces)),
            cue=self._span(draft.block, *_cue(draft)) if own else None,
            source=self._source(carrier),
            speaker=speakers[0] if speakers else None,
            also=tuple(speaker for speaker in dict.fromkeys(speakers[1:]) if speaker != speakers[0]),
            when=when_said(draft.sentence, draft.place, draft.units, self._article.day) if own else None,
            manner=manner_of(word),
            attitude=own
            and draft.side not in "TSIH"
            and (
                (_is_to_come(draft) and kind is not QuoteKind.DIRECT)
                or is_attitude(word, quoted=bool(draft.quotations), clause=_is_clause(draft))
            ),
            confidence=round(min(_MOST_OF_UNCLEAR if _unclear(who) else 0.99, draft.probability), 3),
        )

    def _span(self, block: int, start: int, end: int) -> Span:
        text = self._blocks[block].text
        return Span(paragraph=self._blocks[block].number, start=start, end=end, text=text[start:end])

    def _source(self, draft: Draft) -> Span | None:
        if draft.phrase == sources.NONE:
            return None
        first, last = draft.whole
        while last > first + 1 and draft.sentence.tags[last - 1] in ",:":
            last -= 1
        return self._span(draft.block, draft.sentence.begins[first], draft.sentence.ends[last - 1])

    def _kind(self, draft: Draft) -> QuoteKind:
        inside = 0
        pieces: dict[int, list[tuple[int, int]]] = {}
        for block, start, end in draft.pieces:
            pieces.setdefault(block, []).append((start, end))
        for block, number in draft.quotations:
            quotation = self._blocks[block].quotations[number]
            inside += sum(max(0, min(e, quotation.end) - max(s, quotation.start)) for s, e in pieces.get(block, ()))
        total = sum(end - start for _, start, end in draft.pieces)
        if not inside:
            return QuoteKind.INDIRECT
        return QuoteKind.DIRECT if inside >= 0.95 * total else QuoteKind.MIXED

    def _who(self, draft: Draft) -> list[Person | tuple[str, SpeakerKind]]:
        """The people, or the unnamed, of a source."""
        if draft.phrase == sources.NONE:
            return []
        sentence, (first, last), (begin, end) = draft.sentence, draft.phrase, draft.whole
        number = self._number[id(sentence)]
        word = sentence.lower[first]
        if draft.side == "T" and sentence.words[first:last] == ["A"]:
            answering = self._cast.principal()
            return [answering] if answering else []
        if last - first == 1 and (word in MALE or word in FEMALE):
            after = bool(draft.quotations) and draft.side != "R"
            who = referent(
                self._cast, word, draft.block, number, first, self._last, self._last_block, after_quotation=after
            )
            return [who] if who else []
        if word in ("who", "which") and first and last - first == 1:
            begin, end = sources.before_relative(sentence, first)
            if begin < 0:
                return []
            first, last = begin, end
        elif last - first == 1 and sentence.tags[first] in "pwdo":
            return []
        people = named_in(self._cast.at(draft.block, number), sentence, (first, last), (begin, end))
        if people:
            return list(people)
        other = named_elsewhere(self._cast, draft) or body_elsewhere(self._cast, draft, number)
        if other:
            return [other]
        # "the mayor, who ..." is named "the mayor", "the plan in recent months" is "the plan"
        end = next((unit for unit in range(begin + 1, end) if sentence.tags[unit] in ",:(w"), end)
        end = next((unit for unit in range(begin + 1, end) if begins_time(sentence, unit)), end)
        text = self._span(draft.block, sentence.begins[begin], sentence.ends[end - 1]).text
        return [(text, kind_of_phrase(sentence, (first, last)))]

    def _key(self, name: str) -> str:
        slug = "-".join(re.findall(r"\w+", name.lower())) or "speaker"
        key, count = f"{self._article.id}:{slug}", 2
        while key in self._speakers:
            key = f"{self._article.id}:{slug}-{count}"
            count += 1
        return key

    def _unnamed(self, text: str, kind: SpeakerKind) -> Speaker:
        known = self._unnamed_keys.get(text.lower())
        if known is None:
            known = self._unnamed_keys[text.lower()] = self._key(text)
            self._speakers[known] = Speaker(id=known, name=text, kind=kind)
        return self._speakers[known]

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
                role=fullest_role(who.roles),
                kind=SpeakerKind.PERSON if who.person else SpeakerKind.ORGANISATION,
                aliases=tuple(sorted(aliases)),
            )
        return self._speakers[key]


def _unclear(who: list[Person | tuple[str, SpeakerKind]]) -> bool:
    """Whether the article doesn't tell which of several with one surname speaks."""
    return any(isinstance(one, Person) and one.unclear for one in who)


def _least(draft: Draft) -> float:
    """The probability below which a draft is dropped."""
    if draft.place < 0:
        return LEAST_WITHOUT_CUE
    return LEAST_OF_A_NOUN if draft.sentence.tags[draft.place] == "N" else LEAST


def _cue(draft: Draft) -> tuple[int, int]:
    """The cue's code points; "according to" is two words."""
    sentence, place = draft.sentence, draft.place
    last = (
        place + 1 if sentence.lower[place] == "according" and sentence.lower[place + 1 : place + 2] == ["to"] else place
    )
    return sentence.begins[place], sentence.ends[last]
