"""When a campus's data is due to be read again, and when it is old."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.model.calendar import DAY, local_to_utc
from core.model.campus import Campus

OUTAGE_BACKOFF = timedelta(minutes=5)
"""How long a source that did not answer is left alone, unless a moderator asks."""

SNAPSHOT_RETENTION = timedelta(hours=24)
"""How long the snapshot of a day is kept after that day."""


@dataclass(frozen=True, slots=True)
class RefreshPolicy:
    """What the operator decided; `refresh_every` is None for mornings only."""

    min_gap: timedelta
    cooldown: timedelta
    refresh_time: time
    refresh_every: timedelta | None
    stale_after: timedelta
    days_ahead: int

    def days_to_read(self, campus: Campus, now: datetime) -> tuple[date, ...]:
        """Return the days that a refresh reads, in order.

        The first is today, or yesterday while a building is still in yesterday's hours.
        """
        today = campus.local_date(now)
        first = min(building.business_day(now) for building in campus.buildings)
        last = today + DAY * self.days_ahead
        return tuple(first + DAY * each for each in range((last - first).days + 1))

    def is_due(self, campus: Campus, now: datetime, read_at: datetime | None) -> bool:
        """Tell whether today's data, last read at `read_at`, is to be read again."""
        return read_at is None or self.due_at(campus, read_at) <= now

    def due_at(self, campus: Campus, read_at: datetime) -> datetime:
        """Return when data read at `read_at` is due again; a moment that has passed is due now.

        That is the first morning after the reading, or sooner, `refresh_every` after it, if a
        building is open then; if none is, when the next one opens.
        """
        day = campus.local_date(read_at)
        morning = self.morning_refresh_at(campus, day)
        if morning <= read_at:
            morning = self.morning_refresh_at(campus, day + DAY)
        if self.refresh_every is None:
            return morning
        return min(morning, _next_open_moment(campus, read_at + self.refresh_every))

    def morning_refresh_at(self, campus: Campus, day: date) -> datetime:
        """Return when the morning's refresh of a day is due, in UTC."""
        since_midnight = timedelta(hours=self.refresh_time.hour, minutes=self.refresh_time.minute)
        return local_to_utc(day, since_midnight, campus.timezone)


def _next_open_moment(campus: Campus, moment: datetime) -> datetime:
    """Return the first moment from then on at which a building is open."""
    return min(building.next_opening(moment) for building in campus.buildings)


def snapshot_expiry(campus: Campus, day: date) -> datetime:
    """Return until when the snapshot of a day is kept: 24 hours past its last closing."""
    ends = [local_to_utc(day, DAY, campus.timezone)]
    ends += [building.window_on(day).end for building in campus.buildings]
    return max(ends) + SNAPSHOT_RETENTION
