"""A web site on the loopback, for tests: what each path answers is set, and every request is kept."""

import gzip
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

Respond = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Page:
    """What a path answers."""

    body: bytes = b""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    respond: Respond | None = None


class Site:
    """A server on a free port; use it as a context."""

    def __init__(self):
        self.pages: dict[str, Page] = {"/robots.txt": Page(status=404)}
        self.requests: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                site.requests.append((self.path, dict(self.headers)))
                page = site.pages.get(self.path, Page(status=404))
                if page.respond is not None:
                    self.close_connection = True
                    with suppress(BrokenPipeError, ConnectionResetError):
                        page.respond(self)
                    return
                etag = page.headers.get("ETag")
                known = etag and self.headers.get("If-None-Match") == etag
                self.send_response(304 if known else page.status)
                body = b"" if known else page.body
                for name, value in page.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", page.type)
                if not known:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def put(self, path, body="", **given):
        self.pages[path] = Page(body=body.encode() if isinstance(body, str) else body, **given)
        return self.address + path

    def feed(self, path, items, *, title="The Elm Echo", etag=None, **given):
        headers = {"ETag": etag} if etag else {}
        return self.put(path, rss(items, title=title), type="application/rss+xml", headers=headers, **given)

    def asked(self, path):
        return [headers for at, headers in self.requests if at == path]


def rss(items, title="The Elm Echo", more=""):
    """An RSS feed; an item is a mapping of element names to texts."""
    parts = [
        "<item>" + "".join(f"<{name}>{escape(text)}</{name}>" for name, text in item.items()) + "</item>"
        for item in items
    ]
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{title}</title><link>https://example.org/</link>{more}{''.join(parts)}</channel></rss>"
    )


SENTENCES = (
    "The council of Elmsworth met on Tuesday to speak about the old bridge over the river.",
    "“The bridge will be closed until the spring,” Mayor Ada Roe said after the meeting.",
    "Shopkeepers along the quay had asked for a shorter closure, and many came to listen.",
    "“We can't wait that long for our customers to come back,” said Max Poe, who sells boats.",
    "An engineer told the council that two of the piers had moved since the last survey.",
    "The work is going to cost four million crowns, most of which the county is to pay.",
)


def an_article(title="Bridge to close", more="", *, head="", n=""):
    """A page with an article in it."""
    paragraphs = "".join(f"<p>{sentence} {n}</p>" for sentence in (*SENTENCES, more) if sentence)
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title><meta property='og:type' content='article'>"
        f"<meta property='og:site_name' content='The Elm Echo'>{head}</head><body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>{title}</h1>{paragraphs}</article><footer>All rights reserved.</footer></body></html>"
    )


def a_full_text(n=0):
    """What a feed that carries whole articles has of one."""
    return "".join(f"<p>{sentence} ({n})</p>" for _ in range(3) for sentence in SENTENCES)


def http_date(at):
    return format_datetime(at, usegmt=True)


def slowly(handler, *, for_seconds=60.0):
    """A slow loris: a byte now and then."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    until = time.monotonic() + for_seconds
    while time.monotonic() < until:
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def packed(size):
    return gzip.compress(b"\0" * size, 9)
