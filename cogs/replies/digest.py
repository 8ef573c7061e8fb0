"""The daily summary, and what `/digest` says of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from discord import ui

from cogs.pictures import Picture
from cogs.questions import BuildingQuestion, FreeQuestion
from cogs.replies.panel import (
    CARE,
    FREE,
    NONE,
    building_select,
    button,
    gallery,
    line,
    paged,
    panel,
    sentence,
)
from cogs.replies.words import clock, day_name, dotted, full, listed, plain, small
from core.availability import Count
from core.model import Campus
from core.morning import BuildingMorning, Closure, Morning
from core.standing import DataAge
from core.store import Delivery, DigestSettings

_BUILDINGS_SHOWN = 20
_CLOSURES_SHOWN = 10
_MOST_BUILDING_TEXT = 1600
_MOST_CLOSURE_TEXT = 700


@dataclass(frozen=True, slots=True)
class DigestReply:
    """All that a digest shows; it is the same for every channel of a campus and building."""

    campus: Campus
    morning: Morning
    building: str | None
    minutes: int
    counts: Sequence[tuple[str, str, Count]]
    age: DataAge
    picture: Picture | None = None


def digest_reply(reply: DigestReply) -> ui.LayoutView:
    """Lay out the daily summary.

    It stands all day, so that its times are of the clock and none of them says "now".
    """
    figures = reply.morning
    return panel(
        gallery(reply.picture),
        _trouble(reply.age),
        _header(reply.campus, figures.day, reply.building, reply.minutes),
        "\n".join(_building_lines(figures.buildings)),
        _longest(figures),
        line(),
        _building_select(reply.campus, figures.day, reply.counts),
        small(_small_print(figures)),
        colour=FREE if figures.longest else NONE,
    )


def digest_without_data(
    campus: Campus, day: date, *, minutes: int, failing_since: datetime | None
) -> ui.LayoutView:
    """Lay out the summary of a day of which nothing is known: it says so, and guesses nothing."""
    since = f" since {full(failing_since)}" if failing_since else ""
    rooms = sum(len(building.rooms) for building in campus.buildings)
    nothing = [
        (each.code, each.name, Count(len(each.rooms), 0, len(each.rooms)))
        for each in campus.buildings
    ]
    return panel(
        _header(campus, day, None, minutes),
        f"The booking site has not answered{since}, so nothing is known of today. "
        "I keep trying: ask again later.",
        line(),
        _building_select(campus, day, nothing),
        small(f"{rooms:,} of {rooms:,} rooms unknown"),
        colour=CARE,
    )


def digest_mark(campus: Campus, day: date) -> str:
    """Return the custom id that every digest of a campus and day carries, and nothing else does."""
    return BuildingQuestion(campus.id, "", day).custom_id("open")


def _header(
    campus: Campus, day: date, building: str | None, minutes: int
) -> ui.Section[ui.LayoutView]:
    """Name the day and the campus once, beside the button that asks for the present."""
    free = FreeQuestion(campus.id, (building,) if building else (), minutes, at=None, capacity=None)
    return ui.Section(
        f"## {day_name(day)}\n{small(plain(campus.name))}",
        accessory=button("Free now", free.custom_id("open")),
    )


def _building_select(
    campus: Campus, day: date, counts: Sequence[tuple[str, str, Count]]
) -> ui.ActionRow[ui.LayoutView]:
    mark = digest_mark(campus, day)
    return building_select(mark, counts, chosen=(), all_buildings=False)


def _trouble(age: DataAge) -> str | None:
    """Say that the figures are old; without "ago", which would go on counting all day."""
    if not age.is_stale or age.read_at is None:
        return None
    since = f" since {full(age.failing_since)}" if age.failing_since else ""
    return f"**The booking site has not answered{since}; this was read {full(age.read_at)}.**"


def _building_lines(buildings: Sequence[BuildingMorning]) -> list[str]:
    """Return a line a building; of very many, those with the most free rooms."""
    best = sorted(buildings, key=lambda each: -each.now.free)
    fitting = paged(
        [_building_line(each) for each in best],
        most_lines=_BUILDINGS_SHOWN,
        most_text=_MOST_BUILDING_TEXT,
    )[0]
    shown = best[: len(fitting)]
    lines = [_building_line(each) for each in buildings if each in shown]
    left = len(buildings) - len(shown)
    return [*lines, f"and {left} more buildings"] if left else lines


def _building_line(each: BuildingMorning) -> str:
    known = each.now.rooms - each.now.unknown
    if not known:
        return f"**{plain(each.building.code)}** unknown"
    figures = [
        f"{each.now.free} of {each.now.rooms} free at {clock(each.counted_at)}",
        f"{each.all_morning} all morning" if each.all_morning is not None else "",
        f"{each.all_afternoon} all afternoon" if each.all_afternoon is not None else "",
        f"{each.now.unknown} unknown" if each.now.unknown else "",
    ]
    return f"**{plain(each.building.code)}** {dotted(figures)}"


def _longest(figures: Morning) -> str | None:
    if not figures.longest:
        return "**Longest**  no room is free at that time"
    rooms = [f"{plain(each.room.label)} until {clock(each.gap.end)}" for each in figures.longest]
    return f"**Longest**  {dotted(rooms)}"


def _small_print(figures: Morning) -> str:
    closed = [f"{plain(each.code)} (all day)" for each in figures.closed_buildings]
    closed += [_closure(each) for each in figures.closures]
    return dotted(
        [
            f"Closed today: {_closures(closed)}" if closed else "",
            f"{figures.unknown:,} of {figures.rooms:,} rooms unknown",
            f"read {clock(figures.read_at)}" if figures.read_at else "",
            "bookings only",
        ]
    )


def _closures(closed: Sequence[str]) -> str:
    shown = paged(closed, most_lines=_CLOSURES_SHOWN, most_text=_MOST_CLOSURE_TEXT)[0]
    return listed(closed, most=len(shown))


def _closure(each: Closure) -> str:
    if each.during is None:
        return f"{plain(each.room.label)} (all day)"
    return f"{plain(each.room.label)} ({clock(each.during.start)}–{clock(each.during.end)})"


@dataclass(frozen=True, slots=True)
class DigestStanding:
    """What `/digest show` tells; `last` is today's delivery, None where there is none yet."""

    settings: DigestSettings
    campus: Campus
    next_at: datetime
    last: Delivery | None


def digest_set(
    settings: DigestSettings, campus: Campus, first_at: datetime, *, shows_history: bool
) -> ui.LayoutView:
    """Confirm what a moderator set."""
    text = f"{_plan(settings, campus)} First: {full(first_at)}."
    return sentence(text if shows_history else f"{text}\n{_NO_HISTORY}")


def digest_shown(standing: DigestStanding) -> ui.LayoutView:
    """Tell what is set, how today went, and why it is off where it is."""
    settings = standing.settings
    lines = [_plan(settings, standing.campus)]
    if settings.off_since:
        lines.append(
            f"**Switched off** {full(settings.off_since)}: {settings.off_why}. "
            "Set it again with /digest set."
        )
    else:
        if settings.failing_since:
            lines.append(
                f"Posting has failed since {full(settings.failing_since)}"
                f"{f' ({settings.off_why})' if settings.off_why else ''}."
            )
        lines.append(f"Next: {full(standing.next_at)}.")
    if standing.last:
        lines.append(f"Today: {_delivery(standing.last)}.")
    return sentence("\n".join(lines))


def _plan(settings: DigestSettings, campus: Campus) -> str:
    scope = plain(settings.building or campus.name)
    return (
        f"Digest of {scope} in <#{settings.channel}> every day at {settings.at:%H:%M} "
        f"({campus.timezone.key})."
    )


def _delivery(last: Delivery) -> str:
    match last.state:
        case "sent":
            return f"posted {full(last.since)}"
        case "sending":
            return f"being posted since {full(last.since)}"
        case "failed":
            return f"not posted ({last.why})"
        case "skipped":
            return f"left out ({last.why})"


_NO_HISTORY = (
    "I'm missing Read Message History there: after a crash I may leave a day out "
    "rather than post it twice."
)
NO_DIGEST = "No digest is set in this server. A moderator sets one with /digest set."
DIGEST_OFF = "There will be no more digests in this server."


def cannot_post(channel: int, missing: Sequence[str]) -> str:
    """Say which permissions the bot lacks in a channel."""
    names = listed(missing, most=4)
    verb = f"I'm missing {names} there" if missing else "it is not a channel that I can post in"
    return f"I can't post in <#{channel}>: {verb}."
