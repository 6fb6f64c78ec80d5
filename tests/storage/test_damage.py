"""Files that are damaged, unreadable, from another version or not a library: one sentence each, never a traceback."""

import json
import os
import random
import sqlite3
import stat
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.errors import DamagedStore, EmptyLibrary, StoreError
from index.storage import open_store
from index.storage.embedded.corpus import stream_mentions
from index.storage.embedded.database import SCHEMA
from index.storage.embedded.formats import FORMATS
from index.storage.records import Revision, Unit
from tests.storage.builders import a_text, an_article, put_articles
from tests.storage.test_crashes import in_a_child, put_version, version_of


@pytest.fixture
def written(home):
    """A library of twelve articles in one file, closed by whoever wrote it."""
    store = open_store(home)
    put_version(store, 1)
    store.close()
    return home


def corpus_file(home):
    (path,) = home.glob("g*/corpus.sqlite")
    return path


def change_stored(home, statement, *values):
    connection = sqlite3.connect(corpus_file(home))
    connection.execute(statement, values)
    connection.commit()
    connection.close()


def explained(error):
    sentence = str(error.value)
    assert "\n" not in sentence
    return sentence


def read_everything(home):
    store = open_store(home)
    try:
        version_of(store)
        store.snapshot().corpus.coverage()
        list(store.snapshot().corpus.mentions())
        store.snapshot().corpus.sources()
        store.snapshot().corpus.people_like("quill")
        store.verify()
    finally:
        store.close()


@pytest.mark.parametrize("size", [0, 1, 100, 4096, 0.5, 0.9])
def test_a_file_that_was_cut_off_is_explained(written, size):
    path = corpus_file(written)
    os.truncate(path, size if size >= 1 or size == 0 else int(path.stat().st_size * size))
    with pytest.raises(StoreError) as error:
        read_everything(written)
    assert "onrecord reindex --full" in explained(error)


def test_a_flipped_byte_anywhere_is_explained_or_does_no_harm(written):
    path = corpus_file(written)
    whole = path.read_bytes()
    draw = random.Random(3)
    explanations = 0
    for _ in range(120):
        place = draw.randrange(len(whole))
        path.write_bytes(whole[:place] + bytes([whole[place] ^ (1 << draw.randrange(8))]) + whole[place + 1 :])
        try:
            read_everything(written)
        except StoreError:
            explanations += 1
        except AssertionError:  # the article is left out or differs: only `verify`, which reads all, can tell
            pass
    assert explanations > 0


@contextmanager
def told_as_damage():
    try:
        yield
    except ValueError as error:
        raise DamagedStore("out of order") from error


def test_a_stream_over_keys_out_of_order_ends_with_an_explanation():
    row = ("b", "quill", "b", "quill", "Quill", "person", None, None, None, 1, "")
    with pytest.raises(DamagedStore, match="out of order"):
        list(stream_mentions(FORMATS[SCHEMA], lambda query, values: [row, row], told_as_damage))


def test_a_damaged_library_can_be_written_anew(written):
    path = corpus_file(written)
    path.write_bytes(b"nonsense" * 1000)
    store = open_store(written)
    with pytest.raises(DamagedStore, match="onrecord reindex --full"):
        store.snapshot()
    with pytest.raises(DamagedStore, match="onrecord reindex --full"), store.write():
        pass
    assert [ok for _, ok, _ in store.findings()] == [False]
    put_version(store, 2, full=True)
    assert version_of(store) == 2
    store.close()


@pytest.mark.parametrize("pointer", [b"", b"{", b"[]", b'{"format": 1}', b"\xff\xfe", b"null"])
def test_a_pointer_that_cannot_be_read_is_explained_and_a_full_change_mends_it(written, pointer):
    (written / "current").write_bytes(pointer)
    store = open_store(written)
    with pytest.raises(DamagedStore) as error:
        store.snapshot()
    assert "onrecord reindex --full" in explained(error)
    with pytest.raises(DamagedStore), store.write():
        pass
    put_version(store, 2, full=True)
    assert version_of(store) == 2
    store.close()


def test_a_pointer_to_a_missing_generation_is_explained(written):
    (written / "current").write_text(json.dumps({"format": 1, "generation": "g000077"}))
    store = open_store(written)
    with pytest.raises(StoreError) as error:
        store.snapshot()
    assert "can't be opened" in explained(error)
    put_version(store, 2, full=True)
    assert version_of(store) == 2


@pytest.mark.parametrize("newer", ["pointer", "file"])
def test_a_library_of_a_newer_version_is_left_alone_and_explained(written, newer):
    if newer == "pointer":
        (written / "current").write_text(json.dumps({"format": 99, "generation": "g000001"}))
    else:
        change_stored(written, "PRAGMA user_version = 99")
    before = corpus_file(written).read_bytes()
    store = open_store(written)
    with pytest.raises(StoreError) as error:
        store.snapshot()
    assert "A newer version of On Record" in explained(error)
    with pytest.raises(StoreError, match="A newer version of On Record"), store.write():
        pass
    assert corpus_file(written).read_bytes() == before
    store.close()


def test_a_database_of_something_else_is_not_taken_for_a_library(written):
    path = corpus_file(written)
    path.unlink()
    sqlite3.connect(path).execute("CREATE TABLE other (x)").connection.close()
    with pytest.raises(DamagedStore, match="is not an index of On Record"):
        read_everything(written)


@pytest.mark.parametrize("column", ["body", "raw"])
def test_a_text_that_is_not_what_was_written_is_an_error(written, column):
    change_stored(
        written, f"UPDATE articles SET {column} = (SELECT {column} FROM articles WHERE id = 'a2') WHERE id = 'a1'"
    )
    store = open_store(written)
    corpus = store.snapshot().corpus
    with pytest.raises(DamagedStore) as error:
        corpus.article("a1")
    assert "Article a1 is damaged" in explained(error)
    assert corpus.article("a2").damage is None
    assert "a1" not in corpus.articles(["a1", "a2"])
    assert "a2" in corpus.articles(["a1", "a2"])
    store.close()


@pytest.mark.parametrize("column", ["body", "raw", "documents"])
def test_bytes_that_are_not_compressed_text_are_an_error(written, column):
    change_stored(written, f"UPDATE articles SET {column} = x'00ff00ff' WHERE id = 'a1'")
    store = open_store(written)
    snapshot = store.snapshot()
    read = snapshot.engine.count if column == "documents" else snapshot.corpus.article
    with pytest.raises(DamagedStore, match="a1 is damaged"):
        read(Unit.ARTICLE if column == "documents" else "a1")
    store.close()


@pytest.mark.parametrize("value", ["x'00ff'", "(SELECT quotes FROM articles WHERE id = 'a2')", "substr(quotes, 1, 20)"])
def test_damaged_statements_leave_the_article_readable_and_are_told(written, value, caplog):
    change_stored(written, f"UPDATE articles SET quotes = {value} WHERE id = 'a1'")
    store = open_store(written)
    corpus = store.snapshot().corpus
    read = corpus.articles(["a1"], records=False)["a1"]
    assert read.article == an_article("a1", "version1 of it all").article
    assert read.quotes == ()
    assert "statements of article a1 are damaged" in caplog.text
    found = corpus.article("a1")
    assert found.article == an_article("a1", "version1 of it all").article
    assert found.quotes == ()
    assert "statements of article a1 are damaged" in found.damage
    store.close()


def test_a_library_without_its_state_is_explained(written):
    change_stored(written, "DELETE FROM state")
    store = open_store(written)
    with pytest.raises(DamagedStore, match="onrecord reindex --full"):
        store.snapshot()
    with pytest.raises(DamagedStore, match="onrecord reindex --full"), store.write():
        pass
    put_version(store, 2, full=True)
    assert version_of(store) == 2
    store.close()


def test_a_home_that_is_a_file_is_explained(tmp_path):
    (tmp_path / "file").write_text("x")
    for home in (tmp_path / "file", tmp_path / "file" / "library"):
        store = open_store(home)
        with pytest.raises(StoreError, match="is not a folder"), store.write():
            pass
        with pytest.raises(StoreError, match="is not a folder"):
            store.snapshot()


def as_somebody_else(home, work):
    """Runs `work` as a user without rights on the folder, in a child process; its words, or what it raised."""
    said = home.parent / "said"
    said.touch()
    said.chmod(0o666)

    def run():
        if os.getuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        try:
            words = str(work())
        except StoreError as error:
            words = f"{type(error).__name__}: {error}"
        said.write_text(words)

    os.waitpid(in_a_child(run), 0)
    return said.read_text()


@contextmanager
def read_only_folder(written):
    for folder in written.parents:
        if folder.stat().st_uid == os.getuid() and folder not in (Path("/"), Path("/tmp"), Path("/dev/shm")):
            folder.chmod(folder.stat().st_mode | stat.S_IXOTH | stat.S_IROTH)
    for path in (*written.rglob("*"), written):
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield
    for path in (written, *written.rglob("*")):
        path.chmod(0o755)


@pytest.fixture
def read_only(written):
    with read_only_folder(written):
        yield written


def test_a_folder_that_cannot_be_written_is_read(read_only):
    assert as_somebody_else(read_only, lambda: read_everything(read_only)) == "None"


def test_a_folder_that_cannot_be_written_is_explained_to_a_writer(read_only):
    words = as_somebody_else(read_only, lambda: put_version(open_store(read_only), 2))
    assert "permissions" in words
    assert words.startswith("StoreError")


def test_a_folder_that_cannot_be_read_is_explained(read_only):
    read_only.chmod(0o000)
    assert "permissions" in as_somebody_else(read_only, lambda: open_store(read_only).snapshot())


def test_a_damaged_cache_of_attribution_counts_as_empty(home):
    store = open_store(home)
    put_articles(store, [an_article("a")])
    cache = store.cache()
    cache.put(a_text("hash"), 1, ())
    store.close()
    path = home / "attribution.sqlite"
    for damage in (b"nonsense" * 5000, b""):
        path.write_bytes(damage)
        cache = open_store(home).cache()
        assert cache.get(a_text("hash"), 1) is None
        cache.put(a_text("hash"), 1, ())
        assert cache.get(a_text("hash"), 1) == ()
        cache.close()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE quotes SET quotes = x'00'")
    connection.commit()
    connection.close()
    assert open_store(home).cache().get(a_text("hash"), 1) is None


def test_a_library_without_a_pointer_is_empty(written):
    (written / "current").unlink()
    with pytest.raises(EmptyLibrary):
        read_everything(written)


@pytest.mark.parametrize("written_instead", [b"short", b"twelve bytesand what was never packed"])
def test_damaged_earlier_versions_leave_the_article_as_it_is(written, written_instead):
    store = open_store(written)
    put_articles(store, [an_article("a", revisions=(Revision(content_hash="one", replaced=datetime.now(UTC)),))])
    store.close()
    change_stored(written, "UPDATE histories SET revisions = ?", written_instead)
    found = open_store(written).snapshot().corpus.article("a")
    assert (found.revisions, found.damage) == ((), None)
