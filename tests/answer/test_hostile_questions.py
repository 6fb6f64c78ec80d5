from hypothesis import given, settings
from hypothesis import strategies as st

from tests.answer.builders import ask

WORDS = (
    "what did does who said whats wat marsh okoro the toll of about according to times in on march and or is was been "
    "have if how many much long source why when say tell anyone quotes view changed compare vs ’s ' \" “ ” ? . ! , > * "
    "``` @everyone $3 % 12 \u202e \u0301 說"
).split()
QUESTIONS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(question=QUESTIONS, before=st.lists(QUESTIONS, max_size=2))
def test_any_words_get_an_answer_or_a_reason(library, question: str, before: list[str]) -> None:
    answer = ask(library, question, *before)
    assert answer.passages or answer.reason
