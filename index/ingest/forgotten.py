"""What must stay forgotten, whatever the sources give again: articles, addresses, and who is quoted nowhere."""

import json
import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from index.model import Quote
from index.people import folded
from index.storage.base import Corpus

FORGOTTEN = "forgotten"  # the small value of the library that holds it, as JSON

_TRACKING = re.compile(r"(?:^|&)(?:utm_\w+|fbclid|gclid)=[^&]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What is kept of the forgotten, so that it stays so.

    Attributes:
        articles: ids.
        urls: addresses, as `address_of` writes them.
        speakers: names in full, folded.
        keys: of speakers within single articles that print no name in full.
    """

    articles: frozenset[str] = frozenset()
    urls: frozenset[str] = frozenset()
    speakers: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()

    @classmethod
    def of(cls, corpus: Corpus | None) -> "Forgotten":
        """What a library has forgotten; nothing where there is none."""
        written = corpus.meta(FORGOTTEN) if corpus else None
        if not written:
            return cls()
        lists = json.loads(written)
        return cls(**{name: frozenset(lists.get(name, ())) for name in ("articles", "urls", "speakers", "keys")})

    def and_also(self, other: "Forgotten") -> "Forgotten":
        """Both together."""
        return Forgotten(
            articles=self.articles | other.articles,
            urls=self.urls | other.urls,
            speakers=self.speakers | other.speakers,
            keys=self.keys | other.keys,
        )

    def as_json(self) -> str:
        """As the library keeps it."""
        lists = {"articles": self.articles, "urls": self.urls, "speakers": self.speakers, "keys": self.keys}
        return json.dumps({name: sorted(values) for name, values in lists.items()}, ensure_ascii=False)

    def holds(self, article_id: str, url: str | None) -> bool:
        """Whether an article is forgotten, by its id or by its address."""
        return article_id in self.articles or bool(url and self.urls and address_of(url) in self.urls)

    def without(self, quotes: tuple[Quote, ...]) -> tuple[Quote, ...]:
        """The statements without those of forgotten speakers; of a joint one the others are left."""
        if not (self.speakers or self.keys):
            return quotes
        left = []
        for quote in quotes:
            others = tuple(speaker for speaker in quote.speakers if not self.names(speaker.id, speaker.name))
            if len(others) == len(quote.speakers):
                left.append(quote)
            elif others:
                left.append(replace(quote, speaker=others[0], also=others[1:]))
        return tuple(left)

    def names(self, key: str, name: str) -> bool:
        """Whether a speaker is forgotten, by the key within an article or by name."""
        return key in self.keys or folded(name) in self.speakers


def address_of(url: str) -> str:
    """What is the same for all ways of writing an address: no scheme, no www., no fragment, no tracking."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return url.strip()
    query = _TRACKING.sub("", parts.query).lstrip("&")
    return f"{host}{parts.path.rstrip('/')}{f'?{query}' if query else ''}" or url.strip()
