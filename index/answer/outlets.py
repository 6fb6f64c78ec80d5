"""Takes the outlet out of a question: "in the times", "according to breitbart", "what did the courier report"."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from index.answer.forms import lowered, tidy
from index.text.analyzer import fold

_PLACED = r"(?:according\s+to|in|by|from|via|per|reported\s+by)\s+(?:the\s+)?"
_AFTER = r"(?=\W*$|,|\s+(?:says?|articles?|story|stories|piece|reports?|coverage|about|on|regarding)\b)"
_ASKS = r"(?=\W*$|,|\s+(?:what|who|how|why|when|where|did|does|has)\b)"
_REPORTED = (
    r"(?:report|reported|reports|write|wrote|writes|print|printed|publish|published|run|ran|cover|covered|say|said)"
)
_ABOUT = r"(?:\s+(?:about|on|regarding))\s+"


def take_outlet(text: str, outlets: Iterable[str]) -> tuple[str, str | None]:
    """The question without the outlet that it names, and that outlet as the index spells it, or None."""
    lower = lowered(text)
    longest: tuple[int, int, str] = (0, 0, "")
    for form, outlet in _named(tuple(outlets)):
        if form not in lower:
            continue
        name = re.escape(form)
        for pattern in (
            rf"\b{_PLACED}{name}(?:'s\s+\w+)?{_AFTER}",
            rf"^according\s+to\s+(?:the\s+)?{name}{_ASKS}",
            rf"^(?:what|anything)\s+(?:did|does|has)\s+(?:the\s+)?{name}\s+{_REPORTED}{_ABOUT}",
        ):
            match = re.search(pattern, lower)
            if match and match.end() - match.start() > longest[1] - longest[0]:
                longest = (match.start(), match.end(), outlet)
    start, end, found = longest
    return (tidy(f"{text[:start]} {text[end:]}"), found) if found else (text, None)


@lru_cache(maxsize=8)
def _named(outlets: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """What each outlet goes by, and its name."""
    last = Counter(word for outlet in outlets for word in fold(outlet).split()[-1:])
    return tuple((form, outlet) for outlet in outlets for form in sorted(_forms(outlet, last)))


def _forms(outlet: str, last: Counter[str]) -> set[str]:
    """The outlet's name in full, without "The" and "News", without ".com", initials, a last word that is its alone."""
    name = fold(outlet)
    words = [w for w in name.split() if w not in {"the", "news"}] or name.split()
    found = {name, " ".join(words), re.sub(r"\.(?:com|org|net|co\.uk)$", "", name)}
    if len(words) > 1 and (words[-1] in {"times", "post", "journal"} or (last[words[-1]] == 1 and len(words[-1]) > 5)):
        found.add(words[-1])
    if len(words) > 2:
        found.add("".join(word[0] for word in words))
    return {form for form in found if form}
