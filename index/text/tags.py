"""Gives each token a one-letter word class, so that phrases can be found by regular expressions over the letters.

N noun, P proper noun, p pronoun, o possessive pronoun, d determiner, j adjective, r adverb, # number, ' genitive,
V past verb, v present verb, b base form, g -ing form, n past participle, m modal, t "to", i preposition, c conjunction,
w wh-word, " quotation mark, and the punctuation classes , . : ( ) with x for the rest.
"""

from functools import cache
from typing import cast

from index.text.lexicon_files import read_json
from index.text.tokens import MARKS

_PUNCTUATION = {
    ",": ",", ".": ".", "?": ".", "!": ".", ":": ":", ";": ":", "—": ":", "–": ":", "―": ":", "--": ":", "-": ":",
    "...": ":", "…": ":", "(": "(", "[": "(", ")": ")", "]": ")", "'s": "'", "’s": "'", "'S": "'", "’S": "'",
}  # fmt: skip
_BREAKING = MARKS | frozenset(".?!:;")  # after which a sentence may begin
_REMEMBERED = 50_000  # words; more would only be misspellings and names
_Word = tuple[str, str, bool, bool]  # its key, its usual class, whether neighbours can't change it, whether it breaks
_OPEN = frozenset("NjvVbgn")
_BEFORE_NAMES = frozenset("Mr. Mrs. Ms. Dr. Sen. Rep. Gov. Mr Mrs Ms Dr Prof. Gen. Col. Lt. Capt. Sgt. Rev.".split())


def verbs(tags: str, first: int, last: int) -> int:
    """How many finite verbs and modals stand in units [first, last)."""
    count = tags.count
    return count("V", first, last) + count("v", first, last) + count("m", first, last)


class Tagger:
    """A greedy tagger: a word's usual class, corrected by its neighbours where the learned tables say so."""

    def __init__(
        self,
        usual: dict[str, str],
        endings: dict[str, str],
        contexts: dict[str, str],
        first_names: frozenset[str] = frozenset(),
    ) -> None:
        self.usual = usual
        self._first_names = first_names
        self._memory: dict[str, _Word] = {}
        self._endings = endings
        self._contexts: dict[str, dict[str, str]] = {}  # by word: class before it, and after it where that matters
        for context, letter in contexts.items():
            before, word, *after = context.split(" ")
            self._contexts.setdefault(word, {})[before + "".join(after)] = letter

    def key(self, word: str, first: bool, proper: frozenset[str] = frozenset()) -> str:
        """The form under which the tables know a word; `proper` are words known as names of this article."""
        if not word[:1].isupper() or word == "I":
            return word.lower() if word.isupper() else word
        lower = word.lower()
        if (first or (word.isupper() and len(word) > 3)) and lower in self.usual:
            return word if word in proper and self.usual[lower] in _OPEN else lower
        return word

    def guess(self, key: str) -> str:
        """The usual class of a word, by its ending where the word is unknown."""
        if key[:1].isupper() and key[1:2] in "'’" and len(key) > 3:
            return "P"  # O'Malley
        found = _PUNCTUATION.get(key) or self.usual.get(key)
        if found:
            return found
        if key[:1].isupper():
            return "P"
        if key[:1].isdigit() or key[:1] in "$£€":
            return "#"
        if key in MARKS:
            return '"'
        if not key[-1:].isalnum():
            return "x"
        return self._endings.get(key[-3:]) or self._endings.get(key[-2:]) or "N"

    def _named(self, words: list[str], place: int, letter: str, following: str) -> bool:
        """Whether a capitalised word of another class is a name here: "Mayor Will Price", "Mr. Minor", "Rex Early"."""
        word = words[place]
        if not word[-1:].isalpha() or len(word) < 2:
            return False
        before = words[place - 1] if place else ""
        if before in _BEFORE_NAMES or (before in self._first_names and letter in "jrNVvbgnm#"):
            return True
        if word in self._first_names:
            return following == "P" or (letter in "jN" and place + 1 < len(words) and _capital(words[place + 1]))
        return letter in "mvb" and following == "P" and place > 0

    def _seen(self, words: list[str], proper: frozenset[str]) -> list[_Word]:
        """What is known of each word by itself; only what begins a sentence or was never seen takes longer."""
        memory = self._memory
        found = list(map(memory.get, words))
        slow = [place for place, known in enumerate(found) if known is None or known[3]]
        slow.append(len(words))
        place, first, turn = 0, True, 0
        while place < len(words):
            word = words[place]
            known = None if first else memory.get(word)
            if known is None:
                key = word if word in _PUNCTUATION else self.key(word, first, proper)
                guess = self.guess(key)
                settled = key not in self._contexts and (guess == "P" or not word[0].isupper())
                known = (key, guess, settled, word in _BREAKING)
                if not first and len(memory) < _REMEMBERED:
                    memory[word] = known
            found[place] = known
            if known[3]:
                # after ',"' a capital is a name's, not a sentence's
                first = first or word not in MARKS or place == 0 or words[place - 1] != ","
            elif first:
                first = not word[0].isalnum()
            place += 1
            if not first:
                while slow[turn] < place:
                    turn += 1
                place = slow[turn]
        return cast("list[_Word]", found)

    def tag(self, words: list[str], proper: frozenset[str] = frozenset()) -> str:
        """One letter per word; `proper` are words known as names, for those that begin a sentence."""
        seen = self._seen(words, proper)
        letters = [known[1] for known in seen]
        letters.append(".")
        previous, since = ".", 0
        for place in [place for place, known in enumerate(seen) if not known[2]]:
            key, letter = seen[place][0], letters[place]
            following = seen[place + 1][1] if place + 1 < len(seen) else "."
            contexts = self._contexts.get(key)
            if contexts is not None:
                previous, since = _before(letters, place, since) or previous, place
                letter = contexts.get(previous + following) or contexts.get(previous) or letter
            if letter != "P" and words[place][0].isupper() and self._named(words, place, letter, following):
                letter = "P"
            letters[place] = letter
        return "".join(letters[:-1])


def _before(letters: list[str], place: int, since: int) -> str:
    """The last letter of [since, place) that is no opening mark, or none."""
    while place > since and letters[place - 1] in '"(':
        place -= 1
    return letters[place - 1] if place > since else ""


@cache
def tagger() -> Tagger:
    """The tagger with the shipped tables."""
    tables = read_json("word_classes.json")
    usual = {word: letter for letter, words in tables["usual"].items() for word in words.split(" ")}
    names = read_json("names.json")
    first_names = frozenset(f"{names['male']} {names['female']} {names['either']}".split(" "))
    return Tagger(usual, tables["endings"], tables["contexts"], first_names)


def _capital(word: str) -> bool:
    return word[0].isupper() and word[1:2].islower()
