"""Random calendars with every property that says when and where, faults included."""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from fakes.ical.server import calendar
from tests.core.sources.ical.calendar_oracle import NAMES
from tests.core.sources.ical.test_local_time import CUSTOM

ROOMS = ("116", "118", "HB4")
_ZONES = ["America/New_York"] * 8 + ["Europe/Berlin", *NAMES]
_DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


class RandomCalendar:
    """Draws one calendar; most of its events are plain, as most are."""

    def __init__(self, random: Random, *, is_shared: bool) -> None:
        self._random = random
        self._is_shared = is_shared
        self._number = 0

    def text(self) -> str:
        """Return the calendar."""
        head = [CUSTOM]
        if self._chance(0.1):
            head.append(f"X-WR-TIMEZONE:{self._pick(['America/New_York', 'Europe/Berlin'])}")
        # One plain event in each room: a room that is never named is unknown.
        plain = [
            f"BEGIN:VEVENT\r\nUID:p{room}\r\nDTSTART:20260301T130000Z\r\nDTEND:20260301T140000Z\r\n"
            f"LOCATION:CAS {room}\r\nEND:VEVENT"
            for room in ROOMS
        ]
        events = [part for _ in range(self._random.randint(3, 12)) for part in self._event()]
        return calendar(*head, *plain, *events).decode()

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _pick(self, values):
        return self._random.choice(values)

    def _event(self):
        self._number += 1
        random, uid = self._random, f"u{self._number}"
        start = datetime.fromisoformat("2026-01-15") + timedelta(
            days=random.randint(0, 60), hours=random.randint(6, 21), minutes=random.choice([0, 30])
        )
        kind = random.choices(
            ["zone", "utc", "floating", "day", "both", "broken"], [60, 20, 8, 8, 1, 3]
        )[0]
        zone = self._pick(_ZONES)
        write = self._writer(kind, zone)
        length = timedelta(hours=random.randint(1, 3), minutes=random.choice([0, 30]))
        lines = [f"UID:{uid}", f"SEQUENCE:{random.randint(0, 2)}", self._place()]
        if kind == "broken":
            start = start.replace(year=2021)
            lines += [f"DTSTART:2021{self._pick(['0230', '1345', '0431'])}T100000Z"]
            return [self._component([*lines, "DURATION:PT1H"])]
        lines.append("DTSTART" + write(start))
        lines += self._end(kind, start, length, write)
        if self._chance(0.05):
            lines.append("STATUS:CANCELLED")
        elif self._chance(0.05):
            lines.append("TRANSP:TRANSPARENT")
        if not self._chance(0.5):
            return [self._component(lines)]
        lines.append(self._rule(start, kind, zone))
        dates = [start + timedelta(days=each) for each in (0, 1, 2, 7, 14, 21)]
        if self._chance(0.3):
            lines.append("EXDATE" + write(self._pick(dates)))
        if self._chance(0.05):
            lines.append("EXDATE:")
        if self._chance(0.03) and kind != "day":
            lines.append(f"EXDATE;VALUE=DATE:{self._pick(dates):%Y%m%d}")
        if self._chance(0.1) and kind != "day":
            lines.append("RDATE" + write(start + timedelta(days=3, hours=2)))
        overrides = []
        if self._chance(0.25):
            overrides.append(self._override(uid, self._pick(dates), write, kind))
        parts = [self._component(lines), *overrides]
        random.shuffle(parts)
        return parts

    def _writer(self, kind, zone):
        if kind == "utc":
            # What a program does that keeps times in UTC.
            return lambda face: (
                f":{face.replace(tzinfo=ZoneInfo('America/New_York')).astimezone(UTC):%Y%m%dT%H%M%SZ}"
            )
        if kind == "day":
            return lambda face: f";VALUE=DATE:{face:%Y%m%d}"
        if kind == "floating":
            return lambda face: f":{face:%Y%m%dT%H%M%S}"
        quoted = f'"{zone}"' if " " in zone or ":" in zone else zone
        mark = "Z" if kind == "both" else ""
        return lambda face: f";TZID={quoted}:{face:%Y%m%dT%H%M%S}{mark}"

    def _end(self, kind, start, length, write):
        if kind == "day":
            return self._pick(
                [[], ["DTEND" + write(start + timedelta(days=self._random.randint(1, 3)))]]
            )
        way = self._random.choices(["end", "duration", "none", "day"], [72, 26, 1, 1])[0]
        return {
            "end": ["DTEND" + write(start + length)],
            "duration": [f"DURATION:PT{length.seconds // 3600}H{length.seconds % 3600 // 60}M"],
            "none": [],
            "day": [f"DTEND;VALUE=DATE:{start:%Y%m%d}"],
        }[way]

    def _rule(self, start, kind, zone):
        own_day = _DAYS[start.weekday()]
        rule = self._pick(
            [
                "FREQ=DAILY",
                "FREQ=WEEKLY",
                f"FREQ=WEEKLY;BYDAY={own_day},{self._pick(_DAYS)}",
                f"FREQ=WEEKLY;INTERVAL=2;WKST={self._pick(_DAYS)}",
                f"FREQ=MONTHLY;BYMONTHDAY={start.day}",
                f"FREQ=MONTHLY;BYDAY={(start.day - 1) // 7 + 1}{own_day}",
                "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
                "FREQ=YEARLY;BYMONTH=1,2,3",
                "FREQ=DAILY;INTERVAL=3",
            ]
        )
        end = start + timedelta(days=self._random.randint(5, 60))
        way = self._random.choices(["never", "count", "utc", "day"], [40, 30, 26, 4])[0]
        clock = ZoneInfo("America/New_York" if kind == "utc" else NAMES.get(zone, zone))
        if way == "count":
            rule += f";COUNT={self._random.randint(1, 30)}"
        elif way == "day" or (way == "utc" and kind == "day"):
            rule += f";UNTIL={end:%Y%m%d}"
        elif way == "utc":
            rule += f";UNTIL={end.replace(tzinfo=clock).astimezone(UTC):%Y%m%dT%H%M%SZ}"
        return "RRULE:" + rule

    def _override(self, uid, date, write, kind):
        lines = [f"UID:{uid}", "SEQUENCE:2", self._place(), "RECURRENCE-ID" + write(date)]
        moved = date + timedelta(days=self._random.randint(0, 2), hours=2)
        lines += ["DTSTART" + write(moved)]
        if kind != "day":
            lines.append("DTEND" + write(moved + timedelta(hours=1)))
        if self._chance(0.3):
            lines.append("STATUS:CANCELLED")
        return self._component(lines)

    def _place(self):
        if not self._is_shared:
            return "LOCATION:somewhere"
        room, other = self._random.sample(ROOMS, 2)
        plain = [f"LOCATION:CAS {room}"] * 40 + [f"LOCATION:CAS {room}\\, CAS {other}"] * 5
        return self._pick(
            [
                *plain,
                f"LOCATION:Room {room}",
                f"LOCATION:{room} + {other}",
                f"LOCATION:CAS&nbsp\\;{room}",
                f"LOCATION:Lokal: {room}\\, Lokal: {other}",
                f"RESOURCES:CAS {room}",
                f"ATTENDEE;CUTYPE=ROOM;CN=CAS {room}:mailto:x@example.org",
                f"LOCATION:CAS {room}\\, CAS {other}\\, CAS&#8230\\;",
                "LOCATION:Online",
            ]
        )

    def _component(self, lines):
        return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])
