"""Whom a message would notify, by what it says and what its sender allowed."""

import re

from fakes.discord.model.json_types import Json

_MENTIONS = (("users", re.compile(r"<@!?(\d+)>")), ("roles", re.compile(r"<@&(\d+)>")))
_EVERYONE_MENTION = re.compile(r"@(everyone|here)")
_DEFAULT_PARSE = ("users", "roles", "everyone")


def notified_ids(text: str, allowed: Json | None) -> list[str]:
    """Return the ids of users and roles, and "everyone" or "here", that would be notified.

    Without `allowed_mentions` a message notifies whomever it mentions.
    """
    parse = _DEFAULT_PARSE if allowed is None else allowed.get("parse") or []
    found: list[str] = []
    for kind, pattern in _MENTIONS:
        named = [str(one) for one in (allowed or {}).get(kind) or []]
        found += [one for one in pattern.findall(text) if kind in parse or one in named]
    if "everyone" in parse:
        found += _EVERYONE_MENTION.findall(text)
    return found
