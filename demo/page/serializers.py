"""What the page is told, in JSON: everything at once, a message, a form, the commands."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from demo.page.sessions import ViewerSessions
from demo.services import ServiceControl, ServiceName, ServiceStatus
from fakes.discord import ClientModal, HumanUser, Message, UserClient
from fakes.discord.model import payloads
from fakes.discord.model.command_registry import SUBCOMMAND, SUBCOMMAND_GROUP
from fakes.discord.model.json_types import Json

_MAX_MESSAGES = 100
_MILLISECOND = timedelta(milliseconds=1)


def full_state(sessions: ViewerSessions, viewer: HumanUser, services: ServiceControl) -> Json:
    """Return all that a person sees.

    `now` is the time of that world, in milliseconds, as the browser's clock may differ.
    """
    server, world = sessions.guild, sessions.state
    seats = sessions.clients(viewer)
    return {
        "kind": "state",
        "now": world.now().timestamp() * 1000,
        "me": str(viewer.id),
        "server": {"id": str(server.id), "name": server.name},
        "bot": payloads.user(world.bot),
        "people": [_viewer(sessions, each) for each in sessions.viewers()],
        "roles": [{"id": str(role.id), "name": role.name} for role in server.roles.values()],
        "channels": [_channel(sessions, seat) for seat in seats],
        "messages": {
            str(seat.channel.id): [message(each) for each in seat.messages[-_MAX_MESSAGES:]]
            for seat in seats
        },
        "standings": service_statuses(services.statuses()),
        "pretended": services.pretended,
        "moments": [{"id": each.id, "label": each.label} for each in services.moments()],
    }


def _viewer(sessions: ViewerSessions, person: HumanUser) -> Json:
    return {**payloads.user(person), "moderator": sessions.is_moderator(person)}


def _channel(sessions: ViewerSessions, seat: UserClient) -> Json:
    channel = seat.channel
    return {
        "id": str(channel.id),
        "name": channel.name if channel.guild else sessions.state.bot.name,
        "is_direct": channel.guild is None,
        "topic": channel.topic,
        "type": int(channel.kind),
        "can_write": sessions.can_write(seat),
    }


def message(one: Message) -> Json:
    """Return a message; a private one only goes to the person whom it is for."""
    return {**payloads.message(one), "private": one.ephemeral_for is not None}


def form(modal: ClientModal) -> Json:
    """Return a form that the bot has opened."""
    return {
        "custom_id": modal.custom_id,
        "title": modal.title,
        "components": modal.components,
    }


def service_statuses(statuses: Mapping[ServiceName, ServiceStatus]) -> Json:
    """Return how the parts of the demo are."""
    return {
        part: {"health": each.health.value, "name": each.name, "can_switch": each.can_toggle}
        for part, each in statuses.items()
    }


def commands(sessions: ViewerSessions, seat: UserClient) -> list[Json]:
    """Return the commands that are offered there, with their options as they are registered."""
    offered = sessions.commands(seat)
    descriptions: dict[str, str] = {}
    for command in sessions.state.commands.available_in(sessions.guild.id):
        for name, description in _descriptions(command):
            descriptions.setdefault(name, description)
    return [
        {"name": name, "description": descriptions[name], "options": seat.options_of(name)}
        for name in offered
    ]


def _descriptions(command: Json) -> Iterator[tuple[str, str]]:
    """Yield the full name of a command, or of each of its sub-commands, and what it does."""
    nested: Iterable[Json] = [
        option
        for option in command.get("options") or []
        if option["type"] in (SUBCOMMAND, SUBCOMMAND_GROUP)
    ]
    if not nested:
        yield command["name"], command.get("description") or ""
    for option in nested:
        for name, description in _descriptions(option):
            yield f"{command['name']} {name}", description
