"""What the reservations of some rooms and days tell of them.

Source: `docs/25live.md`, "Reservations" and "States and types".
"""

from collections.abc import Collection, Container, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache

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
        self._seen: dict[tuple[str, str], tuple[Interval, Sequence[date]]] = {}

    def note(
        self, reservations: Iterable[Reservation], *, rooms: Sequence[str], days: Sequence[date]
    ) -> None:
        """Note one whole answer about `rooms` and `days`, of which all is known then."""
        for room_id in rooms:
            for day in days:
                self._findings.tell(room_id, day, window=_WHOLE_DAY)
        wanted = frozenset(rooms)
        for reservation in reservations:
            taken = _rooms_of(reservation, wanted)
            if not taken:
                continue
            self._findings.anything_on = True
            if _blocks(reservation):
                self._note(reservation, taken, days)

    def _note(self, reservation: Reservation, rooms: Iterable[str], days: Iterable[date]) -> None:
        closure = _type_of(reservation.event) in _CLOSURES
        try:
            interval, reached = self._interval(reservation)
        except UnclearError:
            for room_id in rooms:
                for day in days:
                    self._findings.doubt(room_id, day)
            return
        for room_id in rooms:
            self._findings.add(room_id, reached, interval, closure=closure)

    def _interval(self, reservation: Reservation) -> tuple[Interval, Sequence[date]]:
        """Return when it is, and the wanted days that it reaches."""
        times = reservation.start, reservation.end
        seen = self._seen.get(times)
        if seen is None:
            if len(self._seen) >= MOST_TIMES * len(self._findings.wanted):
                raise UnclearError
            interval = self._read(reservation)
            seen = self._seen[times] = interval, self._findings.reached_by(interval)
        return seen

    def _read(self, reservation: Reservation) -> Interval:
        start, end = self._instants(reservation.start)[0], self._instants(reservation.end)[1]
        # Equal texts are of no length, be it at a time that the clocks show twice.
        if end <= start or reservation.start == reservation.end:
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


def _rooms_of(reservation: Reservation, rooms: Container[str]) -> Collection[str]:
    spaces = reservation.spaces
    if not isinstance(spaces, list):
        room_id = str(spaces.room_id)
        return (room_id,) if room_id in rooms else ()
    return {room_id for space in spaces if (room_id := str(space.room_id)) in rooms}


def _blocks(reservation: Reservation) -> bool:
    if reservation.state in _IDLE_RESERVATIONS:
        return False
    event = reservation.event
    if event is None or _type_of(event) in _CLOSURES:
        return True
    return event.state not in IDLE_STATES and _word(event.state_name) not in _IDLE_STATE_NAMES


def _type_of(event: Event | None) -> str:
    return _word(event.type_name if event else None)


# A campus has a few dozen such words, and uses them a hundred thousand times a month.
@lru_cache(maxsize=1024)
def _word(text: str | None) -> str:
    return (text or "").strip().casefold()
