"""What each picture is drawn from: the values of an answer, put together beside the loop.

Not where it is asked for: most pictures are there already.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from cogs.ui.formatting import day_name
from core.availability.campus_day import CampusDay, CampusDays
from core.availability.heatmap import CampusHeatmap, build_heatmap
from core.availability.queries import BuildingDay, RoomDaySummary
from core.availability.week import RoomWeek, WeekDay
from core.images.building_day import BuildingDayImageData, RoomBars, draw_building_day
from core.images.heatmap import HeatmapImageData, HeatmapImageRow, draw_heatmap
from core.images.layout import DataAgeSpan
from core.images.room_week import DayBars, WeekImageData, draw_room_week
from core.images.trend import TrendImageData, TrendImageHour, draw_trend
from core.model.campus import Building, Campus, Room
from core.model.hours import DayHours
from core.model.interval import Interval, merge, uncovered
from core.trends.trend import Trend, TrendHour

_MAX_BUILDINGS = 25
_OPEN_BUILDINGS_DIVISOR = 4
"""Hours are drawn in which a quarter as many buildings are open as when most are."""

_HOUR = timedelta(hours=1)


def render_building(
    day: CampusDay,
    building_day: BuildingDay,
    rooms: tuple[RoomDaySummary, ...],
    now_line: datetime | None,
    *,
    is_stale: bool,
) -> bytes:
    """Draw the day of those rooms of a building."""
    return draw_building_day(
        BuildingDayImageData(
            title=f"{building_day.building.code} · {building_day.building.name}",
            day=day_name(building_day.day),
            hours=building_day.window,
            rooms=[_room_bars(each) for each in rooms],
            now=now_line,
            zone=day.campus.timezone,
            clock=day.campus.clock,
            data_age=_data_age([day], [each.room for each in rooms], is_stale=is_stale),
        )
    )


def render_week(
    campus: Campus,
    days: Sequence[CampusDay],
    week: RoomWeek,
    now_line: datetime | None,
    *,
    is_stale: bool,
) -> bytes:
    """Draw a room's week."""
    return draw_room_week(
        WeekImageData(
            title=f"{week.room.label} · {week.building.name}",
            week=_date_range(week.days[0].day, week.days[-1].day),
            days=[
                _day_column(week.building, each, is_today=each.day == week.today)
                for each in week.days
            ],
            now=now_line,
            zone=campus.timezone,
            clock=campus.clock,
            data_age=_data_age(days, [week.room], is_stale=is_stale),
        )
    )


def render_heatmap(day: CampusDay, now_line: datetime | None, *, is_stale: bool) -> bytes:
    """Work out and draw the campus, of very many buildings those that are the largest."""
    heatmap, campus = build_heatmap(day), day.campus
    largest = sorted(campus.buildings, key=lambda each: -len(each.rooms))[:_MAX_BUILDINGS]
    return draw_heatmap(
        HeatmapImageData(
            title=campus.name,
            day=day_name(day.snapshot.day),
            hours=_heatmap_hours(heatmap, now_line),
            rows=[
                HeatmapImageRow(each.building.code, each.free_shares, each.unknown_shares)
                for each in heatmap.rows
                if each.building in largest
            ],
            now=now_line,
            zone=campus.timezone,
            clock=campus.clock,
            data_age=_data_age([day], list(campus.rooms), is_stale=is_stale),
        )
    )


def render_trend(
    title: str,
    campus: Campus,
    building: Building | None,
    trend: Trend,
    days: CampusDays,
    *,
    is_stale: bool,
) -> bytes:
    """Draw today's hours over what is usual."""
    rooms = building.rooms if building else tuple(campus.rooms)
    return draw_trend(
        TrendImageData(
            title=title,
            day=day_name(campus.local_date(trend.at)),
            rooms=len(rooms),
            hours=[_hour_values(each) for each in trend.today],
            now=trend.at,
            zone=campus.timezone,
            clock=campus.clock,
            data_age=_data_age(days.values(), rooms, is_stale=is_stale),
        )
    )


def _heatmap_hours(heatmap: CampusHeatmap, now_line: datetime | None) -> Interval:
    """Return the hours to draw: those in which many buildings are open, and one that is marked.

    One building that never closes would make the picture twice as high, mostly of stripes.
    """
    open_at = Counter(start for each in heatmap.rows for start in each.free_shares)
    if not open_at:
        return heatmap.hours
    many = max(open_at.values()) / _OPEN_BUILDINGS_DIVISOR
    shown = [start for start, number in open_at.items() if number >= many]
    shown += [start for start in open_at if now_line and start <= now_line < start + _HOUR]
    return Interval(min(shown), min(max(shown) + _HOUR, heatmap.hours.end))


def _room_bars(each: RoomDaySummary) -> RoomBars:
    return RoomBars(each.room.name, each.gaps, each.closures, each.unknown)


def _day_column(building: Building, each: WeekDay, *, is_today: bool) -> DayBars:
    """Return a day in the widest hours of the week, so that all columns show the same hours."""
    hours = DayHours(building.opens, building.closes).on(each.day, building.timezone)
    closed = merge([*each.closures, *uncovered(hours, [each.window])])
    name = f"{each.day:%a} {each.day.day}"
    return DayBars(name, hours, each.gaps, closed, each.unknown, is_today=is_today)


def _hour_values(hour: TrendHour) -> TrendImageHour:
    mean, usual = hour.mean, hour.baseline
    return TrendImageHour(
        starts_at=hour.starts_at,
        free=mean.free if mean and mean.known else None,
        baseline=(usual.min, usual.mean, usual.max) if usual else None,
        is_unknown=mean is not None and not mean.known,
    )


def _data_age(days: Iterable[CampusDay], rooms: Iterable[Room], *, is_stale: bool) -> DataAgeSpan:
    rooms = list(rooms)
    read = [known.read_at for day in days for room in rooms if (known := day.room_day(room))]
    return DataAgeSpan((min(read), max(read)) if read else None, is_stale=is_stale)


def _date_range(first: date, last: date) -> str:
    """Return `2–8 March 2026`, with both months where there are two."""
    month = f" {first:%B}" if first.month != last.month else ""
    return f"{first.day}{month}–{last.day} {last:%B} {last.year}"
