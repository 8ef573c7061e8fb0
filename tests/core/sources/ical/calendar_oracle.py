"""An independent, slow reading of calendars: when each room is taken, quarter by quarter.

It shares nothing with `core/sources/ical`: lines are read with one regular expression, rules
with dateutil. Where a calendar can be read in two ways, a `Variant` says which one it takes.
"""

import html
import re
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from dateutil.rrule import (  # type: ignore[import-untyped] # it has no types
    rrule,
    rruleset,
    rrulestr,
)

CAMPUS = ZoneInfo("America/New_York")
NAMES = {
    "(UTC-05:00) Eastern Time (US & Canada)": "America/New_York",
    "W. Europe Standard Time": "Europe/Berlin",
    "Our own": "America/New_York",
    "GMT-05:00": "Etc/GMT+5",
}
DAY = timedelta(days=1)
Lines = list[tuple[str, dict[str, str], str]]
_LINE = re.compile(r'([A-Z-]+)((?:;[A-Z-]+=(?:"[^"]*"|[^":;]*))*):(.*)')


@dataclass(frozen=True)
class Variant:
    """How to read what can be read in two ways."""

    until_day_is_included: bool
    zone_beats_z: bool
    floating_is_on_campus: bool
    day_exdate_excludes: bool
    excluded_override_counts: bool
    calendar_zone_rules_utc: bool
    missing_end_lasts: bool

    @classmethod
    def draw(cls, random: Random) -> "Variant":
        return cls(*(random.random() < 0.5 for _ in fields(cls)))


class Oracle:
    """The events of one calendar by one way of reading."""

    def __init__(self, text: str, variant: Variant) -> None:
        self.variant = variant
        self.zone: ZoneInfo | None = None
        self.events: list[Lines] = []
        event: Lines | None = None
        for line in text.replace("\r\n ", "").splitlines():
            if line == "BEGIN:VEVENT":
                event = []
                self.events.append(event)
            elif line == "END:VEVENT":
                event = None
            elif found := _LINE.fullmatch(line):
                parameters = dict(part.split("=", 1) for part in found[2].split(";") if part)
                if event is not None:
                    event.append((found[1], parameters, found[3]))
                elif found[1] == "X-WR-TIMEZONE":
                    self.zone = ZoneInfo(found[3])

    def busy(self, room: str) -> list[tuple[datetime, datetime]]:
        """Return all times at which a room is taken, in UTC."""
        found = []
        by_uid: dict[str, list[Lines]] = {}
        for event in self.events:
            by_uid.setdefault(self._text(event, "UID"), []).append(event)
        for group in by_uid.values():
            masters = [each for each in group if not self._has(each, "RECURRENCE-ID")]
            overrides = [each for each in group if self._has(each, "RECURRENCE-ID")]
            for master in masters:
                found += self._series(master, overrides, room)
        return found

    def _series(self, master, overrides, room):
        start, is_day = self._time(master, "DTSTART")
        if start is None:
            return
        clock = self._clock(master)
        own = {}
        for override in overrides:
            replaced, _ = self._time(override, "RECURRENCE-ID")
            own[replaced] = override
        excluded = set(self._excluded(master, clock))
        for face in self._faces(master, start.astimezone(clock).replace(tzinfo=None), clock):
            instant = face.replace(tzinfo=clock).astimezone(UTC)
            if instant in own or instant in excluded or face.date() in excluded:
                continue
            if self._takes(master, room):
                yield self._placed(master, instant, face, clock, is_day=is_day)
        for replaced, override in own.items():
            is_excluded = replaced in excluded and not self.variant.excluded_override_counts
            if self._takes(override, room) and not is_excluded:
                instant = self._start(override)
                its_clock = self._clock(override)
                face = instant.astimezone(its_clock).replace(tzinfo=None)
                yield self._placed(override, instant, face, its_clock, is_day=is_day)

    def _faces(self, event, start, clock):
        dates = rruleset()
        dates.rdate(start)
        for name, parameters, value in event:
            if name == "RRULE" and value:
                dates.rrule(self._rule(value, start, clock))
            elif name == "RDATE" and value:
                for text in value.split(","):
                    moment = self._moment(text.split("/")[0], parameters)[0]
                    dates.rdate(moment.astimezone(clock).replace(tzinfo=None))
        first, last = (datetime.fromisoformat(each) for each in ("2026-02-20", "2026-03-25"))
        return list(dates.between(first, last, inc=True))

    def _rule(self, value: str, start: datetime, clock: ZoneInfo) -> rrule:
        parts = dict(part.split("=") for part in value.split(";"))
        until = parts.pop("UNTIL", "")
        rule = rrulestr(";".join(f"{key}={each}" for key, each in parts.items()), dtstart=start)
        if not until:
            return rule
        if len(until) == 8:
            last = datetime.fromisoformat(until)
            if self.variant.until_day_is_included:
                last += DAY - timedelta(seconds=1)
        else:
            last = self._moment(until, {})[0].astimezone(clock).replace(tzinfo=None)
        return rule.replace(until=last)

    def _placed(self, event, instant, face, clock, *, is_day):
        first = self._start(event).astimezone(clock).replace(tzinfo=None)
        end, end_is_day = self._time(event, "DTEND")
        if end is not None:
            length = end.astimezone(clock).replace(tzinfo=None) - first
            if end_is_day and not is_day and length <= timedelta():
                length = timedelta(hours=1)
        elif duration := self._text(event, "DURATION"):
            hours, minutes = (int(each) for each in re.findall(r"\d+", duration))
            length = timedelta(hours=hours, minutes=minutes)
        else:
            no_end = timedelta(hours=1) if self.variant.missing_end_lasts else timedelta()
            length = DAY if is_day else no_end
        zone = CAMPUS if is_day else clock
        return instant, (face + length).replace(tzinfo=zone).astimezone(UTC)

    def _excluded(self, event, clock):
        for name, parameters, value in event:
            for text in value.split(",") if name == "EXDATE" and value else ():
                moment, is_day = self._moment(text, parameters)
                if not is_day or self._time(event, "DTSTART")[1]:
                    yield moment
                elif self.variant.day_exdate_excludes:
                    yield moment.astimezone(CAMPUS).date()

    def _takes(self, event, room: str) -> bool:
        if (
            self._text(event, "STATUS") == "CANCELLED"
            or self._text(event, "TRANSP") == "TRANSPARENT"
        ):
            return False
        for name, parameters, value in event:
            text = value if name in {"LOCATION", "RESOURCES"} else ""
            if name == "ATTENDEE" and parameters.get("CUTYPE") == "ROOM":
                text = parameters["CN"]
            text = html.unescape(text.replace("\\;", ";").replace("\\,", ","))
            if "…" in text or "..." in text or re.search(rf"(?<!\w){re.escape(room)}(?!\w)", text):
                return True
        return False

    def _clock(self, event) -> ZoneInfo:
        _, parameters, value = next(each for each in event if each[0] == "DTSTART")
        if self._moment(value, parameters)[1]:
            return CAMPUS
        is_utc = value.endswith("Z") and not ("TZID" in parameters and self.variant.zone_beats_z)
        if is_utc:
            recurs = self._has(event, "RRULE") or self._has(event, "RDATE")
            if self.zone and recurs and self.variant.calendar_zone_rules_utc:
                return self.zone
            return ZoneInfo("UTC")
        return self._zone(parameters)

    def _zone(self, parameters: dict[str, str]) -> ZoneInfo:
        if "TZID" in parameters:
            name = parameters["TZID"].strip('"')
            return ZoneInfo(NAMES.get(name, name))
        return CAMPUS if self.variant.floating_is_on_campus or not self.zone else self.zone

    def _moment(self, text: str, parameters: dict[str, str]) -> tuple[datetime, bool]:
        if len(text) == 8:
            return datetime.fromisoformat(text).replace(tzinfo=CAMPUS).astimezone(UTC), True
        face = datetime.fromisoformat(text[:15])
        if text.endswith("Z") and not ("TZID" in parameters and self.variant.zone_beats_z):
            return face.replace(tzinfo=UTC), False
        return face.replace(tzinfo=self._zone(parameters)).astimezone(UTC), False

    def _time(self, event, name: str) -> tuple[datetime | None, bool]:
        for own, parameters, value in event:
            if own == name and value:
                try:
                    return self._moment(value.strip(), parameters)
                except ValueError:
                    return None, False
        return None, False

    def _start(self, event) -> datetime:
        start, _ = self._time(event, "DTSTART")
        assert start is not None
        return start

    def _text(self, event, name: str) -> str:
        return next((value for own, _, value in event if own == name), "")

    def _has(self, event, name: str) -> bool:
        return any(own == name and value for own, _, value in event)
