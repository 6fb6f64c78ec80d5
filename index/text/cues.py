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


def strong_cues(sentence: Sentence) -> list[int]:
    """How many units before each one are mostly cues."""
    if not sentence.strong:
        known, count = known_cues(), 0
        counts = [0]
        for word in sentence.lower:
            count += known.get(word, 0) >= 3
            counts.append(count)
        sentence.strong = counts
    return sentence.strong


def _sign_after(lower: list[str], place: int) -> bool:
    """Whether a word stands where a cue might: before a clause, a quotation or a colon."""
    return not _SIGNS.isdisjoint(lower[place + 1 : place + 6])


def cue_places(sentence: Sentence) -> list[int]:
    """The units that may be cues."""
    known = known_cues()
    lower, tags = sentence.lower, sentence.tags
    shares = list(map(known.get, lower))
    # a word that is seldom a cue is only one before a sign of what is said
    found = [place for place, share in enumerate(shares) if share and (share > 1 or _sign_after(lower, place))]
    if not found and '"' not in lower:
        return found
    for place in range(1, len(lower) if '"' in lower or "that" in lower else 0):
        after = lower[place]
        # a rare verb right next to a quotation or before "that" may be a cue, too
        if (
            after in _RIGHT_AFTER
            and shares[place - 1] is None
            and tags[place - 1] in "Vvgn"
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


def cue_features(sentence: Sentence, place: int, headline: bool) -> list[str]:
    """What speaks for or against a unit being a cue."""
    lower, tags, last = sentence.lower, sentence.tags, len(sentence.lower) - 1
    word, tag = lower[place], tags[place]
    n1, nt1 = (lower[place + 1], tags[place + 1]) if place < last else ("$", "$")
    p1, pt1 = (lower[place - 1], tags[place - 1]) if place else ("^", "^")
    p2, pt2 = (lower[place - 2], tags[place - 2]) if place > 1 else ("^", "^")
    share = known_cues().get(word, "u")
    stem = stem_of(word)
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
    left_quote = "Q" in tags[max(0, place - 6) : place]
    right_quote = "Q" in tags[place + 1 : place + 8]
    small = "q" in tags[place + 1 : place + 10]
    quote = f"{'01'[left_quote]}{'01'[right_quote]}{'01'[small]}"
    phrase = sentence.phrase_at[place - 1] if place else -1
    subject = tags[sentence.phrases[phrase][1] - 1] if phrase >= 0 else "-"
    after, behind = sentence.outline(place + 1, place + 8), sentence.outline(place - 7, place)
    where = ("H" if headline else "") + ("I" if sentence.inside >= 0 else "")
    return [
        "b",
        f"s={share}",
        f"mn={stem}>{nt1}",
        f"m={stem}/{tag}",
        f"mo={stem}/{opener}",
        f"wb={word}/{before}",
        f"so={share}/{opener}",
        f"to={tag}/{opener}",
        f"tb={tag}/{before}",
        f"sq={share}/{quote}",
        f"tq={tag}/{quote}",
        f"n1={n1}",
        f"p={pt2}{pt1}",
        f"p1={p1}",
        f"p2={p2}" if pt2 not in "NPjVvgnb#" else "p2",
        f"tn={tag}{nt1}",
        f"tp={pt1}{tag}",
        f"tpn={pt1}{tag}{nt1}",
        f"sj={subject}/{tag}",
        f"sjs={subject}/{share}",
        f"x={where}/{tag}",
        f"xs={where}/{share}",
        f"sb={share}/{before}/{tag}",
        f"R={after[:4]}",
        f"L={behind[-4:]}",
        f"Lt={tag}/{behind[-3:]}",
        f"Lw={stem}/{behind[-2:]}",
        f"beg={min(place, 3)}/{tag}",
    ]


def cue_probability(sentence: Sentence, place: int, headline: bool) -> float:
    """How likely the unit is a cue."""
    return model("cue").probability(cue_features(sentence, place, headline))
