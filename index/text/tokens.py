"""First station of attribution: cuts a paragraph into tokens with code point offsets, in time linear in its length."""

import re

_ABBREVIATIONS = (
    "Mr|Mrs|Ms|Dr|Sen|Sens|Rep|Reps|Gov|Govs|Gen|Col|Lt|Sgt|Capt|Cmdr|Maj|Adm|Rev|Hon|Prof|Pres|Sec|Atty|Amb|St|Jr|Sr"
    "|Jan|Feb|Mar|Apr|Aug|Sept|Sep|Oct|Nov|Dec|Ariz|Calif|Colo|Conn|Fla|Ga|Ill|Ind|Kan|Ky|La|Mass|Md|Mich|Minn|Miss"
    "|Mo|Mont|Neb|Nev|Okla|Ore|Pa|Tenn|Tex|Va|Vt|Wash|Wis|Wyo|vs|Inc|Corp|Co|Ltd|Bros|Ph\\.D|M\\.D|No"
)

TOKEN = re.compile(
    rf"""
    \s*+(                                        # skipped at once, without trying the rest at each space
    [A-Za-z]+(?=[ ,])                             # most words, likewise
    | \b[RDI]-(?:(?:[A-Z]\.)+|[A-Z][a-z]+\.?)     # R-Ohio, D-N.Y.
    | (?:[A-Za-z]\.){{2,}}                          # U.S., p.m.
    | \b(?:then-|ex-)?(?:{_ABBREVIATIONS})\.(?=\s|,|\)|-|$)     # Mr., Sen.
    | \b[A-Z]\.(?=\s?[A-Z])                       # an initial
    | \d+(?:-[a-z]+)+                            # 70-year-old
    | [$£€]?\d+(?:[.,:]\d+)*%?                    # amounts, years, times
    | ['’][sS]\b                                  # the possessive, or a shortened "is"
    | [^\W_]+(?:[-&_]+[^\W_]+|['’](?![sS]\b)[^\W_]+)*   # words, O'Malley, don't, so-called
    | ``|''|\.\.\.+|--+                           # marks of two characters and more
    | \S
    )
    """,
    re.VERBOSE,
)

OPENING = frozenset("“„«‘")
CLOSING = frozenset("”»’")
MARKS = frozenset(["“", "”", "„", "«", "»", '"', "''", "``", "‘", "’", "'"])


def tokenise(text: str) -> tuple[list[str], list[int]]:
    """The tokens of a paragraph and where each begins."""
    words: list[str] = TOKEN.findall(text.rstrip())
    starts: list[int] = []
    place = 0
    for word in words:
        place = text.find(word, place)
        starts.append(place)
        place += len(word)
    return words, starts
