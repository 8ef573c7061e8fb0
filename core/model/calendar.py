"""Calendar arithmetic on campus: wall clock times as instants, days and weeks."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)

Instant = Annotated[datetime, Meta(tz=True)]
"""An aware datetime in a stored record; decoding refuses one without a time zone."""


def local_to_utc(
    day: date, since_midnight: timedelta, zone: ZoneInfo, *, fold: int = 0
) -> datetime:
    """Return the instant, in UTC, at which the clocks of `zone` show that time.

    `since_midnight` counts on the face of the clock and may be negative or pass 24 hours.
    A time that the clocks skip moves forward by the skipped hour; one that they show twice
    is the first with `fold` 0 and the second with `fold` 1.
    """
    face = datetime.combine(day, time()) + since_midnight
    return face.replace(tzinfo=zone, fold=fold).astimezone(UTC)


def monday_of(day: date) -> date:
    """Return the Monday of the week that holds a day."""
    return day - DAY * day.weekday()


def days_of_week(monday: date) -> tuple[date, ...]:
    """Return the seven days of a week."""
    return tuple(monday + DAY * each for each in range(7))
