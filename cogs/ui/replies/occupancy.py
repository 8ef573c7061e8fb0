"""How busy it is, in a line: compared with what is usual, and where it goes."""

from zoneinfo import ZoneInfo

from cogs.ui.formatting import join_dots, plural
from core.model.occupancy import OccupancyCount
from core.trends.trend import Baseline, Direction, Trend

# A difference of so small a part of the rooms is none that anybody notices.
_USUAL_MARGIN = 0.05
# On a holiday few rooms are free because few are open, and nobody is busy.
_SAME_ROOMS_MARGIN = 0.2

_DIRECTIONS = {
    Direction.RISING: "getting emptier",
    Direction.FALLING: "getting busier",
    Direction.STEADY: "",
}


def occupancy_line(trend: Trend, zone: ZoneInfo) -> str:
    """Return `**Quieter than usual** · 43 rooms free, usually 37 at this hour on Tuesdays`.

    Where the usual goes by bookings the line says so. What is not known is left out.
    """
    return _format(trend, zone, emphasis="**")


def occupancy_text(trend: Trend, zone: ZoneInfo) -> str:
    """Return the same without marks, for alternative texts."""
    return _format(trend, zone, emphasis="")


def _format(trend: Trend, zone: ZoneInfo, *, emphasis: str) -> str:
    current, usual = trend.current, trend.baseline
    if current is None or not current.known:
        return "No information about this hour"
    words = _comparison(current, usual) if usual else ""
    comparison = f"{emphasis}{words}{emphasis}" if words else ""
    free = f"{plural(round(current.free), 'room')} free"
    if usual:
        weekday = f"{trend.at.astimezone(zone):%A}s"
        free += f", usually {usual.mean:,.0f} at this hour on {weekday}{basis_note(usual)}"
    direction = _DIRECTIONS[trend.direction] if trend.direction else ""
    return join_dots([comparison, free, direction])


def basis_note(usual: Baseline) -> str:
    """Return what to say after a usual number that goes by bookings and not by samples."""
    return " by the bookings" if usual.is_planned else ""


def _comparison(current: OccupancyCount, usual: Baseline) -> str:
    """Return how the moment compares; empty where other buildings than usual are open."""
    if usual.known and abs(current.known / usual.known - 1) > _SAME_ROOMS_MARGIN:
        return ""
    # Of the numbers as they are shown: 2 is not more than a usual 2.
    difference = (round(current.free) - round(usual.mean)) / current.known
    if abs(difference) <= _USUAL_MARGIN:
        return "About as busy as usual"
    return "Quieter than usual" if difference > 0 else "Busier than usual"
