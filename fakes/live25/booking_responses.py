"""The answers of a 25Live instance in all three ways of reading, made from its month.

The three ways are made from the same answers, so that they must agree.
"""

from calendar import monthrange
from collections.abc import Container, Iterator, Mapping
from copy import deepcopy
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

FIRST_DAY = date(2024, 11, 4)
LAST_DAY = date(2024, 12, 4)

REQUESTOR = "Wilhelmina Requestor"
"""Stands in every reservation where the source has a person; must get nowhere."""

MonthResponses = dict[str, Any]
"""Answers of `availability_daily` by room id: `{"subjects": [one a day]}`."""

_DAY = timedelta(days=1)


def first_days(months: MonthResponses, days: int) -> MonthResponses:
    """Return the first days of answers; tests that are not about days are faster with few."""
    return {room: {"subjects": answer["subjects"][:days]} for room, answer in months.items()}


def replicated(months: MonthResponses, rooms: int) -> MonthResponses:
    """Return the answers of so many rooms, numbered from 1, those given over and over."""
    originals = list(months.values())
    copies: MonthResponses = {}
    for number in range(1, rooms + 1):
        copy = deepcopy(originals[number % len(originals)])
        for subject in copy["subjects"]:
            subject["itemId"] = number
        copies[str(number)] = copy
    return copies


def month_response(months: MonthResponses, room: str, first: date) -> dict[str, Any]:
    """Return the answer of `availability_daily`; without the room there are no subjects."""
    last = _same_day_next_month(first)
    wanted = [s for s in _subjects(months, room) if first <= subject_date(s) <= last]
    return {"subjects": wanted} if wanted else {}


def search_response(
    months: MonthResponses, day: date, *, page: int, page_size: int
) -> dict[str, Any]:
    """Return one page of the answer of `availability`, whose names carry capacities."""
    subjects = [
        {**subject, "itemName": f"{subject['itemName']} (40)"}
        for room in months
        for subject in _subjects(months, room)
        if subject_date(subject) == day
    ]
    wanted = subjects[(page - 1) * page_size : page * page_size]
    pages = -(-len(subjects) // page_size)
    return {"subjects": wanted, "page_count": pages} if wanted else {}


def reservations_response(
    months: MonthResponses,
    rooms: Container[str],
    days: Container[date],
    *,
    zone: str,
    include: Container[str],
) -> dict[str, Any]:
    """Return the answer of `rm_reservations`: absent, an object or a list inside."""
    kinds = (
        {1} | ({2} if "blackouts" in include else set()) | ({3} if "closed" in include else set())
    )
    found = [
        _reservation(subject, item, ZoneInfo(zone))
        for room in months
        if room in rooms
        for subject, item in _items(months, room)
        if item["type_id"] in kinds and _overlaps_days(subject, item, days)
    ]
    whole: Any = found[0] if len(found) == 1 else found
    return {"space_reservations": {"space_reservation": whole} if found else {}}


def _reservation(
    subject: Mapping[str, Any], item: Mapping[str, Any], zone: ZoneInfo
) -> dict[str, Any]:
    start, end = (_local_time(subject_date(subject), item[key], zone) for key in ("start", "end"))
    kind = {2: "blackout", 3: "closed"}.get(item["type_id"], "Lecture")
    return {
        "reservation_id": item["itemId2"],
        "reservation_start_dt": start,
        "reservation_end_dt": end,
        "reservation_state": item.get("reservation_state", 1),
        "spaces": {"space_id": subject["itemId"], "space_name": subject["itemName"]},
        "reservation_comments": f"ask {REQUESTOR}",
        "event": {
            "event_name": item["itemName"],
            "event_type_name": kind,
            "state": item.get("cur_event_state", 2),
            "state_name": "Confirmed",
            "requestor": {"contact_name": REQUESTOR},
        },
    }


def _local_time(day: date, hours: str | float, zone: ZoneInfo) -> str:
    face = datetime.combine(day, time()) + timedelta(minutes=int(float(hours) * 60 + 0.5))
    return face.replace(tzinfo=zone).isoformat()


def _overlaps_days(
    subject: Mapping[str, Any], item: Mapping[str, Any], days: Container[date]
) -> bool:
    """Tell whether an item reaches into one of `days`; over midnight it is told on both."""
    first = subject_date(subject) + int(float(item["start"]) // 24) * _DAY
    last = subject_date(subject) + int(-(-float(item["end"]) // 24) - 1) * _DAY
    return any(first + n * _DAY in days for n in range((last - first).days + 1))


def subject_date(subject: Mapping[str, Any]) -> date:
    """Return the day that a subject is about."""
    return date.fromisoformat(subject["item_date"][:10])


def _subjects(months: MonthResponses, room: str) -> list[dict[str, Any]]:
    subjects: list[dict[str, Any]] = months.get(room, {}).get("subjects", [])
    return subjects


def _items(months: MonthResponses, room: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for subject in _subjects(months, room):
        for item in subject.get("items") or ():
            yield subject, item


def _same_day_next_month(first: date) -> date:
    year, month_ = divmod(first.year * 12 + first.month, 12)
    return date(year, month_ + 1, min(first.day, monthrange(year, month_ + 1)[1]))
