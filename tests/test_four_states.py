"""Free, booked, closed and unknown are the same in every reply, select, picture and HTTP answer.

An oracle of its own decides each quarter of an hour of generated campuses: hours by weekday,
closures of the campus file and of the source, bookings, rooms and days that were not read.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from api.resources import OpenClassrooms, RoomDays
from cogs.ui.custom_ids import BuildingQueryId, RoomWeekId
from cogs.ui.images.render import _day_column, _room_bars
from cogs.ui.layout import building_label
from cogs.ui.replies.alt_text import building_alt, heatmap_alt, week_alt
from cogs.ui.replies.building import BuildingReplyData, building_page, building_reply
from cogs.ui.replies.room import RoomReplyData, room_choice, room_reply
from core.availability.campus_day import CampusDay, build_campus_day
from core.availability.counts import count_rooms
from core.availability.heatmap import build_heatmap, hour_slots
from core.availability.queries import FreeRoomsQuery, building_day, free_rooms
from core.availability.states import RoomState
from core.availability.timeline import state_at, state_span_at
from core.availability.week import room_week
from core.data.status import DataAge
from core.digests.summary import build_summary, closure_of_day
from core.model.bookings import RoomDay, Snapshot
from core.model.calendar import monday_of
from core.model.campus import Building, Campus, Room, RoomAccess
from core.model.hours import DayHours, PlannedClosure, WeeklyHours
from core.model.interval import Interval
from core.sources.live25.config import Live25Settings

ZONE = ZoneInfo("America/New_York")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUARTER = HOUR / 4
LEAST = timedelta(minutes=28)
FREE, BOOKED, CLOSED, UNKNOWN = RoomState
READ_AT = datetime(2026, 3, 6, 11, tzinfo=UTC)
# A Friday, the Saturday after it, the Sunday on which the clocks skip an hour, and a holiday.
DATES = [date(2026, 3, each) for each in (6, 7, 8, 9)]


def instant(day, hours):
    """When the clocks of the campus show that many hours after midnight."""
    face = datetime.combine(day, datetime.min.time()) + hours * HOUR
    return face.replace(tzinfo=ZONE).astimezone(UTC)


@dataclass(frozen=True)
class Made:
    """A campus, what is known of it, and the facts that the oracle decides from."""

    campus: Campus
    days: Mapping[date, CampusDay]
    known: Mapping[date, Mapping[str, RoomDay]]

    def hours_of(self, building, day):
        """The weekly hours that begin on a day, None where there are none."""
        hours = building.week.days[day.weekday()]
        return hours and (instant(day, hours.opens / HOUR), instant(day, hours.closes / HOUR))

    def day_of(self, building, moment):
        """The day that a building is in."""
        today = moment.astimezone(ZONE).date()
        before = self.hours_of(building, today - DAY)
        return today - DAY if before and before[0] <= moment < before[1] else today

    def state(self, building, room, moment):
        """Decide a minute, without any code of the bot."""
        day = self.day_of(building, moment)
        hours = self.hours_of(building, day)
        shut = any(each.interval.start <= moment < each.interval.end for each in building.closures)
        if shut or not hours or not hours[0] <= moment < hours[1]:
            return CLOSED
        facts = self.known.get(day, {}).get(room.id)
        if facts is None or not _within(moment, facts.known):
            return UNKNOWN
        if _within(moment, facts.closures):
            return CLOSED
        return FREE if self._is_long(building, room, moment) else BOOKED

    def _is_clear(self, building, room, moment):
        """Whether a building is open and nothing is on, for however short a time."""
        day = self.day_of(building, moment)
        hours = self.hours_of(building, day)
        facts = self.known.get(day, {}).get(room.id)
        shut = any(each.interval.start <= moment < each.interval.end for each in building.closures)
        return (
            hours is not None
            and facts is not None
            and hours[0] <= moment < hours[1]
            and _within(moment, facts.known)
            and not _within(moment, facts.bookings + facts.closures)
            and not shut
        )

    def _is_long(self, building, room, moment):
        if not self._is_clear(building, room, moment):
            return False
        length, minute = timedelta(), timedelta(minutes=1)
        for step in (minute, -minute):
            at = moment if step > timedelta() else moment - minute
            while self._is_clear(building, room, at) and length < LEAST:
                length += minute
                at += step
        return length >= LEAST


def _within(moment, intervals):
    return any(each.start <= moment < each.end for each in intervals)


_HOURS = st.sampled_from(["07:23", "08:26", "00:24", "10:20", "12:15"])


def _day_hours(text):
    opens, closes = text.split(":")
    return DayHours(int(opens) * HOUR, int(closes) * HOUR)


@st.composite
def weeks(draw):
    """Hours by weekday; a night never reaches into the hours of the next day."""
    days = [draw(st.none() | _HOURS) for _ in range(7)]
    days[draw(st.integers(0, 6))] = "07:23"
    for number, text in enumerate(days):
        if text == "08:26" and days[(number + 1) % 7] == "00:24":
            days[number] = "07:23"
    return WeeklyHours(tuple(text and _day_hours(text) for text in days))


@st.composite
def closures(draw):
    """A few closures of the campus file, on quarters of an hour."""
    found = []
    for _ in range(draw(st.integers(0, 2))):
        start = instant(draw(st.sampled_from(DATES)), draw(st.integers(0, 92)) / 4)
        end = start + draw(st.sampled_from([1, 3, 24, 60])) * HOUR
        found.append(PlannedClosure(Interval(start, end), draw(st.sampled_from(["", "Recess"]))))
    return tuple(sorted(found, key=lambda each: each.interval))


@st.composite
def facts(draw, day):
    """What is known of a room on a day."""

    def some(most, lengths):
        return tuple(
            Interval(start, start + draw(st.sampled_from(lengths)) * QUARTER)
            for start in (
                instant(day, draw(st.integers(0, 100)) / 4)
                for _ in range(draw(st.integers(0, most)))
            )
        )

    whole = (Interval(instant(day, 0), instant(day, 27)),)
    part = (Interval(instant(day, 9), instant(day, draw(st.integers(10, 24)))),)
    return RoomDay(
        known=draw(st.sampled_from([whole, whole, part])),
        bookings=some(4, [1, 3, 4, 12]),
        closures=some(1, [4, 16, 60]),
        read_at=READ_AT,
    )


@st.composite
def made(draw):
    """A campus of two buildings with what is known of four days."""
    access = st.sampled_from([RoomAccess.OPEN, RoomAccess.OPEN, RoomAccess.DEPARTMENT])
    buildings = []
    for code in "AB":
        rooms = [Room(f"{code}0", "0", code), Room(f"{code}1", "1", code, access=draw(access))]
        week = draw(weeks())
        buildings.append(
            Building(
                code,
                f"Hall {code}",
                ZONE,
                week.opens,
                week.closes,
                tuple(rooms),
                week,
                draw(closures()),
            )
        )
    source = Live25Settings(url="http://localhost", strategy="rooms")
    campus = Campus("bu", "Boston University", ZONE, source, tuple(buildings))
    known = {
        day: {room.id: draw(facts(day)) for room in campus.rooms if draw(st.integers(0, 4))}
        for day in DATES
        if draw(st.integers(0, 4))
    }
    snapshots = {day: Snapshot("bu", day, READ_AT, rooms) for day, rooms in known.items()}
    days = {
        day: build_campus_day(
            campus,
            snapshot,
            min_gap=LEAST,
            neighbours=[each for other, each in snapshots.items() if abs(other - day) == DAY],
        )
        for day, snapshot in snapshots.items()
    }
    return Made(campus, days, known)


def quarters(day):
    """Every quarter of an hour of a calendar day."""
    start, end = instant(day, 0), instant(day + DAY, 0)
    return [start + number * QUARTER for number in range((end - start) // QUARTER)]


def offered(building):
    return [room for room in building.rooms if room.access is not RoomAccess.DEPARTMENT]


def texts(view):
    return "\n".join(each.content for each in view.walk_children() if hasattr(each, "content"))


@settings(max_examples=20, deadline=None)
@given(made(), st.sampled_from(DATES))
def test_state_selects_completion_and_counts_agree(campus_made, day):
    for moment in quarters(day):
        result = free_rooms(campus_made.campus, campus_made.days, FreeRoomsQuery(moment, LEAST))
        found_free = {each.room.id for each in (*result.free, *result.too_short)}
        all_states = Counter[RoomState]()
        for building in campus_made.campus.buildings:
            states = {room.id: campus_made.state(building, room, moment) for room in building.rooms}
            for room in building.rooms:
                assert state_at(campus_made.days, building, room, moment) is states[room.id]
                span = state_span_at(campus_made.days, building, room, moment)
                assert (span.state, span.until > moment) == (states[room.id], True)
                word = (
                    room_choice(room, span, moment, campus_made.campus)
                    .split(" · ")[1]
                    .split(" ")[0]
                )
                assert word == states[room.id].value
            counted = Counter(states[room.id] for room in offered(building))
            all_states += counted
            at_hand = campus_made.days.get(campus_made.day_of(building, moment))
            counts = count_rooms(at_hand, building, moment)
            assert (counts.total, counts.free, counts.unknown, counts.closed) == (
                len(offered(building)),
                counted[FREE],
                counted[UNKNOWN],
                counted[CLOSED],
            )
            assert building_label("A", "Hall", counts).split(" · ")[2] == label_of(counted)
            free_ids = {room.id for room in offered(building) if states[room.id] is FREE}
            assert {each for each in found_free if each[0] == building.code} == free_ids
        assert (result.unknown_count, result.closed_count) == (
            all_states[UNKNOWN],
            all_states[CLOSED],
        )
        assert (result.closure is not None) == all(
            campus_made.state(building, room, moment) is CLOSED
            for building in campus_made.campus.buildings
            for room in building.rooms
        )


def label_of(counted):
    if set(counted) == {CLOSED}:
        return "closed"
    return f"{counted[FREE]} free" if counted[FREE] or counted[BOOKED] else "no information"


@settings(max_examples=20, deadline=None)
@given(made(), st.sampled_from(DATES))
def test_until_is_when_the_state_ends(campus_made, day):
    building = campus_made.campus.buildings[0]
    for room in building.rooms:
        for moment in quarters(day)[::8]:
            span = state_span_at(campus_made.days, building, room, moment)
            at = moment
            while at < span.until:
                assert campus_made.state(building, room, at) is span.state
                at += QUARTER
            is_beyond = campus_made.day_of(building, span.until) > max(
                campus_made.days, default=date.min
            )
            following = campus_made.state(building, room, span.until)
            assert following is not span.state or (is_beyond and span.state is UNKNOWN)


def age():
    return DataAge(read_at=READ_AT, is_stale=False, failing_since=None)


WORDS = {"free": FREE, "booked": BOOKED, "closed": CLOSED, "unknown": UNKNOWN}


@settings(max_examples=8, deadline=None)
@given(made(), st.sampled_from(DATES))
def test_room_its_picture_and_its_alternative_text_agree(campus_made, day):
    campus, days = campus_made.campus, campus_made.days
    for building in campus.buildings:
        for room in building.rooms:
            for moment in quarters(day)[::3]:
                week = room_week(days, building, room, monday=monday_of(day), now=moment)
                state = campus_made.state(building, room, moment)
                query = RoomWeekId("bu", room.id, None)
                said = texts(
                    room_reply(
                        RoomReplyData(
                            campus, query, week, list(days), age(), moment, can_share=False
                        )
                    )
                )
                heading = re.search(r"^## .*? · (\w+)", said, re.MULTILINE)
                assert heading
                assert WORDS[heading[1]] is state
                own_day = campus_made.day_of(building, moment)
                for shown in week.days:
                    if shown.day == own_day:
                        assert (
                            drawn_state(_day_column(building, shown, is_today=True), moment)
                            is state
                        )
                alt = week_alt(week, campus)
                for shown in week.days:
                    is_closed = closed_all_day(campus_made, building, room, shown.day)
                    told = re.search(r"Closed: ([^.]*)", alt)
                    assert (f"{shown.day:%A}" in (told[1] if told else "")) == is_closed


def closed_all_day(campus_made, building, room, day):
    """Whether a room is closed in all minutes of its building's day, nights included."""
    hours = campus_made.hours_of(building, day)
    if not hours:
        return True
    moment = hours[0]
    while moment < hours[1]:
        if campus_made.state(building, room, moment) is not CLOSED:
            return False
        moment += timedelta(minutes=1) * 15
    return True


def drawn_state(bars, moment):
    """The state that a picture shows at a moment; outside its hours nothing is drawn."""
    hours = bars.hours
    if moment not in hours or _within(moment, bars.closed):
        return CLOSED
    if _within(moment, bars.gaps):
        return FREE
    return UNKNOWN if _within(moment, bars.unknown) else BOOKED


@settings(max_examples=8, deadline=None)
@given(made(), st.sampled_from(DATES))
def test_building_its_picture_and_its_alternative_text_agree(campus_made, day):
    campus, days = campus_made.campus, campus_made.days
    if day not in days:
        return
    for building in campus.buildings:
        for moment in quarters(day)[::3]:
            if campus_made.day_of(building, moment) != day:
                continue
            found = building_day(days[day], building, moment, days)
            states = {room.id: campus_made.state(building, room, moment) for room in building.rooms}
            for line in found.rooms:
                bars = SimpleNamespace(hours=found.window, **vars_of(_room_bars(line)))
                assert drawn_state(bars, moment) is states[line.room.id]
            all_closed = set(states.values()) == {CLOSED}
            assert (found.closure is not None) == all_closed
            reply = BuildingReplyData(
                campus,
                BuildingQueryId("bu", building.code, None),
                found,
                [],
                age(),
                moment,
                can_share=False,
            )
            said = head_of(reply)
            assert ("closed until" in said) == all_closed
            counted = Counter(states[room.id] for room in offered(building))
            number = f"{counted[FREE]} of {len(offered(building))} room"
            in_window = moment in found.window
            assert (number in said) == (in_window and not all_closed)
            alt = building_alt(found, found.rooms, campus)
            assert (number in alt) == (in_window and not all_closed)
            if in_window and all_closed:
                assert "closed" in alt


def vars_of(bars):
    return {name: getattr(bars, name) for name in ("gaps", "closed", "unknown")}


def head_of(reply):
    view = building_reply_without_select(reply)
    return view.splitlines()[1]


def building_reply_without_select(reply):
    counts = [
        (each.code, each.name, count_rooms(None, each, reply.now))
        for each in reply.campus.buildings
    ]
    reply = BuildingReplyData(
        reply.campus, reply.query, reply.building_day, counts, reply.age, reply.now, can_share=False
    )
    return texts(building_reply(reply, building_page(reply)))


@settings(max_examples=15, deadline=None)
@given(made(), st.sampled_from(DATES))
def test_http_agrees(campus_made, day):
    campus, days = campus_made.campus, campus_made.days
    coordinator: Any = SimpleNamespace(campus=campus)
    for building in campus.buildings:
        moments = [each for each in quarters(day) if campus_made.day_of(building, each) == day]
        asked = OpenClassrooms(coordinator, building, day)
        whole: Any = asked.to_json({day: days.get(day)}, READ_AT)
        by_id = {each["id"]: each for each in whole["buildings"][building.code]["classrooms"]}
        for room in building.rooms:
            states = [campus_made.state(building, room, each) for each in moments]
            is_closed = closed_all_day(campus_made, building, room, day)
            assert (by_id[room.id]["state"] == "closed") == is_closed
            if UNKNOWN in states:
                assert by_id[room.id]["state"] == "unknown"
            told: Any = RoomDays(coordinator, building, room, 4).to_json(days, READ_AT)["days"]
            for each in told:
                if each["date"] == day.isoformat():
                    assert [http_state(each, moment) for moment in moments] == states


def http_state(told, moment):
    """The state that a day of `/api/rooms` tells of a moment."""
    if told["opens"] is None:
        return CLOSED
    if not datetime.fromisoformat(told["opens"]) <= moment < datetime.fromisoformat(told["closes"]):
        return CLOSED
    for name, state in (("closed", CLOSED), ("unknown", UNKNOWN)):
        for each in told[name]:
            if (
                datetime.fromisoformat(each["start"])
                <= moment
                < datetime.fromisoformat(each["end"])
            ):
                return state
    for slot in told["availability"]:
        for day in (date.fromisoformat(told["date"]), date.fromisoformat(told["date"]) + DAY):
            start = datetime.fromisoformat(f"{day}T{slot['start']}").replace(tzinfo=ZONE)
            end = start.astimezone(UTC) + timedelta(minutes=slot["duration_minutes"])
            opens = datetime.fromisoformat(told["opens"])
            if opens <= start.astimezone(UTC) <= moment < end:
                return FREE
    return BOOKED


@settings(max_examples=15, deadline=None)
@given(made(), st.sampled_from(DATES))
def test_campus_picture_its_alternative_text_and_the_digest_agree(campus_made, day):
    campus, days = campus_made.campus, campus_made.days
    if day not in days:
        return
    heatmap = build_heatmap(days[day])
    slots = {each.start: each for each in hour_slots(heatmap.hours, ZONE)}
    closed_codes = set()
    for row in heatmap.rows:
        building = row.building
        if all(closed_all_day(campus_made, building, room, day) for room in building.rooms):
            closed_codes.add(building.code)
        for start, slot in slots.items():
            states = {
                campus_made.state(building, room, slot.start + minutes * timedelta(minutes=1))
                for room in offered(building)
                for minutes in range(0, int(slot.duration / timedelta(minutes=1)), 5)
                if campus_made.day_of(building, slot.start + minutes * timedelta(minutes=1)) == day
            }
            assert (start in row.free_shares) == bool(states - {CLOSED})
    for moment in quarters(day)[::2]:
        summary = build_summary(days[day], moment)
        assert {each.code for each in summary.closed_buildings} == closed_codes
        assert (closure_of_day(days, campus.buildings, day, moment) is not None) == (
            len(closed_codes) == len(campus.buildings)
        )
        for each in summary.buildings:
            if campus_made.day_of(each.building, each.counted_at) != day:
                continue
            counted = Counter(
                campus_made.state(each.building, room, each.counted_at)
                for room in offered(each.building)
            )
            assert (each.counts.free, each.counts.unknown, each.counts.closed) == (
                counted[FREE],
                counted[UNKNOWN],
                counted[CLOSED],
            )
        counts = [
            (
                each.code,
                each.name,
                count_rooms(days.get(campus_made.day_of(each, moment)), each, moment),
            )
            for each in campus.buildings
        ]
        told = re.search(r"Closed: ([^.]*)", heatmap_alt(counts, moment, campus))
        shut = {code for code, _, count in counts if count.is_closed}
        if len(shut) < len(counts):
            assert set((told[1] if told else "").split(", ")) - {""} == shut
