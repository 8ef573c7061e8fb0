"""Clocks: what time a zone shows, and which instants a time on its face may be.

Source: `docs/ical.md`, "Zones".
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from core.model.calendar import DAY
from core.sources.ical.windows_zones import OLSON_BY_WINDOWS_NAME

Bounds = tuple[datetime, datetime]
"""Two instants, in UTC."""

_OFFSET = re.compile(r"(?:UTC|GMT|Z)?\s*([+\u2212-])\s*(\d{1,2})(?::?(\d\d))?", re.IGNORECASE)
_DISPLAY_NAME = re.compile(r"\(\s*(?:UTC|GMT)\s*([^)]*)\)\s*(.*)", re.IGNORECASE)
_OLSON_NAME = re.compile(r"[A-Za-z][\w+-]*(?:/[\w+-]+){0,2}")
# Those are the machine's own zone, or none.
_MACHINE_NAMES = frozenset({"localtime", "posixrules", "factory", "right", "posix"})
# As an Olson name EST has no summer; who writes it in a calendar mostly means New York.
_ABBREVIATIONS = {
    "est": "America/New_York",
    "edt": "America/New_York",
    "cst": "America/Chicago",
    "cdt": "America/Chicago",
    "mst": "America/Denver",
    "mdt": "America/Denver",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
}
# The zones of the world, from Baker Island to the Line Islands.
_EARLIEST, _LATEST = timedelta(hours=14), timedelta(hours=12)


class Clock(Protocol):
    """A zone's clock; a face is a time that it shows, without a zone."""

    @property
    def is_known(self) -> bool:
        """Whether the instants of a face are more than a guess."""
        ...

    def instants(self, face: datetime) -> Bounds:
        """Return the earliest and the latest instant that may be meant by a face."""
        ...

    def face(self, instant: datetime) -> datetime:
        """Return what the clock shows at an instant."""
        ...


class OlsonClock:
    """A clock of the zone database."""

    is_known = True

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone

    def instants(self, face: datetime) -> Bounds:
        """Return the earliest and the latest instant that may be meant by a face."""
        first = face.replace(tzinfo=self.zone).astimezone(UTC)
        second = face.replace(tzinfo=self.zone, fold=1).astimezone(UTC)
        return (first, second) if first <= second else (second, first)

    def face(self, instant: datetime) -> datetime:
        """Return what the clock shows at an instant."""
        return instant.astimezone(self.zone).replace(tzinfo=None, fold=0)


class FixedClock:
    """A clock that is always as far from UTC."""

    is_known = True

    def __init__(self, offset: timedelta) -> None:
        self._offset = offset

    def instants(self, face: datetime) -> Bounds:
        """Return the earliest and the latest instant that may be meant by a face."""
        instant = (face - self._offset).replace(tzinfo=UTC)
        return instant, instant

    def face(self, instant: datetime) -> datetime:
        """Return what the clock shows at an instant."""
        return instant.replace(tzinfo=None) + self._offset


class FeedClock:
    """A clock that a feed defines: its offsets from each change on, and the one before."""

    is_known = True

    def __init__(self, before: timedelta, changes: Sequence[tuple[datetime, timedelta]]) -> None:
        self._changes = sorted(changes)
        self._instants = [instant for instant, _ in self._changes]
        self._offsets = [before, *(offset for _, offset in self._changes)]
        self._distinct = sorted(set(self._offsets), reverse=True)

    def instants(self, face: datetime) -> Bounds:
        """Return the earliest and the latest instant that may be meant by a face."""
        candidates = [(face - offset).replace(tzinfo=UTC) for offset in self._distinct]
        shown = [each for each in candidates if self.face(each) == face]
        if not shown:
            # The clock skips that time: it is read with the offset before or the one after.
            place = bisect_right(self._instants, candidates[-1])
            near = self._offsets[max(0, place - 1) : place + 1]
            shown = sorted((face - offset).replace(tzinfo=UTC) for offset in near)
        return shown[0], shown[-1]

    def face(self, instant: datetime) -> datetime:
        """Return what the clock shows at an instant."""
        offset = self._offsets[bisect_right(self._instants, instant)]
        return instant.replace(tzinfo=None) + offset


class UnknownClock:
    """The clock of a zone that nobody knows: a face is any instant that it is on earth."""

    is_known = False

    def instants(self, face: datetime) -> Bounds:
        """Return the earliest and the latest instant that may be meant by a face."""
        instant = face.replace(tzinfo=UTC)
        return instant - _EARLIEST, instant + _LATEST

    def face(self, instant: datetime) -> datetime:
        """Return what the clock shows at an instant."""
        return instant.replace(tzinfo=None)


UTC_CLOCK = FixedClock(timedelta())


def known_clocks(name: str) -> tuple[Clock, ...]:
    """Return the clocks that a zone's name may mean without the feed, empty for none.

    It is an Olson name, one of Windows, or an offset from UTC.
    """
    return _known_clocks(" ".join(name.strip("\"' ").split()))


@lru_cache(maxsize=1000)
def _known_clocks(name: str) -> tuple[Clock, ...]:
    found = [clock for clock in [_olson_clock(name)] if clock]
    meant = _olson_clock(_ABBREVIATIONS.get(name.casefold(), ""))
    if meant:
        return (*found, meant)
    if found:
        return tuple(found)
    windows = _olson_clock(OLSON_BY_WINDOWS_NAME.get(name.casefold(), ""))
    if windows:
        return (windows,)
    display = _DISPLAY_NAME.fullmatch(name)
    if display:
        return _display_clocks(display[1].strip(), display[2].strip())
    # Linux and Outlook put an address before the name of a zone.
    parts = name.split("/")
    offset = parse_utc_offset(parts[-1])
    if offset is not None:
        return (FixedClock(offset),)
    tails = ("/".join(parts[-size:]) for size in (3, 2, 1) if len(parts) > size)
    return next(((clock,) for clock in map(_olson_clock, tails) if clock), ())


def _display_clocks(offset_text: str, name: str) -> tuple[Clock, ...]:
    """Return the clocks of "(UTC-05:00) Eastern Time (US & Canada)"."""
    windows = _olson_clock(OLSON_BY_WINDOWS_NAME.get(name.casefold(), ""))
    if windows:
        return (windows,)
    offset = parse_utc_offset(offset_text) if offset_text else timedelta()
    if offset is None:
        return ()
    # Whether that zone has a summer is not known.
    return FixedClock(offset), FixedClock(offset + timedelta(hours=1))


def parse_utc_offset(name: str) -> timedelta | None:
    """Return the offset that a name like "UTC+05:30" is, None for another name."""
    if name.upper() in {"UTC", "GMT", "Z"}:
        return timedelta()
    found = _OFFSET.fullmatch(name)
    if found is None:
        return None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    if offset > _EARLIEST:
        return None
    return offset if found[1] == "+" else -offset


@lru_cache(maxsize=1000)
def _olson_clock(name: str) -> OlsonClock | None:
    """Return the clock of a name of the zone database, never of the machine's own zone."""
    if not _OLSON_NAME.fullmatch(name) or name.casefold().split("/")[0] in _MACHINE_NAMES:
        return None
    try:
        return OlsonClock(ZoneInfo(name))
    except (ValueError, OSError, LookupError):
        return None


def agree(one: Clock, other: Clock, span: Bounds) -> bool:
    """Return whether two clocks show the same throughout a span."""
    instant, end = span
    same_before = one.face(instant) == other.face(instant)
    while instant < end:
        following = instant + DAY
        same_after = one.face(following) == other.face(following)
        if not (same_before and same_after):
            return False
        if one.face(following) - one.face(instant) != DAY:
            hours = (instant + timedelta(minutes=30 * each) for each in range(48))
            if any(one.face(each) != other.face(each) for each in hours):
                return False
        instant, same_before = following, same_after
    return True
