"""What a picture shows, for those who do not see it: the three most useful things of it."""

from collections.abc import Sequence
from datetime import datetime

from cogs.ui.formatting import clock_text, day_name, plural
from cogs.ui.replies.occupancy import occupancy_text
from core.availability.counts import RoomCounts
from core.availability.queries import BuildingDay, RoomDaySummary
from core.availability.week import RoomWeek, WeekDay
from core.model.campus import Campus
from core.trends.trend import Trend

MAX_ALT_TEXT = 1024
"""Characters that Discord takes."""


def building_alt(building_day: BuildingDay, rooms: Sequence[RoomDaySummary], campus: Campus) -> str:
    """Tell how many rooms are free now, which are so the longest, and what is unknown."""
    gaps = [(gap, each) for each in rooms for gap in each.gaps]
    gaps.sort(key=lambda each: each[0].duration, reverse=True)
    longest = [
        f"{each.room.name} from {clock_text(gap.start, campus)} to {clock_text(gap.end, campus)}"
        for gap, each in gaps[:3]
    ]
    unknown = (
        f"{plural(building_day.unknown_count, 'room')} unknown."
        if building_day.unknown_count
        else ""
    )
    free = f"Longest free: {'; '.join(longest)}. " if longest else "No room is free. "
    text = f"{_building_now(building_day, campus)}{'' if building_day.is_closed else free}{unknown}"
    return truncate(f"{building_day.building.code} on {day_name(building_day.day)}: {text}")


def _building_now(building_day: BuildingDay, campus: Campus) -> str:
    """Tell how many rooms are free now, or that the building is closed, and until when."""
    closure, counts = building_day.closure, building_day.counts_now
    if closure and (building_day.is_closed or counts):
        reason = f" ({closure.reason})" if closure.reason else ""
        extent = "closed all day" if building_day.is_closed else "closed now"
        return f"{extent}{reason}, opens {_day_and_time(closure.until, campus)}. "
    if counts is None:
        return ""
    closed = f", {counts.closed} closed" if counts.closed else ""
    return f"{counts.free} of {plural(counts.total, 'room')} free now{closed}. "


def heatmap_alt(counts: Sequence[tuple[str, str, RoomCounts]], at: datetime, campus: Campus) -> str:
    """Tell how many rooms are free, in which buildings the most and the fewest, what is closed."""
    known = [
        (count.free / (count.total - count.unknown - count.closed), code, count)
        for code, _, count in counts
        if not (count.is_closed or count.is_unknown)
    ]
    known.sort(key=lambda each: each[0], reverse=True)
    closed = [code for code, _, count in counts if count.is_closed]
    head = f"How much of each building is free, hour by hour. At {clock_text(at, campus)} "
    if len(closed) == len(counts):
        return truncate(f"{head}all buildings are closed.")
    free = sum(each[2].free for each in counts)
    rooms = sum(each[2].total for each in counts if not each[2].is_closed)
    unknown = sum(each[2].unknown for each in counts)
    named = [f"{code} {count.free} of {count.total}" for _, code, count in known]
    most = f"Most in {', '.join(named[:3])}. " if named else ""
    least = f"Fewest in {', '.join(named[3:][-3:][::-1])}. " if named[3:] else ""
    shut = f"Closed: {', '.join(closed)}. " if closed else ""
    not_known = f"{plural(unknown, 'room')} unknown." if unknown else ""
    return truncate(f"{head}{free} of {plural(rooms, 'room')}. {most}{least}{shut}{not_known}")


def week_alt(week: RoomWeek, campus: Campus) -> str:
    """Tell the day with the longest gap, and the days that are booked, closed or unknown."""
    first = week.days[0].day
    gaps = [(gap, each) for each in week.days for gap in each.gaps]
    longest = max(gaps, key=lambda each: each[0].duration, default=None)
    is_closed = all(each.is_closed for each in week.days)
    best = (
        f"Longest free: {longest[1].day:%A} from {clock_text(longest[0].start, campus)} "
        f"to {clock_text(longest[0].end, campus)}. "
        if longest
        else ""
        if is_closed
        else "Never free. "
    )
    none = _weekdays(
        "No free time on", [each for each in week.days if each.booked and not each.gaps]
    )
    closed = _weekdays("Closed:", [each for each in week.days if each.is_closed])
    unknown = _weekdays("Unknown:", [each for each in week.days if each.is_unknown])
    return truncate(f"{week.room.label}, week of {day_name(first)}: {best}{none}{closed}{unknown}")


def trend_alt(title: str, trend: Trend, campus: Campus) -> str:
    """Tell where it goes, and the hours of today with the fewest and the most free rooms."""
    values = [
        (each.mean.free, each.starts_at) for each in trend.today if each.mean and each.mean.known
    ]
    extreme_values = (
        [f"{free:.0f} at {clock_text(at, campus)}" for free, at in (min(values), max(values))]
        if values
        else []
    )
    extremes = (
        f" Of today's hours the fewest free {extreme_values[0]}, the most {extreme_values[1]}."
        if extreme_values
        else ""
    )
    return truncate(
        f"{title}, rooms free hour by hour. {occupancy_text(trend, campus.timezone)}.{extremes}"
    )


def _weekdays(prefix: str, days: Sequence[WeekDay]) -> str:
    return f"{prefix} {', '.join(f'{each.day:%A}' for each in days)}. " if days else ""


def _day_and_time(moment: datetime, campus: Campus) -> str:
    return f"{moment.astimezone(campus.timezone):%A} {clock_text(moment, campus)}"


def truncate(text: str) -> str:
    """Cut an alternative text to the length that is allowed."""
    text = text.strip()
    return text if len(text) <= MAX_ALT_TEXT else text[: MAX_ALT_TEXT - 1] + "…"
