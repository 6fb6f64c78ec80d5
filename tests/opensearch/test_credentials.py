"""Who we say we are, and whom we trust: against a small server with TLS that checks what real ones check."""

import base64
import hashlib
import hmac
import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from index.errors import StoreError
from index.storage.opensearch.connection import Connection
from index.storage.opensearch.options import ClusterOptions

CERTIFICATE = Path(__file__).with_name(
    "loopback.pem"
)  # signed by itself, for 127.0.0.1, with a key that guards nothing
SECRET, REGION, SERVICE = "a secret that signs", "eu-west-1", "es"


class Guarded(BaseHTTPRequestHandler):
    """Answers those whom `server.lets_in` lets in."""

    def do_GET(self):
        self._answer()

    def do_POST(self):
        self._answer()

    def _answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        well = self.server.lets_in(self, body)
        told = {"version": {"number": "3.3.0"}, "hits": {"hits": []}} if well else {"error": "no", "status": 401}
        answer = json.dumps(told).encode()
        self.send_response(200 if well else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    made = ThreadingHTTPServer(("127.0.0.1", 0), Guarded)
    made.socket = context.wrap_socket(made.socket, server_side=True, do_handshake_on_connect=False)
    made.lets_in = lambda request, body: True
    running = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    running.start()
    yield made
    made.shutdown()
    running.join()
    made.server_close()


@pytest.fixture
def connect(server):
    made = []

    def connected(host="127.0.0.1", **options):
        given = {"ca": CERTIFICATE, "patience": 0.0} | options
        made.append(Connection(ClusterOptions(urls=(f"https://{host}:{server.server_port}",), **given)))
        return made[-1]

    yield connected
    for each in made:
        each.close()


def version(connection):
    with connection.reading() as client:
        return client.info()["version"]["number"]


def header_is(expected):
    return lambda request, body: request.headers.get("Authorization") == expected


def test_a_certificate_of_the_authority_that_is_named_is_trusted(connect):
    assert version(connect()) == "3.3.0"
    assert version(connect(host="localhost")) == "3.3.0"


def test_any_other_certificate_is_refused_in_words_unless_none_is_to_be_checked(connect):
    with pytest.raises(StoreError, match=r"can't be trusted: set ONRECORD_OPENSEARCH_CA"):
        version(connect(ca=None))
    assert version(connect(ca=None, verify=False)) == "3.3.0"


def test_a_user_and_a_password_go_along_and_wrong_ones_are_told(server, connect):
    server.lets_in = header_is("Basic " + base64.b64encode("onrecord:säcret:1".encode()).decode())
    assert version(connect(user="onrecord", password="säcret:1")) == "3.3.0"
    with pytest.raises(StoreError, match=r"refuses \(401\): check ONRECORD_OPENSEARCH_USER"):
        version(connect(user="onrecord", password="another"))
    with pytest.raises(StoreError, match=r"refuses \(401\)"):
        version(connect())


def test_a_key_goes_along_in_place_of_a_password(server, connect):
    server.lets_in = header_is("ApiKey a2V5OnNlY3JldA==")
    assert version(connect(api_key="a2V5OnNlY3JldA==", user="onrecord", password="not sent")) == "3.3.0"
    with pytest.raises(StoreError, match=r"refuses \(401\)"):
        version(connect(api_key="another"))


def test_requests_are_signed_so_that_whoever_shares_the_secret_finds_the_same_signature(server, connect, monkeypatch):
    pytest.importorskip("botocore", reason="signed requests need botocore, which most libraries do without")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    server.lets_in = is_signed
    connection = connect(aws_region=REGION)
    assert version(connection) == "3.3.0"
    with connection.reading() as client:
        found = client.search(
            index="a,b", body={"query": {"term": {"name": "Zoë & Co."}}}, params={"preference": "a/ö"}
        )
    assert found["hits"]["hits"] == []
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    with pytest.raises(StoreError, match=r"refuses \(401\)"):
        version(connect(aws_region=REGION))


def is_signed(request, body):
    """Whether the signature is what AWS's Signature Version 4 makes of the request as it arrived."""
    head = request.headers["Authorization"].removeprefix("AWS4-HMAC-SHA256 ")
    parts = dict(part.strip().split("=", 1) for part in head.split(","))
    key, day, region, service, end = parts["Credential"].split("/")
    if (key, region, service, end) != ("AKIDEXAMPLE", REGION, SERVICE, "aws4_request"):
        return False
    names = parts["SignedHeaders"].split(";")
    payload = hashlib.sha256(body).hexdigest()
    if "host" not in names or request.headers.get("X-Amz-Content-SHA256", payload) != payload:
        return False
    address = urlsplit(request.path)
    query = sorted(
        (quote(k, safe="~"), quote(v, safe="~")) for k, v in parse_qsl(address.query, keep_blank_values=True)
    )
    canonical = [
        request.command,
        quote(address.path or "/", safe="/~"),  # of all services but S3, what is escaped is escaped once more
        "&".join(f"{k}={v}" for k, v in query),
        *(f"{name}:{' '.join(request.headers[name].split())}" for name in names),
        "",
        ";".join(names),
        payload,
    ]
    moment = request.headers["X-Amz-Date"]
    scope = f"{day}/{region}/{service}/aws4_request"
    digest = hashlib.sha256("\n".join(canonical).encode()).hexdigest()
    signing = f"AWS4{SECRET}".encode()
    for part in (day, region, service, "aws4_request"):
        signing = hmac.digest(signing, part.encode(), "sha256")
    expected = hmac.digest(signing, f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{digest}".encode(), "sha256").hex()
    return moment.startswith(day) and hmac.compare_digest(expected, parts["Signature"])
