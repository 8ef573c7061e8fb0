"""The one shape that every source of bookings has, and what a reading brings."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from core.errors import (
    SourceError,
    SourceFormatError,
    SourceRefusedError,
    SourceUnavailableError,
)
from core.model.campus import RoomDay

Progress = Callable[[int, int], None]
"""Called with rooms read so far and rooms in all, as answers arrive."""


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What one reading brought: by day, what is known of each room, and why of the others.

    Every room of the campus is, for every day asked for, in exactly one of the two.
    `latency` is the median time that one answer took, from asking to its last byte.
    """

    days: Mapping[date, Mapping[str, RoomDay]]
    failures: Mapping[date, Mapping[str, SourceError]]
    latency: timedelta


class BookingSource(Protocol):
    """Reads the bookings of one campus.

    Between two readings it may keep what spares the source an answer that it gave before,
    and holds nothing open.
    """

    async def read(
        self,
        days: Sequence[date],
        *,
        at: datetime,
        progress: Progress,
        last_read: datetime | None = None,
    ) -> ReadResult:
        """Read all rooms of the campus for consecutive `days`, in order.

        `at` is when this reading begins; it becomes the `read_at` of what it brings.
        `last_read` is when the campus was last read, None where it never was: who has waited
        longest is served first where several campuses are read at once.

        Raises:
            SourceError: nothing at all could be read for the first of `days`.
        """
        ...


def raise_if_nothing_read(result: ReadResult, first_day: date) -> None:
    """Stop a reading that brought nothing for `first`, with the reason that most rooms have.

    Raises:
        SourceError: see above.
    """
    errors = result.failures[first_day]
    if result.days[first_day] or not errors:
        return
    counts = Counter((type(err), err.kind) for err in errors.values())
    (error, kind), count = counts.most_common(1)[0]
    raise error(kind, f"{count} of {len(errors)} rooms")


def without_traceback(err: SourceError) -> SourceError:
    """Return the error without its traceback, whose frames hold the answer's whole body."""
    detail = str(err).removeprefix(err.kind).removeprefix(": ")
    kinds = (SourceUnavailableError, SourceRefusedError, SourceFormatError)
    return next(kind for kind in kinds if isinstance(err, kind))(err.kind, detail)
