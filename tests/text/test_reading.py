from index.text.reading import LONG_SENTENCE, read
from index.text.tags import tagger
from index.text.tokens import tokenise
from tests.text.builders import a_sentence


def sentences(text):
    return [" ".join(s.words) for s in read(1, 0, text).sentences if s.inside < 0]


def test_tokens_keep_names_abbreviations_and_numbers_whole():
    words, _ = tokenise("Mr. O'Malley's U.S. ship cost $1.5 million, didn't it? A 70-year-old knew.")
    assert words == [
        "Mr.", "O'Malley", "'s", "U.S.", "ship", "cost", "$1.5", "million", ",", "didn't", "it",
        "?", "A", "70-year-old",
        "knew", ".",
    ]  # fmt: skip


def test_a_title_does_not_end_a_sentence():
    assert len(sentences("Mr. Crane left. Mrs. Crane stayed.")) == 2


def test_a_stop_inside_marks_ends_the_sentence_before_a_capital():
    assert sentences("She said “no.” Then she left.") == ['She said "', "Then she left ."]


def test_a_question_inside_marks_does_not_end_the_sentence_before_its_cue():
    assert len(sentences("“Why me?” Marsh asked.")) == 1


def test_words_are_classed_by_their_neighbours():
    words, _ = tokenise("The board plans to vote on the plans.")
    tags = tagger().tag(words)
    assert (tags[2], tags[4], tags[7]) == ("v", "b", "N")


def test_noun_phrases_hold_their_titles_and_possessives():
    sentence = a_sentence("The harbour board's chair said no.")
    first, last = sentence.phrases[0]
    assert " ".join(sentence.words[first:last]) == "The harbour board 's chair"


def test_an_outline_keeps_one_letter_per_phrase():
    sentence = a_sentence("The old harbour board said that Ada Marsh would resign.")
    assert sentence.outline(0, len(sentence.words)) == "NVTNVb."
    assert sentence.outline(2, 5) == "NV"
    assert sentence.outline(3, 3) == ""


def test_text_without_a_stop_is_cut_at_the_longest_sentence():
    sizes = [len(s.words) for s in read(1, 0, "ferry " * (2 * LONG_SENTENCE + 3)).sentences]
    assert sizes == [LONG_SENTENCE, LONG_SENTENCE, 3]


def test_a_quotation_counts_as_one_unit_of_the_longest_sentence():
    text = "ferry " * 10 + "“" + "pier " * 50 + "” and " + "ferry " * LONG_SENTENCE
    sizes = [len(s.words) for s in read(1, 0, text).sentences if s.inside < 0]
    assert sizes == [LONG_SENTENCE, 12]


def test_a_word_is_classed_alike_whatever_was_read_before():
    words, _ = tokenise("Will spoke. “Will they?” asked Marsh; will Will Price, an aide, Vote? Vote he did.")
    fresh = tagger.__wrapped__()
    assert fresh.tag(words) == fresh.tag(words) == tagger().tag(words)


def test_verbs_that_say_when_are_counted_before_each_unit():
    sentence = a_sentence("The board said that the pier was closed, and will say more.")
    sentence.trace()
    assert sentence.finite[0] == 0
    assert sentence.finite[sentence.lower.index("was")] == 1
    assert sentence.finite[-1] == 3
