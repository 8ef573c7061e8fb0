"""What can be done on the page: each action is a POST of JSON, and goes through a seat.

The answer is JSON with an `outcome`: "done", "refused" (by the client: the bot never heard of it),
"failed" (the bot did not respond), "form" (it has opened one) or "choices".
"""

from collections.abc import Awaitable, Callable
from typing import Any, Literal, TypeVar

import msgspec
from aiohttp import web

from playground.control import CannotSwitchError, Control
from playground.local_discord import (
    ClientRefusal,
    InteractionFailed,
    Message,
    NoAnswer,
    Reply,
    Seat,
)
from playground.local_discord.json_types import Json
from playground.page import sights
from playground.page.feed import Feed
from playground.page.guard import check_comes_from_here
from playground.page.seating import Seating
from playground.page.things import with_things

Typed = str | int | float | bool
_DONE: Json = {"outcome": "done"}
_encode = msgspec.json.Encoder().encode


class Somewhere(msgspec.Struct):
    """Who does it, and in which channel."""

    person: str
    channel: str


class Slash(Somewhere):
    """A command is entered."""

    command: str
    options: dict[str, Typed]


class Complete(Slash):
    """An option is being typed; `options` holds the others."""

    option: str
    typed: Typed


class Press(Somewhere):
    """A button of a message is pressed."""

    message: str
    button: str


class Choose(Somewhere):
    """Something is chosen from a select of a message."""

    message: str
    select: str
    values: list[str]


class Fill(Somewhere):
    """The form that is open is sent; values by custom id."""

    values: dict[str, str | list[str] | bool]


class Say(Somewhere):
    """A message is written."""

    text: str


class Dismiss(Somewhere):
    """A private message is clicked away."""

    message: str


class Switch(msgspec.Struct):
    """A part is taken away or brought back."""

    part: Literal["store", "source"]
    up: bool


class Restart(msgspec.Struct):
    """The bot is ended and started again."""


Asked = TypeVar("Asked", bound=msgspec.Struct)


class Actions:
    """The endpoints of the page."""

    def __init__(self, seating: Seating, control: Control, feed: Feed) -> None:
        self._seating = seating
        self._control = control
        self._feed = feed

    def add_to(self, app: web.Application) -> None:
        """Put all endpoints into an application."""
        _add(app, "commands", Somewhere, self._commands)
        _add(app, "slash", Slash, self._slash)
        _add(app, "complete", Complete, self._complete)
        _add(app, "press", Press, self._press)
        _add(app, "choose", Choose, self._choose)
        _add(app, "fill", Fill, self._fill)
        _add(app, "say", Say, self._say)
        _add(app, "dismiss", Dismiss, self._dismiss)
        _add(app, "switch", Switch, self._switch)
        _add(app, "restart", Restart, self._restart)

    def _seat(self, at: Somewhere) -> Seat:
        return self._seating.seat(at.person, at.channel)

    async def _commands(self, asked: Somewhere) -> Json:
        return {"outcome": "done", "commands": sights.commands(self._seating, self._seat(asked))}

    async def _slash(self, asked: Slash) -> Json:
        seat = self._seat(asked)
        options = with_things(self._seating, seat.options_of(asked.command), asked.options)
        return _shown(await seat.slash(asked.command, **options))

    async def _complete(self, asked: Complete) -> Json:
        seat = self._seat(asked)
        options = with_things(self._seating, seat.options_of(asked.command), asked.options)
        found = await seat.complete(asked.command, asked.option, asked.typed, **options)
        choices = [{"name": name, "value": value} for name, value in found]
        return {"outcome": "choices", "choices": choices}

    async def _press(self, asked: Press) -> Json:
        seat = self._seat(asked)
        return _shown(await seat.press(_message(seat, asked.message), asked.button))

    async def _choose(self, asked: Choose) -> Json:
        seat = self._seat(asked)
        message = _message(seat, asked.message)
        return _shown(await seat.choose(message, asked.select, *asked.values))

    async def _fill(self, asked: Fill) -> Json:
        return _shown(await self._seat(asked).fill_modal(dict(asked.values)))

    async def _say(self, asked: Say) -> Json:
        self._seat(asked).say(asked.text)
        return _DONE

    async def _dismiss(self, asked: Dismiss) -> Json:
        seat = self._seat(asked)
        seat.dismiss(_message(seat, asked.message))
        self._feed.dismissed(self._seating.person(asked.person), asked.message)
        return _DONE

    async def _switch(self, asked: Switch) -> Json:
        act = self._control.bring_back if asked.up else self._control.take_away
        await act(asked.part)
        return _DONE

    async def _restart(self, _: Restart) -> Json:
        await self._control.restart_bot()
        return _DONE


def _message(seat: Seat, message_id: str) -> Message:
    for message in seat.messages:
        if str(message.id) == message_id:
            return message
    raise ClientRefusal("This message is not there any more")


def _shown(reply: Reply) -> Json:
    return {"outcome": "form", "form": sights.form(reply.modal)} if reply.modal else _DONE


def _add(
    app: web.Application,
    name: str,
    kind: type[Asked],
    act: Callable[[Asked], Awaitable[Json]],
) -> None:
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(kind)

    async def serve(request: web.Request) -> web.Response:
        check_comes_from_here(request)
        try:
            answer = await _outcome(act(decoder.decode(await request.read())))
        except msgspec.DecodeError as err:
            raise web.HTTPBadRequest(text=str(err)) from err
        except LookupError as err:
            raise web.HTTPNotFound(text=str(err)) from err
        return web.Response(body=_encode(answer), content_type="application/json")

    app.router.add_post(f"/page/{name}", serve)


async def _outcome(doing: Awaitable[Json]) -> Json:
    try:
        return await doing
    except (ClientRefusal, CannotSwitchError) as err:
        return {"outcome": "refused", "words": str(err)}
    except InteractionFailed as err:
        return {"outcome": "failed", "words": str(err)}
    except NoAnswer:
        return _DONE  # It has said that it is thinking, and that stands in the channel.
