"""One sentence for everything that can go wrong, and what to do about it."""

from datetime import date

from discord import app_commands

from cogs.replies.campus import no_campus
from cogs.replies.words import day_name, echo, plain, relative
from core.errors import (
    CampusNotServedError,
    MemberError,
    NoCampusPickedError,
    NoDataError,
    RefreshTooSoonError,
    SourceChangedError,
    SourceError,
    SourceRefusedError,
    StoreUnavailableError,
    TooManyBuildingsError,
    UnknownBuildingError,
    UnknownCampusError,
    UnknownFeatureError,
    UnknownRoomError,
    UnreadableDateError,
    UnreadableTimeError,
)

OLD_MENU = "This menu is from an older message. Use /free to ask anew."
NOT_HERE_SHARE = "You can't post in this channel, so I can't share it for you here."
STALE_COMMAND = "Discord still shows you an older form of this command. Please try again."
STORE_AWAY = "I can't reach my store just now. Try again in a minute."
NOT_ALLOWED = "You may not do that here."
TOO_MANY_BUILDINGS = "I can't look at so many buildings at once. Name fewer, or none for all."
IN_SERVERS_ONLY = "That works in servers only."
NOT_TAKEN = "Discord did not take my answer. Please try again."


def explain(error: Exception) -> str | None:
    """Return the sentence for an error that we know, None for one that is a fault of ours."""
    match error:
        case MemberError():
            return _asked(error)
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


def _asked(error: MemberError) -> str | None:
    """Return the sentence for what a member can ask better."""
    match error:
        case NoCampusPickedError() | CampusNotServedError() | UnknownCampusError():
            return no_campus(error)
        case UnknownBuildingError():
            return _unknown_building(error)
        case UnknownRoomError():
            return _unknown_room(error)
        case UnknownFeatureError():
            return _unknown_feature(error)
        case TooManyBuildingsError():
            return TOO_MANY_BUILDINGS
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


def _unknown_room(error: UnknownRoomError) -> str:
    asked = f'No room called "{echo(error.asked)}".'
    if not error.nearest:
        return f"{asked} The list that appears as you type has them all."
    return f"{asked} Did you mean {' or '.join(map(plain, error.nearest))}?"


def _unknown_feature(error: UnknownFeatureError) -> str:
    if not error.are_known:
        return "Nobody has told me which rooms here have what."
    asked = f'No room has "{echo(error.asked)}".'
    if not error.nearest:
        return f"{asked} The list that appears as you type has all there is."
    return f"{asked} Did you mean {' or '.join(map(plain, error.nearest))}?"


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
