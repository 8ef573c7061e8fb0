"""Planned occupancy: how many rooms the bookings of the coming weeks leave free, by hour.

Samples tell what is usual only after weeks; the bookings of the weeks to come are known with the
first reading.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.availability.campus_day import CampusDay, campus_dates_at
from core.model.calendar import DAY, WEEK, local_to_utc
from core.model.campus import Campus
from core.model.interval import Interval
from core.model.occupancy import OccupancySample
from core.trends.samples import hourly_means, take_sample

PLANNED_WEEKS = 4
"""How many weeks ahead tell what is usual."""

# A part of an hour, so that each hour has as many.
_STEP = timedelta(minutes=20)

GetDay = Callable[[date], CampusDay | None]
"""Returns a day of the campus from memory, None where it is not at hand."""


@dataclass(frozen=True, slots=True)
class _Revisions:
    """Which readings of which days a plan is made of."""

    today: date
    days: tuple[tuple[str, date, datetime] | None, ...]


class OccupancyPlan:
    """Works out a campus's planned hours, once for each reading of its days."""

    def __init__(self, campus: Campus, get_day: GetDay) -> None:
        self._campus = campus
        self._get_day = get_day
        self._made_of: _Revisions | None = None
        self._hours: tuple[OccupancySample, ...] = ()

    async def hours(self, at: datetime) -> tuple[OccupancySample, ...]:
        """Return the means of each hour of today's weekday in the coming weeks, in order.

        Weeks that are not at hand are absent.
        """
        today = self._campus.local_date(at)
        days = [today + WEEK * ahead for ahead in range(1, PLANNED_WEEKS + 1)]
        made_of = _Revisions(today, tuple(map(self._revision, days)))
        if made_of != self._made_of:
            samples = [sample for day in days for sample in await self._sample_day(day)]
            hours = hourly_means(samples, self._campus.timezone, interval=_STEP)
            self._hours, self._made_of = tuple(hours), made_of
        return self._hours

    def _revision(self, day: date) -> tuple[str, date, datetime] | None:
        found = self._get_day(day)
        return found.revision if found else None

    async def _sample_day(self, day: date) -> list[OccupancySample]:
        samples = []
        if self._get_day(day) is not None:
            for moment in _moments(day, self._campus):
                dates = campus_dates_at(self._campus, moment)
                days = {each: found for each in dates if (found := self._get_day(each))}
                samples.append(take_sample(self._campus, days, moment))
                # A large campus has hundreds of buildings: others have their turn meanwhile.
                await asyncio.sleep(0)
        return samples


def _moments(day: date, campus: Campus) -> list[datetime]:
    """Return moments of a day that are alike far apart, each in the middle of its part."""
    whole = Interval(*(local_to_utc(day, DAY * n, campus.timezone) for n in (0, 1)))
    return [whole.start + _STEP * n + _STEP / 2 for n in range(whole.duration // _STEP)]
