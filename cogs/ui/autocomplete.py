"""What is offered while a member types: from memory, at once; nothing before a campus is chosen."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from discord import app_commands

from cogs.ui.formatting import plural
from cogs.ui.layout import MAX_CHOICES, MAX_LABEL, building_label
from cogs.ui.replies.room import room_choice
from core.availability.campus_day import CampusDays, business_days
from core.availability.counts import RoomCounts, count_rooms
from core.availability.timeline import state_span_at
from core.data.coordinator import CampusCoordinator
from core.lookup.rooms import choice_value, search_rooms
from core.lookup.search import search_buildings, search_features, split_typed_buildings
from core.lookup.times import complete_date, complete_time
from core.lookup.weeks import complete_week
from core.model.campus import Building

Choices = list[app_commands.Choice[str]]


def building_choices(coordinator: CampusCoordinator | None, typed: str, now: datetime) -> Choices:
    """Offer the buildings that fit, each with how many of its rooms are free now."""
    if coordinator is None:
        return []
    fitting = search_buildings(coordinator.campus, typed)[:MAX_CHOICES]
    counts = _counts(fitting, coordinator.cached_days_at(now), now)
    return choices([(building_label(*each), each[0]) for each in counts])


def multi_building_choices(
    coordinator: CampusCoordinator | None, typed: str, now: datetime
) -> Choices:
    """Offer the buildings that fit; behind codes that are typed, each with those before it."""
    if coordinator is None:
        return []
    begun, rest = split_typed_buildings(coordinator.campus, typed)
    if not begun:
        return building_choices(coordinator, typed, now)
    before = " ".join(each.code for each in begun)
    more = [each for each in search_buildings(coordinator.campus, rest) if each not in begun]
    names = [f"{before} {each.code}" for each in more]
    return choices([(name, name) for name in [before, *names] if len(name) <= MAX_LABEL])


def feature_choices(coordinator: CampusCoordinator | None, typed: str) -> Choices:
    """Offer the features that fit, each with how many rooms have it."""
    if coordinator is None:
        return []
    numbers = Counter(each for room in coordinator.campus.rooms for each in room.features)
    fitting = search_features(coordinator.campus, typed)[:MAX_CHOICES]
    ends = [f" · {plural(numbers[each], 'room')}" for each in fitting]
    return choices(
        [
            (f"{each[: MAX_LABEL - len(end)]}{end}", each[:MAX_LABEL])
            for each, end in zip(fitting, ends, strict=True)
        ]
    )


def free_counts(
    coordinator: CampusCoordinator, days: CampusDays, now: datetime
) -> list[tuple[str, str, RoomCounts]]:
    """Count the free rooms of all buildings: (code, name, count)."""
    return _counts(coordinator.campus.buildings, days, now)


def _counts(
    buildings: Sequence[Building], days: CampusDays, now: datetime
) -> list[tuple[str, str, RoomCounts]]:
    return [
        (each.code, each.name, count_rooms(days.get(day), each, now))
        for each, day in zip(buildings, business_days(buildings, now), strict=True)
    ]


def time_choices(coordinator: CampusCoordinator | None, typed: str, now: datetime) -> Choices:
    """Offer the times that fit, on the campus's clock."""
    if coordinator is None:
        return []
    return choices(complete_time(typed, now=now, zone=coordinator.campus.timezone))


def date_choices(coordinator: CampusCoordinator | None, typed: str, now: datetime) -> Choices:
    """Offer the days that fit and of which something is known."""
    if coordinator is None:
        return []
    today = coordinator.campus.local_date(now)
    return choices(complete_date(typed, today=today, known_days=coordinator.cached_dates))


def room_choices(coordinator: CampusCoordinator | None, typed: str, now: datetime) -> Choices:
    """Offer the rooms that fit, each with what it is now."""
    if coordinator is None:
        return []
    campus, days = coordinator.campus, coordinator.cached_days
    pairs = []
    for room in search_rooms(campus, typed)[:MAX_CHOICES]:
        building = campus.building(room.building)
        assert building is not None  # noqa: S101 - the room is one of its rooms
        stretch = state_span_at(days, building, room, now)
        value = choice_value(room, max_length=MAX_LABEL)
        pairs.append((room_choice(room, stretch, now, campus.timezone), value))
    return choices(pairs)


def week_choices(coordinator: CampusCoordinator | None, typed: str, now: datetime) -> Choices:
    """Offer the weeks that fit and of which something is known."""
    if coordinator is None:
        return []
    today = coordinator.campus.local_date(now)
    return choices(complete_week(typed, today=today, known_days=coordinator.cached_dates))


def choices(pairs: list[tuple[str, str]]) -> Choices:
    """Turn (what to show, what to send) pairs into as many choices as Discord takes."""
    return [app_commands.Choice(name=name, value=value) for name, value in pairs[:MAX_CHOICES]]
