"""Times of the day as text, in the form that a campus uses: 2:30 PM or 14:30."""

from collections.abc import Iterable
from datetime import datetime, time

from core.model.campus import ClockStyle


def clock_text(local: datetime | time, style: ClockStyle) -> str:
    """Return what the clocks show at a moment, given in their zone."""
    if style is ClockStyle.HOURS_24:
        return f"{local:%H:%M}"
    return f"{_hour(local)}:{local:%M %p}"


def hour_labels(
    hours: Iterable[datetime], style: ClockStyle, *, is_narrow: bool = False
) -> list[str]:
    """Return labels for the hours along an axis, in order.

    AM and PM stand at the first hour and where they change: `10 AM`, `11`, `12 PM`, `1`; where
    there is little space `10a`, `11`, `12p`, `1`.
    """
    if style is ClockStyle.HOURS_24:
        return [f"{each:%H}" for each in hours]
    labels, shown = [], ""
    for each in hours:
        half = f"{each:%p}"
        mark = half[0].lower() if is_narrow else f" {half}"
        labels.append(f"{_hour(each)}{'' if half == shown else mark}")
        shown = half
    return labels


def _hour(local: datetime | time) -> int:
    return int(f"{local:%I}")
