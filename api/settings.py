"""What the service can be told, from the environment (``SCR_TONE_...``) or the command line; nothing is read at import."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from scr_tone.errors import ConfigError
from scr_tone.reading import Limits

__all__ = ["Settings", "is_loopback", "read_settings"]

_PREFIX = "SCR_TONE_"
_SHORTEST_KEY = 16
_NEW_KEY = 'make one with: python -c "import secrets; print(secrets.token_urlsafe(32))"'


class Settings(BaseSettings):
    """Settings of the service. Each is read from the variable of its name in capitals, ``SCR_TONE_PORT`` for example.

    Every limit has a default that a review of several hundred pages stays under.
    """

    # A key must not appear in a message about a wrong setting.
    model_config = SettingsConfigDict(env_prefix=_PREFIX, hide_input_in_errors=True, frozen=True, extra="forbid")

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    api_key: SecretStr | None = Field(None, description="Key that every request must bring; needed beyond loopback.")
    insecure: bool = Field(False, description="Serve beyond loopback without a key.")
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Host names that requests may name, separated by commas, besides those of loopback."
    )
    public_url: str | None = Field(None, description="Address under which authors reach the service behind a proxy.")

    model: str | None = Field(None, description="A bundled model, or the folder of a trained one.")
    trust_model: bool = Field(False, description="Load a model from a folder; its maker can run code on this machine.")
    prior: Literal["training", "natural"] = Field("training", description="Label shares to expect.")

    body_bytes: int = Field(30_000_000, ge=1_000, description="Largest body that holds a file.")
    text_bytes: int = Field(8_000_000, ge=1_000, description="Largest body that holds a text, as JSON or as a form.")
    held_bytes: int = Field(240_000_000, ge=1_000, description="Most bytes of bodies held at once, over all requests.")
    file_bytes: int = Field(25_000_000, ge=1_000, description="Largest file.")
    text_chars: int = Field(2_000_000, ge=100, description="Longest text, in characters.")
    unpacked_bytes: int = Field(200_000_000, ge=10_000, description="Most that a DOCX may unpack to.")
    pages: int = Field(3_000, ge=1, description="Most pages of a PDF.")
    memory_bytes: int = Field(2_000_000_000, ge=200_000_000, description="Memory of the child that reads a file.")

    header_seconds: float = Field(10, gt=0, description="Time for the head of a request to arrive.")
    body_seconds: float = Field(60, gt=0, description="Time for the body of a request to arrive.")
    file_seconds: float = Field(60, gt=0, description="Time to read a file.")
    analysis_seconds: float = Field(120, gt=0, description="Time to label a text.")
    send_seconds: float = Field(60, gt=0, description="Time in which a client must take the next part of a reply.")
    keep_alive_seconds: int = Field(5, ge=0, description="How long an idle connection is kept.")
    shutdown_seconds: int = Field(30, ge=0, description="How long running requests may take to finish at the end.")

    concurrency: int = Field(2, ge=1, le=32, description="Texts worked on at once.")
    queue: int = Field(64, ge=0, description="Requests that may wait for their turn; more get 503.")
    queue_seconds: float = Field(10, gt=0, description="How long one may wait; LibreOffice gives up after 10 seconds.")
    refusal_seconds: float = Field(
        1, ge=0, description="How long a refusal (429, 503) is held back, as some clients ask again at once."
    )
    connections: int = Field(512, ge=1, description="Most connections at once.")
    rate_per_minute: int | None = Field(
        None,
        ge=0,
        description="Requests a minute of one address; 0 for no limit. Default: none on loopback, else 1200.",
    )

    skip_quotes: bool = Field(True, description="Do not underline quoted speech in editors (/v2/check).")
    picky: bool = Field(False, description="Underline doubtful cases too, for editors that cannot ask for it.")
    access_log: bool = Field(
        False, description="Log method, route, status and time of each request; never its content."
    )

    @field_validator("api_key")
    @classmethod
    def _long_enough(cls, key: SecretStr | None) -> SecretStr | None:
        if key is None or not key.get_secret_value():
            return None  # an empty variable means none, and must not mean that an empty key opens the door
        value = key.get_secret_value()
        if len(value) < _SHORTEST_KEY or not value.isascii() or not value.isprintable() or " " in value:
            raise ValueError(f"must be {_SHORTEST_KEY} or more printable ASCII characters, no spaces; {_NEW_KEY}")
        return key

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _by_commas(cls, hosts: object) -> object:
        return (
            tuple(part.strip().lower() for part in hosts.split(",") if part.strip())
            if isinstance(hosts, str)
            else hosts
        )

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        return is_loopback(self.host)

    @property
    def rate(self) -> int:
        """Requests a minute of one address; 0 for no limit."""
        if self.rate_per_minute is not None:
            return self.rate_per_minute
        # On loopback every client has the same address, and an editor sends a request for each paragraph.
        return 0 if self.on_loopback else 1200

    @property
    def limits(self) -> Limits:
        """Limits for the readers."""
        return Limits(
            file_bytes=self.file_bytes,
            text_chars=self.text_chars,
            unpacked_bytes=self.unpacked_bytes,
            pages=self.pages,
            memory_bytes=self.memory_bytes,
            seconds=self.file_seconds,
        )

    def check_access(self) -> None:
        """Refuse to open the service to a network by accident.

        Raises
        ------
        ConfigError
            If the address is beyond loopback, and there is neither a key nor `insecure`.
        """
        if not self.on_loopback and self.api_key is None and not self.insecure:
            raise ConfigError(
                "others can reach it, and no API key is set",
                remedy=f"set {_PREFIX}API_KEY ({_NEW_KEY}), use 127.0.0.1, or say --insecure if something else asks who comes",
                subject=f"--host {self.host}",
            )


def read_settings(**given: Any) -> Settings:
    """Settings from the environment, overruled by those given that are not None.

    Raises
    ------
    ConfigError
        If one makes no sense; the message names the variable and never repeats its value.

    Examples
    --------
    >>> read_settings(port=8123).port
    8123
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        reason = str(first["msg"]).removeprefix("Value error, ")
        meaning = (Settings.model_fields[name].description or "").rstrip(".") if name in Settings.model_fields else ""
        raise ConfigError(
            reason[:1].lower() + reason[1:],
            remedy=f"it means: {meaning[:1].lower()}{meaning[1:]}" if meaning else "there is no such setting",
            subject=_PREFIX + name.upper(),
        ) from None


def is_loopback(host: str) -> bool:
    """Whether an address to listen on is reached from this machine only.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
