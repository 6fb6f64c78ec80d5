import threading
from datetime import UTC, datetime

import pytest

from index.errors import LibraryBusy, SourceError
from index.ingest.applying import apply_records
from index.ingest.reindex import reindex
from index.ingest.sources import Entry
from index.people import resolve
from index.storage import open_store
from index.storage.records import SourceState
from tests.ingest.builders import a_record

NOON = datetime(2022, 6, 16, 12, tzinfo=UTC)
FEED = SourceState(name="https://example.org/feed", kind="feed", last_success=NOON)


@pytest.fixture
def library(tmp_path):
    store = open_store(tmp_path / "home")
    yield store
    store.close()


def an_entry(item, text="“It is too cold,” Mayor Ida Brock said.", **fields):
    return Entry(item=item, place=item, found=a_record(text, **fields), article_id=item)


def apply(store, *entries, source=FEED, **options):
    return apply_records(store, source, entries, clock=lambda: NOON, **options)


def ids(store):
    return list(store.snapshot().corpus.article_ids())


def counts(report):
    return report.added, report.changed, report.unchanged, report.removed, report.failures


def people(store):
    corpus = store.snapshot().corpus
    return {entry.speaker.name: (entry.keys, entry.statements) for entry in corpus.people_like("", 100)}


def test_records_come_in_beside_what_other_sources_gave(library, tmp_path):
    (tmp_path / "bridge.txt").write_text("Bridge to open\n\nCouncillor Max Poe said that the bridge would open.\n")
    reindex(library, [str(tmp_path / "bridge.txt")])
    report = apply(library, an_entry("one"), an_entry("two", "Ada Roe said that she would row."))
    assert counts(report) == (2, 0, 0, 0, 0)
    assert (report.sources, report.articles, report.finished) == ((FEED.name,), 3, NOON)
    corpus = library.snapshot().corpus
    assert ids(library) == ["bridge", "one", "two"]
    assert [(s.kind, s.articles) for s in corpus.sources()] == [("file", 1), ("feed", 2)]
    assert corpus.coverage().speakers == 3
    assert {"Ida Brock", "Max Poe", "Ada Roe"} == set(people(library))


def test_the_first_records_of_all_make_the_library(library):
    assert counts(apply(library, an_entry("one"))) == (1, 0, 0, 0, 0)
    assert ids(library) == ["one"]


def test_only_what_is_named_as_gone_goes(library):
    apply(library, an_entry("one"), an_entry("two"), an_entry("three"))
    report = apply(library, an_entry("two", "Ida Brock said that it was warm."), gone=["one", "never there"])
    assert counts(report) == (0, 1, 0, 1, 0)
    assert ids(library) == ["three", "two"]
    assert library.snapshot().corpus.sources()[0].articles == 2
    assert people(library)["Ida Brock"][0] == {"three:ida-brock", "two:ida-brock"}


def test_what_has_not_changed_or_can_not_be_read_stays(library):
    apply(library, an_entry("one"), an_entry("two"))
    broken = Entry(item="two", place="two", found=SourceError("two", "it has no text"), article_id="")
    report = apply(library, an_entry("one"), broken, gone=["two"])
    assert counts(report) == (0, 0, 1, 0, 1)
    assert ids(library) == ["one", "two"]


def test_people_are_the_same_as_when_all_are_resolved(library):
    said = ["Mayor Ida Brock said no.", "Brock said yes.", "Max Brock said maybe.", "Ms. Poe said that it rains."]
    for n, text in enumerate(said):
        apply(
            library,
            an_entry(f"a{n}", text),
            an_entry(f"b{n}", text.replace("said", "denied that it was true and said")),
        )
    apply(library, gone=["a2", "b2"])
    corpus = library.snapshot().corpus
    expected = {row.entry.speaker.name: (row.entry.keys, row.entry.statements) for row in resolve(corpus.mentions())}
    assert people(library) == expected
    assert corpus.coverage().speakers == len(expected)


def test_a_library_of_other_versions_is_derived_anew_with_the_records(library):
    apply(library, an_entry("one"))
    with library.write() as writer:
        writer.set_meta("versions", "older")
        writer.commit()
    report = apply(library, an_entry("two"))
    assert counts(report)[:2] == (1, 0)
    assert report.notes == ("Everything was derived anew, because On Record derives it differently now.",)
    assert ids(library) == ["one", "two"]
    assert apply(library, an_entry("two")).notes == ()


def test_while_another_writes_nothing_is_changed(library):
    apply(library, an_entry("one"))
    with library.write(), pytest.raises(LibraryBusy):
        apply(library, an_entry("two"))
    assert ids(library) == ["one"]


def test_questions_are_answered_meanwhile(library):
    apply(library, an_entry("a0"))
    stop, failures, read = threading.Event(), [], 0

    def ask():
        nonlocal read
        while not stop.is_set():
            corpus = library.snapshot().corpus
            (person,) = corpus.people_named("ida brock")
            stored = corpus.articles(key.partition(":")[0] for key in person.keys)
            if len(stored) != corpus.coverage().articles:
                failures.append((sorted(person.keys), sorted(stored)))
            read += 1

    asking = threading.Thread(target=ask)
    asking.start()
    for n in range(1, 12):
        apply(library, an_entry(f"a{n}"))
    stop.set()
    asking.join()
    assert failures == []
    assert read > 0
