"""One address for one article: without what tells who followed a link, and the same for its mobile and AMP forms."""

import hashlib
import re
from urllib.parse import SplitResult, quote, urljoin, urlsplit

_TRACKING = re.compile(
    r"(?:utm_|at_|mtm_|pk_|hsa_|icid|ncid|cmp(?:id)?$|fbclid$|gclid$|dclid$|msclkid$|yclid$|twclid$|igshid$|"
    r"mc_[ce]id$|_hs(?:enc|mi)$|_ga$|_gl$|ocid$|smid$|smtyp$|sr_share$|xtor$|ito$|rss$|ftcamp$|wt\.|guce|"
    r"ref_?(?:src|url)?$|source$|src$|partner$|campaign_?id$|emci$|emdi$|ceid$|__twitter_impression$|spm$|soc_|taid$)",
    re.IGNORECASE,
)
_AMP_QUERY = re.compile(r"(?:amp|output(?:type)?=amp|amp=.*|m=1|mobile=1)$", re.IGNORECASE)
_AMP_CACHE = re.compile(r"^/[a-z]/(s/)?(?P<rest>[^/]+\.[^/]+/.*)$")
_OTHER_FACE = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")
_AMP_PATH = re.compile(r"(?:/amp(?=/|$))|(?:\.amp(?=\.html?$|$))", re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}


def tidied(url: str, base: str | None = None) -> str | None:
    """The address in its usual form, without fragment and without tracking; None for what is no web address.

    Args:
        url: as a page or feed has it.
        base: where it stands, for one that is relative.
    """
    try:
        joined = urljoin(base, url.strip()) if base else url.strip()
        parts = urlsplit(joined.replace("\t", "").replace("\n", "").replace("\r", ""))
        host, port = _host(parts), parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not host or len(joined) > 2_000:
        return None
    if host.endswith("cdn.ampproject.org") and (cached := _AMP_CACHE.match(parts.path)):
        return tidied(f"https://{cached['rest']}{f'?{parts.query}' if parts.query else ''}")
    at = f"[{host}]" if ":" in host else host
    at += f":{port}" if port not in {None, _DEFAULT_PORTS[scheme]} else ""
    path = quote(_undotted(parts.path) or "/", safe="/%:@!$&'()*+,;=~-._")
    query = "&".join(_kept(parts.query, _TRACKING))
    return f"{scheme}://{at}{path}{f'?{quote(query, safe=_QUERY_SAFE)}' if query else ''}"


_QUERY_SAFE = "/%:@!$&'()*+,;=~-._?[]"


def identity(url: str) -> str:
    """What is the same for all addresses of one article: host and path, and what of the query names an article."""
    parts = urlsplit(tidied(url) or "")
    if not parts.hostname:
        return url.strip()
    host = _OTHER_FACE.sub("", parts.hostname) + (f":{parts.port}" if parts.port else "")
    path = re.sub(r"/+", "/", _AMP_PATH.sub("", parts.path)).rstrip("/")
    path = re.sub(r"/index\.(?:html?|php)$", "", path)
    query = "&".join(sorted(_kept(parts.query, _AMP_QUERY)))
    return f"{host}{path}{f'?{query}' if query else ''}"


def same_site(url: str, other: str) -> bool:
    """Whether two addresses are of one host, its mobile and AMP faces included."""
    hosts = [_OTHER_FACE.sub("", urlsplit(one).hostname or "") for one in (url, other)]
    return bool(hosts[0]) and hosts[0] == hosts[1]


def article_id(url: str) -> str:
    """The id of the article at an address: its host, for people, and a digest of its identity."""
    known = identity(url)
    host = re.sub(r"[^\w.-]", "-", known.partition("/")[0].partition("?")[0])[:60].strip(".-")
    return f"{host or 'web'}-{hashlib.blake2b(known.encode('utf-8', 'replace'), digest_size=8).hexdigest()}"


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".").lower()
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        raise ValueError(host) from None


def _undotted(path: str) -> str:
    return urljoin("http://a", path).removeprefix("http://a") if "/." in path else path


def _kept(query: str, dropped: re.Pattern[str]) -> list[str]:
    """The parts of a query without those that are dropped by name; of `_AMP_QUERY`, by name and value."""
    return [
        part
        for part in query.split("&")
        if part and not dropped.match(part if dropped is _AMP_QUERY else part.partition("=")[0])
    ]
