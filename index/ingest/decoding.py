"""Bytes to text: UTF-8, UTF-16 and UTF-32 by their marks, older encodings by their looks; no text, no guess."""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = re.compile(
    rb"%PDF-|PK\x03\x04|\x89PNG|GIF8|\xff\xd8\xff|\x1f\x8b|\x7fELF|SQLite format|Rar!|7z\xbc\xaf|BZh|\{\\rtf"
)
_CONTROLS = bytes({*range(0x20)} - {*b"\t\n\v\f\r\x1b"})
_SAMPLE = 50_000  # bytes that are looked at
_LATIN = re.compile(r"Latin|Punctuation|Currency|Letterlike|Number|Symbol|Dingbat|Space|Control|Private|Emoticon|Arrow")


def marked_encoding(start: bytes) -> str | None:
    """The encoding that a byte order mark names, None without one."""
    return next((encoding for mark, encoding in _MARKS if start.startswith(mark)), None)


def decoded(data: bytes) -> str:
    """The text in the bytes, without a byte order mark; line breaks stay as they are.

    Raises:
        ValueError: one sentence why it is no text.
    """
    return decoded_and_told(data)[0]


def decoded_and_told(data: bytes) -> tuple[str, bool]:
    """The text as `decoded` gives it, and whether the bytes are that very text in UTF-8.

    Raises:
        ValueError: one sentence why it is no text.
    """
    if (encoding := marked_encoding(data)) is not None:
        text = data.decode(encoding, "replace")
        return text.removeprefix("\ufeff"), False
    sample = data[:_SAMPLE]
    if _MAGIC.match(data) or len(sample) - len(sample.translate(None, _CONTROLS)) > len(sample) / 50:
        raise ValueError("it is a binary file, not text")
    try:
        return data.decode("utf-8"), True
    except UnicodeDecodeError:
        pass
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if sum(character > "\x7f" for character in text) > 5 * broken:
        return text, False  # UTF-8 with a few bytes lost
    return data.decode(_older_encoding(sample), "replace"), False


def _older_encoding(sample: bytes) -> str:
    """Windows-1252, which Latin-1 is a part of, unless the sample reads well in another script."""
    import charset_normalizer  # noqa: PLC0415 -- most texts are UTF-8, and it takes 20 ms to load

    best = charset_normalizer.from_bytes(sample).best()
    if best is None or all(_LATIN.search(alphabet) for alphabet in best.alphabets):
        return "cp1252"
    return best.encoding
