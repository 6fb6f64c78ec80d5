import asyncio
import socket

import pytest

from index.errors import SourceError
from index.ingest.web.addresses import is_public, refusal
from index.ingest.web.fetching import Fetcher
from tests.ingest.web.site import Site

CLOSED = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 127.1.2.3 127.255.255.254
169.254.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1
192.168.255.255 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1
255.255.255.255 168.63.129.16
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:7f00:1 ::ffff:0:127.0.0.1
64:ff9b::127.0.0.1 64:ff9b::a00:1 64:ff9b:1::1 100::1 2001::1 2001:db8::1 2001:10::1 2002:7f00:1::1
2002:a9fe:a9fe::1 2002:808:808::1 3fff::1 fc00::1 fd00:ec2::254 fdff::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff05::2
5f00::1 4000::1
""".split()
OPEN = "8.8.8.8 1.1.1.1 93.184.215.14 172.32.0.1 2606:4700::1111 2a00:1450:4001::200e ::ffff:8.8.8.8 64:ff9b::808:808"
ODD = """
2130706433 0x7f000001 0x7f.0.0.1 0177.0.0.1 017700000001 127.1 127.0.1 0 0x0 00000000 127.0.0.1. 0x7f.1 0177.1
3232235521 0xa9fea9fe 0251.0376.0251.0376 169.254.43518 localhost localhost. a.localhost LOCALHOST [::1]
[::ffff:127.0.0.1] [::] [0:0:0:0:0:ffff:7f00:1] [fe80::1] [64:ff9b::7f00:1] [2002:7f00:1::] ①②⑦.⓪.⓪.① 127。0。0。1
""".split()


def test_there_are_more_than_sixty_forms():
    assert len({*CLOSED, *ODD}) >= 60


@pytest.mark.parametrize("address", CLOSED)
def test_addresses_that_are_not_of_the_open_internet_are_told(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", OPEN.split())
def test_addresses_of_the_open_internet_are_told(address):
    assert is_public(address)


def test_what_is_no_address_is_not_public():
    assert not is_public("example.org")


async def fetched(url, **given):
    async with Fetcher(gap=0, **given) as fetcher:
        return await fetcher.fetch(url)


@pytest.mark.parametrize("host", [*ODD, *(f"[{one.partition('%')[0]}]" if ":" in one else one for one in CLOSED)])
async def test_no_form_of_a_private_address_is_connected_to(host, monkeypatch):
    connected = []
    monkeypatch.setattr(socket.socket, "connect", lambda *a: connected.append(a))

    async def connect(*a):
        connected.append(a)
        raise OSError("connected")

    monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", connect)
    with pytest.raises(SourceError):
        await fetched(f"http://{host}/")
    assert not connected


@pytest.mark.parametrize("address", CLOSED)
async def test_a_name_that_leads_to_a_private_address_is_not_connected_to(address, monkeypatch):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET

    async def connect(*_):
        raise AssertionError("connected")

    monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", connect)
    rows = [(family, socket.SOCK_STREAM, 6, "", (address, 80))]
    with pytest.raises(SourceError, match="open internet"):
        await fetched("http://news.example.org/", resolve=lambda *_: rows)


def test_the_address_connected_to_is_the_one_that_is_checked_whatever_a_name_led_to_before():
    fetcher = Fetcher()
    with pytest.raises(OSError, match="open internet"):
        fetcher._socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80)))
    with fetcher._socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 80))) as made:
        assert made.family == socket.AF_INET


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.1/",
        "http://10.0.0.1/",
        "http://[::1]/",
        "file:///etc/passwd",
        "gopher://x/",
        "http://169.254.169.254/latest/",
    ],
)
async def test_a_redirect_to_a_private_address_is_not_followed(to, monkeypatch):
    """The first hop is let through to the test's own site, so that the second is what is tested."""
    first = []

    def lenient(url, *, private=False):
        first.append(url)
        return None if len(first) == 1 else refusal(url, private=private)

    with Site() as site:
        url = site.put("/", status=302, headers={"Location": to})
        monkeypatch.setattr("index.ingest.web.fetching.refusal", lenient)
        async with Fetcher(gap=0) as fetcher:
            fetcher._client.connector._socket_factory = lambda info: socket.socket(info[0], info[1], info[2])
            fetcher._hosts.allows = _everything
            with pytest.raises(SourceError, match=r"open internet|only addresses"):
                await fetcher.fetch(url)
    assert len(site.requests) == 1


async def _everything(*_):
    return True


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://example.org/", "http"),
        ("file:///etc/passwd", "http"),
        ("http://example.org:22/", "port 22"),
        ("http://example.org:99999/", "not an address"),
        ("http:///", "no host"),
        ("http://user:secret@example.org/", "password"),
        ("http://example.org/a b", "not an address"),
        ("http://intranet/", "full name"),
        ("http://[::1/", "not an address"),
        ("http://example.org/" + "a" * 2_000, "not an address"),
    ],
)
def test_what_is_not_fetched_says_why(url, words):
    assert words in refusal(url)


def test_ports_and_private_addresses_are_open_where_that_is_allowed():
    assert refusal("http://127.0.0.1:8080/", private=True) is None
    assert refusal("http://intranet:8080/", private=True) is None
    assert refusal("https://example.org:443/") is None
