"""What `/status` tells: the data, what comes next, how the parts do, and the program."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from discord import ui

from cogs.ui.formatting import (
    escape_name,
    join_counts,
    join_dots,
    timestamp_datetime,
    timestamp_relative,
)
from cogs.ui.layout import container_view, paginate, separator
from cogs.ui.replies.data_footer import data_footer, staleness_warning
from cogs.ui.replies.occupancy import occupancy_line
from core.data.status import CampusStatus, DataAge
from core.model.campus import Campus
from core.model.refresh import RefreshAttempt
from core.trends.trend import Trend

_BUILDINGS_SHOWN = 20
_STORED_DATA = (
    "times of bookings for as long as they are of use, how many rooms were free, and what "
    "servers and members set; no names of events or people, nothing else that members type"
)


@dataclass(frozen=True, slots=True)
class BuildingStatus:
    """How many rooms of a building were read last time, kept from earlier, or are unknown."""

    code: str
    read: int
    carried_over: int
    unknown: int


@dataclass(frozen=True, slots=True)
class ServiceHealth:
    """How a part that the bot talks to does; `down_since` is None while it answers.

    `refuses` tells of a store that answers and takes no changes: it is full, or cannot save.
    """

    name: str
    is_up: bool
    down_since: datetime | None
    latency: timedelta | None
    rejects_writes: bool = False


@dataclass(frozen=True, slots=True)
class StatusReplyData:
    """All that `/status` shows.

    `next_digest` is None where no digest is set here, and means nothing where that is not known.
    """

    campus: Campus
    age: DataAge
    buildings: Sequence[BuildingStatus]
    status: CampusStatus
    services: Sequence[ServiceHealth]
    trend: Trend | None
    next_digest: datetime | None
    is_digest_known: bool
    in_server: bool
    version: str
    started_at: datetime
    project: str


def status_reply(reply: StatusReplyData) -> ui.LayoutView:
    """Lay out the four blocks of the status."""
    unknown = sum(each.unknown for each in reply.buildings)
    rooms = sum(each.read + each.carried_over + each.unknown for each in reply.buildings)
    return container_view(
        staleness_warning(reply.age),
        f"## {escape_name(reply.campus.name)}",
        "\n".join(["**Data**", *_data_lines(reply)]),
        separator(),
        "\n".join(["**Next**", *_next_lines(reply)]),
        separator(),
        "\n".join(["**Health**", *(_health_line(each) for each in reply.services)]),
        separator(),
        "\n".join(["**About**", *_about_lines(reply)]),
        data_footer(reply.age, unknown=unknown, rooms=rooms),
        colour=None,
    )


def _data_lines(reply: StatusReplyData) -> list[str]:
    shown = paginate(
        [_building_line(each) for each in reply.buildings],
        max_lines=_BUILDINGS_SHOWN,
        max_cost=1500,
    )[0]
    left = len(reply.buildings) - len(shown)
    return [
        f"Read {timestamp_relative(reply.age.read_at)}"
        if reply.age.read_at
        else "Nothing is stored for today",
        *shown,
        *([f"and {left} more buildings"] if left else []),
        *_occupancy_lines(reply),
        _last_attempt_line(reply.status.last_attempt),
    ]


def _occupancy_lines(reply: StatusReplyData) -> list[str]:
    trend = reply.trend
    return [occupancy_line(trend, reply.campus.timezone)] if trend and trend.sampled_since else []


def _building_line(each: BuildingStatus) -> str:
    kept = f"{each.carried_over:,} kept from earlier" if each.carried_over else ""
    counts = join_dots([f"{each.read:,} read", kept, f"{each.unknown:,} unknown"])
    return f"{escape_name(each.code)}: {counts}"


def _last_attempt_line(last: RefreshAttempt | None) -> str:
    if last is None:
        return "Last attempt: none yet"
    when = timestamp_relative(last.began_at)
    if last.error:
        return f"Last attempt {when}: failed ({last.error})"
    kinds = join_counts(last.failures)
    failed = f", {last.rooms - last.rooms_read:,} failed ({kinds})" if kinds else ""
    return f"Last attempt {when}: {last.rooms_read:,} of {last.rooms:,} rooms read{failed}"


def _next_lines(reply: StatusReplyData) -> list[str]:
    status = reply.status
    refresh = "running now" if status.is_running else timestamp_relative(status.next_refresh)
    possible = (
        f"possible {timestamp_relative(status.allowed_at)}" if status.allowed_at else "possible now"
    )
    lines = [f"Next refresh: {refresh}", f"/refresh: {possible}"]
    if reply.in_server:
        lines.append(f"Next digest here: {_next_digest_text(reply)}")
    return lines


def _next_digest_text(reply: StatusReplyData) -> str:
    if not reply.is_digest_known:
        return "not known while the store is away"
    return (
        timestamp_datetime(reply.next_digest) if reply.next_digest else "none is set in this server"
    )


def _health_line(service: ServiceHealth) -> str:
    if not service.is_up:
        since = f" since {timestamp_datetime(service.down_since)}" if service.down_since else ""
        return f"{service.name}: down{since}"
    took = f", {service.latency / timedelta(milliseconds=1):.0f} ms" if service.latency else ""
    return f"{service.name}: up{took}{', but takes no changes' if service.rejects_writes else ''}"


def _about_lines(reply: StatusReplyData) -> list[str]:
    return [
        f"EmptyClassroom {reply.version}, up since {timestamp_relative(reply.started_at)}",
        f"Stores {_STORED_DATA}",
        f"<{reply.project}>",
    ]
