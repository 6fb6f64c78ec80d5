"""Finds the article in a page: its own paragraphs, without the page around them and without what isn't free to read."""

import codecs
import logging
import re
from functools import cache
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from index.errors import SourceError
from index.ingest.decoding import decoded, marked_encoding
from index.ingest.jsonld import Described, described_by
from index.ingest.metatags import told_by_head
from index.ingest.records import MAX_TEXT, ArticleRecord, record_from

MAX_PAGE = 10_000_000  # bytes; a long page with its scripts has two million
_MOST_ELEMENTS = 60_000  # of a page; a long one has 5,000
_MOST_DEPTH = 1_000_000  # of all its elements together; a long page's have 100,000
_MOST_SIBLINGS = 50_000_000  # squares of how many stand side by side; a long page's make 200,000
_FEWEST_WORDS = 20  # of an article that doesn't say that it is one
_LOST = 0.6  # of the body that JSON-LD gives, below which the page's paragraphs were not found
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_HEAD = 4_096  # bytes in which a page says how it is encoded
_SELECTOR = re.compile(r"^[\w-]*((?:[.#][\w-]+)+)$")
_NAME_IN_SELECTOR = re.compile(r"([.#])([\w-]+)")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LOOKS = ("b", "strong", "i", "em", "u", "font", "mark", "small", "big", "sub", "sup", "abbr", "wbr", "tt", "s", "ins")
_DROPPED = ("script", "style", "noscript", "template", "iframe", "svg", "object", "embed")


def extract(page: bytes, url: str | None = None, *, charset: str | None = None) -> ArticleRecord:
    """The article in a page, a paragraph a line.

    What JSON-LD says of it goes before meta tags, and they before what the page looks like. What the page itself says
    is not free to read is left out, with a note.

    Args:
        page: HTML, as it came.
        url: where it came from; the address that the page gives for itself is kept where it is on the same site.
        charset: as the server named it.

    Raises:
        SourceError: too long, no HTML, or no article in it.
    """
    item = url or "the page"
    if len(page) > MAX_PAGE:
        raise SourceError(item, f"the page has {len(page) / 1e6:,.0f} MB; at most {MAX_PAGE / 1e6:,.0f} MB are read")
    try:
        text = _text(page, charset)
    except ValueError as error:
        raise SourceError(item, str(error)) from error
    described = described_by(text, url=url) or Described()
    root = _root(text)
    if root is None:
        raise SourceError(item, "it is not a page that can be read")
    if not _is_bearable(root):
        raise SourceError(item, "its page has more parts, or deeper ones, than any article's page has")
    told = told_by_head(root, url=url)
    _simplify(root)
    if described.free is False:
        _drop_closed(root, described.closed, item)
    body = _body(root)
    if len(body) < _LOST * len(described.text):
        body = described.text
    if len(body.split()) < _FEWEST_WORDS and (described.title is None or not body):
        raise SourceError(item, "no article was found on the page")
    return _record({**told, **described.fields()}, body[:MAX_TEXT], url, item, free=described.free)


def _record(fields: dict[str, Any], text: str, url: str | None, item: str, *, free: bool | None) -> ArticleRecord:
    fields["url"] = _own(fields.get("url"), url)
    record = record_from({**fields, "text": text}, item=item)
    if free is False:
        note = "it is not free to read as a whole; what its page shows openly was kept"
        record = record.model_copy(update={"notes": (*record.notes, note)})
    return record


def _own(given: object, url: str | None) -> str | None:
    """The address that a page gives for itself, where it came from when that is another site, or none."""
    if url is None or not isinstance(given, str):
        return given if isinstance(given, str) else url
    return given if _site(given) == _site(url) else url


def _site(url: str) -> str:
    try:
        return re.sub(r"^(?:www|m|amp|mobile|edition)\.", "", (urlsplit(url).hostname or "").lower())
    except ValueError:
        return ""


# ---------------------------------------------------------------------------------------------------------------
# From bytes to a tree


def _text(page: bytes, charset: str | None) -> str:
    """The page's characters: by its mark, by what the server or the page says, or by their looks."""
    declared = _CHARSET.search(page[:_HEAD])
    for name in (charset, declared[1].decode("ascii", "replace") if declared else None):
        if name is None or marked_encoding(page[:4]):
            continue
        try:
            encoding = codecs.lookup(name.strip("\"' ")).name
        except (LookupError, ValueError):
            continue
        if encoding in {"utf-8", "ascii", "iso8859-1"}:
            break  # what those claim to be is often another; looks tell
        try:
            return page.decode(encoding)
        except (ValueError, LookupError):
            continue
    return decoded(page)


def _root(text: str) -> Any:  # noqa: ANN401 -- lxml ships no types
    from lxml import etree, html  # noqa: PLC0415 -- heavy, and only pages need it

    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.document_fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return root if root.find("body") is not None else None


def _is_bearable(root: Any) -> bool:  # noqa: ANN401
    """Whether looking for the article takes time that the page's length explains: shapes can make it square."""
    from lxml import etree  # noqa: PLC0415

    elements = depth = depths = siblings = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        elements += 1
        depths += depth
        siblings += len(element) ** 2
        if elements > _MOST_ELEMENTS or depths > _MOST_DEPTH or siblings > _MOST_SIBLINGS:
            return False
    return True


def _simplify(root: Any) -> None:  # noqa: ANN401
    """Takes out what holds no words, and marks of bold and the like, which many pages use by the thousand."""
    from lxml import etree  # noqa: PLC0415

    for element in list(root.iter(*_DROPPED)):
        element.drop_tree()
    etree.strip_tags(root, *_LOOKS)


def _drop_closed(root: Any, selectors: tuple[str, ...], item: str) -> None:  # noqa: ANN401
    """Takes out the parts of a page that it names as not free, and those that it hides.

    Raises:
        SourceError: it names them in a way that isn't understood: better nothing than what was not for everybody.
    """
    wanted: list[list[tuple[str, str]]] = []
    for one in (part.strip() for selector in selectors for part in selector.split(",")):
        match = _SELECTOR.match(one.split()[-1].split(">")[-1]) if one else None
        if match is None:
            raise SourceError(item, "what of its page is not free to read can't be told from the rest")
        wanted.append(_NAME_IN_SELECTOR.findall(match[1]))
    for element in list(root.iter()):
        names = {("#", element.get("id"))} | {(".", name) for name in element.get("class", "").split()}
        closed = any(names.issuperset(each) for each in wanted) or _HIDDEN.search(element.get("style", ""))
        if closed and element.getparent() is not None and element.tag != "body":
            element.drop_tree()


# ---------------------------------------------------------------------------------------------------------------
# From a tree to paragraphs


def _body(root: Any) -> str:  # noqa: ANN401
    library = _trafilatura()
    try:
        found = library.bare_extraction(root, include_comments=False, include_tables=False, include_images=False)
    except Exception as error:  # noqa: BLE001 -- whatever a page makes a large library raise, the page alone is lost
        logging.getLogger(__name__).info("A page can't be read: %r", error)
        return ""
    return str(getattr(found, "text", None) or "")


@cache
def _trafilatura() -> ModuleType:
    import trafilatura  # noqa: PLC0415 -- 0.2 s, and only pages need it

    logging.getLogger("trafilatura").setLevel(logging.ERROR)  # it warns of each page without an article, as we do
    return trafilatura
