import gc
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from index.errors import EmptyLibrary, LibraryBusy, UnknownReference
from index.ingest.applying import apply_records
from index.ingest.forgetting import forget_article, forget_speaker
from index.ingest.forgotten import FORGOTTEN, Forgotten, address_of
from index.ingest.reindex import reindex
from index.ingest.sources import Entry
from index.people import parse_aliases, resolve
from index.storage import open_store
from index.storage.records import SourceState, Unit
from index.text.analyzer import analyze
from tests.ingest.builders import a_record

NOON = datetime(2024, 3, 14, 12, tzinfo=UTC)
QUAY = "“The kittiwake lantern stays dark,” harbour master Maren Holt said on Thursday.\n\nHolt said that it rains."
MAYOR = "Mayor Otto Brandt said that the marmalade was his. Holt said that she would wait."
ARTICLES = {
    "quay": {"text": QUAY, "title": "Lantern", "url": "https://www.lamp.example/quay/?utm_source=x#top"},
    "mayor": {"text": MAYOR, "title": "Marmalade", "url": "https://lamp.example/mayor"},
    "both": {"text": "Otto Brandt and Maren Holt said that the pier is shut.", "title": "Pier"},
}


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(json.dumps({"id": name, **fields}) + "\n" for name, fields in ARTICLES.items()))
    return path


@pytest.fixture
def library(home, folder):
    store = open_store(home, engine="tantivy")
    reindex(store, [str(folder)])
    yield store
    store.close()


def ids(store):
    return list(store.snapshot().corpus.article_ids())


def speakers(store):
    return {entry.speaker.name for entry in store.snapshot().corpus.people_like("", 100)}


def said_by(store, name):
    corpus = store.snapshot().corpus
    stored = corpus.articles(corpus.article_ids()).values()
    return [q for s in stored for q in s.quotes if any(name in speaker.name for speaker in q.speakers)]


def found(store, words, unit=Unit.PARAGRAPH):
    terms = dict.fromkeys(analyze(words), 1.0)
    return store.snapshot().engine.search(unit, terms, boosts={"body": 1.0, "content": 1.0})


class TestAnArticle:
    @pytest.mark.parametrize("reference", ["quay", "quay#2", "https://lamp.example/quay", "http://LAMP.example/quay#a"])
    def test_is_gone_by_id_paragraph_or_address(self, library, reference):
        report = forget_article(library, reference)
        assert (report.what, report.articles, report.statements) == ("Lantern", 1, 2)
        assert ids(library) == ["both", "mayor"]
        assert not found(library, "kittiwake")
        assert library.snapshot().corpus.coverage().articles == 2
        assert library.snapshot().corpus.sources()[0].articles == 2

    def test_stays_forgotten_when_the_source_is_read_again_also_in_full_and_after_a_rollback(self, library, folder):
        reindex(library, full=True)
        forget_article(library, "quay")
        report = reindex(library)
        assert (report.added, report.removed, report.failures) == (0, 0, 0)
        assert "1 article was left out, because an administrator had it forgotten." in report.notes
        with library.rollback() as writer:
            writer.set_people(resolve(writer.mentions()))
            writer.commit()
        assert ids(library) == ["both", "mayor"]
        reindex(library)
        reindex(library, full=True)
        assert ids(library) == ["both", "mayor"]

    def test_stays_forgotten_under_another_id_at_the_same_address(self, library):
        forget_article(library, "quay")
        entry = Entry(item="new", place="new", found=a_record(QUAY, url="http://lamp.example/quay"), article_id="new")
        report = apply_records(library, SourceState(name="feed", kind="feed"), [entry])
        assert report.added == 0
        assert ids(library) == ["both", "mayor"]

    def test_goes_with_its_copies_under_other_ids_and_they_stay_away_too(self, library, tmp_path):
        copy = tmp_path / "copy.jsonl"
        copy.write_text(json.dumps({"id": "copy", "text": QUAY, "title": "Lantern"}) + "\n")
        named = [library.snapshot().corpus.sources()[0].name, str(copy)]
        reindex(library, named)
        assert forget_article(library, "copy").articles == 2
        reindex(library)
        assert ids(library) == ["both", "mayor"]

    def test_that_was_never_read_is_not_taken_in(self, library):
        report = forget_article(library, "https://lamp.example/later")
        assert (report.what, report.articles) == ("https://lamp.example/later", 0)
        entry = Entry(
            item="x", place="x", found=a_record("So.", url="https://lamp.example/later?utm_medium=rss"), article_id="x"
        )
        apply_records(library, SourceState(name="feed", kind="feed"), [entry])
        assert "x" not in ids(library)

    def test_leaves_nothing_on_the_disk_once_compacted_whichever_state_it_stood_in(self, library, home):
        reindex(library, full=True)
        engine_before = {path.name for path in home.glob("g*/engine-*")}
        forget_article(library, "quay")
        assert len(list(home.glob("g*"))) == 2
        gc.collect()  # a state that is still read can't be cut off
        library.compact()
        library.close()
        (generation,) = home.glob("g*")
        (engine,) = generation.glob("engine-*")
        assert engine.name not in engine_before
        with closing(sqlite3.connect(generation / "corpus.sqlite")) as corpus:
            assert corpus.execute("PRAGMA freelist_count").fetchone() == (0,)
            assert corpus.execute("SELECT count(*) FROM articles").fetchone() == (2,)
        assert [path.name for path in home.rglob("*-wal") if path.stat().st_size] == []

    def test_compacting_keeps_an_earlier_state_that_holds_nothing_forgotten(self, library, home):
        forget_article(library, "quay")
        reindex(library, full=True)
        library.compact()
        assert sorted(path.name for path in home.glob("g*")) == ["g000001", "g000002"]

    def test_is_dropped_from_what_attribution_found_before(self, library):
        stored = library.snapshot().corpus.article("quay")
        assert library.cache().get(stored.article, stored.attributor)
        forget_article(library, "quay")
        assert library.cache().get(stored.article, stored.attributor) is None

    def test_that_nobody_knows_is_refused_in_words(self, library):
        with pytest.raises(UnknownReference, match="No article “qay” is stored"):
            forget_article(library, "qay")
        assert library.snapshot().corpus.meta(FORGOTTEN) is None

    def test_of_an_empty_library_makes_nothing(self, tmp_path):
        with pytest.raises(EmptyLibrary):
            forget_article(open_store(tmp_path / "nowhere"), "quay")
        assert not (tmp_path / "nowhere").exists()

    def test_waits_for_no_other_writer(self, library, home):
        other = open_store(home)
        with other.write(), pytest.raises(LibraryBusy):
            forget_article(library, "quay")
        other.close()


class TestASpeaker:
    def test_says_nothing_any_more_and_the_others_do(self, library):
        report = forget_speaker(library, "Maren Holt")
        assert report.what == "Maren Holt"
        assert report.statements >= 3
        assert "3 articles still print the words" in report.remains[0]
        assert not said_by(library, "Holt")
        assert speakers(library) == {"Otto Brandt"}
        assert [q.also for q in library.snapshot().corpus.article("both").quotes] == [()]
        assert not found(library, "kittiwake", Unit.STATEMENT)
        assert found(library, "kittiwake")

    def test_stays_forgotten_when_the_sources_are_read_again(self, library, folder):
        forget_speaker(library, "maren holt")
        reindex(library, full=True)
        assert speakers(library) == {"Otto Brandt"}
        assert not said_by(library, "Holt")
        folder.write_text(json.dumps({"id": "new", "text": "Maren Holt said that it would snow."}) + "\n")
        reindex(library)
        assert library.snapshot().corpus.article("new").quotes == ()

    def test_of_whom_only_a_surname_is_printed_that_others_bear_is_forgotten_there_alone(self, library, folder):
        others = {"id": "kin", "text": "Lena Holt said that she sails.", "title": "Kin"}
        folder.write_text(folder.read_text() + json.dumps(others) + "\n")
        reindex(library)
        names = {m.name for m in library.snapshot().corpus.mentions()}
        assert {"Holt", "Lena Holt", "Maren Holt"} <= names
        person = library.snapshot().corpus.people_named("maren holt")[0]
        forget_speaker(library, person.speaker.id)
        before = {(q.speaker.name, q.content[0].text) for q in said_by(library, "Holt")}
        reindex(library, full=True)
        assert {(q.speaker.name, q.content[0].text) for q in said_by(library, "Holt")} == before
        assert ("Lena Holt", "that she sails") in before

    def test_words_that_earlier_versions_lost_go_too(self, library, folder):
        changed = {**ARTICLES["quay"], "text": "“All is well,” harbour master Maren Holt said."}
        folder.write_text(json.dumps({"id": "quay", **changed}) + "\n")
        reindex(library)
        assert library.snapshot().corpus.article("quay").revisions[0].lost
        forget_speaker(library, "Maren Holt")
        assert [r.lost for r in library.snapshot().corpus.article("quay").revisions] == [()]

    def test_leaves_the_copies_of_a_story_together(self, library, folder):
        told = " ".join(
            f"Workers carried {n} crates over the {n * 3} planks of the old pier at dawn." for n in range(40)
        )
        story = {"text": f"{told}\n\nMaren Holt said that it rains.", "title": "Crates", "published": "2024-03-14"}
        copies = [{"id": one, "outlet": one, **story} for one in ("north", "south")]
        folder.write_text("".join(json.dumps(each) + "\n" for each in copies))
        reindex(library)
        corpus = library.snapshot().corpus
        groups = {corpus.article(one).group for one in ("north", "south")}
        assert groups == {"north"}
        forget_speaker(library, "Maren Holt")
        corpus = library.snapshot().corpus
        assert {corpus.article(one).group for one in ("north", "south")} == groups

    def test_whom_nobody_knows_is_refused_with_who_is_near(self, library):
        with pytest.raises(UnknownReference, match=r"Nobody called “Marn Holt” is on record. Did you mean Maren Holt"):
            forget_speaker(library, "Marn Holt")
        with pytest.raises(UnknownReference, match=r"Nobody called “Zyx” is on record\.$"):
            forget_speaker(library, "Zyx")

    def test_whose_name_several_bear_has_to_be_named_in_full(self, library, folder):
        others = {"id": "kin", "text": "Lena Holt said that she sails.", "title": "Kin"}
        folder.write_text(folder.read_text() + json.dumps(others) + "\n")
        reindex(library)
        with pytest.raises(UnknownReference, match="give one name in full"):
            forget_speaker(library, "Holt")

    def test_known_under_two_names_by_the_administrators_word_goes_under_both(self, library, folder):
        others = {"id": "kin", "text": "Lena Vane said that she sails.", "title": "Kin"}
        folder.write_text(folder.read_text() + json.dumps(others) + "\n")
        aliases = parse_aliases('[[same]]\nnames = ["Maren Holt", "Lena Vane"]')
        reindex(library, aliases=aliases)
        forget_speaker(library, "Maren Holt")
        assert speakers(library) == {"Otto Brandt"}
        reindex(library, full=True)
        assert speakers(library) == {"Otto Brandt"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.lamp.example/a/", "http://lamp.example/a#x"),
        ("https://lamp.example/a?utm_source=1&id=2&fbclid=9", "https://LAMP.example/a?id=2"),
        ("https://[broken/a", " https://[broken/a "),
    ],
)
def test_addresses_are_the_same_however_they_are_written(one, other):
    assert address_of(one) == address_of(other)


def test_addresses_that_differ_in_what_they_ask_for_differ():
    assert address_of("https://lamp.example/?id=1") != address_of("https://lamp.example/?id=2")


def test_what_is_forgotten_is_kept_as_it_was():
    one = Forgotten(articles=frozenset({"a"}), urls=frozenset({"lamp.example/é"}))
    both = one.and_also(Forgotten(speakers=frozenset({"maren holt"}), keys=frozenset({"b:holt"})))

    class Corpus:
        def meta(self, name):
            return both.as_json()

    assert Forgotten.of(Corpus()) == both
    assert Forgotten.of(None) == Forgotten()
