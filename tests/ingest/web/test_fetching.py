import gzip
import time
import zlib
from datetime import UTC, datetime, timedelta

import brotli
import pytest

from index.errors import SourceError
from index.ingest.web.fetching import Fetcher, Limits
from index.ingest.web.manners import waiting_until
from index.ingest.web.unpacking import Unpacker, unpacked
from tests.ingest.web.site import Site, packed, slowly

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def site():
    with Site() as made:
        yield made


async def fetched(url, *, limits=None, clock=lambda: NOW, **given):
    async with Fetcher(private=True, gap=0, limits=limits, clock=clock, contact="https://example.org/us") as fetcher:
        return await fetcher.fetch(url, **given)


async def test_a_page_comes_with_its_validators_and_we_say_who_we_are(site):
    url = site.put(
        "/a", "words", headers={"ETag": '"x"', "Last-Modified": "now", "Cache-Control": "public, max-age=60"}
    )
    found = await fetched(url)
    assert (found.status, found.body, found.etag, found.last_modified) == (200, b"words", '"x"', "now")
    assert (found.charset, found.type, found.fresh_for, found.moved) == ("utf-8", "text/html", 60.0, None)
    assert site.asked("/a")[0]["User-Agent"].startswith("OnRecord/")
    assert "https://example.org/us" in site.asked("/a")[0]["User-Agent"]


async def test_what_did_not_change_is_not_sent_again(site):
    url = site.put("/a", "words", headers={"ETag": '"x"'})
    found = await fetched(url, etag='"x"', last_modified="yesterday")
    assert (found.status, found.body) == (304, b"")
    assert site.asked("/a")[0]["If-Modified-Since"] == "yesterday"


async def test_a_move_for_good_is_told_and_one_for_now_is_not(site):
    site.put("/new", "words")
    for_good = site.put("/old", status=301, headers={"Location": "/new"})
    for_now = site.put("/then", status=302, headers={"Location": "/old"})
    first_good = site.put("/both", status=308, headers={"Location": "/then"})
    assert (await fetched(for_good)).moved == site.address + "/new"
    assert (await fetched(for_now)).moved is None
    assert (await fetched(first_good)).moved == site.address + "/then"


async def test_redirects_without_end_are_not_followed(site):
    url = site.put("/a", status=302, headers={"Location": "/a"})
    with pytest.raises(SourceError, match="redirected more than 5 times"):
        await fetched(url)


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("br", brotli.compress),
        ("gzip, br", lambda data: brotli.compress(gzip.compress(data))),
        ("identity", lambda data: data),
        ("x-gzip", lambda data: gzip.compress(data[:40]) + gzip.compress(data[40:])),
    ],
)
async def test_what_is_packed_is_unpacked(site, coding, pack):
    words = b"many words of a page, " * 5_000
    url = site.put("/a", pack(words), headers={"Content-Encoding": coding})
    assert (await fetched(url)).body == words


@pytest.mark.parametrize(
    ("coding", "body", "words"),
    [
        ("gzip", packed(30_000_000), "times its size"),
        ("br", brotli.compress(b"\0" * 30_000_000), "times its size"),
        ("gzip, gzip", gzip.compress(packed(30_000_000)), "times its size"),
        ("gzip, gzip, gzip", b"", "packed 3 times"),
        ("zstd", b"", "packed in a way"),
        ("gzip", b"not packed at all", "not packed as it says"),
        ("br", b"\xff" * 100, "not packed as it says"),
        ("gzip", gzip.compress(b"words" * 1000)[:-10], "before it is whole"),
    ],
)
async def test_bombs_and_broken_packing_end_at_once(site, coding, body, words):
    url = site.put("/a", body, headers={"Content-Encoding": coding})
    with pytest.raises(SourceError, match=words):
        await fetched(url)


async def test_what_is_too_long_is_refused_or_cut_as_wanted(site):
    url = site.put("/a", "x" * 300_000)
    with pytest.raises(SourceError, match="larger than"):
        await fetched(url, most=100_000)
    found = await fetched(url, most=100_000, cut=True)
    assert (len(found.body), found.cut) == (100_000, True)


async def test_a_slow_loris_is_left(site):
    site.pages["/a"] = type(site.pages["/robots.txt"])(respond=slowly)
    began = time.monotonic()
    with pytest.raises(SourceError, match="longer than"):
        await fetched(site.address + "/a", limits=Limits(seconds=0.5))
    assert time.monotonic() - began < 50  # it goes on for a minute


async def test_a_host_that_says_nothing_or_rubbish_is_told_in_words(site):
    page = type(site.pages["/robots.txt"])
    site.pages["/silent"] = page(respond=lambda handler: None)
    site.pages["/rubbish"] = page(respond=lambda handler: handler.wfile.write(b"\x00\xff rubbish\r\n\r\n"))
    site.pages["/headers"] = page(
        respond=lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\nA: " + b"x" * 100_000 + b"\r\n\r\n")
    )
    site.pages["/cut"] = page(
        respond=lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
    )
    for path, words in {
        "/silent": "without an answer",
        "/rubbish": "as a web server does",
        "/headers": "as a web server does",
        "/cut": "broke off",
    }.items():
        with pytest.raises(SourceError, match=words):
            await fetched(site.address + path)


async def test_a_host_that_is_not_there_is_told_in_words():
    with pytest.raises(SourceError, match="can't be connected to"):
        await fetched("http://127.0.0.1:9/")
    with pytest.raises(SourceError, match="no host of the name"):
        await fetched("http://nothing.invalid/")
    with pytest.raises(SourceError, match=r"not the full name|only addresses"):
        async with Fetcher() as fetcher:
            await fetcher.fetch("http://nothing/")


async def test_robots_txt_is_obeyed_and_read_once(site):
    site.put("/robots.txt", "User-agent: *\nDisallow: /closed\nCrawl-delay: 0.1\n", type="text/plain")
    site.put("/open", "words")
    async with Fetcher(private=True, gap=0, clock=lambda: NOW) as fetcher:
        with pytest.raises(SourceError, match="robots"):
            await fetcher.fetch(site.address + "/closed/a")
        assert (await fetcher.fetch(site.address + "/open")).status == 200
    assert len(site.asked("/robots.txt")) == 1
    assert not site.asked("/closed/a")


async def test_a_redirect_into_what_robots_txt_closes_is_not_followed(site):
    site.put("/robots.txt", "User-agent: OnRecord\nDisallow: /closed\n", type="text/plain")
    url = site.put("/open", status=301, headers={"Location": "/closed"})
    with pytest.raises(SourceError, match="robots"):
        await fetched(url)


async def test_while_robots_txt_can_not_be_served_nothing_is_read(site):
    site.put("/robots.txt", status=503)
    clock = [NOW]
    url = site.put("/a", "words")
    async with Fetcher(private=True, gap=0, clock=lambda: clock[0]) as fetcher:
        with pytest.raises(SourceError, match="robots"):
            await fetcher.fetch(url)
        site.put("/robots.txt", status=404)
        clock[0] += timedelta(hours=1)
        assert (await fetcher.fetch(url)).status == 200


async def test_a_host_that_wants_rest_gets_it(site):
    clock = [NOW]
    url = site.put("/a", status=429, headers={"Retry-After": "600"})
    async with Fetcher(private=True, gap=0, clock=lambda: clock[0]) as fetcher:
        found = await fetcher.fetch(url)
        assert (found.status, found.wait_until) == (429, NOW + timedelta(seconds=600))
        with pytest.raises(SourceError, match="asked us to wait until 2026-05-04 12:10"):
            await fetcher.fetch(url)
        clock[0] += timedelta(seconds=601)
        site.put("/a", "words")
        assert (await fetcher.fetch(url)).status == 200
    assert len(site.asked("/a")) == 2


@pytest.mark.parametrize(
    ("written", "until"),
    [
        ("60", NOW + timedelta(seconds=60)),
        ("99999999999", NOW + timedelta(days=1)),
        ("Mon, 04 May 2026 12:30:00 GMT", NOW + timedelta(minutes=30)),
        ("Mon, 04 May 2020 12:30:00 GMT", NOW),
        ("soon", None),
        ("²", None),
        (None, None),
    ],
)
def test_until_when_a_host_wants_rest(written, until):
    assert waiting_until(written, NOW) == until


async def test_two_requests_to_one_host_keep_their_distance(site):
    url = site.put("/a", "words")
    async with Fetcher(private=True, gap=0.2) as fetcher:
        began = time.monotonic()
        for _ in range(2):
            await fetcher.fetch(url)
    assert time.monotonic() - began >= 0.39  # robots.txt, and twice the page


def test_a_packed_file_is_unpacked_within_bounds():
    assert unpacked(b"plain", most=10) == b"plain"
    assert unpacked(gzip.compress(b"plain"), most=10) == b"plain"
    with pytest.raises(ValueError, match="times its size"):
        unpacked(packed(30_000_000), most=100_000_000)
    assert Unpacker("br", most=10).finish() == b""
