"""Opening hours by weekday, planned closures, and the instants that both amount to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.model.calendar import DAY, local_to_utc
from core.model.interval import Interval

DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class DayHours:
    """Opening and closing time of one day, as wall clock times since its midnight.

    `closes` may be more than 24 hours: open past midnight.
    """

    opens: timedelta
    closes: timedelta

    def on(self, day: date, zone: ZoneInfo) -> Interval:
        """Return the hours as instants."""
        return Interval(local_to_utc(day, self.opens, zone), local_to_utc(day, self.closes, zone))


@dataclass(frozen=True, slots=True)
class PlannedClosure:
    """A time in which a building is closed against its weekly hours; `reason` may be empty."""

    interval: Interval
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """The opening hours of the seven weekdays, Monday first; None is a closed day.

    At least one day is open, and no day closes after the next one opens.
    """

    days: tuple[DayHours | None, ...]

    @classmethod
    def every_day(cls, opens: timedelta, closes: timedelta) -> "WeeklyHours":
        """Return the same hours for all days."""
        return cls((DayHours(opens, closes),) * DAYS_A_WEEK)

    @property
    def opens(self) -> timedelta:
        """The earliest opening time of the week."""
        return min(each.opens for each in self.days if each)

    @property
    def closes(self) -> timedelta:
        """The latest closing time of the week."""
        return max(each.closes for each in self.days if each)

    @property
    def is_daily(self) -> bool:
        """Whether all days have the same hours."""
        return len(set(self.days)) == 1

    @property
    def is_round_the_clock(self) -> bool:
        """Whether every day begins when the day before it ends."""
        return all(
            self.at(number) is not None and self.stays_open_after(number)
            for number in range(DAYS_A_WEEK)
        )

    def at(self, weekday: int) -> DayHours | None:
        """Return the hours of a weekday; any number, so that -1 is the Sunday before Monday."""
        return self.days[weekday % DAYS_A_WEEK]

    def touches_next(self, day: date) -> bool:
        """Tell whether a building that is open at the end of `day` stays open."""
        return self.stays_open_after(day.weekday())

    def stays_open_after(self, weekday: int) -> bool:
        """Tell whether a weekday's hours end when those of the next day begin."""
        hours, following = self.at(weekday), self.at(weekday + 1)
        return bool(hours and following and hours.closes == following.opens + DAY)

    def window(self, weekday: int) -> DayHours:
        """Return the hours of a weekday, or on a closed day the time in which others are open.

        That time never overlaps the hours of the days around it.
        """
        hours = self.at(weekday)
        if hours:
            return hours
        before, after = self.at(weekday - 1), self.at(weekday + 1)
        opens = max(self.opens, before.closes - DAY) if before else self.opens
        return DayHours(opens, min(self.closes, DAY + (after.opens if after else self.opens)))


def closure_interval(hours: WeeklyHours, first: date, last: date, zone: ZoneInfo) -> Interval:
    """Return the time of a closure of whole days, `last` included.

    A night that begins before `first` ends as usual, and the night of `last` is closed to its
    end. Without such nights, and where a building never closes, it lasts from midnight to midnight.
    """
    return Interval(
        local_to_utc(first, _night_end(hours, first), zone),
        local_to_utc(last + DAY, _night_end(hours, last + DAY), zone),
    )


def _night_end(hours: WeeklyHours, day: date) -> timedelta:
    """Return when the hours of the day before end, as time since the midnight of `day`."""
    before = hours.at(day.weekday() - 1)
    if before is None or hours.touches_next(day - DAY):
        return timedelta()
    return max(before.closes - DAY, timedelta())


def closure_at(closures: Sequence[PlannedClosure], moment: datetime) -> PlannedClosure | None:
    """Return the closure that holds a moment, of several the one that ends last."""
    found = [each for each in closures if moment in each.interval]
    return max(found, key=lambda each: each.interval.end, default=None)
