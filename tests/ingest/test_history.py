import json
from datetime import UTC, datetime, timedelta

import pytest

from index.ingest.reindex import reindex
from index.storage import open_store

NOON = datetime(2022, 6, 16, 12, tzinfo=UTC)
FERRY = "Ferry to stop\n\n“It is too cold,” Mayor Ida Brock said. “Nobody will row.”\n"


@pytest.fixture
def library(tmp_path):
    store = open_store(tmp_path / "home")
    yield store
    store.close()


def write_and_read(store, tmp_path, text, *, at, full=False, **fields):
    path = tmp_path / "news.jsonl"
    path.write_text(json.dumps({"id": "ferry", "text": text, **fields}) + "\n")
    reindex(store, [str(path)], clock=lambda: at, full=full)
    return store.snapshot().corpus.article("ferry")


def test_an_article_keeps_when_it_first_came_and_what_its_earlier_versions_said(library, tmp_path):
    first = write_and_read(library, tmp_path, FERRY, at=NOON)
    assert (first.stored, first.revisions) == (NOON, ())
    later = NOON + timedelta(hours=1)
    second = write_and_read(library, tmp_path, FERRY.replace("“Nobody will row.”", ""), at=later)
    assert second.stored == NOON
    (revision,) = second.revisions
    assert (revision.content_hash, revision.replaced) == (first.article.content_hash, later)
    assert any("Nobody will row" in words for words in revision.lost)
    assert not any(words.strip("“”,") == "It is too cold" for words in revision.lost)
    again = write_and_read(library, tmp_path, FERRY.replace("“Nobody will row.”", ""), at=later, full=True)
    assert (again.stored, again.revisions) == (NOON, second.revisions)


def test_another_address_is_no_other_version(library, tmp_path):
    write_and_read(library, tmp_path, FERRY, at=NOON, url="https://example.org/1")
    found = write_and_read(library, tmp_path, FERRY, at=NOON, url="https://example.org/2")
    assert (found.article.url, found.revisions) == ("https://example.org/2", ())


def test_at_most_twenty_versions_are_kept_and_the_oldest_go(library, tmp_path):
    for n in range(23):
        found = write_and_read(library, tmp_path, f"“It is {n} degrees,” Ida Brock said.", at=NOON)
    assert len(found.revisions) == 20
    assert "2 degrees" in found.revisions[0].lost[0]


def test_what_a_publisher_took_back_is_told_and_stays_so(library, tmp_path):
    assert write_and_read(library, tmp_path, FERRY, at=NOON).withdrawn is None
    words = "The Elmsworth Echo withdrew this article."
    assert write_and_read(library, tmp_path, FERRY, at=NOON, withdrawn=words).withdrawn == words
    (tmp_path / "news.jsonl").rename(tmp_path / "kept.jsonl")
    reindex(library, full=True)
    assert library.snapshot().corpus.article("ferry").withdrawn == words
