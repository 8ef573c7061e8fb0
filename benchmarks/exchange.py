"""How long a bot takes to answer: from the interaction's being sent to the answer's being read."""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import msgspec
from aiohttp import web

from playground.local_discord import LocalDiscord, Seat
from playground.local_discord.access import Place
from playground.local_discord.asking import Question, new_interaction
from playground.local_discord.interactions import Asked, Interaction
from playground.local_discord.requests import Request

Json = dict[str, Any]
_MILLISECONDS = 1000.0
SECONDS_TO_ANSWER = 60.0
_CALLBACK = "/interactions/{}/{}/callback"


@dataclass(frozen=True, slots=True)
class Asking:
    """Something to ask over and over: what the member does, and how Discord answered the bot.

    `body` is what the bot answered, `receipt` what Discord said to that. `another` turns the
    data into another question each time, where no two are to be the same.
    """

    kind: Asked
    data: Json
    owners: dict[str, str]
    body: Json
    receipt: bytes | None
    another: Callable[[Json], Json] | None = None

    @property
    def size(self) -> int:
        """How many bytes the bot's answer has."""
        return len(json.dumps(self.body, separators=(",", ":")))

    @property
    def picture(self) -> int:
        """How many bytes the picture has that came with it."""
        answer: Json = msgspec.json.decode(self.receipt) if self.receipt else {}
        message = answer.get("resource", {}).get("message", {})
        return sum(each["size"] for each in message.get("attachments", ()))


class Exchange:
    """Asks the bot that is logged in to a Discord, and takes the time.

    The whole local Discord judges the first answer to everything; from then on the answers
    are only read, and acknowledged with the first one's receipt, so that what is measured is
    the bot and not the judge.
    """

    def __init__(self, discord: LocalDiscord) -> None:
        """Listen to the requests of a Discord that is not open yet."""
        self._discord = discord
        self._waiting: dict[str, tuple[asyncio.Future[float], bytes | None]] = {}
        discord.app.middlewares.append(self._read)

    @web.middleware
    async def _read(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        waiting = self._waiting.pop(request.match_info.get("token", ""), None)
        if waiting is None:
            return await handler(request)
        await request.read()
        answered, receipt = waiting
        answered.set_result(perf_counter())
        if receipt is None:
            return web.Response(status=204)
        return web.Response(body=receipt, content_type="application/json")

    async def asked(self, seat: Seat, asking: Asking | Callable[[], Awaitable[object]]) -> Asking:
        """Ask once, as a member does or the same again, and return it with its answer."""
        if isinstance(asking, Asking):
            self._discord.ask(self._interaction(seat, asking))
        else:
            await asking()
        *_, latest = self._discord.world.interactions.values()
        async with asyncio.timeout(SECONDS_TO_ANSWER):
            await latest.pulse.until(lambda: latest.answer, SECONDS_TO_ANSWER)
        note = await self._answer_to(latest)
        receipt = msgspec.json.encode(note.answer) if note.answer is not None else None
        data = latest.payload["data"]
        return Asking(latest.kind, data, latest.owners, note.body, receipt)

    async def _answer_to(self, interaction: Interaction) -> Request:
        path = _CALLBACK.format(interaction.id, interaction.token)
        return (await self._discord.requests.seen("POST", path))[0]

    def _interaction(self, seat: Seat, asking: Asking) -> Interaction:
        place = Place(seat.person, seat.channel, user_installed=False, shares_server=True)
        return new_interaction(
            self._discord.world, place, Question(asking.kind, asking.data, asking.owners)
        )

    async def times(
        self, seat: Seat, asking: Asking, *, number: int, at_once: int = 1
    ) -> Sequence[float]:
        """Ask so often, so many at once, and return the milliseconds that each answer took."""
        payload = self._interaction(seat, asking).payload
        times: list[float] = []
        while len(times) < number:
            payloads = [
                {**payload, "data": asking.another(asking.data)} if asking.another else payload
                for _ in range(at_once)
            ]
            times += await self._burst(payloads, asking.receipt)
        return times

    async def _burst(self, payloads: Sequence[Json], receipt: bytes | None) -> list[float]:
        events, answers = [], []
        for payload in payloads:
            token, answered = secrets.token_urlsafe(40), asyncio.get_running_loop().create_future()
            self._waiting[token] = answered, receipt
            new_id = self._discord.world.ids.next()
            events.append(msgspec.json.encode({**payload, "id": str(new_id), "token": token}))
            answers.append(answered)
        (session,) = self._discord.gateway.sessions.live
        began = perf_counter()
        for event in events:
            session.dispatch("INTERACTION_CREATE", event)
        async with asyncio.timeout(SECONDS_TO_ANSWER):
            return [
                (answered - began) * _MILLISECONDS for answered in await asyncio.gather(*answers)
            ]
