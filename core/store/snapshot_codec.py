"""How a snapshot is written: each moment and interval once, and rooms by their numbers.

On a campus day most rooms share their times. So the table makes a snapshot a fraction of
its size, and what is read back shares its intervals.
"""

from datetime import date, datetime
from typing import Annotated

import msgspec

from core.model.bookings import RoomDay, Snapshot
from core.model.interval import Interval
from core.store.codec import InvalidRecordError
from core.store.micros import from_micros, to_micros

_Number = Annotated[int, msgspec.Meta(ge=0)]
_Numbers = tuple[_Number, ...]


class _Body(msgspec.Struct, array_like=True, frozen=True):
    """A snapshot as msgpack; a room is its moment and its known, booked and closed intervals."""

    campus: str
    day: date
    attempted_at: int
    moments: list[int]
    bounds: list[int]
    rooms: dict[str, tuple[_Number, _Numbers, _Numbers, _Numbers]]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Body)


def encode_snapshot(snapshot: Snapshot) -> bytes:
    """Return the bytes to store; quick where rooms share their `Interval` objects."""
    intervals, moments = _IntervalTable(), dict[datetime, int]()
    rooms = {
        id_: (
            moments.setdefault(room.read_at, len(moments)),
            intervals.numbers_of(room.known),
            intervals.numbers_of(room.bookings),
            intervals.numbers_of(room.closures),
        )
        for id_, room in snapshot.rooms.items()
    }
    body = _Body(
        snapshot.campus,
        snapshot.day,
        to_micros(snapshot.attempted_at),
        [to_micros(each) for each in moments],
        intervals.bounds(),
        rooms,
    )
    return _encoder.encode(body)


def decode_snapshot(stored: bytes, campus: str, day: date) -> Snapshot:
    """Return the snapshot that `encode_snapshot` wrote.

    Raises:
        InvalidRecordError: these bytes are no snapshot, or that of another campus or day.
    """
    try:
        body = _decoder.decode(stored)
        snapshot = Snapshot(body.campus, body.day, from_micros(body.attempted_at), _rooms(body))
    except (msgspec.MsgspecError, ValueError, IndexError, OverflowError) as err:
        raise InvalidRecordError(str(err)) from err
    if (snapshot.campus, snapshot.day) != (campus, day):
        raise InvalidRecordError(f"it is that of {snapshot.campus} on {snapshot.day}")
    return snapshot


class _IntervalTable:
    """Numbers intervals in the order they are met.

    By identity first: to look at the times of each of a million intervals takes seconds, and
    a source shares one object between rooms. The snapshot keeps them alive meanwhile.
    """

    def __init__(self) -> None:
        self._by_identity: dict[int, int] = {}
        self._by_times: dict[tuple[datetime, datetime], int] = {}

    def numbers_of(self, intervals: tuple[Interval, ...]) -> tuple[int, ...]:
        known = self._by_identity
        try:
            return tuple([known[id(each)] for each in intervals])
        except KeyError:
            return tuple([self._number(each) for each in intervals])

    def _number(self, interval: Interval) -> int:
        times = (interval.start, interval.end)
        number = self._by_times.setdefault(times, len(self._by_times))
        self._by_identity[id(interval)] = number
        return number

    def bounds(self) -> list[int]:
        return [to_micros(each) for times in self._by_times for each in times]


class _IntervalTuples(dict[tuple[int, ...], tuple[Interval, ...]]):
    """Tuples of intervals by their numbers; rooms that are alike share one."""

    def __init__(self, bounds: list[int]) -> None:
        super().__init__()
        moments = [from_micros(each) for each in bounds]
        self._intervals = [Interval(*each) for each in zip(*[iter(moments)] * 2, strict=True)]

    def __missing__(self, numbers: tuple[int, ...]) -> tuple[Interval, ...]:
        self[numbers] = found = tuple([self._intervals[each] for each in numbers])
        return found


def _rooms(body: _Body) -> dict[str, RoomDay]:
    moments = [from_micros(each) for each in body.moments]
    intervals = _IntervalTuples(body.bounds)
    return {
        id_: RoomDay(intervals[known], intervals[bookings], intervals[closures], moments[read_at])
        for id_, (read_at, known, bookings, closures) in body.rooms.items()
    }
