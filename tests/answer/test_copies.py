"""One story that two outlets print, the second with a few words of its own."""

import pytest

from tests.answer.builders import a_library, an_article, ask, shown

FIRST = an_article(
    "first",
    "Lock gate sticks again",
    "Ada Marsh said the western lock gate would be lifted out by crane on Friday morning, weather allowing.",
)
EDITED = an_article(
    "edited",
    "Crane to lift lock gate",
    "The western lock gate would be lifted out by crane, weather allowing, harbour chair Ada Marsh said on Monday.",
    outlet="Valley Daily",
)
QUESTION = "what did ada marsh say about the lock gate"


@pytest.fixture(params=["first", ""], ids=["known as copies", "not known as copies"])
def group(request):
    return request.param


def test_an_edited_copy_is_told_once_where_it_is_known_as_one(tmp_path, group):
    answer = ask(a_library(tmp_path, FIRST, EDITED, group=group), QUESTION)
    assert len(shown(answer)) == (1 if group else 2)
    assert len(answer.passages[0].also_in) == (1 if group else 0)
