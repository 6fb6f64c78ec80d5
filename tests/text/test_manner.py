import pytest

from index.text.manner import is_attitude, manner_of


@pytest.mark.parametrize(
    ("word", "manner"),
    [("said", "said"), ("denied", "denied"), ("asks", "asked"), ("according", "according to"), ("vowed", "promised")],
)
def test_a_cue_tells_the_manner(word, manner):
    assert manner_of(word) == manner


def test_a_belief_is_an_attitude_unless_it_is_quoted():
    assert is_attitude("hopes", quoted=False, clause=True)
    assert not is_attitude("hopes", quoted=True, clause=True)


def test_a_deed_is_an_attitude_unless_it_tells_a_clause():
    assert is_attitude("backed", quoted=False, clause=False)
    assert is_attitude("celebrated", quoted=False, clause=False)
    assert not is_attitude("celebrated", quoted=False, clause=True)
    assert not is_attitude("said", quoted=False, clause=False)
