"""Which picture goes with an answer: what it shows, and in whose place it is drawn once."""

import asyncio
from collections.abc import Hashable, Sequence
from datetime import UTC, datetime, timedelta
from importlib import import_module

from cogs.ui.image_attachment import ImageAttachment
from cogs.ui.replies.alt_text import building_alt, heatmap_alt, trend_alt, week_alt
from core.availability.campus_day import CampusDay, CampusDays
from core.availability.counts import RoomCounts
from core.availability.queries import BuildingDay, RoomDaySummary
from core.availability.week import RoomWeek
from core.images.renderer import ImageRenderer
from core.model.campus import Building, Campus
from core.trends.trend import Trend

_NOW_LINE_STEP = timedelta(minutes=5)
"""The mark of the present moves so often; in between all who ask share a picture."""


class ImageService:
    """Has the pictures drawn that go with answers; None where one cannot be had in time.

    What draws is imported only beside the loop: Pillow and all of it take a twentieth of a start.
    """

    def __init__(self, renderer: ImageRenderer) -> None:
        self._renderer = renderer

    async def preload(self) -> None:
        """Import what draws before anybody asks, so that no first picture waits for that."""
        await asyncio.to_thread(import_module, "cogs.ui.images.render")

    async def building(
        self,
        day: CampusDay,
        building_day: BuildingDay,
        rooms: tuple[RoomDaySummary, ...],
        now: datetime,
        *,
        is_stale: bool,
        is_static: bool = False,
    ) -> ImageAttachment | None:
        """Return the day of those rooms of a building: the ones that the page lists.

        In a message that stands all day no moment is marked as now.
        """
        now_line = _quantize_now(now) if now in building_day.window and not is_static else None

        def draw() -> bytes:
            from cogs.ui.images import render  # noqa: PLC0415 - beside the loop

            return render.render_building(day, building_day, rooms, now_line, is_stale=is_stale)

        code = building_day.building.code
        key = ("building", day.revision, code, rooms[0].room.id, len(rooms), now_line, is_stale)
        png = await self._renderer.render(key, draw)
        if png is None:
            return None
        return ImageAttachment("building.png", png, building_alt(building_day, rooms, day.campus))

    async def heatmap(
        self,
        day: CampusDay,
        counts: Sequence[tuple[str, str, RoomCounts]],
        at: datetime,
        *,
        is_stale: bool,
        is_static: bool = False,
    ) -> ImageAttachment | None:
        """Return the campus at a glance, marked at the moment of the counts.

        In a message that stands all day no moment is marked.
        """
        now_line = None if is_static else _quantize_now(at)

        def draw() -> bytes:
            from cogs.ui.images import render  # noqa: PLC0415 - beside the loop

            return render.render_heatmap(day, now_line, is_stale=is_stale)

        png = await self._renderer.render(("campus", day.revision, now_line, is_stale), draw)
        if png is None:
            return None
        return ImageAttachment("campus.png", png, heatmap_alt(counts, at, day.campus))

    async def week(
        self, campus: Campus, days: CampusDays, week: RoomWeek, now: datetime, *, is_stale: bool
    ) -> ImageAttachment | None:
        """Return a room's week."""
        now_line = _quantize_now(now) if any(now in each.window for each in week.days) else None
        known_days = [days[each.day] for each in week.days if each.day in days]

        def draw() -> bytes:
            from cogs.ui.images import render  # noqa: PLC0415 - beside the loop

            return render.render_week(campus, known_days, week, now_line, is_stale=is_stale)

        versions = tuple(each.revision for each in known_days)
        key = ("week", campus.id, versions, week.room.id, *_week_key(week), now_line, is_stale)
        png = await self._renderer.render(key, draw)
        return ImageAttachment("week.png", png, week_alt(week, campus)) if png else None

    async def trend(
        self,
        campus: Campus,
        building: Building | None,
        trend: Trend,
        days: CampusDays,
        *,
        is_stale: bool,
    ) -> ImageAttachment | None:
        """Return today's hours over what is usual, None also where there is neither."""
        if not trend.today:
            return None
        title = f"{building.code} · {building.name}" if building else campus.name

        def draw() -> bytes:
            from cogs.ui.images import render  # noqa: PLC0415 - beside the loop

            return render.render_trend(title, campus, building, trend, days, is_stale=is_stale)

        code = building.code if building else None
        versions = tuple(each.revision for each in days.values())
        png = await self._renderer.render(
            ("trend", campus.id, code, trend.at, versions, is_stale), draw
        )
        if png is None:
            return None
        return ImageAttachment("trend.png", png, trend_alt(title, trend, campus))


def _quantize_now(moment: datetime) -> datetime:
    """Return where the present is marked, of all moments that share a picture the first."""
    return moment - (moment - datetime.min.replace(tzinfo=UTC)) % _NOW_LINE_STEP


def _week_key(week: RoomWeek) -> tuple[Hashable, Hashable]:
    """Return which week it is, and the day that is told apart in it."""
    return week.days[0].day, week.today
