"""What a 25Live says of made campuses: bookings as in the demo campus, for any number of rooms."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import cycle
from typing import Any

import msgspec

from benchmarks.generated_campus import generate_campus
from demo.campus.buildings import all_rooms
from demo.campus.live25_json import month_response

_HEADERS = b'],"headers":{"data":[%s]}' % b",".join(
    b'{"header_id":%d}' % hour for hour in range(24)
)
_STATES = {1: "Tentative", 2: "Confirmed"}
_KINDS = {2: "Blackout", 3: "Closed"}
_encode = msgspec.json.encode


class LargeCampusResponses:
    """Everything that is told of the rooms of `made_campus(rooms)` in the month from `first` on.

    It holds for every smaller campus as well, as that has the same room ids. The three ways
    of reading tell the same.
    """

    def __init__(self, rooms: int, first: date) -> None:
        self._zone = generate_campus(1).timezone
        self._ids = sorted((room.id for room in generate_campus(rooms).rooms), key=int)
        self._subjects: dict[str, dict[date, bytes]] = {}
        self._reservations: dict[str, dict[date, bytes]] = {}
        for id_, (house, place) in zip(self._ids, cycle(all_rooms()), strict=False):
            # A room's number decides what is booked in it.
            subjects = month_response(house, replace(place, id=int(id_)), first)["subjects"]
            days = {date.fromisoformat(each["item_date"][:10]): each for each in subjects}
            self._subjects[id_] = {day: _encode(each) for day, each in days.items()}
            self._reservations[id_] = {
                day: b",".join(map(_encode, self._reservations_of(each, day)))
                for day, each in days.items()
            }

    def month_response(self, id_: str) -> bytes:
        """Return the answer about one room."""
        return _grid(self._subjects[id_].values()) + b"}"

    def search_response(self, rooms: int, day: date, *, number: int, size: int) -> bytes:
        """Return one page of the answer about a day of the first so many rooms."""
        ids = self._ids[:rooms][(number - 1) * size : number * size]
        pages = -(-rooms // size)
        return _grid(self._subjects[id_][day] for id_ in ids) + b',"page_count":%d}' % pages

    def reservations_response(self, ids: Sequence[str], first: date, last: date) -> bytes:
        """Return the answer about some rooms and the days from `first` to `last`."""
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        found = [told for id_ in ids for day in days if (told := self._reservations[id_][day])]
        return b'{"space_reservations":{"space_reservation":[%s]}}' % b",".join(found)

    def _reservations_of(self, subject: dict[str, Any], day: date) -> Iterator[dict[str, Any]]:
        """Yield the items of a room's day as the reservations that they are."""
        for item in subject["items"]:
            start, end = (self._moment(day, item[key]) for key in ("start", "end"))
            kind = _KINDS.get(item["type_id"], "Class")
            state = item.get("cur_event_state", 2)
            yield {
                "reservation_id": item["itemId2"],
                "reservation_start_dt": start,
                "reservation_end_dt": end,
                "event_start_dt": start,
                "event_end_dt": end,
                "reservation_state": 1,
                "registered_count": 0,
                "expected_count": 24,
                "spaces": {
                    "space_id": subject["itemId"],
                    "space_name": subject["itemName"],
                    "formal_name": f"{subject['itemName']} in the house of that name",
                    "layout_name": "As Is",
                },
                "space_instructions": "",
                "reservation_comments": "",
                "event": {
                    "event_id": item["itemId"],
                    "event_name": item["itemName"],
                    "event_title": "",
                    "event_locator": f"2026-AB{item['itemId']}",
                    "event_type_id": 172,
                    "event_type_name": kind,
                    "state": state,
                    "state_name": _STATES[state],
                    "organization_id": 1234,
                    "organization_name": "Office of the Registrar",
                },
            }

    def _moment(self, day: date, hours: str | float) -> str:
        minutes = timedelta(minutes=round(float(hours) * 60))
        return (datetime.combine(day, time(), self._zone) + minutes).isoformat()


def _grid(subjects: Iterable[bytes]) -> bytes:
    return b'{"subjects":[' + b",".join(subjects) + _HEADERS
