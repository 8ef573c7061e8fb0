"""What the responses of one read amount to: a day or an error for every room and date."""

import asyncio
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from core.errors import (
    SourceError,
    SourceFormatError,
    SourceRefusedError,
    SourceUnavailableError,
)
from core.model.bookings import RoomDay
from core.model.campus import Building, Campus
from core.sources.base import ReadResult, SourceNote

# A campus of fewer rooms may well have nothing on.
_MIN_ROOMS_TO_JUDGE = 5
# A campus of a thousand rooms takes long enough to hold up commands.
_ROOMS_PER_YIELD = 50


class RoomDayBuilder(ABC):
    """Collects the responses of one read of a campus on consecutive `days`.

    Each kind of source records its responses in methods of its own. `has_any_booking` is
    true once any room has anything on at any time, closed hours included.
    """

    def __init__(self, campus: Campus, days: Sequence[date], read_at: datetime) -> None:
        self.days = tuple(days)
        self.has_any_booking = False
        self._campus = campus
        self._read_at = read_at

    @abstractmethod
    def fail_rest(self, err: SourceError) -> None:
        """Record why the rooms that have no response are unknown."""

    @abstractmethod
    def room_day(self, building: Building, room_id: str, day: date) -> RoomDay | SourceError:
        """Return the day of a room from opening to closing, or why it is unknown."""

    @abstractmethod
    def _rooms_read(self) -> int:
        """Return how many rooms have a response that was understood."""

    def _rooms_without_data(self) -> int:
        """Return how many rooms have a response that holds nothing at all."""
        return 0

    async def build(self, latency: timedelta) -> ReadResult:
        """Return the result of the read.

        Raises:
            SourceError: nothing at all was read for the first of the days, or every room is
                empty at all times, as where a source hides its bookings from strangers.
        """
        self._raise_if_all_empty()
        days: dict[date, dict[str, RoomDay]] = {day: {} for day in self.days}
        failures: dict[date, dict[str, SourceError]] = {day: {} for day in self.days}
        for building in self._campus.buildings:
            for number, room in enumerate(building.rooms):
                if number % _ROOMS_PER_YIELD == 0:
                    await asyncio.sleep(0)
                for day in self.days:
                    outcome = self.room_day(building, room.id, day)
                    if isinstance(outcome, RoomDay):
                        days[day][room.id] = outcome
                    else:
                        failures[day][room.id] = outcome
        first_day = self.days[0]
        if failures[first_day] and not days[first_day]:
            raise _most_frequent_error(failures[first_day].values())
        return ReadResult(days, failures, latency, self._notes())

    def _notes(self) -> Sequence[SourceNote]:
        """Return what looks wrong about the responses."""
        return ()

    def _raise_if_all_empty(self) -> None:
        rooms = self._rooms_read()
        all_empty = rooms >= _MIN_ROOMS_TO_JUDGE and not self.has_any_booking
        if all_empty or (not rooms and self._rooms_without_data() >= _MIN_ROOMS_TO_JUDGE):
            raise SourceRefusedError("empty for everybody")


def without_traceback(err: SourceError) -> SourceError:
    """Return an error without its traceback, whose frames hold the whole response."""
    detail = str(err).removeprefix(err.kind).removeprefix(": ")
    classes = (SourceUnavailableError, SourceRefusedError, SourceFormatError)
    return next(each for each in classes if isinstance(err, each))(err.kind, detail)


def _most_frequent_error(errors: Collection[SourceError]) -> SourceError:
    counts = Counter((type(err), err.kind) for err in errors)
    (error, kind), count = counts.most_common(1)[0]
    return error(kind, f"{count} of {len(errors)} rooms")
