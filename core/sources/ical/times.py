"""The times of an event, as clocks of one zone show them, and as instants.

A series is worked out on the face of one clock, without zones: that is what a weekly lecture
means, and no two of its occurrences can then be taken for one another. Only the result is
placed in time, as wide as it may be on the days when the clocks change.

Source: `docs/ical.md`, "Recurrence" and "Zones".
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Component, Event
from icalendar.prop import vDDDLists, vDDDTypes, vRecur
from icalendar.timezone import tzp

from core.model import DAY, wall_clock

Moment = date | datetime
"""A whole day, or a time of one; as the calendar library returns them."""

Bounds = tuple[datetime, datetime]
"""Two instants, in UTC."""

_MOMENTS = ("DTSTART", "DTEND", "RECURRENCE-ID")
_LISTS = ("RDATE", "EXDATE")
_AS_THEY_ARE = ("UID", "SEQUENCE", "DURATION")
# Without an equals sign the library would leave a part out, and with it days.
_RULE = re.compile(r"(?:[A-Z-]+=[^=;]+;?)+", re.IGNORECASE)
_UNITS = {
    "SECONDLY": timedelta(seconds=1),
    "MINUTELY": timedelta(minutes=1),
    "HOURLY": timedelta(hours=1),
    "DAILY": DAY,
    "WEEKLY": 7 * DAY,
    "MONTHLY": 28 * DAY,
    "YEARLY": 365 * DAY,
}
# Every day for two centuries; a room is not booked every minute.
_MOST_STEPS = 80_000


class UnclearError(Exception):
    """The times of an event do not say when it is."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """The clocks that a calendar goes by.

    `campus` is that of days and, unless the calendar names one, of times without a zone.
    `named` is the calendar's own: of times without one, and also of series in UTC, which is
    how the programs that name one write them. With `is_lost` it names one that nobody knows.
    """

    campus: ZoneInfo
    named: tzinfo | None = None
    is_lost: bool = False

    def of(self, moment: Moment, *, recurs: bool) -> tzinfo:
        """Return the clock by which the event goes, or recurs, that begins then.

        Raises:
            UnclearError: it has no zone, and the calendar's is not known.
        """
        zone = moment.tzinfo if isinstance(moment, datetime) else None
        if zone is None and isinstance(moment, datetime) and self.is_lost:
            raise UnclearError
        if zone is None:
            return self.named or self.campus
        return self.named if self.named and recurs and str(zone) == "UTC" else zone

    def instants(self, moment: Moment, clock: tzinfo) -> Bounds:
        """Return the earliest and the latest instant at which `clock` shows `moment`.

        A day begins when it begins on campus, whatever the clock.
        """
        if not isinstance(moment, datetime):
            midnight = wall_clock(moment, timedelta(), self.campus)
            return midnight, midnight
        first, second = (moment.replace(tzinfo=clock, fold=fold).astimezone(UTC) for fold in (0, 1))
        return min(first, second), max(first, second)


def known_zone(name: str) -> tzinfo | None:
    """Return the zone of that name, an Olson one, Windows's or one that the feed defines."""
    return tzp.timezone(name) if name else None


def on_the_face(event: Component, clock: tzinfo) -> Event:
    """Return what of an event says when it is, as `clock` shows it, without zones.

    Raises:
        UnclearError: a time has a zone that is not known, or is none.
    """
    faced = Event()
    for name in _AS_THEY_ARE:
        if name in event:
            faced[name] = event[name]
    for name in _MOMENTS:
        if name in event:
            faced[name] = vDDDTypes(
                _face(_moment(value_of(event, name)), clock), value_of(event, name).params
            )
            value_of(faced, name).params.pop("TZID", None)
    for name in _LISTS:
        found = [
            _period(each, clock) for value in values_of(event, name) for each in _listed(value)
        ]
        if found:
            faced[name] = vDDDLists(found)
    rules = [
        _rule(rule, clock, value_of(faced, "DTSTART").dt) for rule in values_of(event, "RRULE")
    ]
    if rules:
        faced["RRULE"] = rules
    return faced


def refuse_endless(event: Event, until: datetime) -> None:
    """Stop at a rule that takes more steps from the event's start to `until` than is sane.

    Raises:
        UnclearError: see above, or its interval is no interval.
    """
    start = value_of(event, "DTSTART").dt
    face = start if isinstance(start, datetime) else datetime.combine(start, time())
    span = max(until.replace(tzinfo=None) - face, timedelta())
    for rule in values_of(event, "RRULE"):
        interval = int(rule.get("INTERVAL", [1])[0])
        if interval < 1:
            raise UnclearError
        steps = span // (_UNITS[rule["FREQ"][0]] * interval)
        for part in ("BYHOUR", "BYMINUTE", "BYSECOND"):
            steps *= len(rule.get(part, [0]))
        if steps > _MOST_STEPS:
            raise UnclearError


def are_rules_whole(lines: Iterable[bytes]) -> bool:
    """Tell whether each repetition rule of an event is one to its end."""
    rules = [line for line in lines if line[:5].upper() == b"RRULE"]
    return all(
        _RULE.fullmatch(rule.partition(b":")[2].decode("ascii", "replace").strip())
        for rule in rules
    )


def value_of(component: Component, name: str) -> Any:  # noqa: ANN401 - whatever was written there
    """Return a property's value, several as a list, None where it is not there."""
    return component.get(name)


def values_of(component: Component, name: str) -> list[Any]:
    """Return the values of a property that may be there more than once."""
    value = value_of(component, name)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _moment(value: Any) -> Moment:  # noqa: ANN401 - of a library that gives what it finds
    moment = value.dt
    if not isinstance(moment, date):
        raise UnclearError
    if isinstance(moment, datetime) and moment.tzinfo is None and "TZID" in value.params:
        raise UnclearError
    return moment


def _listed(value: Any) -> Iterator[Any]:  # noqa: ANN401 - same
    for each in value.dts:
        first = each.dt[0] if isinstance(each.dt, tuple) else each.dt
        is_naive = isinstance(first, datetime) and first.tzinfo is None
        if is_naive and "TZID" in value.params:
            raise UnclearError
        yield each.dt


def _period(value: Any, clock: tzinfo) -> Any:  # noqa: ANN401 - same
    if isinstance(value, tuple):
        start, end = value
        return _face(start, clock), (end if isinstance(end, timedelta) else _face(end, clock))
    return _face(value, clock)


def _face(moment: Moment, clock: tzinfo) -> Moment:
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        moment = moment.astimezone(clock)
    return moment.replace(tzinfo=None, fold=0) if isinstance(moment, datetime) else moment


def _rule(rule: vRecur, clock: tzinfo, start: Moment) -> vRecur:
    """Return the rule with an end that `clock` shows, the latest that it may mean."""
    until = rule.get("UNTIL")
    if not until:
        return rule
    if len(until) > 1:
        raise UnclearError
    [end] = until
    faced = vRecur({key: value for key, value in rule.items() if key != "UNTIL"})
    if not isinstance(start, datetime):
        last = _face(end, clock)
        faced["UNTIL"] = [last.date() if isinstance(last, datetime) else last]
    elif not isinstance(end, datetime):
        faced["UNTIL"] = [datetime.combine(end, time.max).replace(microsecond=0)]
    elif end.tzinfo is None:
        faced["UNTIL"] = [max(end, _face(end.replace(tzinfo=UTC), clock))]
    else:
        faced["UNTIL"] = [_face(end, clock)]
    return faced
