"""What is said beside the facts: how the rooms were chosen, what failed, why nothing came."""

from collections.abc import Iterable
from datetime import UTC, datetime

from cli.discovery.building_names import BuildingAssignment
from cli.discovery.classroom_filter import Selection
from core.sources.discovery import RoomList
from core.sources.source_draft import SourceDraft


def list_comments(
    label: str, at: datetime, listed: RoomList, selection: Selection
) -> Iterable[str]:
    """Tell where the rooms come from and which of them are there."""
    yield (f"Found in the public lists of the {label} on {at.astimezone(UTC):%Y-%m-%d}.")
    here = f"{len(selection.rooms):,} of the {len(listed.rooms):,} rooms listed are here"
    yield f"{here}{excluded_counts(selection)}."
    if listed.reported_count > len(listed.rooms):
        yield f"The list said that there are {listed.reported_count:,}; the others did not come."
    if selection.categories:
        yield f"Categories that are here: {', '.join(selection.categories)}."
    elif not selection.include_all:
        yield "No category of the list speaks of classrooms, so rooms of all were taken."


def sample_comments(assignment: BuildingAssignment, source: SourceDraft) -> Iterable[str]:
    """Tell what the names and the bookings of the rooms leave to look after."""
    if assignment.renamed_count:
        yield f"{assignment.renamed_count} rooms share a name with another; they carry their id."
    if source.failure_counts:
        kinds = ", ".join(f"{kind} {count}" for kind, count in source.failure_counts.items())
        yield f"Of {source.sample_size} rooms looked at some could not be read: {kinds}."


def excluded_counts(selection: Selection) -> str:
    """Return how many rooms were left out, by reason, as the end of a sentence."""
    counts = ", ".join(f"{count:,} {reason}" for reason, count in selection.excluded.items())
    return f"; left out: {counts}" if counts else ""
