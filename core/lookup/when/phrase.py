"""The parts of a text about time: clock times, days, durations, each at most once."""

from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Literal

from core.model.calendar import DAY

Half = Literal["am", "pm"]
DayPart = Literal["morning", "afternoon", "evening", "tonight"]

_HALF_DAY = 12
_MAX_MINUTE = 59


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time on the face of a clock; `half` is None where am and pm are both possible.

    `is_24h` times have one reading only: "14:30", "07:05", midnight.
    """

    hour: int
    minute: int = 0
    half: Half | None = None
    is_24h: bool = False

    @property
    def readings(self) -> tuple[timedelta, ...]:
        """The times since midnight that this can be, in order."""
        minute = timedelta(minutes=self.minute)
        if self.is_24h or self.hour > _HALF_DAY:
            return (timedelta(hours=self.hour) + minute,)
        morning = timedelta(hours=self.hour % _HALF_DAY) + minute
        by_half = {"am": (morning,), "pm": (morning + DAY / 2,)}
        return by_half[self.half] if self.half else (morning, morning + DAY / 2)


def clock_time(
    hour: int, minute: int = 0, half: Half | None = None, *, is_24h: bool = False
) -> ClockTime | None:
    """Return a time of the clock, None where no clock shows it: 25:00, 12:60, 14 pm, 0 am."""
    has_half_hour = 1 <= hour <= _HALF_DAY
    is_past_midnight = hour > 24 or (hour == 24 and minute > 0)  # noqa: PLR2004 - hours of a day
    if is_past_midnight or minute > _MAX_MINUTE or (half and not has_half_hour):
        return None
    return ClockTime(hour, minute, half, is_24h or not has_half_hour)


@dataclass(frozen=True, slots=True)
class Phrase:
    """What was typed, in parts; a part that was not typed is None.

    `start` and `end` are clock times, `day` a date with `other_day` as its second reading,
    `offset` counts from now. `other_offset` and `other_duration` are second readings that are
    as likely as the first. A `day` that `is_weekday` may be a week later; one that
    `is_pinned` cannot be another. `is_24h` clock times have no second half: "2026-03-03 10:00".
    """

    start: ClockTime | None = None
    end: ClockTime | None = None
    part: DayPart | None = None
    day: date | None = None
    offset: timedelta | None = None
    duration: timedelta | None = None
    is_now: bool | None = None
    is_weekday: bool | None = None
    is_pinned: bool | None = None
    is_24h: bool | None = None
    other_day: date | None = None
    other_offset: timedelta | None = None
    other_duration: timedelta | None = None

    def merge(self, other: "Phrase", *, may_repeat: bool = False) -> "Phrase | None":
        """Return both together, None where both have the same part.

        Where one `may_repeat` what the other has, equal parts are no hindrance.
        """
        named = {
            each.name: value
            for each in fields(other)
            if (value := getattr(other, each.name)) is not None
        }
        common = {name: mine for name in named if (mine := getattr(self, name)) is not None}
        if common and not (may_repeat and common == {name: named[name] for name in common}):
            return None
        return replace(self, **named)

    @property
    def is_consistent(self) -> bool:
        """Tell whether the parts can stand together: "in 2 hours tomorrow" cannot."""
        from_now = self.offset is not None or self.is_now
        at_a_time = self.start is not None or self.part is not None
        has_two_lengths = self.end is not None and self.duration is not None
        has_no_start = self.end is not None and self.day is not None and not at_a_time
        has_two_starts = from_now and (at_a_time or self.day is not None)
        has_two_nows = self.offset is not None and self.is_now is not None
        return not (has_two_lengths or has_no_start or has_two_starts or has_two_nows)

    @property
    def start_in_part(self) -> ClockTime | None:
        """The start as the part of the day has it: "tomorrow afternoon at 3" is 3 pm."""
        if self.start is None or self.start.is_24h or self.start.half:
            return self.start
        if self.is_24h:
            return replace(self.start, is_24h=True)
        if self.part is None:
            return self.start
        return replace(self.start, half="am" if self.part == "morning" else "pm")
