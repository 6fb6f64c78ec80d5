"""What an administrator chooses for the library, read from the environment and `.env` (prefix ONRECORD_)."""

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.errors import SettingsError


class IndexSettings(BaseSettings):
    """Settings of index/; every one is listed in `.env.example`.

    Attributes:
        home: the folder that holds the library; made when it is not there.
        sources: what `reindex` reads until sources were named: files and folders, separated by commas.
        engine: what searches the paragraphs; `auto` chooses by the size of the corpus.
        limit: passages an answer shows at most when nobody asks for a number.
    """

    model_config = SettingsConfigDict(env_prefix="ONRECORD_", env_file=".env", extra="ignore", frozen=True)

    home: Path = Path(".onrecord")
    sources: str = "seeds"
    engine: Literal["auto", "okapi", "tantivy"] = "auto"
    limit: int = Field(default=10, ge=1, le=50)

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
