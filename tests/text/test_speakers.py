"""Own-word fixtures for who is who within an article."""

import pytest

from index.model import SpeakerKind
from tests.text.builders import pairs, said


def the_speaker(*paragraphs, **fields):
    return said(*paragraphs, **fields)[-1].quote.speaker


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("J. R. Halloran", "J. R. Halloran"),
        ("Ludwig van der Meer", "Ludwig van der Meer"),
        ("Sen. Ines Vaz", "Ines Vaz"),
        ("Dr. Ada Marsh", "Ada Marsh"),
        ("Harbour master Ines Vaz", "Ines Vaz"),
        ("Theresa May", "Theresa May"),
        ("Jack Straw", "Jack Straw"),
        ("Mohammed al Rashid", "Mohammed al Rashid"),
        ("Siobhan O'Malley", "Siobhan O'Malley"),
        ("Jean-Claude Brandt", "Jean-Claude Brandt"),
        ("Sam Holt Jr.", "Sam Holt Jr."),
        ("Mayor Will Price", "Will Price"),
    ],
)
def test_a_name_is_given_as_printed_without_its_title(printed, name):
    assert the_speaker(f"{printed} said the pier was safe.").name == name


def test_a_surname_means_the_full_name_of_the_article():
    assert the_speaker("Ada Marsh chairs the board.", "Marsh said the pier was safe.").name == "Ada Marsh"


def test_a_surname_that_is_a_common_word_is_a_name_next_to_its_cue():
    assert the_speaker("Theresa May came late.", "“It leaks,” May said.").name == "Theresa May"


def test_two_people_with_one_surname_stay_two():
    found = pairs("Hilda Crane said the pier was safe.", "Her brother Bill Crane said it leaked.")
    assert [speaker for speaker, _ in found] == ["Hilda Crane", "Bill Crane"]


def test_a_title_tells_two_people_with_one_surname_apart():
    found = pairs(
        "Hilda Crane and Bill Crane came to the meeting.",
        "Mr. Crane said the pier leaked.",
        "Mrs. Crane said it was safe.",
    )
    assert [speaker for speaker, _ in found] == ["Bill Crane", "Hilda Crane"]


def test_which_of_two_with_one_surname_speaks_is_left_open_where_nothing_tells():
    [one] = said("Hilda Crane and Bill Crane came to the meeting.", "Crane said that the pier leaked.")
    assert one.quote.speaker.id == "a:crane"
    assert (one.speaker, one.quote.speaker.role, one.quote.speaker.aliases) == ("Crane", None, ())
    assert one.quote.confidence <= 0.4


@pytest.mark.parametrize(
    "before",
    [
        ("Bill Crane was late. Hilda Crane spoke.",),
        ("Hilda Crane came. Crane has been the mayor since 2012. Crane is ill.", "Her brother is Bill Crane."),
        ("Bill Crane was late.", "Hilda Crane spoke.", "It was a wet day."),
    ],
)
def test_the_one_named_last_or_most_is_meant_by_the_surname(before):
    assert the_speaker(*before, "Crane said that the pier leaked.").name == "Hilda Crane"


def test_she_is_the_woman_just_named():
    found = pairs("Ada Marsh met Ben Okoro on the pier.", "“It is safe,” she said.", "“It leaks,” he said.")
    assert [speaker for speaker, _ in found] == ["Ada Marsh", "Ben Okoro"]


def test_a_pronoun_after_a_possessive_means_the_subject():
    assert the_speaker("Ada Marsh rejected Ben Okoro's plan.", "“It is theft,” she said.").name == "Ada Marsh"


def test_a_pronoun_does_not_mean_somebody_named_only_inside_a_quotation():
    found = pairs("“Ben Okoro is wrong,” Carl Dunn said.", "“He always was,” he added.")
    assert [speaker for speaker, _ in found][:2] == ["Carl Dunn", "Carl Dunn"]


def test_a_role_before_the_name_is_the_speakers_role():
    assert the_speaker("Harbour Board spokeswoman Ada Marsh said it was safe.").role == "Harbour Board spokeswoman"


def test_a_role_after_the_name_is_the_speakers_role():
    assert the_speaker("Ada Marsh, a spokeswoman for the board, said it was safe.").role == "spokeswoman for the board"


def test_a_role_with_its_organisation_before_the_name_is_kept_whole():
    speaker = the_speaker("A spokesman for the Marsh campaign, Brian Holt, said the story was false.")
    assert (speaker.name, speaker.role) == ("Brian Holt", "spokesman for the Marsh campaign")


def test_a_role_printed_before_the_name_is_known_resolves_to_it():
    found = said(
        "The pier will open in June, according to a Harbour Board spokeswoman.",
        "The date is fixed, spokeswoman Ada Marsh said in a statement Wednesday.",
    )
    assert [one.speaker for one in found] == ["Ada Marsh", "Ada Marsh"]
    assert found[0].quote.speaker.role == "Harbour Board spokeswoman"


def test_a_press_secretary_speaks_for_the_organisation_that_the_sentence_before_is_about():
    speaker = the_speaker("The White House kept its distance. Press secretary Ada Marsh said that nothing had changed.")
    assert (speaker.name, speaker.role) == ("Ada Marsh", "White House press secretary")


def test_secretary_of_state_is_a_role_and_not_part_of_a_name():
    speaker = the_speaker("Secretary of State Rex Holt said the talks would go on.")
    assert (speaker.name, speaker.role) == ("Rex Holt", "Secretary of State")


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("The White House said the talks would go on.", "White House", SpeakerKind.ORGANISATION),
        ("The Harbour Commission said the pier was safe.", "Harbour Commission", SpeakerKind.ORGANISATION),
        ("The report said the pier was safe.", "The report", SpeakerKind.DOCUMENT),
        ("A senior official said the pier was safe.", "A senior official", SpeakerKind.UNNAMED),
        ("The company said the pier was safe.", "The company", SpeakerKind.ORGANISATION),
    ],
)
def test_organisations_documents_and_the_unnamed_can_speak(text, name, kind):
    speaker = the_speaker(text)
    assert (speaker.name, speaker.kind) == (name, kind)


def test_the_unnamed_are_named_without_what_is_told_of_them():
    assert the_speaker("The mayor, who came late, told reporters the plan was dead.").name == "The mayor"


def test_a_poll_is_a_document():
    assert the_speaker("Most people want a bridge, according to a poll.").kind is SpeakerKind.DOCUMENT


def test_the_author_of_a_study_speaks_in_it():
    assert the_speaker("The pier will sink, according to an analysis by Ada Marsh, an engineer.").name == "Ada Marsh"


def test_a_name_that_begins_a_sentence_is_known_by_its_other_places():
    found = pairs("They had met Price before. Price said the pier leaked.", "“It does,” he said.")
    assert [speaker for speaker, _ in found] == ["Price", "Price"]


def test_a_day_or_a_people_is_nobody_whom_he_could_mean():
    found = pairs("Ben Okoro met the Americans. Friday was wet. “It rains,” he said.")
    assert found[-1][0] == "Ben Okoro"


def test_all_of_a_conjoined_source_are_named():
    [one] = said("Ada Marsh and Ben Okoro said the talks would go on.")
    assert one.speaker == "Ada Marsh"
    assert [speaker.name for speaker in one.quote.also] == ["Ben Okoro"]


def test_aides_to_somebody_are_not_that_person():
    speaker = the_speaker("Ada Marsh is in Harwick. Aides to Marsh said she would resign.")
    assert speaker.name != "Ada Marsh"


def test_a_spokesman_for_somebody_is_not_that_person():
    speaker = the_speaker("Ada Marsh is in Harwick. A spokesman for Marsh said she would resign.")
    assert speaker.name != "Ada Marsh"


def test_names_glued_on_by_markup_become_aliases():
    speaker = the_speaker("Rex Holt said it was safe.", aliases=(("Rex Holt", "Rex Wayne Holt"),))
    assert "Rex Wayne Holt" in speaker.aliases


def test_a_speakers_key_names_the_article_and_is_one_per_speaker():
    found = said("Ada Marsh said it was safe.", "Ben Okoro said it leaked.", "Marsh said he was wrong.")
    assert [one.quote.speaker.id for one in found] == ["a:ada-marsh", "a:ben-okoro", "a:ada-marsh"]


def test_an_article_in_another_language_has_no_statements():
    assert said("„Es regnet“, sagte Ada Marsh.", language="de") == []


def test_a_surname_that_is_a_title_is_somebodys_where_the_article_says_so():
    full = "Angus King said the bill was dead."
    assert [who for who, _ in pairs(full, "Mr. King said more.", "“It is over,” King said.")] == ["Angus King"] * 3


def test_a_title_alone_is_nobodys_surname():
    assert "Speaker" not in [who for who, _ in pairs("Ada Marsh said yes.", "Prime Minister said no.")]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The Harwick Chamber of Commerce said the toll would hurt shops.", "Harwick Chamber of Commerce"),
        ("The Bank of Harwick said rates would rise.", "Bank of Harwick"),
        ("The Department of Harbors and Ferries said it was safe.", "Department of Harbors and Ferries"),
    ],
)
def test_an_organisations_name_goes_on_after_of(text, name):
    speaker = the_speaker(text)
    assert (speaker.name, speaker.kind) == (name, SpeakerKind.ORGANISATION)


def test_an_organisation_is_known_by_what_stands_before_of_too():
    assert the_speaker("The Harwick Chamber of Commerce said it would sue.").aliases == ("Harwick Chamber",)
    assert the_speaker("The Bank of Harwick said it would sue.").aliases == ()


def test_an_organisation_named_before_is_meant_by_its_noun():
    found = pairs(
        "The Harwick Chamber of Commerce said the toll would hurt shops. The chamber added that it would sue.",
        "The Pilots Association denied that. The association said it was calm.",
    )
    assert [speaker for speaker, _ in found] == ["Harwick Chamber of Commerce"] * 2 + ["Pilots Association"] * 2


def test_police_or_a_secretary_are_no_organisation_of_that_name():
    assert the_speaker("Police said the pier was closed.").kind is SpeakerKind.UNNAMED
    assert the_speaker("The Secretary of State said that it was closed.").kind is SpeakerKind.UNNAMED


@pytest.mark.parametrize(
    ("full", "called"), [("Xi Zemin", "Xi"), ("Kim Hyon U", "Kim"), ("Moon Ji-ho", "Moon"), ("Tran Van Binh", "Binh")]
)
def test_the_surname_may_come_first(full, called):
    found = pairs(f"President {full} said the talks would go on.", f"“We will meet,” {called} said.")
    assert [speaker for speaker, _ in found] == [full, full]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("“It leaks,” said Ben Okoro (D-Ohio), a lawyer for the board.", "Ben Okoro (D-Ohio), a lawyer for the board"),
        ("A woman in Ames, Iowa, said that the pier leaked.", "A woman in Ames, Iowa"),
        ("“It leaks,” said a spokesman, Ben Okoro.", "a spokesman, Ben Okoro"),
        ("Most voters in Georgia said that the pier leaked.", "Most voters in Georgia"),
        ("Ada Marsh (Vt.) and Ben Okoro said the pier was safe.", "Ada Marsh (Vt.) and Ben Okoro"),
        ("Unions, lawyers, and many voters said the pier was safe.", "Unions, lawyers, and many voters"),
    ],
)
def test_a_source_is_whole(text, source):
    [one] = said(text)
    assert one.quote.source.text == source


def test_who_stands_for_the_name_before_it():
    found = pairs("Ben Okoro, who said that the pier leaked, came late.")
    assert found == [("Ben Okoro", "that the pier leaked")]


@pytest.mark.parametrize(
    "text",
    [
        "The pier will open in June, according to Marsh's aide, Ben Okoro.",
        "It leaks, said Marsh's spokesman, Ben Okoro.",
    ],
)
def test_somebody_named_after_a_role_speaks_and_not_whose_role_it_is(text):
    assert the_speaker(text).name == "Ben Okoro"


def test_the_campaign_manager_of_one_is_not_that_of_another():
    found = said("Holm's campaign manager said it was safe.", "Ben Okoro, campaign manager of Ada Marsh, sat down.")
    assert found[0].speaker == "Holm's campaign manager"


def test_a_time_is_no_part_of_who_speaks():
    assert the_speaker("The plan in recent months has said that the pier would go.").name == "The plan"
