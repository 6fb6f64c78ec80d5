"""The promise of the store: whatever happens to a writer, readers get the state before its change or after it."""

import os
import random
import shutil
import signal
import subprocess
import threading
import time
from contextlib import suppress

import pytest

from index.errors import EmptyLibrary, LibraryBusy, StoreError
from index.storage.records import Unit
from tests.storage.builders import an_article, put_articles
from tests.storage.stores import on_files


def put_version(store, version, *, full=False, articles=12):
    """A change after which every article says the same version."""
    return put_articles(
        store,
        [an_article(f"a{n}", f"version{version} of it all", item=str(version)) for n in range(articles)],
        full=full,
    )


def version_of(store, articles=12):
    """The one version that corpus and engine agree on; fails when they hold anything in between."""
    snapshot = store.snapshot()
    found = snapshot.corpus.articles(snapshot.corpus.article_ids())
    assert len(found) == articles
    (version,) = {stored.article.paragraphs[1].text.split()[0] for stored in found.values()}
    hits = snapshot.engine.search(Unit.PARAGRAPH, {version: 1.0}, boosts={"body": 1.0}, k=100)
    assert len(hits) == snapshot.engine.count(Unit.ARTICLE) == articles
    return int(version.removeprefix("version"))


#: Kills at named steps for each engine and kind of change, spread over all its steps; twice as many at random times.
CRASHES = int(os.environ.get("CRASHES", "4"))


def in_a_child(work):
    """Runs `work` in another process, which can be killed without harm to this one."""
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            work()
            os._exit(0)
        os._exit(1)
    return child


@on_files
@pytest.mark.parametrize("seed", range(max(2, CRASHES // 4)))
def test_killed_at_any_instant_the_library_answers_as_before_or_as_after(kept, home, seed):
    draw = random.Random(seed)
    start, done = 0, home.parent / "done"
    store = kept.open(home)
    put_version(store, 0)
    store.close()

    def change_for_ever():
        mine = kept.open(home)
        version = start
        while True:
            version += 1
            put_version(mine, version, full=version % 3 == 0)
            done.with_suffix(".new").write_text(str(version))
            done.with_suffix(".new").replace(done)

    for _ in range(8):
        child = in_a_child(change_for_ever)
        time.sleep(draw.uniform(0.0, 0.12))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        store = kept.open(home)
        version = version_of(store)
        committed = int(done.read_text()) if done.exists() else 0
        assert committed <= version <= max(committed, start) + 1
        start = version + 1
        put_version(store, start)  # the next writer finds the library free, and running again converges
        assert version_of(store) == start
        store.close()
        done.write_text(str(start))


def test_a_first_change_that_is_killed_leaves_an_empty_library_that_can_be_written(kept, home):
    def change():
        mine = kept.open(home)
        with mine.write() as writer:
            writer.set_meta("report", "lost")
            os.kill(os.getpid(), signal.SIGKILL)

    os.waitpid(in_a_child(change), 0)
    store = kept.open(home)
    with pytest.raises(EmptyLibrary):
        store.snapshot()
    put_version(store, 1)
    assert version_of(store) == 1
    store.close()


@on_files
def test_another_process_that_writes_makes_the_library_busy_until_it_ends(kept, home):
    store = kept.open(home)
    put_version(store, 1)
    ready, go = os.pipe()

    def hold():
        mine = kept.open(home)
        with mine.write():
            os.write(go, b"x")
            time.sleep(60)

    child = in_a_child(hold)
    os.read(ready, 1)
    with pytest.raises(LibraryBusy), store.write():
        pass
    assert version_of(store) == 1
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    put_version(store, 2)
    assert version_of(store) == 2
    store.close()


def test_many_threads_read_one_state_each_while_a_writer_changes_it(store):
    put_version(store, 0)
    stop, failures, seen = threading.Event(), [], set()

    def read():
        while not stop.is_set():
            try:
                seen.add(version_of(store))
            except BaseException as error:  # noqa: BLE001 -- told by the main thread
                failures.append(error)
                return

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for version in range(1, 9):
        put_version(store, version, full=version % 4 == 0)
    deadline = time.monotonic() + 60
    while 8 not in seen and not failures and time.monotonic() < deadline:
        time.sleep(0.01)
    stop.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert 8 in seen


def test_one_snapshot_serves_many_threads(store):
    put_version(store, 1)
    snapshot = store.snapshot()
    failures = []

    def read(number):
        try:
            for _ in range(30):
                assert len(snapshot.corpus.articles(snapshot.corpus.article_ids())) == 12
                assert snapshot.corpus.article(f"a{number}") is not None
                assert snapshot.engine.search(Unit.PARAGRAPH, {"version1": 1.0}, boosts={"body": 1.0})
        except BaseException as error:  # noqa: BLE001 -- told by the main thread
            failures.append(error)

    readers = [threading.Thread(target=read, args=(n,)) for n in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert failures == []


@on_files
@pytest.mark.parametrize("full", [False, True])
def test_a_full_disk_leaves_the_library_as_it_was(kept, home, full):
    """RLIMIT_FSIZE stands in for a small disk: the write fails in the same place, with an error in words."""
    store = kept.open(home)
    put_version(store, 1)
    said = home.parent / "said"

    def change():
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        size = max(path.stat().st_size for path in home.rglob("*") if path.is_file())
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100_000, size + 100_000))
        mine = kept.open(home)
        try:
            noise = random.Random(0)
            with mine.write(full=full) as writer:
                for n in range(400):
                    text = " ".join(noise.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=4000))
                    writer.put(an_article(f"b{n}", text, quotes=()), [])
                writer.commit()
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        except StoreError as error:
            os.write(os.open(said, os.O_CREAT | os.O_WRONLY), str(error).encode())

    os.waitpid(in_a_child(change), 0)
    assert "The disk that holds" in said.read_text()
    assert version_of(store) == 1
    put_version(store, 2, full=full)
    assert version_of(store) == 2
    store.close()


@pytest.fixture
def small_disk(tmp_path):
    """Four megabytes of disk, where one may be mounted."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", tmp_path], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("only a superuser can mount a small disk")
    yield tmp_path
    subprocess.run(["umount", "--lazy", tmp_path], check=True)


@on_files
@pytest.mark.parametrize("full", [False, True])
def test_a_disk_that_fills_up_at_any_point_leaves_the_library_as_it_was(kept, small_disk, full):
    store, noise = kept.open(small_disk / "library"), random.Random(0)
    put_version(store, 1)
    articles = [an_article(f"b{n}", " ".join(noise.choices("abcdefghij", k=3000)), quotes=()) for n in range(60)]
    outcomes = set()
    for kilobytes in (1, 60, 120, 200, 300, 450, 700, 2000):
        padding = small_disk / "padding"
        free = shutil.disk_usage(small_disk).free
        padding.write_bytes(b"x" * max(0, free - kilobytes * 1024))
        try:
            put_articles(store, articles, full=full)
        except StoreError as error:
            outcomes.add(str(error).replace(str(small_disk), "")[:40])
            assert version_of(store) == 1  # also for a reader that opens the library on the full disk
            other = kept.open(small_disk / "library")
            assert version_of(other) == 1
            other.close()
        else:
            outcomes.add("written")
            assert store.snapshot().corpus.coverage().articles == (60 if full else 72)
            break
        finally:
            padding.unlink()
        assert [words for _, well, words in store.verify() if not well] == []
    assert outcomes == {"The disk that holds /library is full: fr", "written"}
    store.close()
