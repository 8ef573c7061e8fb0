"""Takes generated days the whole way through the bot, and holds its answers to the oracle."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import aiohttp

from core.availability.campus_day import CampusDay, build_campus_day, campus_dates_at
from core.availability.counts import count_rooms
from core.availability.queries import FreeRoomsQuery, building_day, free_rooms
from core.data.merge import merge_reading
from core.errors import SourceError
from core.model.bookings import Snapshot
from core.model.campus import Building, Campus, Room
from core.model.interval import Interval
from core.sources.http_policy import HttpPolicy
from core.sources.live25.config import Live25Settings
from core.sources.registry import create_source
from core.store.snapshot_codec import decode_snapshot, encode_snapshot
from tests.oracle import Oracle, RoomFacts, Span
from tests.resilience.generated_days import GeneratedCampus, GeneratedResponses, closing, dice
from tests.resilience.reference_model import Facts, meant

_ID = "generated"
_NUDGES = tuple(timedelta(seconds=each) for each in (-60, -1, 0, 0, 1, 60))
_LEAST = (1, 15, 28, 30, 45, 60, 120, 600)

SessionFor = Callable[[GeneratedCampus, GeneratedResponses], tuple[aiohttp.ClientSession, str]]
"""Gives a session that is told that reading, and the address to ask."""


class WrongAnswerError(AssertionError):
    """The bot said something else than the oracle."""


@dataclass(frozen=True)
class _Known:
    """What the bot knows, and what it should know with the time at which each was read."""

    snapshots: Mapping[date, Snapshot]
    facts: Mapping[date, Mapping[str, RoomFacts]]
    read_at: Mapping[tuple[date, str], datetime]
    attempted_at: datetime


def _expect(ours: object, right: object, what: str) -> None:
    if ours != right:
        raise WrongAnswerError(f"{what}\n  the bot:    {ours}\n  the oracle: {right}")


async def _no_sleep(_: float) -> None:
    pass


def as_campus(generated: GeneratedCampus, url: str) -> Campus:
    """Return the generated campus as the bot has it from its file."""
    zone = ZoneInfo(generated.zone)
    buildings = tuple(
        Building(
            code=each.code,
            name=each.code,
            timezone=zone,
            opens=timedelta(hours=int(each.opens[:2]), minutes=int(each.opens[3:])),
            closes=timedelta(minutes=closing(each)),
            rooms=tuple(Room(r.id, r.name, each.code, r.capacity) for r in each.rooms),
        )
        for each in generated.buildings
    )
    return Campus(_ID, _ID, zone, Live25Settings(url, generated.way, "1"), buildings)


async def judge(generated: GeneratedCampus, session_for: SessionFor, random: Random) -> int:
    """Return how many campus days were compared, all of them right.

    Raises:
        WrongAnswerError: one was not.
    """
    known = await _read_all(generated, session_for)
    campus = as_campus(generated, "http://campus.test")
    least = timedelta(minutes=generated.min_gap)
    days = {
        day: build_campus_day(campus, each, min_gap=least) for day, each in known.snapshots.items()
    }
    oracle = Oracle(generated.zone, generated.buildings, known.facts, min_gap=generated.min_gap)
    for day in generated.days:
        moments = _moments(oracle, generated, day, random)
        if day in days:
            for moment in moments:
                _compare_day(oracle, days[day], moment, known)
        for moment in moments:
            _compare_free(oracle, campus, days, moment, known, random)
    return len(generated.days)


async def _read_all(generated: GeneratedCampus, session_for: SessionFor) -> _Known:
    snapshots: dict[date, Snapshot] = {}
    facts: dict[date, dict[str, RoomFacts]] = {}
    read_at: dict[tuple[date, str], datetime] = {}
    at = datetime(2018, 1, 1, 12, tzinfo=UTC)
    for told in generated.readings:
        at += timedelta(hours=2)
        right = meant(generated, told)
        snapshots |= await _read(generated, session_for(generated, told), snapshots, at, right)
        for day, rooms in (right or {}).items():
            facts.setdefault(day, {}).update(rooms)
            read_at |= {(day, room): at for room in rooms}
    return _Known(snapshots, facts, read_at, at)


async def _read(
    generated: GeneratedCampus,
    asking: tuple[aiohttp.ClientSession, str],
    before: Mapping[date, Snapshot],
    at: datetime,
    right: Facts | None,
) -> dict[date, Snapshot]:
    """Read the campus and return its snapshots as they come out of the store."""
    session, url = asking
    campus = as_campus(generated, url)
    source = create_source(campus, session, HttpPolicy(sleep=_no_sleep, random=dice(1)))
    try:
        result = await source.read(generated.days, at=at, progress=lambda *_: None)
    except SourceError as err:
        if right is not None:
            raise WrongAnswerError("a reading is refused that is not empty") from err
        return {}
    if right is None:
        raise WrongAnswerError("a reading of nothing is not refused")
    for day in generated.days:
        rooms = [*result.days[day], *result.failures[day]]
        _expect(sorted(rooms), sorted(generated.rooms), f"rooms known or failed on {day}")
        _expect(set(result.days[day]), set(right[day]), f"rooms known on {day}")
    joined = merge_reading(campus, result, before, at=at, accept_mass_deletion=False)
    return {
        each.day: decode_snapshot(encode_snapshot(each), _ID, each.day) for each in joined.snapshots
    }


def _moments(
    oracle: Oracle, generated: GeneratedCampus, day: date, random: Random
) -> list[datetime]:
    """Choose moments at which something begins or ends, just beside them, and any others."""
    bounds: set[datetime] = set()
    for building in generated.buildings:
        bounds |= set(oracle.hours(building.code, day))
    for facts in oracle.knowledge.get(day, {}).values():
        bounds |= {
            bound
            for spans in (facts.known, facts.bookings, facts.closures)
            for span in spans
            for bound in span
        }
    start, end = oracle.hours(generated.buildings[0].code, day)
    somewhere = start + (end - start) * random.random()
    chosen = random.choices(sorted(bounds), k=3)
    return [somewhere, *(each + random.choice(_NUDGES) for each in chosen)]


def _spans(intervals: tuple[Interval, ...]) -> list[Span]:
    return [(each.start, each.end) for each in intervals]


def _compare_day(oracle: Oracle, day: CampusDay, moment: datetime, known: _Known) -> None:
    date_ = day.snapshot.day
    for building in day.campus.buildings:
        code = building.code
        for room in building.rooms:
            what = f"{room.label} ({room.id}) of {date_} at {moment}"
            right = oracle.what(code, room.id, date_, moment)
            _expect(day.state_at(room, moment).value, right.value, what)
        counted = count_rooms(day, building, moment)
        right_count = oracle.count(code, date_, moment)
        _expect((counted.total, counted.free, counted.unknown), right_count, f"count of {code}")
        told = building_day(day, building, moment)
        lines = [
            (
                line.room.id,
                _spans(line.gaps),
                _spans(line.closures),
                _spans(line.unknown),
                line.carried_over_from,
            )
            for line in told.rooms
        ]
        right_lines = [
            (line.id, line.gaps, line.closed, line.unknown, _kept_from(known, date_, line.id))
            for line in oracle.building(code, date_)
        ]
        for ours, line in zip(lines, right_lines, strict=True):
            _expect(ours, line, f"{code} on {date_}")
        hours = oracle.hours(code, date_)
        _expect((told.window.start, told.window.end), hours, f"hours of {code}")
        unknown = sum(line.is_unknown for line in oracle.building(code, date_))
        _expect(told.unknown_count, unknown, f"rooms of {code} wholly unknown on {date_}")
        _expect(
            told.counts_now is not None, hours[0] <= moment < hours[1], f"{code} open at {moment}"
        )


def _kept_from(known: _Known, day: date, room: str) -> datetime | None:
    read_at = known.read_at.get((day, room))
    newest = max((at for (d, _), at in known.read_at.items() if d == day), default=None)
    return read_at if read_at != newest else None


def _compare_free(
    oracle: Oracle,
    campus: Campus,
    days: Mapping[date, CampusDay],
    moment: datetime,
    known: _Known,
    random: Random,
) -> None:
    least = random.choice(_LEAST)
    codes = [each.code for each in campus.buildings]
    asked_codes = random.sample(codes, random.randint(0, len(codes)))
    capacity = random.choice((None, None, 30))
    asked = moment.astimezone(campus.timezone) if random.random() < 0.5 else moment
    named = tuple(each.lower() for each in codes if each in asked_codes)
    question = FreeRoomsQuery(asked, timedelta(minutes=least), named, capacity)
    at_hand = {day: days[day] for day in campus_dates_at(campus, moment) if day in days}
    ours = free_rooms(campus, at_hand, question)
    right = oracle.free_now(moment, least, building=asked_codes or None, capacity=capacity)
    what = f"free for {least} minutes at {moment} in {asked_codes}, {capacity} seats"
    _expect([(e.room.id, e.gap.end) for e in ours.free], right.free, what)
    _expect([(e.room.id, e.gap.end) for e in ours.too_short], right.brief, f"{what}: too brief")
    for part, openings, whens in (
        (ours.soon, right.soon, "soon"),
        (ours.next_openings, right.later, "later"),
    ):
        _expect([(e.room.id, e.gap.start, e.gap.end) for e in part], openings, f"{what}: {whens}")
    counts = right.rooms, right.unknown, right.unsized
    _expect(
        (ours.room_count, ours.unknown_count, ours.unknown_capacity),
        counts,
        f"{what}: rooms, unknown, unsized",
    )
    for each in (*ours.free, *ours.too_short):
        day = oracle.day_of(each.room.building, moment)
        _expect(each.carried_over_from, _kept_from(known, day, each.room.id), f"{what}: kept")
