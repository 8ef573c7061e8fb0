"""How many rooms are free, known and unknown: a sample of each building, and means of hours.

An hour of which fewer than half of the samples are there has no mean: nothing is guessed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from statistics import fmean
from zoneinfo import ZoneInfo

from core.availability import CampusDays, count
from core.campus_day import day_of_each
from core.model import Campus

SLOT = timedelta(minutes=5)
"""How often it is sampled."""

HOUR = timedelta(hours=1)
_LEAST_SAMPLES = HOUR // SLOT // 2


@dataclass(frozen=True, slots=True)
class Tally:
    """Rooms of a building or a campus, at a moment or on average; `free` are among `known`."""

    free: float
    known: float
    unknown: float

    @property
    def share(self) -> float | None:
        """The share of the known rooms that is free, from 0 to 1; None where none is known."""
        return self.free / self.known if self.known else None


@dataclass(frozen=True, slots=True)
class Sample:
    """The tallies of a moment, or the means of an hour that begins `at` it, by building code.

    A building that was closed is absent.
    """

    at: datetime
    tallies: Mapping[str, Tally]


def slot_of(moment: datetime) -> datetime:
    """Return when the slot that holds the moment began: one sample is taken of each."""
    return moment - (moment - datetime.min.replace(tzinfo=moment.tzinfo)) % SLOT


def hour_of(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return when the hour on the clocks of `zone` began that holds the moment."""
    shown = moment.astimezone(zone)
    past = timedelta(minutes=shown.minute, seconds=shown.second, microseconds=shown.microsecond)
    return moment - past


def sample(campus: Campus, days: CampusDays, at: datetime) -> Sample:
    """Count the rooms of the buildings that are open; all are unknown where nothing is known."""
    tallies = {}
    dates = day_of_each(campus.buildings, at)
    for building, date_ in zip(campus.buildings, dates, strict=True):
        if at in building.open_on(date_):
            found = count(days.get(date_), building, at)
            known = found.rooms - found.unknown
            tallies[building.code] = Tally(found.free, known, found.unknown)
    return Sample(at, tallies)


def hourly_means(samples: Iterable[Sample], zone: ZoneInfo) -> list[Sample]:
    """Return the means of the hours on the clocks of `zone`, from samples in order of time."""
    by_hour = groupby(samples, lambda each: hour_of(each.at, zone))
    return [Sample(begins_at, means(list(of))) for begins_at, of in by_hour]


def means(samples: Sequence[Sample]) -> dict[str, Tally]:
    """Return the mean of each building of which there are enough samples for an hour."""
    found: dict[str, list[Tally]] = {}
    for each in samples:
        for code, tally in each.tallies.items():
            found.setdefault(code, []).append(tally)
    return {code: _mean(some) for code, some in found.items() if len(some) >= _LEAST_SAMPLES}


def _mean(tallies: Sequence[Tally]) -> Tally:
    return Tally(
        free=fmean(each.free for each in tallies),
        known=fmean(each.known for each in tallies),
        unknown=fmean(each.unknown for each in tallies),
    )


def tally_of(sample: Sample, building: str | None) -> Tally | None:
    """Return the tally of a building, or of all together; None where there is none."""
    if building is not None:
        return sample.tallies.get(building)
    if not sample.tallies:
        return None
    each = sample.tallies.values()
    return Tally(
        sum(t.free for t in each), sum(t.known for t in each), sum(t.unknown for t in each)
    )
