"""Sentences for what members typed and the bot could not find: places, equipment, times."""

from collections.abc import Sequence

from cogs.ui.formatting import escape_name, quote_input
from core.errors import (
    AmbiguousBuildingError,
    AmbiguousRoomError,
    AmbiguousWhenError,
    ConflictingTimesError,
    InvalidDateError,
    InvalidDurationError,
    InvalidTimeError,
    UnknownBuildingError,
    UnknownFeatureError,
    UnknownRoomError,
)

_MAX_LISTED = 3
_MAX_LISTED_LENGTH = 40

TimeError = (
    InvalidTimeError
    | InvalidDateError
    | InvalidDurationError
    | AmbiguousWhenError
    | ConflictingTimesError
)
PlaceError = UnknownBuildingError | UnknownRoomError | AmbiguousBuildingError | AmbiguousRoomError


def time_error_message(error: TimeError) -> str:
    """Return one of these sentences.

    - I didn't get "asdf". Try "3pm", "tomorrow 10am" or "in 45 min".
    - I didn't get "asdf". Try "tomorrow", "Fri" or "Mar 4".
    - I didn't get "asdf". Try "2h", "90 min" or "until 5pm".
    - Is "+2" minutes or hours?
    - "tomorrow" and "friday" don't go together. Leave one of them out.
    """
    match error:
        case InvalidTimeError():
            return f'{_not_understood(error.typed)} Try "3pm", "tomorrow 10am" or "in 45 min".'
        case InvalidDateError():
            return f'{_not_understood(error.typed)} Try "tomorrow", "Fri" or "Mar 4".'
        case InvalidDurationError():
            return f'{_not_understood(error.typed)} Try "2h", "90 min" or "until 5pm".'
        case AmbiguousWhenError():
            return f"Is {_quoted(error.typed)} minutes or hours?"
        case ConflictingTimesError():
            return f"{_quoted(error.typed)} don't go together. Leave one of them out."


def place_error_message(error: PlaceError) -> str:
    """Return one of these sentences.

    - No building here is called "CASS". Did you mean CAS (Arts & Sciences)?
    - No building here is called "zzz". Try "CAS", or pick one from the list as you type.
    - No room here is called "crn 1". Did you mean CRN 100 or CRN 131?
    - No room here is called "zzz". Try "CRN 131", or pick one from the list as you type.
    - Several are called "center": Crane Science Center or Grove Arts Center?
    """
    match error:
        case AmbiguousBuildingError() | AmbiguousRoomError():
            names = [name for _, name in error.candidates]
            return f'Several are called "{quote_input(error.typed)}": {_either(names)}?'
        case UnknownBuildingError():
            names = [f"{code} ({name})" for code, name in error.suggestions]
            return _not_found("building", error.typed, names, error.example)
        case UnknownRoomError():
            return _not_found("room", error.typed, error.suggestions, error.example)


def feature_error_message(error: UnknownFeatureError) -> str:
    """Return one of these sentences.

    - I don't know what equipment the rooms here have.
    - "wheelchair" is not listed for any room here. Listed are Piano, Projector and 3 more.
    - "projecter" is not listed for any room here. Did you mean Projector?
    """
    if not error.listed:
        return "I don't know what equipment the rooms here have."
    not_listed = f'"{quote_input(error.typed)}" is not listed for any room here.'
    if error.suggestions:
        return f"{not_listed} Did you mean {_either(error.suggestions)}?"
    names = [_shortened(each) for each in error.listed[:_MAX_LISTED]]
    more = len(error.listed) - len(names)
    listed = ", ".join(names) + (f" and {more} more" if more else "")
    return f"{not_listed} Listed: {listed}."


def _not_understood(typed: str) -> str:
    return f'I didn\'t get "{quote_input(typed)}".'


def _quoted(texts: Sequence[str]) -> str:
    return " and ".join(f'"{quote_input(each)}"' for each in texts)


def _not_found(kind: str, typed: str, suggestions: Sequence[str], example: str) -> str:
    not_found = f'No {kind} here is called "{quote_input(typed)}".'
    if suggestions:
        return f"{not_found} Did you mean {_either(suggestions)}?"
    if not example:
        return f"{not_found} Pick one from the list as you type."
    return f'{not_found} Try "{_shortened(example)}", or pick one from the list as you type.'


def _either(names: Sequence[str]) -> str:
    """Return `A, B or C`."""
    *others, last = map(escape_name, names)
    return f"{', '.join(others)} or {last}" if others else last


def _shortened(name: str) -> str:
    is_short = len(name) <= _MAX_LISTED_LENGTH
    return escape_name(name if is_short else name[: _MAX_LISTED_LENGTH - 1] + "…")
