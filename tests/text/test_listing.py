"""Own-word fixtures for statements that are listed after one cue."""

import pytest

from tests.text.builders import pairs, said

ITEMS = ["The toll must go", "The pier must be mended by June"]


@pytest.mark.parametrize("bullet", ["- ", "• ", "* ", "– ", "1. ", "(a) "])
@pytest.mark.parametrize(
    "announced", ["Ada Marsh made two demands of the board:", "Ada Marsh told the board on Tuesday:"]
)
def test_each_item_of_a_bulleted_list_is_a_statement(announced, bullet):
    found = pairs(announced, *[bullet + item for item in ITEMS], "The board met on Monday.")
    assert found == [("Ada Marsh", item) for item in ITEMS]


def test_bullets_may_stand_in_one_paragraph():
    found = pairs("Ben Okoro came late. He made two points: - The pier leaks. - The ferry is old.")
    assert found == [("Ben Okoro", "The pier leaks"), ("Ben Okoro", "The ferry is old")]


def test_a_clause_that_announces_a_list_is_a_statement_of_its_own():
    found = pairs("Ada Marsh said she would do these things:", "- Repair the pier", "- Sell the ferry")
    assert found == [("Ada Marsh", w) for w in ("she would do these things", "Repair the pier", "Sell the ferry")]


def test_clauses_behind_a_noun_and_a_colon_are_a_statement():
    found = pairs("Ada Marsh made three points: the pier leaks; the ferry is old; the toll is too high.")
    assert found == [("Ada Marsh", "the pier leaks; the ferry is old; the toll is too high")]


def test_an_item_in_quotation_marks_is_direct_and_has_the_days_and_the_manner_of_its_list():

    [one] = said("Ada Marsh warned on Friday of two things:", "- “The toll will rise.”", published="2017-12-13")
    assert (one.quote.kind, one.quote.manner, one.quote.when) == ("direct", "warned", "2017-12-08")


def test_an_item_that_names_its_own_speaker_is_not_the_lists():
    found = pairs("Ada Marsh listed two reasons:", "• The pier leaks, Ben Okoro said.", "• The ferry is old.")
    assert found == [("Ben Okoro", "The pier leaks"), ("Ada Marsh", "The ferry is old.")]


@pytest.mark.parametrize(
    "paragraphs",
    [
        ("The pier has two parts:", "- the deck", "- the piles"),
        ("The board met at 3:30 on Monday.", "- the deck"),
        ("Two points:", "- the deck"),
        ("The points were made of steel: three of them.",),
    ],
)
def test_a_list_that_nobody_tells_is_no_statement(paragraphs):
    assert pairs(*paragraphs) == []


def test_quotations_below_what_somebody_said_are_that_ones():
    found = pairs("Here is what Ada Marsh said:", "“The toll must go.”", "“The ferry must run on Sundays as well.”")
    assert found == [("Ada Marsh", "“The toll must go.”"), ("Ada Marsh", "“The ferry must run on Sundays as well.”")]
