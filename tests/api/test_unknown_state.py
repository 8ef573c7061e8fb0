"""Free is what the oracle calls free, minute by minute; unknown time is never offered."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from api.resources import OpenClassrooms
from core.availability.campus_day import build_campus_day
from core.model.bookings import RoomDay, Snapshot
from core.model.calendar import DAY
from core.model.campus import Building, Campus, Room
from core.model.interval import Interval
from core.sources.live25.config import Live25Settings
from tests import oracle
from tests.fakes import TUESDAY

NEW_YORK = "America/New_York"
DAYS = [TUESDAY, TUESDAY.replace(day=8), TUESDAY.replace(month=11, day=1)]
"""An ordinary day, and those on which the clocks change."""

minutes = st.integers(0, 26 * 60)
spans = st.lists(st.tuples(minutes, st.integers(1, 300)), max_size=5)


class Known:
    """Stands where a view looks for its campus."""

    def __init__(self, campus):
        self.campus = campus


def interval(day, start, length):
    begins = oracle.clock(NEW_YORK, day, start)
    return Interval(begins, begins + timedelta(minutes=length))


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(DAYS),
    st.integers(0, 12 * 60),
    st.integers(13 * 60, 26 * 60),
    spans,
    st.none() | spans,
)
def test_offered_minutes_are_those_of_the_oracle(day, opens, closes, booked, known):
    zone = ZoneInfo(NEW_YORK)
    room = Room("1", "1", "A")
    building = Building(
        "A", "A", zone, timedelta(minutes=opens), timedelta(minutes=closes), (room,)
    )
    campus = Campus("a", "A", zone, Live25Settings("http://x", "rooms"), (building,))
    read_at = oracle.clock(NEW_YORK, day, 0)
    whole = (Interval(read_at - DAY, read_at + 2 * DAY),)
    parts = whole if known is None else tuple(merged(day, known))
    bookings = tuple(interval(day, *each) for each in booked)
    snapshot = Snapshot("a", day, read_at, {"1": RoomDay(parts, bookings, (), read_at)})
    worked_out = build_campus_day(campus, snapshot, min_gap=timedelta(minutes=28))
    view = OpenClassrooms(Known(campus), None, day)  # type: ignore[arg-type]  # nothing else is asked
    shown: Any = view.to_json({day: worked_out}, read_at)
    [told] = shown["buildings"]["A"]["classrooms"]

    hours = (oracle.clock(NEW_YORK, day, opens), oracle.clock(NEW_YORK, day, closes))
    facts = oracle.RoomFacts(
        tuple((each.start, each.end) for each in parts),
        tuple((each.start, each.end) for each in bookings),
    )
    verdicts = oracle.verdicts(hours, facts, min_gap=28)
    free = oracle.runs(hours, verdicts, oracle.What.FREE)
    assert [slot["duration_minutes"] for slot in told["availability"]] == [
        (end - start) // oracle.MINUTE for start, end in free
    ]
    for slot, (start, end) in zip(told["availability"], free, strict=True):
        faces = [each.astimezone(zone).strftime("%H:%M") for each in (start, end)]
        assert [slot["start_time"], slot["end_time"]] == faces
    covered = [each.intersection(Interval(*hours)) for each in parts]
    known_time = sum((each.duration for each in covered if each), timedelta())
    assert (told["state"] == "unknown") is (known_time < hours[1] - hours[0])
    assert datetime.fromisoformat(told["read_at"]) == read_at


def merged(day, known):
    """Return parts as a source tells them: sorted, and apart from each other."""
    found: list[Interval] = []
    for each in sorted(interval(day, *one) for one in known):
        if found and each.start <= found[-1].end:
            found[-1] = Interval(found[-1].start, max(each.end, found[-1].end))
        else:
            found.append(each)
    return found
