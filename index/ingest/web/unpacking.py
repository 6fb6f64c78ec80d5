"""Unpacks what a server sends while it comes in, within a bound on size, on ratio and on how often it is packed."""

import zlib
from typing import Any, Protocol

_UNSUSPICIOUS = 1_000_000  # unpacked bytes that any ratio may have
_MAX_RATIO = 200
_MOST_CODINGS = 2
_STEP = 1 << 16
_GZIP, _ZLIB, _RAW = 31, 15, -15


class TooMuch(ValueError):
    """More than may be read."""


class Unpacker:
    """Takes what comes in piece by piece, and holds what it unpacks into.

    Args:
        coding: the header Content-Encoding; empty for none.
        most: unpacked bytes at most.

    Raises:
        ValueError: a coding that isn't known, or too many.
    """

    def __init__(self, coding: str, *, most: int) -> None:
        names = [name for name in (part.strip().lower() for part in coding.split(",")) if name not in {"", "identity"}]
        if len(names) > _MOST_CODINGS:
            raise ValueError(f"it is packed {len(names)} times over")
        self._decoders = [_decoder(name) for name in reversed(names)]
        self._most = most
        self._in = 0
        self._out = bytearray()

    @property
    def so_far(self) -> bytearray:
        """What came out until now."""
        return self._out

    def feed(self, data: bytes) -> None:
        """Takes the next bytes.

        Raises:
            TooMuch: more comes out than may, or than any text gives.
            ValueError: they are not what the coding makes.
        """
        self._in += len(data)
        self._pass(data, 0)

    def finish(self) -> bytes:
        """All that came out.

        Raises:
            ValueError: it ends too early.
        """
        if self._in and any(not decoder.ended for decoder in self._decoders):
            raise ValueError("it ends before it is whole")
        return bytes(self._out)

    def _pass(self, data: bytes, level: int) -> None:
        if level < len(self._decoders):
            for piece in self._decoders[level].pieces(data):
                self._pass(piece, level + 1)
            return
        self._out += data
        if len(self._out) > self._most:
            raise TooMuch(f"it is larger than {self._most / 1e6:,.0f} MB")
        if self._decoders and len(self._out) > max(_UNSUSPICIOUS, _MAX_RATIO * self._in):
            raise TooMuch(f"it unpacks into more than {_MAX_RATIO} times its size, which no text does")


def unpacked(data: bytes, *, most: int) -> bytes:
    """A file that may be a gzip file, unpacked.

    Raises:
        ValueError: as `Unpacker` does.
    """
    unpacker = Unpacker("gzip" if data[:2] == b"\x1f\x8b" else "", most=most)
    unpacker.feed(data)
    return unpacker.finish()


# ---------------------------------------------------------------------------------------------------------------
# Decoders: each gives pieces of at most a step


class _Decoder(Protocol):
    ended: bool

    def pieces(self, data: bytes) -> Any: ...  # noqa: ANN401 -- an iterator of bytes


class _Zlib:
    """gzip, of several members too, and deflate with or without zlib's header."""

    def __init__(self, *, gzip: bool) -> None:
        self.ended = False
        self._gzip = gzip
        self._first = True
        self._made = zlib.decompressobj(_GZIP if gzip else _ZLIB)

    def pieces(self, data: bytes) -> Any:  # noqa: ANN401
        while data:
            if self.ended:
                if not self._gzip or not data.strip(b"\0"):
                    return  # padding
                self._made, self.ended = zlib.decompressobj(_GZIP), False
            yield self._step(data)
            while self._made.unconsumed_tail:
                yield self._step(self._made.unconsumed_tail)
            self.ended = self._made.eof
            data = self._made.unused_data

    def _step(self, data: bytes) -> bytes:
        try:
            found = self._made.decompress(data, _STEP)
        except zlib.error as error:
            if self._gzip or not self._first:
                raise ValueError("it is not packed as it says") from error
            self._made = zlib.decompressobj(_RAW)
            self._first = False
            return self._step(data)
        self._first = False
        return found


class _Brotli:
    def __init__(self) -> None:
        import brotli  # noqa: PLC0415 -- only where a server packs so

        self.ended = False
        self._error = brotli.error
        self._made = brotli.Decompressor()

    def pieces(self, data: bytes) -> Any:  # noqa: ANN401
        if self.ended:
            return
        try:
            while (piece := self._made.process(data, output_buffer_limit=_STEP)) or not (
                self._made.is_finished() or self._made.can_accept_more_data()
            ):
                yield piece
                data = b""
                if self._made.is_finished():
                    break
        except self._error as error:
            raise ValueError("it is not packed as it says") from error
        self.ended = self._made.is_finished()


def _decoder(name: str) -> _Decoder:
    match name:
        case "gzip" | "x-gzip":
            return _Zlib(gzip=True)
        case "deflate":
            return _Zlib(gzip=False)
        case "br":
            return _Brotli()
        case _:
            raise ValueError(f"it is packed in a way that isn't read ({name[:20]})")
