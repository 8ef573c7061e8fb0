"""How busy it gets: what samples of free rooms tell of the last hours, of today and of usual days.

Unknown rooms are in no share and are counted apart. Where there is too little, nothing is told:
no hour is filled in, and no holiday is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from statistics import fmean
from zoneinfo import ZoneInfo

from core.model import DAY, Interval, wall_clock
from core.tallies import HOUR, Sample, Tally, hour_of, hourly_means, means, tally_of

LAST_HOURS = 3
WEEKS = 4
"""How many weeks back tell what is usual."""

LEAST_WEEKS = 2
_STEADY = 0.03
"""A share of free rooms that moved by no more than this is steady."""


@dataclass(frozen=True, slots=True)
class History:
    """What is stored of a campus, as far as a trend needs it.

    `first` are the earliest samples and hours that there are, `samples` those of the last hours
    in order of time, `hours` the means of today and of the days that tell what is usual.
    """

    first: Sequence[Sample]
    samples: Sequence[Sample]
    hours: Sequence[Sample]


class Direction(Enum):
    """Where the share of free rooms goes."""

    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"


@dataclass(frozen=True, slots=True)
class Usual:
    """How many rooms are free on average at that weekday and hour; at least, and at most."""

    free: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of today: its mean, of the running hour so far, and what is usual.

    Either is None where there is too little of it; no room is known where a mean says so.
    """

    begins_at: datetime
    mean: Tally | None
    usual: Usual | None


@dataclass(frozen=True, slots=True)
class Trend:
    """How busy a building or a campus gets, as of `at`.

    `last` are the means of the last three hours, the one that ends `at` it last; empty, and
    `direction` None, where one of them has too few samples or no known room. `today` goes from
    the first to the last hour of which anything is known. `since` is when there was the first
    sample of all, `unbroken_since` when the run of samples began that still goes on.
    """

    at: datetime
    last: tuple[Tally, ...]
    direction: Direction | None
    usual: Usual | None
    today: tuple[Hour, ...]
    since: datetime | None
    unbroken_since: datetime | None


def last_hours(at: datetime) -> Interval:
    """Return the hours whose samples a trend needs."""
    return Interval(at - LAST_HOURS * HOUR, at)


def days_compared(at: datetime, zone: ZoneInfo) -> list[Interval]:
    """Return the days whose hours a trend needs: today, and that weekday in the weeks before."""
    today = at.astimezone(zone).date()
    days = [today - 7 * DAY * weeks for weeks in range(WEEKS + 1)]
    return [Interval(*(wall_clock(each, DAY * n, zone) for n in (0, 1))) for each in days]


def trend(history: History, *, building: str | None, at: datetime, zone: ZoneInfo) -> Trend:
    """Work out how busy a building gets, or all together where `building` is None."""
    last = _last(history.samples, building, at)
    hours = _hours(history, building, at, zone)
    return Trend(
        at=at,
        last=last,
        direction=_direction(last),
        usual=_usual(hours, hour_of(at, zone), zone),
        today=_today(hours, at, zone),
        since=_first(history, building),
        unbroken_since=_unbroken_since(history.samples, building, at),
    )


def _last(samples: Sequence[Sample], building: str | None, at: datetime) -> tuple[Tally, ...]:
    found = []
    for back in range(LAST_HOURS, 0, -1):
        hour = Interval(at - back * HOUR, at - (back - 1) * HOUR)
        of_hour = Sample(hour.start, means([each for each in samples if each.at in hour]))
        tally = tally_of(of_hour, building)
        if tally is None or not tally.known:
            return ()
        found.append(tally)
    return tuple(found)


def _direction(last: Sequence[Tally]) -> Direction | None:
    shares = [each.share for each in last]
    if not shares or shares[0] is None or shares[-1] is None:
        return None
    # Rounded, as 0.53 - 0.50 is a trifle more than 0.03.
    moved = round(shares[-1] - shares[0], 9)
    if abs(moved) <= _STEADY:
        return Direction.STEADY
    return Direction.RISING if moved > 0 else Direction.FALLING


def _hours(
    history: History, building: str | None, at: datetime, zone: ZoneInfo
) -> dict[datetime, Tally]:
    """Return the hours by their beginning; those that are not stored yet from their samples."""
    recent = last_hours(at)
    whole = [each for each in history.samples if hour_of(each.at, zone) in recent]
    told = [*hourly_means(whole, zone), *history.hours]
    return {each.at: tally for each in told if (tally := tally_of(each, building))}


def _usual(hours: Mapping[datetime, Tally], begins_at: datetime, zone: ZoneInfo) -> Usual | None:
    shown = begins_at.astimezone(zone)
    free = []
    for weeks in range(1, WEEKS + 1):
        day = shown.date() - 7 * DAY * weeks
        then = wall_clock(day, timedelta(hours=shown.hour), zone)
        tally = hours.get(then)
        # An hour that the clocks skipped is none; what came in its place is another.
        if tally and tally.known and then.astimezone(zone).hour == shown.hour:
            free.append(tally.free)
    return Usual(fmean(free), min(free), max(free)) if len(free) >= LEAST_WEEKS else None


def _today(hours: Mapping[datetime, Tally], at: datetime, zone: ZoneInfo) -> tuple[Hour, ...]:
    day = days_compared(at, zone)[0]
    begun = [day.start + HOUR * number for number in range(-(-day.duration // HOUR))]
    found = [Hour(each, hours.get(each), _usual(hours, each, zone)) for each in begun]
    told = [number for number, each in enumerate(found) if each.mean or each.usual]
    return tuple(found[told[0] : told[-1] + 1]) if told else ()


def _first(history: History, building: str | None) -> datetime | None:
    there = [*history.first, *history.hours, *history.samples]
    return min((each.at for each in there if tally_of(each, building)), default=None)


def _unbroken_since(
    samples: Sequence[Sample], building: str | None, at: datetime
) -> datetime | None:
    since, later = None, at
    for each in reversed(samples):
        if later - each.at >= HOUR / 2:
            break
        if tally_of(each, building):
            since = later = each.at
    return since
