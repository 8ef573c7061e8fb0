"""How busy it gets, as JSON."""

from zoneinfo import ZoneInfo

from api.resources import Json, to_iso
from core.model.campus import Building, Campus
from core.model.occupancy import OccupancyCount
from core.trends.trend import Baseline, Trend, TrendHour


def trend_json(campus: Campus, building: Building | None, trend: Trend) -> Json:
    """Return how busy a campus or a building gets; null or empty is what is not known enough."""
    zone = campus.timezone
    return {
        "campus": campus.id,
        "building": building.code if building else None,
        "at": to_iso(trend.at, zone),
        "now": _count_json(trend.current) if trend.current else None,
        "last_hours": [_count_json(each) for each in trend.last_hours],
        "direction": trend.direction.value if trend.direction else None,
        "usual": _baseline_json(trend.baseline),
        "today": [_hour_json(each, zone) for each in trend.today],
        "since": to_iso(trend.sampled_since, zone) if trend.sampled_since else None,
    }


def _count_json(count: OccupancyCount) -> Json:
    return {
        "free": round(count.free, 2),
        "known": round(count.known, 2),
        "unknown": round(count.unknown, 2),
    }


def _baseline_json(baseline: Baseline | None) -> Json | None:
    if baseline is None:
        return None
    return {
        "free": round(baseline.mean, 2),
        "least": round(baseline.min, 2),
        "most": round(baseline.max, 2),
        "basis": "bookings" if baseline.is_planned else "samples",
    }


def _hour_json(hour: TrendHour, zone: ZoneInfo) -> Json:
    return {
        "begins_at": to_iso(hour.starts_at, zone),
        "mean": _count_json(hour.mean) if hour.mean else None,
        "usual": _baseline_json(hour.baseline),
    }
