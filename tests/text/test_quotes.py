import pytest

from index.text.quotes import regions
from index.text.tokens import tokenise


def inside(text: str) -> list[str]:
    words, starts = tokenise(text)
    ends = [start + len(word) for start, word in zip(starts, words, strict=True)]
    return [text[starts[r.first] : ends[r.last - 1]] for r in regions(text, words, starts)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("She said “yes” twice.", ["“yes”"]),
        ('She said "yes" twice.', ['"yes"']),
        ("She said ''yes'' twice.", ["''yes''"]),
        ("She said ``yes'' twice.", ["``yes''"]),
        ("She said «yes» twice.", ["«yes»"]),
        ("She said 'yes' twice.", ["'yes'"]),
        ("Holt to press 'maximum pressure' on ice", ["'maximum pressure'"]),
        ("The boys' pier isn't Ada's.", []),
        ("He is 6'2\" tall.", []),
        ("“It goes on", ["“It goes on"]),
        ("“He said ‘go’ and left,” she said.", ["“He said ‘go’ and left,”"]),
        ("a ” stray mark", []),
    ],
)
def test_quoted_regions_include_their_marks(text, found):
    assert inside(text) == found


def test_an_unclosed_quotation_runs_to_the_end_and_says_so():
    words, starts = tokenise("“It goes on")
    [region] = regions("“It goes on", words, starts)
    assert not region.closed
