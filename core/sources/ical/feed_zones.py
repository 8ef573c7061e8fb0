"""The zones of one feed: those that it defines, and which clocks a date of it may go by.

Source: `docs/ical.md`, "Zones".
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from core.model.calendar import DAY, local_to_utc
from core.sources.ical.clocks import (
    UTC_CLOCK,
    Bounds,
    Clock,
    FeedClock,
    OlsonClock,
    UnknownClock,
    agree,
    known_clocks,
    parse_utc_offset,
)
from core.sources.ical.lexer import Lines, RawCalendar
from core.sources.ical.moments import Moment, parse_moment, property_moment, split_values
from core.sources.ical.properties import Property, parse_property
from core.sources.ical.recurrence_rule import UnclearRuleError, parse_rule
from core.sources.ical.rule_dates import rule_dates

_UNKNOWN = UnknownClock()
# A zone's rules before that matter to no booking, and some begin in 1601.
_FIRST_CHANGES = datetime(2000, 1, 1)  # noqa: DTZ001 - the face of a clock
_AHEAD = 3 * 366 * DAY
_COMPARED = 200 * DAY
# An event at 23:30 does not end at midnight because nobody entered its end.
_MIN_POSSIBLE_LENGTH = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Zones:
    """The clocks of a calendar.

    `own` are the clocks that the feed defines, by name. `calendar` are those of its
    X-WR-TIMEZONE, empty where it has none; a name that nobody knows is one unknown clock.
    `span` is the time in question: clocks that agree throughout it are one.
    """

    campus: OlsonClock
    own: Mapping[str, tuple[Clock, ...]]
    calendar: tuple[Clock, ...]
    span: Bounds
    _cache: dict[tuple[str, str], tuple[Clock, ...]]

    def clocks_of(self, moment: Moment) -> tuple[Clock, ...]:
        """Return all clocks by which a moment may go, at least one.

        Several where the feed, the zone database and the standard contradict each other.
        """
        if moment.is_day:
            return (self.campus,)
        if moment.zone:
            # RFC 5545, 3.3.5: Z is UTC, and TZID must not stand beside it. Some mean TZID.
            return self._named_or_utc(moment.zone) if moment.is_utc else self.named(moment.zone)
        return (UTC_CLOCK,) if moment.is_utc else self.floating

    @property
    def floating(self) -> tuple[Clock, ...]:
        """The clocks of times without a zone: the campus's, and the one the calendar names."""
        if not self.calendar:
            return (self.campus,)
        return self._cached(("", "floating"), lambda: (*self.calendar, self.campus))

    def named(self, name: str) -> tuple[Clock, ...]:
        """Return the clocks that a TZID may mean."""
        own = self.own.get(name) or self.own.get(name.casefold(), ())
        return self._cached((name, ""), lambda: (*own, *known_clocks(name)))

    def end_of_day(self, instant: datetime) -> datetime:
        """Return when the campus day that holds an instant ends."""
        zone = self.campus.zone
        return local_to_utc(instant.astimezone(zone).date(), DAY, zone)

    def possible_end(self, start: datetime) -> datetime:
        """Return until when something may last that does not tell its end."""
        return max(self.end_of_day(start), start + _MIN_POSSIBLE_LENGTH)

    def _named_or_utc(self, name: str) -> tuple[Clock, ...]:
        return self._cached((name, "Z"), lambda: (UTC_CLOCK, *self.named(name)))

    def _cached(
        self, key: tuple[str, str], clocks: Callable[[], Iterable[Clock]]
    ) -> tuple[Clock, ...]:
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = self._distinct(clocks()) or (_UNKNOWN,)
        return found

    def _distinct(self, clocks: Iterable[Clock]) -> tuple[Clock, ...]:
        start, end = self.span
        span = start - _COMPARED, end + _COMPARED
        found = list[Clock]()
        for clock in clocks:
            if not any(clock is other or agree(other, clock, span) for other in found):
                found.append(clock)
        return tuple(found)


def zones_of(
    calendar: RawCalendar, calendars: Iterable[RawCalendar], campus: ZoneInfo, span: Bounds
) -> Zones:
    """Return the zones of a calendar, one of all that a feed holds.

    The zones that one calendar of a feed defines are those of all, as programs write them once.
    """
    own = dict[str, tuple[Clock, ...]]()
    for lines in (lines for each in calendars for lines in each.zones):
        properties = [parse_property(line) for line in lines if line[1] not in {b"BEGIN", b"END"}]
        name = next((each.value for each in properties if each.name == "TZID"), "")
        clock = _feed_clock(lines, span)
        if clock:
            own[name] = (*own.get(name, ()), clock)
            own[name.casefold()] = (*own.get(name.casefold(), ()), clock)
    zone_name = calendar.text(b"X-WR-TIMEZONE").strip()
    zones = Zones(OlsonClock(campus), own, (), span, {})
    named = zones.named(zone_name) if zone_name else ()
    return Zones(zones.campus, own, named, span, {})


@dataclass(slots=True)
class _Observance:
    """A STANDARD or DAYLIGHT part of a VTIMEZONE."""

    onsets: list[datetime]
    offset: timedelta
    offset_before: timedelta | None
    is_daylight: bool


def _feed_clock(lines: Lines, span: Bounds) -> Clock | None:
    """Return the clock that a VTIMEZONE defines, None where it does not say enough."""
    try:
        observances = [_observance(part, span) for part in _observance_lines(lines)]
    except (UnclearRuleError, ValueError, OverflowError):
        return None
    known = [each for each in observances if each is not None]
    if not known or len(known) < len(observances):
        return None
    changes = []
    for observance in known:
        before = observance.offset_before
        if before is None:
            before = _other_offset(observance, known)
        changes += [
            ((face - before).replace(tzinfo=UTC), observance.offset) for face in observance.onsets
        ]
    changes.sort()
    standard = [each.offset for each in known if not each.is_daylight]
    return FeedClock((standard or [known[0].offset])[0], changes)


def _other_offset(observance: _Observance, observances: Iterable[_Observance]) -> timedelta:
    """Return the offset before a part that does not name it: that of the other kind."""
    others = {each.offset for each in observances if each.is_daylight != observance.is_daylight}
    return others.pop() if len(others) == 1 else observance.offset


def _observance_lines(lines: Lines) -> Iterator[Lines]:
    part: Lines = []
    for line in lines:
        if line[1] == b"BEGIN":
            part = [line]
        elif line[1] == b"END" and line[2] != b"VTIMEZONE":
            yield part
        else:
            part.append(line)


def _observance(lines: Lines, span: Bounds) -> _Observance | None:
    properties = [parse_property(line) for line in lines[1:]]
    values = {each.name: each for each in properties}
    start = property_moment(values["DTSTART"]) if "DTSTART" in values else None
    to, before = (
        _offset(values[name]) if name in values else None for name in ("TZOFFSETTO", "TZOFFSETFROM")
    )
    if to is None or start is None:
        return None
    onsets = {start.face}
    for found in properties:
        if found.name == "RDATE":
            onsets |= _listed_onsets(found)
        elif found.name == "RRULE" and found.value:
            onsets |= set(_rule_onsets(found.value, start.face, before, span))
    return _Observance(sorted(onsets), to, before, lines[0][2] == b"DAYLIGHT")


def _listed_onsets(found: Property) -> set[datetime]:
    moments = [parse_moment(text) for text in split_values(found)]
    if None in moments:
        raise UnclearRuleError
    return {moment.face for moment in moments if moment}


def _rule_onsets(
    text: str, start: datetime, before: timedelta | None, span: Bounds
) -> Iterator[datetime]:
    rule = parse_rule(text)
    if rule.frequency != "YEARLY":
        raise UnclearRuleError
    last = span[1].replace(tzinfo=None) + _AHEAD
    until = parse_moment(rule.until) if rule.until else None
    if rule.until and until is None:
        raise UnclearRuleError
    if until:
        # Until is in UTC; the change that it names takes place.
        last = min(last, until.face + (before or timedelta()) + timedelta(minutes=1))
    return rule_dates(rule, start, _FIRST_CHANGES, last)


def _offset(found: Property) -> timedelta | None:
    text = found.value.replace(":", "")
    if len(text) > len("+0000"):
        text = text[: len("+0000")]
    if text and text[0] not in "+-":
        text = "+" + text
    return parse_utc_offset(text)
