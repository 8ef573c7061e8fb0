"""What can go wrong, by who has to do something about it.

ClassroomError
├── SettingsError                environment or campus file is faulty, all faults at once
├── StartError                   something that the bot cannot start without is not there
├── UserError                  a member can do something about it
│   ├── NoCampusSelectedError      several campuses, and none was chosen here
│   ├── CampusNotConfiguredError     the campus that was chosen is not read any more
│   ├── UnknownCampusError       no such campus
│   ├── UnknownBuildingError     no such building
│   ├── UnknownRoomError         no such room, or more than one
│   ├── AmbiguousBuildingError   several buildings of that name
│   ├── AmbiguousRoomError       several rooms of that name
│   ├── UnknownFeatureError      no room has such a feature
│   ├── TooManyBuildingsError    more buildings than one question can carry
│   ├── TooManyFeaturesError     more features than one question can carry
│   ├── OutdatedComponentError   a button of what the campus does not have any more
│   ├── InvalidTimeError      not a time we understand
│   ├── InvalidDateError      not a date we understand
│   ├── InvalidDurationError     not a duration we understand
│   ├── AmbiguousWhenError       a time of which nobody can know which is meant
│   ├── ConflictingTimesError    times that do not go together
│   ├── NoDataError              nothing is known for that day
│   └── RefreshTooSoonError      the last refresh is too young
├── SourceError                  bookings cannot be had now
│   ├── SourceUnavailableError   no answer, 429, 5xx: trying again may help
│   ├── SourceRefusedError       login page, 401, 403, 404, empty for everybody
│   └── SourceFormatError       an answer that we do not understand
└── StoreUnavailableError        Redis did not answer (handled inside the schedule)

No class holds a sentence for members: `cogs/ui/replies` makes those from the fields.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal


class ClassroomError(Exception):
    """The base of all errors that are ours."""


class SettingsError(ClassroomError):
    """The environment or a campus file is faulty; `faults` holds one line for each fault."""

    def __init__(self, issues: Sequence[str]) -> None:
        super().__init__("\n".join(issues))
        self.issues = tuple(issues)


class StartError(ClassroomError):
    """The bot cannot start; the message says what the operator has to do."""


class UserError(ClassroomError):
    """A member asked for something that cannot be, and can ask better."""


class NoCampusSelectedError(UserError):
    """There are several campuses, and none was chosen: `in_server`, or by the member."""

    def __init__(self, *, in_guild: bool) -> None:
        super().__init__("no campus chosen")
        self.in_guild = in_guild


class CampusNotConfiguredError(UserError):
    """The campus `campus` is not read any more; it was named by who chose it, or by a message."""

    def __init__(self, campus: str, *, selected_by: Literal["server", "member", "message"]) -> None:
        super().__init__(f"campus {campus!r} is not served")
        self.campus = campus
        self.selected_by = selected_by


class UnknownCampusError(UserError):
    """There is no campus `asked`; `nearest` are the names of those that are nearest."""

    def __init__(self, typed: str, suggestions: Sequence[str]) -> None:
        super().__init__(f"no campus {typed!r}")
        self.typed = typed
        self.suggestions = tuple(suggestions)


class UnknownBuildingError(UserError):
    """The campus has no building `typed`; `suggestions` are (code, name) pairs, best first.

    `example` is a name that the campus has, empty where it is not known which campus is meant.
    """

    def __init__(
        self, typed: str, suggestions: Sequence[tuple[str, str]], *, example: str = ""
    ) -> None:
        super().__init__(f"no building {typed!r}")
        self.typed = typed
        self.suggestions = tuple(suggestions)
        self.example = example


class UnknownRoomError(UserError):
    """The campus has no room `typed`, or several; `suggestions` are labels, best first.

    `example` is the label of a room that the campus has.
    """

    def __init__(self, typed: str, suggestions: Sequence[str], *, example: str = "") -> None:
        super().__init__(f"no room {typed!r}")
        self.typed = typed
        self.suggestions = tuple(suggestions)
        self.example = example


class AmbiguousBuildingError(UserError):
    """Several buildings are called `typed`; `candidates` are their (code, name) pairs."""

    def __init__(self, typed: str, candidates: Sequence[tuple[str, str]]) -> None:
        super().__init__(f"several buildings {typed!r}")
        self.typed = typed
        self.candidates = tuple(candidates)


class AmbiguousRoomError(UserError):
    """Several rooms are called `typed`; `candidates` are their (id, label) pairs."""

    def __init__(self, typed: str, candidates: Sequence[tuple[str, str]]) -> None:
        super().__init__(f"several rooms {typed!r}")
        self.typed = typed
        self.candidates = tuple(candidates)


class UnknownFeatureError(UserError):
    """No room of the campus has the feature `typed`; `suggestions` are names, best first.

    `listed` are all features of the campus, none where its file has no features at all.
    """

    def __init__(self, typed: str, suggestions: Sequence[str], *, listed: Sequence[str]) -> None:
        super().__init__(f"no feature {typed!r}")
        self.typed = typed
        self.suggestions = tuple(suggestions)
        self.listed = tuple(listed)


class TooManyBuildingsError(UserError):
    """So many buildings cannot be asked about at once: buttons have no space to name them."""


class TooManyFeaturesError(UserError):
    """So many features cannot be asked about at once; `limit` can."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit} features")
        self.limit = limit


class OutdatedComponentError(UserError):
    """A component asks about something that the campus does not have any more."""


class InvalidTimeError(UserError):
    """`asked` is not a time of the day."""

    def __init__(self, typed: str) -> None:
        super().__init__(f"not a time: {typed!r}")
        self.typed = typed


class InvalidDateError(UserError):
    """`asked` is not a date."""

    def __init__(self, typed: str) -> None:
        super().__init__(f"not a date: {typed!r}")
        self.typed = typed


class InvalidDurationError(UserError):
    """`typed` is not a duration."""

    def __init__(self, typed: str) -> None:
        super().__init__(f"not a duration: {typed!r}")
        self.typed = typed


class AmbiguousWhenError(UserError):
    """The texts `typed` have two readings, and nobody can know which is meant: "+2"."""

    def __init__(self, typed: Sequence[str]) -> None:
        super().__init__("a time with two readings")
        self.typed = tuple(typed)


class ConflictingTimesError(UserError):
    """The texts `typed` are understood but name different times, days or durations."""

    def __init__(self, typed: Sequence[str]) -> None:
        super().__init__("times that do not go together")
        self.typed = tuple(typed)


class NoDataError(UserError):
    """Nothing is known of `day`.

    `first` and `last` bound the days that can be asked for, both None where nothing is stored;
    `retry_at` is when the source is asked again, None where that would not help.
    """

    def __init__(
        self,
        day: date,
        *,
        first_known: date | None,
        last_known: date | None,
        retry_at: datetime | None,
    ) -> None:
        super().__init__(f"nothing known of {day}")
        self.day = day
        self.first_known = first_known
        self.last_known = last_known
        self.retry_at = retry_at


class RefreshTooSoonError(UserError):
    """The data was read at `read_at`; a refresh can be asked for again at `possible_at`."""

    def __init__(self, *, read_at: datetime, allowed_at: datetime) -> None:
        super().__init__(f"cooldown until {allowed_at}")
        self.read_at = read_at
        self.allowed_at = allowed_at


class SourceError(ClassroomError):
    """Bookings cannot be had now; `kind` is one word or two for counts, logs and members."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind = kind


class SourceUnavailableError(SourceError):
    """The source did not answer; trying again may help."""


class SourceRefusedError(SourceError):
    """The source does not let us read; the operator has to look."""


class SourceFormatError(SourceError):
    """The source answered something that we do not understand; the operator has to look."""


class StoreUnavailableError(ClassroomError):
    """Redis did not answer."""
