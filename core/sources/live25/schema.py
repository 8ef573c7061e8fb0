"""The shapes of 25Live's answers: of all that they hold, only ids, times, types and states.

Names of events and people are not in any shape, so they end where an answer is decoded. That
of a room is, to be compared with the campus file.

Source: `docs/25live.md`, "The availability grid" and "Reservations".
"""

from typing import Literal

from msgspec import UNSET, Raw, Struct, UnsetType, field

Id = int | str


class Item(Struct, gc=False):
    """Something that takes a room for a while; hours since midnight, as number or text."""

    start: float
    end: float
    type_id: int | None = None
    state: int | None = field(name="cur_event_state", default=None)
    event_id: Id | None = field(name="itemId", default=None)


class Subject(Struct, gc=False):
    """One room on one day."""

    room_id: Id = field(name="itemId")
    day: str = field(name="item_date", default="")
    items: list[Item] | None = None
    # The room's name; an object, as a faulty one must not cost the subject.
    name: object = field(name="itemName", default=None)


class Header(Struct, gc=False):
    """One hour that the answer shows."""

    hour: float = field(name="header_id")


class Headers(Struct, gc=False):
    """All hours that the answer shows."""

    data: list[Header] | None = None


class Grid(Struct):
    """An answer of `availabilitydata.json`."""

    subjects: list[Subject] | None = None
    headers: Headers | None = None
    page_count: int | None = None


class Space(Struct, gc=False):
    """A room that a reservation takes."""

    room_id: Id = field(name="space_id")


class Event(Struct, gc=False):
    """What a reservation is for, as far as it tells whether the room is taken."""

    state: int | None = None
    state_name: str | None = None
    type_name: str | None = field(name="event_type_name", default=None)


class Reservation(Struct, gc=False):
    """One or more rooms taken from one instant to another."""

    start: str = field(name="reservation_start_dt")
    end: str = field(name="reservation_end_dt")
    spaces: Space | list[Space]
    state: int | None = field(name="reservation_state", default=None)
    state_name: str | None = field(name="reservation_state_name", default=None)
    event: Event | None = None


class UnclearReservation(Reservation, gc=False):
    """A reservation of which nobody can say whether it takes its rooms."""


class Reservations(Struct):
    """An answer of `rm_reservations.json`: its one part is absent, an object or a list."""

    items: Reservation | list[Reservation] | None = field(name="space_reservation", default=None)


class ReservationsResponse(Struct):
    """The whole of an answer; the part that it must have may be empty."""

    # An empty XML element comes out of a converter as null or as empty text.
    space_reservations: Reservations | Literal[""] | UnsetType | None = UNSET


class LenientGrid(Struct):
    """A grid of which single subjects may be faulty."""

    subjects: list[Raw]
    headers: Headers | None = None
    page_count: int | None = None


class LenientSubject(Struct):
    """A subject of which single items may be faulty, or all that it has in their place."""

    room_id: Id = field(name="itemId")
    day: str = field(name="item_date", default="")
    items: Raw = Raw(b"null")


class AnyItem(Struct):
    """An item of which each value may be faulty."""

    start: object
    end: object
    type_id: object = None
    state: object = field(name="cur_event_state", default=None)
    event_id: object = field(name="itemId", default=None)


class LenientReservations(Struct):
    """Reservations of which single ones may be faulty: one, or a list."""

    items: Raw = field(name="space_reservation")


class LenientReservationsResponse(Struct):
    """The whole of an answer with such reservations."""

    space_reservations: LenientReservations


class AnyReservation(Struct):
    """A reservation of which each value may be faulty; decoded to be reduced at once."""

    start: object = field(name="reservation_start_dt", default=None)
    end: object = field(name="reservation_end_dt", default=None)
    spaces: object = None
    state: object = field(name="reservation_state", default=None)
    state_name: object = field(name="reservation_state_name", default=None)
    event: object = None
