from dataclasses import replace
from datetime import date

import pytest

from index.answer import retrieval
from index.answer.answering import Answerer
from index.answer.query import Query
from index.answer.terms import Terms
from index.model import Intent, Question
from index.storage.records import Filters
from tests.answer.builders import ARTICLES, ASKED, BRIDGE, COPY, a_library, an_article, ask, said_by, shown


def test_what_somebody_said_is_all_theirs_and_newest_first(library):
    answer = ask(library, "what did marsh say?")
    assert answer.speaker.name == "Ada Marsh"
    assert set(said_by(answer)) == {"Ada Marsh"}
    days = [passage.article.published for passage in answer.passages]
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize(
    ("question", "speaker", "first"),
    [
        ("what did marsh say about bolts", "Ada Marsh", "bridge#2"),
        ("what did mrash say about bolts", "Ada Marsh", "bridge#2"),
        ("marsh's view on the toll paying for the bridge", "Ada Marsh", "toll#1"),
        ("what did Captain Ben Okoro say about nurses", "Ben Okoro", "toll#2"),
        ("how did the governor of tarn react to the river and the dam", "Elena Ruiz", "flood#1"),
        ("what did the norrland pm say about boats", "Sara Holm", "flood#5"),
        ("what did the power company's spokeswoman say about crews", "Ines Bell", "flood#3"),
        ("what did the mayor say about a warning", "Otto Lind", "flood#4"),
        ("what did the mayor say about a vote on the toll", "Lena Voss", "toll#4"),
        ("what did rob hale say about an auction", "Robert Hale", "cousins#3"),
        ("what did the harwick chamber say about shops", "Harwick Chamber of Commerce", "toll#3"),
    ],
)
def test_the_first_passage_is_what_was_asked_for(library, question, speaker, first):
    answer = ask(library, question)
    assert answer.speaker.name == speaker
    assert shown(answer)[0] == first


def test_of_one_surname_the_one_who_speaks_to_the_topic_is_meant_and_the_other_is_offered(library):
    answer = ask(library, "what did hale say about a spare room")
    assert answer.speaker.name == "Nina Hale"
    assert "Robert Hale" in answer.did_you_mean


def test_an_op_ed_is_its_authors_words(library):
    answer = ask(library, "what did okoro write about subsidies vanishing")
    assert "opinion#2" in shown(answer)


def test_a_wire_story_is_shown_once_with_its_copies(library):
    answer = ask(library, "what did marsh say about the swing bridge staying shut until october")
    assert shown(answer).count("bridge#1") + shown(answer).count("copy#1") == 1
    assert len(answer.passages[0].also_in) == 1


@pytest.mark.parametrize(
    "question",
    [
        "what did marsh say about whales",
        "what did wilhelmina foss say",
        "what did the archbishop say about the toll",
        'who said "the moon is made of cheese"',
        "why did the moon landing fail",
        "who spoke about penguins",
        "what did marsh say about the toll in 2019",
        "what is gerta brandt's position on the toll",
    ],
)
def test_what_is_not_on_record_is_said_so_with_what_the_index_covers(library, question):
    answer = ask(library, question)
    assert not answer.found
    assert answer.reason.endswith("The index covers 8 articles from 3 outlets, dated 10 March 2024 to 21 June 2024.")


def test_silence_names_what_is_missing(library):
    assert "“moon”" in ask(library, "why did the moon landing fail").reason
    assert "none about whales" in ask(library, "what did marsh say about whales").reason
    assert "Nobody called “wilhelmina foss”" in ask(library, "what did wilhelmina foss say").reason


def test_silence_offers_those_who_do_speak_to_the_topic(library):
    answer = ask(library, "what did ruiz say about the toll paying for the bridge")
    assert not answer.found
    assert "what did Ada Marsh say about the toll paying for the bridge?" in answer.did_you_mean


def test_somebody_with_no_statement_before_the_asked_day_is_silent(library):
    answer = ask(library, "what did ruiz say?", asked=date(2024, 6, 1))
    assert not answer.found
    assert answer.speaker.name == "Elena Ruiz"


def test_side_by_side_has_a_group_for_each(library):
    answer = ask(library, "marsh vs okoro on the toll")
    assert [group.label for group in answer.groups] == ["Ada Marsh", "Ben Okoro"]
    both = [index for group in answer.groups for index in group.passages]
    assert both == list(range(len(answer.passages)))


def test_one_of_two_may_be_silent(library):
    answer = ask(library, "marsh and gerta brandt on the toll")
    assert answer.found
    assert [len(group.passages) for group in answer.groups][1] == 0


def test_over_time_goes_from_the_oldest_to_the_newest_by_month(library):
    answer = ask(library, "how has marsh changed on the toll")
    assert answer.intent is Intent.TIMELINE
    assert [group.label for group in answer.groups] == ["March 2024", "June 2024"]


def test_who_spoke_gives_each_speaker_once(library):
    answer = ask(library, "who spoke about the toll")
    names = [speaker.name for speaker in answer.speakers]
    assert len(names) == len(set(names))
    assert {"Ada Marsh", "Ben Okoro"} <= set(names)


def test_a_plain_question_finds_the_paragraph_that_answers(library):
    assert "bridge#5" in shown(ask(library, "how many people cross the bridge on an ordinary day"))[:2]


def test_a_named_outlet_and_a_day_restrict(library):
    answer = ask(library, "what did marsh say in the harwick times")
    assert {passage.article.outlet for passage in answer.passages} == {"The Harwick Times"}
    answer = ask(library, "what did marsh say about the toll in march")
    assert shown(answer) == ["earlier#1"]


def test_nothing_from_after_the_questions_now_is_seen(library):
    answer = ask(library, "what did marsh say?", asked=date(2024, 4, 1))
    assert shown(answer) == ["earlier#1"]


@pytest.mark.parametrize(
    ("context", "question", "speaker", "first"),
    [
        (("what did marsh say about the toll?",), "and what did okoro make of it?", "Ben Okoro", "toll#2"),
        (("what did ruiz say?",), "and the mayor?", "Otto Lind", "flood#4"),
        (("what did marsh say about bolts?",), "and about the toll?", "Ada Marsh", None),
        (("what did voss say about the toll?",), "what about okoro?", "Ben Okoro", "toll#2"),
        (("what did voss say about the toll?",), "when did she say that?", "Lena Voss", "toll#4"),
        (("what did okoro say about nina hale and the lighthouse?",), "what did she say about a spare room?",
         "Nina Hale", "cousins#3"),
        (("who said not one brick?",), "what did she say about the toll?", "Ada Marsh", None),
        (("what did marsh say about the toll?", "and what did okoro make of it?"), "and dunn?", "Karl Dunn", "toll#5"),
    ],
)  # fmt: skip
def test_a_follow_up_carries_what_was_asked_before(library, context, question, speaker, first):
    answer = ask(library, question, *context)
    assert answer.speaker.name == speaker
    assert first is None or shown(answer)[0] == first


def test_a_plain_follow_up_stays_with_the_articles_of_the_answer_before(library):
    answer = ask(library, "how many days would they need?", "what did the power company's spokeswoman say about crews?")
    assert answer.passages[0].article.id == "flood"


def test_a_query_can_be_answered_without_words(library):
    person = ask(library, "what did marsh say?").speaker
    query = Query(intent=Intent.SAID, text="", speakers=(person.id,), topic="bolts")
    answer = Answerer(library, limit=3).answer_query(query, Question(text="said", asked=ASKED))
    assert shown(answer)[0] == "bridge#2"


def test_a_limit_is_kept(library):
    assert len(ask(library, "what did marsh say?", limit=2).passages) == 2


def test_an_exchanged_name_asks_the_plain_question_again(library):
    answer = ask(library, "and for okoro?", "how many traders would marsh ruin along the quay?")
    assert answer.topic == "how many traders would okoro ruin along the quay"


def test_a_small_library_of_copies_answers_too(tmp_path):
    library = a_library(tmp_path / "home", BRIDGE, COPY)
    assert shown(ask(library, "what did marsh say about the swing bridge staying shut"))


def test_a_library_without_statements_answers_plainly(tmp_path):
    quiet = an_article("quiet", "Harbour lights", "The lamps along the quay went out at nine.", published=None)
    library = a_library(tmp_path / "home", quiet)
    assert shown(ask(library, "when did the lamps along the quay go out")) == ["quiet#1"]
    assert not ask(library, "who spoke about lamps").found
    assert not ask(library, "what did the mayor say about lamps").found


def test_a_guessed_speaker_whom_nobody_knows_makes_a_plain_question(library):
    answer = ask(library, "the old pier on the swing bridge")
    assert answer.intent is Intent.PLAIN
    assert answer.found


def test_what_about_somebody_unknown_is_a_topic(library):
    answer = ask(library, "what about bolts?", "did marsh say the toll would pay for the bridge?")
    assert answer.speaker.name == "Ada Marsh"
    assert answer.topic == "bolts"


def test_somebody_who_is_only_named_is_shown_where_the_topic_is_reported(tmp_path):
    article = an_article(
        "fair",
        "A fair without a wheel",
        "The fair opened without its great wheel. To hear Pim Verhoeven of the fair committee, whose hands were full, "
        "the missing wheel was told to be a matter of bolts, rust and the town council.",
    )
    library = a_library(tmp_path / "home", BRIDGE, article)
    if library.corpus.people_named("pim verhoeven"):
        pytest.skip("attribution reads this as a statement")
    answer = ask(library, "what did pim verhoeven say about the missing wheel, bolts and rust")
    assert answer.speaker.name == "Pim Verhoeven"
    assert shown(answer) == ["fair#1"]
    assert not ask(library, "what did pim verhoeven say about whales").found


def test_an_undated_article_answers_for_the_weekday_that_it_prints(tmp_path) -> None:
    article = an_article(
        "undated",
        "Pier closed",
        "Ada Marsh said on Tuesday that the pier was closed.",
        "Ben Okoro said on Wednesday that the ferry was full.",
        published=None,
    )
    snapshot = a_library(tmp_path, article)
    assert said_by(ask(snapshot, "what did Marsh say on tuesday?")) == ["Ada Marsh"]
    assert said_by(ask(snapshot, "what did Marsh say about the pier on tuesday?")) == ["Ada Marsh"]
    assert not ask(snapshot, "what did Okoro say on tuesday?").found
    assert not ask(snapshot, "what did Okoro say about the ferry on tuesday?").found


def test_a_month_without_a_year_is_the_last_one_that_the_index_covers(tmp_path) -> None:
    article = an_article("old", "Pier closed", "Ada Marsh said the pier was closed.", published="2016-06-05")
    snapshot = a_library(tmp_path, article)
    answer = ask(snapshot, "what did Marsh say in june?", asked=date(2026, 11, 23))
    assert said_by(answer) == ["Ada Marsh"]
    assert answer.since == date(2016, 6, 1)
    assert not ask(snapshot, "what did Marsh say last week?", asked=date(2026, 11, 23)).found


def test_an_article_that_names_only_somebody_else_of_that_surname_is_no_answer(tmp_path) -> None:
    library = a_library(
        tmp_path,
        an_article(
            "fair", "Fair opens", "Cora Marsh said her speech at the fair had been short, and that it had rained."
        ),
        an_article("dock", "Dock speech", "Ada Marsh said the dock was full.", "Marsh said the dock would grow."),
        an_article(
            "hall", "Hall hears a speech", "A speech by the harbour board's Ada Marsh is due. Marsh will keep it short."
        ),
    )
    assert {p.article.id for p in ask(library, "what did cora marsh say about her speech?").passages} == {"fair"}


def test_side_by_side_and_over_time_show_nobody_elses_words(tmp_path) -> None:
    library = a_library(
        tmp_path,
        an_article(
            "toll",
            "Toll divides the board",
            "Ada Marsh said the toll would pay for the bridge.",
            "Ben Okoro called the toll that Ada Marsh wants a tax on nurses.",
        ),
        an_article(
            "lamps",
            "Lamps",
            "“I like boats,” Ada Marsh said.",
            "Ada Marsh said the lamps would stay.",
            "Ben Okoro said the lamps were old.",
        ),
    )
    assert shown(ask(library, "compare marsh and okoro on the toll")) == ["toll#1", "toll#2"]
    assert shown(ask(library, "has marsh changed her position on the toll")) == ["toll#1"]


def test_words_too_common_to_search_by_are_found_among_all_that_somebody_said(tmp_path) -> None:
    article = an_article("now", "Now or never", "“It is what it is, and that is that,” Ada Marsh said of the lamps.")
    answer = ask(a_library(tmp_path, article), 'did marsh say "it is what it is"')
    assert answer.verdict == "word_for_word"


def test_old_news_that_holds_little_of_a_question_is_no_answer_but_fresh_news_is(tmp_path) -> None:
    article = an_article(
        "quay",
        "Quay to close",
        "The quay will close on Friday for repairs to its oldest crane.",
        published="2024-06-01",
    )
    library = a_library(tmp_path, article, *ARTICLES)
    question = "which crane on the quay needs repairs this week after the barge hit it"
    assert shown(ask(library, question, asked=date(2024, 6, 2)))[:1] == ["quay#1"]
    assert shown(ask(library, "when will the quay close for repairs", asked=date(2026, 6, 2)))[:1] == ["quay#1"]
    assert not ask(library, question, asked=date(2026, 6, 2)).found


def test_a_name_two_slips_from_anybodys_is_nobodys(tmp_path) -> None:
    library = a_library(tmp_path, an_article("dock", "Docks", "Matt Lauer said the docks were safe."))
    answer = ask(library, "what did nauert say about the docks")
    assert not answer.found
    assert answer.speaker is None


def test_a_paragraph_about_the_better_known_of_a_surname_is_no_answer_of_the_other(tmp_path) -> None:
    library = a_library(
        tmp_path,
        an_article("boats", "Boats", *(f"Ada Marsh said boat number {n} was late." for n in range(9))),
        an_article(
            "lamps",
            "Lamps on the quay",
            "Cora Marsh said the quay had too few lamps.",
            "Marsh came to the quay with Cora, and nobody there had seen so many lamps at noon.",
            "Marsh went home from the quay before the lamps were lit.",
        ),
    )
    assert "lamps#3" not in shown(ask(library, "what did cora marsh say about lamps on the quay?"))


def test_names_to_choose_among_are_of_people_on_record(tmp_path) -> None:
    library = a_library(
        tmp_path,
        an_article("one", "Docks", "Ada Marsh said the docks were safe.", "Ada Marsh said the cranes were, too."),
        an_article("two", "Lamps", "Cora Marsh said the lamps were old."),
    )
    answer = ask(library, "what did marsh say about the docks?")
    assert answer.did_you_mean == ("Ada Marsh", "Cora Marsh")
    assert "There is 1 statement by Cora Marsh on record" in ask(library, "what did cora marsh say about eels?").reason


def test_how_many_wants_a_number_of_what_is_counted(tmp_path) -> None:
    library = a_library(
        tmp_path,
        an_article(
            "walk",
            "Schools walk for the pier",
            "The schools walked for the pier on 3 May and sang.",
            "Some 2,000 schools walked for the pier and danced.",
        ),
        *ARTICLES,
    )
    assert shown(ask(library, "how many schools walked for the pier"))[0] == "walk#2"


def test_a_name_alone_asks_what_they_said(library) -> None:
    answer = ask(library, "marsh?")
    assert (answer.intent, answer.speaker.name) == ("said", "Ada Marsh")
    assert ask(library, "bolts").intent == "plain"


def test_asking_for_the_source_shows_the_answer_before_again(library) -> None:
    first = ask(library, "what did marsh say about bolts?")
    assert shown(ask(library, "source?", "what did marsh say about bolts?")) == shown(first)


@pytest.mark.parametrize("text", ["’s about bolts", "'s on the bridge", "both on tolls"])
def test_a_name_of_no_letters_makes_a_plain_question(library, text) -> None:
    assert ask(library, text).intent == "plain"


def test_what_an_archive_holds_does_not_grow_stale(tmp_path) -> None:
    ship = an_article(
        "ship",
        "Envoy to press council",
        "The envoy will press the council about the reef on Friday.",
        published="2017-12-13",
    )
    archive = a_library(tmp_path / "archive", ship, *(replace(a, published="2018-01-05") for a in ARTICLES))
    live = a_library(tmp_path / "live", ship, *ARTICLES)
    question = "why is the envoy visiting the reef council tomorrow"
    assert shown(ask(archive, question))[:1] == ["ship#1"]
    assert not ask(live, question).found


@pytest.mark.parametrize(
    "question", ["and what did she say about the toll?", "what has she said", "why did she call it fair?"]
)
def test_she_of_whom_nothing_tells_who_she_is_is_asked_for(library, question) -> None:
    answer = ask(library, question)
    assert not answer.found
    assert "Whom do you mean by “she”?" in answer.reason
    assert ask(library, question, "what did Ada Marsh say about the pier?").speaker.name == "Ada Marsh"


def test_a_headlines_word_before_a_name_is_nobody_to_choose(tmp_path) -> None:
    often = [an_article(f"pier{n}", f"Pier {n}", f"Ada Marsh said that pier {n} would hold.") for n in range(12)]
    library = a_library(
        tmp_path,
        *often,
        an_article("odd", "Pier", "Deconstructing Marsh said that the pier would fall."),
        an_article("cora", "Pier", "Cora Marsh said that the pier was old."),
    )
    assert ask(library, "what did Marsh say about the pier").did_you_mean == ("Ada Marsh", "Cora Marsh")


def test_a_day_on_which_nothing_was_said_may_be_what_it_was_said_about(tmp_path) -> None:
    library = a_library(
        tmp_path,
        an_article(
            "storm", "Storm", "Ada Marsh said that March 4 was the worst night of the pier.", published="2024-05-02"
        ),
        an_article("calm", "Calm", "Ada Marsh said that the crane was safe.", published="2024-05-03"),
    )
    answer = ask(library, "what did Ada Marsh say on March 4?")
    assert shown(answer) == ["storm#1"]
    assert (answer.topic, answer.since) == ("March 4", None)
    assert shown(ask(library, "what did Ada Marsh say on May 3?")) == ["calm#1"]
    assert not ask(library, "what did Ada Marsh say on March 9?").found


def test_nobody_spoke_about_a_name_of_which_one_word_was_printed(tmp_path) -> None:
    library = a_library(tmp_path, an_article("tyre", "Tyres", "Ada Marsh said that the tyre squeaked on the pier."))
    assert not ask(library, "who spoke about Tyre Nichols?").found
    assert ask(library, "who spoke about the tyre?").found


def test_what_may_name_somebody_holds_the_name_however_many_hold_more_of_the_topic(tmp_path) -> None:
    others = (f"The ferry timetable of pier {n}." for n in range(30))
    named = "Orla Finch had written to the council twice, she said."
    engine = a_library(tmp_path, an_article("letter", "A letter on the quay", named, *others)).engine
    terms = Terms.of("the ferry timetable", engine)
    found = retrieval.naming(engine, terms, {"finch", "nobody"}, Filters(), k=15)
    assert [candidate.place for candidate in found] == [("letter", 1)]
    assert retrieval.naming(engine, terms, frozenset(), Filters(), k=15) == []
