"""What the reservations of some rooms and days tell of them.

Source: `FACTS.md` sections 1.2 and 3.
"""

from collections.abc import Container, Iterable, Sequence
from datetime import UTC, date, datetime

from core.model import Interval
from core.sources.live25.findings import Findings
from core.sources.live25.grid import IDLE_STATES
from core.sources.live25.shapes import Event, Reservation
from core.sources.live25.walltime import MIDNIGHT, MOST_TIMES, UnclearError

# A reservation's own states are not its event's: 4 there means booked over another.
_IDLE_RESERVATIONS = frozenset({98, 99})
_IDLE_STATE_NAMES = frozenset({"draft", "denied", "deleted", "cancelled", "canceled"})
_CLOSURES = frozenset({"closed", "blackout", "blackouts"})
_WHOLE_DAY = (0, MIDNIGHT)
_SHORTEST_TIMESTAMP = len("2026-10-06T08:45")


class ReservationReader:
    """Notes reservations in `findings`."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._seen: dict[tuple[str, str], Interval] = {}

    def note(
        self, reservations: Iterable[Reservation], *, rooms: Sequence[str], days: Sequence[date]
    ) -> None:
        """Note one whole answer about `rooms` and `days`, of which all is known then."""
        for room_id in rooms:
            for day in days:
                self._findings.tell(room_id, day, window=_WHOLE_DAY)
        for reservation in reservations:
            taken = _rooms_of(reservation, rooms)
            if not taken:
                continue
            self._findings.anything_on = True
            if _blocks(reservation):
                self._note(reservation, taken, days)

    def _note(self, reservation: Reservation, rooms: Iterable[str], days: Iterable[date]) -> None:
        closure = _type_of(reservation.event) in _CLOSURES
        try:
            interval = self._interval(reservation)
        except UnclearError:
            for room_id in rooms:
                for day in days:
                    self._findings.doubt(room_id, day)
            return
        for room_id in rooms:
            self._findings.place(room_id, interval, closure=closure)

    def _interval(self, reservation: Reservation) -> Interval:
        times = reservation.start, reservation.end
        interval = self._seen.get(times)
        if interval is None:
            if len(self._seen) >= MOST_TIMES * len(self._findings.wanted):
                raise UnclearError
            interval = self._seen[times] = self._read(reservation)
        return interval

    def _read(self, reservation: Reservation) -> Interval:
        start, end = self._instants(reservation.start)[0], self._instants(reservation.end)[1]
        if end <= start:
            raise UnclearError
        return Interval(start, end)

    def _instants(self, text: str) -> tuple[datetime, datetime]:
        """Return the earliest and the latest instant that a timestamp may mean."""
        if len(text) < _SHORTEST_TIMESTAMP:
            raise UnclearError
        try:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                return self._findings.wall_time.naive(moment)
            moment = moment.astimezone(UTC)
        except (ValueError, OverflowError) as err:
            raise UnclearError from err
        return moment, moment


def _rooms_of(reservation: Reservation, rooms: Container[str]) -> set[str]:
    spaces = reservation.spaces
    spaces = spaces if isinstance(spaces, list) else [spaces]
    return {room_id for space in spaces if (room_id := str(space.room_id)) in rooms}


def _blocks(reservation: Reservation) -> bool:
    if reservation.state in _IDLE_RESERVATIONS:
        return False
    event = reservation.event
    if event is None or _type_of(event) in _CLOSURES:
        return True
    name = (event.state_name or "").strip().casefold()
    return event.state not in IDLE_STATES and name not in _IDLE_STATE_NAMES


def _type_of(event: Event | None) -> str:
    return ((event and event.type_name) or "").strip().casefold()
