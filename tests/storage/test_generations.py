"""Growing from one engine to the other, going back, tidying up, and finding damage before a reader does."""

import os
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import DamagedStore, LibraryBusy, StoreError
from index.storage.embedded.codec import checksum, dumps, pack, quotes_row
from index.storage.embedded.store import EmbeddedStore
from index.storage.records import Filters, Unit
from tests.storage.builders import (
    a_document,
    a_person,
    a_quote,
    a_speaker,
    a_text,
    an_article,
    documents_of,
    put_articles,
    put_documents,
)
from tests.storage.reference import browsed, same_hits, scores
from tests.storage.stores import on_files
from tests.storage.test_crashes import put_version, version_of
from tests.storage.test_damage import as_somebody_else, change_stored, read_only_folder


def articles(*names, text="words"):
    return [an_article(name, f"{text} in {name}") for name in names]


def stored_ids(store):
    return list(store.snapshot().corpus.article_ids())


def cache_size(home):
    return sum((home / f"attribution.sqlite{end}").stat().st_size for end in ("", "-wal"))


def found_ids(store, term="words"):
    hits = store.snapshot().engine.search(Unit.PARAGRAPH, {term: 1.0}, boosts={"body": 1.0}, k=100)
    return [hit.article_id for hit in hits]


def ill(store):
    return [(what, words) for what, well, words in store.verify() if not well]


# ---------------------------------------------------------------------------------------------------------------
# Growing


def test_a_library_that_grows_past_the_limit_migrates_by_itself_and_back(home):
    store = EmbeddedStore(home, okapi_up_to=6)
    put_articles(store, articles("a", "b", "c"))
    assert store.snapshot().engine.name == "okapi"
    assert ("engine", True, "okapi, since 6 paragraphs are at most 6") in store.findings()
    put_articles(store, articles("d"))
    assert store.snapshot().engine.name == "tantivy"
    assert ("engine", True, "tantivy, since 8 paragraphs are more than 6") in store.findings()
    assert found_ids(store) == ["a", "b", "c", "d"]
    with store.write() as writer:
        writer.remove("a")
        writer.commit()
    assert store.snapshot().engine.name == "okapi"
    assert found_ids(store) == ["b", "c", "d"]
    assert ill(store) == []
    store.close()


def test_a_chosen_engine_serves_from_the_next_change_on(home):
    store = EmbeddedStore(home, engine="okapi")
    put_articles(store, articles("a"))
    store.close()
    store = EmbeddedStore(home, engine="tantivy")
    assert store.snapshot().engine.name == "okapi"
    assert (
        store.findings()[1][2] == "okapi serves until the next change brings tantivy, since ONRECORD_ENGINE is tantivy"
    )
    put_articles(store, articles("b"))
    assert store.snapshot().engine.name == "tantivy"
    store.close()
    store = EmbeddedStore(home, engine="okapi")
    assert store.snapshot().engine.name == "okapi"
    assert found_ids(store) == ["a", "b"]
    store.close()


def test_a_new_field_is_searchable_at_once(store):
    put_documents(store, [a_document("a#1", "old")])
    put_documents(store, [a_document("b#1", fields={"body": ("old",), "title": ("new",)})])
    engine = store.snapshot().engine
    assert [hit.id for hit in engine.search(Unit.PARAGRAPH, {"new": 1.0}, boosts={"title": 1.0})] == ["b#1"]
    assert len(engine.search(Unit.PARAGRAPH, {"old": 1.0}, boosts={"body": 1.0})) == 2


def test_what_comes_after_a_change_has_settled_is_there_too(store):
    put_articles(store, [an_article("before", "marmalade"), an_article("gone", "marmalade")])
    for full in (False, True):
        with store.write(full=full) as writer:
            for name in ("one", "two"):
                late = an_article(f"{name}-{full}", "marmalade")
                writer.put(late, documents_of(late))
                writer.remove("gone")
                writer.settle()
                writer.settle()
            writer.commit()
        found = store.snapshot().engine.search(Unit.ARTICLE, {"marmalade": 1.0}, boosts={"body": 1.0}, k=9)
        expected = {"one-True", "two-True"} if full else {"before", "one-False", "two-False"}
        assert {hit.id for hit in found} == expected
        assert store.snapshot().engine.count(Unit.ARTICLE) == len(expected)


def test_a_change_that_settled_and_is_given_up_leaves_everything_as_it_was(store):
    put_articles(store, [an_article("before", "marmalade")])
    for full in (False, True):
        with store.write(full=full) as writer:
            late = an_article("late", "marmalade")
            writer.put(late, documents_of(late))
            writer.settle()
        found = store.snapshot().engine.search(Unit.ARTICLE, {"marmalade": 1.0}, boosts={"body": 1.0}, k=9)
        assert {hit.id for hit in found} == {"before"}
    assert all(well for _, well, _ in store.verify())


def test_a_document_whose_id_could_not_be_told_again_is_refused(store):
    for document in (a_document("a#1.2"), a_document("a#01"), a_document("a#1", unit=Unit.STATEMENT)):
        with pytest.raises(ValueError, match="is no id of a"), store.write() as writer:
            writer.put(an_article("a"), [document])


def test_a_person_with_many_keys_is_found_by_all_of_them_and_by_no_other(store):
    documents = [a_document(f"a{n}#1", "word", speakers=[f"a{n}:quill"]) for n in range(120)]
    put_documents(store, documents)
    engine = store.snapshot().engine
    for keys in (range(120), range(60), range(100, 400)):
        filters = Filters(speakers=frozenset(f"a{n}:quill" for n in keys))
        for _ in range(2):
            hits = engine.search(Unit.PARAGRAPH, {"word": 1.0}, boosts={"body": 1.0}, filters=filters, k=1000)
            assert {hit.id for hit in hits} == {f"a{n}#1" for n in range(120) if n in keys}


def test_the_filters_of_many_speakers_are_kept_ready_but_not_without_end(store):
    put_documents(store, [a_document(f"a{n}#1", "word", speakers=[f"a{n}:quill"]) for n in range(100)])
    engine = store.snapshot().engine
    for n in range(100):
        assert len(engine.browse(Unit.PARAGRAPH, filters=Filters(speakers=frozenset({f"a{n}:quill"})))) == 1


def test_after_compacting_the_order_is_that_of_the_formula(store, kept):
    put_articles(store, [an_article(f"a{n}", f"words {'more ' * (n % 5)} here", quotes=()) for n in range(60)])
    with store.write() as writer:
        for n in range(0, 60, 2):
            writer.remove(f"a{n}")
        writer.commit()
    put_articles(store, [an_article("a1", "words words at last", quotes=())])
    store.compact()
    documents = [
        a_document(f"a{n}#1", f"words {'more ' * (n % 5)} here" if n > 1 else "words words at last")
        for n in range(1, 60, 2)
    ] + [a_document(f"a{n}#0", "a bridge for harrowby") for n in range(1, 60, 2)]
    terms = {"words": 1.0, "more": 1.0, "bridge": 1.0}
    engine = store.snapshot().engine
    expected = scores(documents, Unit.PARAGRAPH, terms, {"body": 1.0}, length=kept.length)
    same_hits(engine.search(Unit.PARAGRAPH, terms, boosts={"body": 1.0}, k=100), expected, k=100)
    assert engine.df(Unit.PARAGRAPH, "body", "words") == 30
    assert ill(store) == []


def test_ties_by_the_thousand_fall_by_id(store):
    documents = [a_document(f"a{n:04}#1", "same words", day="2021-03-04") for n in range(3000, 0, -1)]
    put_documents(store, documents)
    engine = store.snapshot().engine
    hits = engine.search(Unit.PARAGRAPH, {"words": 1.0}, boosts={"body": 1.0}, k=20)
    assert [hit.id for hit in hits] == [f"a{n:04}#1" for n in range(1, 21)]
    hits = engine.browse(Unit.PARAGRAPH, filters=Filters(), k=20)
    assert [hit.id for hit in hits] == browsed(documents, Unit.PARAGRAPH)[:20]


# ---------------------------------------------------------------------------------------------------------------
# Going back


def rolled_back(store, people=()):
    with store.rollback() as writer:
        writer.set_people(people)
        return writer.commit()


def test_going_back_restores_the_state_before_the_full_change_and_replays_what_came_after(store):
    put_articles(store, articles("a", "b", "c"))
    with store.write() as writer:
        writer.set_meta("report", "first")
        writer.commit()
    put_articles(store, articles("a", "x", text="bad words"), full=True)
    put_articles(store, articles("d"))
    with store.write() as writer:
        writer.remove("x")
        writer.commit()
    put_articles(store, articles("b", text="newer words"))
    sequence = store.snapshot().corpus.sequence()
    assert rolled_back(store, [a_person("p1", keys=["a:mara-quill"])]) == sequence + 1
    corpus = store.snapshot().corpus
    assert list(corpus.article_ids()) == ["a", "b", "c", "d"]
    assert corpus.article("a").article.paragraphs[1].text == "words in a"
    assert corpus.article("b").article.paragraphs[1].text == "newer words in b"
    assert corpus.meta("report") == "first"
    assert corpus.person_of("a:mara-quill").speaker.id == "p1"
    assert sorted(found_ids(store)) == ["a", "b", "c", "d"]
    assert ill(store) == []


def test_forgotten_articles_stay_forgotten(store):
    put_articles(store, articles("a", "secret"))
    put_articles(store, articles("a", "secret"), full=True)
    with store.write() as writer:
        writer.remove("secret")
        writer.commit()
    rolled_back(store)
    assert stored_ids(store) == ["a"]
    assert found_ids(store) == ["a"]


def test_going_back_happens_once_and_needs_something_to_go_back_to(store):
    with pytest.raises(StoreError, match="no previous index to go back to"), store.rollback():
        pass
    put_articles(store, articles("a"))
    put_articles(store, articles("b"), full=True)
    with store.rollback():
        pass  # left without commit
    assert stored_ids(store) == ["b"]
    rolled_back(store)
    with pytest.raises(StoreError, match="no previous index to go back to"), store.rollback():
        pass
    assert stored_ids(store) == ["a"]
    put_articles(store, articles("c"))
    put_articles(store, articles("d"), full=True)
    rolled_back(store)
    assert stored_ids(store) == ["a", "c"]


def test_replayed_articles_keep_the_families_of_their_speakers(store):
    put_articles(store, articles("a"))
    put_articles(store, articles("a"), full=True)
    with store.write() as writer:
        writer.put(an_article("b"), [], families={"b:mara-quill": "quill"})
        writer.commit()
    with store.rollback() as writer:
        assert [mention.key for mention in writer.mentions(families=frozenset({"quill"}))] == ["b:mara-quill"]


def test_readers_follow_a_library_that_goes_back(store, reopened):
    put_articles(store, articles("a"))
    put_articles(store, articles("b"), full=True)
    held = reopened.snapshot()
    rolled_back(store)
    assert list(held.corpus.article_ids()) == ["b"]
    assert found_ids(reopened) == ["a"]


@on_files
def test_a_damaged_library_can_go_back(store, home):
    put_articles(store, articles("a"))
    put_articles(store, articles("b"), full=True)
    store.close()
    (home / "g000002" / "corpus.sqlite").write_bytes(b"nonsense" * 4000)
    for path in home.glob("g000002/corpus.sqlite-*"):
        path.unlink()
    store = EmbeddedStore(home)
    with pytest.raises(DamagedStore):
        store.snapshot()
    rolled_back(store)
    assert stored_ids(store) == ["a"]
    store.close()


@on_files
def test_an_article_that_is_damaged_in_the_later_state_is_left_behind(store, home):
    put_articles(store, articles("a"))
    put_articles(store, articles("a"), full=True)
    put_articles(store, articles("b"))
    connection = sqlite3.connect(home / "g000002" / "corpus.sqlite")
    connection.execute("UPDATE articles SET body = x'00' WHERE id = 'b'")
    connection.commit()
    connection.close()
    rolled_back(store)
    assert stored_ids(store) == ["a"]


@on_files
def test_only_one_previous_generation_is_kept(store, home):
    for n in range(4):
        put_version(store, n, full=True)
    assert sorted(path.name for path in home.glob("g*")) == ["g000003", "g000004"]


def test_sources_named_after_the_full_change_stay_named(store):
    from index.storage.records import SourceState

    source = SourceState(name="/papers", kind="folder")
    put_articles(store, articles("a"))
    put_articles(store, articles("a"), full=True)
    with store.write() as writer:
        writer.set_sources([source])
        writer.commit()
    rolled_back(store)
    assert store.snapshot().corpus.sources() == (source,)


# ---------------------------------------------------------------------------------------------------------------
# Tidying up and checking


@pytest.mark.parametrize("kept", ["okapi"], indirect=True)
def test_the_log_of_a_large_change_is_given_back_beside_readers(store, reopened, home):
    put_articles(store, [an_article("a")])
    reopened.snapshot()  # whose file stays open
    noise = random.Random(1)
    with store.write() as writer:
        for n in range(150):
            writer.put(an_article(f"b{n}", noise.randbytes(40_000).hex(), quotes=()), [])
        writer.commit()
    assert sum(path.stat().st_size for path in home.glob("g*/corpus.sqlite")) > 6_000_000
    assert sum(path.stat().st_size for path in home.glob("g*/corpus.sqlite-wal")) <= 4_000_000
    assert len(reopened.snapshot().corpus.articles(f"b{n}" for n in range(150))) == 150


@pytest.mark.parametrize("kept", ["okapi"], indirect=True)
def test_the_log_of_many_changes_stays_short_though_each_looks_at_the_state_before(store, home):
    noise = random.Random(1)
    put_articles(store, [an_article("a")])
    for n in range(8):
        before = store.snapshot()
        with store.write() as writer:
            before = store.snapshot()
            for m in range(10):
                writer.put(an_article(f"{n} {m}", noise.randbytes(100_000).hex(), quotes=()), [])
            writer.commit()
        assert before.corpus.article(f"{n} 0") is None
    assert sum(path.stat().st_size for path in home.glob("g*/corpus.sqlite-wal")) < 6_500_000


@on_files
def test_compacting_gives_back_what_removed_articles_took(store, home):
    put_articles(store, [an_article(f"a{n}", " ".join(f"{n}x{m}" for m in range(300))) for n in range(400)])
    with store.write() as writer:
        for n in range(1, 400):
            writer.remove(f"a{n}")
        writer.commit()
    before = sum(path.stat().st_size for path in home.glob("g*/corpus.sqlite"))
    store.compact()
    assert sum(path.stat().st_size for path in home.glob("g*/corpus.sqlite")) < before / 2
    assert stored_ids(store) == ["a0"]
    assert found_ids(store, "0x5") == ["a0"]


@on_files
def test_compacting_forgets_what_earlier_versions_of_attribution_found(store, home):
    cache = store.cache()
    for number in range(300):
        cache.put(a_text(f"{number}"), 1, (a_quote(f"{number} " * 300),))
    cache.put(a_text("0"), 2, (a_quote("as it stands"),))
    cache.put(a_text("0"), 3, (a_quote("of a full reindex that was stopped"),))
    store.compact()
    assert cache.get(a_text("0"), 1) is not None  # no article tells which versions are in use
    put_articles(store, [an_article("a", attributor=2), an_article("b", attributor=0)])
    before = cache_size(home)
    store.compact()
    assert cache.get(a_text("0"), 1) is None
    assert cache.get(a_text("0"), 2) == (a_quote("as it stands"),)
    assert cache.get(a_text("0"), 3) == (a_quote("of a full reindex that was stopped"),)
    assert cache_size(home) < before / 2


@on_files
def test_what_attribution_found_before_articles_helped_to_write_it_is_read(store, home):
    quotes = (a_quote(speaker=a_speaker(article_id="a")), a_quote("more", speaker=a_speaker("Tom Day")))
    store.cache().put(a_text("hash"), 1, ())
    store.close()
    speakers, rows = quotes_row(quotes)
    data = dumps([[[key.removeprefix("a"), *rest] for key, *rest in speakers], rows])
    with closing(sqlite3.connect(home / "attribution.sqlite")) as cache:
        cache.execute("UPDATE quotes SET sum = ?, quotes = ?", (checksum(data), pack(data)))
        cache.commit()
    assert EmbeddedStore(home).cache().get(a_text("hash"), 1) == quotes


@on_files
def test_compacting_removes_a_damaged_cache_of_attribution(store, home):
    put_articles(store, articles("a"))
    (home / "attribution.sqlite").write_bytes(b"no database at all" * 1000)
    store.compact()
    assert store.cache().get(a_text("0"), 1) is None
    assert stored_ids(store) == ["a"]


def test_there_is_nothing_to_compact_or_verify_in_an_empty_library(store):
    store.compact()
    assert store.verify() == [("index", True, "nothing has been indexed yet")]


def test_compacting_waits_for_no_other_writer(store, reopened):
    put_articles(store, articles("a"))
    with reopened.write(), pytest.raises(LibraryBusy):
        store.compact()


@on_files
def test_a_sound_library_verifies(store):
    put_articles(store, articles("a", "b"))
    put_articles(store, articles("a", "b", "c"), full=True)
    put_articles(store, articles("d"))
    assert ill(store) == []
    assert [what for what, _, _ in store.verify()] == ["corpus", "previous corpus", "articles", "counts", "engine"]


@on_files
@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE articles SET body = x'00' WHERE id = 'a'", "articles"),
        ("UPDATE articles SET quotes = x'00' WHERE id = 'a'", "articles"),
        ("DELETE FROM articles WHERE id = 'a'", "counts"),
        ("UPDATE articles SET documents = x'00' WHERE id = 'a'", "engine"),
        ("UPDATE state SET coverage = x'00'", "counts"),
    ],
)
def test_damage_is_named_with_the_command_that_repairs_it(store, home, statement, what):
    put_articles(store, articles("a", "b"))
    change_stored(home, statement)
    found = dict(ill(store))
    assert "run `onrecord " in found[what]


def test_a_statement_that_does_not_stand_where_it_says_is_named(store):
    quote = a_quote("words that are not there", speaker=a_speaker())
    put_articles(store, [an_article("a", "other words", quotes=[quote])])
    assert ill(store)[0][0] == "articles"


@on_files
def test_pages_that_differ_are_named(store, home):
    put_version(store, 1)
    store.close()
    (path,) = home.glob("g*/corpus.sqlite")
    whole = bytearray(path.read_bytes())
    for at in range(8192 * 3, len(whole), 8192):
        whole[at : at + 8] = b"\xff" * 8
    path.write_bytes(whole)
    store = EmbeddedStore(home)
    assert ill(store)
    store.close()


# ---------------------------------------------------------------------------------------------------------------
# The files of the engine on disk


@pytest.fixture
def big(home):
    store = EmbeddedStore(home, engine="tantivy")
    put_version(store, 1)
    store.close()
    return home


def engine_files(home):
    (folder,) = home.glob("g*/engine-*")
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def test_search_files_that_are_cut_off_are_explained_and_made_anew(big):
    for path in engine_files(big):
        os.truncate(path, path.stat().st_size // 2)
    store = EmbeddedStore(big)
    with pytest.raises(DamagedStore, match="run `onrecord compact`") as error:
        version_of(store)
    assert "\n" not in str(error.value)
    assert ill(store)
    store = EmbeddedStore(big, engine="tantivy")
    store.compact()
    assert version_of(store) == 1
    assert ill(store) == []
    store.close()


def test_a_change_after_damage_makes_the_search_files_anew(big):
    for path in engine_files(big):
        if path.name == "meta.json":
            path.write_text("{")
    store = EmbeddedStore(big, engine="tantivy")
    put_version(store, 2)
    assert version_of(store) == 2
    assert ill(store) == []
    store.close()


@pytest.mark.parametrize("name", ["fields.json", "checksums.json"])
@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 99, "fields": {}}'])
def test_damaged_descriptions_of_the_search_files_are_named(big, name, text):
    (path,) = [path for path in engine_files(big) if path.name == name]
    path.write_text(text)
    store = EmbeddedStore(big, engine="tantivy")
    assert ill(store)
    put_version(store, 2)
    assert version_of(store) == 2
    assert ill(store) == []
    store.close()


def test_a_flipped_bit_in_the_search_files_is_found_by_verify(big):
    store = EmbeddedStore(big, engine="tantivy")
    for path in engine_files(big):
        whole = path.read_bytes()
        if whole and path.name != "checksums.json":
            path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
            assert any(path.name in words or "search files" in words for _, words in ill(store)), path
            path.write_bytes(whole)
    assert ill(store) == []
    store.close()


def test_missing_search_files_are_explained(big):
    (folder,) = big.glob("g*/engine-*")
    shutil.rmtree(folder)
    store = EmbeddedStore(big)
    with pytest.raises(StoreError) as error:
        store.snapshot()
    assert "onrecord" in str(error.value)
    store = EmbeddedStore(big, engine="tantivy")
    put_version(store, 2)
    assert version_of(store) == 2
    store.close()


def test_a_library_on_disk_is_read_in_a_folder_that_cannot_be_written(big):
    def read():
        store = EmbeddedStore(big)
        try:
            return version_of(store)
        finally:
            store.close()

    with read_only_folder(big):
        assert as_somebody_else(big, read) == "1"


def test_small_changes_of_a_library_on_disk_keep_the_search_files_of_the_rest(big):
    store = EmbeddedStore(big, engine="tantivy")
    before = {path.stat().st_ino for path in engine_files(big)}
    put_articles(store, articles("z"))
    assert before & {path.stat().st_ino for path in big.rglob("*") if path.is_file()}
    folders = [Path(path).name for path in big.glob("g*/engine-*")]
    assert len(folders) == 2  # that of a reader who is about to open it, and the new one
    for n in range(30):
        put_articles(store, articles(f"y{n}"))
    assert len(list(big.glob("g*/engine-*"))) == 2
    assert len(found_ids(store)) == 31
    assert ill(store) == []
    store.close()


def test_small_changes_leave_large_segments_alone_and_still_take_articles_out_of_them(home):
    store = EmbeddedStore(home, engine="tantivy")
    large = an_article("large", *(f"marmalade number {n}" for n in range(400)))
    put_articles(store, [large, an_article("other", *(f"marmalade or {n}" for n in range(400)))])
    (first,) = {path for path in engine_files(home) if path.match("paragraph/*.store")}
    there = first.stat().st_ino
    for n in range(12):  # more than it takes for a merge
        put_articles(store, [an_article(f"small{n}", "marmalade")])
    newest = max(home.glob("g*/engine-*"))
    assert there in {path.stat().st_ino for path in (newest / "paragraph").glob("*.store")}
    assert len(list((newest / "paragraph").glob("*.store"))) < 12
    with store.write() as writer:
        writer.remove("large")
        writer.commit()
    engine = store.snapshot().engine
    assert engine.count(Unit.ARTICLE) == 13
    hits = engine.search(Unit.PARAGRAPH, {"marmalade": 1.0}, boosts={"body": 1.0}, k=500)
    assert {hit.article_id for hit in hits} == {"other", *(f"small{n}" for n in range(12))}
    assert ill(store) == []
    store.close()
