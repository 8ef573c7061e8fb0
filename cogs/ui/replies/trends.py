"""What `/trends` answers: where it goes, and today's hours beside what is usual."""

from dataclasses import dataclass

from discord import ui

from cogs.ui.formatting import (
    day_name,
    escape_name,
    join_dots,
    plural,
    subtext,
    timestamp_datetime,
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
        f"**{_now_line(reply)}**",
        image_gallery(reply.image),
        "\n".join(_hour_line(each, trend) for each in trend.today) or None,
        separator(),
        subtext(_history_line(trend)),
        data_footer(reply.age, unknown=reply.counts.unknown, rooms=reply.counts.total),
        colour=GREEN if reply.is_open and trend.last_hours else GREY,
    )


def _title(reply: TrendsReplyData) -> str:
    building = reply.building
    if building is None:
        return escape_name(reply.campus.name)
    return f"{escape_name(building.code)} · {escape_name(building.name)}"


def _subtitle(reply: TrendsReplyData) -> str:
    shown = reply.trend.at.astimezone(reply.campus.timezone)
    return f"How busy it gets · {day_name(shown.date())} ({shown:%Z}) · hourly means of free rooms"


def _now_line(reply: TrendsReplyData) -> str:
    return occupancy_line(reply.trend, reply.campus.timezone) if reply.is_open else "closed now"


def _hour_line(hour: TrendHour, trend: Trend) -> str:
    """Return `<14:00> 18 free · usual 21 (15–27)`."""
    usual = hour.baseline
    so_far = " so far" if hour.starts_at <= trend.at < hour.starts_at + HOUR and hour.mean else ""
    unknown = round(hour.mean.unknown) if hour.mean else 0
    parts = [
        _mean_text(hour, trend) + so_far,
        f"usual {usual.mean:,.0f} ({usual.min:,.0f}–{usual.max:,.0f})" if usual else "",
        f"{plural(unknown, 'room')} unknown" if unknown else "",
    ]
    return f"{timestamp_time(hour.starts_at)} {join_dots(parts)}"


def _mean_text(hour: TrendHour, trend: Trend) -> str:
    if hour.mean is None:
        return "not sampled" if hour.starts_at + HOUR <= trend.at else ""
    return f"**{hour.mean.free:,.0f} free**" if hour.mean.known else "unknown"


def _history_line(trend: Trend) -> str:
    if trend.sampled_since is None:
        return "Nothing is sampled yet"
    usual = any(each.baseline for each in trend.today)
    return join_dots(
        [
            f"Sampled since {timestamp_datetime(trend.sampled_since)}",
            "" if usual else f"what is usual shows after {MIN_WEEKS} weeks",
            "unknown rooms are not counted as free",
        ]
    )
