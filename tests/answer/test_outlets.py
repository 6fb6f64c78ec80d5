import pytest

from index.answer.outlets import take_outlet

OUTLETS = ("The Harwick Times", "Old Stell Record", "Harwick Gazette", "Coast Wire", "Tarn Lantern", "valley.com", "")


@pytest.mark.parametrize(
    ("typed", "left", "outlet"),
    [
        ("what did marsh say in the times", "what did marsh say", "The Harwick Times"),
        ("what did marsh say according to the lantern", "what did marsh say", "Tarn Lantern"),
        ("according to the lantern what did marsh say", "what did marsh say", "Tarn Lantern"),
        ("according to harwick gazette, is the pier safe", "is the pier safe", "Harwick Gazette"),
        ("what did the gazette report about herons", "herons", "Harwick Gazette"),
        ("herons in valley", "herons", "valley.com"),
        ("what did the osr report about herons", "herons", "Old Stell Record"),
        ("what did marsh say in the times about herons", "what did marsh say about herons", "The Harwick Times"),
        ("what did marsh say by wire", "what did marsh say by wire", None),  # too short a name to stand alone
        ("a lantern in the harbour", "a lantern in the harbour", None),
    ],
)
def test_an_outlet_is_taken_out_where_it_is_named_as_one(typed: str, left: str, outlet: str | None) -> None:
    text, found = take_outlet(typed, OUTLETS)
    assert (text.strip(" ,"), found) == (left, outlet)


def test_a_last_word_that_two_outlets_share_names_neither() -> None:
    assert take_outlet("herons in the lantern", ("Tarn Lantern", "Stell Lantern"))[1] is None


def test_an_outlet_of_no_letters_is_never_named() -> None:
    assert take_outlet("herons in the \u0301", ("\u0301", "...", " ")) == ("herons in the \u0301", None)
