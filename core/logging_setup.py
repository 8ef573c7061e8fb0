"""What a line of the log looks like, and what must never be in one."""

import json
import logging
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

_INTERACTION_TOKEN = re.compile(r"(/(?:webhooks|interactions)/\d+/)[\w.~-]+")
"""Whoever has the token of an interaction can answer it for fifteen minutes."""

_DISCORD_ID = re.compile(r"(?<!\d)\d{17,20}(?!\d)")
"""A server, channel, member or message; JSON logs are kept in places with more readers."""


class SingleLineFormatter(logging.Formatter):
    """Writes each event as one line, tracebacks included, with all secrets taken out."""

    def __init__(self, secrets: Sequence[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = sorted({each for each in secrets if each}, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        text = self._without_secrets(super().format(record))
        return text.replace("\r", "").replace("\n", "\\n")

    def _without_secrets(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return _INTERACTION_TOKEN.sub(r"\1[token]", text)


class JsonFormatter(SingleLineFormatter):
    """Writes each event as one JSON object, without secrets and without ids of Discord."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        moment = datetime.fromtimestamp(record.created, UTC)
        event = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self._redacted(record.getMessage()),
        }
        if record.exc_info:
            event["traceback"] = self._redacted(self.formatException(record.exc_info))
        return json.dumps(event)

    def _redacted(self, text: str) -> str:
        return _DISCORD_ID.sub("[id]", self._without_secrets(text))


def collect_secrets(token: str, redis_url: str | None, api_token: str | None = None) -> list[str]:
    """Return what must not be logged: the tokens, and the password as written and as meant."""
    password = (urlsplit(redis_url).password or "") if redis_url else ""
    return [token, api_token or "", password, quote(password, safe="")]
