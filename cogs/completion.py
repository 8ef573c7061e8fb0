"""What is offered while a member types: from memory, at once; nothing before a campus is chosen."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from discord import app_commands

from cogs.replies.panel import MOST_CHOICES, MOST_NAME, building_label
from cogs.replies.room import room_choice
from cogs.replies.words import plural
from core.availability import CampusDays, Count, count
from core.campus_day import day_of_each
from core.model import Building
from core.room_search import matching_rooms, room_value
from core.room_week import stretch_at
from core.schedule import Schedule
from core.search import begun_buildings, matching_buildings, matching_features
from core.weeks import suggest_weeks
from core.when import suggest_dates, suggest_times

Choices = list[app_commands.Choice[str]]


def building_choices(schedule: Schedule | None, typed: str, now: datetime) -> Choices:
    """Offer the buildings that fit, each with how many of its rooms are free now."""
    if schedule is None:
        return []
    fitting = matching_buildings(schedule.campus, typed)[:MOST_CHOICES]
    counts = _counts(fitting, schedule.remembered(now), now)
    return choices([(building_label(*each), each[0]) for each in counts])


def buildings_choices(schedule: Schedule | None, typed: str, now: datetime) -> Choices:
    """Offer the buildings that fit; behind codes that are typed, each with those before it."""
    if schedule is None:
        return []
    begun, rest = begun_buildings(schedule.campus, typed)
    if not begun:
        return building_choices(schedule, typed, now)
    before = " ".join(each.code for each in begun)
    more = [each for each in matching_buildings(schedule.campus, rest) if each not in begun]
    names = [f"{before} {each.code}" for each in more]
    return choices([(name, name) for name in [before, *names] if len(name) <= MOST_NAME])


def feature_choices(schedule: Schedule | None, typed: str) -> Choices:
    """Offer the features that fit, each with how many rooms have it."""
    if schedule is None:
        return []
    numbers = Counter(each for room in schedule.campus.rooms for each in room.features)
    fitting = matching_features(schedule.campus, typed)[:MOST_CHOICES]
    ends = [f" · {plural(numbers[each], 'room')}" for each in fitting]
    return choices(
        [
            (f"{each[: MOST_NAME - len(end)]}{end}", each[:MOST_NAME])
            for each, end in zip(fitting, ends, strict=True)
        ]
    )


def building_counts(
    schedule: Schedule, days: CampusDays, now: datetime
) -> list[tuple[str, str, Count]]:
    """Count the free rooms of all buildings: (code, name, count)."""
    return _counts(schedule.campus.buildings, days, now)


def _counts(
    buildings: Sequence[Building], days: CampusDays, now: datetime
) -> list[tuple[str, str, Count]]:
    return [
        (each.code, each.name, count(days.get(day), each, now))
        for each, day in zip(buildings, day_of_each(buildings, now), strict=True)
    ]


def time_choices(schedule: Schedule | None, typed: str, now: datetime) -> Choices:
    """Offer the times that fit, on the campus's clock."""
    if schedule is None:
        return []
    return choices(suggest_times(typed, now=now, zone=schedule.campus.timezone))


def date_choices(schedule: Schedule | None, typed: str, now: datetime) -> Choices:
    """Offer the days that fit and of which something is known."""
    if schedule is None:
        return []
    today = schedule.campus.day_of(now)
    return choices(suggest_dates(typed, today=today, known=schedule.known_days))


def room_choices(schedule: Schedule | None, typed: str, now: datetime) -> Choices:
    """Offer the rooms that fit, each with what it is now."""
    if schedule is None:
        return []
    campus, days = schedule.campus, schedule.remembered(now)
    pairs = []
    for room in matching_rooms(campus, typed)[:MOST_CHOICES]:
        building = campus.building(room.building)
        assert building is not None  # noqa: S101 - the room is one of its rooms
        stretch = stretch_at(days, building, room, now)
        value = room_value(room, most=MOST_NAME)
        pairs.append((room_choice(room, stretch, campus.timezone), value))
    return choices(pairs)


def week_choices(schedule: Schedule | None, typed: str, now: datetime) -> Choices:
    """Offer the weeks that fit and of which something is known."""
    if schedule is None:
        return []
    today = schedule.campus.day_of(now)
    return choices(suggest_weeks(typed, today=today, known=schedule.known_days))


def choices(pairs: list[tuple[str, str]]) -> Choices:
    """Turn (what to show, what to send) pairs into as many choices as Discord takes."""
    return [app_commands.Choice(name=name, value=value) for name, value in pairs[:MOST_CHOICES]]
