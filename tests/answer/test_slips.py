import pytest

from index.answer.slips import meant


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("wat did marsh say abt tolls", "what did marsh say about tolls"),
        ("Whats marsh think of tolls", "what does marsh think of tolls"),
        ("what's the harbour board say about tolls?", "what does the harbour board say about tolls?"),
        ("hwo did marsh react", "how did marsh react"),
        ("whos ada marsh", "who's ada marsh"),
        ("what's marsh's view on tolls", "what's marsh's view on tolls"),
        ("which dish is called waht", "which dish is called waht"),
        ('who said "wat is abt to come"', 'who said "wat is abt to come"'),
        ("what'd marsh say", "what did marsh say"),
        ("whod the board pick", "who did the board pick"),
        ("", ""),
    ],
)
def test_the_words_that_ask_are_read_as_they_were_meant_and_no_others(typed: str, read: str) -> None:
    assert meant(typed) == read
