from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answer import suggesting
from index.answer.suggesting import near, phrases
from index.app import open_library
from tests.kept import settings_for


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    seeds = Path(__file__).parents[2] / "seeds"
    made = open_library(
        settings_for(tmp_path_factory.mktemp("library"), sources=str(seeds)),
        today=lambda: date(2024, 12, 1),
    )
    made.reindex(progress=lambda _: None)
    yield made
    made.close()


def test_phrases_are_runs_of_words_that_say_something():
    assert list(phrases("The bridge toll will be raised, the mayor's office said")) == [
        "bridge toll",
        "bridge",
        "toll",
        "mayor office",
        "mayor",
        "office",
    ]


def test_what_begins_like_the_typed_words_comes_first_then_what_holds_them_then_slips():
    names = {"bridge road": 1, "the long bridge": 9, "drawbridge": 5, "a brigde": 7, "ferry": 99}
    assert near("bridge", names, 9) == ["bridge road", "the long bridge", "drawbridge", "a brigde"]


@pytest.mark.parametrize("typed", ["Breitbrat", "BREITBART", "  breitbart ", "bréitbart", "brei"])
def test_case_marks_and_typos_are_forgiven(typed):
    assert near(typed, {"Breitbart": 1, "The Hill": 5}, 9) == ["Breitbart"]


def test_names_that_differ_in_case_alone_are_one_and_there_are_no_more_than_asked_for():
    assert near("", {"Toll": 3, "toll": 2, "ferry": 1, "pier": 1}, 2) == ["Toll", "ferry"]


def test_topics_of_a_speaker_are_what_that_speaker_spoke_of(library):
    topics = library.topics(speaker="Ines Calder")
    assert "toll" in " ".join(topics).lower()
    assert library.topics("ferr", speaker="Ines Calder")[0].lower().startswith("ferr")
    assert library.topics("fery", speaker="Ines Calder")
    assert library.topics("seriousness", speaker="Ines Calder") == ()


def test_topics_of_nobody_are_those_of_titles(library):
    assert 0 < len(library.topics()) <= 25
    assert any("bridge" in topic.lower() for topic in library.topics("bridge"))
    assert library.topics("zzzzzz") == ()


def test_a_speaker_who_is_not_on_record_has_the_topics_of_all(library):
    assert library.topics(speaker="Nobody Atall") == library.topics()


def test_outlets_are_found_by_a_part_of_their_name(library):
    every = library.outlets()
    assert every
    assert library.outlets(every[0][2:6])[0] in every
    assert library.outlets("no such outlet at all") == ()


def test_only_so_many_speakers_are_remembered(library, monkeypatch):
    monkeypatch.setattr(suggesting, "REMEMBERED", 1)
    for name in ("Ines Calder", "Dorothea Voss", "Ines Calder"):
        assert library.topics(speaker=name) == library.topics(speaker=name)
    assert len(library._suggestions._kept) == 1


@given(st.text(max_size=80), st.lists(st.text(max_size=60), max_size=5))
def test_whatever_is_typed_and_printed_is_borne(typed, names):
    weights = dict.fromkeys(names, 1.0)
    assert set(near(typed, weights, 3)) <= set(names)
    assert all(phrase.strip() for text in names for phrase in phrases(text))
