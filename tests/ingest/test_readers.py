import io
import json

import pytest

from index.errors import SourceError
from index.ingest.readers import read_source, read_stream, record_of
from tests.ingest.builders import a_record


def stream(data):
    return io.BufferedReader(io.BytesIO(data))


def test_a_source_gives_records_by_the_ids_they_would_be_stored_under(tmp_path):
    (tmp_path / "a.txt").write_text("It was cold.")
    (tmp_path / "b.jsonl").write_text('{"id": "x", "text": "It rained."}\n{"text": "It froze."}\n{\n')
    found = dict(read_source(str(tmp_path)))
    assert {name: found[name].text for name in ("a", "x", "b:2")} == {
        "a": "It was cold.",
        "x": "It rained.",
        "b:2": "It froze.",
    }
    assert isinstance(found["b.jsonl line 3"], SourceError)


def test_a_stream_of_json_lines_gives_its_records():
    found = list(
        read_stream(stream(b' {"text": "It rained."}\n\n{"text": 1}\n{"id": "x", "text": "It froze."}\n{"a\n'))
    )
    assert [name for name, _ in found] == ["1", "stdin, line 3", "x", "stdin, line 5"]
    assert isinstance(found[1][1], SourceError)
    assert isinstance(found[3][1], SourceError)


def test_a_stream_of_anything_else_is_one_article():
    assert list(read_stream(stream(b"Ferry to stop\n\nIt was cold."))) == [
        ("stdin", a_record("Ferry to stop\n\nIt was cold."))
    ]


@pytest.mark.parametrize("data", [b"", b"\x89PNG\0\0", b"{" + bytes(range(32)) * 9])
def test_a_stream_that_is_no_article_is_told(data):
    ((name, error),) = read_stream(stream(data))
    assert name.startswith("stdin")
    assert isinstance(error, SourceError)


def test_a_stored_record_reads_back():
    record = a_record(
        title="T", authors=["Ada"], published="2022-06-16T01:00:00Z", language="en", url="https://example.org"
    )
    assert record_of(record.model_dump_json(exclude_defaults=True)) == record
    with pytest.raises(ValueError, match="1 validation error"):
        record_of(json.dumps({"title": "T"}))
