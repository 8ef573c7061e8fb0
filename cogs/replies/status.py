"""What `/status` tells: the data, what comes next, how the parts do, and the program."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from discord import ui

from cogs.replies.busy import busy_line
from cogs.replies.data_line import data_line, trouble
from cogs.replies.panel import line, paged, panel
from cogs.replies.words import counted, dotted, full, plain, relative
from core.model import Campus
from core.standing import DataAge, Standing
from core.store import Attempt
from core.trends import Trend

_BUILDINGS_SHOWN = 20
_STORED = (
    "times of bookings for as long as they are of use, how many rooms were free, and what "
    "servers and members set; no names of events or people, nothing else that members type"
)


@dataclass(frozen=True, slots=True)
class BuildingStanding:
    """How many rooms of a building were read last time, kept from earlier, or are unknown."""

    code: str
    read: int
    kept: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Link:
    """How a part that the bot talks to does; `down_since` is None while it answers.

    `refuses` tells of a store that answers and takes no changes: it is full, or cannot save.
    """

    name: str
    is_up: bool
    down_since: datetime | None
    latency: timedelta | None
    refuses: bool = False


@dataclass(frozen=True, slots=True)
class StatusReply:
    """All that `/status` shows.

    `next_digest` is None where no digest is set here, and means nothing where that is not known.
    """

    campus: Campus
    age: DataAge
    buildings: Sequence[BuildingStanding]
    standing: Standing
    links: Sequence[Link]
    trend: Trend | None
    next_digest: datetime | None
    is_digest_known: bool
    in_server: bool
    version: str
    started_at: datetime
    project: str


def status_reply(reply: StatusReply) -> ui.LayoutView:
    """Lay out the four blocks of the status."""
    unknown = sum(each.unknown for each in reply.buildings)
    rooms = sum(each.read + each.kept + each.unknown for each in reply.buildings)
    return panel(
        trouble(reply.age),
        f"## {plain(reply.campus.name)}",
        "\n".join(["**Data**", *_data_lines(reply)]),
        line(),
        "\n".join(["**Next**", *_next_lines(reply)]),
        line(),
        "\n".join(["**Health**", *(_health(each) for each in reply.links)]),
        line(),
        "\n".join(["**About**", *_about_lines(reply)]),
        data_line(reply.age, unknown=unknown, rooms=rooms),
        colour=None,
    )


def _data_lines(reply: StatusReply) -> list[str]:
    shown = paged(
        [_building(each) for each in reply.buildings], most_lines=_BUILDINGS_SHOWN, most_text=1500
    )[0]
    left = len(reply.buildings) - len(shown)
    return [
        f"Read {relative(reply.age.read_at)}"
        if reply.age.read_at
        else "Nothing is stored for today",
        *shown,
        *([f"and {left} more buildings"] if left else []),
        *_busy(reply),
        _last_attempt(reply.standing.last_attempt),
    ]


def _busy(reply: StatusReply) -> list[str]:
    trend = reply.trend
    return [busy_line(trend, reply.campus.timezone)] if trend and trend.since else []


def _building(each: BuildingStanding) -> str:
    kept = f"{each.kept:,} kept from earlier" if each.kept else ""
    counts = dotted([f"{each.read:,} read", kept, f"{each.unknown:,} unknown"])
    return f"{plain(each.code)}: {counts}"


def _last_attempt(last: Attempt | None) -> str:
    if last is None:
        return "Last attempt: none yet"
    when = relative(last.began_at)
    if last.error:
        return f"Last attempt {when}: failed ({last.error})"
    kinds = counted(last.failures)
    failed = f", {last.rooms - last.read:,} failed ({kinds})" if kinds else ""
    return f"Last attempt {when}: {last.read:,} of {last.rooms:,} rooms read{failed}"


def _next_lines(reply: StatusReply) -> list[str]:
    standing = reply.standing
    refresh = "running now" if standing.is_running else relative(standing.next_refresh)
    possible = (
        f"possible {relative(standing.possible_at)}" if standing.possible_at else "possible now"
    )
    lines = [f"Next refresh: {refresh}", f"/refresh: {possible}"]
    if reply.in_server:
        lines.append(f"Next digest here: {_digest(reply)}")
    return lines


def _digest(reply: StatusReply) -> str:
    if not reply.is_digest_known:
        return "not known while the store is away"
    return full(reply.next_digest) if reply.next_digest else "none is set in this server"


def _health(link: Link) -> str:
    if not link.is_up:
        since = f" since {full(link.down_since)}" if link.down_since else ""
        return f"{link.name}: down{since}"
    took = f", {link.latency / timedelta(milliseconds=1):.0f} ms" if link.latency else ""
    return f"{link.name}: up{took}{', but takes no changes' if link.refuses else ''}"


def _about_lines(reply: StatusReply) -> list[str]:
    return [
        f"EmptyClassroom {reply.version}, up since {relative(reply.started_at)}",
        f"Stores {_STORED}",
        f"<{reply.project}>",
    ]
