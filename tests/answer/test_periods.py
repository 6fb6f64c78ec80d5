from datetime import date

import pytest

from index.answer.periods import find_period
from tests.answer.builders import a_library, an_article, ask

NOW = date(2024, 6, 28)  # a Friday


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("from monday to wednesday", date(2024, 6, 24), date(2024, 6, 26)),
        ("from thursday to tuesday", date(2024, 6, 20), date(2024, 6, 25)),
        ("between 3 March and 9 April", date(2024, 3, 3), date(2024, 4, 9)),
        ("from March 3 to 5", date(2024, 3, 3), date(2024, 3, 5)),
        ("between november and february", date(2023, 11, 1), date(2024, 2, 29)),
        ("from 29 february 2024 to january", date(2023, 2, 28), date(2024, 1, 31)),
        ("from 2014 to 2016", date(2014, 1, 1), date(2016, 12, 31)),
        ("from march to now", date(2024, 3, 1), NOW),
        ("since march", date(2024, 3, 1), None),
        ("since the 3rd of march", date(2024, 3, 3), None),
        ("since tuesday", date(2024, 6, 25), None),
        ("since last week", date(2024, 6, 17), None),
        ("before may", None, date(2024, 4, 30)),
        ("before 2016", None, date(2015, 12, 31)),
        ("after june 3", date(2024, 6, 4), None),
        ("until yesterday", None, date(2024, 6, 27)),
        ("in the summer", date(2024, 6, 1), date(2024, 8, 31)),
        ("last summer", date(2023, 6, 1), date(2023, 8, 31)),
        ("this past spring", date(2024, 3, 1), date(2024, 5, 31)),
        ("over the winter", date(2023, 12, 1), date(2024, 2, 29)),
        ("in fall 2022", date(2022, 9, 1), date(2022, 11, 30)),
        ("in the winter of 2022", date(2021, 12, 1), date(2022, 2, 28)),
        ("over the weekend", date(2024, 6, 22), date(2024, 6, 23)),
        ("three days ago", date(2024, 6, 25), date(2024, 6, 25)),
        ("a month ago", date(2024, 5, 14), date(2024, 6, 13)),
    ],
)
def test_a_period_has_the_sides_that_its_words_give_it(words, since, until):
    found = find_period(f"what did marsh say {words} about tolls", NOW)
    assert found is not None
    assert (found.since, found.until) == (since, until)
    assert f"what did marsh say {words} about tolls"[found.start : found.end] == words


@pytest.mark.parametrize(
    "text",
    [
        "what did marsh say after May's resignation",
        "who has spoken since the march for life",
        "the gap between Marsh and Okoro on tolls",
        "what did marsh say before the convention",
        "from the pier to the lock",
        "what did marsh say about the summer camp",
        "what did marsh say about spring",
        "what did marsh say in summer 2031",
        "from 2016 to 2014",
        "what did marsh say after the may storm",
        "what did marsh say about keeping the pier shut until october",
        "did marsh promise to open it before friday",
    ],
)
def test_words_that_name_no_day_are_no_period(text):
    assert find_period(text, NOW) is None


def test_a_range_whose_second_day_does_not_exist_is_read_as_its_first():
    found = find_period("what was said between March 3 and 45", NOW)
    assert found is not None
    assert (found.since, found.until) == (date(2024, 3, 3), date(2024, 3, 3))


def test_a_role_is_that_of_whoever_held_it_at_the_time_asked_about(tmp_path):
    before = an_article(
        "before",
        "Dredging begins",
        "Harwick Mayor Olga Brandt said dredging would be done by May.",
        published="2023-02-01",
    )
    after = an_article(
        "after", "Dredging ends", "Harwick Mayor Pieter Lund said dredging had cost too much.", published="2024-05-01"
    )
    library = a_library(tmp_path, before, after)
    then = ask(library, "what did the mayor say about dredging in 2023")
    now = ask(library, "what did the mayor say about dredging in 2024")
    assert [answer.speaker.name for answer in (then, now)] == ["Olga Brandt", "Pieter Lund"]
