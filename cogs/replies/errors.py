"""One sentence for everything that can go wrong, and what to do about it."""

from datetime import date

from discord import app_commands

from cogs.replies.words import day_name, echo, plain, relative
from core.errors import (
    NoDataError,
    RefreshTooSoonError,
    SourceChangedError,
    SourceError,
    SourceRefusedError,
    StoreUnavailableError,
    UnknownBuildingError,
    UnreadableDateError,
    UnreadableTimeError,
)

OLD_MENU = "This menu is from an older message. Use /free to ask anew."
NOT_HERE_SHARE = "You can't post in this channel, so I can't share it for you here."
STALE_COMMAND = "Discord still shows you an older form of this command. Please try again."
STORE_AWAY = "I can't reach my store just now, where digests are kept. Try again in a minute."
NOT_ALLOWED = "You may not do that here."
IN_SERVERS_ONLY = "That works in servers only."


def explain(error: Exception) -> str | None:
    """Return the sentence for an error that we know, None for one that is a fault of ours."""
    match error:
        case UnknownBuildingError():
            return _unknown_building(error)
        case UnreadableTimeError():
            return f'I can\'t read the time "{echo(error.asked)}". Try 14:30, 2:30 pm, now or +45.'
        case UnreadableDateError():
            return (
                f'I can\'t read the date "{echo(error.asked)}". '
                "Try 2026-03-03, today, tomorrow or a weekday."
            )
        case NoDataError():
            return _no_data(error)
        case RefreshTooSoonError():
            return (
                f"Refreshed {relative(error.read_at)}. "
                f"Possible again {relative(error.possible_at)}."
            )
        case SourceError():
            return f"{_source(error)} Nothing has changed: what was known before still stands."
        case StoreUnavailableError():
            return STORE_AWAY
        case app_commands.CommandSignatureMismatch() | app_commands.CommandNotFound():
            return STALE_COMMAND
        case app_commands.NoPrivateMessage():
            return IN_SERVERS_ONLY
        case app_commands.CheckFailure():
            return NOT_ALLOWED
        case _:
            return None


def unexpected(reference: str) -> str:
    """Return the sentence for a fault of ours; the log has the same reference."""
    return f"Something went wrong on our side (ref {reference}). Please try again."


def _unknown_building(error: UnknownBuildingError) -> str:
    asked = f'No building called "{echo(error.asked)}".'
    if not error.nearest:
        return f"{asked} The list that appears as you type has them all."
    names = [f"{plain(code)} ({plain(name)})" for code, name in error.nearest]
    return f"{asked} Did you mean {' or '.join(names)}?"


def _no_data(error: NoDataError) -> str:
    if error.first is None or error.last is None:
        again = f" I try again {relative(error.retry_at)}." if error.retry_at else ""
        return (
            "The booking site does not answer and nothing is stored for "
            f"{day_name(error.day)}.{again}"
        )
    return (
        f"Nothing is known for {_dated(error.day)}. "
        f"Ask for a day from {_dated(error.first)} to {_dated(error.last)}."
    )


def _dated(day: date) -> str:
    return f"{day_name(day)} {day.year}"


def _source(error: SourceError) -> str:
    if isinstance(error, SourceRefusedError):
        return f"The booking site does not let me read ({error.kind})."
    if isinstance(error, SourceChangedError):
        return f"The booking site answered something I don't understand ({error.kind})."
    return f"The booking site does not answer ({error.kind})."
