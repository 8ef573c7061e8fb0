"""What can be done on the page: each action is a POST of JSON, and goes through a seat.

The answer is JSON with an `outcome`: "done", "refused" (by the client: the bot never heard of it),
"failed" (the bot did not respond), "form" (it has opened one) or "choices".
"""

from collections.abc import Awaitable, Callable
from typing import Any, Literal, TypeVar

import msgspec
from aiohttp import web

from demo.page import serializers
from demo.page.csrf import check_same_origin
from demo.page.event_stream import EventStream
from demo.page.option_ids import resolve_ids
from demo.page.sessions import ViewerSessions
from demo.services import CannotToggleError, ServiceControl
from fakes.discord import (
    ClientRefusal,
    ClientReply,
    InteractionFailed,
    Message,
    NoReply,
    UserClient,
)
from fakes.discord.model.json_types import Json

OptionValue = str | int | float | bool
_DONE: Json = {"outcome": "done"}
_encode = msgspec.json.Encoder().encode


class InChannel(msgspec.Struct):
    """Who does it, and in which channel."""

    person: str
    channel: str


class SlashCommand(InChannel):
    """A command is entered."""

    command: str
    options: dict[str, OptionValue]


class Autocomplete(SlashCommand):
    """An option is being typed; `options` holds the others."""

    option: str
    typed: OptionValue


class PressButton(InChannel):
    """A button of a message is pressed."""

    message: str
    button: str


class ChooseOptions(InChannel):
    """Something is chosen from a select of a message."""

    message: str
    select: str
    values: list[str]


class SubmitModal(InChannel):
    """The form that is open is sent; values by custom id."""

    values: dict[str, str | list[str] | bool]


class SendMessage(InChannel):
    """A message is written."""

    text: str


class DismissMessage(InChannel):
    """A private message is clicked away."""

    message: str


class ToggleService(msgspec.Struct):
    """A part is taken away or brought back."""

    part: Literal["store", "source"]
    up: bool


class RestartBot(msgspec.Struct):
    """The bot is ended and started again."""


class PretendMoment(msgspec.Struct):
    """The bot is started again at another moment; an empty one is the real time."""

    moment: str


ActionT = TypeVar("ActionT", bound=msgspec.Struct)


class PageActions:
    """The endpoints of the page."""

    def __init__(
        self, sessions: ViewerSessions, services: ServiceControl, events: EventStream
    ) -> None:
        self._sessions = sessions
        self._services = services
        self._events = events

    def add_routes(self, app: web.Application) -> None:
        """Put all endpoints into an application."""
        _add(app, "commands", InChannel, self._list_commands)
        _add(app, "slash", SlashCommand, self._run_command)
        _add(app, "complete", Autocomplete, self._autocomplete)
        _add(app, "press", PressButton, self._press_button)
        _add(app, "choose", ChooseOptions, self._choose_options)
        _add(app, "fill", SubmitModal, self._submit_modal)
        _add(app, "say", SendMessage, self._send_message)
        _add(app, "dismiss", DismissMessage, self._dismiss_message)
        _add(app, "switch", ToggleService, self._toggle_service)
        _add(app, "restart", RestartBot, self._restart_bot)
        _add(app, "pretend", PretendMoment, self._pretend_moment)

    def _client(self, place: InChannel) -> UserClient:
        return self._sessions.client(place.person, place.channel)

    async def _list_commands(self, action: InChannel) -> Json:
        return {
            "outcome": "done",
            "commands": serializers.commands(self._sessions, self._client(action)),
        }

    async def _run_command(self, action: SlashCommand) -> Json:
        seat = self._client(action)
        options = resolve_ids(self._sessions, seat.options_of(action.command), action.options)
        return _reply_outcome(await seat.slash(action.command, **options))

    async def _autocomplete(self, action: Autocomplete) -> Json:
        seat = self._client(action)
        options = resolve_ids(self._sessions, seat.options_of(action.command), action.options)
        found = await seat.autocomplete(action.command, action.option, action.typed, **options)
        choices = [{"name": name, "value": value} for name, value in found]
        return {"outcome": "choices", "choices": choices}

    async def _press_button(self, action: PressButton) -> Json:
        seat = self._client(action)
        return _reply_outcome(await seat.press(_find_message(seat, action.message), action.button))

    async def _choose_options(self, action: ChooseOptions) -> Json:
        seat = self._client(action)
        message = _find_message(seat, action.message)
        return _reply_outcome(await seat.choose(message, action.select, *action.values))

    async def _submit_modal(self, action: SubmitModal) -> Json:
        return _reply_outcome(await self._client(action).submit_modal(dict(action.values)))

    async def _send_message(self, action: SendMessage) -> Json:
        self._client(action).send_message(action.text)
        return _DONE

    async def _dismiss_message(self, action: DismissMessage) -> Json:
        seat = self._client(action)
        seat.dismiss(_find_message(seat, action.message))
        self._events.remove_message(self._sessions.viewer(action.person), action.message)
        return _DONE

    async def _toggle_service(self, action: ToggleService) -> Json:
        act = self._services.start if action.up else self._services.stop
        await act(action.part)
        return _DONE

    async def _restart_bot(self, _: RestartBot) -> Json:
        await self._services.restart_bot()
        return _DONE

    async def _pretend_moment(self, action: PretendMoment) -> Json:
        await self._services.pretend(action.moment)
        return _DONE


def _find_message(seat: UserClient, message_id: str) -> Message:
    for message in seat.messages:
        if str(message.id) == message_id:
            return message
    raise ClientRefusal("This message is not there any more")


def _reply_outcome(reply: ClientReply) -> Json:
    return {"outcome": "form", "form": serializers.form(reply.modal)} if reply.modal else _DONE


def _add(
    app: web.Application,
    name: str,
    kind: type[ActionT],
    act: Callable[[ActionT], Awaitable[Json]],
) -> None:
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(kind)

    async def serve(request: web.Request) -> web.Response:
        check_same_origin(request)
        try:
            answer = await _outcome_of(act(decoder.decode(await request.read())))
        except msgspec.DecodeError as err:
            raise web.HTTPBadRequest(text=str(err)) from err
        except LookupError as err:
            raise web.HTTPNotFound(text=str(err)) from err
        return web.Response(body=_encode(answer), content_type="application/json")

    app.router.add_post(f"/page/{name}", serve)


async def _outcome_of(doing: Awaitable[Json]) -> Json:
    try:
        return await doing
    except (ClientRefusal, CannotToggleError) as err:
        return {"outcome": "refused", "words": str(err)}
    except InteractionFailed as err:
        return {"outcome": "failed", "words": str(err)}
    except NoReply:
        return _DONE  # It has said that it is thinking, and that stands in the channel.
