"""Planned occupancy: how many rooms the bookings of the coming weeks leave free, by hour.

Samples tell what is usual only after weeks; the bookings of the weeks to come are known with the
first reading.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.availability.campus_day import CampusDay, campus_dates_at
from core.model.calendar import DAY, HOUR, WEEK, local_to_utc
from core.model.campus import Campus
from core.model.occupancy import OccupancyCount, OccupancySample
from core.trends.samples import mean_by_building, take_sample

PLANNED_WEEKS = 4
"""How many weeks ahead tell what is usual."""

_STEP = timedelta(minutes=30)

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
        self._lock = asyncio.Lock()

    def hours(self, at: datetime) -> tuple[OccupancySample, ...]:
        """Return the means of each hour of today's weekday in the coming weeks, in order.

        Weeks that are not at hand are absent, and all of them before the first `update`.
        """
        return self._hours if self._is_of(at) else ()

    async def ensure(self, at: datetime) -> None:
        """Work the plan out where there is none for today; one of an older reading will do."""
        if not self._is_of(at):
            await self.update(at)

    async def update(self, at: datetime) -> None:
        """Work the plan out anew where there is a newer reading: a second on a large campus."""
        async with self._lock:
            today = self._campus.local_date(at)
            days = [today + WEEK * ahead for ahead in range(1, PLANNED_WEEKS + 1)]
            made_of = _Revisions(today, tuple(map(self._revision, days)))
            if made_of != self._made_of:
                hours = [hour for day in days for hour in await self._hours_of(day)]
                self._hours, self._made_of = tuple(hours), made_of

    def _is_of(self, at: datetime) -> bool:
        return bool(self._made_of and self._made_of.today == self._campus.local_date(at))

    def _revision(self, day: date) -> tuple[str, date, datetime] | None:
        found = self._get_day(day)
        return found.revision if found else None

    async def _hours_of(self, day: date) -> list[OccupancySample]:
        if self._get_day(day) is None:
            return []
        zone = self._campus.timezone
        start, end = (local_to_utc(day, DAY * n, zone) for n in (0, 1))
        hours = [start + HOUR * n for n in range(-(-(end - start) // HOUR))]
        return [OccupancySample(hour, await self._mean_of(hour)) for hour in hours]

    async def _mean_of(self, hour: datetime) -> dict[str, OccupancyCount]:
        """Return the means of an hour by building code, empty while all are closed."""
        samples = []
        for part in range(HOUR // _STEP):
            # A large campus has hundreds of buildings: others have their turn meanwhile.
            await asyncio.sleep(0)
            samples.append(self._sample_at(hour + _STEP * part + _STEP / 2))
        return mean_by_building(samples, interval=_STEP)

    def _sample_at(self, moment: datetime) -> OccupancySample:
        if not any(building.is_open_at(moment) for building in self._campus.buildings):
            return OccupancySample(moment, {})
        dates = campus_dates_at(self._campus, moment)
        days = {each: found for each in dates if (found := self._get_day(each))}
        return take_sample(self._campus, days, moment)
