import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import SourceError
from index.ingest.files import Files
from index.ingest.jsonfiles import records_of_file
from index.ingest.records import ArticleRecord

NOON = datetime(2024, 3, 5, 12, tzinfo=UTC)
BODY = "<section><p>The ferry stops on Monday.</p><p>“We tried,” said Ada Roe.</p></section>"
ITEM = {
    "uri": "urn:newsml:norrin.example:20240305:ferry",
    "standard": {"name": "ninjs", "version": "3.0"},
    "type": "text",
    "pubStatus": "usable",
    "language": "en-GB",
    "firstCreated": "2024-03-05T08:00:00+01:00",
    "versionCreated": "2024-03-05T10:00:00+01:00",
    "headlines": [{"role": "short", "value": "Ferry"}, {"role": "main", "value": "Ferry to stop"}],
    "bodies": [
        {"role": "plain", "contentType": "text/plain", "value": "The ferry stops."},
        {"role": "web", "contentType": "text/html", "value": BODY},
    ],
    "by": "By Nils Arden and Max Poe",
    "copyrightHolder": "Norrin News Agency",
}


def read(value):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return dict(records_of_file(data, where="file", now=NOON))


def a_page(text="The ferry of Harwick stops on Monday, said Ada Roe, who runs it, and nobody knows why it does."):
    return f"<html><body><article><h1>Ferry to stop</h1>{f'<p>{text}</p>' * 3}</article></body></html>"


def files(path):
    source = Files(path, clock=lambda: NOON)
    entries = list(source.read())
    found = {entry.item: entry for entry in entries if isinstance(entry.found, ArticleRecord)}
    return found, [entry.found.reason for entry in entries if isinstance(entry.found, SourceError)], source.notes


def test_a_ninjs_item_becomes_a_record():
    (record,) = read(ITEM).values()
    assert record.id == "urn:newsml:norrin.example:20240305:ferry"
    assert record.text == "The ferry stops on Monday.\n“We tried,” said Ada Roe."
    assert (record.title, record.outlet) == ("Ferry to stop", "Norrin News Agency")
    assert record.authors == ("Nils Arden", "Max Poe")
    assert (record.published, record.language, record.url) == ("2024-03-05T07:00:00Z", "en", None)


def test_versions_one_and_two_are_read_too():
    first = {
        "uri": "http://norrin.example/1",
        "headline": "Ferry to stop",
        "body_text": "The ferry stops.",
        "byline": "Ada Roe",
    }
    (record,) = read(first).values()
    assert (record.title, record.text, record.url) == ("Ferry to stop", "The ferry stops.", "http://norrin.example/1")
    second = {
        "uri": "u",
        "pubstatus": "canceled",
        "headlines": [{"value": "Ferry"}],
        "bodies": [{"contenttype": "text/plain", "value": "Gone."}],
        "infosources": [{"name": "Norrin"}],
    }
    (record,) = read(second).values()
    assert (record.withdrawn, record.outlet, record.text) == ("Its publisher canceled it.", "Norrin", "Gone.")


def test_an_item_that_was_canceled_needs_no_body():
    (record,) = read({**ITEM, "bodies": [], "pubStatus": "canceled"}).values()
    assert (record.text, record.withdrawn) == ("Ferry to stop", "Its publisher canceled it.")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"pubStatus": "withheld"}, "withholds"),
        ({"embargoedUntil": "2024-03-05T14:00:00+01:00"}, "embargoed until 5 March 2024, 14:00"),
        ({"embargoed": "2024-03-06T00:00:00Z"}, "embargoed until"),
    ],
)
def test_an_item_that_may_not_be_published_yet_is_not_read(given, reason):
    (found,) = read(ITEM | given).values()
    assert reason in found.reason
    assert isinstance(next(iter(read(ITEM | {"embargoedUntil": "2024-03-05T11:00:00Z"}).values())), ArticleRecord)
    assert isinstance(next(iter(read(ITEM | {"embargoedUntil": "soon"}).values())), ArticleRecord)


def test_the_parts_of_an_item_are_items():
    part = ITEM | {"uri": "u2", "headlines": [{"value": "A part"}]}
    package = {
        "uri": "u1",
        "type": "composite",
        "headlines": [{"value": "Package"}],
        "associations": [part, {"uri": "p"}],
    }
    assert list(read(package)) == ["u2"]
    assert list(read(package | {"associations": {"main": part}})) == ["u2"]
    assert list(read({"items": [ITEM, part]})) == [ITEM["uri"], "u2"]


def test_json_ld_and_plain_records_are_read():
    article = {
        "@type": "NewsArticle",
        "headline": "Ferry",
        "articleBody": "The ferry stops.",
        "url": "https://a.example/f",
    }
    assert [record.title for record in read([article, article | {"headline": "Other"}]).values()] == ["Ferry", "Other"]
    assert read(article | {"isAccessibleForFree": False}) == {}
    assert list(read([{"id": "a", "text": "One."}, {"id": "a", "text": "Two."}, {"text": "Three."}])) == [
        "a",
        "a~2",
        "3",
    ]
    assert isinstance(next(iter(read({"text": " "}).values())), SourceError)


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        3,
        None,
        "x",
        {"name": "package", "version": "1"},
        {"uri": "u"},
        {"uri": "u", "type": "event", "headlines": []},
    ],
)
def test_other_json_holds_no_articles(value):
    assert read(value) == {}


@pytest.mark.parametrize("data", [b"{", b"[" * 100_000, b"9" * 5_000, b"\x89PNG\r\n\x1a\n\0\0"])
def test_what_is_no_json_is_said_so(data):
    with pytest.raises(SourceError):
        read(data)


def test_a_folder_of_items_and_saved_pages_is_read(tmp_path):
    (tmp_path / "ferry.json").write_text(json.dumps(ITEM))
    (tmp_path / "package.json").write_text('{"name": "app"}')
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "page.html").write_text("<!-- saved from url=(0026)https://a.example/2024/03/04/x -->" + a_page())
    (tmp_path / "second.htm").write_text("<!--\n Page saved\n url: https://b.example/y \n-->" + a_page())
    (tmp_path / "menu.html").write_text("<html><body><nav>Home</nav></body></html>")
    (tmp_path / "page_files").mkdir()
    (tmp_path / "page_files" / "advert.html").write_text(a_page())
    found, failed, notes = files(tmp_path)
    assert sorted(found) == [f"ferry.json:{ITEM['uri']}", "page.html", "second.htm"]
    page = found["page.html"]
    assert (page.article_id, page.found.url, page.found.published) == (
        "page",
        "https://a.example/2024/03/04/x",
        "2024-03-04",
    )
    assert found["second.htm"].found.url == "https://b.example/y"
    assert len(failed) == 2
    assert notes == [f"{tmp_path}: 1 files of other kinds were left out (.json)."]
    assert Files(tmp_path).count() == 7


def test_a_file_without_an_article_is_refused_when_it_is_named(tmp_path):
    path = tmp_path / "package.json"
    path.write_text('{"name": "app"}')
    with pytest.raises(SourceError, match="holds no article"):
        files(path)
    path.write_text("")
    assert files(path)[1] == ["the file is empty"]


def test_a_list_of_records_in_a_file_gives_ids_by_their_place(tmp_path):
    path = tmp_path / "news.json"
    path.write_text(json.dumps([{"text": "One."}, {"id": "b", "text": "Two."}]))
    assert [entry.article_id for entry in files(path)[0].values()] == ["news:1", "b"]


NAMES = st.sampled_from([*ITEM, "associations", "value", "items", "text"])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_no_value_breaks_it(value):
    for given_value in (value, ITEM | {"bodies": value, "by": value, "headlines": value, "embargoed": value}):
        for found in read(given_value).values():
            assert isinstance(found, ArticleRecord | SourceError)
