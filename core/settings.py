"""Every setting of the bot: its name in the environment, its default and what it may be."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar, cast, get_args
from urllib.parse import urlsplit

from core.errors import SettingsError

DEFAULT_CAMPUS = "bu"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LogFormat: TypeAlias = Literal["text", "json"]

SECRET_SETTINGS = ("DISCORD_TOKEN", "REDIS_URL", "API_TOKEN")
"""The variables that hold a secret, whole or in part."""

RefreshAccess: TypeAlias = Literal["off", "token", "open"]

_MIN_API_TOKEN_LENGTH = 16
_PORTAL = "https://discord.com/developers/applications"
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process; `.env.example` tells what each does.

    The tokens and the Redis address, which may hold a password, are not in the `repr`.
    """

    discord_token: str = field(repr=False)
    campuses: tuple[str, ...]
    max_concurrent_requests: int
    redis_url: str | None = field(repr=False)
    key_prefix: str
    data_dir: Path
    min_gap: timedelta
    refresh_cooldown: timedelta
    refresh_time: time
    refresh_every: timedelta | None
    stale_after: timedelta
    days_ahead: int
    digest_time: time
    port: int | None
    host: str
    api_refresh: RefreshAccess
    api_token: str | None = field(repr=False)
    api_origins: tuple[str, ...]
    api_limit: int
    discord_api_url: str | None
    discord_gateway_url: str | None
    log_level: str
    log_format: LogFormat

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Read the settings from environment variables; an empty one counts as unset.

        Raises:
            SettingsError: with one line for every variable that is missing or faulty.
        """
        read = _EnvReader(env, [])
        settings = cls(
            discord_token=read.get("DISCORD_TOKEN", _parse_token, ""),
            campuses=_read_campus_names(read),
            max_concurrent_requests=read.get("READ_AT_ONCE", _number_between(1, 256), 24),
            redis_url=read.get("REDIS_URL", _url_with_scheme({"redis", "rediss", "unix"}), None),
            key_prefix=read.get("KEY_PREFIX", _parse_key_prefix, ""),
            data_dir=read.get("DATA_DIR", Path, Path("data")),
            min_gap=read.get("MIN_GAP_MINUTES", _minutes_between(1, 720), timedelta(minutes=28)),
            refresh_cooldown=read.get(
                "REFRESH_COOLDOWN_MINUTES", _minutes_between(0, 1440), timedelta(minutes=30)
            ),
            refresh_time=read.get("REFRESH_TIME", _parse_time, time(6, 30)),
            refresh_every=read.get(
                "REFRESH_EVERY_MINUTES", _minutes_between(0, 1440), timedelta(minutes=120)
            )
            or None,
            stale_after=read.get(
                "STALE_AFTER_MINUTES", _minutes_between(1, 10080), timedelta(hours=6)
            ),
            days_ahead=read.get("DAYS_AHEAD", _number_between(0, 60), 30),
            digest_time=read.get("DIGEST_TIME", _parse_time, time(7, 30)),
            port=read.get("PORT", _number_between(1, 65_535), None),
            host=read.get("HOST", _parse_host, "127.0.0.1"),
            api_refresh=read.get("API_REFRESH", _parse_refresh_access, "off"),
            api_token=read.get("API_TOKEN", _parse_api_token, None),
            api_origins=read.get("API_ORIGINS", _parse_origins, ()),
            api_limit=read.get("API_LIMIT", _number_between(0, 1_000_000), 600),
            discord_api_url=read.get("DISCORD_API_URL", _url_with_scheme({"http", "https"}), None),
            discord_gateway_url=read.get(
                "DISCORD_GATEWAY_URL", _url_with_scheme({"ws", "wss"}), None
            ),
            log_level=read.get("LOG_LEVEL", _parse_log_level, "INFO"),
            log_format=read.get("LOG_FORMAT", _parse_log_format, "text"),
        )
        if not env.get("DISCORD_TOKEN", "").strip():
            read.issues.insert(
                0,
                f"DISCORD_TOKEN: is missing; create an application at {_PORTAL} and copy its token",
            )
        if settings.api_refresh == "token" and not env.get("API_TOKEN", "").strip():
            read.issues.append("API_TOKEN: is missing; API_REFRESH=token asks for it")
        if read.issues:
            raise SettingsError(read.issues)
        return settings


@dataclass(frozen=True, slots=True)
class _EnvReader:
    """Reads variables and notes a fault for each that is not right, without its value."""

    env: Mapping[str, str]
    issues: list[str]

    def get(self, name: str, parse: Callable[[str], _Value], default: _Value) -> _Value:
        text = self.env.get(name, "").strip()
        if not text:
            return default
        try:
            return parse(text)
        except ValueError as err:
            self.issues.append(f"{name}: {err}")
            return default


def campus_names(env: Mapping[str, str]) -> tuple[str, ...]:
    """Return the campuses that an environment names, each once; the default for none."""
    named = env.get("CAMPUSES", "") or env.get("CAMPUS", "")
    several = [each.strip() for each in named.split(",") if each.strip()]
    return tuple(dict.fromkeys(several)) or (DEFAULT_CAMPUS,)


def _read_campus_names(reader: _EnvReader) -> tuple[str, ...]:
    if reader.get("CAMPUS", str, "") and reader.get("CAMPUSES", str, ""):
        reader.issues.append("CAMPUS, CAMPUSES: set one of them")
    return campus_names(reader.env)


def _parse_token(text: str) -> str:
    if not re.fullmatch(r"[\w.-]+", text, re.ASCII):
        raise ValueError("does not look like a bot token")
    return text


def _minutes_between(minimum: int, maximum: int) -> Callable[[str], timedelta]:
    number = _number_between(minimum, maximum)
    return lambda text: timedelta(minutes=number(text))


def _number_between(minimum: int, maximum: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or not minimum <= int(text) <= maximum:
            raise ValueError(f"{text!r} is not a whole number from {minimum} to {maximum}")
        return int(text)

    return parse


def _parse_time(text: str) -> time:
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text, re.ASCII)
    if match is None:
        raise ValueError(f"{text!r} is not a time of the day; write one like 06:30")
    return time(int(match[1]), int(match[2]))


def _parse_key_prefix(text: str) -> str:
    if not re.fullmatch(r"[\w.:-]{1,40}", text, re.ASCII):
        raise ValueError(f"{text!r} is not up to 40 letters, digits and any of _ . : -")
    return text


def _parse_host(text: str) -> str:
    if not re.fullmatch(r"[\w.:-]{1,253}", text, re.ASCII):
        raise ValueError(f"{text!r} is not an address to listen at, like 0.0.0.0")
    return text


def _parse_refresh_access(text: str) -> RefreshAccess:
    for each in get_args(RefreshAccess):
        if text.casefold() == each:
            return cast("RefreshAccess", each)
    raise ValueError(f"{text!r} is not one of {', '.join(get_args(RefreshAccess))}")


def _parse_api_token(text: str) -> str:
    # The text is not repeated: it may be the token, only with a blank in it.
    if not re.fullmatch(r"[!-~]+", text) or len(text) < _MIN_API_TOKEN_LENGTH:
        raise ValueError(f"is not {_MIN_API_TOKEN_LENGTH} or more letters, digits and marks")
    return text


def _parse_origins(text: str) -> tuple[str, ...]:
    several = [each.strip().lower().rstrip("/") for each in text.split(",") if each.strip()]
    for each in several:
        if not re.fullmatch(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?", each):
            raise ValueError(f"{each!r} is not an origin like https://example.edu")
    return tuple(dict.fromkeys(several))


def _url_with_scheme(schemes: set[str]) -> Callable[[str], str | None]:
    def parse(text: str) -> str:
        # Neither the text nor what is wrong with it is repeated: it may hold a password.
        if not _is_url(text, schemes):
            raise ValueError(f"is not an address that begins with {_join_or(schemes)}")
        return text

    return parse


def _is_url(text: str, schemes: set[str]) -> bool:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    has_place = bool(parts.hostname) or parts.scheme in {"redis", "rediss", "unix"}
    return parts.scheme in schemes and has_place and port != 0


def _join_or(schemes: set[str]) -> str:
    return " or ".join(f"{each}://" for each in sorted(schemes))


def _parse_log_level(text: str) -> str:
    if text.upper() not in LOG_LEVELS:
        raise ValueError(f"{text!r} is not one of {', '.join(LOG_LEVELS)}")
    return text.upper()


def _parse_log_format(text: str) -> LogFormat:
    for each in get_args(LogFormat):
        if text.casefold() == each:
            return cast("LogFormat", each)
    raise ValueError(f"{text!r} is not one of {', '.join(get_args(LogFormat))}")
