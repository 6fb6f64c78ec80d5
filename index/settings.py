"""What an administrator chooses for the library, read from the environment and `.env` (prefix ONRECORD_)."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.errors import SettingsError


class IndexSettings(BaseSettings):
    """Settings of index/; every one is listed in `.env.example`.

    Attributes:
        home: the folder that holds the library; made when it is not there.
        sources: what `reindex` reads until sources were named: files and folders, separated by commas.
        engine: what searches the paragraphs; `auto` chooses by the size of the corpus; `opensearch` keeps everything in
            a cluster, which the settings that begin with `opensearch_` tell of (see docs/cluster.md).
        limit: passages an answer shows at most when nobody asks for a number.
        contact: an address or page of whoever runs this, told to every host that is fetched from.
        allow_private_addresses: whether feeds and pages of one's own networks, and on any port, are fetched.
    """

    model_config = SettingsConfigDict(env_prefix="ONRECORD_", env_file=".env", extra="ignore", frozen=True)

    home: Path = Path(".onrecord")
    sources: str = "seeds"
    engine: Literal["auto", "okapi", "tantivy", "opensearch"] = "auto"
    limit: int = Field(default=10, ge=1, le=50)
    contact: str = Field(default="", max_length=200, pattern=r"^[\x21-\x7e]*$")
    allow_private_addresses: bool = False

    opensearch_urls: str = "http://127.0.0.1:9200"
    opensearch_prefix: str = Field(default="onrecord", pattern=r"^[a-z][a-z0-9-]{0,40}$")
    opensearch_user: str = ""
    opensearch_password: SecretStr = SecretStr("")
    opensearch_api_key: SecretStr = SecretStr("")
    opensearch_aws_region: str = ""
    opensearch_aws_service: Literal["es", "aoss"] = "es"
    opensearch_ca: str = ""
    opensearch_verify: bool = True
    opensearch_timeout: float = Field(default=2.0, gt=0, le=60)
    opensearch_patience: float = Field(default=180.0, ge=0)
    opensearch_shards: int = Field(default=1, ge=1, le=256)
    opensearch_replicas: int = Field(default=1, ge=0, le=10)
    opensearch_period: Literal["all", "year", "month"] = "year"
    opensearch_roll_over_gb: float = Field(default=30.0, gt=0)

    @property
    def default_sources(self) -> tuple[str, ...]:
        return tuple(s.strip() for s in self.sources.split(",") if s.strip())


def load_settings() -> IndexSettings:
    """Reads the settings.

    Raises:
        SettingsError: one sentence for the first setting with a value that can't be used.
    """
    try:
        return IndexSettings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "ONRECORD_" + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{name} can't be used: {first['msg']}. See .env.example.") from error
