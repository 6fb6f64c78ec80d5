"""Fetches one address: only from the open internet, politely, and within bounds that hold while it is read."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from index.errors import SourceError
from index.ingest.web.addresses import is_public, private_words, refusal
from index.ingest.web.manners import Hosts
from index.ingest.web.unpacking import TooMuch, Unpacker

MAX_BYTES = 10_000_000  # unpacked
_MOST_REDIRECTS = 5
_ROBOTS_BYTES = 500_000
_RESOLVERS = 16  # names that are looked up at once
_CHUNK = 1 << 16
_REDIRECTS, _PERMANENT = frozenset({301, 302, 303, 307, 308}), frozenset({301, 308})
_REST = frozenset({429, 503})
_NAME = "OnRecord"

Resolve = Callable[[str, int, int], Sequence[tuple[Any, ...]]]  # host, port and family to what getaddrinfo gives


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one fetch may take: seconds in all, to connect, and without a byte; bytes after unpacking."""

    seconds: float = 30.0
    connect: float = 10.0
    silence: float = 15.0
    most: int = MAX_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a server answered.

    Attributes:
        url: where it came from in the end.
        moved: the address that it has moved to for good; None when it hasn't.
        body: unpacked; empty for what is not 200.
        cut: whether there was more than was read.
        charset: as the server named it.
        wait_until: before which the host doesn't want to be asked again.
        fresh_for: seconds for which the server says that the answer stays as it is.
    """

    status: int
    url: str
    moved: str | None = None
    body: bytes = b""
    cut: bool = False
    type: str = ""
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    wait_until: datetime | None = None
    fresh_for: float = 0.0


class Fetcher:
    """A client for one event loop; use it as an asynchronous context.

    Args:
        contact: an address of whoever runs this, told to every host.
        private: whether addresses of networks of one's own are fetched too.
        clock: gives times in UTC.
        gap: seconds between two requests to one host, where not the usual ones.
        limits: what one fetch may take.
        resolve: looks up a name, as `socket.getaddrinfo` does.
    """

    def __init__(
        self,
        *,
        contact: str | None = None,
        private: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        gap: float | None = None,
        limits: Limits | None = None,
        resolve: Resolve | None = None,
    ) -> None:
        self._private = private
        self._limits = limits or Limits()
        self._agent = (
            f"{_NAME}/{version('onrecord')} ({f'+{contact}' if contact else 'a news index; no contact given'})"
        )
        self._hosts = Hosts(_NAME, clock=clock, gap=gap)
        self._resolve = resolve
        self._client: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._resolver = _Resolver(self._resolve or _looked_up, private=self._private)
        connector = aiohttp.TCPConnector(
            resolver=self._resolver,
            socket_factory=self._socket,
            limit=0,
            limit_per_host=4,
            ttl_dns_cache=60,
            keepalive_timeout=20.0,
        )
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=self._limits.connect, sock_read=self._limits.silence)
        self._client = aiohttp.ClientSession(
            connector=connector,
            timeout=timeout,
            auto_decompress=False,
            trust_env=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._agent, "Accept-Encoding": "gzip, deflate, br"},
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._client is not None:
            await self._client.close()

    async def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = "*/*",
        cut: bool = False,
        most: int | None = None,
    ) -> Fetched:
        """Fetches an address, over its redirects.

        Args:
            url: where.
            etag: of what is known already; the answer is 304 when that is still so.
            last_modified: as etag.
            accept: the header Accept.
            cut: whether to take the beginning of what is too long, instead of refusing it.
            most: bytes at most, when fewer than the limits say.

        Raises:
            SourceError: it can't be fetched, or may not be; the sentence says why.
        """
        headers = {"Accept": accept}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        most = min(most or self._limits.most, self._limits.most)
        return await self._followed(url, headers, cut=cut, most=most, robots=True)

    async def _followed(self, url: str, headers: Mapping[str, str], *, cut: bool, most: int, robots: bool) -> Fetched:
        at, moved, permanent = url, None, True
        for _ in range(_MOST_REDIRECTS + 1):
            if (why := refusal(at, private=self._private)) is not None:
                raise SourceError(url, why)
            if robots and not await self._hosts.allows(at, self._robots):
                raise SourceError(url, f"robots.txt of {urlsplit(at).hostname} asks not to read it")
            found = await self._once(url, at, headers, cut=cut, most=most)
            if isinstance(found, Fetched):
                return _with_move(found, moved)
            status, location = found
            at = urljoin(at, location)
            permanent = permanent and status in _PERMANENT
            moved = at if permanent else moved
        raise SourceError(url, f"it is redirected more than {_MOST_REDIRECTS} times")

    async def _robots(self, url: str) -> tuple[int, bytes]:
        found = await self._followed(url, {"Accept": "text/plain"}, cut=True, most=_ROBOTS_BYTES, robots=False)
        return found.status, found.body

    async def _once(
        self, item: str, url: str, headers: Mapping[str, str], *, cut: bool, most: int
    ) -> Fetched | tuple[int, str]:
        """One request: what was answered, or status and target of a redirect."""
        if self._client is None:
            raise RuntimeError("a Fetcher is used as a context")
        async with self._hosts.turn(url):
            try:
                async with (
                    asyncio.timeout(self._limits.seconds),
                    self._client.get(url, headers=headers, allow_redirects=False) as answer,
                ):
                    if answer.status in _REDIRECTS and (location := answer.headers.get("Location")):
                        return answer.status, location
                    return await self._read(item, url, answer, cut=cut, most=most)
            except TimeoutError as error:
                raise SourceError(item, f"it took longer than {self._limits.seconds:.0f} seconds") from error
            except (aiohttp.ClientError, OSError, ValueError, AssertionError) as error:
                raise SourceError(item, _in_words(error, urlsplit(url).hostname or url)) from error

    async def _read(self, item: str, url: str, answer: aiohttp.ClientResponse, *, cut: bool, most: int) -> Fetched:
        wait_until = None
        if answer.status in _REST:
            wait_until = self._hosts.told_to_wait(url, answer.headers.get("Retry-After"))
        body, short = b"", False
        if answer.status == 200:
            body, short = await _body(item, answer, cut=cut, most=most)
        return Fetched(
            status=answer.status,
            url=url,
            body=body,
            cut=short,
            type=answer.content_type or "",
            charset=_shortened(answer.charset),
            etag=_shortened(answer.headers.get("ETag")),
            last_modified=_shortened(answer.headers.get("Last-Modified")),
            wait_until=wait_until,
            fresh_for=_fresh_for(answer.headers.get("Cache-Control", "")),
        )

    def _socket(self, info: tuple[Any, ...]) -> socket.socket:
        """A socket for the very address that is about to be connected to, whatever a name led to before."""
        family, kind, protocol, _, address = info
        if not self._private and not is_public(str(address[0])):
            raise _Private(str(address[0]))
        return socket.socket(family=family, type=kind, proto=protocol)


class _Private(OSError):
    """An address that is not of the open internet."""

    def __init__(self, host: str) -> None:
        super().__init__(private_words(host))


class _Resolver(AbstractResolver):
    """Looks names up in threads of its own, so that a slow name server delays nobody else's work."""

    def __init__(self, resolve: Resolve, *, private: bool) -> None:
        self._resolve = resolve
        self._private = private
        self._threads = ThreadPoolExecutor(_RESOLVERS, thread_name_prefix="names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        rows = await loop.run_in_executor(self._threads, self._resolve, host, port, int(family))
        allowed = [row for row in rows if self._private or is_public(str(row[4][0]))]
        if rows and not allowed:
            raise _Private(host)
        return [
            ResolveResult(
                hostname=host,
                host=str(row[4][0]),
                port=port,
                family=row[0],
                proto=row[2],
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for row in allowed
        ]

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _looked_up(host: str, port: int, family: int) -> Sequence[tuple[Any, ...]]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG)


async def _body(item: str, answer: aiohttp.ClientResponse, *, cut: bool, most: int) -> tuple[bytes, bool]:
    """What was sent, unpacked, and whether there was more."""
    unpacker = Unpacker(answer.headers.get("Content-Encoding", ""), most=most)
    try:
        async for chunk in answer.content.iter_chunked(_CHUNK):
            unpacker.feed(chunk)
        return unpacker.finish(), False
    except TooMuch as error:
        if cut and len(unpacker.so_far) > most:
            return bytes(unpacker.so_far[:most]), True
        raise SourceError(item, str(error)) from error


def _with_move(found: Fetched, moved: str | None) -> Fetched:
    if moved is None or found.status not in {200, 304}:
        return found
    return replace(found, moved=moved)


def _shortened(header: str | None) -> str | None:
    return header if header and len(header) <= 300 and header.isprintable() else None


def _fresh_for(cache_control: str) -> float:
    for part in cache_control[:500].lower().split(","):
        name, _, value = part.strip().partition("=")
        if name == "max-age" and value.isascii() and value.isdigit():
            return float(value[:9])
    return 0.0


def _in_words(error: Exception, host: str) -> str:
    inner = getattr(error, "os_error", None) or error
    match error:
        case _ if isinstance(inner, _Private) or "not on the open internet" in str(inner):
            return private_words(host)
        case aiohttp.ClientConnectorDNSError():
            return f"no host of the name {host} was found"
        case aiohttp.ClientConnectorCertificateError() | ssl.SSLCertVerificationError():
            return f"the certificate of {host} can't be verified"
        case aiohttp.ClientSSLError():
            return f"{host} can't be connected to securely"
        case aiohttp.ServerTimeoutError():
            return f"{host} doesn't answer in time"
        case aiohttp.ClientConnectorError():
            return (
                f"{host} can't be connected to ({inner.strerror or inner})"
                if isinstance(inner, OSError)
                else str(inner)
            )
        case aiohttp.ClientPayloadError():
            return "its answer broke off"
        case aiohttp.ServerDisconnectedError() | ConnectionError():
            return f"{host} ended the connection without an answer"
        case aiohttp.InvalidURL():
            return "it is not an address that can be fetched"
        case aiohttp.ClientResponseError():
            return f"{host} doesn't answer as a web server does"
        case ValueError():
            return str(error) or "it can't be read"
        case _:
            return f"it can't be fetched ({type(error).__name__})"
