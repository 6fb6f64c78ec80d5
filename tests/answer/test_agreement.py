from index.answer.agreement import agreement
from index.answer.ranking import asking_part

HARBOUR = "The harbour board chose Ada Marsh, who will run the port."
PORT = "A vote on the port went to Marsh by two hands."
FERRY = "In the evening the captain Okoro took the ferry out."


def test_a_paragraph_with_a_name_that_others_print_too_is_agreed_with_more_than_one_with_a_name_of_its_own():
    marsh, again, okoro = agreement([HARBOUR, PORT, FERRY], asked=())
    assert marsh > okoro
    assert again > okoro


def test_names_that_the_question_has_are_no_news():
    assert agreement(["It was said by Marsh.", "It was seen by Marsh."], asked={"marsh"}) == [0.0, 0.0]


def test_words_that_begin_a_sentence_are_no_names():
    assert agreement(["Rain fell. Water rose.", "Rain fell. Water rose."], asked=()) == [0.0, 0.0]


def test_nothing_agrees_where_there_is_nothing():
    assert agreement([], asked=()) == []


def test_the_part_that_asks_is_the_sentence_with_the_question_mark():
    assert asking_part("The pier was sold in May. Who bought it?") == "Who bought it?"


def test_all_of_a_question_of_one_sentence_asks():
    assert asking_part("who bought the old pier in st. olave") == "who bought the old pier in st. olave"


def test_the_last_sentence_asks_where_none_has_a_question_mark():
    assert asking_part("The pier was sold. Name the buyer.") == "Name the buyer."
