"""What must be nowhere but where it belongs, and the places in which it is looked for.

    secrets = Secrets(token=..., password=..., event_names=...)
    leaks = await all_leaks(secrets, bots=stage.bots, discord=stage.discord, client=client)
    assert leaks == []

The token belongs into the environment of the bot and the headers it sends, the password into
the environment and the connection to Redis, the names of events nowhere.
"""

import base64
import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from redis.asyncio import Redis

from fakes.discord import FakeDiscord
from tests.e2e.environment import RunningBot

_PROCESSES = Path("/proc")

_ASK: Mapping[bytes, Callable[[bytes], tuple[bytes | str, ...]]] = {
    b"string": lambda key: ("GET", key),
    b"hash": lambda key: ("HGETALL", key),
    b"set": lambda key: ("SMEMBERS", key),
    b"list": lambda key: ("LRANGE", key, "0", "-1"),
    b"zset": lambda key: ("ZRANGE", key, "0", "-1"),
    b"stream": lambda key: ("XRANGE", key, "-", "+"),
}
"""How all that a key of a kind holds is asked for; a kind that is not here fails the look."""


@dataclass(frozen=True)
class Secrets:
    """A token, a password and names of events, in every form in which they could get out."""

    token: str
    password: str
    event_names: frozenset[str] = frozenset()

    def forms(self) -> Iterator[tuple[str, str]]:
        """Return each text that must not be found, after the word for what it is."""
        for what, secret in (("token", self.token), ("password", self.password)):
            for form in {secret, quote(secret, safe=""), _in_base64(secret), _in_json(secret)}:
                yield what, form
        for name in self.event_names:
            yield "event name", name

    def leaks_in(self, place: str, text: str) -> list[str]:
        """Tell which of them a text holds; the texts themselves are not told."""
        return sorted({f"{what} in {place}" for what, form in self.forms() if form in text})


def _in_base64(secret: str) -> str:
    """Return as much of a secret in base64 as does not depend on what follows."""
    whole = len(secret.encode()) // 3 * 3
    return base64.b64encode(secret.encode()[:whole]).decode()


def _in_json(secret: str) -> str:
    return json.dumps(secret)[1:-1]


def leaks_in_log(secrets: Secrets, bots: Iterable[RunningBot]) -> list[str]:
    """Look in all that the processes have logged."""
    return [
        leak
        for number, bot in enumerate(bots, start=1)
        for leak in secrets.leaks_in(f"the log of bot {number}", "\n".join(bot.log))
    ]


def leaks_on_discord(secrets: Secrets, discord: FakeDiscord) -> list[str]:
    """Look in every request that Discord received, replies and commands among them."""
    asked = [
        [each.method, each.path, each.query, each.body, each.files] for each in discord.requests
    ]
    # Unescaped, so that a secret reads here as it was written.
    return secrets.leaks_in("a request to Discord", json.dumps(asked, ensure_ascii=False))


def leaks_on_command_lines(secrets: Secrets) -> list[str]:
    """Look at the command line of every process of this machine: everybody on it can."""
    return secrets.leaks_in("a command line", "\n".join(_command_lines()))


def _command_lines() -> Iterator[str]:
    for process in _PROCESSES.glob("[0-9]*/cmdline"):
        try:
            yield process.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # It has ended meanwhile.
            continue


async def leaks_in_store(secrets: Secrets, client: Redis) -> list[str]:
    """Look in every key of a Redis and everything that is stored under it."""
    stored = [part async for part in _stored(client)]
    return secrets.leaks_in("the store", b"\n".join(stored).decode(errors="replace"))


async def _stored(client: Redis) -> AsyncIterator[bytes]:
    async for key in client.scan_iter(count=1000):
        kind = await client.execute_command("TYPE", key)
        if kind == b"none":  # Expired meanwhile.
            continue
        yield key
        for part in _parts(await client.execute_command(*_ASK[kind](key))):
            yield part


def _parts(value: object) -> Iterator[bytes]:
    if isinstance(value, dict):
        for pair in value.items():
            yield from _parts(pair)
    elif isinstance(value, list | set | tuple):
        for each in value:
            yield from _parts(each)
    elif isinstance(value, bytes):
        yield value


async def all_leaks(
    secrets: Secrets, *, bots: Iterable[RunningBot], discord: FakeDiscord, client: Redis
) -> list[str]:
    """Look everywhere; each finding is a line such as "password in the log of bot 1"."""
    return [
        *leaks_in_log(secrets, bots),
        *leaks_on_discord(secrets, discord),
        *leaks_on_command_lines(secrets),
        *await leaks_in_store(secrets, client),
    ]
