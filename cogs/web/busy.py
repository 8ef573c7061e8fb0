"""How busy it gets, as JSON."""

from zoneinfo import ZoneInfo

from cogs.web.views import Json, told
from core.model import Building, Campus
from core.tallies import Tally
from core.trends import Hour, Trend, Usual


def trend_shown(campus: Campus, building: Building | None, trend: Trend) -> Json:
    """Return how busy a campus or a building gets; null or empty is what is not known enough."""
    zone = campus.timezone
    return {
        "campus": campus.id,
        "building": building.code if building else None,
        "at": told(trend.at, zone),
        "last_hours": [_tally(each) for each in trend.last],
        "direction": trend.direction.value if trend.direction else None,
        "usual": _usual(trend.usual),
        "today": [_hour(each, zone) for each in trend.today],
        "since": told(trend.since, zone) if trend.since else None,
    }


def _tally(tally: Tally) -> Json:
    return {
        "free": round(tally.free, 2),
        "known": round(tally.known, 2),
        "unknown": round(tally.unknown, 2),
    }


def _usual(usual: Usual | None) -> Json | None:
    if usual is None:
        return None
    return {
        "free": round(usual.free, 2),
        "least": round(usual.least, 2),
        "most": round(usual.most, 2),
    }


def _hour(hour: Hour, zone: ZoneInfo) -> Json:
    return {
        "begins_at": told(hour.begins_at, zone),
        "mean": _tally(hour.mean) if hour.mean else None,
        "usual": _usual(hour.usual),
    }
