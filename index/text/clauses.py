"""Finds on which side of a cue the words that it reports stand, and where those on its left begin."""

from index.text.cues import known_cues, likely_cues
from index.text.reading import Sentence

SIDES = ("R", "L", "B", "X")  # right, left, both, elsewhere


def core(place: int, source: tuple[int, int]) -> tuple[int, int]:
    """The stretch [first, last) that the cue and a source next to it take up."""
    first, last = source
    if first < 0:
        return place, place + 1
    if last <= place:
        return (first, place + 1) if place - last < 16 else (place, place + 1)
    return (place, last) if first - place < 6 else (place, place + 1)


def side_features(sentence: Sentence, place: int, source: tuple[int, int]) -> list[str]:
    """What tells on which side of the cue its content stands; the caller adds the side's letter."""
    lower, tags = sentence.lower, sentence.tags
    first, last = core(place, source)
    word, tag = lower[place], tags[place]
    where = "-" if source[0] < 0 else ("L" if source[1] <= place else "R")
    right = tags[last : last + 2] or "$"
    left = tags[max(0, first - 2) : first] or "^"
    quotes = f"{'01'['Q' in tags[:first]]}{'01'['Q' in tags[last:]]}"
    rest = len(tags) - last
    rest_class = rest if rest < 4 else 5 if rest < 8 else 9
    finite = sentence.finite
    verbs_right = min(2, finite[-1] - finite[last])
    verbs_left = min(2, finite[first])
    n1 = lower[last] if last < len(lower) else "$"
    sign = sentence.sign
    before, after = sign(first - 1), sign(last)
    likely = likely_cues(sentence)
    others = f"{min(2, sum(unit < first for unit in likely))}{min(2, sum(unit >= last for unit in likely))}"
    return [
        "b",
        f"w={word}",
        f"ws={word}/{where}",
        f"r={right}",
        f"r1={n1}" if right[0] not in "NPj#" else "r1",
        f"wrl={where}{left[-1]}{right[0]}",
        f"lq={left[-1]}{quotes}/{where}",
        f"q={quotes}/{rest_class}",
        f"v={verbs_left}{verbs_right}{left[-1]}{where}",
        f"t={tag}{where}{left[-1]}",
        f"wP={word}/{sentence.outline(last, last + 5)[:2]}",
        f"rr={after}/{sign(last + 1)}",
        f"ll={before}/{sign(first - 2)}",
        f"lr={before}/{after}",
        f"o={others}/{before}",
        f"b={sign(0)}/{'01'[first == 0]}",
        f"n={min(6, rest)}/{min(6, first)}",
    ]


def left_starts(sentence: Sentence, end: int) -> list[int]:
    """Units at which content on the left of `end` may begin; the sentence's first unit comes first."""
    tags = sentence.tags
    found = [0]
    for unit in range(end - 1, 0, -1):
        if (
            tags[unit - 1] in ",:"
            or tags[unit] == "Q"
            or sentence.lower[unit] in ("that", "but", "and")
            or sentence.lower[unit - 1] in ("but", "and")
        ):
            found.append(unit)
        if len(found) > 7:
            break
    return found


def left_start_features(sentence: Sentence, options: list[int], end: int, place: int) -> list[list[str]]:
    """What speaks for content before the cue at `place`, ending at `end`, beginning at each unit."""
    lower, tags = sentence.lower, sentence.tags
    known = known_cues()
    quoted_end = tags[end - 1] if end else "$"
    sign, word, finite = sentence.sign, lower[place], sentence.finite
    end_sign = sign(end - 1)
    found: list[list[str]] = []
    for rank, unit in enumerate(options):
        lead, lead_tag = (lower[unit - 1], tags[unit - 1]) if unit else ("^", "^")
        tag = tags[unit]
        before_path = sentence.outline(max(0, unit - 9), unit)[-4:]
        path = sentence.outline(unit, unit + 9)[:4]
        earlier = min(2, finite[unit])
        inner = min(2, finite[end] - finite[unit])
        cue = any(known.get(word, 0) >= 5 for word in lower[max(0, unit - 6) : unit])
        whole = "1" if unit == 0 else "0"
        found.append(
            [
                f"t={tag}/{whole}",
                f"l={lead}" if lead_tag not in "NPVvj" else "l",
                f"lt={lead_tag}{tag}",
                f"q={quoted_end}{tag}{whole}",
                f"v={earlier}{inner}{lead_tag}",
                f"c={'01'[cue]}{whole}{lead_tag}",
                f"k={min(rank, 3)}{quoted_end}",
                f"w={lower[unit]}" if tag in "cwirdp" else "w",
                f"P={before_path}",
                f"Pa={before_path[-2:]}>{path[:3]}",
                f"Pz={path}/{whole}",
                f"Pl={before_path[-3:]}/{lead}",
                f"x1={sign(unit)}>{sign(unit + 1)}",
                f"x3={word}/{whole}",
                f"x7={rank}/{len(options)}",
                f"x8={end_sign}/{whole}/{inner}{earlier}",
            ]
        )
    return found
