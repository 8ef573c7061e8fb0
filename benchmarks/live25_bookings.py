"""Bookings of generated campuses: those of the demo campus, for any number of rooms."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import cycle
from zoneinfo import ZoneInfo

import msgspec

from benchmarks.generated_campus import generate_campus
from demo.campus.buildings import all_rooms
from demo.campus.live25_json import room_subjects
from fakes.live25.booking_responses import month_days
from fakes.live25.bookings import Bookings, Months, subject_date

_TYPES = {1, 2, 3}
_MORE_FIELDS = {
    "registered_count": 0,
    "expected_count": 24,
    "event_locator": "2026-ABCDEF",
    "event_type_id": 172,
    "formal_name": "Lecture room in the building of that name",
    "layout_name": "As Is",
    "organization_id": 1234,
    "organization_name": "Office of the Registrar",
    "space_instructions": "",
}
"""What a real reservation says beside what the bot reads: it has to be skipped as well."""


class LargeCampus(Bookings):
    """The bookings of `generate_campus(rooms)` in the month from `first` on, encoded beforehand.

    They hold for every smaller campus as well, as it has the same room ids. The number of a saved
    search is how many rooms it holds.
    """

    def __init__(self, rooms: int, first: date) -> None:
        zone = generate_campus(1).timezone
        self._ids = sorted((room.id for room in generate_campus(rooms).rooms), key=int)
        self._subjects: dict[str, dict[date, msgspec.Raw]] = {}
        self._reservations: dict[str, dict[date, list[msgspec.Raw]]] = {}
        for id_, (building, room) in zip(self._ids, cycle(all_rooms()), strict=False):
            # A room's number decides what is booked in it.
            same = replace(room, id=int(id_))
            subjects = list(room_subjects(building, same, month_days(first)))
            self._subjects[id_] = {subject_date(each): _encoded(each) for each in subjects}
            months = Months({id_: {"subjects": subjects}})
            self._reservations[id_] = {
                day: [
                    _encoded({**each, **_MORE_FIELDS})
                    for each in months.reservations(id_, day, day, zone=zone, types=_TYPES)
                ]
                for day in month_days(first)
            }

    def searched_rooms(self, search_id: str) -> Sequence[str]:
        """Return the first so many rooms."""
        return self._ids[: int(search_id)]

    def subjects(self, room: str, first: date, last: date) -> Sequence[msgspec.Raw]:
        """Return a subject a day."""
        days = self._subjects[room]
        return [subject for day, subject in days.items() if first <= day <= last]

    def searched_subjects(self, room: str, day: date) -> Sequence[msgspec.Raw]:
        """Return the same, without a capacity after the name."""
        return self.subjects(room, day, day)

    def reservations(
        self,
        room: str,
        first: date,
        last: date,
        *,
        zone: ZoneInfo,  # noqa: ARG002 - that of the campus
        types: set[int],  # noqa: ARG002 - all, which is what the bot asks for
    ) -> Sequence[msgspec.Raw]:
        """Return the reservations that begin on these days."""
        days = self._reservations[room]
        return [each for day, some in days.items() if first <= day <= last for each in some]


def _encoded(value: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(value))
