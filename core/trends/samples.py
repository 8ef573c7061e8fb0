"""How many rooms are free, known and unknown: a sample of each building, and means of hours.

An hour of which fewer than half of the samples are there has no mean: nothing is guessed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from statistics import fmean
from zoneinfo import ZoneInfo

from core.availability.campus_day import CampusDays, business_days
from core.availability.counts import count_rooms
from core.model.calendar import HOUR
from core.model.campus import Campus
from core.model.occupancy import OccupancyCount, OccupancySample

SAMPLE_INTERVAL = timedelta(minutes=5)
"""How often it is sampled."""


def floor_to_slot(moment: datetime) -> datetime:
    """Return when the slot that holds the moment began: one sample is taken of each."""
    return moment - (moment - datetime.min.replace(tzinfo=moment.tzinfo)) % SAMPLE_INTERVAL


def floor_to_hour(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return when the hour on the clocks of `zone` began that holds the moment."""
    shown = moment.astimezone(zone)
    past = timedelta(minutes=shown.minute, seconds=shown.second, microseconds=shown.microsecond)
    return moment - past


def take_sample(campus: Campus, days: CampusDays, at: datetime) -> OccupancySample:
    """Count the rooms that are open; all are unknown where nothing is known.

    Left out are buildings that are closed, by the campus file or by the source.
    """
    tallies = {}
    dates = business_days(campus.buildings, at)
    for building, date_ in zip(campus.buildings, dates, strict=True):
        found = count_rooms(days.get(date_), building, at)
        if not found.is_closed:
            known = found.total - found.unknown - found.closed
            tallies[building.code] = OccupancyCount(found.free, known, found.unknown)
    return OccupancySample(at, tallies)


def hourly_means(samples: Iterable[OccupancySample], zone: ZoneInfo) -> list[OccupancySample]:
    """Return the means of the hours on the clocks of `zone`, from samples in order of time."""
    by_hour = groupby(samples, lambda each: floor_to_hour(each.at, zone))
    return [OccupancySample(begins_at, mean_by_building(list(of))) for begins_at, of in by_hour]


def mean_by_building(
    samples: Sequence[OccupancySample], *, interval: timedelta = SAMPLE_INTERVAL
) -> dict[str, OccupancyCount]:
    """Return the mean of each building of which there are enough samples for an hour: half.

    They were taken once an `interval`.
    """
    least = HOUR // interval // 2
    found: dict[str, list[OccupancyCount]] = {}
    for each in samples:
        for code, tally in each.counts.items():
            found.setdefault(code, []).append(tally)
    return {code: _mean(some) for code, some in found.items() if len(some) >= least}


def _mean(counts: Sequence[OccupancyCount]) -> OccupancyCount:
    return OccupancyCount(
        free=fmean(each.free for each in counts),
        known=fmean(each.known for each in counts),
        unknown=fmean(each.unknown for each in counts),
    )


def count_for(sample: OccupancySample, building: str | None) -> OccupancyCount | None:
    """Return the tally of a building, or of all together; None where there is none."""
    if building is not None:
        return sample.counts.get(building)
    if not sample.counts:
        return None
    each = sample.counts.values()
    return OccupancyCount(
        sum(t.free for t in each), sum(t.known for t in each), sum(t.unknown for t in each)
    )
