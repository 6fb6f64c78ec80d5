"""Tells English from other languages by stop words and scripts: well enough to know what attribution may read."""

import re
import unicodedata
from collections import Counter

_SAMPLE = 3_000  # code points that are looked at
_ENOUGH = 12  # words; a shorter text tells nothing
_COMMON = 0.06  # of the words of running text are stop words of its language, at least
_WORD = re.compile(r"[^\W\d_]+")
_STOP_WORDS = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the of and to in that is was for it with as on be at by this from are but have has had not they "
        "his her he she said who were will their which an would",
        "de": "der die und den das von mit ist des dem nicht auf eine ein sich als auch für es im wird hat "
        "sind zu dass",
        "fr": "le la les des et en du une dans est que qui pour par sur plus au pas avec ce il elle sont aux ont été",
        "es": "el la de que y en los se del las por con una para es su al lo como más pero fue ha sus este "
        "entre cuando",
        "it": "il di che la e in un per è del della non con una sono si da al ha gli dei le nel alla anche più come",
        "pt": "de que e do da em um para com não uma os no se na por mais as dos como mas foi ao ele das tem seu sua",
        "nl": "de het een van en in is dat op te voor met zijn die niet aan er om ook als door maar bij heeft naar uit",
        "sv": "och att det som en är på av för med den till inte har de om ett var men sig från vi så kan",
        "da": "og at det som er på af for med den til ikke har de om et var men sig fra vi så kan blev",
        "pl": "w i na z się że do nie jest to o jak po za od przez ale dla są być tym oraz został który",
        "tr": "ve bir bu da için ile olarak de olan daha çok gibi sonra kadar ancak olduğu göre değil",
    }.items()
}
_LANGUAGES_OF = {
    word: tuple(language for language, words in _STOP_WORDS.items() if word in words)
    for word in frozenset().union(*_STOP_WORDS.values())
}
_FOREIGN = re.compile(r"[^\x00-\u036f]")
_SCRIPTS = {
    "CYRILLIC": "ru", "ARABIC": "ar", "GREEK": "el", "HEBREW": "he", "CJK": "zh", "HANGUL": "ko", "DEVANAGARI": "hi",
    "THAI": "th",
}  # fmt: skip


def language_of(text: str) -> str:
    """The ISO 639-1 code of the language that a text is likely in.

    "en" when the text is too short to tell, "und" (undetermined) when it is long enough and looks like none known.
    """
    sample = text[:_SAMPLE]
    if (language := _by_script(sample)) is not None:
        return language
    words = _WORD.findall(sample.lower())
    if len(words) < _ENOUGH:
        return "en"
    counts = dict.fromkeys(_STOP_WORDS, 0)
    for languages, count in Counter(map(_LANGUAGES_OF.get, words)).items():
        for language in languages or ():
            counts[language] += count
    best = max(counts, key=lambda language: counts[language])  # the first of equals, English before all
    if counts[best] < _COMMON * len(words):
        return "en" if counts["en"] else "und"  # a list of names and figures says little
    return best


def _by_script(sample: str) -> str | None:
    """The language of the script that more than half of the letters are in, None for Latin."""
    foreign = list(filter(str.isalpha, _FOREIGN.findall(sample)))
    if not foreign or 2 * len(foreign) <= sum(map(str.isalpha, sample)):
        return None
    scripts = [unicodedata.name(c, "?").split(maxsplit=1)[0] for c in foreign[:300]]
    if any(script in {"HIRAGANA", "KATAKANA"} for script in scripts):
        return "ja"
    return _SCRIPTS.get(max(set(scripts), key=scripts.count), "und")
