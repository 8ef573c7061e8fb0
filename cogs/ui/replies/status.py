"""What `/status` shows: how old the data is, what comes next, and when each service answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from discord import ui

from cogs.ui.formatting import (
    escape_name,
    join_counts,
    join_dots,
    join_limited,
    timestamp_datetime,
    timestamp_relative,
    timestamp_time,
)
from cogs.ui.layout import container_view, paginate, separator
from cogs.ui.replies.data_footer import staleness_warning
from cogs.ui.replies.occupancy import occupancy_line
from core.data.status import CampusStatus, DataAge
from core.model.campus import Campus
from core.model.refresh import RefreshAttempt
from core.trends.trend import Trend

_MAX_NAMED_ROOMS = 10
_MAX_NAMES_TEXT = 600
_MAX_FAILURE_KINDS = 5
# Until then a time of the day alone says which is meant.
_SAME_DAY = timedelta(hours=12)

ServiceFault = Literal["unavailable", "refused", "changed"]

_FAULTS = {
    "unavailable": "not answering",
    "refused": "refusing me",
    "changed": "sending what I don't understand",
}


@dataclass(frozen=True, slots=True)
class RoomStatus:
    """How many rooms the campus has, and of which the last check brought nothing.

    Of the rooms `carried_over` an earlier check of the day is kept; `unknown` has the rest.
    """

    total: int
    carried_over: Sequence[str] = ()
    unknown: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ServiceHealth:
    """When a service that the bot talks to last answered; None: not since the bot started.

    `failing_since` is None while the service answers, and `fault` says how it fails. A service
    that `rejects_writes` answers and saves nothing.
    """

    name: str
    answered_at: datetime | None
    failing_since: datetime | None = None
    fault: ServiceFault = "unavailable"
    rejects_writes: bool = False


@dataclass(frozen=True, slots=True)
class StatusReplyData:
    """All that `/status` shows, as of `at`.

    `next_digest` is None where no digest is set here, and means nothing where that is not known.
    `gateway_latency` is None where no heartbeat has been measured.
    """

    campus: Campus
    at: datetime
    age: DataAge
    rooms: RoomStatus
    status: CampusStatus
    services: Sequence[ServiceHealth]
    gateway_latency: timedelta | None
    trend: Trend | None
    next_digest: datetime | None
    is_digest_known: bool
    in_server: bool
    is_moderator: bool
    version: str
    started_at: datetime
    project: str


def status_reply(reply: StatusReplyData) -> ui.LayoutView:
    """Lay out the four blocks of the status."""
    return container_view(
        staleness_warning(reply.age),
        f"## {escape_name(reply.campus.name)}",
        "\n".join(_data_lines(reply)),
        separator(),
        "\n".join(["**Next**", *_next_lines(reply)]),
        separator(),
        "\n".join(["**Health**", *_health_lines(reply)]),
        separator(),
        "\n".join(["**About**", *_about_lines(reply)]),
        colour=None,
    )


def _data_lines(reply: StatusReplyData) -> list[str]:
    read_at = reply.age.read_at
    if read_at is None:
        lines = ["**I have nothing for today yet.**"]
    else:
        lines = [join_dots([_known_rooms(reply), f"checked {timestamp_relative(read_at)}"])]
        lines += _named_rooms("No information", reply.rooms.unknown)
        lines += _named_rooms("Kept from an earlier check", reply.rooms.carried_over)
    if reply.trend and reply.trend.current:
        lines.append(occupancy_line(reply.trend, reply.campus.timezone))
    if reply.is_moderator:
        lines.append(_last_attempt_line(reply.status.last_attempt))
    return lines


def _known_rooms(reply: StatusReplyData) -> str:
    """Return how many rooms are up to date, or only known where nobody can say more."""
    rooms, age = reply.rooms, reply.age
    is_current = not age.is_stale and age.failing_since is None
    known = rooms.total - len(rooms.unknown)
    counted = known - len(rooms.carried_over) if is_current else known
    of_all = f"All {rooms.total:,}" if counted == rooms.total else f"{counted:,} of {rooms.total:,}"
    return f"**{of_all} rooms {'up to date' if is_current else 'known'}**"


def _named_rooms(what: str, rooms: Sequence[str]) -> list[str]:
    names = [escape_name(each) for each in rooms]
    shown = paginate(names, max_lines=_MAX_NAMED_ROOMS, max_cost=_MAX_NAMES_TEXT)
    return [f"{what}: {join_limited(names, limit=len(shown[0]))}"] if names else []


def _last_attempt_line(last: RefreshAttempt | None) -> str:
    if last is None:
        return "Last check: none yet"
    when = timestamp_relative(last.began_at)
    if last.error:
        return f"Last check {when}: failed ({last.error})"
    commonest = sorted(last.failures.items(), key=lambda each: -each[1])[:_MAX_FAILURE_KINDS]
    failed = f" ({join_counts(dict(commonest))})" if commonest else ""
    return f"Last check {when}: {last.rooms_read:,} of {last.rooms:,} rooms answered{failed}"


def _next_lines(reply: StatusReplyData) -> list[str]:
    status = reply.status
    lines = [
        "Checking the bookings now"
        if status.is_running
        else f"Next check of the bookings: {timestamp_relative(status.next_refresh)}"
    ]
    if status.allowed_at:
        lines.append(f"Moderators can refresh {timestamp_relative(status.allowed_at)}")
    if reply.in_server:
        lines.append(f"Daily summary here: {_next_digest_text(reply)}")
    return lines


def _next_digest_text(reply: StatusReplyData) -> str:
    if not reply.is_digest_known:
        return "can't tell right now"
    return timestamp_datetime(reply.next_digest) if reply.next_digest else "not set up"


def _health_lines(reply: StatusReplyData) -> list[str]:
    lines = [_health_line(service, reply.at) for service in reply.services]
    if reply.gateway_latency is not None:
        took = reply.gateway_latency / timedelta(milliseconds=1)
        lines.append(f"Discord: last heartbeat answered in {took:,.0f} ms")
    return lines


def _health_line(service: ServiceHealth, at: datetime) -> str:
    answered = (
        f"answered {timestamp_relative(service.answered_at)}"
        if service.answered_at
        else "no answer since I started"
    )
    if service.failing_since is None:
        full = ", but saves nothing (out of space?)" if service.rejects_writes else ""
        return f"{service.name}: {answered}{full}"
    since = _since(service.failing_since, at)
    before = f" (last {answered})" if service.answered_at else ""
    return f"{service.name}: {_FAULTS[service.fault]} since {since}{before}"


def _since(moment: datetime, at: datetime) -> str:
    is_recent = timedelta() <= at - moment < _SAME_DAY
    return timestamp_time(moment) if is_recent else timestamp_datetime(moment)


def _about_lines(reply: StatusReplyData) -> list[str]:
    return [
        f"EmptyClassroom {reply.version}, started {timestamp_relative(reply.started_at)}",
        (
            "I keep booking times, room counts, and the settings of servers and members. "
            "No names of events or people, nothing else you type."
        ),
        f"<{reply.project}>",
    ]
