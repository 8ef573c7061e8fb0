"""The clock of the demo: the real time, or a moment that the viewer pretends it to be."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from demo.campus.bookings import DAY
from demo.campus.planned_closures import is_exam_day, is_holiday

_TUESDAY, _SATURDAY = 1, 5
_DAYS_AHEAD = 60

REAL_TIME = ""
"""The id of the real time among the pretended moments."""


@dataclass(frozen=True, slots=True)
class PretendedMoment:
    """A moment to choose: the next day that fits, at a time of the campus's clock."""

    id: str
    label: str
    fits: Callable[[date], bool]
    time: time
    needs_demo_campus: bool = False

    def after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """Return the first such moment after `moment`.

        Raises:
            LookupError: there is none in the days that the bot reads.
        """
        today = moment.astimezone(zone).date()
        for number in range(_DAYS_AHEAD):
            day = today + number * DAY
            found = datetime.combine(day, self.time, zone).astimezone(UTC)
            if self.fits(day) and found > moment:
                return found
        raise LookupError(f"no such day follows: {self.label}")


def _is_ordinary_tuesday(day: date) -> bool:
    return day.weekday() == _TUESDAY


MOMENTS = (
    PretendedMoment("tuesday", "Tuesday 10:05", _is_ordinary_tuesday, time(10, 5)),
    PretendedMoment("night", "Tuesday 23:30", _is_ordinary_tuesday, time(23, 30)),
    PretendedMoment("saturday", "Saturday 14:00", lambda day: day.weekday() == _SATURDAY, time(14)),
    PretendedMoment("holiday", "a holiday, 11:00", is_holiday, time(11), needs_demo_campus=True),
    PretendedMoment(
        "exams", "an exam day, 10:05", is_exam_day, time(10, 5), needs_demo_campus=True
    ),
)


class DemoClock:
    """Runs at the speed of the real clock, ahead of it by as much as is pretended."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.pretended = REAL_TIME

    def now(self) -> datetime:
        """Return the demo's present."""
        return datetime.now(UTC) + self.ahead

    def pretend(self, moment_id: str, zone: ZoneInfo) -> None:
        """Go to a pretended moment, or back to the real time.

        Raises:
            LookupError: there is no such moment.
        """
        real = datetime.now(UTC)
        self.ahead = _moment(moment_id).after(real, zone) - real if moment_id else timedelta()
        self.pretended = moment_id


def moments(*, is_demo_campus: bool) -> Iterator[PretendedMoment]:
    """Yield the moments that a campus has."""
    return (each for each in MOMENTS if is_demo_campus or not each.needs_demo_campus)


def _moment(moment_id: str) -> PretendedMoment:
    for moment in MOMENTS:
        if moment.id == moment_id:
            return moment
    raise LookupError(f"no moment is called {moment_id!r}")
