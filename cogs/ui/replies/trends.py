"""What `/trends` answers: where it goes, and today's hours beside what is usual."""

from dataclasses import dataclass

from discord import ui

from cogs.ui.formatting import (
    day_name,
    escape_name,
    join_dots,
    plural,
    subtext,
    timestamp_date,
    timestamp_time,
)
from cogs.ui.image_attachment import ImageAttachment
from cogs.ui.layout import GREEN, GREY, container_view, image_gallery, separator
from cogs.ui.replies.data_footer import data_footer, staleness_warning
from cogs.ui.replies.occupancy import occupancy_line
from core.availability.counts import RoomCounts
from core.data.status import DataAge
from core.model.calendar import HOUR
from core.model.campus import Building, Campus
from core.trends.plan import PLANNED_WEEKS
from core.trends.trend import MIN_WEEKS, Trend, TrendHour


@dataclass(frozen=True, slots=True)
class TrendsReplyData:
    """All that an answer of `/trends` shows; `building` is None for the whole campus.

    `now` counts the rooms as they are now; `is_open` tells of a building, or of any.
    """

    campus: Campus
    building: Building | None
    trend: Trend
    is_open: bool
    counts: RoomCounts
    age: DataAge
    image: ImageAttachment | None


def trends_reply(reply: TrendsReplyData) -> ui.LayoutView:
    """Lay out how busy it gets."""
    trend = reply.trend
    return container_view(
        staleness_warning(reply.age),
        f"## {_title(reply)}\n{subtext(_subtitle(reply))}",
        _now_line(reply),
        image_gallery(reply.image),
        "\n".join(_hour_line(each, trend) for each in trend.today if _has_line(each, trend))
        or None,
        separator(),
        subtext(_history_line(trend)),
        data_footer(reply.age, unknown=reply.counts.unknown, rooms=reply.counts.total),
        colour=GREEN if reply.is_open else GREY,
    )


def _title(reply: TrendsReplyData) -> str:
    building = reply.building
    if building is None:
        return escape_name(reply.campus.name)
    return f"{escape_name(building.code)} · {escape_name(building.name)}"


def _subtitle(reply: TrendsReplyData) -> str:
    shown = reply.trend.at.astimezone(reply.campus.timezone)
    return f"Free rooms by the hour · {day_name(shown.date())}"


def _now_line(reply: TrendsReplyData) -> str:
    if not reply.is_open:
        return "**Closed now**"
    return occupancy_line(reply.trend, reply.campus.timezone)


def _hour_line(hour: TrendHour, trend: Trend) -> str:
    """Return `<14:00> **18 free** · usually 21`."""
    usual = hour.baseline
    so_far = " (so far)" if _is_running(hour, trend) and hour.mean else ""
    unknown = round(hour.mean.unknown) if hour.mean and hour.mean.known else 0
    parts = [
        _mean_text(hour, trend) + so_far,
        f"usually {usual.mean:,.0f}" if usual else "",
        f"no information for {plural(unknown, 'room')}" if unknown else "",
    ]
    return f"{timestamp_time(hour.starts_at)} {join_dots(parts)}"


def _has_line(hour: TrendHour, trend: Trend) -> bool:
    """Tell whether an hour is worth a line: not what passed before anybody watched."""
    is_over = hour.starts_at + HOUR <= trend.at
    watched = trend.sampled_since is not None and trend.sampled_since < hour.starts_at + HOUR
    return bool(hour.mean) or not is_over or watched


def _is_running(hour: TrendHour, trend: Trend) -> bool:
    return hour.starts_at <= trend.at < hour.starts_at + HOUR


def _mean_text(hour: TrendHour, trend: Trend) -> str:
    if hour.mean is None:
        return "no data" if hour.starts_at + HOUR <= trend.at else ""
    return f"**{hour.mean.free:,.0f} free**" if hour.mean.known else "no information"


def _history_line(trend: Trend) -> str:
    since = trend.sampled_since
    bases = {each.baseline.is_planned for each in trend.today if each.baseline}
    return join_dots(
        [
            f"Watching since {timestamp_date(since)}" if since else "Nothing recorded yet",
            _basis_text(bases),
        ]
    )


def _basis_text(bases: set[bool]) -> str:
    """Return what "usually" goes by in the lines, of which some may be planned."""
    if True in bases:
        return (
            f'"usually" goes by the bookings of the next {PLANNED_WEEKS} weeks'
            f" until I have watched for {MIN_WEEKS} weeks"
        )
    return "" if bases else f'"usually" needs {MIN_WEEKS} weeks'
