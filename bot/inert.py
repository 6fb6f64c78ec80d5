"""Makes foreign text inert: whatever an article, a name or a question holds, Discord shows it as the letters it is."""

import re
import unicodedata

#: Marks that may stand on one letter; scripts that need several (Hebrew, Thai, Vietnamese) stay below this.
MARKS_PER_LETTER = 4

_JOINERS = "\u200c\u200d"  # they shape Persian and Indic words, and emoji
_BLANKS = "\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5"  # letters by their class, nothing to the eye

_ORDINARY = re.compile(r"[ -~¡-¬®-˿‐-‧‰-⁞]*")  # letters, marks and dashes of western writing, nothing to look at twice

_INLINE = re.compile(
    r"""
    [\\*_~|`<\[\]@]        # emphasis, spoilers, code, mentions, timestamps, custom emoji, masked links
    | :(?=//)              # an address would become a link
    | :(?=[\w+-]+:)        # :emoji:
    """,
    re.VERBOSE,
)
_FIRST = re.compile(r"(?:[#>+-]|\d{1,9}(?=[.)]))")  # a heading, a quotation, small print, a list


def width(text: str) -> int:
    """How long Discord may count a text: UTF-16 units, the larger of the two ways in which it counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def clean(text: str) -> str:
    """One line without controls, invisible or direction-changing characters, and without towers of marks."""
    if _ORDINARY.fullmatch(text):
        return " ".join(text.split())
    kept: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        if category in {"Mn", "Me"} and character not in _BLANKS:
            marks += 1
            if marks <= MARKS_PER_LETTER:
                kept.append(character)
            continue
        if character in _JOINERS:
            if kept and kept[-1] not in _JOINERS and not kept[-1].isspace():
                kept.append(character)
            continue
        marks = 0
        if character.isspace() or category in {"Cc", "Zl", "Zp"}:
            kept.append(" ")
        elif category in {"Cs", "Co"}:
            kept.append("\ufffd")
        elif category not in {"Cf", "Cn"} and character not in _BLANKS:
            kept.append(character)
    return " ".join("".join(kept).split())


def _escaped(text: str) -> str:
    inner = _INLINE.sub(lambda found: "\\" + found.group(), text)
    first = _FIRST.match(text)
    if first is None:
        return inner
    at = first.end() if first.group()[0].isdigit() else 0  # "1\." keeps a number from opening a list
    return inner[:at] + "\\" + inner[at:]


def escape(text: str, room: int | None = None) -> str:
    """The text cleaned and with every mark-up escaped; cut with "…" between words where it wouldn't fit.

    Args:
        text: foreign text.
        room: the most that the result may measure (`width`), at least 1; None for no bound.
    """
    plain = clean(text)
    if room is None:
        return _escaped(plain)
    if len(plain) <= room and width(whole := _escaped(plain)) <= room:
        return whole
    low, high = 0, min(len(plain), room)
    while low < high:  # the longest beginning that fits; escaping grows with the text
        middle = (low + high + 1) // 2
        if width(_escaped(_ended(plain[:middle]))) <= room:
            low = middle
        else:
            high = middle - 1
    return _escaped(_ended(_whole_words(plain, low)))


def cut(text: str, room: int) -> str:
    """The text cleaned and cut to the room, for places where Discord reads no mark-up (buttons, choices)."""
    plain = clean(text)
    if width(plain) <= room:
        return plain
    end = min(len(plain), room)
    while end and width(_ended(plain[:end])) > room:
        end -= 1
    return _ended(_whole_words(plain, end))


def unescape(text: str) -> str:
    """What `escape` was given, cleaned."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text)


def _ended(text: str) -> str:
    return text.rstrip() + "…"


def _whole_words(plain: str, end: int) -> str:
    """The beginning up to `end`, back to the last space when that costs little, never within a letter and its marks."""
    head = plain[:end]
    if end < len(plain) and not plain[end].isspace():
        space = head.rfind(" ")
        if space > 0 and space >= end - 40:
            return head[:space]
        while head and (unicodedata.combining(plain[len(head)]) or plain[len(head)] in _JOINERS):
            head = head[:-1]
    return head
