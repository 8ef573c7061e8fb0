"""What `/help` shows, and the hint at the daily summary."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from discord import ui

from cogs.ui.formatting import escape_name, timestamp_relative
from cogs.ui.layout import GREEN, container_view

_ABOUT = (
    "## I find you an empty classroom\n"
    "Ask for now or for later, for as long as you need the room, for people or equipment.\n"
    "Free means that nothing is booked: someone may be inside, and some doors need a card.\n"
    "If I don't know whether a room is free, I say so."
)
_PRIVACY = (
    "**Privacy:** I keep booking times, how many rooms were free, and what servers and members "
    "set: the channel of a daily summary, a campus. No names, and nothing that you type."
)


@dataclass(frozen=True, slots=True)
class HelpReplyData:
    """All that `/help` shows.

    `commands` are (full name, description) of those that the reader may use. `campus` is None
    where none is chosen, `read_at` where nothing has been read, `operator` where Discord does
    not name one, `privacy_url` where the operator has set none.
    """

    commands: Sequence[tuple[str, str]]
    command_ids: Mapping[str, int]
    campus: str | None
    read_at: datetime | None
    operator: str | None
    privacy_url: str | None
    project: str


def help_reply(reply: HelpReplyData) -> ui.LayoutView:
    """Lay out what the bot does, its commands, and whose it is."""
    commands = [
        f"{command_mention(name, reply.command_ids)} · {description}"
        for name, description in reply.commands
    ]
    return container_view(
        _ABOUT,
        "\n".join(commands),
        "\n".join([_data_line(reply), _privacy_line(reply), _operator_line(reply)]),
        colour=GREEN,
    )


def command_mention(name: str, ids: Mapping[str, int]) -> str:
    """Return a command that can be tapped, or its name where its id is not known."""
    command_id = ids.get(name.partition(" ")[0])
    return f"</{name}:{command_id}>" if command_id else f"`/{name}`"


def digest_hint(ids: Mapping[str, int]) -> str:
    """Return what a moderator is told once, where a server has no daily summary."""
    return (
        f"Only you see this, once: {command_mention('digest set', ids)} posts a summary of free "
        "rooms in a channel every morning."
    )


def _data_line(reply: HelpReplyData) -> str:
    if reply.campus is None:
        return "**Data:** bookings come from the booking system of your campus."
    campus = escape_name(reply.campus)
    if reply.read_at is None:
        return f"**Data:** bookings come from the booking system of {campus}. Not checked yet."
    checked = timestamp_relative(reply.read_at)
    return f"**Data:** bookings come from the booking system of {campus}, checked {checked}."


def _privacy_line(reply: HelpReplyData) -> str:
    if reply.privacy_url is None:
        return _PRIVACY
    return f"{_PRIVACY} Privacy policy: <{reply.privacy_url}>"


def _operator_line(reply: HelpReplyData) -> str:
    code = f"The code is open: <{reply.project}>"
    if reply.operator is None:
        return f"**Who runs this:** ask whoever added the bot. {code}"
    return f"**Who runs this:** {escape_name(reply.operator)}. {code}"
