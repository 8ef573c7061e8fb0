"""One sentence for everything that can go wrong, and what to do about it."""

from datetime import date

from discord import app_commands

from cogs.ui.formatting import day_name, escape_name, quote_input, timestamp_relative
from cogs.ui.replies.campus import MODERATORS_ONLY, campus_error_message
from core.errors import (
    AmbiguousBuildingError,
    AmbiguousRoomError,
    CampusNotConfiguredError,
    ConflictingTimesError,
    InvalidDateError,
    InvalidDurationError,
    InvalidTimeError,
    NoCampusSelectedError,
    NoDataError,
    OutdatedComponentError,
    RefreshTooSoonError,
    SourceError,
    SourceFormatError,
    SourceRefusedError,
    StoreUnavailableError,
    TooManyBuildingsError,
    TooManyFeaturesError,
    UnknownBuildingError,
    UnknownCampusError,
    UnknownFeatureError,
    UnknownRoomError,
    UserError,
)

EXPIRED_MENU = "This message is too old to use. Run /free again."
CANNOT_SHARE_HERE = "You can't post in this channel, so I can't share it for you here."
STALE_COMMAND = "Discord still shows you an older form of this command. Please try again."
STORE_UNAVAILABLE = "I can't reach my store just now. Try again in a minute."
NOT_ALLOWED = "You may not do that here."
TOO_MANY_BUILDINGS = (
    "That's too many buildings. Name up to 5, or leave it empty for the whole campus."
)
IN_SERVERS_ONLY = "That works in servers only."
DISCORD_REJECTED = "Discord did not take my answer. Please try again."


def error_message(error: Exception) -> str | None:
    """Return the sentence for an error that we know, None for one that is a fault of ours."""
    match error:
        case UserError():
            return _user_error_message(error)
        case SourceError():
            return (
                f"{_source_message(error)} Nothing has changed: what was known before still stands."
            )
        case StoreUnavailableError():
            return STORE_UNAVAILABLE
        case app_commands.CommandSignatureMismatch() | app_commands.CommandNotFound():
            return STALE_COMMAND
        case app_commands.NoPrivateMessage():
            return IN_SERVERS_ONLY
        case app_commands.MissingPermissions():
            return MODERATORS_ONLY
        case app_commands.CheckFailure():
            return NOT_ALLOWED
        case _:
            return None


def _user_error_message(error: UserError) -> str | None:
    """Return the sentence for what a member can ask better."""
    match error:
        case NoCampusSelectedError() | CampusNotConfiguredError() | UnknownCampusError():
            return campus_error_message(error)
        case UnknownBuildingError():
            return _unknown_building(error)
        case UnknownRoomError():
            return _unknown_room(error)
        case AmbiguousBuildingError() | AmbiguousRoomError():
            return _several(error)
        case UnknownFeatureError():
            return _unknown_feature(error)
        case TooManyBuildingsError() | TooManyFeaturesError() | OutdatedComponentError():
            return _beyond_custom_ids(error)
        case InvalidTimeError() | InvalidDateError() | InvalidDurationError():
            return _invalid_time(error)
        case ConflictingTimesError():
            texts = " and ".join(f'"{quote_input(each)}"' for each in error.typed)
            return f"{texts} do not go together. Leave one of them out."
        case NoDataError():
            return _no_data(error)
        case RefreshTooSoonError():
            return (
                f"Refreshed {timestamp_relative(error.read_at)}. "
                f"Possible again {timestamp_relative(error.allowed_at)}."
            )
        case _:
            return None


def _beyond_custom_ids(
    error: TooManyBuildingsError | TooManyFeaturesError | OutdatedComponentError,
) -> str:
    if isinstance(error, TooManyFeaturesError):
        return f"That's too much equipment. Name up to {error.limit} things."
    return TOO_MANY_BUILDINGS if isinstance(error, TooManyBuildingsError) else EXPIRED_MENU


def _invalid_time(error: InvalidTimeError | InvalidDateError | InvalidDurationError) -> str:
    typed = quote_input(error.typed)
    if isinstance(error, InvalidTimeError):
        return f'I can\'t read the time "{typed}". Try 14:30, 2:30 pm, now or +45.'
    if isinstance(error, InvalidDateError):
        return f'I can\'t read the date "{typed}". Try 2026-03-03, today, tomorrow or a weekday.'
    return f'I can\'t read the duration "{typed}". Try 90, 2h or until 5 pm.'


def unexpected_error_message(reference: str) -> str:
    """Return the sentence for a fault of ours; the log has the same reference."""
    return f"Something went wrong on our side (ref {reference}). Please try again."


def _unknown_building(error: UnknownBuildingError) -> str:
    not_found = f'No building called "{quote_input(error.typed)}".'
    if not error.suggestions:
        return f"{not_found} The list that appears as you type has them all."
    names = [f"{escape_name(code)} ({escape_name(name)})" for code, name in error.suggestions]
    return f"{not_found} Did you mean {' or '.join(names)}?"


def _unknown_room(error: UnknownRoomError) -> str:
    not_found = f'No room called "{quote_input(error.typed)}".'
    if not error.suggestions:
        return f"{not_found} The list that appears as you type has them all."
    return f"{not_found} Did you mean {' or '.join(map(escape_name, error.suggestions))}?"


def _several(error: AmbiguousBuildingError | AmbiguousRoomError) -> str:
    names = [escape_name(name) for _, name in error.candidates]
    return f'Several are called "{quote_input(error.typed)}": {" or ".join(names)}?'


def _unknown_feature(error: UnknownFeatureError) -> str:
    if not error.has_features:
        return "Nobody has told me which rooms here have what."
    not_found = f'No room has "{quote_input(error.typed)}".'
    if not error.suggestions:
        return f"{not_found} The list that appears as you type has all there is."
    return f"{not_found} Did you mean {' or '.join(map(escape_name, error.suggestions))}?"


def _no_data(error: NoDataError) -> str:
    if error.first_known is None or error.last_known is None:
        again = f" I try again {timestamp_relative(error.retry_at)}." if error.retry_at else ""
        return (
            "The booking site does not answer and nothing is stored for "
            f"{day_name(error.day)}.{again}"
        )
    return (
        f"Nothing is known for {_date_with_year(error.day)}. "
        f"Ask for a day from {_date_with_year(error.first_known)} "
        f"to {_date_with_year(error.last_known)}."
    )


def _date_with_year(day: date) -> str:
    return f"{day_name(day)} {day.year}"


def _source_message(error: SourceError) -> str:
    if isinstance(error, SourceRefusedError):
        return f"The booking site does not let me read ({error.kind})."
    if isinstance(error, SourceFormatError):
        return f"The booking site answered something I don't understand ({error.kind})."
    return f"The booking site does not answer ({error.kind})."
