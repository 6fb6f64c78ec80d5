"""Finds where the words on the right of a cue begin and end."""

import re

from index.text.cues import known_cues, likely_cues
from index.text.reading import Sentence

_OPENERS = frozenset("that whether if how why what who which where to as of for about on".split())
_BREAKS = frozenset(
    "and but while as because after when before though although which who where since or so in during on at".split()
)
TIMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday tonight earlier later recently week "
    "month year night morning afternoon evening weekend repeatedly again now then".split()
)
_JOINTS = frozenset(["and", "but", "while", ",", "as"])
_REACH = 16
_SOON = 6  # units
_FINITE = re.compile("[Vvm]")
_PAUSE = re.compile("[,.:]")
_LONG = 60  # units; the outline of a longer content tells nothing


def right_starts(sentence: Sentence, place: int, first: int) -> list[int]:
    """Units at which content on the right may begin; `first` is the first unit after the cue and its source."""
    lower, tags = sentence.lower, sentence.tags
    size = len(tags)
    start = first
    while start < size and tags[start] in ",:":
        start += 1
    found = [start] if start < size else []
    seen: set[str] = set()
    for unit in range(start + 1, min(size, first + _REACH)):
        word, tag = lower[unit], tags[unit]
        if word in _OPENERS and word not in seen:
            seen.add(word)
            found.append(unit)
        elif (tag in "Qq" and "Q" not in seen) or (tags[unit - 1] in ",:" and tag not in ",:."):
            found.append(unit)
            if tag in "Qq":
                seen.add("Q")
        elif sentence.phrase_at[unit - 1] >= 0 and sentence.phrase_at[unit] != sentence.phrase_at[unit - 1]:
            phrase = "after" + str(len([s for s in seen if s.startswith("after")]))
            if len(seen) < 6 and phrase not in ("after2", "after3"):
                seen.add(phrase)
                found.append(unit)
        if len(found) > 9:
            break
    if place + 1 < first and first - place > 1 and tags[place + 1] not in ",:" and place + 1 not in found:
        found.append(place + 1)
    return found


def with_negation(sentence: Sentence, start: int) -> int:
    """Where content begins that is chosen to begin with "to": with the "not" or "never" right before it, if any."""
    lower = sentence.lower
    return start - 1 if start and lower[start] == "to" and lower[start - 1] in ("not", "never") else start


def start_features(sentence: Sentence, place: int, options: list[int], first: int) -> list[list[str]]:
    """What speaks for content on the right beginning at each unit."""
    lower, tags = sentence.lower, sentence.tags
    word, finite = lower[place], sentence.finite
    found: list[list[str]] = []
    for rank, unit in enumerate(options):
        own, own_tag = lower[unit], tags[unit]
        lead, lead_tag = lower[unit - 1], tags[unit - 1]
        gap = tags[first:unit]
        size = len(gap)
        short = gap if size < 4 else f"{gap[:2]}~{gap[-1]}"
        shown = own if own_tag in 'iwtdpcr"Qqm' else own_tag
        here = "1" if unit == first else "0"
        found.append(
            [
                f"z={here}{'1' if unit < first else '0'}",
                f"zw={here}/{word}",
                f"o={shown}",
                f"ow={word}/{shown}",
                f"g={short}",
                f"gw={word}/{gap[:1]}{'1' if size > 2 else '0'}",
                f"l={lead}" if lead_tag not in "NPVvj" else f"l={lead_tag}",
                f"lo={lead_tag}{shown}",
                f"v={min(2, finite[unit] - finite[first]) if size else 0}{own_tag}",
                f"k={min(rank, 4)}/{own_tag}",
                f"p={lead_tag}{own_tag}{'1' if size > 3 else '0'}",
                f"t={'01'[own in TIMES]}{'01'[lead in TIMES]}{own_tag}",
                f"tw={'01'[not TIMES.isdisjoint(lower[unit : unit + 3])]}{'01'[bool(size)]}/{own_tag}",
                f"G={sentence.outline(first, unit)}",
            ]
        )
    return found


def right_ends(sentence: Sentence, start: int) -> list[int]:
    """Units before which content that begins at `start` may end; the sentence's end comes first."""
    lower, tags = sentence.lower, sentence.tags
    size = len(tags)
    stop = size
    while stop > start + 1 and tags[stop - 1] in ".:":
        stop -= 1
    found = [stop]
    for unit in range(start + 1, stop):
        tag = tags[unit]
        if tag == "," and unit + 1 < size and _is_year(lower[unit + 1]):
            continue  # "in April, 2012"
        if tag in ",:(" or (lower[unit] in _BREAKS and tags[unit - 1] not in ",:(") or tags[unit - 1] == "Q":
            found.append(unit)
        if len(found) > 11:
            break
    return found


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdigit() and word[:2] in ("19", "20")


def next_report(sentence: Sentence, start: int) -> int:
    """The unit after `start` at which another report begins ("... and [Ben Okoro said]"), or -1."""
    lower, marks, at = sentence.lower, sentence.marks, sentence.phrase_at
    known = known_cues()
    for unit in range(start + 1, min(len(lower) - 2, start + 60)):
        if lower[unit] not in _JOINTS or at[unit + 1] < 0 or marks[unit + 1] == "w":
            continue
        end = sentence.phrases[at[unit + 1]][1]
        while end < len(lower) and marks[end] in "rm":
            end += 1
        if end < len(lower) and sentence.tags[end] in "Vv" and known.get(lower[end], 0) >= 6:
            return unit
    return -1


def main_clause(sentence: Sentence, place: int, stops: list[int]) -> int:
    """The stop at which "who said that ..." gives way to the clause around it ("..., came late"), or -1."""
    if "who" not in sentence.lower[max(0, place - 2) : place]:
        return -1
    tags = sentence.tags
    return min((u for u in stops if u + 1 < len(tags) and tags[u] == "," and tags[u + 1] in "Vvm"), default=-1)


def is_named(sentence: Sentence, unit: int) -> bool:
    """Whether the phrase at `unit` ends with a name."""
    phrase = sentence.phrase_at[unit]
    return phrase >= 0 and sentence.tags[sentence.phrases[phrase][1] - 1] == "P"


def _cue_ahead(likely: list[int], tags: str, unit: int) -> str:
    """The next likely cue within six units, before any comma: its tag and how near it is."""
    for at in likely:
        if at > unit:
            if at > unit + _SOON or _PAUSE.search(tags, unit + 1, at):
                break
            return f"{tags[at]}{min(3, at - unit)}"
    return "-"


def end_features(sentence: Sentence, place: int, start: int, options: list[int], report: int) -> list[list[str]]:
    """What speaks for content that begins at `start` ending before each unit, the first of which is the sentence's end.

    Args:
        sentence: where the cue stands.
        place: the cue's unit.
        start: where the content begins.
        options: as `right_ends` gives them.
        report: where another report begins, or -1.
    """
    lower, tags, size = sentence.lower, sentence.tags, len(sentence.tags)
    word, tag = lower[place], tags[place]
    start_tag = lower[start] if tags[start] in 'iwtQ"' else tags[start]
    opened = "1" if tags[start] in "Qq" else "0"
    lead = sentence.outline(max(0, place - 8), place)[-4:]
    under = "A" if "A" in lead else "w" if "w" in lead else "T" if "T" in lead else "-"
    left = "L" if place and sentence.marks[max(0, place - 6)] == "w" else "-"
    sign, finite, last = sentence.sign, sentence.finite, options[0]
    likely = [at for at in likely_cues(sentence) if at >= start]
    found: list[list[str]] = []
    for rank, unit in enumerate(options):
        length = unit - start
        told_before = finite[unit] - finite[start]
        some = min(2, told_before)
        inner = sentence.outline(start, unit) if length < _LONG else "~"
        fresh = "-" if report < 0 else "=" if unit == report else "<" if unit < report else ">"
        if not rank:
            commas = min(2, tags.count(",", start, unit))
            found.append(
                [
                    f"Fw={word}",
                    f"Fs={start_tag}",
                    f"Fcv={commas}{some}/{tag}",
                    f"FU={under}{some}{commas}",
                    f"FL={min(2, len(likely))}",
                ]
            )
            continue
        own, own_tag = (lower[unit], tags[unit]) if unit < size else ("$", "$")
        after, after_tag = (lower[unit + 1], tags[unit + 1]) if unit + 1 < size else ("$", "$")
        after2 = tags[unit + 2] if unit + 2 < size else "$"
        last_tag = tags[unit - 1]
        length_class = length if length < 4 else 5 if length < 7 else 8 if length < 12 else 13
        next_cue = _cue_ahead(likely, tags, unit)
        shown = own if own_tag in "icwr,:(" else own_tag
        after_shown = after if after_tag in "icwtmrp" else after_tag
        short = sentence.outline(unit, unit + 9)[:3]
        here, then = sign(unit), sign(unit + 1)
        stop = options[rank + 1] if rank + 1 < len(options) else last
        finite_ahead = _FINITE.search(tags, unit, unit + 7)
        verb = lower[finite_ahead.start()] if finite_ahead else "-"
        reporter = next((at for at in likely if at >= unit), -1)
        ahead_by = str(min(4, reporter - unit)) if reporter >= 0 else "-"
        found.append(
            [
                f"y1={'01'['Q' in tags[unit:last]]}/{here}",
                f"y3={rank}/{len(options)}",
                f"y4={min(5, (last - unit) // 4)}/{min(5, length // 4)}",
                f"y5={sign(stop) if stop < last else '$'}/{here}",
                f"y6={'01'[finite[stop] > finite[unit]]}/{here}/{then}",
                f"z2={tag}/{verb}",
                f"z4={lower[unit - 1]}/{here}" if last_tag in "NPj" else f"z4={last_tag}",
                f"z5={after}",
                f"l2={ahead_by}/{'01'[bool(likely) and likely[0] < unit]}/{here}",
                f"oa={shown}>{after_shown}",
                f"oaa={own_tag}{after_tag}{after2}",
                f"l={last_tag}{own_tag}",
                f"q={'1' if last_tag == 'Q' else '0'}{opened}{own_tag}",
                f"s={start_tag}/{own_tag}{some}",
                f"n={length_class}{own_tag}",
                f"c={next_cue}/{own_tag}",
                f"k={min(3, rank)}{own_tag}{min(3, (size - unit) // 4)}",
                f"x={fresh}",
                f"U={under}/{short}",
                f"Uo={under}{left}/{shown}/{some}",
                f"A3s={short}/{start_tag}",
                f"Is={inner[:3]}/{own_tag}{some}",
                f"A3={short}/{shown}/{some}",
            ]
        )
    return found
