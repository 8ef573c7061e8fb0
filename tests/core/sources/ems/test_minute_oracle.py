"""A generated year on EMS: no minute is wrong, and none that is unknown is called free."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import aiohttp
import pytest

from core.model.bookings import RoomDay
from core.model.campus import Building, Campus, Room
from core.model.interval import Interval
from core.sources.ems.config import EmsSettings
from core.sources.http_policy import HttpPolicy
from core.sources.registry import create_source
from fakes.ems.server import FakeEms
from fakes.live25.fault_injection import ResponseFault
from tests.core.sources.ems.random_ems import (
    BUSY,
    DAY,
    FIRST,
    FREE,
    LAST,
    MINUTE,
    UNKNOWN,
    ZONE,
    RandomEms,
    number,
)
from tests.core.sources.source_fixtures import RecordedSleep, minutes_of_day

CLOSES = {"A": 24, "B": 24, "N": 26}
MONTH = 31


def bot_campus(ems: RandomEms, url: str) -> Campus:
    buildings = tuple(
        Building(
            each.code,
            each.name,
            ZONE,
            timedelta(),
            timedelta(hours=CLOSES[each.code]),
            tuple(Room(str(room.id), room.name, each.code) for room in each.rooms),
        )
        for each in ems.buildings
    )
    return Campus("random", "Random", ZONE, EmsSettings(url), buildings)


def expected(ems: RandomEms, room: int, day: date, hours: Interval) -> bytes:
    """Return what the bot has to know of a room on a day from its opening to its closing."""
    start, end = number(hours.start), number(hours.end)
    if ems.failed_days & {day - DAY, day}:
        return bytes(end - start)
    states = ems.truth[room][start:end]
    after = number(Interval(*(_midnight(day + DAY * n) for n in (1, 2))).start) - start
    if ems.failed_days & {day + DAY}:
        states[after:] = bytes(len(states) - after)
    return bytes(states)


def told_minutes(known: RoomDay | None, hours: Interval) -> bytes:
    """Return what the bot knows of each minute: outside of `known` nothing, whatever is booked."""
    if known is None:
        return bytes(hours.duration // MINUTE)
    nothing = RoomDay(known.known, (), (), known.read_at)
    pairs = zip(minutes_of_day(nothing, hours), minutes_of_day(known, hours), strict=True)
    return bytes(state if is_known else UNKNOWN for is_known, state in pairs)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(("seed", "only_beginning"), [(1, False), (2, True)])
async def test_a_generated_year_is_read_right_to_the_minute(seed: int, *, only_beginning: bool):
    ems = RandomEms(seed)
    policy = replace(HttpPolicy(), sleep=RecordedSleep())
    wrong, seen = Counter[tuple[int, int]](), Counter[int]()
    async with (
        FakeEms(ems, lists_only_beginning=only_beginning) as server,
        aiohttp.ClientSession() as session,
    ):
        server.mutations["GetBrowseLocationsBookings"] = ems.spoil
        server.day_faults = {day: ResponseFault(status=403) for day in ems.failed_days}
        campus = bot_campus(ems, server.url)
        source = create_source(campus, session, policy)
        for first in range(0, (LAST - FIRST).days + 1, MONTH):
            days = [FIRST + DAY * (first + n) for n in range(MONTH)]
            days = [day for day in days if day <= LAST]
            result = await source.read(
                days, at=datetime(2026, 1, 1, tzinfo=UTC), progress=lambda *_: None
            )
            for building in campus.buildings:
                for day in days:
                    hours = building.window_on(day)
                    for room in building.rooms:
                        known = result.days[day].get(room.id)
                        told = told_minutes(known, hours)
                        true = expected(ems, int(room.id), day, hours)
                        seen.update(true)
                        if told != true:
                            wrong.update(
                                pair for pair in zip(true, told, strict=True) if len({*pair}) > 1
                            )
    assert not wrong
    # And the year has enough of everything.
    assert seen[FREE] > 1_000_000
    assert seen[BUSY] > 1_000_000
    assert seen[UNKNOWN] > 50_000
