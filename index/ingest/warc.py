"""Reads the pages in a web archive (WARC, as Common Crawl keeps news): streamed, resumed, known ones left unread."""

import io
import zlib
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from index.errors import SourceError
from index.ingest.extraction import MAX_PAGE, extract
from index.ingest.files import explained
from index.ingest.records import ArticleRecord
from index.ingest.sources import Entry
from index.ingest.web.urls import article_id, tidied

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

_MAX_RATIO = 200  # what an archive unpacks into; news packs ten to one
_UNSUSPICIOUS = 100_000_000  # bytes, below which the ratio is not looked at
_LONGEST_URL = 2_000
_PAGES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """A page in an archive.

    Attributes:
        offset: where its record begins in the file, in bytes: reading can begin there.
        item: its address and the digest of its bytes.
        data: what the server sent, unpacked; None for a page that is known already, or none that is read.
        charset: as the server named it.
    """

    offset: int
    item: str
    url: str
    data: bytes | None = None
    charset: str | None = None

    def record(self) -> ArticleRecord:
        """The article on the page.

        Raises:
            SourceError: there is none.
        """
        return extract(self.data or b"", self.url, charset=self.charset)


class Archive:
    """A web archive as a configured source.

    What it holds is taken in by `index.ingest.archives`, in many small changes, so that a large one can be resumed;
    nothing is gone because an archive doesn't hold it.

    Attributes:
        name: the absolute path.
    """

    kind = "archive"
    enumerable = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)
        self.notes: list[str] = []

    def check(self) -> None:
        try:
            self.path.open("rb").close()
        except OSError as error:
            raise SourceError(self.name, explained(error)) from error

    def count(self) -> int | None:
        return 0

    def covers(self, name: str) -> bool:
        return name == self.name

    def read(self) -> Iterator[Entry]:
        self.check()
        return iter(())

    def pages(self) -> Iterator[Archived]:
        """Yields all its pages, for those who share out the work on them.

        Raises:
            SourceError: it can't be read, or not to its end.
        """
        self.check()
        try:
            with self.path.open("rb") as stream:
                yield from pages(stream, size=self.path.stat().st_size)
        except ValueError as error:
            raise SourceError(self.name, str(error)) from error
        except OSError as error:
            raise SourceError(self.name, explained(error)) from error


def pages(stream: IO[bytes], *, size: int, start: int = 0, known: Container[int] = frozenset()) -> Iterator[Archived]:
    """Yields the pages that servers sent, in the archive's order.

    Args:
        stream: the file, seekable; gzip, Zstandard or unpacked, a member for each record.
        size: of the file, in bytes.
        start: where a record begins.
        known: hashes of the `item`s of pages that need not be read again; they are passed over unread.

    Raises:
        ValueError: one sentence why the archive can't be read on; what came before has been yielded.
        OSError: as reading the file raises.
    """
    from fastwarc.warc import ArchiveIterator, WarcRecordType  # noqa: PLC0415 -- only archives need it

    stream.seek(start)
    unpacked = 0
    wanted = WarcRecordType.response | WarcRecordType.resource
    records = iter(ArchiveIterator(stream, record_types=wanted, parse_http=False, max_content_length=None))
    while True:
        try:
            record = next(records)
        except StopIteration:
            return
        except OSError as error:
            if error.errno is not None:
                raise
            raise ValueError(f"it is damaged, or no archive ({error}); what stood before that was read") from error
        length = record.content_length
        unpacked += length
        if unpacked > _UNSUSPICIOUS and unpacked > _MAX_RATIO * size:
            raise ValueError(f"it unpacks into more than {_MAX_RATIO} times its size, which no news does; it was left")
        headers = record.headers
        url = (headers.get("WARC-Target-URI") or "").strip("<> ")
        digest = headers.get("WARC-Payload-Digest") or headers.get("WARC-Block-Digest") or f"length:{length}"
        item = f"{url} {digest[:80]}"
        offset = record.stream_pos
        if hash(item) in known or length > MAX_PAGE or not url.lower().startswith("http") or len(url) > _LONGEST_URL:
            yield Archived(offset=offset, item=item, url=url)
            continue
        try:
            data, charset = _payload(record)
        except (OSError, ValueError, zlib.error):
            data, charset = None, None
        yield Archived(offset=offset, item=item, url=url, data=data, charset=charset)


def entry_of(page: Archived) -> Entry | None:
    """The article on a page, None when it shows none."""
    try:
        record = page.record()
    except SourceError:
        return None
    if record.url is None:
        record = record.model_copy(update={"url": tidied(page.url)})
    return Entry(item=page.item, place=page.item, found=record, article_id=article_id(record.url or page.url))


def _payload(record: "WarcRecord") -> tuple[bytes | None, str | None]:
    """A page's bytes, and how its server says that they are encoded; None for what is no page."""
    if record.is_http:
        record.parse_http()
        if record.http_headers.status_code != 200:
            return None, None
        kind = (record.http_content_type or "text/html").lower()
        charset = record.http_charset
        packed = (record.http_headers.get("Content-Encoding") or "").lower()
        chunked = "chunked" in (record.http_headers.get("Transfer-Encoding") or "").lower()
    else:
        kind, charset, packed, chunked = (record.headers.get("Content-Type") or "").lower(), None, "", False
    if not kind.startswith(_PAGES):
        return None, None
    data = record.reader.read(MAX_PAGE + 1)
    if chunked:
        data = _unchunked(data)
    return _unpacked(data, packed), charset


def _unchunked(data: bytes) -> bytes:
    """The body of a chunked answer; what was unpacked already (as most archives have it) stays as it is."""
    head = data[:10].split(b"\r\n", 1)[0]
    if not head or head.strip(b"0123456789abcdefABCDEF"):
        return data
    from fastwarc.stream_io import ChunkedReader  # noqa: PLC0415

    return bytes(ChunkedReader(io.BytesIO(data)).read(MAX_PAGE + 1))


def _unpacked(data: bytes, packed: str) -> bytes:
    """The body without its compression, if it has any left; at most what a page may have."""
    if "gzip" in packed and data.startswith(b"\x1f\x8b"):
        return zlib.decompressobj(31).decompress(data, MAX_PAGE + 1)
    if "br" in packed and not data.lstrip().startswith(b"<"):
        from fastwarc.stream_io import BrotliReader  # noqa: PLC0415

        return bytes(BrotliReader(io.BytesIO(data)).read(MAX_PAGE + 1))
    return data
