import gzip
import io
import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.errors import SourceError
from index.ingest import files
from index.ingest.files import open_source
from index.ingest.jsonlines import MAX_LINE, json_lines
from index.ingest.records import ArticleRecord


def read(path):
    """The entries of a source by item, and the reasons of those that failed."""
    source = open_source(str(path))
    entries = list(source.read())
    found = {e.item: e for e in entries if isinstance(e.found, ArticleRecord)}
    failed = {e.item: e.found.reason for e in entries if isinstance(e.found, SourceError)}
    return found, failed, source.notes


def a_line(text="Ada Roe said so.", **fields) -> str:
    return json.dumps({"text": text, **fields}) + "\n"


@contextmanager
def an_ordinary_user():
    """Permissions bind nobody but an ordinary user."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder():
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    for path in folder.rglob("*"):
        path.chmod(0o755)
    shutil.rmtree(folder)


def test_a_text_file_is_one_article_named_after_it(tmp_path):
    raw = "Ferry to stop\r\n\r\nIt was cold.\r\n"
    (tmp_path / "ferry.txt").write_bytes(raw.encode())
    found, failed, _ = read(tmp_path / "ferry.txt")
    entry = found["ferry.txt"]
    assert entry.article_id == "ferry"
    assert entry.found == ArticleRecord(text=raw)
    assert not failed


def test_header_lines_give_what_is_known(tmp_path):
    header = (
        "Title: Ferry to stop\nOutlet: The Elmsworth Echo\nURL: https://example.org/ferry\nAuthors: Ada Roe and Ed Fo\n"
    )
    (tmp_path / "a.txt").write_text(
        header + "Published: 3 May 2021\nSection: News\nLanguage: en\n\nIt was cold: very.\n"
    )
    (record,) = [e.found for e in read(tmp_path / "a.txt")[0].values()]
    assert record == ArticleRecord(
        text="It was cold: very.\n",
        title="Ferry to stop",
        outlet="The Elmsworth Echo",
        url="https://example.org/ferry",
        authors=("Ada Roe", "Ed Fo"),
        published="2021-05-03",
        language="en",
    )


@pytest.mark.parametrize("text", ["Ferry: it stops\n\nIt was cold.", "Title: Ferry\nIt was cold.", "It was cold."])
def test_a_text_that_only_resembles_a_header_stays_whole(tmp_path, text):
    (tmp_path / "a.txt").write_text(text)
    assert read(tmp_path / "a.txt")[0]["a.txt"].found.text == text


def test_a_header_without_a_text_is_refused(tmp_path):
    (tmp_path / "a.txt").write_text("Title: Ferry\nOutlet:\n")
    assert read(tmp_path / "a.txt")[1] == {"a.txt": "its text is empty"}


def test_a_sidecar_gives_fields_and_a_header_overrides_it(tmp_path):
    (tmp_path / "a.txt").write_text("Title: Ferry\n\nIt was cold.")
    (tmp_path / "a.json").write_text('{"id": "f1", "title": "No", "outlet": "Echo", "text": "Not this."}')
    found, failed, notes = read(tmp_path)
    assert found["a.txt"].article_id == "f1"
    assert found["a.txt"].found == ArticleRecord(id="f1", text="It was cold.", title="Ferry", outlet="Echo")
    assert (failed, notes) == ({}, [])


@pytest.mark.parametrize("sidecar", ["[1]", "{", "[" * 100_000, "\0\0\0"])
def test_a_damaged_sidecar_is_left_out_with_a_note(tmp_path, sidecar):
    (tmp_path / "a.txt").write_text("It was cold.")
    (tmp_path / "a.json").write_text(sidecar)
    assert "a.json" in read(tmp_path)[0]["a.txt"].found.notes[0]


def test_a_line_of_json_is_one_article(tmp_path):
    (tmp_path / "news.jsonl").write_text(a_line(id="x", title="T", colour="red") + "\n  \n" + a_line())
    found, failed, _ = read(tmp_path / "news.jsonl")
    assert {item: e.article_id for item, e in found.items()} == {"news.jsonl:x": "x", "news.jsonl line 4": "news:4"}
    assert found["news.jsonl:x"].found == ArticleRecord(id="x", text="Ada Roe said so.", title="T")
    assert not failed


def test_packed_lines_are_read_as_plain_ones(tmp_path):
    (tmp_path / "news.jsonl.gz").write_bytes(gzip.compress(a_line().encode()))
    assert read(tmp_path / "news.jsonl.gz")[0]["news.jsonl.gz line 1"].article_id == "news:1"


def test_a_folder_is_read_in_the_order_of_names_without_what_is_hidden(tmp_path):
    for name in (
        "b.txt",
        "a/z.txt",
        "a/news.jsonl",
        ".hidden.txt",
        ".git/c.txt",
        "README.txt",
        "readme.md",
        "p.pdf",
        "q",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(a_line())
    found, failed, notes = read(tmp_path)
    assert [(item, e.article_id) for item, e in found.items()] == [
        ("b.txt", "b"),
        ("a/news.jsonl line 1", "a/news:1"),
        ("a/z.txt", "a/z"),
    ]
    assert not failed
    assert notes == [f"{tmp_path}: 2 files of other kinds were left out (.pdf, q)."]


def test_items_are_counted_before_reading_unless_that_takes_long(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("It was cold.")
    (tmp_path / "b.jsonl").write_text(a_line() * 3)
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress((a_line() * 2).encode()))
    (tmp_path / "p.pdf").touch()
    assert open_source(str(tmp_path)).count() == 6
    monkeypatch.setattr(files, "_COUNTED", 50)
    assert open_source(str(tmp_path)).count() is None
    (tmp_path / "c.jsonl.gz").write_bytes(b"not packed")
    assert open_source(str(tmp_path / "c.jsonl.gz")).count() is None


def test_an_empty_folder_is_told(tmp_path):
    kinds = ".txt, .md, .markdown, .jsonl, .jsonl.gz, .json, .html, .htm"
    assert read(tmp_path) == ({}, {}, [f"{tmp_path}: the folder holds no articles ({kinds})."])


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\n", "empty"),
        ("a.jsonl", b"", "empty"),
        ("a.jsonl.gz", gzip.compress(b""), "empty"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0", "binary"),
        ("a.jsonl", bytes(range(256)) * 9, "binary"),
        ("a.jsonl.gz", b"not packed at all", "not what gzip wrote"),
        ("a.txt", b"x" * 20_000_001, "at most 20 MB"),
    ],
)
def test_a_file_that_holds_no_article_is_told_and_the_others_are_read(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    (tmp_path / "good.txt").write_text("It was cold.")
    found, failed, _ = read(tmp_path)
    assert list(found) == ["good.txt"]
    assert words in failed[name]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"text": "It was', "cut short"),
        ('{"text": ', "cut short"),
        ("{text}", "not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"text": ' + "9" * 5000 + "}", "number too long"),
        ("\0\1\2", "binary"),
        ('{"title": "T"}', 'no "text"'),
        ("17", "not a record"),
        (f'{{"text": "{"x" * 6_000_000}"}}', "at most 5,000,000"),
    ],
)
def test_a_line_that_is_no_record_is_told_and_the_others_are_read(tmp_path, line, words):
    (tmp_path / "news.jsonl").write_text(a_line(id="1") + line + "\n" + a_line(id="3"))
    found, failed, _ = read(tmp_path)
    assert list(found) == ["news.jsonl:1", "news.jsonl:3"]
    assert words in failed["news.jsonl line 2"]


def test_50_mb_on_one_line_are_skipped_and_the_others_are_read(tmp_path):
    path = tmp_path / "news.jsonl"
    with path.open("w") as stream:
        stream.write(a_line(id="1") + '{"text": "')
        for _ in range(50):
            stream.write("x" * 1_000_000)
        stream.write('"}\n' + a_line(id="3"))
    found, failed, _ = read(path)
    assert list(found) == ["news.jsonl:1", "news.jsonl:3"]
    assert "longer than 24 MB" in failed["news.jsonl line 2"]


def test_a_packed_file_that_is_cut_short_gives_what_can_be_unpacked(tmp_path):
    packed = gzip.compress("".join(a_line(id=str(n), text=os.urandom(200).hex()) for n in range(500)).encode())
    (tmp_path / "news.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    found, failed, _ = read(tmp_path)
    assert len(found) > 100
    assert "cut short" in failed["news.jsonl.gz"]


def test_a_packed_bomb_is_left_early(tmp_path):
    with gzip.open(tmp_path / "news.jsonl.gz", "wb") as stream:
        for _ in range(130):
            stream.write(b" " * 1_000_000)
    _, failed, _ = read(tmp_path)
    assert "unpacks into more than" in failed["news.jsonl.gz"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1", "cp1252"])
def test_lines_in_other_encodings_are_read(tmp_path, encoding):
    line = '{"text": "Élodie a dit à tous qu\'elle était là."}\n'
    (tmp_path / "news.jsonl").write_bytes((line * 2).encode(encoding))
    found, failed, _ = read(tmp_path)
    assert [e.found.text[:6] for e in found.values()] == ["Élodie", "Élodie"]
    assert not failed


def test_what_may_not_be_read_is_told_and_the_rest_is_read(open_folder):
    for name in ("a.txt", "b.txt", "news.jsonl", "sub/c.txt"):
        (open_folder / name).parent.mkdir(exist_ok=True)
        (open_folder / name).write_text(a_line())
    (open_folder / "a.txt").chmod(0)
    (open_folder / "news.jsonl").chmod(0)
    (open_folder / "sub").chmod(0)
    with an_ordinary_user():
        found, failed, _ = read(open_folder)
    assert list(found) == ["b.txt"]
    assert set(failed) == {"a.txt", "news.jsonl", "sub/"}
    assert all("permission" in reason for reason in failed.values())


def test_a_folder_that_may_not_be_read_is_refused(open_folder):
    (open_folder / "sub").mkdir(mode=0)
    with an_ordinary_user(), pytest.raises(SourceError, match="permission"):
        read(open_folder / "sub")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nowhere", "no such file"),
        ("https://example.org/feed", "only files and folders"),
        ("", "not the name"),
        ("a\0b", "not the name"),
        ("/dev/null", "not a kind of file"),
        ("x" * 5000, "can't be read"),
    ],
)
def test_a_source_that_is_none_is_refused(name, words):
    with pytest.raises(SourceError, match=words):
        read(name)


def test_a_name_is_made_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert open_source("news.jsonl").name == str(tmp_path / "news.jsonl")


def test_an_entry_holds_what_stands_in_its_place(tmp_path):
    (tmp_path / "a.jsonl").write_text("{\n")
    (entry,) = open_source(str(tmp_path)).read()
    assert [entry.holds(i) for i in ("a.jsonl line 1", "a.jsonl:x", "a.jsonl", "a.jsonl.gz:x")] == [True] * 3 + [False]


def test_a_long_last_line_without_its_end_is_told():
    assert [line.reason for line in json_lines(io.BytesIO(b"x" * (MAX_LINE + 5)))] == [
        "the line is longer than 24 MB; one line holds one article"
    ]
