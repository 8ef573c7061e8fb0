"""What a picture shows, for those who do not see it: the three most useful things of it."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from cogs.replies.busy import busy_words
from cogs.replies.words import day_name, plural
from core.availability import BuildingDay, Count, RoomLine
from core.room_week import RoomWeek, WeekDay
from core.trends import Trend

MOST = 1024
"""Characters that Discord takes."""


def building_alt(answer: BuildingDay, rooms: Sequence[RoomLine], zone: ZoneInfo) -> str:
    """Tell how many rooms are free now, which are so the longest, and what is unknown."""
    gaps = [(gap, each) for each in rooms for gap in each.gaps]
    gaps.sort(key=lambda each: each[0].duration, reverse=True)
    longest = [
        f"{each.room.name} from {_time(gap.start, zone)} to {_time(gap.end, zone)}"
        for gap, each in gaps[:3]
    ]
    now = (
        f"{answer.now.free} of {plural(answer.now.rooms, 'room')} free now. " if answer.now else ""
    )
    free = f"Longest free: {'; '.join(longest)}. " if longest else "No room is free. "
    unknown = f"{plural(answer.unknown, 'room')} unknown." if answer.unknown else ""
    return _cut(f"{answer.building.code} on {day_name(answer.day)}: {now}{free}{unknown}")


def glance_alt(counts: Sequence[tuple[str, str, Count]], at: datetime, zone: ZoneInfo) -> str:
    """Tell how many rooms are free, in which buildings the most and the fewest, of the known."""
    known = [
        (count.free / (count.rooms - count.unknown), code, count)
        for code, _, count in counts
        if count.unknown < count.rooms
    ]
    known.sort(key=lambda each: each[0], reverse=True)
    free, rooms = sum(each[2].free for each in counts), sum(each[2].rooms for each in counts)
    unknown = sum(each[2].unknown for each in counts)
    named = [f"{code} {count.free} of {count.rooms}" for _, code, count in known]
    most = f"Most in {', '.join(named[:3])}. " if named else ""
    least = f"Fewest in {', '.join(named[3:][-3:][::-1])}. " if named[3:] else ""
    silent = f"{plural(unknown, 'room')} unknown." if unknown else ""
    return _cut(
        "How much of each building is free, hour by hour. "
        f"At {_time(at, zone)} {free} of {plural(rooms, 'room')}. {most}{least}{silent}"
    )


def week_alt(week: RoomWeek, zone: ZoneInfo) -> str:
    """Tell the day with the longest gap, the days without any, and those that are unknown."""
    first = week.days[0].day
    gaps = [(gap, each) for each in week.days for gap in each.gaps]
    longest = max(gaps, key=lambda each: each[0].duration, default=None)
    best = (
        f"Longest free: {longest[1].day:%A} from {_time(longest[0].start, zone)} "
        f"to {_time(longest[0].end, zone)}. "
        if longest
        else "Never free. "
    )
    none = _days("No gap on", [each for each in week.days if not each.gaps and not each.is_unknown])
    unknown = _days("Unknown:", [each for each in week.days if each.is_unknown])
    return _cut(f"{week.room.label}, week of {day_name(first)}: {best}{none}{unknown}")


def trend_alt(place: str, trend: Trend, zone: ZoneInfo) -> str:
    """Tell where it goes, and the hours of today with the fewest and the most free rooms."""
    told = [
        (each.mean.free, each.begins_at) for each in trend.today if each.mean and each.mean.known
    ]
    ends = (
        [f"{free:.0f} at {_time(at, zone)}" for free, at in (min(told), max(told))] if told else []
    )
    extremes = f" Of today's hours the fewest free {ends[0]}, the most {ends[1]}." if ends else ""
    return _cut(f"{place}, rooms free hour by hour. {busy_words(trend, zone)}.{extremes}")


def _days(what: str, days: Sequence[WeekDay]) -> str:
    return f"{what} {', '.join(f'{each.day:%A}' for each in days)}. " if days else ""


def _time(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%H:%M}"


def _cut(text: str) -> str:
    text = text.strip()
    return text if len(text) <= MOST else text[: MOST - 1] + "…"
