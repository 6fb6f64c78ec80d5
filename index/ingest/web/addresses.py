"""Tells the addresses of the open internet from all others: where a name leads is looked at when it is connected to."""

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

PORTS = frozenset({80, 443})
_LONGEST_URL = 2_000
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\\<>\"`{}|^]")
_GLOBAL = IPv6Network("2000::/3")  # all that is given out so far
_NAT64 = IPv6Network("64:ff9b::/96")
_CLOSED = tuple(
    ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocols, and one cloud's metadata
        "192.88.99.0/24",  # relays of 6to4
        "168.63.129.16/32",  # one cloud's wire server, public by its looks alone
        "2001::/23",  # Teredo and other protocols
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: leads to any IPv4 address
        "3fff::/20",  # documentation
    )
)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet; False for what is no IP address."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif ip in _NAT64:
            ip = IPv4Address(int(ip) & 0xFFFFFFFF)
        elif ip not in _GLOBAL:
            return False
    closed = any(ip in network for network in _CLOSED if network.version == ip.version)
    return ip.is_global and not (closed or ip.is_multicast or ip.is_reserved)


def refusal(url: str, *, private: bool = False) -> str | None:
    """Why an address isn't fetched, None when it may be; where its name leads is not looked at yet.

    Args:
        url: as given, or as a page or a redirect names it.
        private: whether addresses of networks of one's own, and any port, are allowed.
    """
    if len(url) > _LONGEST_URL or _FORBIDDEN.search(url):
        return "it is not an address that can be fetched"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "it is not an address that can be fetched"
    if parts.scheme.lower() not in {"http", "https"}:
        return "only addresses that start with http:// or https:// are fetched"
    if not host:
        return "the address names no host"
    if parts.username is not None or parts.password is not None:
        return "addresses with a user's name or password in them are not fetched"
    return None if private else _refused(parts, host, port)


def _refused(parts: SplitResult, host: str, port: int | None) -> str | None:
    if port is not None and port not in PORTS:
        return f"port {port} is not fetched from, only 80 and 443; ONRECORD_ALLOW_PRIVATE_ADDRESSES=true lifts that"
    numeric = ":" in host or re.fullmatch(r"(?:0x[0-9a-f]*|[0-9.])+\.?", host.lower()) is not None
    if (numeric and not is_public(host)) or host.rstrip(".").lower().rpartition(".")[2] == "localhost":
        return private_words(host)
    return None if "." in host or ":" in host else f"{parts.hostname} is not the full name of a host"


def private_words(host: str) -> str:
    """Why a host isn't connected to."""
    return (
        f"{host} is not on the open internet, so it is not fetched; "
        "for an intranet set ONRECORD_ALLOW_PRIVATE_ADDRESSES=true"
    )
