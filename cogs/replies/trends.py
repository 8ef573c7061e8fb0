"""What `/trends` answers: where it goes, and today's hours beside what is usual."""

from dataclasses import dataclass

from discord import ui

from cogs.pictures import Picture
from cogs.replies.busy import busy_line
from cogs.replies.data_line import data_line, trouble
from cogs.replies.panel import FREE, NONE, gallery, line, panel
from cogs.replies.words import clock, day_name, dotted, full, plain, plural, small
from core.availability import Count
from core.model import Building, Campus
from core.standing import DataAge
from core.tallies import HOUR
from core.trends import LEAST_WEEKS, Hour, Trend


@dataclass(frozen=True, slots=True)
class TrendsReply:
    """All that an answer of `/trends` shows; `building` is None for the whole campus.

    `now` counts the rooms as they are now; `is_open` tells of a building, or of any.
    """

    campus: Campus
    building: Building | None
    trend: Trend
    is_open: bool
    now: Count
    age: DataAge
    picture: Picture | None


def trends_reply(reply: TrendsReply) -> ui.LayoutView:
    """Lay out how busy it gets."""
    trend = reply.trend
    return panel(
        trouble(reply.age),
        f"## {_place(reply)}\n{small(_scope(reply))}",
        f"**{_now(reply)}**",
        gallery(reply.picture),
        "\n".join(_hour(each, trend) for each in trend.today) or None,
        line(),
        small(_history(trend)),
        data_line(reply.age, unknown=reply.now.unknown, rooms=reply.now.rooms),
        colour=FREE if reply.is_open and trend.last else NONE,
    )


def _place(reply: TrendsReply) -> str:
    building = reply.building
    if building is None:
        return plain(reply.campus.name)
    return f"{plain(building.code)} · {plain(building.name)}"


def _scope(reply: TrendsReply) -> str:
    shown = reply.trend.at.astimezone(reply.campus.timezone)
    return f"How busy it gets · {day_name(shown.date())} ({shown:%Z}) · hourly means of free rooms"


def _now(reply: TrendsReply) -> str:
    return busy_line(reply.trend, reply.campus.timezone) if reply.is_open else "closed now"


def _hour(hour: Hour, trend: Trend) -> str:
    """Return `<14:00> 18 free · usual 21 (15–27)`."""
    usual = hour.usual
    so_far = " so far" if hour.begins_at <= trend.at < hour.begins_at + HOUR and hour.mean else ""
    unknown = round(hour.mean.unknown) if hour.mean else 0
    parts = [
        _mean(hour, trend) + so_far,
        f"usual {usual.free:,.0f} ({usual.least:,.0f}–{usual.most:,.0f})" if usual else "",
        f"{plural(unknown, 'room')} unknown" if unknown else "",
    ]
    return f"{clock(hour.begins_at)} {dotted(parts)}"


def _mean(hour: Hour, trend: Trend) -> str:
    if hour.mean is None:
        return "not sampled" if hour.begins_at + HOUR <= trend.at else ""
    return f"**{hour.mean.free:,.0f} free**" if hour.mean.known else "unknown"


def _history(trend: Trend) -> str:
    if trend.since is None:
        return "Nothing is sampled yet"
    usual = any(each.usual for each in trend.today)
    return dotted(
        [
            f"Sampled since {full(trend.since)}",
            "" if usual else f"what is usual shows after {LEAST_WEEKS} weeks",
            "unknown rooms are not counted as free",
        ]
    )
