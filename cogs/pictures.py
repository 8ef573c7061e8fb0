"""Which picture goes with an answer: what it shows, and in whose place it is drawn once."""

import asyncio
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from io import BytesIO

import discord

from cogs.replies.alt import building_alt, glance_alt, trend_alt, week_alt
from core.availability import BuildingDay, CampusDay, CampusDays, Count, RoomLine
from core.model import Building, Campus
from core.pictures.studio import Studio
from core.room_week import RoomWeek
from core.trends import Trend

_NOW_EVERY = timedelta(minutes=5)
"""The mark of the present moves so often; in between all who ask share a picture."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a reply holds it: the file, its name, and what it shows in words."""

    name: str
    png: bytes
    alt: str

    def file(self) -> discord.File:
        """Return the file to send; each message needs one of its own."""
        return discord.File(BytesIO(self.png), self.name, description=self.alt)


class Pictures:
    """Has the pictures drawn that go with answers; None where one cannot be had in time.

    What draws is imported only beside the loop: Pillow and all of it take a twentieth of a start.
    """

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    async def prepare(self) -> None:
        """Import what draws before anybody asks, so that no first picture waits for that."""
        await asyncio.to_thread(import_module, "cogs.drawings")

    async def of_building(
        self,
        day: CampusDay,
        answer: BuildingDay,
        rooms: tuple[RoomLine, ...],
        now: datetime,
        *,
        is_stale: bool,
        stands: bool = False,
    ) -> Picture | None:
        """Return the day of those rooms of a building: the ones that the page lists.

        In a message that stands all day no moment is marked as now.
        """
        marked = _mark(now) if now in answer.open_hours and not stands else None

        def draw() -> bytes:
            from cogs import drawings  # noqa: PLC0415 - beside the loop

            return drawings.of_building(day, answer, rooms, marked, is_stale=is_stale)

        code = answer.building.code
        key = ("building", day.version, code, rooms[0].room.id, len(rooms), marked, is_stale)
        png = await self._studio.picture(key, draw)
        if png is None:
            return None
        return Picture("building.png", png, building_alt(answer, rooms, day.campus.timezone))

    async def of_campus(
        self,
        day: CampusDay,
        counts: Sequence[tuple[str, str, Count]],
        at: datetime,
        *,
        is_stale: bool,
        stands: bool = False,
    ) -> Picture | None:
        """Return the campus at a glance, marked at the moment of the counts.

        In a message that stands all day no moment is marked.
        """
        marked = None if stands else _mark(at)

        def draw() -> bytes:
            from cogs import drawings  # noqa: PLC0415 - beside the loop

            return drawings.of_campus(day, marked, is_stale=is_stale)

        png = await self._studio.picture(("campus", day.version, marked, is_stale), draw)
        if png is None:
            return None
        return Picture("campus.png", png, glance_alt(counts, at, day.campus.timezone))

    async def of_week(
        self, campus: Campus, days: CampusDays, week: RoomWeek, now: datetime, *, is_stale: bool
    ) -> Picture | None:
        """Return a room's week."""
        marked = _mark(now) if any(now in each.hours for each in week.days) else None
        shown = [days[each.day] for each in week.days if each.day in days]

        def draw() -> bytes:
            from cogs import drawings  # noqa: PLC0415 - beside the loop

            return drawings.of_week(campus, shown, week, marked, is_stale=is_stale)

        versions = tuple(each.version for each in shown)
        key = ("week", campus.id, versions, week.room.id, *_days_of(week), marked, is_stale)
        png = await self._studio.picture(key, draw)
        return Picture("week.png", png, week_alt(week, campus.timezone)) if png else None

    async def of_trend(
        self,
        campus: Campus,
        building: Building | None,
        trend: Trend,
        days: CampusDays,
        *,
        is_stale: bool,
    ) -> Picture | None:
        """Return today's hours over what is usual, None also where there is neither."""
        if not trend.today:
            return None
        place = f"{building.code} · {building.name}" if building else campus.name

        def draw() -> bytes:
            from cogs import drawings  # noqa: PLC0415 - beside the loop

            return drawings.of_trend(place, campus, building, trend, days, is_stale=is_stale)

        code = building.code if building else None
        versions = tuple(each.version for each in days.values())
        png = await self._studio.picture(
            ("trend", campus.id, code, trend.at, versions, is_stale), draw
        )
        if png is None:
            return None
        return Picture("trend.png", png, trend_alt(place, trend, campus.timezone))


def _mark(moment: datetime) -> datetime:
    """Return where the present is marked, of all moments that share a picture the first."""
    return moment - (moment - datetime.min.replace(tzinfo=UTC)) % _NOW_EVERY


def _days_of(week: RoomWeek) -> tuple[Hashable, Hashable]:
    """Return which week it is, and the day that is told apart in it."""
    return week.days[0].day, week.today
