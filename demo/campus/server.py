"""The 25Live of the demo campus: one port that can be taken away and brought back."""

from datetime import date
from types import TracebackType
from typing import Self

from aiohttp import web

from demo.campus.buildings import all_rooms
from demo.campus.live25_json import month_response, page_response

HOST = "127.0.0.1"
SEARCH_ID = "1000"
"""The saved search that holds every room."""

_RUN = "/25live/data/larkspur/run"

FORBIDDEN_ROOM, BROKEN_ROOM = "CRN 319", "ALD 205"
"""The rooms that cannot be read: one may not be seen by guests, one the server stumbles over."""

_XML_ERROR = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<r25:results xmlns:r25="http://www.collegenet.com/r25"><r25:error>'
    "<r25:msg_id>SY_E_DATAERROR</r25:msg_id><r25:msg>The data could not be read.</r25:msg>"
    "</r25:error></r25:results>"
)

_ROOMS = {str(place.id): (house, place) for house, place in all_rooms()}
_UNREADABLE_IDS = [
    place.id for _, place in all_rooms() if place.label in {FORBIDDEN_ROOM, BROKEN_ROOM}
]


class DemoCampusServer:
    """Serves the demo campus as 25Live does, to guests.

    `async with DemoCampus() as campus:` opens it on a free port, which it keeps when it is
    closed and opened again.
    """

    def __init__(self) -> None:
        self.port = 0
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """The instance's `run` folder, as a campus file names it."""
        return f"http://{HOST}:{self.port}{_RUN}"

    @property
    def is_open(self) -> bool:
        """Whether it answers."""
        return self._runner is not None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        err: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def open(self) -> None:
        """Answer, at the same port as before; without effect where it does.

        Raises:
            OSError: the port is taken by now.
        """
        if self._runner:
            return
        app = web.Application()
        app.router.add_get(f"{_RUN}/availability/availabilitydata.json", _availability)
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0)
        await runner.setup()
        try:
            await web.TCPSite(runner, HOST, self.port, reuse_address=True).start()
        except OSError:
            await runner.cleanup()
            raise
        self.port = int(runner.addresses[0][1])
        self._runner = runner

    async def close(self) -> None:
        """Close the port and every connection; who asks now is refused."""
        runner, self._runner = self._runner, None
        if runner:
            await runner.cleanup()


async def _availability(request: web.Request) -> web.Response:
    try:
        first = date.fromisoformat(request.query["start_dt"][:10])
        if request.query["comptype"] == "availability":
            return _search(request, first)
        return _room(request.query["space_id"], first)
    except (KeyError, ValueError) as err:
        raise web.HTTPBadRequest from err


def _search(request: web.Request, day: date) -> web.Response:
    if request.query["spaces_query_id"] != SEARCH_ID:
        return web.json_response({})
    page, size = int(request.query.get("page", "1")), int(request.query["page_size"])
    return web.json_response(page_response(day, page=page, size=size, without=_UNREADABLE_IDS))


def _room(room_id: str, first: date) -> web.Response:
    if room_id not in _ROOMS:
        return web.json_response({})
    house, place = _ROOMS[room_id]
    if place.label == FORBIDDEN_ROOM:
        raise web.HTTPForbidden
    if place.label == BROKEN_ROOM:
        return web.Response(text=_XML_ERROR, content_type="text/xml")
    return web.json_response(month_response(house, place, first))
