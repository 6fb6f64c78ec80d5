"""What the store has to know to reach a cluster and to lay out its indices there."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index.settings import IndexSettings

Period = Literal["all", "year", "month"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterOptions:
    """How to reach the cluster, and how the indices are laid out.

    Attributes:
        urls: of some of its nodes; a request goes to another one when one is gone.
        prefix: with which all names of indices and aliases begin.
        user, password: basic authentication; `api_key` instead of both, or `aws_region` for signed requests (SigV4).
        aws_service: "es", or "aoss" for the serverless kind.
        ca: a file with the authority's certificate; None for those of the system.
        verify: whether the certificate is checked.
        timeout: seconds that a reading request may take, so that a person is answered within three.
        patience: seconds for which writing is tried again while the cluster is away or overloaded.
        shards, replicas: of each index.
        period: what an index holds articles of; "all" keeps one series.
        roll_over: bytes of a primary shard from which on new articles go to the next index of their period.
    """

    urls: tuple[str, ...] = ("http://127.0.0.1:9200",)
    prefix: str = "onrecord"
    user: str = ""
    password: str = ""
    api_key: str = ""
    aws_region: str = ""
    aws_service: str = "es"
    ca: Path | None = None
    verify: bool = True
    timeout: float = 2.0
    patience: float = 180.0
    shards: int = 1
    replicas: int = 1
    period: Period = "year"
    roll_over: int = 30 * 2**30


def options_of(settings: IndexSettings) -> ClusterOptions:
    """What the settings say of the cluster."""
    return ClusterOptions(
        urls=tuple(url.strip() for url in settings.opensearch_urls.split(",") if url.strip()),
        prefix=settings.opensearch_prefix,
        user=settings.opensearch_user,
        password=settings.opensearch_password.get_secret_value(),
        api_key=settings.opensearch_api_key.get_secret_value(),
        aws_region=settings.opensearch_aws_region,
        aws_service=settings.opensearch_aws_service,
        ca=Path(settings.opensearch_ca) if settings.opensearch_ca else None,
        verify=settings.opensearch_verify,
        timeout=settings.opensearch_timeout,
        patience=settings.opensearch_patience,
        shards=settings.opensearch_shards,
        replicas=settings.opensearch_replicas,
        period=settings.opensearch_period,
        roll_over=int(settings.opensearch_roll_over_gb * 2**30),
    )
