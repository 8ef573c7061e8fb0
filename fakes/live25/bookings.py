"""The bookings that a fake 25Live serves: fixed months, or whatever else implements `Bookings`."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]

SEARCH_ID = "2195"
"""The saved search that holds all rooms of `Months`."""

REQUESTOR = "Wilhelmina Requestor"
"""A person who is named in every reservation, and must appear nowhere in the bot."""

_DAY = timedelta(days=1)
_EVENT_TYPES = {2: "blackout", 3: "closed"}
_STATES = {1: "Tentative"}


class Bookings(ABC):
    """The bookings of a campus, as subjects: a subject is one room on one day of the grid."""

    @abstractmethod
    def searched_rooms(self, search_id: str) -> Sequence[str]:
        """Return the ids of the rooms in a saved search; empty where there is no such search."""

    @abstractmethod
    def subjects(self, room: str, first: date, last: date) -> Sequence[Any]:
        """Return the subjects of a room from `first` to `last`, both included."""

    def capacity(self, room: str) -> int:  # noqa: ARG002 - a subclass may know better
        """Return the capacity that a search appends to a room's name."""
        return 40

    def searched_subjects(self, room: str, day: date) -> Sequence[Any]:
        """Return the subjects of one day as a search has them: with capacities in their names."""
        return [
            {**subject, "itemName": f"{subject['itemName']} ({self.capacity(room)})"}
            for subject in self.subjects(room, day, day)
        ]

    def reservations(
        self, room: str, first: date, last: date, *, zone: ZoneInfo, types: set[int]
    ) -> Sequence[Any]:
        """Return a room's reservations of these types that touch a day from `first` to `last`."""
        return [
            _reservation(subject, item, zone)
            for subject in self.subjects(room, first - _DAY, last + _DAY)
            for item in subject.get("items") or ()
            if item["type_id"] in types and _touches(subject, item, first, last)
        ]


class Months(dict[str, Any], Bookings):
    """Responses of `availability_daily` by room id: `{"subjects": [one a day]}`.

    They may be changed while they are served.
    """

    def searched_rooms(self, search_id: str) -> Sequence[str]:
        """Return all rooms for `SEARCH_ID`."""
        return list(self) if search_id == SEARCH_ID else []

    def subjects(self, room: str, first: date, last: date) -> Sequence[Any]:
        """Return the subjects of these days in their own order."""
        subjects = self.get(room, {}).get("subjects", [])
        return [subject for subject in subjects if first <= subject_date(subject) <= last]

    def first_days(self, days: int) -> "Months":
        """Return only the first days: enough for tests that are not about days, and faster."""
        return Months(
            {room: {"subjects": month["subjects"][:days]} for room, month in self.items()}
        )

    def copied_to(self, rooms: Iterable[str]) -> "Months":
        """Return months of other rooms, with the bookings of these rooms in turn."""
        originals = list(self.values())
        return Months(
            {
                room: {
                    "subjects": [
                        {**subject, "itemId": int(room)}
                        for subject in originals[number % len(originals)]["subjects"]
                    ]
                }
                for number, room in enumerate(rooms)
            }
        )


def subject_date(subject: Mapping[str, Any]) -> date:
    """Return the day of a subject."""
    return date.fromisoformat(subject["item_date"][:10])


def _touches(subject: Mapping[str, Any], item: Mapping[str, Any], first: date, last: date) -> bool:
    """Tell whether an item touches a day from `first` to `last`; its hours may pass midnight."""
    starts = subject_date(subject) + int(float(item["start"]) // 24) * _DAY
    ends = subject_date(subject) + int(-(-float(item["end"]) // 24) - 1) * _DAY
    return starts <= last and ends >= first and starts <= ends


def _reservation(subject: Mapping[str, Any], item: Mapping[str, Any], zone: ZoneInfo) -> Json:
    """Return the reservation of a grid's item."""
    start, end = (_local_time(subject_date(subject), item[key], zone) for key in ("start", "end"))
    state = item.get("cur_event_state", 2)
    return {
        "reservation_id": item["itemId2"],
        "reservation_start_dt": start,
        "reservation_end_dt": end,
        "reservation_state": item.get("reservation_state", 1),
        "spaces": {"space_id": subject["itemId"], "space_name": subject["itemName"]},
        "reservation_comments": f"ask {REQUESTOR}",
        "event": {
            "event_name": item["itemName"],
            "event_type_name": _EVENT_TYPES.get(item["type_id"], "Lecture"),
            "state": state,
            "state_name": _STATES.get(state, "Confirmed"),
            "requestor": {"contact_name": REQUESTOR},
        },
    }


def _local_time(day: date, hours: str | float, zone: ZoneInfo) -> str:
    minutes = timedelta(minutes=int(float(hours) * 60 + 0.5))
    return (datetime.combine(day, time()) + minutes).replace(tzinfo=zone).isoformat()
