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

from fakes.discord import FakeDiscord, UserClient
from fakes.discord.client.command_visibility import CommandContext
from fakes.discord.client.interaction_payload import InteractionData, new_interaction
from fakes.discord.model.entities import Interaction
from fakes.discord.model.enums import InteractionType
from fakes.discord.rest.request_log import LoggedRequest

Json = dict[str, Any]
_MILLISECONDS = 1000.0
RESPONSE_TIMEOUT = 60.0
_CALLBACK = "/interactions/{}/{}/callback"


@dataclass(frozen=True, slots=True)
class RecordedInteraction:
    """Something to ask over and over: what the member does, and how Discord answered the bot.

    `body` is what the bot answered, `receipt` what Discord said to that. `vary` turns the
    data into another question each time, where no two are to be the same.
    """

    kind: InteractionType
    data: Json
    installation_owners: dict[str, str]
    response: Json
    acknowledgement: bytes | None
    vary: Callable[[Json], Json] | None = None

    @property
    def response_size(self) -> int:
        """How many bytes the bot's answer has."""
        return len(json.dumps(self.response, separators=(",", ":")))

    @property
    def image_size(self) -> int:
        """How many bytes the picture has that came with it."""
        answer: Json = msgspec.json.decode(self.acknowledgement) if self.acknowledgement else {}
        message = answer.get("resource", {}).get("message", {})
        return sum(each["size"] for each in message.get("attachments", ()))


class InteractionTimer:
    """Asks the bot that is logged in to a Discord, and takes the time.

    The whole local Discord judges the first answer to everything; from then on the answers
    are only read, and acknowledged with the first one's receipt, so that what is measured is
    the bot and not the judge.
    """

    def __init__(self, discord: FakeDiscord) -> None:
        """Listen to the requests of a Discord that is not open yet."""
        self._discord = discord
        self._pending: dict[str, tuple[asyncio.Future[float], bytes | None]] = {}
        discord.app.middlewares.append(self._intercept)

    @web.middleware
    async def _intercept(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        waiting = self._pending.pop(request.match_info.get("token", ""), None)
        if waiting is None:
            return await handler(request)
        await request.read()
        answered, receipt = waiting
        answered.set_result(perf_counter())
        if receipt is None:
            return web.Response(status=204)
        return web.Response(body=receipt, content_type="application/json")

    async def record(
        self, client: UserClient, action: RecordedInteraction | Callable[[], Awaitable[object]]
    ) -> RecordedInteraction:
        """Ask once, as a member does or the same again, and return it with its answer."""
        if isinstance(action, RecordedInteraction):
            self._discord.send_interaction(self._interaction(client, action))
        else:
            await action()
        *_, latest = self._discord.state.interactions.values()
        async with asyncio.timeout(RESPONSE_TIMEOUT):
            await latest.signal.wait_for(lambda: latest.callback, RESPONSE_TIMEOUT)
        note = await self._callback_of(latest)
        receipt = msgspec.json.encode(note.response) if note.response is not None else None
        data = latest.payload["data"]
        return RecordedInteraction(
            latest.kind, data, latest.installation_owners, note.body, receipt
        )

    async def _callback_of(self, interaction: Interaction) -> LoggedRequest:
        path = _CALLBACK.format(interaction.id, interaction.token)
        return (await self._discord.requests.wait_for("POST", path))[0]

    def _interaction(self, client: UserClient, recorded: RecordedInteraction) -> Interaction:
        place = CommandContext(client.user, client.channel, user_installed=False, shares_guild=True)
        return new_interaction(
            self._discord.state,
            place,
            InteractionData(recorded.kind, recorded.data, recorded.installation_owners),
        )

    async def measure(
        self,
        client: UserClient,
        recorded: RecordedInteraction,
        *,
        number: int,
        concurrency: int = 1,
    ) -> Sequence[float]:
        """Ask so often, so many at once, and return the milliseconds that each answer took."""
        payload = self._interaction(client, recorded).payload
        times: list[float] = []
        while len(times) < number:
            payloads = [
                {**payload, "data": recorded.vary(recorded.data)} if recorded.vary else payload
                for _ in range(concurrency)
            ]
            times += await self._burst(payloads, recorded.acknowledgement)
        return times

    async def _burst(self, payloads: Sequence[Json], receipt: bytes | None) -> list[float]:
        events, answers = [], []
        for payload in payloads:
            token, answered = secrets.token_urlsafe(40), asyncio.get_running_loop().create_future()
            self._pending[token] = answered, receipt
            new_id = self._discord.state.ids.next()
            events.append(msgspec.json.encode({**payload, "id": str(new_id), "token": token}))
            answers.append(answered)
        (session,) = self._discord.gateway.sessions.connected
        began = perf_counter()
        for event in events:
            session.dispatch("INTERACTION_CREATE", event)
        async with asyncio.timeout(RESPONSE_TIMEOUT):
            return [
                (answered - began) * _MILLISECONDS for answered in await asyncio.gather(*answers)
            ]
