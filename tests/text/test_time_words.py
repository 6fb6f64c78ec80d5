from datetime import date

import pytest

from index.text.time_words import resolve
from tests.text.builders import said


@pytest.mark.parametrize(
    ("printed", "published", "day"),
    [
        ("Wednesday", date(2017, 12, 13), "2017-12-13"),
        ("Tuesday", date(2017, 12, 13), "2017-12-12"),
        ("Thursday", date(2017, 12, 13), "2017-12-07"),
        ("yesterday", date(2017, 3, 1), "2017-02-28"),
        ("today", date(2017, 3, 1), "2017-03-01"),
        ("Wednesday", None, "Wednesday"),
    ],
)
def test_a_day_is_the_last_such_day_up_to_publication(printed, published, day):
    assert resolve(printed, published) == day


def test_the_day_next_to_the_cue_is_when_it_was_said():
    [one] = said("Ada Marsh said on Tuesday that the pier was safe.", published="2017-12-13")
    assert one.quote.when == "2017-12-12"


def test_a_day_among_the_words_reported_is_not_when_it_was_said():
    [one] = said("Ada Marsh said the pier would open on Friday.", published="2017-12-13")
    assert one.quote.when is None


def test_without_a_date_the_day_stays_as_printed():
    [one] = said("Ada Marsh said in a statement Wednesday that the pier was safe.")
    assert one.quote.when == "Wednesday"
