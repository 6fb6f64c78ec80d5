"""What an administrator chooses for the Discord bot, read from the environment and `.env` (prefix ONRECORD_)."""

from typing import Annotated, Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.logs import LogFormat
from index.errors import SettingsError


class BotSettings(BaseSettings):
    """Settings of bot/; every one is listed in `.env.example`.

    Attributes:
        token: the bot's token from Discord's developer portal; never logged, never shown.
        admins: ids of users who may administer wherever they are, and alone change the library; separated by commas.
        layout: how answers look: Discord's components, or plain embeds.
        passages: passages on one page of an answer.
        questions_per_minute: how many questions one person may ask within a minute.
        health_port: where `/health` and `/metrics` are served; nowhere when it is not set.
        health_host: the address that they are served on.
        message_content: whether the bot may read messages that don't address it, in channels that a server names.
        shards: which of how many shards this process connects ("auto", "16", "0-3/16"); empty for one connection.
        log_format: how the log is written.
        watch: whether the bot polls the feeds and pages among the sources while it runs.
    """

    model_config = SettingsConfigDict(env_prefix="ONRECORD_", env_file=".env", extra="ignore", frozen=True)

    token: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("ONRECORD_TOKEN", "DISCORD_TOKEN", "token")
    )
    admins: Annotated[frozenset[int], NoDecode] = frozenset()
    layout: Literal["components", "embeds"] = "components"
    passages: int = Field(default=5, ge=1, le=5)
    questions_per_minute: int = Field(default=12, ge=1, le=1000)
    health_port: int | None = Field(default=None, ge=0, le=65535)
    health_host: str = "127.0.0.1"
    message_content: bool = False
    shards: str = ""
    log_format: LogFormat = "text"
    watch: bool = True

    @field_validator("token", mode="after")
    @classmethod
    def _blank_is_none(cls, token: SecretStr | None) -> SecretStr | None:
        return token if token and token.get_secret_value().strip() else None

    @field_validator("health_port", mode="before")
    @classmethod
    def _blank_port_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("admins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def load_bot_settings() -> BotSettings:
    """Reads the settings.

    Raises:
        SettingsError: one sentence for the first setting with a value that can't be used; a token is never in it.
    """
    try:
        return BotSettings()
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        name = str(first["loc"][0]).upper().removeprefix("ONRECORD_")
        raise SettingsError(f"ONRECORD_{name} can't be used: {first['msg']}. See .env.example.") from None
