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
        ("March 3", date(2017, 12, 13), "2017-03-03"),
        ("Dec. 30", date(2017, 1, 2), "2016-12-30"),
        ("May 4, 2011", None, "2011-05-04"),
        ("Feb. 30", date(2017, 3, 1), "Feb. 30"),
        ("March 3", None, "March 3"),
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


def test_a_date_next_to_the_cue_is_when_it_was_said():
    [one] = said("On March 3, 2015, Ada Marsh told the board that the pier was safe.")
    assert one.quote.when == "2015-03-03"


def days(*paragraphs: str) -> list[str | None]:
    return [one.quote.when for one in said(*paragraphs)]


def test_what_follows_on_a_dated_statement_was_said_on_its_day():
    found = days(
        "On Wednesday, Ada Marsh said the pier was safe. She added that it would open in June.",
        "“We checked it,” Marsh said.",
    )
    assert found == ["Wednesday"] * 3


def test_a_report_that_leaves_its_day_to_the_next_sentence_has_it():
    found = days(
        "The pier will open in June, according to a Harbor Board spokeswoman.",
        "The date is fixed, spokeswoman Ada Marsh said in a statement Wednesday.",
    )
    assert found == ["Wednesday", "Wednesday"]


@pytest.mark.parametrize(
    "later",
    [
        "Ben Okoro said it leaked.",
        "Earlier, Marsh said it was closed.",
        "In 2015, Marsh said it was closed.",
        "In May, Marsh said it was closed.",
    ],
)
def test_another_speaker_or_another_time_has_not_the_day_before(later):
    assert days(f"On Wednesday, Ada Marsh said the pier was safe. {later}") == ["Wednesday", None]


def test_a_day_does_not_hold_far_from_where_it_is_printed():
    found = days(
        "On Wednesday, Ada Marsh said the pier was safe.", "The ferry left.", "It was late.", "Marsh said it was old."
    )
    assert found == ["Wednesday", None]


def test_after_somebody_elses_day_the_one_before_holds_no_more():
    found = days(
        "Ada Marsh said on Monday that it was safe. Ben Okoro said on Tuesday that it leaked. Marsh said it was dry."
    )
    assert found == ["Monday", "Tuesday", None]
