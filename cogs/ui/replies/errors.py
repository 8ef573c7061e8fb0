"""One sentence for everything that can go wrong, and what to do about it."""

from datetime import date

from discord import app_commands

from cogs.ui.formatting import day_name, timestamp_relative
from cogs.ui.replies.campus import MODERATORS_ONLY, campus_error_message
from cogs.ui.replies.lookup_errors import (
    feature_error_message,
    place_error_message,
    time_error_message,
)
from core.errors import (
    AmbiguousBuildingError,
    AmbiguousRoomError,
    AmbiguousWhenError,
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
from core.lookup.question import UnclearQuestionError

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
        case (
            UnknownBuildingError()
            | UnknownRoomError()
            | AmbiguousBuildingError()
            | AmbiguousRoomError()
        ):
            return place_error_message(error)
        case UnknownFeatureError():
            return feature_error_message(error)
        case TooManyBuildingsError() | TooManyFeaturesError() | OutdatedComponentError():
            return _beyond_custom_ids(error)
        case (
            InvalidTimeError()
            | InvalidDateError()
            | InvalidDurationError()
            | AmbiguousWhenError()
            | ConflictingTimesError()
        ):
            return time_error_message(error)
        case UnclearQuestionError():
            return _user_error_message(error.cause)
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


def unexpected_error_message(reference: str) -> str:
    """Return the sentence for a fault of ours; the log has the same reference."""
    return f"Something went wrong on our side (ref {reference}). Please try again."


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
