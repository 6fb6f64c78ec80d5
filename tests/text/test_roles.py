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
        ("Ben Okoro, who was the mayor until 2015, said the pier is safe.", "mayor until 2015"),
        ("Ben Okoro, mayor from 2010 to 2014, said the pier is safe.", "mayor from 2010 to 2014"),
        ("Ben Okoro, who served as mayor of Harwick until 2015, said it is safe.", "mayor of Harwick until 2015"),
        ("Ben Okoro, who is the mayor, said the pier is safe.", "mayor"),
        ("Ben Okoro, the mayor since 2012, said the pier is safe.", "mayor since 2012"),
        ("Ben Okoro, then the mayor, said the pier is safe.", "then the mayor"),
        ("Former mayor Ben Okoro said the pier is safe.", "Former mayor"),
        ("Then-Mayor Ben Okoro said the pier is safe.", "Then-Mayor"),
        ("Ben Okoro, the former mayor, said the pier is safe.", "former mayor"),
    ],
)
def test_a_role_is_kept_as_printed(sentence: str, role: str) -> None:
    assert _speaker(sentence).role == role


@pytest.mark.parametrize(
    "sentence",
    [
        "Ada Marsh, the tweet and the interview, said the pier is safe.",
        "Ben Okoro, who was the mayor, said the pier is safe.",
        "Ben Okoro, who was late, said the pier is safe.",
        "In a Coast Wire interview Ada Marsh said the pier is safe.",
    ],
)
def test_what_nobody_is_called_is_no_role(sentence: str) -> None:
    assert _speaker(sentence).role is None
