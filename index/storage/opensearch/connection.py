"""The way to the cluster: one client, errors in words, and a circuit that says at once when the cluster is away."""

import base64
import logging
import random
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import (
    AuthenticationException,
    AuthorizationException,
    ConnectionTimeout,
    NotFoundError,
    OpenSearchException,
    SSLError,
    TransportError,
)
from opensearchpy.exceptions import ConnectionError as ConnectionLost

from index.errors import SettingsError, StoreError
from index.storage.opensearch.options import ClusterOptions

log = logging.getLogger(__name__)

_REST, _LONGEST_REST = 0.5, 4.0  # seconds for which nobody is sent to a cluster that was away
_TOO_LATE, _TOO_MANY, _BROKEN = 408, 429, 500  # from 500 on it is the cluster's own trouble: a shard that moves
_WRITING = 60.0  # seconds that a writing request may take

Json = dict[str, Any]


class ClusterAway(StoreError):
    """The cluster can't be reached, or not all of what it holds; it may be back in a moment.

    Attributes:
        status: what it answered, 0 when it did not answer.
    """

    def __init__(self, words: str, status: int = 0) -> None:
        super().__init__(words)
        self.status = status


class Connection:
    """Requests to one cluster, from any thread.

    Args:
        options: where it is.
        clock: monotonic seconds.
    """

    def __init__(self, options: ClusterOptions, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.options = options
        self._clock = clock
        self._client: OpenSearch | None = None
        self._lock = threading.Lock()
        self._rest = 0.0
        self._closed_until = 0.0
        self._reason = ""

    @contextmanager
    def reading(self) -> Iterator[OpenSearch]:
        """For requests that a person waits for: refused at once while the cluster is known to be away.

        Raises:
            ClusterAway: it can't be reached, or a part of it is missing.
            StoreError: it refuses.
        """
        self._pass()
        with self._in_words():
            yield self._opened()
        self._rest = 0.0

    def writing(self, act: Callable[[OpenSearch], Any]) -> Any:  # noqa: ANN401 -- whatever the request gives
        """For requests that may be repeated: tried again, ever more rarely, until `patience` is used up.

        Raises:
            ClusterAway: it can't be reached for that long.
            StoreError: it refuses.
        """
        end = self._clock() + self.options.patience
        pause = 0.25
        while True:
            try:
                with self._in_words():
                    return act(self._opened())
            except ClusterAway as error:
                if self._clock() + pause > end:
                    raise
                log.info("Trying again in %.1f s: %s", pause, error)
                time.sleep(pause * (0.5 + random.random()))  # noqa: S311 -- so that many do not come back at once
                pause = min(2 * pause, 10.0)

    def close(self) -> None:
        """Lets go of all connections; whoever still holds a state opens one anew."""
        with self._lock:
            if self._client is not None:
                self._client.close()
                self._client = None

    # -------------------------------------------------------------------------------------------------------------

    def _pass(self) -> None:
        """Lets one request in whenever the rest is over, and nobody before.

        Raises:
            ClusterAway: it was away a moment ago.
        """
        with self._lock:
            now = self._clock()
            if self._rest and now < self._closed_until:
                raise ClusterAway(self._reason)
            if self._rest:
                self._closed_until = now + self.options.timeout  # the others wait for what this one finds

    def _opened(self) -> OpenSearch:
        with self._lock:
            if self._client is None:
                logging.getLogger("opensearch").setLevel(logging.ERROR)  # a 404 is an answer, not worth a line
                self._client = OpenSearch(**client_options(self.options))
            return self._client

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except SSLError as error:
            raise StoreError(
                f"The certificate of the cluster at {self._where()} can't be trusted: set ONRECORD_OPENSEARCH_CA."
            ) from error
        except ConnectionTimeout as error:
            raise self._away(
                f"The cluster at {self._where()} took too long to answer; try again in a moment."
            ) from error
        except ConnectionLost as error:
            raise self._away(f"The cluster at {self._where()} can't be reached; try again in a moment.") from error
        except (AuthenticationException, AuthorizationException) as error:
            raise StoreError(
                f"The cluster at {self._where()} refuses ({error.status_code}): check ONRECORD_OPENSEARCH_USER and "
                "ONRECORD_OPENSEARCH_PASSWORD, or the key, and what they may do."
            ) from error
        except NotFoundError:
            raise
        except TransportError as error:
            status = error.status_code
            if isinstance(status, int) and (status in {_TOO_LATE, _TOO_MANY} or status >= _BROKEN):
                log.info("The cluster said: %s", in_short(error))
                raise ClusterAway(
                    f"The cluster at {self._where()} can't answer just now (a part of it is missing, or it has too "
                    "much to do); try again in a moment.",
                    status,
                ) from error
            raise StoreError(f"The cluster at {self._where()} refuses: {in_short(error)}") from error
        except OpenSearchException as error:
            raise StoreError(f"The cluster at {self._where()} can't be used: {error}") from error

    def _away(self, words: str) -> ClusterAway:
        with self._lock:
            self._rest = min(max(_REST, 2 * self._rest), _LONGEST_REST)
            self._closed_until = self._clock() + self._rest
            self._reason = words
        return ClusterAway(words)

    def _where(self) -> str:
        return ", ".join(
            url.rpartition("@")[2].removeprefix("https://").removeprefix("http://") for url in self.options.urls
        )


def in_short(error: TransportError) -> str:
    """What the cluster says is wrong, on one line."""
    info = error.info
    if isinstance(info, dict) and isinstance(info.get("error"), dict):
        root = (info["error"].get("root_cause") or [info["error"]])[0]
        return f"{root.get('type')}: {root.get('reason')}"[:500]
    return str(error.error)[:500]


def client_options(options: ClusterOptions) -> Json:
    """What the client library takes.

    Raises:
        SettingsError: signed requests are wanted, and what signs them is not installed.
    """
    taken: Json = {
        "hosts": list(options.urls),
        "timeout": _WRITING,
        "max_retries": max(3, len(options.urls)),  # on another node, after a connection that was refused or cut
        "retry_on_timeout": False,
        "retry_on_status": (429, 500, 502, 503),  # every request of ours may be repeated
        "pool_maxsize": 32,
        "verify_certs": options.verify,
        "ssl_show_warn": False,
        "http_compress": False,
    }
    if options.ca is not None:
        taken["ca_certs"] = str(options.ca)
    if options.api_key:
        taken["headers"] = {"Authorization": f"ApiKey {options.api_key}"}
    elif options.aws_region:
        taken["http_auth"] = _signer(options)
    elif options.user:  # as the cluster reads it; the library would write Latin-1
        known = base64.b64encode(f"{options.user}:{options.password}".encode()).decode()
        taken["headers"] = {"Authorization": f"Basic {known}"}
    return taken


def _signer(options: ClusterOptions) -> object:
    from opensearchpy import Urllib3AWSV4SignerAuth  # noqa: PLC0415 -- only where requests are signed

    try:
        from botocore.session import Session  # noqa: PLC0415 -- an extra: most clusters need no signatures
    except ImportError as error:
        raise SettingsError("Signed requests to AWS need botocore: pip install botocore.") from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        credentials = Session().get_credentials()
    if credentials is None:
        raise SettingsError("No AWS credentials were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.")
    return Urllib3AWSV4SignerAuth(credentials, options.aws_region, options.aws_service)
