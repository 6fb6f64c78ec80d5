import gzip
import io
import json
from datetime import UTC, datetime

import pytest
from fastwarc.stream_io import BrotliWriter, ZstdWriter

from index.errors import NewsError, SourceError
from index.ingest import archives, warc
from index.ingest.archives import take_in
from index.ingest.files import open_source
from index.ingest.readers import read_source
from index.ingest.reindex import reindex
from index.ingest.warc import entry_of, pages
from index.storage import open_store
from tests.ingest.warcs import a_page, a_record, records

NOON = datetime(2024, 3, 6, 12, tzinfo=UTC)


def zst(data):
    packed = io.BytesIO()
    writer = ZstdWriter(packed)
    writer.write(data)
    writer.close()
    return packed.getvalue()


def read(data, **options):
    return list(pages(io.BytesIO(data), size=len(data), **options))


def packed(given):
    return b"".join(gzip.compress(one) for one in given)


@pytest.fixture
def library(tmp_path):
    store = open_store(tmp_path / "home")
    yield store
    store.close()


def ids(store):
    return list(store.snapshot().corpus.article_ids())


def test_pages_are_read_with_their_addresses_and_places():
    found = read(packed(records(3)))
    assert [page.url for page in found] == [f"https://a.example/{n}" for n in range(3)]
    assert found[0].offset == 0 < found[1].offset < found[2].offset
    assert found[1].data == a_page(1)
    record = found[1].record()
    assert record.title == "Ferry number 1 to stop"
    assert (entry_of(found[1]).found.url, entry_of(found[1]).found.text) == ("https://a.example/1", record.text)


@pytest.mark.parametrize("form", ["warc", "gz", "zst"])
def test_reading_goes_on_at_any_record(form):
    given = records(4)
    members = {
        "warc": list,
        "gz": lambda all_: [gzip.compress(one) for one in all_],
        "zst": lambda all_: [zst(one) for one in all_],
    }
    data = b"".join(members[form](given))
    places = [page.offset for page in read(data)]
    assert len(places) == 4
    assert [page.url for page in read(data, start=places[2])] == ["https://a.example/2", "https://a.example/3"]


def test_known_pages_are_passed_over_unread():
    data = packed(records(3))
    items = [page.item for page in read(data)]
    found = read(data, known={hash(items[0]), hash(items[2])})
    assert [page.data is None for page in found] == [True, False, True]
    changed = packed([a_record("https://a.example/0", a_page(0, said="It is warm"))])
    assert read(changed, known={hash(item) for item in items})[0].data is not None


@pytest.mark.parametrize(
    "options",
    [
        {"status": 404},
        {"kind": "request"},
        {"url": "dns:a.example"},
        {"url": "https://a.example/" + "x" * 3_000},
        {"http": "Content-Type: image/png\r\n"},
        {"body": b"x" * (warc.MAX_PAGE + 1)},
        {"kind": "resource", "body": b""},
    ],
)
def test_what_is_no_page_is_not_read(options):
    found = read(a_record(**options) + a_record("https://a.example/next"))
    assert [page.url for page in found if page.data and entry_of(page)][-1] == "https://a.example/next"
    assert sum(page.data is not None and entry_of(page) is not None for page in found) == (
        2 if "http" in options else 1
    )


def test_a_page_that_was_saved_without_its_answer_is_read():
    (found,) = read(a_record(kind="resource", digest=False))
    assert found.item.endswith(f"length:{len(a_page())}")
    assert found.record().title == "Ferry number 1 to stop"


def brotli(data):
    told = io.BytesIO()
    writer = BrotliWriter(told)
    writer.write(data)
    writer.close()
    return told.getvalue()


@pytest.mark.parametrize(
    ("http", "body"),
    [
        ("Content-Encoding: gzip\r\n", gzip.compress(a_page())),
        ("Content-Encoding: gzip\r\n", a_page()),
        ("Content-Encoding: br\r\n", a_page()),
        ("Content-Encoding: br\r\n", brotli(a_page())),
        ("Transfer-Encoding: chunked\r\n", f"{len(a_page()):x}\r\n".encode() + a_page() + b"\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\n", a_page()),
    ],
)
def test_bodies_are_unpacked_whether_the_archive_did_it_or_not(http, body):
    (found,) = read(a_record(body=body, http=http))
    assert found.record().title == "Ferry number 1 to stop"


def test_a_packed_body_that_is_a_bomb_or_broken_is_not_read_whole():
    (found,) = read(a_record(body=gzip.compress(b"<p>" + b" " * 50_000_000), http="Content-Encoding: gzip\r\n"))
    assert len(found.data) == warc.MAX_PAGE + 1
    assert entry_of(found) is None
    (found,) = read(a_record(body=b"\x1f\x8bbroken", http="Content-Encoding: gzip\r\n"))
    assert found.data is None


@pytest.mark.parametrize(
    "data",
    [
        b"junk" * 99,
        packed(records(2)) + b"junk" * 99,
        packed([records(1)[0] + b"\0" * 5_000_000]),
        gzip.compress(b"x" * 99),
    ],
)
def test_a_damaged_archive_is_read_up_to_where_it_is_well(data):
    found = []
    with pytest.raises(ValueError, match="damaged"):
        found.extend(pages(io.BytesIO(data), size=len(data)))
    stream = pages(io.BytesIO(data), size=len(data))
    if data.startswith(b"\x1f\x8b") and len(data) > 400:
        assert next(stream).data == a_page(0)


def test_an_archive_that_unpacks_into_far_too_much_is_left(monkeypatch):
    monkeypatch.setattr(warc, "_UNSUSPICIOUS", 1_000_000)
    data = packed([a_record(body=b" " * 3_000_000), *records(1)])
    with pytest.raises(ValueError, match="more than 200 times"):
        read(data)


def test_an_archive_is_taken_in_once(library, tmp_path):
    path = tmp_path / "news.warc.gz"
    path.write_bytes(packed([*records(3), a_record("https://a.example/menu", b"<html><body>Menu</body></html>")]))
    report = reindex(library, [str(path)], clock=lambda: NOON, processes=1)
    assert (report.added, report.articles, report.failures) == (3, 3, 0)
    assert report.notes == (f"{path}: 1 page showed no article.",)
    corpus = library.snapshot().corpus
    (state,) = corpus.sources()
    assert (state.kind, state.articles, state.last_error) == ("archive", 3, None)
    assert corpus.article(ids(library)[0]).quotes
    again = reindex(library, None, clock=lambda: NOON, processes=1)
    assert (again.added, again.changed, again.removed, again.articles) == (0, 0, 0, 3)


def test_an_archive_that_grew_adds_what_is_new(library, tmp_path):
    path = tmp_path / "news.warc"
    path.write_bytes(b"".join(records(3)))
    reindex(library, [str(path)], clock=lambda: NOON, processes=1)
    path.write_bytes(b"".join([*records(4), a_record("https://a.example/1", a_page(1, said="It is warm"))]))
    report = reindex(library, None, clock=lambda: NOON, processes=1)
    assert (report.added, report.changed, report.articles) == (1, 1, 4)
    path.unlink()
    report = reindex(library, None, clock=lambda: NOON, processes=1)
    assert report.failed == ((str(path), "there is no such file or folder"),)
    assert report.articles == 4
    assert [state.last_error for state in library.snapshot().corpus.sources()] == ["there is no such file or folder"]


def test_an_archive_that_is_back_is_read_on_and_well_again(library, tmp_path):
    path, away = tmp_path / "news.warc", tmp_path / "away"
    path.write_bytes(b"".join(records(3)))
    reindex(library, [str(path)], clock=lambda: NOON, processes=1)
    path.rename(away)
    reindex(library, None, clock=lambda: NOON, processes=1)
    away.rename(path)
    report = reindex(library, None, clock=lambda: NOON, processes=1)
    assert (report.added, report.failures, report.articles) == (0, 0, 3)
    assert [state.last_error for state in library.snapshot().corpus.sources()] == [None]


def test_an_archive_that_is_no_source_yet_and_is_not_there_is_refused(library, tmp_path):
    with pytest.raises(SourceError, match="no such file"):
        reindex(library, [str(tmp_path / "news.warc")], clock=lambda: NOON, processes=1)


def test_what_is_damaged_is_told_each_time(library, tmp_path):
    path = tmp_path / "news.warc.gz"
    path.write_bytes(packed(records(2)) + b"\x1f\x8b\x08\0 no gzip follows" * 40)
    for added in (2, 0):
        report = reindex(library, [str(path)], clock=lambda: NOON, processes=1)
        assert (report.added, report.failures) == (added, 1)
        (state,) = library.snapshot().corpus.sources()
        assert "damaged" in state.last_error


def test_archives_in_a_folder_are_read_with_it_wherever_they_lie(library, tmp_path):
    folder = tmp_path / "news"
    (folder / "2024" / ".old").mkdir(parents=True)
    (folder / "story.txt").write_text("Bridge to close\n\n“We close it,” Mayor Ada Roe said on Monday.\n")
    (folder / "a.warc.gz").write_bytes(packed(records(2)))
    (folder / "2024" / ".old" / "c.warc").write_bytes(b"".join(records(9)))
    report = reindex(library, [str(folder)], clock=lambda: NOON, processes=1)
    assert (report.added, report.failures, report.notes) == (3, 0, ())
    (folder / "2024" / "b.warc").write_bytes(b"".join(records(4)))
    for given in (None, [str(folder)]):
        report = reindex(library, given, clock=lambda: NOON, processes=1)
        assert (report.articles, report.removed, report.failures, report.notes) == (5, 0, 0, ())
    kinds = {state.name: state.kind for state in library.snapshot().corpus.sources()}
    assert kinds == {
        str(folder): "folder",
        str(folder / "a.warc.gz"): "archive",
        str(folder / "2024" / "b.warc"): "archive",
    }


def test_archives_in_the_folder_that_is_read_by_default_are_read_too(library, tmp_path):
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.warc").write_bytes(b"".join(records(2)))
    (tmp_path / "news" / "story.txt").write_text("Bridge to close\n\nIt closes.\n")
    report = reindex(library, None, defaults=[str(tmp_path / "news")], clock=lambda: NOON, processes=1)
    assert (report.added, report.articles) == (3, 3)


class Killed(BaseException):
    """What ends a process amid its work."""


@pytest.mark.parametrize("at", [1, 3, 5])
def test_killed_and_resumed_nothing_is_lost_or_doubled(library, tmp_path, monkeypatch, at):
    monkeypatch.setattr(archives, "_BATCH", 2)
    path = tmp_path / "news.warc.gz"
    path.write_bytes(packed(records(9)))
    looked_at = []

    def stepping(page):
        looked_at.append(page.url)
        if len(looked_at) == at:
            raise Killed
        return entry_of(page)

    monkeypatch.setattr(archives, "entry_of", stepping)
    with pytest.raises(Killed):
        take_in(library, open_source(str(path)), clock=lambda: NOON)
    first = list(looked_at)
    take_in(library, open_source(str(path)), clock=lambda: NOON)
    assert len(ids(library)) == 9
    assert len(looked_at) - len(first) <= 9 - (at - 1) // 2 * 2
    assert json.loads(library.snapshot().corpus.meta("archives"))[str(path)][2] is True


def test_an_interruption_is_told_and_keeps_what_was_read(library, tmp_path, monkeypatch):
    path = tmp_path / "news.warc.gz"
    path.write_bytes(packed(records(4)))
    monkeypatch.setattr(archives, "_BATCH", 2)

    def progress(told):
        raise KeyboardInterrupt

    with pytest.raises(NewsError, match="go on from there"):
        reindex(library, [str(path)], clock=lambda: NOON, progress=progress)
    assert len(ids(library)) == 2
    reindex(library, [str(path)], clock=lambda: NOON, processes=1)
    assert len(ids(library)) == 4


def test_a_damaged_archive_gives_what_is_well_and_says_so(library, tmp_path):
    path, folder = tmp_path / "news.warc.gz", tmp_path / "more"
    path.write_bytes(packed(records(2)) + b"junk" * 99)
    folder.mkdir()
    report = reindex(library, [str(path), str(folder)], clock=lambda: NOON, processes=1)
    assert (report.articles, report.failures) == (2, 1)
    assert "damaged" in report.failed[0][1]
    with pytest.raises(SourceError, match="no such file"):
        reindex(library, [str(tmp_path / "none.warc")], clock=lambda: NOON)


def test_the_place_survives_a_full_reindex_and_a_value_that_makes_no_sense(library, tmp_path):
    path = tmp_path / "news.warc.gz"
    path.write_bytes(packed(records(2)))
    reindex(library, [str(path)], clock=lambda: NOON, processes=1)
    reindex(library, None, full=True, clock=lambda: NOON, processes=1)
    assert (len(ids(library)), str(path) in library.snapshot().corpus.meta("archives")) == (2, True)
    with library.write() as writer:
        writer.set_meta("archives", '{"a": 3}')
        writer.commit()
    report = reindex(library, None, clock=lambda: NOON, processes=1)
    assert (report.added, report.changed, report.articles) == (0, 0, 2)


def test_an_archive_that_was_a_source_once_is_read_anew(library, tmp_path):
    path, other = tmp_path / "news.warc.gz", tmp_path / "other.txt"
    path.write_bytes(packed(records(2)))
    other.write_text("Harwick\n\nThe ferry stops, Ada Roe said.\n")
    reindex(library, [str(path)], clock=lambda: NOON, processes=1)
    report = reindex(library, [str(other)], clock=lambda: NOON, processes=1)
    assert (report.removed, ids(library)) == (2, ["other"])
    reindex(library, [str(path)], clock=lambda: NOON, processes=1)
    assert len(ids(library)) == 2


@pytest.mark.parametrize("lost", [False, True])
def test_an_archive_is_read_into_a_library_that_is_made_anew(library, tmp_path, lost):
    path = tmp_path / "news.warc.gz"
    path.write_bytes(packed(records(2)))
    if lost:
        reindex(library, [str(path)], clock=lambda: NOON, processes=1)
        library.close()
        corpus = next((tmp_path / "home").glob("g*/corpus.sqlite"))
        corpus.write_bytes(b"not what was written" * 999)
    store = open_store(tmp_path / "home")
    report = reindex(store, [str(path)], full=True, clock=lambda: NOON, processes=1)
    assert (report.added, report.articles, len(ids(store))) == (2, 2, 2)
    store.close()


def test_an_archive_is_not_read_as_a_file_of_articles(tmp_path):
    with pytest.raises(SourceError, match="taken in by onrecord reindex"):
        list(read_source(str(tmp_path / "news.warc.gz")))


def test_a_disk_that_fails_while_reading_is_told(library, tmp_path, monkeypatch):
    path = tmp_path / "news.warc.gz"
    path.write_bytes(packed(records(2)))

    def failing(*_, **__):
        yield from ()
        raise PermissionError

    monkeypatch.setattr(archives, "pages", failing)
    report = take_in(library, open_source(str(path)), clock=lambda: NOON)
    assert "permission" in report.failed[0][1]
