"""The administrator's word on who is who: read, checked, and stronger than what is inferred."""

from datetime import date

import pytest

from index.app import open_library
from index.cli import main
from index.errors import SettingsError
from index.ingest.applying import apply_records
from index.ingest.sources import Entry
from index.model import SpeakerKind
from index.people import Aliases, family_of, parse_aliases, read_aliases, resolve
from index.settings import IndexSettings
from index.storage.records import SourceState
from tests.ingest.builders import a_record
from tests.test_people import a_corpus, a_mention, found

SAME = '[[same]]\nnames = ["Sarah Huckabee Sanders", "Sarah Huckabee", "Governor Huckabee Sanders"]\n'


def people(aliases, *mentions):
    return {row.entry.speaker.name: row.entry for row in resolve(mentions, aliases)}


def test_names_that_are_the_same_are_one_person_shown_under_the_first_of_them():
    aliases = Aliases(same=(("Robert Hale", "Bo Harrow", "Bo Hale"),))
    mentions = [
        a_mention("Bo Harrow", role="mayor"),
        a_mention("Bob Hale", article="b"),
        a_mention("Bo Hale", article="c"),
    ]
    (entry,) = people(aliases, *mentions).values()
    assert (entry.speaker.name, entry.articles) == ("Robert Hale", 3)
    assert {"Bo Harrow", "Bob Hale", "Bo Hale"} <= set(entry.speaker.aliases)
    alone = people(aliases, *mentions[:1])["Robert Hale"]
    assert alone.speaker.id == entry.speaker.id
    assert people(aliases) == {}


def test_a_name_that_is_printed_nowhere_finds_whom_it_stands_for(tmp_path):
    corpus = a_corpus(tmp_path, a_mention("Bo Harrow"), aliases=Aliases(same=(("Robert Hale", "Bo Harrow"),)))
    assert found(corpus, "Hale") == found(corpus, "robert hale") == found(corpus, "Harrow") == ["Robert Hale"]


def test_organisations_have_several_names_too():
    aliases = Aliases(same=(("Harrowby Water Board", "HWB"),))
    mentions = [
        a_mention("the Harrowby Water Board", kind=SpeakerKind.ORGANISATION),
        a_mention("HWB", article="b", kind=SpeakerKind.ORGANISATION, statements=2),
        a_mention("HWB", article="c", kind=SpeakerKind.PERSON),
    ]
    (entry,) = people(aliases, *mentions).values()
    assert (entry.speaker.name, entry.speaker.kind) == ("Harrowby Water Board", SpeakerKind.ORGANISATION)


@pytest.mark.parametrize(
    ("one", "other"), [("Hale", "Ada Hale"), ("Bob Hale", "Robert Hale"), ("George Hale", "George W. Hale")]
)
def test_different_names_are_never_one_person(one, other):
    mentions = [a_mention(one), a_mention(other, article="b")]
    assert len(people(Aliases(), *mentions)) == 1
    assert len(people(Aliases(different=((one, other),)), *mentions)) == 2


def test_who_was_joined_stays_apart_from_whom_one_of_the_names_is_apart_from():
    aliases = Aliases(same=(("Ada Hale", "Ada Marsh"),), different=(("Hale", "Ada Marsh"),))
    assert set(people(aliases, a_mention("Ada Hale"), a_mention("Hale", article="b"))) == {"Ada Hale", "Hale"}


def test_a_name_means_in_one_article_whom_the_file_says():
    aliases = Aliases(in_article={("b", "hale"): "Bob Hale"})
    mentions = [a_mention("Ada Hale"), a_mention("Hale", article="b"), a_mention("Hale", article="c")]
    found = people(aliases, *mentions)
    assert found["Bob Hale"].keys == {"b:hale"}
    assert found["Ada Hale"].keys == {"a:ada-hale"}


def test_families_that_names_tie_together_are_resolved_together():
    aliases = Aliases(
        same=(("Ada Hale", "Ada Marsh"), ("Ada Poe", "Ada Marsh-Roe")),
        in_article={("b", "hale"): "Max Poe"},
    )
    hale, marsh, roe = (family_of(SpeakerKind.PERSON, name) for name in ("Ada Hale", "Ada Marsh", "Ada Marsh-Roe"))
    assert {hale, marsh, "poe", roe} <= aliases.related(frozenset({marsh}))
    assert aliases.related(frozenset({"brock"})) == {"brock"}
    assert Aliases().related(frozenset()) == frozenset()


def test_what_the_file_says_is_read(tmp_path):
    assert read_aliases(tmp_path) == Aliases()
    (tmp_path / "aliases.toml").write_bytes(
        b"\xef\xbb\xbf" + SAME.encode() + b'[[different]]\nnames = ["Clinton", "Hillary  Clinton"]\n'
        b'[[in_article]]\narticle = "post-1"\nname = "Mrs. Clinton\'s"\nis = "Hillary Clinton"\n'
    )
    aliases = read_aliases(tmp_path)
    assert aliases.same == (("Sarah Huckabee Sanders", "Sarah Huckabee", "Governor Huckabee Sanders"),)
    assert aliases.different == (("Clinton", "Hillary Clinton"),)
    assert aliases.in_article == {("post-1", "mrs clinton"): "Hillary Clinton"}
    assert Aliases.of_json(aliases.as_json()) == aliases
    assert Aliases.of_json(None) == Aliases()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[same]\n", "aliases.toml is not TOML: "),
        ("# names\n[[sane]]\nnames = []", 'aliases.toml, line 2: "sane" means nothing here: use [[same]]'),
        ('same = "Ada"', "line 1: write [[same]] with two brackets"),
        ("\nsame = [1]", "line 2: write [[same]] on a line of its own"),
        ('[[same]]\nnames = ["Ada"]', "line 1: names has to be a list of two or more names"),
        (SAME + '[[same]]\nname = ["Ada", "Max"]', 'line 3: "name" means nothing in [[same]], which takes names'),
        ('[[same]]\nnames = ["Ada", "--"]', "“--” is no name"),
        (
            SAME + '[[same]]\nnames = ["Huckabee, Sarah", "Sarah Huckabee"]',
            "line 3: “Sarah Huckabee” stands in an earlier",
        ),
        (SAME + '[[different]]\nnames = ["Sarah Huckabee", "Ms. Sarah Huckabee"]', "line 3: “Sarah Huckabee” and"),
        (SAME + '[[different]]\nnames = ["Sarah Huckabee", "Sarah Huckabee Sanders"]', "line 3: “Sarah Huckabee” and"),
        ('[[in_article]]\nname = "Ada"\nis = "Max"', 'line 1: [[in_article]] needs article = "..."'),
        ('[[in_article]]\narticle = "a"\nname = "Ada"\nis = "!"', "“!” is no name"),
        ("a = " + "[" * 5000, "aliases.toml is not TOML"),
    ],
)
def test_what_is_wrong_is_one_sentence_that_names_the_line(text, words):
    with pytest.raises(SettingsError) as told:
        parse_aliases(text)
    assert words in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("written", "words"),
    [(b"# \n\n[[same]]\nnames = ['\xff']", "line 4: not UTF-8"), (b"#" * 1_000_001, "is larger than 1,000,000 bytes")],
)
def test_a_file_that_is_no_text_or_too_large_is_told(tmp_path, written, words):
    (tmp_path / "aliases.toml").write_bytes(written)
    with pytest.raises(SettingsError, match=words):
        read_aliases(tmp_path)


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "aliases.toml").mkdir()
    with pytest.raises(SettingsError, match="can't be read"):
        read_aliases(tmp_path)


# ... and over a library


@pytest.fixture
def library(tmp_path):
    news = tmp_path / "news"
    news.mkdir()
    (news / "one.txt").write_text("One\n\nSarah Huckabee said that the bridge would open.\n")
    (news / "two.txt").write_text("Two\n\nSarah Huckabee Sanders said that it would not.\n")
    (news / "three.txt").write_text("Three\n\nAda Sanders said that she was cold.\n")
    opened = open_library(IndexSettings(_env_file=None, home=tmp_path / "home", sources=str(news)))
    reindex(opened)
    yield opened
    opened.close()


def reindex(library):
    return library.reindex(progress=lambda _: None)


def write(library, text):
    (library.settings.home / "aliases.toml").write_text(text)


def speakers(library):
    return {entry.speaker.name: len(entry.keys) for entry in library.speakers()}


APART = {"Sarah Huckabee": 1, "Sarah Huckabee Sanders": 1, "Ada Sanders": 1}
JOINED = {"Sarah Huckabee Sanders": 2, "Ada Sanders": 1}


def test_changing_the_file_alone_and_reindexing_takes_effect_and_goes_back(library):
    assert speakers(library) == APART
    write(library, SAME)
    assert reindex(library).unchanged == 3
    assert speakers(library) == JOINED
    (known,) = library.store.snapshot().corpus.people_named("sarah huckabee")
    reindex(library)
    assert library.store.snapshot().corpus.person(known.speaker.id) == known
    assert {p.article.id for p in library.said("Sarah Huckabee").passages} == {"one", "two"}
    write(library, "")
    reindex(library)
    assert speakers(library) == APART


def test_it_holds_for_articles_that_come_later_and_for_a_full_change_and_going_back(library):
    write(library, SAME)
    reindex(library)
    feed = SourceState(name="https://example.org/feed", kind="feed")
    entry = Entry(item="4", place="4", found=a_record("Sarah Huckabee said that it rains."), article_id="four")
    library.apply(feed, [entry])
    assert speakers(library) == {**JOINED, "Sarah Huckabee Sanders": 3}
    apply_records(library.store, feed, [], gone=["4"])
    assert speakers(library) == JOINED
    library.reindex(full=True, progress=lambda _: None)
    assert speakers(library) == JOINED
    library.rollback()
    assert speakers(library) == JOINED


def test_a_surname_that_several_bear_stays_a_question_of_which(library):
    write(library, SAME)
    reindex(library)
    answer = library.ask("what did Sanders say?")
    assert (answer.speakers[0].name, "Ada Sanders" in answer.did_you_mean) == ("Sarah Huckabee Sanders", True)


def test_a_file_with_a_mistake_changes_nothing_and_is_told_in_one_line(library, monkeypatch, capsys, tmp_path):
    write(library, '[[same]]\nnames = ["Ada"]\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ONRECORD_HOME", str(library.settings.home))
    assert main(["reindex"]) == 1
    printed = capsys.readouterr()
    assert "aliases.toml, line 1: names has to be a list" in printed.err
    assert speakers(library) == APART


def test_a_role_is_held_from_the_first_day_on_which_it_was_printed(tmp_path):
    corpus = a_corpus(
        tmp_path,
        a_mention("Ada Marsh", role="mayor of Harrowby", day=date(2010, 1, 1)),
        a_mention("Ada Marsh", role="mayor of Harrowby", day=date(2016, 1, 1), article="b"),
        a_mention("Max Poe", role="mayor of Harrowby", day=date(2009, 1, 1), article="c", statements=9),
        a_mention("Max Poe", role="mayor of Harrowby", day=date(2011, 1, 1), article="d"),
        a_mention("Tom Day", role="mayor of Harrowby", day=date(2020, 1, 1), article="e"),
    )
    assert found(corpus, "the mayor of Harrowby", date(2013, 5, 1))[0] == "Ada Marsh"
    assert found(corpus, "the mayor of Harrowby", date(2021, 5, 1))[0] == "Tom Day"
