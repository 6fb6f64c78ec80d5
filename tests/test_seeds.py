from datetime import date
from pathlib import Path

import pytest

from index.app import open_library
from index.ingest.cleaning import clean
from index.ingest.files import open_source
from index.text.attribution import attribute
from tests.kept import settings_for

SEEDS = Path(__file__).parents[1] / "seeds"


@pytest.fixture(scope="module")
def articles():
    entries = list(open_source(str(SEEDS)).read())
    return {e.article_id: clean(e.found, article_id=e.article_id).article for e in entries}


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    settings = settings_for(tmp_path_factory.mktemp("home"), sources=str(SEEDS))
    library = open_library(settings, today=lambda: date(2024, 12, 1))
    library.reindex(progress=lambda _: None)
    yield library
    library.close()


def words_of(article, name):
    """What the article attributes to a person, plans and beliefs aside."""
    return " / ".join(
        span.text
        for quote in attribute(article)
        if not quote.attitude and any(speaker.name == name for speaker in quote.speakers)
        for span in quote.content
    )


def test_every_sample_says_what_it_is_and_invents_no_address(articles):
    assert len(articles) == 11
    for article in articles.values():
        assert article.title
        assert article.outlet
        assert article.published
        assert article.language == "en"
        assert (article.url or "https://example.org/").startswith("https://example.org/")
        assert [p.number for p in article.paragraphs] == list(range(len(article.paragraphs)))


def test_the_brief_tells_what_nauert_said_and_keeps_it_apart_from_what_others_said(articles):
    brief = articles["north-korea-brief"]
    said = words_of(brief, "Heather Nauert")
    for words in ("take part in a ministerial session", "Talks would be possible only", "no interest in such a pause"):
        assert words in said
    assert "not showing any level of seriousness" in said
    assert "without precondition" in words_of(brief, "Rex Tillerson")
    assert "acting in an unsafe way" in words_of(brief, "Sarah Huckabee Sanders")
    assert "precondition" not in said
    assert "unsafe" not in said


@pytest.mark.parametrize(
    ("article", "speaker", "words"),
    [
        ("bridge-closed", "Ines Calder", "There will be no toll on this bridge"),
        ("bridge-closed", "Dorothea Voss", "before I have seen the bill"),
        ("bridge-closed", "Tobias Renn", "only a dozen cars"),
        ("summer", "Ines Calder", "look at every number"),
        ("toll-proposed", "Ines Calder", "I was wrong"),
        ("council-vote", "Dorothea Voss", "I did not want to be there twice"),
        ("hearing", "Priya Halvorsen", "another winter"),
        ("ferry-strike", "Marta Oyelaran", "the only thing that has been doubled is the shift"),
        ("audit", "Lionel Grieve", "when it would return"),
        ("herons", "Noor Castellane", "waiting on the mudflats"),
    ],
)
def test_statements_have_their_speakers(articles, article, speaker, words):
    assert words in words_of(articles[article], speaker)


def test_organisations_and_reports_speak_too(articles):
    names = {s.name.lower() for a in articles.values() for quote in attribute(a) for s in quote.speakers}
    assert any("taxpayers' league" in name for name in names)
    assert {"the report", "the hospital"} <= names


def test_one_wire_story_stands_in_two_outlets(articles):
    lantern, courier = articles["wire-closure-lantern"], articles["wire-closure-courier"]
    shared = {p.text for p in lantern.paragraphs} & {p.text for p in courier.paragraphs}
    assert len(shared) == 3
    assert lantern.outlet != courier.outlet


@pytest.mark.parametrize(
    ("question", "speaker", "words"),
    [
        ("what did Nauert say?", "Heather Nauert", "not showing any level of seriousness"),
        ("what did Nauert say about talks?", "Heather Nauert", "Talks would be possible"),
        ("what did the White House press secretary say?", "Sarah Huckabee Sanders", "unsafe way"),
        ("what did Mayor Calder say about the toll?", "Ines Calder", "no toll"),
        ("what did the town council president say about a free bridge?", "Dorothea Voss", "free bridge"),
        ("what did Oyelaran say about extra hands?", "Marta Oyelaran", "extra hands"),
    ],
)
def test_what_the_samples_are_for_is_answered(library, question, speaker, words):
    answer = library.ask(question)
    assert answer.speaker
    assert answer.speaker.name == speaker
    answering = [q for p in answer.passages for q in p.quotes[: p.answering]]
    assert any(words in span.text for quote in answering for span in quote.content)
    assert all(speaker in {s.name for s in quote.speakers} for quote in answering)


def test_what_nobody_said_is_not_found(library):
    assert not library.ask("what did Merkel say?").found


def test_years_later_a_plain_question_about_old_news_is_answered(library):
    answer = library.ask("why is Tillerson at the UN?", asked=date(2026, 11, 23))
    assert answer.passages[0].article.id == "north-korea-brief"
