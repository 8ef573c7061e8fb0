"""What is offered while a member types a building: from memory, at once."""

from datetime import datetime

from discord import app_commands

from cogs.replies.panel import MOST_CHOICES, building_label
from core.availability import CampusDays, Count, count
from core.schedule import Schedule
from core.search import matching_buildings

Choices = list[app_commands.Choice[str]]


def building_choices(schedule: Schedule, typed: str, now: datetime) -> Choices:
    """Offer the buildings that fit, each with how many of its rooms are free now."""
    counts = building_counts(schedule, schedule.remembered(now), now, typed)
    return choices([(building_label(*each), each[0]) for each in counts[:MOST_CHOICES]])


def building_counts(
    schedule: Schedule, days: CampusDays, now: datetime, typed: str = ""
) -> list[tuple[str, str, Count]]:
    """Count the free rooms of the buildings that fit what was typed: (code, name, count)."""
    return [
        (each.code, each.name, count(days.get(each.day_of(now)), each, now))
        for each in matching_buildings(schedule.campus, typed)
    ]


def choices(pairs: list[tuple[str, str]]) -> Choices:
    """Turn (what to show, what to send) pairs into as many choices as Discord takes."""
    return [app_commands.Choice(name=name, value=value) for name, value in pairs[:MOST_CHOICES]]
