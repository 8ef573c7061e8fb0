"""Which picture goes with an answer: what it shows, and in whose place it is drawn once."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from io import BytesIO

import discord

from cogs.replies.alt import building_alt, glance_alt, trend_alt, week_alt
from cogs.replies.words import day_name
from core.availability import BuildingDay, CampusDay, CampusDays, Count, RoomLine
from core.glance import Glance, glance
from core.model import Building, Campus, Interval, Room
from core.pictures.building_day import BuildingPicture, RoomBars, draw_building_day
from core.pictures.frame import Data
from core.pictures.glance import BuildingShares, GlancePicture, draw_glance
from core.pictures.room_week import DayBars, WeekPicture, draw_room_week
from core.pictures.studio import Studio
from core.pictures.trend import HourFigures, TrendPicture, draw_trend
from core.room_week import RoomWeek, WeekDay
from core.trends import Hour, Trend

_NOW_EVERY = timedelta(minutes=5)
"""The mark of the present moves so often; in between all who ask share a picture."""

_MOST_BUILDINGS = 25
_MANY = 4
"""Hours are drawn in which a quarter as many buildings are open as when most are."""

_HOUR = timedelta(hours=1)


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
    """Has the pictures drawn that go with answers; None where one cannot be had in time."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

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
        zone = day.campus.timezone
        marked = _mark(now) if now in answer.open_hours and not stands else None
        building = answer.building
        what = BuildingPicture(
            title=f"{building.code} · {building.name}",
            day=day_name(answer.day),
            hours=answer.open_hours,
            rooms=[_bars(each) for each in rooms],
            now=marked,
            zone=zone,
            data=_data([day], [each.room for each in rooms], is_stale=is_stale),
        )
        key = ("building", _version(day), building.code, rooms[0].room.id, len(rooms), marked)
        png = await self._studio.picture((*key, is_stale), partial(draw_building_day, what))
        alt = building_alt(answer, rooms, zone)
        return Picture("building.png", png, alt) if png else None

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
        draw = partial(_draw_campus, day, marked, is_stale=is_stale)
        png = await self._studio.picture(("campus", _version(day), marked, is_stale), draw)
        alt = glance_alt(counts, at, day.campus.timezone)
        return Picture("campus.png", png, alt) if png else None

    async def of_week(
        self, campus: Campus, days: CampusDays, week: RoomWeek, now: datetime, *, is_stale: bool
    ) -> Picture | None:
        """Return a room's week."""
        marked = _mark(now) if any(now in each.hours for each in week.days) else None
        shown = [days[each.day] for each in week.days if each.day in days]
        what = WeekPicture(
            title=f"{week.room.label} · {week.building.name}",
            week=_span(week.days[0].day, week.days[-1].day),
            days=[_column(each, is_today=each.day == week.today) for each in week.days],
            now=marked,
            zone=campus.timezone,
            data=_data(shown, [week.room], is_stale=is_stale),
        )
        key = ("week", tuple(map(_version, shown)), week.room.id, week.days[0].day, marked)
        png = await self._studio.picture((*key, is_stale), partial(draw_room_week, what))
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
        what = TrendPicture(
            title=place,
            day=day_name(campus.day_of(trend.at)),
            hours=[_figures(each) for each in trend.today],
            now=trend.at,
            zone=campus.timezone,
            data=_data(
                days.values(), building.rooms if building else campus.rooms, is_stale=is_stale
            ),
        )
        code = building.code if building else None
        key = ("trend", campus.id, code, trend.at, tuple(map(_version, days.values())))
        png = await self._studio.picture((*key, is_stale), partial(draw_trend, what))
        return Picture("trend.png", png, trend_alt(place, trend, campus.timezone)) if png else None


def _draw_campus(day: CampusDay, marked: datetime | None, *, is_stale: bool) -> bytes:
    """Work out and draw the campus, of very many buildings those that are the largest."""
    seen, campus = glance(day), day.campus
    largest = sorted(campus.buildings, key=lambda each: -len(each.rooms))[:_MOST_BUILDINGS]
    return draw_glance(
        GlancePicture(
            title=campus.name,
            day=day_name(day.snapshot.day),
            hours=_shown_hours(seen, marked),
            buildings=[
                BuildingShares(each.building.code, each.shares, each.unknown)
                for each in seen.buildings
                if each.building in largest
            ],
            now=marked,
            zone=campus.timezone,
            data=_data([day], list(campus.rooms), is_stale=is_stale),
        )
    )


def _shown_hours(seen: Glance, marked: datetime | None) -> Interval:
    """Return the hours to draw: those in which many buildings are open, and one that is marked.

    One building that never closes would make the picture twice as high, mostly of stripes.
    """
    open_at = Counter(start for each in seen.buildings for start in each.shares)
    many = max(open_at.values()) / _MANY
    shown = [start for start, number in open_at.items() if number >= many]
    shown += [start for start in open_at if marked and start <= marked < start + _HOUR]
    return Interval(min(shown), min(max(shown) + _HOUR, seen.hours.end))


def _bars(each: RoomLine) -> RoomBars:
    return RoomBars(each.room.name, each.gaps, each.closures, each.unknown)


def _column(each: WeekDay, *, is_today: bool) -> DayBars:
    closed = tuple(part for closure in each.closures if (part := closure.within(each.hours)))
    name = f"{each.day:%a} {each.day.day}"
    return DayBars(name, each.hours, each.gaps, closed, each.unknown, is_today=is_today)


def _figures(hour: Hour) -> HourFigures:
    mean, usual = hour.mean, hour.usual
    return HourFigures(
        begins_at=hour.begins_at,
        free=mean.free if mean and mean.known else None,
        usual=(usual.least, usual.free, usual.most) if usual else None,
        is_unknown=mean is not None and not mean.known,
    )


def _mark(moment: datetime) -> datetime:
    """Return where the present is marked, of all moments that share a picture the first."""
    return moment - (moment - datetime.min.replace(tzinfo=UTC)) % _NOW_EVERY


def _version(day: CampusDay) -> Hashable:
    return day.campus.id, day.snapshot.day, day.snapshot.attempted_at


def _data(days: Iterable[CampusDay], rooms: Iterable[Room], *, is_stale: bool) -> Data:
    rooms = list(rooms)
    read = [known.read_at for day in days for room in rooms if (known := day.known(room))]
    return Data((min(read), max(read)) if read else None, is_stale=is_stale)


def _span(first: date, last: date) -> str:
    """Return `2–8 March 2026`, with both months where there are two."""
    month = f" {first:%B}" if first.month != last.month else ""
    return f"{first.day}{month}–{last.day} {last:%B} {last.year}"
