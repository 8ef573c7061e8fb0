"""Scope of the keys in Redis: the bot that they belong to, and a prefix that an operator chose.

Two bots on one Redis, as production and staging, must not post each other's digests.
"""

import base64
from dataclasses import dataclass

from core.store.keys import SCHEMA


@dataclass(frozen=True, slots=True)
class KeyScope:
    """Where the keys of one bot are: `PREFIXec:1:BOT:…`; without a bot as before 1.1."""

    prefix: str = ""
    bot_id: str = ""

    @classmethod
    def of_token(cls, token: str, prefix: str) -> "KeyScope":
        """Return the scope of the bot that a token belongs to.

        A token begins with the bot's user id in base64, which stays when the token is reset;
        so data is at hand before Discord is. Other tokens, as of a local Discord, have no scope.
        """
        first = token.partition(".")[0]
        try:
            decoded = base64.b64decode(first + "=" * (-len(first) % 4), validate=True).decode()
        except ValueError:
            return cls(prefix)
        return cls(prefix, decoded if decoded.isascii() and decoded.isdigit() else "")

    @property
    def start(self) -> str:
        """What all keys of the scope begin with."""
        bot = f"{self.bot_id}:" if self.bot_id else ""
        return f"{self.prefix}{SCHEMA}:{bot}"

    def key(self, name: str) -> str:
        """Return the key in Redis of a key of `core.store.keys`."""
        return f"{self.start}{name.removeprefix(f'{SCHEMA}:')}"
