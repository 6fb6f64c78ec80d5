from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answer.followups import understand_in_context
from index.answer.query import Query
from index.answer.understanding import understand
from index.model import Intent, Question

ASKED = date(2024, 6, 13)  # a Thursday
OUTLETS = ("The Harwick Times", "Coast Wire", "valley.com")


def read(text: str, *context: str) -> Query:
    return understand_in_context(Question(text=text, asked=ASKED, context=context), OUTLETS)


@pytest.mark.parametrize(
    ("text", "speaker", "topic"),
    [
        ("what did Marsh say?", "Marsh", None),
        ("What did Ada Marsh say about the bridge?", "Ada Marsh", "the bridge"),
        ("what did the harbour board chair say on fees", "the harbour board chair", "fees"),
        ("what has marsh said regarding the ferry", "marsh", "the ferry"),
        ("what does marsh think of cyclists", "marsh", "cyclists"),
        ("how did marsh respond to the audit", "marsh", "the audit"),
        ("why did marsh defend the toll", "marsh", "the toll"),
        ("marsh's view on tolls", "marsh", "tolls"),
        ("what is Marsh’s position on tolls?", "Marsh", "tolls"),
        ("quotes by Ada Marsh about tolls", "Ada Marsh", "tolls"),
        ("everything marsh said about tolls", "marsh", "tolls"),
        ("according to marsh, is the bridge safe?", "marsh", "is the bridge safe"),
        ("Marsh on tolls", "Marsh", "tolls"),
        ("did marsh say anything about tolls?", "marsh", "tolls"),
        ("whats marsh think about tolls", "marsh", "tolls"),
        ("what did marsh tell the harbour board about tolls", "marsh", "tolls"),
        ("anything from marsh on tolls", "marsh", "tolls"),
        ("show quotes from marsh on tolls", "marsh", "tolls"),
        ("marsh quotes about tolls", "marsh", "tolls"),
        ("marsh said what about tolls", "marsh", "tolls"),
        ("whatd marsh say about tolls", "marsh", "tolls"),
        ("what has marsh been saying about tolls", "marsh", "tolls"),
        ("what did marsh say on the radio about tolls", "marsh", "tolls"),
        ("the chairman of the board of north harwick on tolls", "the chairman of the board of north harwick", "tolls"),
        ("what was marsh's reason for closing the pier", "marsh", "closing the pier"),
        ("marshs view on tolls", "marshs", "tolls"),
        ("so, what did marsh actually say?", "marsh", None),
    ],
)
def test_a_question_for_somebodys_words_names_speaker_and_topic(text: str, speaker: str, topic: str | None) -> None:
    query = read(text)
    assert query.intent is Intent.SAID
    assert query.speakers == (speaker,)
    assert query.topic == topic


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("who said the bridge will open in May", "the bridge will open in May"),
        ('who said "not one brick"?', "not one brick"),
        ("who said that “not one brick” would fall", "not one brick"),
        ("who called the toll a tax on nurses", "the toll a tax on nurses"),
    ],
)
def test_who_said_asks_for_a_phrase(text: str, phrase: str) -> None:
    query = read(text)
    assert query.intent is Intent.WHO_SAID
    assert query.phrase == phrase
    assert query.speakers == ()


def test_did_say_asks_whether_somebody_said_a_phrase() -> None:
    query = read('did Marsh ever say "not one brick will fall"?')
    assert (query.intent, query.speakers, query.phrase) == (Intent.DID_SAY, ("Marsh",), "not one brick will fall")


def test_did_say_without_marks_takes_the_clause() -> None:
    query = read("did marsh say that the bridge is safe?")
    assert (query.intent, query.phrase) == (Intent.DID_SAY, "the bridge is safe")


@pytest.mark.parametrize(
    "text",
    [
        "what did Marsh and Okoro say about tolls?",
        "marsh vs okoro on tolls",
        "compare Marsh and Okoro on tolls",
        "compare what Marsh and Okoro have said about tolls",
        "compare what Marsh said about tolls with what Okoro said",
        "contrast Marsh's views with Okoro's on tolls",
        "compare Marsh to Okoro on tolls",
        "Marsh and Okoro on tolls",
    ],
)
def test_two_speakers_are_compared(text: str) -> None:
    query = read(text)
    assert query.intent is Intent.COMPARE
    assert [name.lower() for name in query.speakers] == ["marsh", "okoro"]
    assert query.topic == "tolls"


@pytest.mark.parametrize("text", ["has Marsh changed position on tolls?", "what did Marsh say about tolls over time"])
def test_a_change_of_mind_is_a_timeline(text: str) -> None:
    query = read(text)
    assert (query.intent, query.speakers, query.topic) == (Intent.TIMELINE, ("Marsh",), "tolls")


@pytest.mark.parametrize(
    "text",
    ["who has commented on the ferry?", "what was said about the ferry?", "what else has been said about the ferry"],
)
def test_who_spoke_about_a_topic_lists_speakers(text: str) -> None:
    query = read(text)
    assert (query.intent, query.topic) == (Intent.WHO_SPOKE, "the ferry")


@pytest.mark.parametrize("text", ["why is the bridge closed?", "how many ferries sank in the storm", "bridge toll"])
def test_other_questions_are_plain(text: str) -> None:
    assert read(text).intent is Intent.PLAIN


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("what did marsh say on tuesday", date(2024, 6, 11), date(2024, 6, 11)),
        ("what did marsh say yesterday", date(2024, 6, 12), date(2024, 6, 12)),
        ("what did marsh say last week", date(2024, 6, 3), date(2024, 6, 9)),
        ("what did marsh say in march", date(2024, 3, 1), date(2024, 3, 31)),
        ("what did marsh say in december", date(2023, 12, 1), date(2023, 12, 31)),
        ("what did marsh say on 5 June", date(2024, 6, 5), date(2024, 6, 5)),
        ("what did marsh say on June 5, 2023", date(2023, 6, 5), date(2023, 6, 5)),
        ("what did marsh say since 2024-05-01", date(2024, 5, 1), None),
        ("what did marsh say before May 2024", None, date(2024, 4, 30)),
        ("what did marsh say after May 2024", date(2024, 6, 1), None),
        ("what did marsh say until 3 May", None, date(2024, 5, 3)),
        ("what did marsh say in 2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("what did marsh say in the last 3 days", date(2024, 6, 10), date(2024, 6, 13)),
        ("what did marsh say this month", date(2024, 6, 1), date(2024, 6, 13)),
        ("what did marsh say last month", date(2024, 5, 1), date(2024, 5, 31)),
        ("what did marsh say last year", date(2023, 1, 1), date(2023, 12, 31)),
        ("what did marsh say this week", date(2024, 6, 10), date(2024, 6, 13)),
        ("what did marsh say this year", date(2024, 1, 1), date(2024, 6, 13)),
        ("what did marsh say this weekend", date(2024, 6, 8), date(2024, 6, 9)),
        ("what did marsh say today", date(2024, 6, 13), date(2024, 6, 13)),
        ("what did marsh say the other day", date(2024, 6, 9), date(2024, 6, 13)),
    ],
)
def test_days_and_periods_are_seen_from_the_questions_now(text: str, since: date | None, until: date | None) -> None:
    query = read(text)
    assert (query.since, query.until) == (since, until)
    assert query.speakers == ("marsh",)
    assert query.topic is None


def test_a_day_that_does_not_exist_is_no_period() -> None:
    assert read("what did marsh say on 31 February 2024").since is None


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        ("what did marsh say according to the times", "The Harwick Times"),
        ("what did marsh say about tolls in coast wire", "Coast Wire"),
        ("what did marsh say in valley?", "valley.com"),
        ("what did marsh say about the coast", None),
    ],
)
def test_an_outlet_of_the_index_is_taken_out_of_the_question(text: str, outlet: str | None) -> None:
    assert read(text).outlet == outlet


def test_a_follow_up_about_keeps_the_speaker() -> None:
    query = read("and about the ferry?", "what did Marsh say about tolls?")
    assert (query.speakers, query.topic) == (("Marsh",), "the ferry")


def test_a_follow_up_name_may_be_a_speaker_or_a_topic() -> None:
    query = read("what about Okoro?", "what did Marsh say about tolls?")
    assert (query.either, query.topic) == ("Okoro", "tolls")


def test_a_follow_up_pronoun_is_the_speaker_before() -> None:
    query = read("what did she say about cyclists?", "what did Marsh say about tolls?")
    assert (query.speakers, query.topic) == (("Marsh",), "cyclists")


def test_it_in_a_follow_up_is_the_topic_before() -> None:
    query = read("what did Okoro say about it?", "what did Marsh say about tolls?")
    assert (query.speakers, query.topic) == (("Okoro",), "tolls")


def test_when_was_that_asks_for_the_same_passages() -> None:
    query = read("when was that?", "what did Marsh say about tolls?")
    assert (query.speakers, query.topic) == (("Marsh",), "tolls")


def test_a_follow_up_period_keeps_speaker_and_topic() -> None:
    query = read("and in march?", "what did Marsh say about tolls?")
    assert (query.speakers, query.topic, query.since) == (("Marsh",), "tolls", date(2024, 3, 1))


def test_a_question_of_its_own_leans_on_nothing() -> None:
    query = read("what did Okoro say about cyclists?", "what did Marsh say about tolls last week?")
    assert (query.speakers, query.topic, query.since) == (("Okoro",), "cyclists", None)


@given(st.text(max_size=300))
def test_no_question_raises(text: str) -> None:
    understand(Question(text=text, asked=ASKED), OUTLETS)
    understand_in_context(Question(text=text, asked=ASKED, context=("what did Marsh say?", text)), OUTLETS)


class Known:
    """Knows a few names of the harbour town."""

    people = {"marsh": "f", "ada marsh": "f", "ben okoro": "m", "okoro": "m", "lena voss": "f"}  # noqa: RUF012

    def known(self, typed: str) -> float:
        return 1.0 if typed.lower() in self.people else 0.7 if "secretary" in typed else 0.0

    def named(self, typed: str) -> bool:
        return typed.lower() in self.people

    def gender(self, typed: str) -> str:
        return self.people.get(typed.lower(), "")


def read_knowing(text: str, *context: str) -> Query:
    return understand_in_context(Question(text=text, asked=ASKED, context=context), OUTLETS, Known())


@pytest.mark.parametrize(
    ("text", "speaker", "topic"),
    [
        ("what does ada marsh want okoro to say about fees", "ada marsh", "okoro to say about fees"),
        ("what did tarn's secretary of state say about fees", "tarn's secretary of state", "fees"),
        ("does okoro think fees would ruin traders? what did he say", "okoro", "fees would ruin traders"),
        ("did okoro say whether fees rise", "okoro", "fees rise"),
        ("did okoro talk about fees", "okoro", "fees"),
        ("did okoro say anything", "okoro", None),
        ("did okoro speak", "okoro", None),
        ("what did okoro tell reporters about fees", "okoro", "fees"),
        ("what did okoro speak out against fees", "okoro", "fees"),
        ("where does okoro stand on fees", "okoro", "fees"),
        ("what reason did okoro give for the fees", "okoro", "the fees"),
    ],
)
def test_the_name_ends_where_somebody_known_is_named(text: str, speaker: str, topic: str | None) -> None:
    query = read_knowing(text)
    assert query.intent is Intent.SAID
    assert query.speakers == (speaker,)
    assert query.topic == topic


def test_a_verb_that_says_more_than_saying_is_a_hint() -> None:
    assert read_knowing("why did okoro defend the fees").hints == "defend"
    assert read_knowing("did okoro promise the fees would fall").phrase == "promise the fees would fall"


@pytest.mark.parametrize(
    "text",
    [
        "which treat did the ferry add to its menu",
        "which ferry announced a deal",
        'did okoro want "fees"',
        "how many on the ferry",
        "what was the ferry called",
        "according to a new study, how many ferries are there",
        "compare marsh",
    ],
)
def test_what_asks_for_a_thing_is_plain(text: str) -> None:
    assert read_knowing(text).intent is Intent.PLAIN


def test_which_senator_asked_keeps_the_kind_as_a_hint() -> None:
    query = read_knowing("which senator asked if the ferry sinks")
    assert query.intent is Intent.WHO_SAID
    assert query.hints == "senator asked"


@pytest.mark.parametrize(
    ("context", "text", "speakers", "topic"),
    [
        ("what did marsh say about fees", "and okoro on ferries?", ("okoro",), "ferries"),
        ("what did marsh say about fees", "and what did okoro think of it", ("okoro",), "fees"),
        ("what did okoro say about ada marsh", "what was her reaction to fees", ("ada marsh",), "fees"),
        ("what did marsh say about fees", "how many ferries did she count", (), "how many ferries did she count"),
        ("who said fees are theft", "did okoro say fees are love", ("okoro",), "fees are love"),
        ("what did marsh say about fees", "what did okoro tell about ferries", ("okoro",), "ferries"),
    ],
)
def test_follow_ups_with_names(context: str, text: str, speakers: tuple[str, ...], topic: str) -> None:
    query = read_knowing(text, context)
    assert query.speakers == speakers
    assert query.topic == topic


def test_a_name_put_before_a_topic_that_names_nobody_leads_it() -> None:
    assert read_knowing("and for okoro?", "how many ferries are there").topic == "okoro how many ferries are there"


def test_nobody_is_meant_by_she_where_only_a_man_was_named() -> None:
    query = read_knowing("what did she say about fees", "what did okoro say")
    assert query.speakers != ("okoro",)


def test_a_question_with_its_own_speaker_and_no_topic_asks_for_everything() -> None:
    query = read("what did Okoro say?", "what did Marsh say about the pier?")
    assert (query.speakers, query.topic) == (("Okoro",), None)


def test_how_somebody_responded_keeps_the_topic() -> None:
    query = read("how did Okoro respond?", "what did Marsh say about the pier?")
    assert (query.speakers, query.topic) == (("Okoro",), "the pier")


def test_a_new_topic_after_who_said_asks_who_spoke_about_it() -> None:
    query = read("and about the ferry?", "who said not one brick will fall?")
    assert (query.intent, query.topic, query.phrase) == (Intent.WHO_SPOKE, "the ferry", None)


@pytest.mark.parametrize("text", ["did anyone say anything about herons", "has anybody spoken about herons?"])
def test_whether_anybody_spoke_asks_who_did(text: str) -> None:
    query = read(text)
    assert (query.intent, query.topic) == (Intent.WHO_SPOKE, "herons")


@pytest.mark.parametrize(
    "text",
    ["who is calling the toll a tax on nurses", "who hinted the pier would go", "who's blaming the board for fees"],
)
def test_who_does_and_who_is_doing_ask_for_words(text: str) -> None:
    assert read(text).intent is Intent.WHO_SAID


def test_a_question_after_what_somebody_said_asks_for_itself() -> None:
    query = read("Tolls rose by a tenth, according to the harbour board. Which pier is the cheapest?")
    assert query.intent is Intent.PLAIN


@pytest.mark.parametrize(
    "text", ["give me a quote from Marsh about tolls", "what did Marsh say re: tolls", "any comment by Marsh on tolls?"]
)
def test_a_quotation_may_be_asked_for_in_other_forms(text: str) -> None:
    query = read(text)
    assert (query.intent, query.speakers, query.topic) == (Intent.SAID, ("Marsh",), "tolls")


def test_words_may_stand_before_the_question_who_said_them() -> None:
    query = read("“not one brick will fall” - who said that?")
    assert (query.intent, query.phrase, query.quoted) == (Intent.WHO_SAID, "not one brick will fall", True)
