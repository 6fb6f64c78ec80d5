"""Who holds a role: the present one, in the story that is asked about, and nobody for want of another."""

import pytest

from tests.answer.builders import a_library, an_article, ask, shown


def test_a_past_holder_yields_to_the_present_one(library):
    assert ask(library, "what did the mayor of harwick say").speaker.name == "Lena Voss"
    assert ask(library, "what did the former mayor say about a summer").speaker.name == "Karl Dunn"


def test_an_unnamed_holder_of_a_role_is_shown_as_printed(tmp_path):
    article = an_article("dam", "Dam holds", "A Tarn spokesman said the dam would hold until Friday.")
    answer = ask(a_library(tmp_path / "home", article), "what did the tarn spokesman say about the dam")
    assert shown(answer) == ["dam#1"]
    assert answer.speaker.name == "A Tarn spokesman"


def test_a_role_is_found_around_a_name_with_an_apostrophe(tmp_path):
    article = an_article(
        "quay",
        "Quay reopens",
        "It fell to the mayor to speak, and D'Amico kept it short.",
        "“The quay is sound,” D'Amico said of the work.",
        "Tom Pell said that the quay had been shut for too long.",
    )
    answer = ask(a_library(tmp_path / "home", article), "what did the mayor say about the quay")
    assert answer.speaker.name == "D'Amico"


def test_a_spokeswoman_for_somebody_is_not_that_person(tmp_path):
    article = an_article(
        "dam",
        "Dam holds",
        "Mayor Lena Voss said the dam would hold.",
        "Voss spokesman Tom Pell said the dam was sound, and that nobody had to leave the valley.",
    )
    answer = ask(a_library(tmp_path / "home", article), "what did voss's spokesman say about the dam")
    assert answer.speaker.name == "Tom Pell"


def test_the_one_known_for_a_role_holds_it_whoever_else_stands_near_its_words(tmp_path) -> None:
    library = a_library(
        tmp_path,
        an_article(
            "one", "Docks", "Harbour Police director Ada Marsh said the docks were safe.", published="2024-05-01"
        ),
        an_article("two", "Cranes", "Harbour Police director Ada Marsh said the cranes were safe."),
        an_article(
            "three",
            "Letters kept at home",
            "Lena Voss said the letters were hers. Not so the harbour police director, whom Voss met over the letters.",
        ),
    )
    answer = ask(library, "what did the harbour police director say about letters?")
    assert answer.speaker.name == "Ada Marsh"
    assert not answer.found


def test_police_are_not_their_chief(tmp_path) -> None:
    library = a_library(
        tmp_path,
        an_article(
            "raid",
            "Raid on the quay",
            "Police said the raid on the quay began at dawn. The Harwick police chief watched the raid on the quay.",
        ),
        an_article("calm", "Quiet night", "“The raid went well,” said police chief Lena Frost of Harwick."),
    )
    assert ask(library, "what did harwick's police chief say about the raid on the quay?").speaker.name == "Lena Frost"


def test_somebody_without_a_name_yields_to_the_one_known_to_hold_the_role(tmp_path) -> None:
    library = a_library(
        tmp_path,
        an_article("dock", "Docks", "Tarn Governor Elena Ruiz said the docks were safe."),
        an_article("dam", "Dam", "The Tarn governor said the dam was safe."),
    )
    assert ask(library, "what did the tarn governor say").speaker.name == "Elena Ruiz"


@pytest.mark.parametrize(
    ("question", "nobody"),
    [
        ("what did the velden governor say about the reservoir?", "Nora Hale"),  # printed as Ostmark's governor
        ("what did the velden county sheriff say?", "Tom Birk"),  # who is Kessel County's
        ("what did the river league's chief say about the reservoir?", "Iris Kahn"),  # nobody calls a president that
        ("what did the velden county spokeswoman say?", "Lou Park"),  # who stands near another's role
    ],
)
def test_a_role_of_one_body_is_not_held_by_anothers(tmp_path, question, nobody) -> None:
    library = a_library(
        tmp_path,
        an_article(
            "reservoir",
            "Velden and the River League quarrel over a reservoir",
            "Gov. Nora Hale said the reservoir would flood three farms.",
            "President Iris Kahn said the reservoir was needed by everybody.",
            "Kessel County Sheriff Tom Birk said that he had closed the road.",
            "Farmer Lou Park said a Velden County spokeswoman had never called him back.",
        ),
        an_article("ostmark", "Ostmark votes", "Ostmark Gov. Nora Hale said the vote was fair."),
    )
    speaker = ask(library, question).speaker
    assert speaker is None or speaker.name != nobody
    assert ask(library, "what did the ostmark governor say about the reservoir?").speaker.name == "Nora Hale"


def test_who_is_printed_in_a_role_keeps_it_where_others_speak_of_the_topic(tmp_path) -> None:
    library = a_library(
        tmp_path,
        an_article("agency", "Agency opens office", "River Agency director Olga Stein said the office was open."),
        an_article(
            "plant",
            "River Agency looks at plant",
            "President Iris Kahn said the plant was safe, and that the River Agency would look at it.",
            "“The plant is safe,” Kahn said.",
        ),
    )
    answer = ask(library, "what did the river agency chief say about the plant?")
    assert answer.speaker.name == "Olga Stein"
    assert not answer.found


def test_an_aide_to_a_president_is_not_the_president(tmp_path) -> None:
    library = a_library(
        tmp_path,
        an_article("dock", "Docks", "President Elena Ruiz said the docks were safe.", "Ruiz said the dam would hold."),
    )
    speaker = ask(library, "what did the aide to president elena ruiz say about the docks").speaker
    assert speaker is None or speaker.name != "Elena Ruiz"


def test_whoever_held_a_role_once_keeps_nobody_else_from_it(tmp_path) -> None:
    library = a_library(
        tmp_path,
        an_article("one", "Docks", "Former Harwick mayor Gil Ferro said docks decay.", published="2024-05-01"),
        an_article("two", "Cranes", "Former Harwick mayor Gil Ferro said cranes rust."),
        an_article(
            "three",
            "Blast shakes Harwick quay",
            "Mayor Ada Marsh hurried to the quay in Harwick after the blast.",
            "The mayor said that the blast was an accident at a boiler.",
        ),
    )
    answer = ask(library, "what did the mayor of harwick say about the blast?")
    assert (answer.speaker.name, shown(answer)[:1]) == ("Ada Marsh", ["three#2"])


def test_whoever_is_printed_as_just_that_comes_before_others_of_the_kind(tmp_path) -> None:
    library = a_library(
        tmp_path,
        an_article("crane", "Crane", "Cranes Ltd CEO Olga Stein said the crane was new.", published="2024-03-02"),
        an_article("paint", "Paint", "Cranes Ltd director Max Poe said the paint was dry.", published="2024-05-02"),
    )
    assert ask(library, "what did the Cranes Ltd CEO say?").speaker.name == "Olga Stein"
