import pytest

from tests.text.builders import said


def _speaker(sentence: str):
    return said(sentence)[0].quote.speaker


@pytest.mark.parametrize(
    ("sentence", "role"),
    [
        ("Harbor board chair Ada Marsh said the pier is safe.", "Harbor board chair"),
        ("Ada Marsh, a spokeswoman for the harbor board, said the pier is safe.", "spokeswoman for the harbor board"),
        ("A spokesman, Ben Okoro, said the pier is safe.", "spokesman"),
    ],
)
def test_a_role_is_kept_as_printed(sentence: str, role: str) -> None:
    assert _speaker(sentence).role == role


@pytest.mark.parametrize(
    "sentence",
    [
        "Ada Marsh, the tweet and the interview, said the pier is safe.",
        "In a Coast Wire interview Ada Marsh said the pier is safe.",
    ],
)
def test_what_nobody_is_called_is_no_role(sentence: str) -> None:
    assert _speaker(sentence).role is None
