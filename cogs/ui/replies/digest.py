"""The daily summary, and what `/digest` says of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from discord import ui

from cogs.ui.custom_ids import BuildingQueryId, FreeQueryId
from cogs.ui.formatting import (
    day_name,
    escape_name,
    join_dots,
    join_limited,
    subtext,
    timestamp_datetime,
    timestamp_time,
)
from cogs.ui.image_attachment import ImageAttachment
from cogs.ui.layout import (
    AMBER,
    GREEN,
    GREY,
    building_select,
    button,
    container_view,
    image_gallery,
    paginate,
    room_counts_text,
    separator,
    text_view,
)
from core.availability.counts import RoomCounts
from core.availability.queries import FreeRoomsQuery
from core.availability.timeline import StateSpan
from core.data.status import DataAge
from core.digests.summary import BuildingSummary, DailySummary, RoomClosure
from core.model.calendar import local_to_utc
from core.model.campus import Campus
from core.model.digest import Delivery, DigestSettings

_BUILDINGS_SHOWN = 20
_CLOSURES_SHOWN = 10
_MAX_BUILDING_TEXT = 1600
_MAX_CLOSURE_TEXT = 700


@dataclass(frozen=True, slots=True)
class DigestReplyData:
    """All that a digest shows; it is the same for every channel of a campus and building."""

    campus: Campus
    summary: DailySummary
    building: str | None
    minutes: int
    counts: Sequence[tuple[str, str, RoomCounts]]
    age: DataAge
    image: ImageAttachment | None = None


def digest_reply(reply: DigestReplyData) -> ui.LayoutView:
    """Lay out the daily summary.

    It stands all day, so that its times are of the clock and none of them says "now".
    """
    summary = reply.summary
    return container_view(
        image_gallery(reply.image),
        _staleness_warning(reply.age),
        _header(reply.campus, summary.day, reply.building, reply.minutes),
        "\n".join(_building_lines(summary.buildings)),
        _longest_line(summary),
        separator(),
        _building_select(reply.campus, summary.day, reply.counts),
        subtext(_footer(summary)),
        colour=GREEN if summary.longest_free else GREY,
    )


@dataclass(frozen=True, slots=True)
class ClosedDigestData:
    """All that the digest of a closed day shows; the time is of the clock, as in the others."""

    campus: Campus
    day: date
    building: str | None
    closure: StateSpan
    minutes: int
    counts: Sequence[tuple[str, str, RoomCounts]]


def closed_digest(reply: ClosedDigestData) -> ui.LayoutView:
    """Lay out the summary of a day on which all is closed: why, and until when."""
    reason = f": {escape_name(reply.closure.reason)}" if reply.closure.reason else ""
    return container_view(
        _header(reply.campus, reply.day, reply.building, reply.minutes),
        f"**Closed all day**{reason} · opens {timestamp_datetime(reply.closure.until)}",
        _building_select(reply.campus, reply.day, reply.counts),
        colour=GREY,
    )


def digest_without_data(
    campus: Campus, day: date, *, minutes: int, failing_since: datetime | None
) -> ui.LayoutView:
    """Lay out the summary of a day of which nothing is known: it says so, and guesses nothing."""
    since = f" since {timestamp_datetime(failing_since)}" if failing_since else ""
    rooms = sum(len(building.rooms) for building in campus.buildings)
    unknown_counts = [
        (each.code, each.name, RoomCounts(len(each.rooms), 0, len(each.rooms)))
        for each in campus.buildings
    ]
    return container_view(
        _header(campus, day, None, minutes),
        f"The booking site has not answered{since}, so nothing is known of today. "
        "I keep trying: ask again later.",
        separator(),
        _building_select(campus, day, unknown_counts),
        subtext(f"{rooms:,} of {rooms:,} rooms unknown"),
        colour=AMBER,
    )


def digest_custom_id(campus: Campus, day: date) -> str:
    """Return the custom id that every digest of a campus and day carries, and nothing else does."""
    return BuildingQueryId(campus.id, "", day).encode("open")


def _header(
    campus: Campus, day: date, building: str | None, minutes: int
) -> ui.Section[ui.LayoutView]:
    """Name the day and the campus once, beside the button that asks for the present."""
    at_least, buildings = timedelta(minutes=minutes), (building,) if building else ()
    midnight = local_to_utc(day, timedelta(), campus.timezone)
    free = FreeQueryId(campus.id, FreeRoomsQuery(midnight, at_least, buildings, is_now=True))
    return ui.Section(
        f"## {day_name(day)}\n{subtext(escape_name(campus.name))}",
        accessory=button("Free now", free.encode("open")),
    )


def _building_select(
    campus: Campus, day: date, counts: Sequence[tuple[str, str, RoomCounts]]
) -> ui.ActionRow[ui.LayoutView]:
    custom_id = digest_custom_id(campus, day)
    return building_select(custom_id, counts, selected=(), include_all=False)


def _staleness_warning(age: DataAge) -> str | None:
    """Say that the figures are old; without "ago", which would go on counting all day."""
    if not age.is_stale or age.read_at is None:
        return None
    since = f" since {timestamp_datetime(age.failing_since)}" if age.failing_since else ""
    read_at = timestamp_datetime(age.read_at)
    return f"**The booking site has not answered{since}; this was read {read_at}.**"


def _building_lines(buildings: Sequence[BuildingSummary]) -> list[str]:
    """Return a line a building; of very many, those with the most free rooms."""
    best = sorted(buildings, key=lambda each: -each.counts.free)
    fitting = paginate(
        [_building_line(each) for each in best],
        max_lines=_BUILDINGS_SHOWN,
        max_cost=_MAX_BUILDING_TEXT,
    )[0]
    shown = best[: len(fitting)]
    lines = [_building_line(each) for each in buildings if each in shown]
    left = len(buildings) - len(shown)
    return [*lines, f"and {left} more buildings"] if left else lines


def _building_line(each: BuildingSummary) -> str:
    if each.counts.is_unknown or each.counts.is_closed:
        return f"**{escape_name(each.building.code)}** {room_counts_text(each.counts)}"
    parts = [
        f"{each.counts.free} of {each.counts.total} free at {timestamp_time(each.counted_at)}",
        f"{each.free_all_morning} all morning" if each.free_all_morning is not None else "",
        f"{each.free_all_afternoon} all afternoon" if each.free_all_afternoon is not None else "",
        f"{each.counts.closed} closed" if each.counts.closed else "",
        f"{each.counts.unknown} unknown" if each.counts.unknown else "",
    ]
    return f"**{escape_name(each.building.code)}** {join_dots(parts)}"


def _longest_line(summary: DailySummary) -> str | None:
    if not summary.longest_free:
        return "**Longest**  no room is free at that time"
    rooms = [
        f"{escape_name(each.room.label)} until {timestamp_time(each.gap.end)}"
        for each in summary.longest_free
    ]
    return f"**Longest**  {join_dots(rooms)}"


def _footer(summary: DailySummary) -> str:
    closed = [f"{escape_name(each.code)} (all day)" for each in summary.closed_buildings]
    closed += [_closure(each) for each in summary.closures]
    return join_dots(
        [
            f"Closed today: {_closures(closed)}" if closed else "",
            f"{summary.unknown_count:,} of {summary.room_count:,} rooms unknown",
            f"read {timestamp_time(summary.read_at)}" if summary.read_at else "",
            "bookings only",
        ]
    )


def _closures(closed: Sequence[str]) -> str:
    shown = paginate(closed, max_lines=_CLOSURES_SHOWN, max_cost=_MAX_CLOSURE_TEXT)[0]
    return join_limited(closed, limit=len(shown))


def _closure(each: RoomClosure) -> str:
    if each.interval is None:
        return f"{escape_name(each.room.label)} (all day)"
    start, end = timestamp_time(each.interval.start), timestamp_time(each.interval.end)
    return f"{escape_name(each.room.label)} ({start}–{end})"


@dataclass(frozen=True, slots=True)
class DigestStatus:
    """What `/digest show` tells; `last` is today's delivery, None where there is none yet."""

    settings: DigestSettings
    campus: Campus
    next_at: datetime
    last_delivery: Delivery | None


def digest_set(
    settings: DigestSettings, campus: Campus, first_at: datetime, *, can_read_history: bool
) -> ui.LayoutView:
    """Confirm what a moderator set."""
    text = f"{_schedule_line(settings, campus)} First: {timestamp_datetime(first_at)}."
    return text_view(text if can_read_history else f"{text}\n{_HISTORY_UNREADABLE}")


def digest_status(status: DigestStatus) -> ui.LayoutView:
    """Tell what is set, how today went, and why it is off where it is."""
    settings = status.settings
    lines = [_schedule_line(settings, status.campus)]
    if settings.disabled_since:
        lines.append(
            f"**Switched off** {timestamp_datetime(settings.disabled_since)}: "
            f"{settings.disabled_reason}. "
            "Set it again with /digest set."
        )
    else:
        if settings.failing_since:
            lines.append(
                f"Posting has failed since {timestamp_datetime(settings.failing_since)}"
                f"{f' ({settings.disabled_reason})' if settings.disabled_reason else ''}."
            )
        lines.append(f"Next: {timestamp_datetime(status.next_at)}.")
    if status.last_delivery:
        lines.append(f"Today: {_delivery_text(status.last_delivery)}.")
    return text_view("\n".join(lines))


def _schedule_line(settings: DigestSettings, campus: Campus) -> str:
    scope = escape_name(settings.building or campus.name)
    return (
        f"Digest of {scope} in <#{settings.channel_id}> every day at {settings.time:%H:%M} "
        f"({campus.timezone.key})."
    )


def _delivery_text(last: Delivery) -> str:
    match last.state:
        case "sent":
            return f"posted {timestamp_datetime(last.started_at)}"
        case "sending":
            return f"being posted since {timestamp_datetime(last.started_at)}"
        case "failed":
            return f"not posted ({last.reason})"
        case "skipped":
            return f"left out ({last.reason})"


_HISTORY_UNREADABLE = (
    "I'm missing Read Message History there: after a crash I may leave a day out "
    "rather than post it twice."
)
NO_DIGEST = "No digest is set in this server. A moderator sets one with /digest set."
DIGEST_OFF = "There will be no more digests in this server."


def cannot_post(channel: int, missing: Sequence[str]) -> str:
    """Say which permissions the bot lacks in a channel."""
    names = join_limited(missing, limit=4)
    verb = f"I'm missing {names} there" if missing else "it is not a channel that I can post in"
    return f"I can't post in <#{channel}>: {verb}."
