"""Finds in a message the words that it quotes and the name that it gives them, to check them against the record."""

import re

_QUOTED = re.compile(r"[“\"„«]\s*([^“”\"„«»]{8,})\s*[”\"“»]")
_NAME = r"[^\W\d_][\w.'’-]*(?:\s+[\w.'’-]+){0,4}"
_NEAR = 150  # characters at either end of a message in which a name is looked for
_GIVEN = (
    re.compile(rf"[—–-]\s*({_NAME})\s*[.,]?\s*$"),  # "..." — Heather Nauert
    re.compile(rf"^\W*({_NAME})\s*(?::|\bsaid\b|\bsays\b)"),  # Nauert: "...", Nauert said "..."
    re.compile(rf"(?:\bsaid|\bsays|according to)\s+({_NAME})\s*[.,]?\s*$"),  # "...," said Nauert
)


def words_and_name(text: str) -> tuple[str, str | None]:
    """The longest quotation of a text, else the whole text; and who is said to have said it, where it tells.

    Args:
        text: a message of one line.
    """
    quotations = sorted(_QUOTED.findall(text), key=len, reverse=True)
    words = quotations[0] if quotations else text
    rest = text.replace(words, " ") if quotations else ""
    rest = re.sub(r"[“”\"„«»]", " ", rest).strip()
    near = rest if len(rest) <= 2 * _NEAR else f"{rest[:_NEAR]} … {rest[-_NEAR:]}"
    name = next((found.group(1) for form in _GIVEN if (found := form.search(near))), None)
    return words.strip(" ,.;"), name.rstrip(".,") if name else None
