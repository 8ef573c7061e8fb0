"""What a line of the log looks like, and what must never be in one."""

import logging
import re
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

_INTERACTION_TOKEN = re.compile(r"(/(?:webhooks|interactions)/\d+/)[\w.~-]+")
"""Whoever has the token of an interaction can answer it for fifteen minutes."""


class SingleLineFormatter(logging.Formatter):
    """Writes each event as one line, tracebacks included, with all secrets taken out."""

    def __init__(self, secrets: Sequence[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = sorted({each for each in secrets if each}, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        text = _INTERACTION_TOKEN.sub(r"\1[token]", text)
        return text.replace("\r", "").replace("\n", "\\n")


def collect_secrets(token: str, redis_url: str | None, api_token: str | None = None) -> list[str]:
    """Return what must not be logged: the tokens, and the password as written and as meant."""
    password = (urlsplit(redis_url).password or "") if redis_url else ""
    return [token, api_token or "", password, quote(password, safe="")]
