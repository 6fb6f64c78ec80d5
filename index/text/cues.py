"""Finds the words that may report speech ("said", "according to", "his claim") and how likely each one does."""

from functools import cache, lru_cache

from index.text.lexicon_files import read_json
from index.text.reading import Sentence
from index.text.scoring import model

_OPENERS = frozenset("that whether if how why what".split())
_SIGNS = frozenset(["that", "whether", "if", "how", "why", "what", '"', ":", "to", "as", "about", "of", "for"])
_RIGHT_AFTER = frozenset(["that", '"', ",", ":"])
_AUXILIARY = frozenset("is are was were be been being 's ’s".split())
_HAVE = frozenset("has have had having".split())
_VERBS = frozenset("Vvbgn")
_LEAST_OF_STEM = 2  # tenths
_LIKELY = 4  # tenths
_NEAR = 24  # units
_NEGATION = frozenset("not never n't nor no neither didn't doesn't don't didn’t doesn’t don’t hasn't hasn’t".split())


@cache
def known_cues() -> dict[str, int]:
    """Every cue word seen in training and its share of cue uses, in tenths."""
    return {
        word: int(tenth)
        for tenth, words in read_json("cues.json")["shares"].items()
        if tenth != "0"
        for word in words.split(" ")
    }


def stems_of(known: dict[str, int]) -> dict[str, int]:
    """The stems of cue words, each with its likeliest word's share."""
    stems: dict[str, int] = {}
    for word, share in known.items():
        stem = stem_of(word)
        stems[stem] = max(share, stems.get(stem, 0))
    return stems


@cache
def known_stems() -> dict[str, int]:
    """What cue words that were not seen themselves are known by: "alluding" by "alluded"."""
    return stems_of(known_cues())


def likely_cues(sentence: Sentence) -> list[int]:
    """The units that are cues about as often as not."""
    if sentence.likely is None:
        known = known_cues()
        sentence.likely = [unit for unit, word in enumerate(sentence.lower) if known.get(word, 0) >= _LIKELY]
    return sentence.likely


def _neighbours(sentence: Sentence, place: int) -> tuple[str, str]:
    """The stems of the likely cues next to a unit on its left and on its right; "-" where none is near."""
    left = right = "-"
    for unit in likely_cues(sentence):
        if place - _NEAR <= unit < place:
            left = stem_of(sentence.lower[unit])
        elif unit > place:
            if unit <= place + _NEAR:
                right = stem_of(sentence.lower[unit])
            break
    return left, right


def _sign_after(lower: list[str], place: int) -> bool:
    """Whether a word stands where a cue might: before a clause, a quotation or a colon."""
    return not _SIGNS.isdisjoint(lower[place + 1 : place + 6])


def cue_places(sentence: Sentence) -> list[int]:
    """The units that may be cues."""
    known = known_cues()
    lower, tags = sentence.lower, sentence.tags
    shares = list(map(known.get, lower))
    # a word that is seldom a cue is only one if it is a verb, or before a sign of what is said
    found = [
        place
        for place, share in enumerate(shares)
        if share and (share > 1 or tags[place] in "Vvbn" or _sign_after(lower, place))
    ]
    stems = known_stems()
    for place, tag in enumerate(tags):
        if tag in _VERBS and shares[place] is None and stems.get(stem_of(lower[place]), 0) > _LEAST_OF_STEM:
            found.append(place)
    if not found and '"' not in lower:
        return found
    for place in range(1, len(lower) if '"' in lower or "that" in lower else 0):
        after = lower[place]
        # a rare verb right next to a quotation or before "that" may be a cue, too
        if (
            after in _RIGHT_AFTER
            and shares[place - 1] is None
            and tags[place - 1] in "Vvgn"
            and place - 1 not in found
            and (after not in ",:" or lower[place + 1 : place + 2] == ['"'])
        ):
            found.append(place - 1)
    found.sort()
    if found:
        sentence.trace()
    return found


@lru_cache(maxsize=20_000)
def stem_of(word: str) -> str:
    """The forms of a verb under one name, roughly: "claim" for "claims", "claimed", "claiming"."""
    for ending in ("ing", "ied", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) > 2:
            word = word[: -len(ending)] + ("y" if ending in ("ied", "ies") else "")
            break
    return word.rstrip("e") if len(word) > 4 else word


def _object(sentence: Sentence, place: int) -> tuple[str, str]:
    """The first word after the cue that describes nothing, and its tag."""
    unit, size = place + 1, len(sentence.tags)
    while unit < size and sentence.tags[unit] in "rdj#":
        unit += 1
    return (sentence.lower[unit], sentence.tags[unit]) if unit < size else ("$", "$")


def cue_features(sentence: Sentence, place: int, headline: bool) -> list[str]:
    """What speaks for or against a unit being a cue."""
    lower, tags, last = sentence.lower, sentence.tags, len(sentence.lower) - 1
    word, tag = lower[place], tags[place]
    nt1 = tags[place + 1] if place < last else "$"
    p1 = lower[place - 1] if place else "^"
    p2, pt2 = (lower[place - 2], tags[place - 2]) if place > 1 else ("^", "^")
    stem = stem_of(word)
    share = known_cues().get(word) or f"u{known_stems().get(stem, '')}"
    opener = "-"
    for ahead in range(place + 1, min(last + 1, place + 9)):
        if lower[ahead] in _OPENERS or tags[ahead] == "Q":
            opener = lower[ahead]
            break
        if tags[ahead] in "Vvm.":
            break
    if nt1 == "t":
        opener = "to"
    before = "-"
    for back in range(place - 1, max(-1, place - 5), -1):
        earlier = lower[back]
        if earlier in _NEGATION:
            before = "not"
            break
        if earlier in _AUXILIARY:
            before = "be"
            break
        if earlier in _HAVE:
            before = "have"
            break
        if tags[back] == "m" or tags[back] == "t":
            before = tags[back]
            break
        if tags[back] in "pPN,":
            break
    quote = "000"
    if '"' in lower:
        left_quote = "Q" in tags[max(0, place - 6) : place]
        right_quote = "Q" in tags[place + 1 : place + 8]
        small = "q" in tags[place + 1 : place + 10]
        quote = f"{'01'[left_quote]}{'01'[right_quote]}{'01'[small]}"
    phrase = sentence.phrase_at[place - 1] if place else -1
    subject = tags[sentence.phrases[phrase][1] - 1] if phrase >= 0 else "-"
    behind = sentence.outline(place - 7, place)
    where = ("H" if headline else "") + ("I" if sentence.inside >= 0 else "")
    left_cue, right_cue = _neighbours(sentence, place)
    object_word, object_tag = _object(sentence, place)
    return [
        "b",
        f"s={share}",
        f"mn={stem}>{nt1}",
        f"wb={word}/{before}",
        f"to={tag}/{opener}",
        f"tb={tag}/{before}",
        f"tq={tag}/{quote}",
        f"p1={p1}",
        f"p2={p2}" if pt2 not in "NPjVvgnb#" else "p2",
        f"sj={subject}/{tag}",
        f"x={where}/{tag}",
        f"xs={where}/{share}",
        f"L={behind[-4:]}",
        f"beg={min(place, 3)}/{tag}",
        f"pl={left_cue}/{tag}",
        f"pr={right_cue}/{tag}",
        f"pl2={'01'[left_cue != '-']}/{stem}",
        f"O={object_word}/{tag}" if object_tag in "NiptwTg" else f"O={object_tag}",
        f"first={lower[0]}",
    ]


def cue_probability(sentence: Sentence, place: int, headline: bool) -> float:
    """How likely the unit is a cue."""
    return model("cue").probability(cue_features(sentence, place, headline))
