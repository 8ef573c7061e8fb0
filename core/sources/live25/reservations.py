"""What the reservations of some rooms and days tell of them.

Source: `docs/25live.md`, "Reservations" and "States and types".
"""

from collections.abc import Collection, Container, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import product

from core.model.interval import Interval
from core.sources.base import AmbiguousTimeError
from core.sources.live25.grid import NON_BLOCKING_STATES
from core.sources.live25.local_time import END_OF_DAY, MAX_DISTINCT_TIMES
from core.sources.live25.room_days import Live25DayBuilder
from core.sources.live25.schema import Event, Reservation, UnclearReservation

# A reservation's own states are not its event's: 4 there means booked over another.
_NON_BLOCKING_RESERVATION_STATES = frozenset({98, 99})
_NON_BLOCKING_NAMES = frozenset({"draft", "denied", "deleted", "cancelled", "canceled"})
_CLOSURES = frozenset({"closed", "blackout", "blackouts"})
_WHOLE_DAY = (0, END_OF_DAY)
_MIN_TIMESTAMP_LENGTH = len("2026-10-06T08:45")


class ReservationReader:
    """Interprets reservations and records them in a builder."""

    def __init__(self, builder: Live25DayBuilder) -> None:
        self._builder = builder
        self._intervals_by_times: dict[tuple[str, str], tuple[Interval, Sequence[date]]] = {}

    def add_reservations(
        self,
        reservations: Iterable[Reservation],
        *,
        rooms: Sequence[str],
        days: Sequence[date],
        request: str = "",
    ) -> None:
        """Record the whole answer to a `request` about `rooms` and `days`: all is known then."""
        self._builder.notes.begin_answer(request)
        self._builder.notes.add_reach(_WHOLE_DAY, days)
        for room_id in rooms:
            for day in days:
                self._builder.add_answer(room_id, day, window=_WHOLE_DAY)
        room_ids = frozenset(rooms)
        for reservation in reservations:
            reserved = _reserved_rooms(reservation, room_ids)
            if not reserved and _has_all_ids(reservation):
                continue
            self._builder.has_any_booking = True
            if _blocks_room(reservation):
                self._add_reservation(reservation, reserved, rooms, days)

    def _add_reservation(
        self,
        reservation: Reservation,
        reserved: Collection[str],
        rooms: Collection[str],
        days: Iterable[date],
    ) -> None:
        """Note what takes the rooms `reserved`, and perhaps any of `rooms` where one has no id."""
        has_all_ids = _has_all_ids(reservation)
        in_doubt = reserved if has_all_ids else rooms
        try:
            interval, touched = self._cached_interval(reservation)
        except AmbiguousTimeError:
            self._mark_uncertain(in_doubt, days, "a reservation without readable times")
            return
        if isinstance(reservation, UnclearReservation):
            self._mark_uncertain(in_doubt, touched, "a reservation in an unreadable state")
            return
        closure = _event_type(reservation.event) in _CLOSURES
        for room_id in reserved:
            self._builder.add_to_days(room_id, touched, interval, closure=closure)
        if not has_all_ids:
            for room_id in rooms:
                self._builder.add_doubt(
                    room_id, touched, interval, "a reservation without a readable room"
                )

    def _mark_uncertain(self, rooms: Iterable[str], days: Iterable[date], reason: str) -> None:
        for room_id, day in product(rooms, tuple(days)):
            self._builder.mark_uncertain(room_id, day, reason)

    def _cached_interval(self, reservation: Reservation) -> tuple[Interval, Sequence[date]]:
        """Return when it is, and the wanted days that it reaches."""
        times = reservation.start, reservation.end
        cached = self._intervals_by_times.get(times)
        if cached is None:
            if len(self._intervals_by_times) >= MAX_DISTINCT_TIMES * len(self._builder.read_days):
                raise AmbiguousTimeError
            interval = self._parse_interval(reservation)
            cached = self._intervals_by_times[times] = (
                interval,
                self._builder.days_touched(interval),
            )
        return cached

    def _parse_interval(self, reservation: Reservation) -> Interval:
        start, end = (
            self._parse_timestamp(reservation.start)[0],
            self._parse_timestamp(reservation.end)[1],
        )
        # Equal texts are of no length, be it at a time that the clocks show twice.
        if end <= start or reservation.start == reservation.end:
            raise AmbiguousTimeError
        return Interval(start, end)

    def _parse_timestamp(self, text: str) -> tuple[datetime, datetime]:
        """Return the earliest and the latest instant that a timestamp may mean."""
        if len(text) < _MIN_TIMESTAMP_LENGTH:
            raise AmbiguousTimeError
        try:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                return self._builder.local_time.naive_bounds(moment)
            moment = moment.astimezone(UTC)
        except (ValueError, OverflowError) as err:
            raise AmbiguousTimeError from err
        return moment, moment


def _reserved_rooms(reservation: Reservation, rooms: Container[str]) -> Collection[str]:
    spaces = reservation.spaces
    if not isinstance(spaces, list):
        room_id = str(spaces.room_id)
        return (room_id,) if room_id in rooms else ()
    return {room_id for space in spaces if (room_id := str(space.room_id)) in rooms}


def _has_all_ids(reservation: Reservation) -> bool:
    """Tell whether a reservation has rooms, each with an id.

    Without, the reservation takes one of the rooms that were asked about, and any may be it.
    """
    spaces = reservation.spaces
    if not isinstance(spaces, list):
        return spaces.room_id != ""
    return bool(spaces) and all(space.room_id != "" for space in spaces)


def _blocks_room(reservation: Reservation) -> bool:
    if reservation.state in _NON_BLOCKING_RESERVATION_STATES:
        return False
    if reservation.state is None and _normalize(reservation.state_name) in _NON_BLOCKING_NAMES:
        return False
    event = reservation.event
    if event is None or _event_type(event) in _CLOSURES:
        return True
    return (
        event.state not in NON_BLOCKING_STATES
        and _normalize(event.state_name) not in _NON_BLOCKING_NAMES
    )


def _event_type(event: Event | None) -> str:
    return _normalize(event.type_name if event else None)


# A campus has a few dozen such words, and uses them a hundred thousand times a month.
@lru_cache(maxsize=1024)
def _normalize(text: str | None) -> str:
    return (text or "").strip().casefold()
