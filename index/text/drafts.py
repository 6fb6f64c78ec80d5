"""A statement before anybody is named: where its cue, source and content stand."""

from dataclasses import dataclass, field

from index.text.reading import Sentence

Piece = tuple[int, int, int]  # block, start, end in code points


@dataclass(slots=True)
class Draft:
    """A statement whose speaker is not named yet.

    Attributes:
        block, sentence, place: where its cue stands.
        phrase: the units of its source's head phrase, or sources.NONE; whole: of all of its source.
        pieces: the content, in reading order.
        probability: that its speaker and words are right.
        side: where the content stands, as clauses.SIDES; or T a turn of talk, S signed, A announced by a colon,
            I an item of a list, H behind a name in a headline.
        shares: how sure the choices of cue, source, side and extent were.
        units: [first, last) of its content in its sentence.
        quotations: (block, number) of the quotations that the content holds.
        relations: how it stands to the other drafts of its sentence, see confidence.relate.
        follows: the draft whose speaker goes on speaking here, for a statement without a cue of its own.
    """

    block: int
    sentence: Sentence
    place: int
    phrase: tuple[int, int]
    whole: tuple[int, int]
    pieces: list[Piece]
    probability: float
    quotations: list[tuple[int, int]] = field(default_factory=list)
    follows: "Draft | None" = None
    side: str = "R"
    shares: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    units: list[tuple[int, int]] = field(default_factory=list)
    relations: str = ""
