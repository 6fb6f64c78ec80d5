import json
import os
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from index.errors import DamagedStore, LibraryBusy, NewsError, SourceError, StoreError
from index.ingest import attributing
from index.ingest.reindex import reindex, versions
from index.storage.embedded.writer import SqliteWriter
from tests.kept import on_files, store_at

NOON = datetime(2022, 6, 16, 12, tzinfo=UTC)
FERRY = "Ferry to stop\n\n“It is too cold,” Mayor Ida Brock said. “Nobody will row.”\n"
BRIDGE = "Bridge to open\n\nCouncillor Max Poe said that the bridge would open in May.\n"


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "news"
    path.mkdir()
    (path / "ferry.txt").write_text(FERRY)
    (path / "bridge.txt").write_text(BRIDGE)
    return path


@pytest.fixture
def library(tmp_path):
    store = store_at(tmp_path / "home")
    yield store
    store.close()


def ids(store):
    return list(store.snapshot().corpus.article_ids())


def counts(report):
    return report.added, report.changed, report.unchanged, report.removed, report.failures


def read(store, *sources, **options):
    return reindex(store, [str(s) for s in sources] or None, clock=lambda: NOON, **options)


def a_line(text="Ada Roe said so.", **fields):
    return json.dumps({"text": text, **fields}) + "\n"


def test_what_a_source_holds_is_stored_with_its_statements_and_people(library, folder):
    report = read(library, folder)
    corpus = library.snapshot().corpus
    assert counts(report) == (2, 0, 0, 0, 0)
    assert (report.articles, report.paragraphs) == (2, 4)
    assert report.statements == corpus.coverage().statements >= 2
    assert report.finished == NOON
    stored = corpus.article("ferry")
    assert stored.item == "ferry.txt"
    assert json.loads(stored.raw) == {"text": FERRY}
    assert stored.quotes[0].speaker.name == "Ida Brock"
    assert corpus.people_named("ida brock")
    assert json.loads(corpus.meta("report"))["added"] == 2
    (state,) = corpus.sources()
    assert (state.name, state.kind, state.articles, state.statements) == (str(folder), "folder", 2, report.statements)
    assert (state.last_success, state.last_error) == (NOON, None)


def test_what_has_not_changed_is_skipped_and_the_rest_applied(library, folder):
    first = read(library, folder)
    (folder / "bridge.txt").write_text(BRIDGE.replace("May", "June"))
    (folder / "ferry.txt").unlink()
    (folder / "new.txt").write_text("A new thing\n\nIt is new.\n")
    report = read(library)
    assert counts(report) == (1, 1, 0, 1, 0)
    assert ids(library) == ["bridge", "new"]
    assert (report.articles, report.paragraphs) == (2, 4)
    coverage = library.snapshot().corpus.coverage()
    assert report.statements == coverage.statements < first.statements
    assert library.snapshot().corpus.sources()[0].statements == coverage.statements
    assert counts(read(library)) == (0, 0, 2, 0, 0)


def test_progress_counts_every_item(library, folder):
    seen = []
    read(library, folder, progress=seen.append)
    assert [(p.done, p.total) for p in seen] == [(1, 2), (2, 2)]
    seen.clear()
    (folder / "empty.txt").touch()
    read(library, progress=seen.append)
    assert [(p.done, p.total, p.item) for p in seen] == [(1, 3, "bridge.txt"), (2, 3, "empty.txt"), (3, 3, "ferry.txt")]


def test_a_file_that_can_no_longer_be_read_keeps_its_articles(library, folder):
    read(library, folder)
    (folder / "ferry.txt").write_bytes(b"\x89PNG\0\0\0")
    report = read(library)
    assert counts(report) == (0, 0, 1, 0, 1)
    assert report.failed[0][0].endswith("ferry.txt")
    assert ids(library) == ["bridge", "ferry"]


def test_a_broken_line_keeps_what_its_file_gave_before(library, folder):
    path = folder / "news.jsonl"
    path.write_text(a_line(id="1") + a_line(id="2") + a_line(id="3"))
    read(library, path)
    path.write_text(a_line(id="1") + '{"id": "2", "te\n')
    assert counts(read(library)) == (0, 0, 1, 0, 1)
    assert ids(library) == ["1", "2", "3"]
    path.write_text(a_line(id="1"))
    assert counts(read(library)) == (0, 0, 1, 2, 0)


def test_a_source_that_is_gone_changes_nothing_and_is_reported(library, folder, tmp_path):
    read(library, folder)
    folder.rename(tmp_path / "elsewhere")
    report = read(library)
    assert counts(report) == (0, 0, 0, 0, 1)
    assert report.failed == ((str(folder), "there is no such file or folder"),)
    assert ids(library) == ["bridge", "ferry"]
    (state,) = library.snapshot().corpus.sources()
    assert (state.kind, state.articles) == ("folder", 2)
    assert (state.last_success, state.last_error) == (NOON, "there is no such file or folder")
    (tmp_path / "elsewhere").rename(folder)
    read(library)
    assert library.snapshot().corpus.sources()[0].last_error is None


def test_an_empty_folder_is_noted(library, tmp_path):
    (tmp_path / "empty").mkdir()
    report = read(library, tmp_path / "empty")
    assert counts(report) == (0, 0, 0, 0, 0)
    assert "holds no articles" in report.notes[0]


@pytest.mark.parametrize("name", ["nowhere", "picture.png", "https://example.org/feed"])
def test_a_new_source_that_cannot_be_read_is_refused_before_anything_changes(library, folder, name):
    read(library, folder)
    (folder / "picture.png").touch()
    with pytest.raises(SourceError):
        read(library, folder / name if ":" not in name else name)
    assert ids(library) == ["bridge", "ferry"]
    assert [state.name for state in library.snapshot().corpus.sources()] == [str(folder)]


def test_named_sources_become_the_configured_ones(library, folder, tmp_path):
    (tmp_path / "other.txt").write_text("Other\n\nIt is other.\n")
    read(library, folder)
    report = read(library, tmp_path / "other.txt")
    assert counts(report) == (1, 0, 0, 2, 0)
    assert f"{folder} is no longer a source; 2 articles went with it." in report.notes
    assert ids(library) == ["other"]
    assert report.articles == 1


def test_an_article_that_moves_to_another_source_stays(library, folder):
    read(library, folder)
    report = read(library, folder / "ferry.txt")
    assert counts(report) == (0, 0, 1, 1, 0)
    assert ids(library) == ["ferry"]
    assert library.snapshot().corpus.article("ferry").source == str(folder / "ferry.txt")
    assert [s.articles for s in library.snapshot().corpus.sources()] == [1]


def test_the_defaults_are_read_until_sources_are_named(library, folder):
    assert reindex(library, defaults=[str(folder)]).added == 2
    assert reindex(library, defaults=["nowhere"]).unchanged == 2


def test_a_source_within_another_is_read_once(library, folder):
    for names in ((folder, folder / "ferry.txt", folder), (folder / "ferry.txt", folder)):
        report = read(library, *names)
        assert report.added + report.unchanged == 2
        assert report.sources == (str(folder),)
        assert "lies in" in report.notes[0]


def test_an_id_that_stands_twice_in_a_source_is_refused_the_second_time(library, folder):
    (folder / "ferry.jsonl").write_text(a_line("First.", id="x") + a_line("Second.", id="x"))
    report = read(library, folder)
    assert report.failures == 1
    assert "the id “x” stands twice" in report.failed[0][1]
    assert library.snapshot().corpus.article("x").article.paragraphs[0].text == "First."


def test_an_id_that_two_sources_claim_is_marked_for_the_later_and_stays_so(library, folder, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "ferry.txt").write_text("Another ferry\n\nIt is another.\n")
    read(library, folder, other)
    found = ids(library)
    assert found[:2] == ["bridge", "ferry"]
    assert found[2].startswith("ferry~")
    assert len(found[2]) == len("ferry~") + 6
    report = read(library, other, folder)
    assert counts(report) == (0, 0, 3, 0, 0)
    assert ids(library) == found


def test_a_source_that_comes_later_does_not_take_an_id_from_one_that_has_it(library, folder, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "ferry.txt").write_text("Another ferry\n\nIt is another.\n")
    read(library, folder)
    read(library, other, folder)
    assert library.snapshot().corpus.article("ferry").source == str(folder)


def test_a_renamed_file_of_records_keeps_its_articles(library, folder):
    (folder / "b.jsonl").write_text(a_line(id="x"))
    read(library, folder)
    (folder / "b.jsonl").rename(folder / "a.jsonl")
    report = read(library)
    assert report.removed == 0
    assert library.snapshot().corpus.article("x").item == "a.jsonl:x"


def test_a_record_that_cannot_be_cleaned_is_refused_and_what_was_there_stays(library, folder):
    path = folder / "news.jsonl"
    path.write_text(a_line(id="1"))
    read(library, path)
    path.write_text(a_line("\u200b\u200b", id="1"))
    assert counts(read(library)) == (0, 0, 0, 0, 1)
    assert ids(library) == ["1"]


def test_what_of_a_record_was_not_used_is_noted(library, folder):
    (folder / "news.jsonl").write_text("".join(a_line(id=str(n), url="ftp://x", published="soon") for n in range(30)))
    report = read(library, folder)
    assert any(note.startswith("news.jsonl:0: its address was left out") for note in report.notes)
    assert report.notes[-1] == "... 30 articles with such notes in all."


def test_articles_in_other_languages_are_searchable_without_statements(library, folder):
    german = "Die Fähre fährt nicht.\n\n„Es ist zu kalt für das Boot und die Leute“, sagte der Chef, der nicht mit ist."
    (folder / "de.txt").write_text(german)
    report = read(library, folder)
    stored = library.snapshot().corpus.article("de")
    assert (stored.article.language, stored.quotes, stored.attributor) == ("de", (), 0)
    assert report.notes == ("1 article is not in English (1 de): searchable, but nobody's statements are told.",)
    assert counts(read(library)) == (0, 0, 3, 0, 0)


def test_statements_of_known_words_are_taken_from_the_cache_under_the_new_id(library, folder, monkeypatch):
    read(library, folder)
    (folder / "ferry.txt").rename(folder / "boat.txt")
    monkeypatch.setattr(attributing, "attribute", None)  # whoever calls it fails
    report = read(library)
    assert counts(report) == (1, 0, 1, 1, 0)
    quote = library.snapshot().corpus.article("boat").quotes[0]
    assert quote.speaker.id.startswith("boat:")


def test_an_article_that_attribution_fails_on_is_indexed_without_statements(library, folder, monkeypatch):
    attribute = attributing.attribute

    def failing(article):
        if article.id == "ferry":
            raise ZeroDivisionError("a bug")
        return attribute(article)

    monkeypatch.setattr(attributing, "attribute", failing)
    report = read(library, folder)
    assert counts(report) == (2, 0, 0, 0, 1)
    assert report.failed[0] == (
        "ferry.txt",
        "its statements could not be worked out (ZeroDivisionError: a bug); it is indexed without them",
    )
    assert library.snapshot().corpus.article("ferry").quotes == ()
    assert library.snapshot().corpus.article("bridge").quotes


def test_interrupted_it_changes_nothing(library, folder):
    read(library, folder)
    (folder / "new.txt").write_text("A new thing\n\nIt is new.\n")

    def interrupt(_):
        raise KeyboardInterrupt

    with pytest.raises(NewsError, match="nothing was changed"):
        read(library, progress=interrupt)
    assert ids(library) == ["bridge", "ferry"]
    assert counts(read(library)) == (1, 0, 2, 0, 0)


@on_files
def test_interrupted_while_committing_it_does_not_promise_too_much(library, folder, monkeypatch):
    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(SqliteWriter, "commit", interrupt)
    with pytest.raises(NewsError, match="last moment"):
        read(library, folder)


def test_deriving_everything_anew_keeps_what_no_source_could_give(library, folder, tmp_path):
    other = tmp_path / "other.jsonl"
    other.write_text(a_line("Ada Roe said the pier was old.", id="o"))
    read(library, folder, other)
    other.unlink()
    (folder / "bridge.txt").unlink()
    report = read(library, full=True)
    assert counts(report) == (0, 0, 1, 1, 1)
    assert ids(library) == ["ferry", "o"]
    assert (report.articles, report.statements) == (2, library.snapshot().corpus.coverage().statements)
    assert library.snapshot().corpus.article("o").source == str(other)
    assert [state.articles for state in library.snapshot().corpus.sources()] == [1, 1]


def test_a_library_of_other_versions_is_derived_anew_by_itself(library, folder):
    read(library, folder)
    with library.write() as writer:
        writer.set_meta("versions", "older")
        writer.commit()
    report = read(library)
    assert counts(report) == (0, 0, 2, 0, 0)
    assert "derived anew" in report.notes[-1]
    assert library.snapshot().corpus.meta("versions") == versions()
    assert not read(library).notes


@on_files
def test_damage_is_told_and_mended_from_the_sources(library, folder, tmp_path):
    other = tmp_path / "other.jsonl"
    other.write_text(a_line(id="lost") + a_line("Ada Roe said no.", id="odd"))
    read(library, folder, other)
    other.unlink()
    (path,) = (tmp_path / "home").glob("g*/corpus.sqlite")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE articles SET body = x'00' WHERE id IN ('ferry', 'lost')")
        connection.execute("UPDATE articles SET raw = x'00' WHERE id IN ('odd')")
    connection.close()
    report = read(library, full=True)
    assert "ferry" in ids(library)
    assert ("lost", "it is damaged, and no source holds it any more") in report.failed


@on_files
def test_a_library_whose_pointer_is_damaged_is_mended_by_deriving_anew(library, folder, tmp_path):
    read(library, folder)
    (tmp_path / "home" / "current").write_text("{")
    for options in ({}, {"full": True}):
        with pytest.raises(DamagedStore, match="--full SOURCE"):
            reindex(library, **options)
    assert read(library, folder, full=True).added == 2
    assert ids(library) == ["bridge", "ferry"]


def test_a_clock_that_jumps_loses_nothing_and_hides_no_change(library, folder):
    bridge, years = folder / "bridge.txt", timedelta(days=3650)
    said = {}
    for number, clock in enumerate((NOON, NOON - years, NOON + years, NOON - 2 * years)):
        bridge.write_text(BRIDGE.replace("May", f"May {number}"))
        os.utime(bridge, (clock.timestamp(), clock.timestamp()))
        report = reindex(library, [str(folder)], clock=lambda at=clock: at, full=number == 2)
        assert (report.added + report.changed, report.articles, report.failures) == (1 if number else 2, 2, 0)
        corpus = library.snapshot().corpus
        said[number] = corpus.article("bridge").quotes[0].content[0].text
        assert said[number].endswith(f"May {number}")
        assert all(sound for _, sound, _ in library.verify())
    assert [revision.lost for revision in corpus.article("bridge").revisions] == [(said[n],) for n in range(3)]
    assert corpus.article("bridge").stored == NOON
    with library.rollback() as writer:
        writer.commit()
    assert ids(library) == ["bridge", "ferry"]


def test_a_library_that_another_process_writes_to_is_left_alone(library, folder):
    with library.write(), pytest.raises(LibraryBusy):
        read(library, folder)


def test_a_library_that_was_closed_is_told_as_it_is(library, folder):
    read(library, folder)
    library.close()
    with pytest.raises(StoreError, match="closed") as caught:
        read(library)
    assert not isinstance(caught.value, DamagedStore)


def test_the_list_of_failures_is_cut_but_all_are_counted(library, folder):
    (folder / "news.jsonl").write_text("x\n" * 300)
    report = read(library, folder)
    assert (len(report.failed), report.failures) == (200, 300)
