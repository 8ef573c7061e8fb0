"""The table `[source]` of a campus file, as discovery finds it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.model.bookings import RoomDay


@dataclass(frozen=True, slots=True)
class SourceKey:
    """A key of the table `[source]`, its text, and the comment above it; empty: none."""

    key: str
    value: str
    comment: str = ""


DaysByRoom = Mapping[str, Mapping[date, RoomDay]]
"""What is known of some rooms, by id and day."""


@dataclass(frozen=True, slots=True)
class SourceDraft:
    """The keys of `[source]` beside `kind`, and what was read to find them out.

    `summary` tells the operator what was chosen and why. `days` are the days of the sampled
    rooms; `failure_counts` counts those of them that could not be read, by kind of error.
    """

    keys: Sequence[SourceKey]
    summary: str
    days: DaysByRoom
    sample_size: int
    failure_counts: Mapping[str, int]
