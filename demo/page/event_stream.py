"""The feed: tells every open page of what changes, as far as its person may see it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
from aiohttp import WSCloseCode, web

from demo.page import serializers
from demo.page.csrf import check_same_origin
from demo.page.sessions import ViewerSessions
from demo.services import ServiceControl
from fakes.discord import HumanUser, Message
from fakes.discord.model.json_types import Json

_HEARTBEAT = 20.0
_encode = msgspec.json.Encoder().encode


@dataclass(eq=False)
class _OpenPage:
    """An open page: who looks at it, and what it has yet to be told."""

    viewer: HumanUser
    socket: web.WebSocketResponse
    outbox: asyncio.Queue[bytes] = field(default_factory=asyncio.Queue)

    def send(self, event: Json) -> None:
        self.outbox.put_nowait(_encode(event))

    async def run(self) -> None:
        """Send what is in the outbox, for as long as the page is open."""
        while not self.socket.closed:
            news = await self.outbox.get()
            try:
                await self.socket.send_str(news.decode())
            except ConnectionError:
                return


class EventStream:
    """The open pages."""

    def __init__(self, sessions: ViewerSessions, services: ServiceControl) -> None:
        self._sessions = sessions
        self._services = services
        self._pages: set[_OpenPage] = set()
        self._unsubscribe: list[Callable[[], None]] = []

    def add_routes(self, app: web.Application) -> None:
        """Serve the feed, from the start of the application to its end."""
        app.router.add_get("/page/feed", self._serve)
        app.on_startup.append(self._start)
        app.on_shutdown.append(self._stop)

    async def _start(self, _: web.Application) -> None:
        self._unsubscribe = [
            self._sessions.state.add_listener(self._on_change),
            self._services.add_listener(self._on_service_change),
        ]

    async def _stop(self, _: web.Application) -> None:
        for end in self._unsubscribe:
            end()
        for page in tuple(self._pages):
            await page.socket.close(code=WSCloseCode.GOING_AWAY)

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        """Tell one page everything, then every change; it has nothing to say on this line."""
        check_same_origin(request)
        person = self._viewer(request.query.get("as", ""))
        socket = web.WebSocketResponse(heartbeat=_HEARTBEAT)
        await socket.prepare(request)
        page = _OpenPage(person, socket)
        page.send(self._full_state(person))
        self._pages.add(page)
        delivering = asyncio.create_task(page.run())
        try:
            async for _ in socket:
                pass
        finally:
            self._pages.discard(page)
            delivering.cancel()
        return socket

    def _viewer(self, name: str) -> HumanUser:
        """Return who is called so, else the first member."""
        try:
            people = self._sessions.viewers()
        except LookupError:
            people = []
        if not people:
            raise web.HTTPServiceUnavailable(text="nobody is here yet")
        return next((person for person in people if person.name == name), people[0])

    def _full_state(self, person: HumanUser) -> Json:
        return serializers.full_state(self._sessions, person, self._services)

    def _on_change(self, kind: str, subject: object) -> None:
        for page in self._pages:
            if not isinstance(subject, Message):
                page.send(self._full_state(page.viewer))
            elif kind == "MESSAGE_DELETE":
                page.send({"kind": "gone", "message": str(subject.id)})
            elif self._is_visible(page.viewer, subject):
                page.send({"kind": "message", "message": serializers.message(subject)})

    def _is_visible(self, person: HumanUser, message: Message) -> bool:
        seats = self._sessions.clients(person)
        return any(seat.channel is message.channel and message in seat.messages for seat in seats)

    def _on_service_change(self) -> None:
        news = {
            "kind": "standings",
            "standings": serializers.service_statuses(self._services.statuses()),
        }
        for page in self._pages:
            page.send(news)

    def remove_message(self, person: HumanUser, message_id: str) -> None:
        """Take a message off all pages of the person who clicked it away."""
        for page in self._pages:
            if page.viewer is person:
                page.send({"kind": "gone", "message": message_id})
