"""Names whose addresses change between two look-ups, on the fetcher's own connector, down to the connection itself."""

import asyncio
import socket

import pytest

from index.errors import SourceError
from index.ingest.web.fetching import Fetcher
from tests.ingest.web.site import Site

PUBLIC, OTHER = "93.184.215.14", "8.8.8.8"


class Internet:
    """A network where each public address leads to a site on the loopback; it keeps where was connected to."""

    def __init__(self, site, loop):
        self.connected = []
        self.unreachable = set()
        self._port = int(site.address.rpartition(":")[2])
        self._connect = loop.sock_connect

    async def sock_connect(self, made, address):
        self.connected.append(address[0])
        if address[0] in self.unreachable:
            raise ConnectionRefusedError(111, "Connection refused")
        await self._connect(made, ("127.0.0.1", self._port))


class Names:
    """A name server that gives each name its answers one after the other, and the last of them from then on."""

    def __init__(self, **answers):
        self.asked = []
        self._answers = {name.replace("_", "."): list(told) for name, told in answers.items()}

    def __call__(self, host, port, family):
        self.asked.append(host)
        told = self._answers[host]
        addresses = told.pop(0) if len(told) > 1 else told[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses.split()]


@pytest.fixture
def site():
    with Site() as made:
        made.put("/story", "<p>open</p>")
        made.put("/secret", "<p>secret</p>")
        yield made


@pytest.fixture
async def internet(site, monkeypatch):
    loop = asyncio.get_running_loop()
    made = Internet(site, loop)
    monkeypatch.setattr(loop, "sock_connect", made.sock_connect)
    return made


async def fetched(url, names):
    async with Fetcher(gap=0, resolve=names) as fetcher:
        return await fetcher.fetch(url)


async def test_the_answer_that_was_checked_is_the_one_connected_to_though_the_next_would_be_another(internet):
    names = Names(a_example_org=[PUBLIC, "127.0.0.1"])
    found = await fetched("http://a.example.org/story", names)
    assert found.body == b"<p>open</p>"
    assert names.asked == ["a.example.org"]
    assert set(internet.connected) == {PUBLIC}


async def test_a_name_that_has_come_to_lead_inside_is_not_connected_to_any_more(internet, site):
    names = Names(a_example_org=[PUBLIC, "169.254.169.254"])
    await fetched("http://a.example.org/story", names)
    before = len(site.requests), list(internet.connected)
    with pytest.raises(SourceError, match="open internet"):
        await fetched("http://a.example.org/story", names)
    assert (len(site.requests), internet.connected) == before


async def test_a_redirect_to_a_name_that_leads_inside_is_not_followed(internet, site):
    site.put("/go", status=302, headers={"Location": "http://b.example.org/secret"})
    names = Names(a_example_org=[PUBLIC], b_example_org=["10.0.0.7"])
    with pytest.raises(SourceError, match="open internet"):
        await fetched("http://a.example.org/go", names)
    assert set(internet.connected) == {PUBLIC}
    assert not site.asked("/secret")


async def test_a_redirect_to_the_same_name_once_it_leads_inside_reaches_only_what_was_checked(internet, site):
    site.put("/go", status=302, headers={"Location": "http://a.example.org/secret", "Connection": "close"})
    names = Names(a_example_org=[PUBLIC, "127.0.0.1"])
    await fetched("http://a.example.org/go", names)
    assert set(internet.connected) == {PUBLIC}


async def test_of_an_answer_with_both_only_the_public_address_is_connected_to(internet):
    await fetched("http://a.example.org/story", Names(a_example_org=[f"127.0.0.1 {PUBLIC} ::1"]))
    assert set(internet.connected) == {PUBLIC}


async def test_the_private_address_is_no_second_choice_when_the_public_one_does_not_answer(internet, site):
    internet.unreachable = {PUBLIC, OTHER}
    with pytest.raises(SourceError, match="can't be connected to"):
        await fetched("http://a.example.org/story", Names(a_example_org=[f"{PUBLIC} 192.168.1.1 {OTHER}"]))
    assert set(internet.connected) <= {PUBLIC, OTHER}
    assert not site.requests
