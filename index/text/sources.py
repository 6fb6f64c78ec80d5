"""Chooses who speaks: for a cue, the noun phrase of its sentence that is the source, or none."""

from index.text.cues import stem_of
from index.text.names import ORGANISATION_WORDS, TITLES, is_first_name, is_other_name
from index.text.reading import Sentence

NONE = (-1, -1)
_LEFT, _RIGHT = 5, 2
_LONG = 40  # units; the outline of a longer gap tells nothing
_BE = frozenset("is was were are been be".split())


def source_candidates(sentence: Sentence, place: int, previous: tuple[int, int] = NONE) -> list[tuple[int, int]]:
    """Noun phrases near the cue, nearest first, those on its left before those on its right; the last is "none"."""
    phrases, at = sentence.phrases, sentence.phrase_at
    found: list[tuple[int, int]] = []
    own = at[place]
    index = own if own >= 0 else _last_before(sentence, place)
    if own >= 0:
        first = phrases[own][0]
        if sentence.tags[first] == "o" and place > first:
            found.append((first, first + 1))
        for unit in range(place - 1, first, -1):
            if sentence.tags[unit] == "'":
                found.append((first, unit))
                break
        if place - first > 1 or (place > first and sentence.tags[first] in "PN"):
            found.append((first, place))
        index = own - 1
    near = phrases[max(0, index - _LEFT + 1) : index + 1]
    found.extend(reversed(near))
    right = (own if own >= 0 else index) + 1
    if not _subject_just_before(sentence, place):
        found.extend(phrases[right : right + _RIGHT])
    if phrases and index >= _LEFT:
        found.append(phrases[0])
    if previous != NONE and previous not in found:
        found.append(previous)
    found.append(NONE)
    return found


def _subject_just_before(sentence: Sentence, place: int) -> bool:
    """Whether a pronoun or name, itself the start of a clause, stands right before the cue: nobody else will do."""
    tags = sentence.tags
    unit = place - 1
    while unit >= 0 and tags[unit] in "rmV":
        unit -= 1
    if unit < 0 or tags[unit] not in "pP" or tags[place] == "n":
        return False
    first = sentence.phrases[sentence.phrase_at[unit]][0]
    return first == 0 or tags[first - 1] not in "VvbgntQqi"


def _last_before(sentence: Sentence, place: int) -> int:
    for unit in range(place - 1, -1, -1):
        if sentence.phrase_at[unit] >= 0:
            return sentence.phrase_at[unit]
    return -1


def source_features(
    sentence: Sentence, place: int, options: list[tuple[int, int]], previous: tuple[int, int]
) -> list[list[str]]:
    """What speaks for each phrase as the source of the cue at `place`; `previous` is that of the cue before."""
    lower, tags = sentence.lower, sentence.tags
    word, tag = lower[place], tags[place]
    before = tags[place - 1 : place] or "^"
    passive = tag == "n" and not _BE.isdisjoint(lower[max(0, place - 3) : place])
    verb = f"{tag}{'01'[passive]}"
    stem = stem_of(word)
    sign, outline, finite = sentence.sign, sentence.outline, sentence.finite
    ahead = sign(place + 1)
    found: list[list[str]] = []
    for phrase in options:
        if phrase == NONE:
            found.append(
                [
                    "0",
                    f"0w={word}",
                    f"0i={sentence.inside >= 0}",
                    f"0p={lower[place - 1] if place else '^'}",
                ]
            )
            continue
        first, last = phrase
        if last <= place:
            side, low, high = "L", last, place
        elif first > place:
            side, low, high = "R", place + 1, first
        else:
            side, low, high = "O", place, place
        gap, size = tags[low:high], high - low
        head, head_tag = lower[last - 1], tags[last - 1]
        kind = head if head_tag in "pow" else head_tag
        commas = min(3, gap.count(",") + gap.count(":")) if size else 0
        path = outline(low, high) if size < _LONG else "~"
        if len(path) > 7:
            path = f"{path[:3]}~{path[-3:]}"
        start = outline(first - 6, first)[-2:] or "^"
        lead_word, lead = (lower[first - 1], tags[first - 1]) if first else ("^", "^")
        follow = tags[last] if last < len(tags) else "$"
        key = f"{side}{commas}{min(2, finite[high] - finite[low])}"
        same = "1" if phrase == previous else "0"
        sided = f"P={side}{path}"
        outer = sign(first - 1)
        sort = _sort_of_head(sentence, first, last)
        found.append(
            [
                f"k={kind}/{side}",
                f"sw={side}/{word}",
                f"sw0={side}{'0' if size else '1'}/{word}",
                f"kq={key}/{'1' if 'Q' in gap else '0'}",
                f"kp={key}/{lead}/{head_tag}",
                f"l={side}{lead_word}" if lead in "icw,t:" else f"l={side}{lead}",
                f"fv={key}/{follow}",
                f"h={head}" if head_tag == "N" else f"h={head_tag}",
                f"ev={same}/{key}",
                f"b={side}{before}{tag}{commas}",
                sided,
                f"{sided}/{head_tag}",
                f"{sided}/{verb}",
                f"S={side}{start}/{commas}",
                f"by={'1' if lead_word == 'by' else '0'}/{verb}/{side}",
                f"K={sort}/{side}",
                f"Kw={sort}/{side}/{stem}",
                f"u1={side}/{outer}/{sign(last)}",
                f"u2={side}/{min(4, size)}/{ahead}",
                f"u5={lower[first]}" if tags[first] in "do#" else f"u5={tags[first]}",
            ]
        )
    return found


def _sort_of_head(sentence: Sentence, first: int, last: int) -> str:
    """The tag of a phrase's head; for a name, with what tells people from other names."""
    tag = sentence.tags[last - 1]
    if tag != "P":
        return tag
    if sentence.lower[last - 1] in ORGANISATION_WORDS:
        return "Po"
    if any(map(is_first_name, sentence.words[first : last - 1])):
        return "Pf"
    if not TITLES.isdisjoint(sentence.lower[first : last - 1]):
        return "Pt"
    return "Pn" if is_other_name(sentence.words[last - 1]) else "P"


def extended(sentence: Sentence, phrase: tuple[int, int], place: int) -> tuple[int, int]:
    """The whole source around its head phrase: "aides to Clinton", "friends and foes", "Ann Lee, a lawyer who ..."."""
    first, last = _leftwards(sentence, *phrase)
    if last <= place:
        return first, _up_to_cue(sentence, first, last, place)
    first = _apposed_to(sentence, first, place)
    end = _rightwards(sentence, last)
    if sentence.lower[place] == "according" and (not place or sentence.tags[place - 1] in 'c:"'):
        end = max(end, _up_to_comma(sentence, end))
    return first, end


def _apposed_to(sentence: Sentence, first: int, place: int) -> int:
    """Where a source that follows its cue begins: with "a spokesman" of "said a spokesman, [Ben Okoro]"."""
    tags, at = sentence.tags, sentence.phrase_at
    if first - 2 <= place or tags[first - 1] != "," or tags[first] != "P" or at[first - 2] < 0:
        return first
    begin, end = sentence.phrases[at[first - 2]]
    return begin if begin == place + 1 and end == first - 1 and tags[end - 1] == "N" else first


def _leftwards(sentence: Sentence, first: int, last: int) -> tuple[int, int]:
    """Take in what the phrase hangs on: "most voters in [Georgia]", "a woman in Ames, [Iowa]", "friends and [foes]"."""
    tags, at, phrases = sentence.tags, sentence.phrase_at, sentence.phrases
    if tags[first] in "pw":
        return first, last
    listed = False
    while first > 1 and last - first < _LONGEST:
        joined = _joined_at(sentence, first)
        if joined < 0 and listed and tags[first - 1] == ",":
            joined = first - 2  # "unions, [boards and many lawmakers]"
        listed = listed or (tags[first - 1] == "c" and tags[first - 2] == ",")
        own = at[joined] if joined >= 0 else -1
        if (
            own < 0
            or phrases[own][0] >= first
            or tags[phrases[own][0]] in "pw"
            or tags[phrases[own][0] - 1 : phrases[own][0]] in tuple("Vvbgnmt")
        ):
            break
        first = phrases[own][0]
    return first, last


def _joined_at(sentence: Sentence, first: int) -> int:
    """The last unit of the phrase that the one at `first` belongs to, or -1."""
    tags, lower, at = sentence.tags, sentence.lower, sentence.phrase_at
    before = first - 1
    none = -1
    if tags[before] == "i" and sentence.marks[before] == "i" and at[before - 1] >= 0:
        # "Clinton in Iowa said", but not "In Iowa, Clinton"
        return before - 1
    if tags[before] == "c" and lower[before] in ("and", "or"):
        unit = before - 2 if tags[before - 1] == "," and before > 2 else before - 1
        if tags[unit] == ")":
            unit = max(tags.rfind("(", max(0, unit - 6), unit) - 1, 0)  # "Sen. Ada Marsh (Vt.) and ..."
        alike = (tags[unit] == "P") == (tags[sentence.phrases[at[first]][1] - 1] == "P")
        return unit if alike and at[unit] >= 0 else none
    if tags[before] == "," and before > 2 and tags[before - 1] == "P" and is_other_name(sentence.words[first]):
        place = sentence.phrases[at[before - 1]][0] if at[before - 1] >= 0 else 0
        if place and lower[place - 1] in ("of", "in", "from", "at"):
            return before - 1
    return none


_LONGEST = 24
_LINKS = frozenset("of for in at from with and to by".split())


def _up_to_cue(sentence: Sentence, first: int, last: int, place: int) -> int:
    """Take in what stands between the source and its cue where that only describes the source."""
    tags = sentence.tags
    gap = tags[last:place]
    if not gap or place - first > _LONGEST or tags[first] in "pw":
        return last
    end = place
    while end > last and tags[end - 1] in "Vvbmnrt":
        end -= 1
    if end <= last:
        return last
    described = tags[last] in ",(i:gwc"
    finite = sum(tags.count(letter, last, end) for letter in "Vvm")
    relative = "w" in tags[last:end]
    if described and "Q" not in gap and finite <= (2 if relative else 0) and tags[end - 1] in ",)NP:#":
        return end
    return last


def _up_to_comma(sentence: Sentence, last: int) -> int:
    """The end of the source of an "according to" that begins a sentence: its comma ("..., the pier leaks")."""
    tags = sentence.tags
    comma = tags.find(",", last, last + _LONGEST)
    verb = next((u for u in range(last, len(tags)) if tags[u] in "vm"), len(tags))
    return comma if last < comma < verb else last


def _rightwards(sentence: Sentence, last: int) -> int:
    """Take in "of the committee", ", a lawyer for the group" after a source that follows its cue."""
    tags, lower, at, phrases = sentence.tags, sentence.lower, sentence.phrase_at, sentence.phrases
    size, begin = len(tags), last
    while last + 1 < size and last - begin < 14:
        unit = last
        if tags[unit] == "(":
            close = tags.find(")", unit, unit + 8)
            if close < 0:
                break
            last = close + 1
            continue
        following = phrases[at[unit + 1]] if at[unit + 1] >= 0 else None
        if following is None:
            break
        if lower[unit] in _LINKS or (tags[unit] == "," and tags[unit + 1] in "do"):
            last = following[1]
        elif tags[unit] == "," and tags[last - 1] == "N" and tags[unit + 1] == "P":
            if tags[following[1] : following[1] + 1] not in ("", ",", "."):
                break
            last = following[1]  # "a spokesman, Ben Okoro."
        else:
            break
    return last


def before_relative(sentence: Sentence, place: int) -> tuple[int, int]:
    """The phrase that a relative pronoun at `place` stands for, or NONE."""
    tags, at = sentence.tags, sentence.phrase_at
    unit = place - 1
    while unit >= 0 and tags[unit] in ",()i":
        unit -= 1
    if unit < 0 or at[unit] < 0:
        return NONE
    first, last = sentence.phrases[at[unit]]
    return _leftwards(sentence, first, last)
