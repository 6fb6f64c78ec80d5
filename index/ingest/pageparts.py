"""What of a page's tree is not the article: what is marked as furniture, what isn't free to read, and bombs."""

import re
from collections.abc import Mapping
from typing import Any

from index.errors import SourceError

_MOST_ELEMENTS = 30_000  # of a page; a long one has 5,000
_FEW_ELEMENTS = 3_500
_MOST_DEPTH = 1_000_000  # of all its elements together; a long page's have 100,000
_MOST_SIBLINGS = 50_000_000  # squares of how many stand side by side; a long page's make 200,000
_MOST_ATTRIBUTES = 5_000_000  # squares of how many an element has; a long page's make 50,000
_FEW_ATTRIBUTES = 2_000  # of a whole page, whatever their squares
_SHORT = 128_000  # bytes of a page that are parsed within two seconds whatever they hold
_MOST_SELECTORS = 50
_SELECTOR = re.compile(r"^[\w-]*((?:[.#][\w-]+)+)$")
_NAME_IN_SELECTOR = re.compile(r"([.#])([\w-]+)")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LOOKS = ("b", "strong", "i", "em", "u", "font", "mark", "small", "big", "sub", "sup", "abbr", "wbr", "tt", "s", "ins")
_MARKED = re.compile(
    r"""
    (?:^|[\s_-])
    (?:ads?|advert\w*|ad-?slot\w*|sponsored|promo\w*|newsletter\w*|sign-?up|consent|cookies?|subscribe
        |share|share-tools|sharing|social|toolbar|breadcrumbs?|related\w*|trending|carousel|comments?
        |\w*caption|video|videos|video-resource\w*|audio|audio-module|podcast|player|tags?|topics?)
    (?=$|[\s_-])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MARKS = ("class", "id", "data-testid", "data-component")
_WITH_MARKS = " | ".join(f"//@{mark}/.." for mark in _MARKS)  # by attributes, of which there are fewer than elements
_LINKS = " | ".join(f"//{block}/a" for block in ("div", "article", "section", "main", "aside"))
_LONGEST_MARK = 1_000  # code points that are looked at
_MOST_MARKED = 600  # code points of a part that is left out for how it is marked; an article is longer
_DROPPED = ("script", "style", "noscript", "template", "iframe", "svg", "object", "embed")


def is_parsable(page: bytes) -> bool:
    """Whether making a page's tree takes time that its length explains: a tag of many attributes makes it square.

    They are counted by the same parser, which makes no tree for that.
    """
    from lxml import etree  # noqa: PLC0415

    if len(page) <= _SHORT:
        return True
    try:
        etree.fromstring(page, etree.HTMLParser(target=_Counting(), encoding="utf-8", no_network=True))
    except _TooMany:
        return False
    except (etree.XMLSyntaxError, ValueError):
        pass  # whoever makes the tree says so
    return True


class _TooMany(Exception):
    """A page has more than an article's page has."""


class _Counting:
    """Takes a page's tags as they are parsed, and ends it when they are too many."""

    def __init__(self) -> None:
        self._elements = self._attributes = 0

    def start(self, _tag: str, attributes: Mapping[str, str]) -> None:
        self._elements += 1
        self._attributes += len(attributes) ** 2
        if self._elements > _MOST_ELEMENTS or self._attributes > _MOST_ATTRIBUTES:
            raise _TooMany

    def close(self) -> None:
        return


def is_bearable(root: Any) -> bool:  # noqa: ANN401
    """Whether looking for the article takes time that the page's length explains: shapes can make it square."""
    from lxml import etree  # noqa: PLC0415

    few = root.xpath("count(//*)") <= _FEW_ELEMENTS  # no shape of so few is beyond the bounds
    if few and root.xpath("count(//@*)") <= _FEW_ATTRIBUTES:
        return True
    elements = depth = depths = siblings = attributes = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        elements += 1
        depths += depth
        siblings += len(element) ** 2
        attributes += len(element.attrib) ** 2
        if elements > _MOST_ELEMENTS or depths > _MOST_DEPTH or siblings > _MOST_SIBLINGS:
            return False
        if attributes > _MOST_ATTRIBUTES:
            return False
    return True


def simplify(root: Any) -> None:  # noqa: ANN401
    """Takes out what holds no words, and marks of bold and the like, which many pages use by the thousand."""
    from lxml import etree  # noqa: PLC0415

    for element in list(root.iter(*_DROPPED)):
        element.drop_tree()
    etree.strip_tags(root, *_LOOKS)
    for link in root.xpath(_LINKS):
        if _stands_alone(link):
            link.drop_tree()
    for element in root.xpath(_WITH_MARKS):
        if _is_marked(element):
            element.drop_tree()


def _stands_alone(link: Any) -> bool:  # noqa: ANN401
    """Whether a link stands among blocks rather than in a sentence."""
    parent = link.getparent()
    if parent is None:
        return False
    return not (parent.text or "").strip() and not any((child.tail or "").strip() for child in parent)


def _is_marked(element: Any) -> bool:  # noqa: ANN401
    """Whether a short part of the page is marked as something else than the article."""
    if element.getparent() is None or element.tag in {"html", "body", "head", "main", "article", "h1"}:
        return False
    if not _MARKED.search(" ".join(filter(None, map(element.get, _MARKS)))[:_LONGEST_MARK]):
        return False
    length = 0
    for text in element.itertext():
        length += len(text)
        if length > _MOST_MARKED:
            return False
    return next(element.iter("h1"), None) is None


def drop_closed(root: Any, selectors: tuple[str, ...], item: str) -> None:  # noqa: ANN401
    """Takes out the parts of a page that it names as not free, and those that it hides.

    Raises:
        SourceError: it names them in a way that isn't understood: better nothing than what was not for everybody.
    """
    wanted: list[list[tuple[str, str]]] = []
    parts = [part.strip() for selector in selectors for part in selector.split(",")]
    for one in dict.fromkeys(parts):
        match = _SELECTOR.match(one.split()[-1].split(">")[-1]) if one else None
        if match is None or len(wanted) >= _MOST_SELECTORS:
            raise SourceError(item, "what of its page is not free to read can't be told from the rest")
        wanted.append(_NAME_IN_SELECTOR.findall(match[1]))
    for element in list(root.iter()):
        names = {("#", element.get("id"))} | {(".", name) for name in element.get("class", "").split()}
        closed = any(names.issuperset(each) for each in wanted) or _HIDDEN.search(element.get("style", ""))
        if closed and element.getparent() is not None and element.tag != "body":
            element.drop_tree()
