"""What the page is told, in JSON: everything at once, a message, a form, the commands."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from playground.control import Part, Standing
from playground.local_discord import Message, Modal, Person, Seat, payloads
from playground.local_discord.commands import SUBCOMMAND, SUBCOMMAND_GROUP
from playground.local_discord.json_types import Json
from playground.page.seating import Seating

_NEWEST = 100
_MILLISECOND = timedelta(milliseconds=1)


def everything(seating: Seating, person: Person, standings: Mapping[Part, Standing]) -> Json:
    """Return all that a person sees.

    `now` is the time of that world, in milliseconds, as the browser's clock may differ.
    """
    server, world = seating.server, seating.world
    seats = seating.seats(person)
    return {
        "kind": "state",
        "now": world.now().timestamp() * 1000,
        "me": str(person.id),
        "server": {"id": str(server.id), "name": server.name},
        "bot": payloads.user(world.bot),
        "people": [_someone(seating, each) for each in seating.people()],
        "roles": [{"id": str(role.id), "name": role.name} for role in server.roles.values()],
        "channels": [_channel(seating, seat) for seat in seats],
        "messages": {
            str(seat.channel.id): [message(each) for each in seat.messages[-_NEWEST:]]
            for seat in seats
        },
        "standings": standing(standings),
    }


def _someone(seating: Seating, person: Person) -> Json:
    return {**payloads.user(person), "moderator": seating.is_moderator(person)}


def _channel(seating: Seating, seat: Seat) -> Json:
    channel = seat.channel
    return {
        "id": str(channel.id),
        "name": channel.name,
        "topic": channel.topic,
        "type": int(channel.kind),
        "can_write": seating.may_write(seat),
    }


def message(one: Message) -> Json:
    """Return a message; a private one only goes to the person whom it is for."""
    return {**payloads.message(one), "private": one.private_to is not None}


def form(modal: Modal) -> Json:
    """Return a form that the bot has opened."""
    return {
        "custom_id": modal.custom_id,
        "title": modal.title,
        "components": modal.components,
    }


def standing(standings: Mapping[Part, Standing]) -> Json:
    """Return how the parts of the playground are."""
    return {
        part: {"health": each.health.value, "name": each.name, "can_switch": each.can_switch}
        for part, each in standings.items()
    }


def commands(seating: Seating, seat: Seat) -> list[Json]:
    """Return the commands that are offered there, with their options as they are registered."""
    offered = seating.commands(seat)
    about: dict[str, str] = {}
    for command in seating.world.commands.in_server(seating.server.id):
        for name, description in _descriptions(command):
            about.setdefault(name, description)
    return [
        {"name": name, "description": about[name], "options": seat.options_of(name)}
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
