"""A month of a campus as `availability_daily` tells it, generated with the demo campus's seed.

The instance has the shape of the recorded one: 35 rooms in four buildings, among them one whose
rooms are hardly used, one room marked as not used, hours cut off at the display window, a holiday,
sections that share a room at the same times, hidden events and hours as numbers and texts.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from demo.campus.bookings import TimeRange, at
from demo.campus.buildings import DemoBuilding, DemoRoom, RoomUse
from demo.campus.live25_json import decimal_hours, room_subjects
from fakes.live25.booking_responses import month_days

Json = dict[str, Any]

WINDOW = (7, 23)
"""The hours that the grid shows; 25Live cuts off whatever lies outside."""

_DAY = TimeRange(at(7), at(22))
_SHORT_DAY = TimeRange(at(8), at(21))
_WEEKDAYS = 5
_SCIENCES = ("PHYS", "GEOL", "ASTR", "MATH")
_COMPUTING = ("CSCI", "STAT", "ELEC")
_FIRST_FREE_ID = 4001


def _places(code: str, uses: dict[RoomUse, str]) -> tuple[DemoRoom, ...]:
    """Return rooms from lists such as "1127/0110 /0112": some ids are given, some are not."""
    words = [(use, word.partition("/")) for use, line in uses.items() for word in line.split()]
    return tuple(
        DemoRoom(int(id_ or _FIRST_FREE_ID + int(number)), code, number, use, 0)
        for use, (id_, _, number) in words
    )


# The ids that tests name are those of the recorded rooms.
_HOUSES = (
    DemoBuilding(
        "ATL",
        "",
        (_DAY,) * 7,
        _SCIENCES,
        _places(
            "ATL",
            {
                RoomUse.CLASSROOM: "1127/0110 2649/0112 1132/0114 1133/0116 /0210 /0212 "
                "/0214 /0310",
                RoomUse.SEMINAR: "/0312 /0314 /0316",
                RoomUse.LAB: "/0410 /0412 /0414",
            },
        ),
    ),
    DemoBuilding(
        "IRB",
        "",
        (*(_DAY,) * 6, None),
        _COMPUTING,
        _places(
            "IRB",
            {RoomUse.CLASSROOM: "3032/0520 3034/0530 /0540 /0550", RoomUse.HALL: "/1500 /1510"},
        ),
    ),
    DemoBuilding(
        "NL",
        "",
        (_SHORT_DAY,) * 7,
        (),
        _places("NL", {RoomUse.CLASSROOM: " ".join(f"/{number}" for number in range(701, 710))}),
        observes_blackouts=False,
    ),
    DemoBuilding(
        "TMH",
        "",
        (*(_DAY,) * _WEEKDAYS, None, None),
        ("MUSI", "ARTS", "THEA"),
        _places(
            "TMH", {RoomUse.CLASSROOM: "/0810 /0820 /0830", RoomUse.STUDIO: "/0840 /0850 /0860"}
        ),
    ),
)
_SUFFIXES = {"NL": " (Downtown, North)", "TMH 0860": " (Not used)"}


def month(first: date) -> dict[str, Json]:
    """Return the answers by room id for the month that begins on `first`."""
    return {
        str(place.id): {"subjects": list(_subjects(house, place, first))}
        for house in _HOUSES
        for place in house.rooms
    }


def _subjects(house: DemoBuilding, place: DemoRoom, first: date) -> Iterator[Json]:
    suffix = _SUFFIXES.get(house.code) or _SUFFIXES.get(place.label, "")
    for subject in room_subjects(house, place, month_days(first)):
        items = [shown for item in subject["items"] if (shown := _clipped(item))]
        yield {**subject, "itemName": f"{place.label}{suffix}", "items": items}


def _clipped(item: Json) -> Json | None:
    """Return an item within the display window, None where nothing of it is left."""
    opens, closes = WINDOW
    start, end = float(item["start"]), float(item["end"])
    if end <= opens or start >= closes:
        return None
    times = {
        **({"start": decimal_hours(timedelta(hours=opens))} if start < opens else {}),
        **({"end": decimal_hours(timedelta(hours=closes))} if end > closes else {}),
    }
    return {**item, **times}
