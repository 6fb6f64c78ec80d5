"""Finds names in a sentence and tells people from organisations by titles, first names and learned word lists."""

import re
from dataclasses import dataclass
from functools import cache

from index.text.lexicon_files import read_json
from index.text.reading import Sentence

MALE_TITLES = frozenset("mr mr. sir king prince lord congressman chairman spokesman councilman pope father".split())
FEMALE_TITLES = frozenset("mrs mrs. ms ms. miss madam queen princess lady congresswoman spokeswoman chairwoman".split())
_COURTESY = frozenset("mr mr. mrs mrs. ms ms. miss dr dr. sen sen. rep rep. gov gov. judge justice prof prof.".split())
TITLES = (
    MALE_TITLES
    | FEMALE_TITLES
    | frozenset(
        "dr dr. sen sen. sens. senator rep rep. reps. representative gov gov. governor president secretary gen gen. "
        "general col col. colonel lt lt. capt capt. captain sgt. maj. major adm adm. admiral prof prof. professor rev "
        "rev. reverend judge justice mayor minister premier chancellor ambassador attorney speaker leader chief "
        "director "
        "commissioner sheriff officer detective candidate nominee chair spokesperson vice prime deputy former "
        "ex-president press first majority minority counsel adviser advisor strategist manager economist analyst "
        "correspondent host reporter editor anchor lawmaker lawmakers republican democrat democratic gop libertarian "
        "conservative liberal congresswoman congressman councilwoman sens reps presidential campaign defense state "
        "treasury foreign communications national security house senate white vice-president co-chair coach pastor "
        "bishop cardinal archbishop rabbi imam sheikh ayatollah emperor inspector superintendent pvt. cpl. cmdr. "
        "advocate public city county assistant associate senior executive managing congressional surrogate "
        "businessman billionaire mogul actor actress singer author journalist lawyer hon. pres. amb.".split()
    )
)
PARTICLES = frozenset("de del della der den di da du la le van von bin ibn al el ter ten dos das y".split())
SUFFIXES = frozenset("jr jr. sr sr. ii iii iv".split())
ORGANISATION_WORDS = frozenset(
    "university college institute foundation department committee council commission agency bureau office ministry "
    "court congress parliament senate house party campaign administration government union association federation "
    "league society center centre group company corporation corp corp. inc inc. bank fund times post journal news "
    "press magazine network radio television tv tribune herald gazette globe guardian service services force forces "
    "army navy police authority board club church school hospital alliance coalition conference project network "
    "organization organisation team trust partners republicans democrats nations states kingdom tower street act "
    "avenue hall airport county city state street journal poll daily review today convention caucus pac amendment "
    "law plan square park hotel bowl day war bill reserve treasury pentagon kremlin".split()
)

# what a name with "of" begins with
_BODIES = ORGANISATION_WORDS - frozenset("state campaign house times day war street city county".split()) | frozenset(
    "chamber museum library academy embassy guild order archdiocese diocese registry faculty college port".split()
)


_CONTRACTION = re.compile(r"(?:n['’]t|['’](?:ve|re|ll|d|m))$", re.IGNORECASE)

_NOT_A_NAME = re.compile(
    r"[RDI]-|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day$|(?:January|February|March|April|June|July|August|September"
    r"|October|November|December|Christmas|Easter|Internet|Twitter|Facebook|God)$|.*-(?:American|based|born|era)s?$"
)


@cache
def _first_names() -> frozenset[str]:
    return frozenset().union(*_lists()[:3])


@cache
def _lists() -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    lists = read_json("names.json")
    male, female, either, other = (
        frozenset(lists[key].split(" ")) for key in ("male", "female", "either", "not_people")
    )
    return male, female, either, other


def is_first_name(word: str) -> bool:
    """Whether people are called so."""
    return word in _first_names()


def gender_of_first_name(word: str) -> str:
    """The letter m or f; empty where the name can be either, or is unknown."""
    male, female, _, _ = _lists()
    return "m" if word in male else "f" if word in female else ""


def is_other_name(word: str) -> bool:
    """Whether the word belongs to names of places, organisations, days, peoples rather than of persons."""
    return word in _lists()[3]


@dataclass(frozen=True, slots=True)
class Mention:
    """A run of capitalised words that may be a name.

    Attributes:
        first, last: its units [first, last), titles aside.
        titles: lower-case title words before it.
        words: the name's words.
        person: True, False, or None where only the rest of the article can tell.
    """

    first: int
    last: int
    titles: tuple[str, ...]
    words: tuple[str, ...]
    person: bool | None


def _runs(sentence: Sentence) -> list[tuple[int, int]]:
    tags, lower = sentence.tags, sentence.lower
    found: list[tuple[int, int]] = []
    place, size = 0, len(tags)
    words = sentence.words
    # "@" < word < "[" begins with A to Z, which is quicker to see than isupper()
    capital = [u for u, word in enumerate(words) if "@" < word < "[" or word > "~" or tags[u] == "P"]
    for first in capital:
        if first < place or not (tags[first] == "P" or (words[first][0].isupper() and _may_begin(sentence, first))):
            continue
        place = first + 1
        while place < size:
            if tags[place] == "P":
                place += 1
            elif (
                lower[place] in PARTICLES and place + 1 < size and tags[place + 1] == "P" and lower[place] != "la"
            ) or (lower[place] == "," and place + 1 < size and lower[place + 1] in SUFFIXES):
                place += 2
            elif (
                sentence.words[place][0].isupper()
                and tags[place] in "Nj#m"
                and place - first == 1
                and (is_first_name(sentence.words[first]))
            ):
                place += 1
            else:
                break
        found.append((first, place))
    return found


def _may_begin(sentence: Sentence, place: int) -> bool:
    """Whether a capitalised word that is not tagged as a name may still be a first name."""
    word, tags = sentence.words[place], sentence.tags
    if not word[0].isupper() or len(word) < 2:
        return False
    if is_first_name(word):
        return True
    return place > 0 and tags[place] in "jN" and tags[place + 1 : place + 2] == "P" and tags[place - 1] not in '.:"Qq('


def mentions(sentence: Sentence, surnames: frozenset[str] = frozenset()) -> list[Mention]:
    """The names of a sentence, in order; `surnames` are titles by which the article calls somebody ("King")."""
    found: list[Mention] = []
    runs = _runs(sentence)
    skip = 0
    for number, (first, last) in enumerate(runs):
        if number < skip:
            continue
        stop = _body(sentence, runs, number)
        if stop > number:
            skip = stop + 1
            end = runs[stop][1]
            found.append(Mention(first, end, (), tuple(sentence.words[first:end]), person=False))
            continue
        made = _mention(sentence, first, last, surnames)
        if made:
            found.append(made)
    return found


def _body(sentence: Sentence, runs: list[tuple[int, int]], number: int) -> int:
    """The last run of the name that a run begins: "the Harwick Chamber of Commerce", "the Bank of England"."""
    lower = sentence.lower
    first, last = runs[number]
    if lower[last - 1] not in _BODIES or not (first and lower[first - 1] in ("the", "a", "an")):
        return number
    stop = number
    while (
        stop + 1 < len(runs)
        and runs[stop + 1][0] == runs[stop][1] + 1
        and (lower[runs[stop][1]] == "of" or (stop > number and lower[runs[stop][1]] == "and"))
        and runs[stop + 1][1] - runs[stop + 1][0] < 4
        and not is_first_name(sentence.words[runs[stop + 1][0]])
    ):
        stop += 1
    return stop


def _is_attribute(word: str) -> bool:
    """Whether a capitalised word before a first name is not part of the name ("Chicago", but not "J." or "Van")."""
    return not is_first_name(word) and word[1:2] != "." and word.lower() not in PARTICLES


def _mention(sentence: Sentence, first: int, last: int, surnames: frozenset[str]) -> Mention | None:
    words, lower, tags = sentence.words, sentence.lower, sentence.tags
    start = first
    if lower[last - 1] in ORGANISATION_WORDS and not any(is_first_name(word) for word in words[first:last]):
        return Mention(first, last, (), tuple(words[first:last]), person=False)
    for place in range(first, last - 1):
        # what stands before a first name, or is a title, is not part of a person's name
        if lower[place] in TITLES and not (place == start + 1 and is_first_name(words[start])):
            start = place + 1
        elif place > start and is_first_name(words[place]) and _is_attribute(words[start]):
            start = place
    while start < last - 1 and lower[start] in TITLES:
        start += 1
    if last - start == 2 and words[start].isupper() and 1 < len(words[start]) < 4 and not is_first_name(words[start]):
        start += 1  # "AG Holm"
    titles = tuple(lower[first:start])
    if first and tags[first - 1] in "NjP" and not titles:
        titles = (lower[first - 1],)
    name = tuple(words[start:last])
    end = last
    if not name or _CONTRACTION.search(name[0]):
        return None
    if len(name) == 1 and (len(name[0]) < 2 or _NOT_A_NAME.match(name[0])):
        return None
    if len(name) == 1 and lower[start] in TITLES and name[0] not in surnames and not _is_surname(name[0], titles):
        return None
    determined = start == first and first > 0 and lower[first - 1] in ("the", "a", "an")
    return Mention(start, end, titles, name, _person(name, titles, determined, titled=start > first))


def _is_surname(word: str, titles: tuple[str, ...]) -> bool:
    """Whether a word that is a title elsewhere is somebody's name after these: "Mr. King", but not "Prime Minister"."""
    return bool(titles) and titles[-1] in _COURTESY and word[-1] != "."


def _person(name: tuple[str, ...], titles: tuple[str, ...], determined: bool, *, titled: bool) -> bool | None:
    bare = [word for word in name if word.lower() not in SUFFIXES and word != ","]
    if not bare:
        return False
    first, last = bare[0], bare[-1]
    if last.lower() in ORGANISATION_WORDS and len(bare) > 1 and not (len(bare) == 2 and is_first_name(first)):
        return False
    if len(bare) > 1:
        if is_first_name(first) or first[1:2] == ".":
            return not (last.lower() in ORGANISATION_WORDS and len(bare) > 2)
        if titled and not determined:
            return True
        if determined or is_other_name(last) or len(bare) > 4 or sum(is_other_name(word) for word in bare) > 1:
            return False
        if is_other_name(first):
            return None
        return None if any(word.isupper() and len(word) > 2 for word in bare) else True
    if titled and titles[-1] in TITLES and not is_other_name(first):
        return True
    if is_other_name(first) or (first.isupper() and len(first) > 1):
        return False if not is_first_name(first) else None
    return None
