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

from core.model.calendar import DAY, local_to_utc
from core.sources.base import AmbiguousTimeError

Moment = date | datetime
"""A whole day, or a time of one; as the calendar library returns them."""

Bounds = tuple[datetime, datetime]
"""Two instants, in UTC."""

_MOMENT_PROPERTIES = ("DTSTART", "DTEND", "RECURRENCE-ID")
_LIST_PROPERTIES = ("RDATE", "EXDATE")
_COPIED_PROPERTIES = ("UID", "SEQUENCE", "DURATION")
# Without an equals sign the library would leave a part out, and with it days.
_RULE = re.compile(r"(?:[A-Z-]+=[^=;]+;?)+", re.IGNORECASE)
_FREQUENCY_STEPS = {
    "SECONDLY": timedelta(seconds=1),
    "MINUTELY": timedelta(minutes=1),
    "HOURLY": timedelta(hours=1),
    "DAILY": DAY,
    "WEEKLY": 7 * DAY,
    "MONTHLY": 28 * DAY,
    "YEARLY": 365 * DAY,
}
# Every day for two centuries; a room is not booked every minute.
_MAX_STEPS = 80_000


@dataclass(frozen=True, slots=True)
class FeedTimezones:
    """The clocks that a calendar goes by.

    `campus` is that of days and, unless the calendar names one, of times without a zone.
    `named` is the calendar's own: of times without one, and also of series in UTC, which is
    how the programs that name one write them. With `is_lost` it names one that nobody knows.
    """

    campus: ZoneInfo
    feed_zone: tzinfo | None = None
    is_unknown: bool = False

    def zone_of(self, moment: Moment, *, is_recurring: bool) -> tzinfo:
        """Return the clock by which the event goes, or recurs, that begins then.

        Raises:
            UnclearError: it has no zone, and the calendar's is not known.
        """
        zone = moment.tzinfo if isinstance(moment, datetime) else None
        if zone is None and isinstance(moment, datetime) and self.is_unknown:
            raise AmbiguousTimeError
        if zone is None:
            return self.feed_zone or self.campus
        return self.feed_zone if self.feed_zone and is_recurring and str(zone) == "UTC" else zone

    def instants(self, moment: Moment, zone: tzinfo) -> Bounds:
        """Return the earliest and the latest instant at which `clock` shows `moment`.

        A day begins when it begins on campus, whatever the clock.
        """
        if not isinstance(moment, datetime):
            midnight = local_to_utc(moment, timedelta(), self.campus)
            return midnight, midnight
        first, second = (moment.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        return min(first, second), max(first, second)


def find_zone(name: str) -> tzinfo | None:
    """Return the zone of that name, an Olson one, Windows's or one that the feed defines."""
    return tzp.timezone(name) if name else None


def to_naive_event(event: Component, zone: tzinfo) -> Event:
    """Return what of an event says when it is, as `clock` shows it, without zones.

    Raises:
        UnclearError: a time has a zone that is not known, or is none.
    """
    naive = Event()
    for name in _COPIED_PROPERTIES:
        if name in event:
            naive[name] = event[name]
    for name in _MOMENT_PROPERTIES:
        if name in event:
            naive[name] = vDDDTypes(
                _to_naive(_parse_moment(property_value(event, name)), zone),
                property_value(event, name).params,
            )
            property_value(naive, name).params.pop("TZID", None)
    for name in _LIST_PROPERTIES:
        found = [
            _to_naive_period(each, zone)
            for value in property_values(event, name)
            for each in _list_values(value)
        ]
        if found:
            naive[name] = vDDDLists(found)
    rules = [
        _to_naive_rule(rule, zone, property_value(naive, "DTSTART").dt)
        for rule in property_values(event, "RRULE")
    ]
    if rules:
        naive["RRULE"] = rules
    return naive


def reject_unbounded_rule(event: Event, until: datetime) -> None:
    """Stop at a rule that takes more steps from the event's start to `until` than is sane.

    Raises:
        UnclearError: see above, or its interval is no interval.
    """
    start = property_value(event, "DTSTART").dt
    naive_start = start if isinstance(start, datetime) else datetime.combine(start, time())
    span = max(until.replace(tzinfo=None) - naive_start, timedelta())
    for rule in property_values(event, "RRULE"):
        interval = int(rule.get("INTERVAL", [1])[0])
        if interval < 1:
            raise AmbiguousTimeError
        steps = span // (_FREQUENCY_STEPS[rule["FREQ"][0]] * interval)
        for part in ("BYHOUR", "BYMINUTE", "BYSECOND"):
            steps *= len(rule.get(part, [0]))
        if steps > _MAX_STEPS:
            raise AmbiguousTimeError


def are_rules_complete(lines: Iterable[bytes]) -> bool:
    """Tell whether each repetition rule of an event is one to its end."""
    rules = [line for line in lines if line[:5].upper() == b"RRULE"]
    return all(
        _RULE.fullmatch(rule.partition(b":")[2].decode("ascii", "replace").strip())
        for rule in rules
    )


def property_value(component: Component, name: str) -> Any:  # noqa: ANN401 - whatever was written there
    """Return a property's value, several as a list, None where it is not there."""
    return component.get(name)


def property_values(component: Component, name: str) -> list[Any]:
    """Return the values of a property that may be there more than once."""
    value = property_value(component, name)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _parse_moment(value: Any) -> Moment:  # noqa: ANN401 - of a library that gives what it finds
    moment = value.dt
    if not isinstance(moment, date):
        raise AmbiguousTimeError
    if isinstance(moment, datetime) and moment.tzinfo is None and "TZID" in value.params:
        raise AmbiguousTimeError
    return moment


def _list_values(value: Any) -> Iterator[Any]:  # noqa: ANN401 - same
    for each in value.dts:
        first = each.dt[0] if isinstance(each.dt, tuple) else each.dt
        is_naive = isinstance(first, datetime) and first.tzinfo is None
        if is_naive and "TZID" in value.params:
            raise AmbiguousTimeError
        yield each.dt


def _to_naive_period(value: Any, zone: tzinfo) -> Any:  # noqa: ANN401 - same
    if isinstance(value, tuple):
        start, end = value
        return _to_naive(start, zone), (end if isinstance(end, timedelta) else _to_naive(end, zone))
    return _to_naive(value, zone)


def _to_naive(moment: Moment, zone: tzinfo) -> Moment:
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        moment = moment.astimezone(zone)
    return moment.replace(tzinfo=None, fold=0) if isinstance(moment, datetime) else moment


def _to_naive_rule(rule: vRecur, zone: tzinfo, start: Moment) -> vRecur:
    """Return the rule with an end that `clock` shows, the latest that it may mean."""
    until = rule.get("UNTIL")
    if not until:
        return rule
    if len(until) > 1:
        raise AmbiguousTimeError
    [end] = until
    naive = vRecur({key: value for key, value in rule.items() if key != "UNTIL"})
    if not isinstance(start, datetime):
        last = _to_naive(end, zone)
        naive["UNTIL"] = [last.date() if isinstance(last, datetime) else last]
    elif not isinstance(end, datetime):
        naive["UNTIL"] = [datetime.combine(end, time.max).replace(microsecond=0)]
    elif end.tzinfo is None:
        naive["UNTIL"] = [max(end, _to_naive(end.replace(tzinfo=UTC), zone))]
    else:
        naive["UNTIL"] = [_to_naive(end, zone)]
    return naive
