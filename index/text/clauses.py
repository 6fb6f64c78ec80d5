"""Finds the words that a cue reports: on which side of it they stand, and where they begin and end."""

from index.text.cues import known_cues
from index.text.reading import Sentence

SIDES = ("R", "L", "B", "X")  # right, left, both, elsewhere
_OPENERS = frozenset("that whether if how why what who which where to as of for about on".split())
_BREAKS = frozenset(
    "and but while as because after when before though although which who where since or so in during on at".split()
)
_REACH = 16


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
    ahead = min(first, 4)
    verbs_right = min(2, sum(tags.count(t, last) for t in "Vvm"))
    verbs_left = min(2, sum(tags.count(t, 0, first) for t in "Vvm"))
    n1 = lower[last] if last < len(lower) else "$"
    opener = next(
        (lower[u] for u in range(last, min(len(lower), last + 8)) if lower[u] in ("that", '"', "whether")), "-"
    )
    return [
        "b",
        f"w={word}",
        f"ws={word}/{where}",
        f"r={right}",
        f"r1={n1}" if right[0] not in "NPj#" else "r1",
        f"wrl={where}{left[-1]}{right[0]}",
        f"l={left}",
        f"lq={left[-1]}{quotes}/{where}",
        f"q={quotes}/{rest_class}",
        f"o={opener}/{left[-1]}",
        f"v={verbs_left}{verbs_right}{left[-1]}{where}",
        f"vr={verbs_right}{rest_class}{left[-1]}",
        f"va={verbs_left}{ahead}{right[0]}",
        f"a={ahead}/{left[-1]}{rest_class}",
        f"t={tag}{where}{left[-1]}",
        f"i={'01'[sentence.inside >= 0]}{left[-1]}",
        f"Pr={where}{sentence.outline(last, last + 8)[:4]}",
        f"Pl={where}{sentence.outline(max(0, first - 8), first)[-4:]}",
        f"wP={word}/{sentence.outline(last, last + 5)[:2]}",
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


def left_start_features(sentence: Sentence, unit: int, end: int, rank: int) -> list[str]:
    """What speaks for content on the left beginning at `unit`."""
    lower, tags = sentence.lower, sentence.tags
    lead = lower[unit - 1] if unit else "^"
    lead_tag = tags[unit - 1] if unit else "^"
    tag = tags[unit]
    length = min(4, (end - unit) // 3)
    quoted_end = tags[end - 1] if end else "$"
    before_path = sentence.outline(max(0, unit - 9), unit)[-4:]
    path = sentence.outline(unit, unit + 9)[:4]
    earlier = min(2, sum(tags.count(t, 0, unit) for t in "Vvm"))
    inner = min(2, sum(tags.count(t, unit, end) for t in "Vvm"))
    known = known_cues()
    cue = any(known.get(lower[u], 0) >= 5 for u in range(max(0, unit - 6), unit))
    return [
        f"z={'01'[unit == 0]}",
        f"t={tag}/{'01'[unit == 0]}",
        f"l={lead}" if lead_tag not in "NPVvj" else "l",
        f"lt={lead_tag}{tag}",
        f"n={length}{tag}",
        f"q={quoted_end}{tag}{'01'[unit == 0]}",
        f"v={earlier}{inner}{lead_tag}",
        f"c={'01'[cue]}{'01'[unit == 0]}{lead_tag}",
        f"k={min(rank, 3)}{quoted_end}",
        f"w={lower[unit]}" if tag in "cwirdp" else "w",
        f"ve={earlier}{quoted_end}{tag}",
        f"P={before_path}",
        f"Pa={before_path[-2:]}>{path[:3]}",
        f"Pz={path}/{'01'[unit == 0]}",
        f"Pl={before_path[-3:]}/{lead}",
    ]


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


def right_start_features(sentence: Sentence, place: int, unit: int, first: int, rank: int) -> list[str]:
    """What speaks for content on the right beginning at `unit`."""
    lower, tags = sentence.lower, sentence.tags
    word, tag = lower[place], tags[place]
    own, own_tag = lower[unit], tags[unit]
    lead, lead_tag = lower[unit - 1], tags[unit - 1]
    gap = tags[first:unit]
    short = gap if len(gap) < 4 else f"{gap[:2]}~{gap[-1]}"
    shown = own if own_tag in 'iwtdpcr"Qqm' else own_tag
    verbs = min(2, sum(gap.count(t) for t in "Vvm"))
    later = "that" if "that" in lower[unit + 1 : first + _REACH] else ""
    later += '"' if '"' in lower[unit + 1 : first + _REACH] else ""
    path = sentence.outline(first, unit)
    return [
        f"z={'01'[unit == first]}{'01'[unit < first]}",
        f"zw={'01'[unit == first]}/{word}",
        f"o={shown}",
        f"ow={word}/{shown}",
        f"ot={tag}/{shown}/{'01'[len(gap) == 0]}",
        f"g={short}",
        f"gw={word}/{gap[:1]}{'01'[len(gap) > 2]}",
        f"l={lead}" if lead_tag not in "NPVvj" else f"l={lead_tag}",
        f"lo={lead_tag}{shown}",
        f"v={verbs}{own_tag}",
        f"a={later}/{shown}/{'01'[len(gap) == 0]}",
        f"k={min(rank, 4)}/{own_tag}",
        f"n={tags[unit : unit + 2]}",
        f"p={lead_tag}{own_tag}{'01'[len(gap) > 3]}",
        f"G={path}",
        f"Gp={path}>{sentence.outline(unit, unit + 6)[:3]}",
    ]


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
        if tag in ",:(" or (lower[unit] in _BREAKS and tags[unit - 1] not in ",:(") or tags[unit - 1] == "Q":
            found.append(unit)
        if len(found) > 11:
            break
    return found


def next_report(sentence: Sentence, start: int) -> int:
    """The unit after `start` at which another report begins ("... and [Ben Okoro said]"), or -1."""
    lower, marks, at = sentence.lower, sentence.marks, sentence.phrase_at
    known = known_cues()
    for unit in range(start + 1, min(len(lower) - 2, start + 60)):
        if lower[unit] not in ("and", "but", "while", ",", "as") or at[unit + 1] < 0 or marks[unit + 1] == "w":
            continue
        end = sentence.phrases[at[unit + 1]][1]
        while end < len(lower) and marks[end] in "rm":
            end += 1
        if end < len(lower) and sentence.tags[end] in "Vv" and known.get(lower[end], 0) >= 6:
            return unit
    return -1


def is_named(sentence: Sentence, unit: int) -> bool:
    """Whether the phrase at `unit` ends with a name."""
    phrase = sentence.phrase_at[unit]
    return phrase >= 0 and sentence.tags[sentence.phrases[phrase][1] - 1] == "P"


def right_end_features(
    sentence: Sentence, place: int, start: int, unit: int, final: bool, rank: int, report: int
) -> list[str]:
    """What speaks for content that begins at `start` ending before `unit`; `report` is where another report begins."""
    lower, tags = sentence.lower, sentence.tags
    size = len(tags)
    word = lower[place]
    own, own_tag = (lower[unit], tags[unit]) if unit < size else ("$", "$")
    after, after_tag = (lower[unit + 1], tags[unit + 1]) if unit + 1 < size else ("$", "$")
    after2 = tags[unit + 2] if unit + 2 < size else "$"
    last_tag = tags[unit - 1]
    start_tag = lower[start] if tags[start] in 'iwtQ"' else tags[start]
    length = unit - start
    length_class = length if length < 4 else 5 if length < 7 else 8 if length < 12 else 13
    verbs = min(2, sum(tags.count(t, start, unit) for t in "Vvm"))
    known = known_cues()
    next_cue = "-"
    for ahead in range(unit + 1, min(size, unit + 7)):
        if known.get(lower[ahead], 0) >= 4:
            next_cue = tags[ahead] + str(min(3, ahead - unit))
            break
        if tags[ahead] in ",.:":
            break
    opened = tags[start] in "Qq"
    commas = min(2, tags.count(",", start, unit))
    shown = own if own_tag in "icwr,:(" else own_tag
    after_shown = after if after_tag in "icwtmrp" else after_tag
    remaining = min(3, (size - unit) // 4)
    marks = sentence.marks
    ahead_path = sentence.outline(unit, unit + 9)[:5]
    inner = sentence.outline(start, unit) if unit - start < 60 else "~"
    inner_end, inner_start = inner[-3:], inner[:3]
    subject = marks[place - 1 : place] or "^"
    lead = sentence.outline(max(0, place - 8), place)[-4:]
    under = "A" if "A" in lead else "w" if "w" in lead else "T" if "T" in lead else "-"
    told = next((t for t in tags[start:unit] if t in "Vvm"), "-")
    later = next((t for t in tags[unit : unit + 6] if t in "VvmngbQ"), "-")
    joins = f"{tags[place]}{told}{later}"
    left = "L" if lower[max(0, place - 9) : place] and marks[max(0, place - 6)] == "w" else "-"
    fresh = "-" if report < 0 else "=" if unit == report else "<" if unit < report else ">"
    if final:
        return [
            "F",
            f"Fx={fresh}",
            f"Fxt={fresh}{start_tag}",
            f"Fw={word}",
            f"Fs={start_tag}",
            f"Fl={last_tag}/{'01'[opened]}",
            f"Fc={commas}{'01'[opened]}",
            f"Fcv={commas}{verbs}/{tags[place]}",
            f"Fi={'01'[sentence.inside >= 0]}",
            f"Fp={inner_start}",
            f"Fn={length_class}",
            f"Fq={inner if len(inner) < 9 else len(inner)}",
            f"FU={under}{verbs}{commas}",
            f"Fu={subject}{tags[place]}/{start_tag}",
        ]
    return [
        f"o={shown}",
        f"oa={shown}>{after_shown}",
        f"oaa={own_tag}{after_tag}{after2}",
        f"l={last_tag}{own_tag}",
        f"q={'01'[last_tag == 'Q']}{'01'[opened]}{own_tag}",
        f"s={start_tag}/{own_tag}{verbs}",
        f"v={verbs}{shown}",
        f"n={length_class}{own_tag}",
        f"c={next_cue}/{own_tag}",
        f"ca={next_cue}/{after_tag}{verbs}",
        f"w={word}/{own_tag}",
        f"k={min(3, rank)}{own_tag}{remaining}",
        f"av={after_shown}/{verbs}",
        f"J={joins}/{shown}",
        f"x={fresh}",
        f"xo={fresh}{shown}",
        f"Ja={joins}/{ahead_path[:2]}",
        f"U={under}/{ahead_path[:3]}",
        f"Uo={under}{left}/{shown}/{verbs}",
        f"A={ahead_path}",
        f"A4={ahead_path[:4]}/{inner_end}",
        f"A3s={ahead_path[:3]}/{start_tag}",
        f"Is={inner_start}/{own_tag}{verbs}",
        f"A3={ahead_path[:3]}/{shown}/{verbs}",
        f"A3c={ahead_path[:3]}/{next_cue}",
        f"I={inner_end}{own_tag}",
        f"In={inner if len(inner) < 6 else len(inner)}/{ahead_path[:2]}",
        f"u={subject}{tags[place]}/{own_tag}{verbs}",
    ]
