"""Occupancy: how many rooms are free, known and unknown, at a moment or in an hour's mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OccupancyCount:
    """Rooms of a building or a campus, at a moment or on average; `free` are among `known`."""

    free: float
    known: float
    unknown: float

    @property
    def free_share(self) -> float | None:
        """The share of the known rooms that is free, from 0 to 1; None where none is known."""
        return self.free / self.known if self.known else None


@dataclass(frozen=True, slots=True)
class OccupancySample:
    """The tallies of a moment, or the means of an hour that begins `at` it, by building code.

    A building that was closed is absent.
    """

    at: datetime
    counts: Mapping[str, OccupancyCount]


@dataclass(frozen=True, slots=True)
class OccupancyHistory:
    """What is stored of a campus, as far as a trend needs it.

    `first` are the earliest samples and hours that there are, `samples` those of the last hours
    in order of time, `hours` the means of today and of the days that tell what is usual.
    `planned` are the means of hours to come of today's weekday, by the bookings.
    """

    earliest: Sequence[OccupancySample]
    samples: Sequence[OccupancySample]
    hours: Sequence[OccupancySample]
    planned: Sequence[OccupancySample] = ()
