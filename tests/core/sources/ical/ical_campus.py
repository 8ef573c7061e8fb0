"""A campus whose feeds are served on loopback, and its source, which never sleeps."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp

from core.model.campus import Building, Campus, Room
from core.model.interval import Interval
from core.sources.base import BookingSource, ReadResult
from core.sources.http_policy import HttpPolicy
from core.sources.ical.config import IcalSettings, LocationMatchMode
from core.sources.registry import create_source
from fakes.ical.server import FakeIcalHost, event
from tests.core.sources.source_fixtures import RecordedSleep
from tests.fakes import at, between

NEW_YORK = ZoneInfo("America/New_York")
TODAY = date(2026, 3, 3)
DAYS = [TODAY, date(2026, 3, 4)]
NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
TEN = event("20260303T150000Z", "20260303T160000Z")
TEN_TO_ELEVEN = between("10:00", "11:00")


def campus_of(settings: IcalSettings, rooms: int = 1, *, closes: float = 23) -> Campus:
    """Return a campus of one building whose rooms are r1, r2 and so on, called CAS 101…"""
    building = Building(
        "CAS",
        "Arts",
        NEW_YORK,
        timedelta(hours=7),
        timedelta(hours=closes),
        tuple(Room(f"r{n}", str(100 + n), "CAS") for n in range(1, rooms + 1)),
    )
    return Campus("test", "Test", NEW_YORK, settings, (building,))


@dataclass
class Reader:
    """Reads one campus again and again, with one source."""

    server: FakeIcalHost
    session: aiohttp.ClientSession
    sleep: RecordedSleep = field(default_factory=RecordedSleep)
    http_policy: HttpPolicy = field(default_factory=HttpPolicy)
    progress: list[tuple[int, int]] = field(default_factory=list)

    def open(self, campus: Campus, **manners: Any) -> BookingSource:
        """Return a source that never sleeps."""
        changed = replace(self.http_policy, sleep=self.sleep, **manners)
        return create_source(campus, self.session, changed)

    def per_room(self, rooms: int = 1, **manners: Any) -> BookingSource:
        """Return a source of one feed a room: r1.ics and so on."""
        feeds = {f"r{n}": self.server.url(f"r{n}.ics") for n in range(1, rooms + 1)}
        return self.open(campus_of(IcalSettings(feeds=feeds), rooms), **manners)

    def shared(
        self, rooms: int = 2, match: LocationMatchMode = "exact", **manners: Any
    ) -> BookingSource:
        """Return a source of one feed, all.ics."""
        settings = IcalSettings(url=self.server.url("all.ics"), match_mode=match)
        return self.open(campus_of(settings, rooms), **manners)

    async def read(
        self, source: BookingSource, days: list[date] = DAYS, now: datetime = NOW
    ) -> ReadResult:
        """Read it."""
        return await source.read(days, at=now, progress=lambda *each: self.progress.append(each))


def kinds(result: ReadResult, day: date = TODAY) -> dict[str, str]:
    return {room: err.kind for room, err in result.failures[day].items()}


def full_day(day: date, hours: int = 24) -> Interval:
    return Interval(at("00:00", day), at("00:00", day) + timedelta(hours=hours))
