"""The feed: tells every open page of what changes, as far as its person may see it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
from aiohttp import WSCloseCode, web

from playground.control import Control
from playground.local_discord import Message, Person
from playground.local_discord.json_types import Json
from playground.page import sights
from playground.page.guard import check_comes_from_here
from playground.page.seating import Seating

_HEARTBEAT = 20.0
_encode = msgspec.json.Encoder().encode


@dataclass(eq=False)
class _Page:
    """An open page: who looks at it, and what it has yet to be told."""

    person: Person
    socket: web.WebSocketResponse
    outbox: asyncio.Queue[bytes] = field(default_factory=asyncio.Queue)

    def tell(self, news: Json) -> None:
        self.outbox.put_nowait(_encode(news))

    async def deliver(self) -> None:
        """Send what is in the outbox, for as long as the page is open."""
        while not self.socket.closed:
            news = await self.outbox.get()
            try:
                await self.socket.send_str(news.decode())
            except ConnectionError:
                return


class Feed:
    """The open pages."""

    def __init__(self, seating: Seating, control: Control) -> None:
        self._seating = seating
        self._control = control
        self._pages: set[_Page] = set()
        self._ends: list[Callable[[], None]] = []

    def add_to(self, app: web.Application) -> None:
        """Serve the feed, from the start of the application to its end."""
        app.router.add_get("/page/feed", self._serve)
        app.on_startup.append(self._begin)
        app.on_shutdown.append(self._end)

    async def _begin(self, _: web.Application) -> None:
        self._ends = [
            self._seating.world.listen(self._changed),
            self._control.listen(self._stands_otherwise),
        ]

    async def _end(self, _: web.Application) -> None:
        for end in self._ends:
            end()
        for page in tuple(self._pages):
            await page.socket.close(code=WSCloseCode.GOING_AWAY)

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        """Tell one page everything, then every change; it has nothing to say on this line."""
        check_comes_from_here(request)
        person = self._person(request.query.get("as", ""))
        socket = web.WebSocketResponse(heartbeat=_HEARTBEAT)
        await socket.prepare(request)
        page = _Page(person, socket)
        page.tell(self._everything(person))
        self._pages.add(page)
        delivering = asyncio.create_task(page.deliver())
        try:
            async for _ in socket:
                pass
        finally:
            self._pages.discard(page)
            delivering.cancel()
        return socket

    def _person(self, name: str) -> Person:
        """Return who is called so, else the first member."""
        try:
            people = self._seating.people()
        except LookupError:
            people = []
        if not people:
            raise web.HTTPServiceUnavailable(text="nobody is here yet")
        return next((person for person in people if person.name == name), people[0])

    def _everything(self, person: Person) -> Json:
        return sights.everything(self._seating, person, self._control.standings())

    def _changed(self, kind: str, subject: object) -> None:
        for page in self._pages:
            if not isinstance(subject, Message):
                page.tell(self._everything(page.person))
            elif kind == "MESSAGE_DELETE":
                page.tell({"kind": "gone", "message": str(subject.id)})
            elif self._sees(page.person, subject):
                page.tell({"kind": "message", "message": sights.message(subject)})

    def _sees(self, person: Person, message: Message) -> bool:
        seats = self._seating.seats(person)
        return any(seat.channel is message.channel and message in seat.messages for seat in seats)

    def _stands_otherwise(self) -> None:
        news = {"kind": "standings", "standings": sights.standing(self._control.standings())}
        for page in self._pages:
            page.tell(news)

    def dismissed(self, person: Person, message_id: str) -> None:
        """Take a message off all pages of the person who clicked it away."""
        for page in self._pages:
            if page.person is person:
                page.tell({"kind": "gone", "message": message_id})
