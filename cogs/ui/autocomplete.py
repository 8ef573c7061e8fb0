"""What is offered while a member types: from memory, at once; nothing before a campus is chosen."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from discord import app_commands

from cogs.ui.custom_ids import FREE_FORMAT
from cogs.ui.formatting import duration_text, plural
from cogs.ui.layout import MAX_CHOICES, MAX_LABEL, building_label, cut_label
from cogs.ui.replies.room import room_choice
from cogs.ui.replies.understood import day_choice, time_choice, week_choice
from core.availability.campus_day import CampusDays, business_days
from core.availability.counts import RoomCounts, count_rooms
from core.availability.queries import free_rooms
from core.availability.timeline import state_span_at
from core.clock_text import clock_text
from core.data.coordinator import CampusCoordinator
from core.lookup.features import complete_features
from core.lookup.question import FreeOptions, FreeQuestion, goes_together, read_filters
from core.lookup.rooms import choice_value, search_rooms
from core.lookup.search import search_buildings, split_typed_buildings
from core.lookup.when.completion import (
    complete_date,
    complete_duration,
    complete_time,
    complete_time_of_day,
    complete_week,
    literal_when,
)
from core.model.campus import Building, Campus

NO_OPTIONS = FreeOptions()

Choices = list[app_commands.Choice[str]]


def building_choices(coordinator: CampusCoordinator | None, typed: str, now: datetime) -> Choices:
    """Offer the buildings that fit, each with how many of its rooms are free now."""
    if coordinator is None:
        return []
    fitting = search_buildings(coordinator.campus, typed)[:MAX_CHOICES]
    counts = _counts(fitting, coordinator.cached_days_at(now), now)
    return choices([(building_label(*each), each[0]) for each in counts])


def multi_building_choices(
    coordinator: CampusCoordinator | None, typed: str, now: datetime, others: FreeOptions
) -> Choices:
    """Offer the buildings that fit, each with how many of its rooms fit the `others` options.

    Behind buildings that are typed, each is offered with those before it.
    """
    if coordinator is None:
        return []
    campus = coordinator.campus
    begun, rest = split_typed_buildings(campus, typed)
    if begun:
        before = " ".join(each.code for each in begun)
        more = [each for each in search_buildings(campus, rest) if each not in begun]
        names = [before, *(f"{before} {each.code}" for each in more)]
        return choices([(name, name) for name in names if _can_be_asked(name)])
    question = read_filters(others, campus=campus, now=now, min_gap=coordinator.min_gap)
    if question is None:
        return building_choices(coordinator, typed, now)
    return choices(
        [
            (_fitting_label(each, question, coordinator), each.code)
            for each in search_buildings(campus, typed)[:MAX_CHOICES]
        ]
    )


def _fitting_label(
    building: Building, question: FreeQuestion, coordinator: CampusCoordinator
) -> str:
    """Return `CAS · College of Arts & Sciences · 6 fit`; of a whole day nothing is counted."""
    if question.day:
        return cut_label(building.code, building.name)
    query = replace(question.query, buildings=(building.code,))
    days = coordinator.cached_days_at(query.moment)
    result = free_rooms(coordinator.campus, days, query)
    is_known = result.unknown_count < result.room_count or not result.room_count
    count = f"{len(result.free)} fit" if is_known else "no information"
    return cut_label(building.code, building.name, count)


def _can_be_asked(text: str) -> bool:
    """Tell whether a question takes these buildings: its buttons have to name them."""
    return len(text) <= FREE_FORMAT.budget("buildings")


def feature_choices(coordinator: CampusCoordinator | None, typed: str) -> Choices:
    """Offer the features that fit, each with how many rooms have it; several behind a comma."""
    if coordinator is None:
        return []
    campus = coordinator.campus
    pairs = []
    for names in complete_features(campus, typed):
        number = sum(all(each in room.features for each in names) for room in campus.rooms)
        value, end = ", ".join(names), f" · {plural(number, 'room')}"
        pairs.append((f"{value[: MAX_LABEL - len(end)]}{end}", value[:MAX_LABEL]))
    return choices(pairs)


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


def time_choices(
    coordinator: CampusCoordinator | None, typed: str, now: datetime, others: FreeOptions
) -> Choices:
    """Offer the times that a text may mean, on the campus's clock."""
    if coordinator is None:
        return []
    campus, known = coordinator.campus, coordinator.cached_dates
    found = complete_time(typed, others.date, now=now, campus=campus)
    pairs = [
        (time_choice(each, campus, now), literal_when(each, campus))
        for each in found
        if each.kind == "now" or not known or each.day in known
    ]
    return choices(
        _that_go_with(others, pairs, lambda value: replace(others, at=value), campus, now)
    )


def time_of_day_choices(
    coordinator: CampusCoordinator | None, typed: str, now: datetime
) -> Choices:
    """Offer the times of the day that a text may mean, whatever the day."""
    if coordinator is None:
        return []
    campus = coordinator.campus
    faces = complete_time_of_day(typed, now=now, campus=campus)
    return choices([(clock_text(face, campus.clock), f"{face:%H:%M}") for face in faces])


def duration_choices(
    coordinator: CampusCoordinator | None, typed: str, now: datetime, others: FreeOptions
) -> Choices:
    """Offer the durations that a text may mean."""
    if coordinator is None:
        return []
    campus = coordinator.campus
    pairs = [
        (each, each)
        if isinstance(each, str)
        else (duration_text(each), f"{each // timedelta(minutes=1)} min")
        for each in complete_duration(typed, now=now, campus=campus)
    ]
    return choices(
        _that_go_with(others, pairs, lambda value: replace(others, minutes=value), campus, now)
    )


def date_choices(
    coordinator: CampusCoordinator | None,
    typed: str,
    now: datetime,
    others: FreeOptions = NO_OPTIONS,
) -> Choices:
    """Offer the days that fit and of which something is known."""
    if coordinator is None:
        return []
    campus, today = coordinator.campus, coordinator.campus.local_date(now)
    days = complete_date(typed, now=now, campus=campus, known_days=coordinator.cached_dates)
    pairs = [(day_choice(day, today), day.isoformat()) for day in days]
    return choices(
        _that_go_with(others, pairs, lambda value: replace(others, date=value), campus, now)
    )


def _that_go_with(
    others: FreeOptions,
    pairs: list[tuple[str, str]],
    with_value: Callable[[str], FreeOptions],
    campus: Campus,
    now: datetime,
) -> list[tuple[str, str]]:
    """Return the choices whose times can be read together with the other options typed."""
    if not (others.at or others.date or others.minutes):
        return pairs
    if not goes_together(others, campus=campus, now=now):
        return []
    return [
        (label, value)
        for label, value in pairs[:MAX_CHOICES]
        if goes_together(with_value(value), campus=campus, now=now)
    ]


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
        pairs.append((room_choice(room, stretch, now, campus), value))
    return choices(pairs)


def week_choices(coordinator: CampusCoordinator | None, typed: str, now: datetime) -> Choices:
    """Offer the weeks that fit and of which something is known."""
    if coordinator is None:
        return []
    campus, today = coordinator.campus, coordinator.campus.local_date(now)
    weeks = complete_week(typed, now=now, campus=campus, known_days=coordinator.cached_dates)
    return choices([(week_choice(each, today), each.isoformat()) for each in weeks])


def choices(pairs: list[tuple[str, str]]) -> Choices:
    """Turn (what to show, what to send) pairs into as many choices as Discord takes."""
    return [app_commands.Choice(name=name, value=value) for name, value in pairs[:MAX_CHOICES]]
