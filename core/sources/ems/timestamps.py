"""Timestamps of EMS as instants: one in UTC, one on the clocks of the campus, or both.

Source: `docs/ems.md`, "Times".
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.model.calendar import local_to_utc
from core.sources.base import AmbiguousTimeError

_MIN_LENGTH = len("2026-10-06T08:45")

Bounds = tuple[datetime, datetime]
"""The earliest and the latest instant that a timestamp may mean."""


def parse_face(text: str) -> datetime:
    """Return a timestamp without a zone, "2026-03-03T09:00:00", as the clocks show it.

    Raises:
        AmbiguousTimeError: it is no timestamp, or names a zone.
    """
    if len(text) < _MIN_LENGTH:
        raise AmbiguousTimeError
    try:
        face = datetime.fromisoformat(text.strip())
    except ValueError as err:
        raise AmbiguousTimeError from err
    if face.tzinfo is not None:
        raise AmbiguousTimeError
    return face


def utc_instant(text: str) -> datetime:
    """Return the instant of a timestamp that is in UTC and may or may not say so.

    Raises:
        AmbiguousTimeError: it is no timestamp in UTC.
    """
    return parse_face(text.removesuffix("Z")).replace(tzinfo=UTC)


def local_bounds(face: datetime, zone: ZoneInfo) -> Bounds:
    """Return the instants that the clocks of `zone` may mean, twice the same but in autumn.

    Raises:
        AmbiguousTimeError: the time lies at an end of the calendar.
    """
    since_midnight = face - datetime.combine(face.date(), time())
    try:
        first = local_to_utc(face.date(), since_midnight, zone, fold=0)
        second = local_to_utc(face.date(), since_midnight, zone, fold=1)
    except OverflowError as err:
        raise AmbiguousTimeError from err
    # A time that the clocks skip comes out later with fold 0 than with fold 1.
    return min(first, second), max(first, second)


def instant_bounds(utc: str | None, local: str | None, zone: ZoneInfo) -> Bounds:
    """Return when something is that is stated in UTC, on the campus's clocks, or both.

    Where both agree it is exact; where they contradict each other it may be either.

    Raises:
        AmbiguousTimeError: neither is there, or one is not understood.
    """
    if not utc and not local:
        raise AmbiguousTimeError
    if not utc:
        return local_bounds(parse_face(local or ""), zone)
    exact = utc_instant(utc)
    if not local:
        return exact, exact
    face = parse_face(local)
    first, last = (exact, exact) if _is_shown(exact, face, zone) else local_bounds(face, zone)
    return min(first, exact), max(last, exact)


def _is_shown(moment: datetime, face: datetime, zone: ZoneInfo) -> bool:
    """Tell whether the clocks of `zone` show `face` at a moment: the usual case, and fast."""
    try:
        return moment.astimezone(zone).replace(tzinfo=None, fold=0) == face
    except OverflowError as err:
        raise AmbiguousTimeError from err


def parse_date(text: str) -> date | None:
    """Return the date of a timestamp or of a date alone, None where it is neither."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def time_of_day(text: str) -> timedelta:
    """Return the time of the day in a timestamp, whatever its date; 23:59 counts as 24:00.

    Raises:
        AmbiguousTimeError: it is no timestamp.
    """
    face = parse_face(text)
    since_midnight = timedelta(hours=face.hour, minutes=face.minute)
    return timedelta(days=1) if face.time() >= time(23, 59) else since_midnight
