"""What each picture is drawn from: the values of an answer, put together beside the loop.

Not where it is asked for: most pictures are there already.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from cogs.replies.words import day_name
from core.availability import BuildingDay, CampusDay, CampusDays, RoomLine
from core.glance import Glance, glance
from core.model import Building, Campus, Interval, Room
from core.pictures.building_day import BuildingPicture, RoomBars, draw_building_day
from core.pictures.frame import Data
from core.pictures.glance import BuildingShares, GlancePicture, draw_glance
from core.pictures.room_week import DayBars, WeekPicture, draw_room_week
from core.pictures.trend import HourFigures, TrendPicture, draw_trend
from core.room_week import RoomWeek, WeekDay
from core.trends import Hour, Trend

_MOST_BUILDINGS = 25
_MANY = 4
"""Hours are drawn in which a quarter as many buildings are open as when most are."""

_HOUR = timedelta(hours=1)


def of_building(
    day: CampusDay,
    answer: BuildingDay,
    rooms: tuple[RoomLine, ...],
    marked: datetime | None,
    *,
    is_stale: bool,
) -> bytes:
    """Draw the day of those rooms of a building."""
    return draw_building_day(
        BuildingPicture(
            title=f"{answer.building.code} · {answer.building.name}",
            day=day_name(answer.day),
            hours=answer.open_hours,
            rooms=[_bars(each) for each in rooms],
            now=marked,
            zone=day.campus.timezone,
            data=_data([day], [each.room for each in rooms], is_stale=is_stale),
        )
    )


def of_week(
    campus: Campus,
    shown: Sequence[CampusDay],
    week: RoomWeek,
    marked: datetime | None,
    *,
    is_stale: bool,
) -> bytes:
    """Draw a room's week."""
    return draw_room_week(
        WeekPicture(
            title=f"{week.room.label} · {week.building.name}",
            week=_span(week.days[0].day, week.days[-1].day),
            days=[_column(each, is_today=each.day == week.today) for each in week.days],
            now=marked,
            zone=campus.timezone,
            data=_data(shown, [week.room], is_stale=is_stale),
        )
    )


def of_campus(day: CampusDay, marked: datetime | None, *, is_stale: bool) -> bytes:
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


def of_trend(
    place: str,
    campus: Campus,
    building: Building | None,
    trend: Trend,
    days: CampusDays,
    *,
    is_stale: bool,
) -> bytes:
    """Draw today's hours over what is usual."""
    rooms = building.rooms if building else campus.rooms
    return draw_trend(
        TrendPicture(
            title=place,
            day=day_name(campus.day_of(trend.at)),
            hours=[_figures(each) for each in trend.today],
            now=trend.at,
            zone=campus.timezone,
            data=_data(days.values(), rooms, is_stale=is_stale),
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


def _data(days: Iterable[CampusDay], rooms: Iterable[Room], *, is_stale: bool) -> Data:
    rooms = list(rooms)
    read = [known.read_at for day in days for room in rooms if (known := day.known(room))]
    return Data((min(read), max(read)) if read else None, is_stale=is_stale)


def _span(first: date, last: date) -> str:
    """Return `2–8 March 2026`, with both months where there are two."""
    month = f" {first:%B}" if first.month != last.month else ""
    return f"{first.day}{month}–{last.day} {last:%B} {last.year}"
