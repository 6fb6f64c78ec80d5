"""Reads the names in a source: its head, an apposition to it, or all that are conjoined."""

from index.text.reading import Sentence
from index.text.speakers import Person, Place


def named_in(places: list[Place], sentence: Sentence, phrase: tuple[int, int], whole: tuple[int, int]) -> list[Person]:
    """The people, or the organisation, that a source names: its head, an apposition to it, or all that are conjoined.

    Args:
        places: the mentions of the sentence.
        sentence: where the source stands.
        phrase: the head phrase that was chosen.
        whole: the whole source around it.
    """
    inside = [place for place in places if whole[0] <= place.first and place.last <= whole[1]]
    if not inside:
        return []
    head = sentence.phrase_at[whole[0]]
    first, last = sentence.phrases[head] if head >= 0 else phrase
    if whole[0] == phrase[0] and phrase[1] < last:
        last = phrase[1]  # "Ben Okoro" of "Ben Okoro's claim"
    found = [place for place in inside if place.last == last and place.first >= first]
    if not found:
        # "the Harwick Chamber of Commerce" goes on beyond its phrase
        found = [place for place in inside if not place.who.person and first <= place.first < last < place.last][:1]
    if not found:
        # "a spokesman, Ben Okoro", "one academic named Ida Holm"
        lead = sentence.tags[last - 1] in "NPj#"
        found = [
            place
            for place in inside
            if lead and place.who.person and place.first >= last and _apposed(sentence, place.first, last)
        ][:1]
    if not (found and found[0].who.person) and phrase[0] >= last and not _people(sentence.lower[last - 1]):
        found = [place for place in inside if place.last == phrase[1] and place.who.person] or found
    if not (found and found[0].who.person) and sentence.lower[last : last + 1] == ["by"]:
        # "an analysis by Lily Marsh": its author speaks
        own = sentence.phrase_at[last + 1]
        end = sentence.phrases[own][1] if own >= 0 else -1
        found = [place for place in inside if place.who.person and place.last == end][:1] or found
    if not (found and found[0].who.person) and sentence.lower[last : last + 1] == ["of"]:
        # "Missouri Secretary of State Jason Kander"
        own = sentence.phrase_at[last + 1]
        late = [
            p for p in inside if p.who.person and own >= 0 and p.last == sentence.phrases[own][1] and p.first > last + 1
        ]
        found = late[:1] or found
    if not found:
        return []
    for place in inside[inside.index(found[0]) + 1 :]:
        between = sentence.tags[found[-1].last : place.first]
        if (
            between
            and set(between) <= set(",cdjNP")
            and ("c" in between or "c" in sentence.tags[place.last : whole[1]])
        ):
            if place.who.person or not found[0].who.person:
                found.append(place)
        else:
            break
    return list(dict.fromkeys(place.who for place in found if place.who.person == found[0].who.person))


def _people(head: str) -> bool:
    """Whether a noun stands for people: "aides to Clinton" are not Clinton."""
    return head.endswith(
        ("s", "man", "men", "woman", "women", "people", "person", "er", "or", "ist", "ant", "ide", "end")
    )


def _apposed(sentence: Sentence, first: int, last: int) -> bool:
    between = sentence.tags[last:first]
    words = sentence.lower[last:first]
    if not between or words[-1:] in (["named"], ["called"]):
        return True
    phrase = sentence.phrases[sentence.phrase_at[first]][0]
    return sentence.tags[phrase - 1 : phrase] == "," and set(between) <= set(",idNPj'o#nr")
