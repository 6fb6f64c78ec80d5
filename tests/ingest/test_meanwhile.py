"""Changes that come while the whole library is derived anew beside the one that answers."""

import json
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime

import pytest

from index.errors import LibraryBusy
from index.ingest.aliasing import change_aliases, same
from index.ingest.applying import apply_records
from index.ingest.forgetting import forget_article, forget_speaker
from index.ingest.reindex import reindex
from index.ingest.sources import Entry
from index.ingest.web.landing import drop_source
from index.people import read_aliases, renew_people
from index.storage import open_store
from index.storage.records import SourceState, Unit
from index.text.analyzer import analyze
from tests.ingest.builders import a_record

PATIENCE = 60.0  # seconds; all that is waited for takes less than one
NOON = datetime(2024, 3, 14, 12, tzinfo=UTC)
FEED = SourceState(name="https://example.org/feed", kind="feed", last_success=NOON)
COUNT = 12
DERIVE = """
import sys, time
from pathlib import Path
from index.errors import NewsError
from index.ingest.reindex import reindex
from index.storage import open_store

home, begun, go = map(Path, sys.argv[1:])

def hold(progress):
    if progress.done == 8:
        begun.touch()
        until = time.monotonic() + 120
        while not go.exists() and time.monotonic() < until:
            time.sleep(0.02)

store = open_store(home, engine="tantivy")
try:
    print(reindex(store, full=True, progress=hold).articles)
except NewsError as error:
    print(error)
store.close()
"""


def lamps(tmp_path, **texts):
    """A file of a dozen articles; other texts for some by name."""
    lines = [
        {
            "id": f"a{n:02}",
            "title": f"Lamp {n}",
            "url": f"https://lamp.example/{n}",
            "text": texts.get(
                f"a{n:02}", f"Lamp {n} is lit at the quay. “It shines {n} times,” keeper Maren Holt said."
            ),
        }
        for n in range(COUNT)
    ]
    lines += [{"id": name, "text": text} for name, text in texts.items() if name[0] != "a"]
    waiting = tmp_path / "waiting"
    waiting.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return str(waiting.replace(tmp_path / "lamps.jsonl"))


def opened(home):
    return open_store(home, engine="tantivy")


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def library(home, tmp_path):
    store = opened(home)
    reindex(store, [lamps(tmp_path)], clock=lambda: NOON)
    apply(store, "f1", "The marmalade is out. “It burns,” keeper Otto Brandt said.")
    apply(store, "f2", "The harbour is shut. Mara Hollister said that it snows.")
    yield store
    store.close()


def apply(store, item, text, *, source=FEED, gone=()):
    entries = [Entry(item=item, place=item, found=a_record(text), article_id=item)] if text else []
    return apply_records(store, source, entries, gone=gone, clock=lambda: NOON)


def derived_anew(home, *changes, sources=None, at=COUNT // 2):
    """Derives everything anew, and makes changes of the library when so many articles are done with."""

    def make(progress):
        if progress.done == at:
            for change in changes:
                change()

    store = opened(home)
    report = reindex(store, sources, full=True, progress=make, clock=lambda: NOON)
    store.close()
    return report


def ids(store):
    return set(store.snapshot().corpus.article_ids())


def text_of(store, article_id):
    return "\n".join(store.snapshot().corpus.article(article_id).texts())


def speakers(store):
    return {entry.speaker.name: entry.statements for entry in store.snapshot().corpus.people_like("", 99)}


def holding(store, word):
    """The articles in which the search files find a word."""
    (term,) = analyze(word)
    return {
        hit.article_id for hit in store.snapshot().engine.search(Unit.ARTICLE, {term: 1.0}, boosts={"body": 1.0}, k=99)
    }


def told_by(store):
    """All that a library tells, but for the numbers of its changes."""
    corpus = store.snapshot().corpus
    articles = corpus.articles(corpus.article_ids())
    return {
        "articles": {
            name: (
                one.article, tuple(one.quotes), one.raw, one.source, one.item, one.raw_hash, one.attributor,
                one.withdrawn, one.group, one.revisions, one.stored,
            )
            for name, one in articles.items()
        },
        "people": {entry.speaker.id: (entry, frozenset(entry.keys)) for entry in corpus.people_like("", 99)},
        "mentions": list(corpus.mentions()),
        "sources": corpus.sources(),
        "coverage": corpus.coverage(),
        "values": [corpus.meta(name) for name in ("aliases", "versions")],
        "forgotten": {name: sorted(known) for name, known in json.loads(corpus.meta("forgotten") or "{}").items()},
        "changed": [(change.article_id, change.removed) for change in corpus.changes(0)],
        "found": {word: holding(store, word) for word in ("lamp", "marmalade", "quay", "snow", "shine")},
    }  # fmt: skip


def is_sound(store):
    return [words for _, well, words in store.verify() if not well] == []


def test_changes_of_every_kind_hold_when_the_new_state_answers(library, home, tmp_path):
    other = opened(home)

    def check():
        assert text_of(other, "f1") == "The milk is out. “It sours,” keeper Otto Brandt said."
        assert "a07" not in ids(other)

    report = derived_anew(
        home,
        lambda: apply(other, "f3", "The marmalade is back. “It keeps,” keeper Otto Brandt said."),
        lambda: apply(other, "f1", "The milk is out. “It sours,” keeper Otto Brandt said."),
        lambda: apply(other, "", "", gone=["f2"]),
        lambda: forget_article(other, "a07", clock=lambda: NOON),
        lambda: change_aliases(other, home, same("Maren Holt", "Otto Brandt")),
        check,  # at once, while the other goes on
    )
    assert ids(library) == {f"a{n:02}" for n in range(COUNT)} - {"a07"} | {"f1", "f3"}
    check()
    assert speakers(library) == {"Maren Holt": COUNT - 1 + 2}
    assert holding(library, "marmalade") == {"f3"}
    assert holding(library, "lamp") == {f"a{n:02}" for n in range(COUNT)} - {"a07"}
    corpus = library.snapshot().corpus
    assert (report.articles, report.statements) == (COUNT + 1, COUNT + 1)
    assert json.loads(corpus.meta("report"))["articles"] == COUNT + 1
    assert [state.articles for state in corpus.sources()] == [COUNT - 1, 2]
    assert is_sound(library)
    assert len(list(home.glob("g*"))) == 2
    assert reindex(library, clock=lambda: NOON).added == 0  # what was forgotten is not taken in again
    with library.rollback() as writer:
        renew_people(writer, read_aliases(home))
        writer.commit()
    assert ids(library) == {f"a{n:02}" for n in range(COUNT)} - {"a07"} | {"f1", "f3"}
    check()
    other.close()


def test_who_follows_meets_every_change_once(library, home, tmp_path):
    lamps(tmp_path, a03="Lamp 3 is dark.", b="The buoy is red.")
    other = opened(home)
    began = library.snapshot().corpus.sequence()
    derived_anew(
        home,
        lambda: apply(other, "f3", "The pier is open."),
        lambda: apply(other, "", "", gone=["f2"]),
    )
    corpus = library.snapshot().corpus
    changes = [(change.article_id, change.removed) for change in corpus.changes(began)]
    assert changes == [("f3", False), ("f2", True), ("a03", False), ("b", False)]
    assert [change.article_id for change in corpus.changes(began + 2)] == ["a03", "b"]  # of the full change alone
    assert list(corpus.changes(corpus.sequence())) == []
    assert corpus.sequence() == began + 3
    other.close()


def test_what_others_wrote_goes_before_what_was_read_before_it(library, home, tmp_path):
    other = opened(home)

    def change_the_file():
        lamps(tmp_path, a02="Lamp 2 is sold.", a11="Lamp 11 is sold.")
        reindex(other, clock=lambda: NOON)

    derived_anew(home, change_the_file)
    assert text_of(library, "a02").endswith("Lamp 2 is sold.")
    assert text_of(library, "a11").endswith("Lamp 11 is sold.")
    assert reindex(library, clock=lambda: NOON).unchanged == COUNT
    other.close()


def test_what_the_sources_gave_anew_stays_when_others_only_took_statements_out(library, home, tmp_path):
    lamps(tmp_path, a02="Lamp 2 is new. Maren Holt said that it shines. Otto Brandt said so too.")
    other = opened(home)
    derived_anew(home, lambda: forget_speaker(other, "Maren Holt", clock=lambda: NOON))
    assert "is new" in text_of(library, "a02")
    assert set(speakers(library)) == {"Otto Brandt", "Mara Hollister"}
    corpus = library.snapshot().corpus
    assert {quote.speaker.name for quote in corpus.article("a02").quotes} == {"Otto Brandt"}
    assert is_sound(library)
    other.close()


def test_what_is_forgotten_meanwhile_is_not_taken_in_from_the_sources_either(library, home, tmp_path):
    lamps(tmp_path, b="The buoy is red. Otto Brandt said so. Maren Holt said no.")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "one.jsonl").write_text(
        json.dumps({"id": "c", "text": "The cutter sails.", "url": "https://quay.example/c"}) + "\n"
    )
    other = opened(home)
    late = library.snapshot().corpus.article("a11")
    derived_anew(
        home,
        lambda: forget_article(other, "a11", clock=lambda: NOON),
        at=1,  # so that it is still attributed after that
    )
    assert library.cache().get(late.article, late.attributor) is None
    derived_anew(
        home,
        lambda: forget_article(other, "https://quay.example/c", clock=lambda: NOON),
        lambda: forget_speaker(other, "Otto Brandt", clock=lambda: NOON),
        sources=[str(tmp_path / "lamps.jsonl"), str(tmp_path / "more")],
        at=COUNT + 1,  # all of them were put
    )
    assert ids(library) == {f"a{n:02}" for n in range(COUNT - 1)} | {"b", "f1", "f2"}
    assert set(speakers(library)) == {"Maren Holt", "Mara Hollister"}
    held = library.snapshot().corpus.articles(["b", "f1"]).values()
    assert [library.cache().get(one.article, one.attributor) for one in held] == [None, None]
    assert is_sound(library)
    other.close()


def test_sources_that_are_added_and_dropped_meanwhile_stay_so(library, home, tmp_path):
    late = SourceState(name="https://example.org/late", kind="feed", last_success=NOON)
    other = opened(home)
    derived_anew(
        home,
        lambda: apply(other, "late", "The tide is late.", source=late),
        lambda: drop_source(other, FEED.name, articles=True, clock=lambda: NOON),
    )
    assert [(state.name, state.articles) for state in library.snapshot().corpus.sources()] == [
        (str(tmp_path / "lamps.jsonl"), COUNT),
        (late.name, 1),
    ]
    assert ids(library) == {f"a{n:02}" for n in range(COUNT)} | {"late"}
    derived_anew(home, lambda: drop_source(other, str(tmp_path / "lamps.jsonl"), articles=True, clock=lambda: NOON))
    assert [state.name for state in library.snapshot().corpus.sources()] == [late.name]
    assert ids(library) == {"late"}
    other.close()


def test_a_source_that_the_full_change_no_longer_reads_takes_its_articles_along(library, home, tmp_path):
    (tmp_path / "quay.txt").write_text("Quay\n\nThe quay is shut.\n")
    other = opened(home)

    def change_the_file():
        lamps(tmp_path, a02="Lamp 2 is sold.")
        reindex(other, clock=lambda: NOON)

    (quay,) = derived_anew(home, change_the_file, sources=[str(tmp_path / "quay.txt")], at=2).sources
    assert ids(library) == {"quay", "f1", "f2"}
    assert [state.name for state in library.snapshot().corpus.sources()] == [quay, FEED.name]
    assert is_sound(library)
    other.close()


def test_what_was_put_by_another_version_is_derived_again(library, home):
    with library.write() as writer:
        writer.set_meta("versions", "earlier ones")
        writer.commit()
    other = opened(home)

    def change_as_before():
        stored = other.snapshot().corpus.article("f1")
        with other.write() as writer:
            writer.put(stored, [])  # as a version would that has no documents
            writer.commit()

    with pytest.raises(LibraryBusy, match="derives the whole library"):
        derived_anew(home, lambda: apply(other, "f3", "The pier is open."))
    derived_anew(home, change_as_before)
    assert holding(library, "marmalade") == {"f1"}
    assert speakers(library) == {"Maren Holt": COUNT, "Otto Brandt": 1, "Mara Hollister": 1}
    other.close()


@pytest.mark.parametrize("seed", range(4))
def test_changes_at_random_come_to_the_same_as_without_deriving_anew(tmp_path, seed):
    """The same changes, of one library as they are and of another one while it is derived anew, once or twice."""
    draw = random.Random(seed)
    home, plain = (tmp_path / name for name in ("home", "plain"))
    feeds = [FEED, SourceState(name="https://example.org/other", kind="feed", last_success=NOON)]
    said = ["Maren Holt", "Otto Brandt", "Ida Ferro", "Mara Hollister"]
    stores = [opened(each) for each in (home, plain)]
    path = lamps(tmp_path, b=f"The buoy is red. {said[2]} said so.")
    for store in stores:
        reindex(store, [path], clock=lambda: NOON)

    def a_change():
        number, text = draw.randrange(8), f"Harbour {draw.randrange(99)}. {draw.choice(said)} said that it snows."
        feed, name = feeds[number % 2], draw.choice(said)
        kinds = [
            lambda store, _: apply(store, f"f{number}", text, source=feed),
            lambda store, _: apply(store, f"f{number}", text, source=feed),
            lambda store, _: apply(store, "", "", source=feed, gone=[f"f{number}"]),
            lambda store, _: f"a{number:02}" in ids(store) and forget_article(store, f"a{number:02}"),
            lambda store, _: name in speakers(store) and forget_speaker(store, name),
            lambda store, home: change_aliases(store, home, same(name, f"Ann {name.split()[1]}")),
            lambda store, _: drop_source(store, feed.name, articles=True, clock=lambda: NOON),
        ]
        return draw.choice(kinds)

    for changes in [[a_change() for _ in range(draw.randrange(1, 7))] for _ in range(2)]:
        derived_anew(
            home, *(lambda change=change: change(stores[0], home) for change in changes), at=draw.randrange(1, 9)
        )
        for change in changes:
            change(stores[1], plain)
    found, expected = map(told_by, stores)
    for what, value in expected.items():
        assert found[what] == value, what
    for store in stores:
        assert is_sound(store)
        store.close()


# ---------------------------------------------------------------------------------------------------------------
# Processes


def until(condition, running):
    """Waits for a condition while the other process runs."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)


def deriving(tmp_path):
    """Another process that derives everything anew and holds in the midst until it may go on."""
    files = [tmp_path / name for name in ("home", "begun", "go")]
    return subprocess.Popen(
        [sys.executable, "-c", DERIVE, *map(str, files)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_another_process_derives_anew_and_changes_come_in_at_once(library, home, tmp_path):
    process = deriving(tmp_path)
    try:
        until((tmp_path / "begun").exists, process)
        assert apply(library, "f3", "The marmalade is out again.").added == 1
        assert forget_article(library, "a07").articles == 1
        assert holding(library, "marmalade") == {"f1", "f3"}
        with pytest.raises(LibraryBusy, match="Another process derives the whole library in "):
            reindex(library, full=True)
        (tmp_path / "go").touch()
        out, errors = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
        process.wait()
    assert (out.strip(), errors) == (str(COUNT + 2), "")
    assert ids(library) == {f"a{n:02}" for n in range(COUNT)} - {"a07"} | {"f1", "f2", "f3"}
    assert holding(library, "marmalade") == {"f1", "f3"}
    assert (home / "g000002").exists()


def test_one_that_is_killed_leaves_the_old_state_with_what_was_changed_meanwhile(library, home, tmp_path):
    process = deriving(tmp_path)
    try:
        until((tmp_path / "begun").exists, process)
        apply(library, "f3", "The marmalade is out again.")
    finally:
        process.kill()
        process.communicate()
    assert holding(library, "marmalade") == {"f1", "f3"}
    assert (home / "g000002").exists()
    forget_article(library, "a07")  # the next change clears away what was being made
    assert [path.name for path in home.glob("g*")] == ["g000001"]
    assert ids(library) == {f"a{n:02}" for n in range(COUNT)} - {"a07"} | {"f1", "f2", "f3"}


def is_whole(generation):
    """Whether all of a generation was written."""
    try:
        path = (generation / "corpus.sqlite").as_uri()
        with closing(sqlite3.connect(f"{path}?mode=ro", uri=True, timeout=0)) as connection:
            return connection.execute("SELECT sequence FROM state").fetchone() is not None
    except sqlite3.Error:
        return False


def test_a_change_that_is_under_way_is_waited_for(library, home, tmp_path):
    (tmp_path / "go").touch()
    with library.write() as writer:
        process = deriving(tmp_path)
        try:
            until((tmp_path / "begun").exists, process)
            until(lambda: is_whole(home / "g000002"), process)
            assert (home / "g000001").exists()
            writer.remove("a03")
            writer.set_meta("note", "late")
            writer.commit()
        except BaseException:
            process.kill()
            process.wait()
            raise
    try:
        out, errors = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
        process.wait()
    assert (out.strip(), errors) == (str(COUNT + 1), "")
    assert "a03" not in ids(library)
    assert library.snapshot().corpus.meta("note") == "late"
