import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import SourceError
from index.ingest.web.adding import as_address
from index.ingest.web.feeds import is_feed, read_feed
from index.ingest.web.opml import read_opml, written_opml
from index.ingest.web.sitemaps import read_sitemap
from index.ingest.web.urls import article_id, identity, same_site, tidied
from index.ingest.web.withdrawal import withdrawal_in
from index.storage.records import SourceState
from tests.ingest.web.site import rss

AT = "https://example.org/feed"
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>The Elm Echo</title>
<link rel="self" href="/feed"/><link href="/"/>
<entry><id>urn:1</id><title type="html">Bridge &amp;amp; quay</title>
<link rel="enclosure" href="/sound.mp3" type="audio/mpeg"/>
<link href="/a?utm_source=x&amp;id=7"/>
<updated>2026-05-04T10:00:00Z</updated><published>2026-05-04T08:00:00Z</published>
<author><name>Ann Lee</name><email>a@b.c</email></author><author><name>Bo Ek</name></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Whole <b>text</b>.</p></div></content>
<source><title>The Wire</title></source></entry></feed>"""


def test_rss_is_read():
    item = {
        "title": "Bridge", "link": "/a", "guid": "g1", "pubDate": "Mon, 04 May 2026 08:00:00 GMT",
        "description": "Short.",
        "content:encoded": "<p>Whole.</p>", "author": "ann@example.org (Ann Lee)",
    }  # fmt: skip
    listing = read_feed(rss([item], more="<ttl>45</ttl><language>en-gb</language>").encode(), AT)
    assert (listing.title, listing.home, listing.language, listing.hint) == (
        "The Elm Echo",
        "https://example.org/",
        "en-gb",
        2700,
    )
    (found,) = listing.items
    assert (found.key, found.link, found.title, found.summary) == ("g1", "https://example.org/a", "Bridge", "Short.")
    assert (found.content, found.published, found.authors) == ("<p>Whole.</p>", item["pubDate"], ("Ann Lee",))


def test_atom_is_read():
    listing = read_feed(ATOM.encode(), AT)
    (found,) = listing.items
    assert (listing.title, listing.home) == ("The Elm Echo", "https://example.org/")
    assert (found.key, found.link, found.authors, found.outlet) == (
        "urn:1",
        "https://example.org/a?id=7",
        ("Ann Lee", "Bo Ek"),
        "The Wire",
    )
    assert (found.published, found.updated) == ("2026-05-04T08:00:00Z", "2026-05-04T10:00:00Z")
    assert "Whole" in found.content


def test_rss_1_is_read():
    data = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Old</title></channel>'
        "<item><title>Bridge</title><link>https://example.org/a</link>"
        "<dc:date>2026-05-04</dc:date><dc:creator>Ann Lee</dc:creator></item></rdf:RDF>"
    )
    (found,) = read_feed(data.encode(), AT).items
    assert (found.link, found.published, found.authors) == ("https://example.org/a", "2026-05-04", ("Ann Lee",))


def test_json_feed_is_read():
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": "The Elm Echo", "home_page_url": "https://example.org/",
        "items": [
            {"id": 1, "url": "/a", "title": "Bridge", "content_html": "<p>Whole.</p>",
             "date_published": "2026-05-04T08:00:00Z",
             "authors": [{"name": "Ann Lee"}, 7]},
            {"id": 1, "url": "/b"}, "rubbish", {},
        ],
    }  # fmt: skip
    data = json.dumps(feed).encode()
    listing = read_feed(data, AT)
    assert is_feed(data)
    assert [item.link for item in listing.items] == ["https://example.org/a"]
    assert listing.items[0].authors == ("Ann Lee",)


@pytest.mark.parametrize(
    ("text", "encoding", "title"),
    [
        (rss([{"title": "Café &nbsp;&eacute;t&eacute;", "guid": "1"}]).replace("&amp;", "&"), "utf-8", "Café \xa0été"),
        (rss([{"title": "Café", "guid": "1"}]).replace("UTF-8", "ISO-8859-1"), "latin-1", "Café"),
        (rss([{"title": "Café", "guid": "1"}]).replace('encoding="UTF-8"', ""), "utf-16", "Café"),
        (rss([{"title": "Café", "guid": "1"}]).replace("UTF-8", "no-such-encoding"), "utf-8", "Café"),
        ("\n\n" + rss([{"title": "A\x08B", "guid": "1"}]), "utf-8", "A B"),
        (rss([{"title": "Cut", "guid": "1"}, {"title": "Rest", "guid": "2"}])[:-60], "utf-8", "Cut"),
        (rss([{"title": "A &amp; B", "guid": "1"}]).replace("&amp;amp;", "&"), "utf-8", "A & B"),
    ],
)
def test_feeds_in_other_encodings_and_broken_ones_are_read_as_far_as_they_go(text, encoding, title):
    found = read_feed(text.encode(encoding), AT).items[0].title
    assert found == title


@pytest.mark.parametrize(
    "data", [b"", b"<html><body>No</body></html>", b"{}", b"[1]", b"{not json", b"\x89PNG\r\n\x1a\n", b"{" * 100_000]
)
def test_what_is_no_feed_says_so(data):
    with pytest.raises(ValueError, match=r"not a feed|JSON"):
        read_feed(data, AT)


def test_entities_are_not_expanded_and_nothing_is_loaded(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret words")
    laughs = "".join(
        f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" if n else "ha"}{("&l" + str(n - 1) + ";") * 9 if n else ""}">'
        for n in range(9)
    )
    dtd = f'<!DOCTYPE rss [{laughs}<!ENTITY file SYSTEM "file://{secret}">]>'
    data = rss([{"title": "T LAUGH FILE", "guid": "1"}]).replace("<rss", dtd + "<rss", 1)
    data = data.replace("LAUGH", "&l8;").replace("FILE", "&file;")
    began = time.process_time()
    (found,) = read_feed(data.encode(), AT).items
    assert time.process_time() - began < 5
    assert "haha" not in found.title
    assert "secret" not in found.title


def test_depth_and_number_are_bounded():
    deep = rss([]).replace("</channel>", "<a>" * 100_000 + "</channel>")
    assert read_feed(deep.encode(), AT).items == ()
    many = rss([{"title": "t", "guid": str(n)} for n in range(2_000)])
    listing = read_feed(many.encode(), AT)
    assert (len(listing.items), listing.left) == (500, 1_500)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 400))
def test_whatever_is_in_a_feed_it_is_read_or_refused(noise, at):
    for whole in (rss([{"title": "Bridge", "link": "/a", "guid": "1"}]).encode(), ATOM.encode()):
        try:
            read_feed(whole[:at] + noise + whole[at:], AT)
        except ValueError as error:
            assert str(error)  # noqa: PT017 -- either is well


def test_a_sitemap_without_news_gives_the_pages_that_changed_last():
    urls = "".join(f"<url><loc>/p{n}</loc><lastmod>2026-05-0{n}</lastmod></url>" for n in range(1, 4))
    listing = read_sitemap(f"<urlset>{urls}<url><loc>mailto:x</loc></url></urlset>".encode(), AT)
    assert [item.link for item in listing.items] == [f"https://example.org/p{n}" for n in (3, 2, 1)]
    with pytest.raises(ValueError, match="not a sitemap"):
        read_sitemap(b"<rss/>", AT)


def test_a_list_of_feeds_goes_out_and_comes_in():
    states = [
        SourceState(name="https://example.org/a?b=1&c=2", kind="feed", title='The "Elm" & Echo\n'),
        SourceState(name="https://example.org/old", kind="feed", address="https://example.org/new"),
        SourceState(name="/papers", kind="folder"),
    ]
    written = written_opml(states, title="Mine & yours")
    assert read_opml(written.encode()) == ["https://example.org/a?b=1&c=2", "https://example.org/new"]
    assert read_opml(b'<opml><outline xmlURL="feed://example.org/x"/></opml>') == ["http://example.org/x"]
    with pytest.raises(ValueError, match="lists no feed"):
        read_opml(b"<opml><body/></opml>")


@pytest.mark.parametrize(
    "other",
    """
    http://example.org/news/bridge
    https://www.example.org/news/bridge
    https://m.example.org/news/bridge/
    https://mobile.example.org/news/bridge
    https://amp.example.org/news/bridge
    https://example.org/news/bridge/amp
    https://example.org/news/bridge/amp/
    https://example.org/amp/news/bridge
    https://example.org/news/bridge?amp=1
    https://example.org/news/bridge?outputType=amp
    https://example.org:443/news/bridge
    HTTPS://EXAMPLE.ORG/news/bridge#part
    https://example.org/news/bridge?utm_source=a&utm_medium=b
    https://example.org/news/bridge?fbclid=x&gclid=y&mc_cid=z
    https://example.org/news/./x/../bridge
    https://example.org/news//bridge
    https://example.org/news/bridge/index.html
    https://www-example-org.cdn.ampproject.org/c/s/example.org/news/bridge
    """.split(),
)
def test_all_addresses_of_one_article_are_the_same(other):
    assert identity(other) == "example.org/news/bridge"
    assert article_id(other) == article_id("https://example.org/news/bridge")


def test_addresses_of_different_articles_differ():
    urls = [f"https://example.org/{path}" for path in ("a", "b", "a?id=1", "a?id=2", "A", "a/b", "a?p=1&q=2")]
    assert len({article_id(url) for url in urls}) == len(urls)
    assert identity("https://example.org/a?q=2&p=1") == identity("https://example.org/a?p=1&q=2")
    assert identity("no address") == "no address"
    assert article_id("no address").startswith("no-address-")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mailto:a@b.c",
        "http://",
        "http://[::1",
        "javascript:alert(1)",
        "http://ex ample.org:x/",
        "http://" + "é" * 300 + ".org/",
    ],
)
def test_what_is_no_web_address_is_none(url):
    assert tidied(url) is None


def test_addresses_are_put_in_their_usual_form():
    assert tidied("/a b?x=é", "https://EXAMPLE.org/") == "https://example.org/a%20b?x=%C3%A9"
    assert tidied("https://bücher.example/ä") == "https://xn--bcher-kva.example/%C3%A4"
    assert tidied("http://example.org:8080") == "http://example.org:8080/"
    assert same_site("https://www.example.org/a", "http://m.example.org/b")
    assert not same_site("https://example.org/", "https://example.com/")


def test_what_somebody_types_is_an_address_or_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "example.org").mkdir()
    assert as_address("example.com/news") == "https://example.com/news"
    assert as_address("feed://example.com/x") == "http://example.com/x"
    assert as_address("feed:https://example.com/x") == "https://example.com/x"
    assert [as_address(name) for name in ("example.org", "papers", "notes.txt", "/a/b", "")] == [None] * 5
    for broken in ("ftp://example.com/", "http://[bad"):
        with pytest.raises(SourceError):
            as_address(broken)


@pytest.mark.parametrize(
    ("title", "text", "found"),
    [
        ("Retracted: Bridge moved", "Text.", True),
        ("[WITHDRAWN] Bridge moved", "Text.", True),
        ("Bridge", "This story has been removed from our site.", True),
        ("Bridge", "First.\nEditor's note: this report was retracted on Monday.\nLast.", True),
        ("Bridge", "The editors have withdrawn this article.", True),
        ("Ambassador withdrawn from the talks", "“We have withdrawn,” she said. The story was told twice.", False),
        ("Company retracted its offer", "He said this article of faith was removed from the creed.", False),
        (None, "The statement was withdrawn.", False),
    ],
)
def test_that_an_article_was_taken_back_is_told_from_what_it_reports(title, text, found):
    assert (withdrawal_in(title, text) is not None) is found
