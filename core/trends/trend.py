"""How busy it gets: what samples of free rooms tell of the last hours, of today and of usual days.

Unknown rooms are in no share and are counted apart. Where there is too little, nothing is told:
no hour is filled in, and no holiday is known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from statistics import fmean
from zoneinfo import ZoneInfo

from core.model.calendar import DAY, HOUR, WEEK, local_to_utc
from core.model.interval import Interval
from core.model.occupancy import OccupancyCount, OccupancyHistory, OccupancySample
from core.trends.plan import PLANNED_WEEKS
from core.trends.samples import count_for, floor_to_hour, hourly_means, mean_by_building

LAST_HOURS = 3
BASELINE_WEEKS = 4
"""How many weeks back tell what is usual, where there are samples of enough of them."""

MIN_WEEKS = 2
_STEADY_MARGIN = 0.03
"""A share of free rooms that moved by no more than this is steady."""


class Direction(Enum):
    """Where the share of free rooms goes."""

    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"


@dataclass(frozen=True, slots=True)
class Baseline:
    """How many rooms are free on average at that weekday and hour; at least, and at most.

    It goes by samples of the weeks before, or by the bookings of the weeks to come where it
    `is_planned`. `known` rooms were open then on average, None where nobody counted.
    """

    mean: float
    min: float
    max: float
    is_planned: bool = False
    known: float | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class TrendHour:
    """An hour of today: its mean, of the running hour so far, and what is usual.

    Either is None where there is too little of it; no room is known where a mean says so.
    """

    starts_at: datetime
    mean: OccupancyCount | None
    baseline: Baseline | None


@dataclass(frozen=True, slots=True)
class Trend:
    """How busy a building or a campus gets, as of `at`.

    `current` is the count of that moment, None where all is closed or nothing is at hand.
    `last` are the means of the last three hours, the one that ends `at` it last; empty, and
    `direction` None, where one of them has too few samples or no known room. `today` goes from
    the first to the last hour of which anything is known. `since` is when there was the first
    sample of all, `continuous_since` when the run of samples began that still goes on.
    """

    at: datetime
    last_hours: tuple[OccupancyCount, ...]
    direction: Direction | None
    baseline: Baseline | None
    today: tuple[TrendHour, ...]
    current: OccupancyCount | None
    sampled_since: datetime | None
    continuous_since: datetime | None


def recent_interval(at: datetime) -> Interval:
    """Return the hours whose samples a trend needs."""
    return Interval(at - LAST_HOURS * HOUR, at)


def comparison_days(at: datetime, zone: ZoneInfo) -> list[Interval]:
    """Return the days whose hours a trend needs: today, and that weekday in the weeks before."""
    today = at.astimezone(zone).date()
    days = [today - 7 * DAY * weeks for weeks in range(BASELINE_WEEKS + 1)]
    return [Interval(*(local_to_utc(each, DAY * n, zone) for n in (0, 1))) for each in days]


def build_trend(
    history: OccupancyHistory,
    current: OccupancySample,
    *,
    building: str | None,
    zone: ZoneInfo,
) -> Trend:
    """Work out how busy a building gets, or all together where `building` is None.

    `current` is a sample of the moment as of which it is worked out.
    """
    at = current.at
    planned = {each.at: count for each in history.planned if (count := count_for(each, building))}
    last = _last_hour_means(history.samples, building, at)
    hours = _hourly_counts(history, building, at, zone)
    return Trend(
        at=at,
        last_hours=last,
        direction=_direction(last),
        baseline=_baseline(hours, planned, floor_to_hour(at, zone), zone),
        today=_today_hours(hours, planned, at, zone),
        current=count_for(current, building),
        sampled_since=_sampled_since(history, building),
        continuous_since=_continuous_since(history.samples, building, at),
    )


def _last_hour_means(
    samples: Sequence[OccupancySample], building: str | None, at: datetime
) -> tuple[OccupancyCount, ...]:
    found = []
    for back in range(LAST_HOURS, 0, -1):
        hour = Interval(at - back * HOUR, at - (back - 1) * HOUR)
        of_hour = OccupancySample(
            hour.start, mean_by_building([each for each in samples if each.at in hour])
        )
        tally = count_for(of_hour, building)
        if tally is None or not tally.known:
            return ()
        found.append(tally)
    return tuple(found)


def _direction(last: Sequence[OccupancyCount]) -> Direction | None:
    """Return where the share goes, by its last step and, while that is small, by all of them."""
    shares = [share for each in last if (share := each.free_share) is not None]
    if len(shares) < LAST_HOURS:
        return None
    # Rounded, as 0.53 - 0.50 is a trifle more than 0.03.
    step, moved = (round(shares[-1] - each, 9) for each in (shares[-2], shares[0]))
    if abs(step) > _STEADY_MARGIN:
        moved = step
    if abs(moved) <= _STEADY_MARGIN or moved * step < 0:
        return Direction.STEADY
    return Direction.RISING if moved > 0 else Direction.FALLING


def _hourly_counts(
    history: OccupancyHistory, building: str | None, at: datetime, zone: ZoneInfo
) -> dict[datetime, OccupancyCount]:
    """Return the hours by their beginning; those that are not stored yet from their samples."""
    recent = recent_interval(at)
    whole = [each for each in history.samples if floor_to_hour(each.at, zone) in recent]
    told = [*hourly_means(whole, zone), *history.hours]
    return {each.at: tally for each in told if (tally := count_for(each, building))}


def _baseline(
    hours: Mapping[datetime, OccupancyCount],
    planned: Mapping[datetime, OccupancyCount],
    starts_at: datetime,
    zone: ZoneInfo,
) -> Baseline | None:
    """Return what is usual by the hours of the weeks before, else by the planned ones."""
    before = _counts_by_week(hours, starts_at, zone, range(-1, -BASELINE_WEEKS - 1, -1))
    if len(before) >= MIN_WEEKS:
        return _baseline_of(before, is_planned=False)
    ahead = _counts_by_week(planned, starts_at, zone, range(1, PLANNED_WEEKS + 1))
    return _baseline_of(ahead, is_planned=True) if len(ahead) >= MIN_WEEKS else None


def _baseline_of(counts: Sequence[OccupancyCount], *, is_planned: bool) -> Baseline:
    free = [each.free for each in counts]
    known = fmean(each.known for each in counts)
    return Baseline(fmean(free), min(free), max(free), is_planned=is_planned, known=known)


def _counts_by_week(
    hours: Mapping[datetime, OccupancyCount],
    starts_at: datetime,
    zone: ZoneInfo,
    weeks: Iterable[int],
) -> list[OccupancyCount]:
    """Return the counts at an hour of the clock, so many weeks later; unknown ones left out."""
    shown = starts_at.astimezone(zone)
    found = []
    for ahead in weeks:
        then = local_to_utc(shown.date() + WEEK * ahead, timedelta(hours=shown.hour), zone)
        count = hours.get(then)
        # An hour that the clocks skipped is none; what came in its place is another.
        if count and count.known and then.astimezone(zone).hour == shown.hour:
            found.append(count)
    return found


def _today_hours(
    hours: Mapping[datetime, OccupancyCount],
    planned: Mapping[datetime, OccupancyCount],
    at: datetime,
    zone: ZoneInfo,
) -> tuple[TrendHour, ...]:
    day = comparison_days(at, zone)[0]
    begun = [day.start + HOUR * number for number in range(-(-day.duration // HOUR))]
    found = [
        TrendHour(each, hours.get(each), _baseline(hours, planned, each, zone)) for each in begun
    ]
    told = [number for number, each in enumerate(found) if each.mean or each.baseline]
    return tuple(found[told[0] : told[-1] + 1]) if told else ()


def _sampled_since(history: OccupancyHistory, building: str | None) -> datetime | None:
    there = [*history.earliest, *history.hours, *history.samples]
    return min((each.at for each in there if count_for(each, building)), default=None)


def _continuous_since(
    samples: Sequence[OccupancySample], building: str | None, at: datetime
) -> datetime | None:
    since, later = None, at
    for each in reversed(samples):
        if later - each.at >= HOUR / 2:
            break
        if count_for(each, building):
            since = later = each.at
    return since
