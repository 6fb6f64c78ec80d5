"""Own-word fixtures for every shape in which news reports what somebody said."""

import pytest

from index.model import QuoteKind
from tests.text.builders import everything, pairs, said


def test_words_in_marks_before_the_cue_are_a_direct_statement():
    [one] = said("“The harbour will freeze,” Ada Marsh said on Tuesday.")
    assert (one.speaker, one.words) == ("Ada Marsh", "“The harbour will freeze,”")
    assert one.quote.kind is QuoteKind.DIRECT
    assert one.quote.cue.text == "said"


def test_a_clause_with_a_piece_in_marks_is_a_mixed_statement():
    [one] = said("Ben Okoro said the plan was “a tax on nurses” and would fail.")
    assert one.quote.kind is QuoteKind.MIXED
    assert one.words == "the plan was “a tax on nurses” and would fail"


def test_a_clause_without_marks_is_an_indirect_statement():
    [one] = said("Ben Okoro said that the ferry would sink.")
    assert one.quote.kind is QuoteKind.INDIRECT
    assert one.words == "that the ferry would sink"


@pytest.mark.parametrize(
    "text",
    [
        "“Not one brick will fall,” Marsh said. “We checked every bolt.”",
        '"Not one brick will fall," Marsh said. "We checked every bolt."',
        "''Not one brick will fall,'' Marsh said. ''We checked every bolt.''",
        "``Not one brick will fall,'' Marsh said. ``We checked every bolt.''",
        "«Not one brick will fall,» Marsh said. «We checked every bolt.»",
        "‘Not one brick will fall,’ Marsh said. ‘We checked every bolt.’",
        "'Not one brick will fall,' Marsh said. 'We checked every bolt.'",
    ],
)
def test_a_quotation_that_goes_on_after_the_cue_is_one_statement_whatever_its_marks(text):
    [one] = said(text)
    assert one.speaker == "Marsh"
    assert [span.text.strip("“”\"'`«»‘’") for span in one.quote.content] == [
        "Not one brick will fall,",
        "We checked every bolt.",
    ]


def test_a_quotation_split_in_mid_sentence_by_its_cue_is_one_statement():
    [one] = said("“The tide,” Ben Okoro said, “does not wait for a board.”")
    assert [span.text for span in one.quote.content] == ["“The tide,”", "“does not wait for a board.”"]


def test_a_quotation_split_by_a_longer_cue_is_one_statement():
    [one] = said("“I never said that,” Lee told the paper, “and I never will. You know it.”")
    assert [span.text for span in one.quote.content] == ["“I never said that,”", "“and I never will. You know it.”"]


def test_a_quotation_that_runs_over_paragraphs_is_one_statement():
    [one] = said("“The tide does not wait,” said Ada Marsh. “It comes at six.", "“And it comes again at noon.”")
    assert [span.paragraph for span in one.quote.content] == [1, 1, 2]


def test_marks_inside_marks_do_not_end_a_quotation():
    [one] = [s for s in said("“He told me, ‘Go home,’ and I went,” Ada Marsh said.") if s.speaker == "Ada Marsh"]
    assert one.words == "“He told me, ‘Go home,’ and I went,”"


def test_a_transcript_names_the_speaker_before_a_colon():
    found = pairs("Ada Marsh met the board.", "MARSH: We will rebuild it. By spring, I hope.", "VAZ: Who pays for it?")
    assert found == [("Ada Marsh", "We will rebuild it. By spring, I hope."), ("VAZ", "Who pays for it?")]


def test_a_headline_can_give_speaker_and_words_around_a_colon():
    found = pairs("Ada Marsh spoke on Tuesday.", title="Marsh: I am sorry for the delay")
    assert found == [("Ada Marsh", "I am sorry for the delay")]


def test_a_block_quotation_belongs_to_whoever_the_colon_announces():
    found = said("In a letter to the board, Ada Marsh wrote:", "“We have no money left for the pier.”")
    assert [(one.speaker, one.words) for one in found] == [("Ada Marsh", "“We have no money left for the pier.”")]


def test_adding_that_makes_a_second_statement_of_the_same_speaker():
    found = pairs("Ada Marsh said the pier was safe, adding that it would open in June.")
    assert found == [("Ada Marsh", "the pier was safe"), ("Ada Marsh", "that it would open in June")]


def test_an_inserted_cue_leaves_the_words_on_both_sides():
    [one] = said("The pier, Ada Marsh said, would never open again.")
    assert [span.text for span in one.quote.content] == ["The pier", "would never open again"]


def test_coordinated_reports_keep_their_own_speakers():
    found = pairs("Ada Marsh said the toll was fair and Ben Okoro said it was theft.")
    assert found == [("Ada Marsh", "the toll was fair"), ("Ben Okoro", "it was theft")]


def test_while_divides_two_reports():
    found = pairs("Ada Marsh said the toll was fair, while Ben Okoro said that it was theft.")
    assert found == [("Ada Marsh", "the toll was fair"), ("Ben Okoro", "that it was theft")]


@pytest.mark.parametrize(
    "text",
    [
        "The pier will open in June, according to Ada Marsh.",
        "According to Ada Marsh, the pier will open in June.",
    ],
)
def test_according_to_stands_on_either_side(text):
    [one] = said(text)
    assert one.speaker == "Ada Marsh"
    assert one.words.lower() == "the pier will open in june"
    assert one.quote.cue.text.lower() == "according to"


def test_said_in_a_statement_reports_what_follows():
    [one] = said("Ada Marsh said in a statement that the pier was safe.")
    assert (one.speaker, one.words) == ("Ada Marsh", "that the pier was safe")


def test_a_tweet_is_a_statement():
    [one] = said("“No toll, no bridge!” Ben Okoro tweeted on Friday.")
    assert (one.speaker, one.quote.manner) == ("Ben Okoro", "tweeted")


def test_a_noun_can_report():
    found = pairs("There was no truth in Ben Okoro's assertion that the board had lost the keys.")
    assert found == [("Ben Okoro", "that the board had lost the keys")]


def test_a_denial_says_so():
    [one] = said("Ada Marsh denied that she had hidden the report.")
    assert (one.speaker, one.quote.manner) == ("Ada Marsh", "denied")


def test_a_question_says_so():
    [one] = said("Ben Okoro asked whether the board had read the report.")
    assert (one.speaker, one.quote.manner) == ("Ben Okoro", "asked")


def test_the_cue_may_come_before_its_subject():
    [one] = said("“It leaks,” said harbour master Ines Vaz, who built the pier.")
    assert (one.speaker, one.words) == ("Ines Vaz", "“It leaks,”")


def test_a_subject_after_an_apposition_is_still_the_subject():
    [one] = said("Ada Marsh, the chair of the harbour board, said the pier was safe.")
    assert (one.speaker, one.words) == ("Ada Marsh", "the pier was safe")


@pytest.mark.parametrize(
    "text",
    [
        "Her novel “The Salt Road” sold a million copies.",
        "The so-called “ghost pier” was built in 1911.",
        "The town distanced itself from Ben Okoro's comments.",
        "The ferry left at noon and came back at six.",
        "",
        "“",
        "...",
    ],
)
def test_titles_scare_quotes_and_plain_reports_are_no_statements(text):
    assert pairs(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Mayor Ada Marsh promised never to close the pier again.", "never to close the pier again"),
        ("Ben Okoro, a spokesman, vowed not to raise the toll.", "not to raise the toll"),
    ],
)
def test_what_is_denied_is_told_with_its_not(text, words):
    [one] = everything(text)
    assert one.words == words


def test_a_plan_or_belief_is_an_attitude():
    found = everything("Ada Marsh hopes to open the pier in June. Ben Okoro wants a bridge instead.")
    assert all(one.quote.attitude for one in found)


def test_what_somebody_will_say_is_a_plan_unless_the_words_are_known():
    assert all(one.quote.attitude for one in everything("Ada Marsh will again tell the council that the pier leaks."))
    told = everything("“The pier leaks and nobody has looked at it,” Ada Marsh will say on Friday.")
    assert [one.quote.attitude for one in told] == [False]


def test_an_attitude_in_quotation_marks_is_a_statement():
    assert all(not one.quote.attitude for one in everything("“I think it will hold,” Ada Marsh said."))


def test_an_unclaimed_quotation_after_a_report_belongs_to_its_speaker():
    found = pairs("Ada Marsh said the pier was safe. “We checked every bolt and every plank of it.”")
    assert ("Ada Marsh", "“We checked every bolt and every plank of it.”") in found


def test_what_follows_a_trailing_cue_does_not_take_a_continued_quotation():
    [one] = [
        s
        for s in said("“It leaks,” said Ines Vaz, referring to the pier. “It always did.”")
        if s.speaker == "Ines Vaz" and "It leaks" in s.words
    ]
    assert "It always did." in one.words


def test_every_confidence_is_a_probability():
    found = everything("Ada Marsh said the toll was fair and Ben Okoro said it was theft.")
    assert found
    assert all(0 < one.quote.confidence < 1 for one in found)


@pytest.mark.parametrize(
    "paragraphs",
    [
        ("“It leaks. All of it does.” — Ada Marsh",),
        ("“It leaks. All of it does.”", "- Ada Marsh."),
    ],
)
def test_a_signed_quotation_belongs_to_the_name_after_the_dash(paragraphs):
    found = [one for one in said("Ada Marsh sat down.", *paragraphs) if one.speaker == "Ada Marsh"]
    assert [one.words for one in found] == ["“It leaks. All of it does.”"]


def test_a_deed_turned_on_oneself_is_no_statement():
    assert everything("The harbor board soon distanced itself from the mayor's remarks.") == []


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Marsh: I'm sorry about the pier", "I'm sorry about the pier"),
        ("Ada Marsh: Pier Will Open in June", "Pier Will Open in June"),
        ("Marsh on the pier: It was a mistake", "It was a mistake"),
        ("Marsh says pier will open in June", "pier will open in June"),
        ("Marsh: 'The pier leaks'", "'The pier leaks'"),
    ],
)
def test_a_headline_reports_what_somebody_of_the_article_said(title, words):
    assert pairs("Ada Marsh ran the pier.", title=title) == [("Ada Marsh", words)]


@pytest.mark.parametrize("title", ["Harwick: A city in trouble", "Live: Ada Marsh speaks", "Pier opens: what to know"])
def test_a_headline_with_a_label_reports_nothing(title):
    assert pairs("Ada Marsh ran the pier in Harwick.", title=title) == []


def test_every_turn_of_a_transcript_is_its_speakers_however_short():
    found = pairs(
        "Ada Marsh and Lester Holt talked on Monday.",
        "HOLT: Who built the pier?",
        "MARSH: We did. It is safe.",
        "HOLT: When?",
        "MARSH: In 1911.",
    )
    assert found == [
        ("Lester Holt", "Who built the pier?"),
        ("Ada Marsh", "We did. It is safe."),
        ("Lester Holt", "When?"),
        ("Ada Marsh", "In 1911."),
    ]


def test_adding_reports_on():
    found = pairs("“The pier leaks,” Ada Marsh said, adding that the board had known for a year.")
    assert found == [("Ada Marsh", "“The pier leaks,”"), ("Ada Marsh", "that the board had known for a year")]


def test_who_was_asked_and_what_was_answered_are_two_statements():
    found = [
        (one.words, one.quote.manner) for one in said("Ben Okoro, asked whether he would resign, said he would not.")
    ]
    assert found == [("whether he would resign", "asked"), ("he would not", "said")]


def test_a_quotation_inside_a_quotation_is_its_speakers():
    [one] = said("“He told me, ‘The pier leaks,’ and I laughed,” Ada Marsh said.")
    assert (one.speaker, one.words) == ("Ada Marsh", "“He told me, ‘The pier leaks,’ and I laughed,”")


@pytest.mark.parametrize(
    ("title", "speaker"),
    [
        ("Toll cut will pass, senator says", "senator"),
        ("Pier will open in June, Marsh says", "Ada Marsh"),
        ("Pier unsafe, says Ada Marsh", "Ada Marsh"),
    ],
)
def test_a_headline_may_end_with_who_says_it(title, speaker):
    assert pairs("Ada Marsh ran the pier.", title=title) == [(speaker, title.split(",")[0])]


def test_answers_in_a_transcript_of_questions_are_whose_interview_it_is():
    found = pairs("Ada Marsh met the paper.", "Q: Who built the pier?", "A: We did. It is safe.", "A: In 1911.")
    assert found == [("Ada Marsh", "We did. It is safe."), ("Ada Marsh", "In 1911.")]


def test_a_question_who_said_it_is_no_statement():
    assert pairs("Who said that the pier leaks?") == []


def test_a_year_after_a_comma_ends_no_statement():
    [one] = said("Ada Marsh said that in April, 2012 the board knew of the leak.")
    assert one.words == "that in April, 2012 the board knew of the leak"


def test_a_title_behind_a_hyphen_ends_no_sentence():
    [one] = said("Ben Okoro said that then-Sen. Ada Marsh had closed the pier.")
    assert one.words == "that then-Sen. Ada Marsh had closed the pier"


def test_a_sentence_in_brackets_ends_with_its_bracket():
    found = said("(Ada Marsh said the pier was safe.) But the board closed it in June.")
    assert [one.words for one in found] == ["the pier was safe"]


def test_a_long_source_before_a_comma_is_no_part_of_what_it_says():
    [one] = said(
        "According to early results of a survey conducted for the harbor board by two papers, most want a bridge."
    )
    assert one.words == "most want a bridge"


def test_a_report_without_words_is_no_statement():
    assert pairs("Ada Marsh thanked him. The pier, Ben Okoro said, was safe.") == [("Ben Okoro", "The pier was safe")]
