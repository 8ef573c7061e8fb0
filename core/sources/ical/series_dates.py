"""The dates of a series on the face of its clock: its rules, the dates added and left out.

Source: `docs/ical.md`, "Recurrence".
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from core.model.calendar import DAY
from core.sources.ical.events import FeedEvent, Unreadable
from core.sources.ical.moments import LAST_FACE, Faces, Moment, Period, parse_moment
from core.sources.ical.recurrence_rule import RecurrenceRule, UnclearRuleError
from core.sources.ical.rule_dates import rule_dates
from core.sources.ical.rule_limits import broken_rule_limit, rule_limit

FaceOf = Callable[[Moment], Faces]
"""Returns what the series's clock shows at a moment, two faces where that is not certain."""

_SUBDAILY = re.compile(r"BYHOUR|BYMINUTE|BYSECOND|HOURLY|MINUTELY|SECONDLY", re.IGNORECASE)
_DAY_END = timedelta(hours=23, minutes=59, seconds=59)
ZONE_MARGIN = timedelta(hours=14)
"""As far as any zone is from UTC."""


@dataclass(slots=True)
class Slot:
    """A date of a series; `reason` says why it is in doubt, empty where it is certain.

    `length` is its own one, of a period; `whole_day` one of which only the day is known, on
    the series's clock or, with `is_campus_day`, on campus.
    `is_single` goes by its event's own clock, not by the series's.
    """

    event: FeedEvent
    reason: str = ""
    length: timedelta | None = None
    whole_day: bool = False
    is_campus_day: bool = False
    is_single: bool = False


@dataclass(slots=True)
class SeriesDates:
    """The dates of a series by the face at which they start; `excluded` are left out."""

    slots: dict[datetime, Slot] = field(default_factory=dict)
    excluded: set[datetime] = field(default_factory=set)

    def replace(self, moment: Moment, faces: Faces, *, in_days: bool) -> None:
        """Take out the date that a RECURRENCE-ID names; several may be meant by a day."""
        first, last = faces
        if first == last and moment.is_day == in_days:
            self.slots.pop(first, None)
            return
        if moment.is_day or in_days:
            first = datetime.combine(first.date(), time())
            last = first + _DAY_END
        self.doubt(first, last, "one of its dates is changed, which one is not clear")

    def move_following(self, first: datetime, move: timedelta, override: FeedEvent) -> None:
        """Move all dates from `first` on, as RANGE=THISANDFUTURE says."""
        later = sorted(face for face in self.slots if face > first)
        moved = [(face + move, self.slots.pop(face)) for face in later]
        for face, slot in moved:
            if override.is_cancelled:
                reason = "it and all following dates may be called off"
                self.slots[face - move] = Slot(slot.event, reason, slot.length)
            else:
                self.slots[face] = Slot(override, slot.reason)

    def exclude(self, moment: Moment, faces: Faces, *, in_days: bool) -> None:
        """Leave a date out: an EXDATE of a series of days or of times."""
        first, last = faces
        self.excluded.add(first)
        if first == last and moment.is_day == in_days:
            self.slots.pop(first, None)
            return
        if moment.is_day or in_days:
            first = datetime.combine(first.date(), time())
            last = first + _DAY_END
        self.doubt(first, last, "it is not clear whether its date is left out")

    def exclude_unreadable(self, found: Unreadable) -> None:
        """Put the dates in doubt that a faulty EXDATE may leave out."""
        if found.faces:
            first, last = found.faces
            reason = "it is not clear whether its date is left out"
            self.doubt(first - ZONE_MARGIN, last + ZONE_MARGIN, reason)

    def doubt(self, first: datetime, last: datetime, reason: str) -> None:
        """Put the dates from `first` to `last` in doubt."""
        for face, slot in self.slots.items():
            if first <= face <= last and not slot.reason:
                slot.reason = reason


@dataclass(frozen=True, slots=True)
class Window:
    """The time in question on any clock, and how far from it a date may count."""

    first: datetime
    last: datetime
    reach: timedelta

    @property
    def faces(self) -> Faces:
        """The first and the last face that may count."""
        return self.first - self.reach, self.last + self.reach


def series_dates(master: FeedEvent, face_of: FaceOf, window: Window) -> SeriesDates:
    """Return the dates of a series in a window, before its overrides are applied.

    Raises:
        UnclearRuleError: a rule takes more steps than is sane.
    """
    dates = SeriesDates()
    assert master.start is not None  # noqa: S101 - events without a start are no series
    start = face_of(master.start)[0]
    dates.slots[start] = Slot(master, is_single=not master.is_recurring)
    for rule in master.rules:
        try:
            _add_rule(dates, master, rule, start, face_of, window)
        except UnclearRuleError:
            limit = rule_limit(start, rule.until, rule.frequency, rule.interval, rule.count)
            add_doubtful_days(dates, master, start, window, limit, whole=True)
    for text in master.broken_rules:
        limit = broken_rule_limit(start, text)
        whole = bool(_SUBDAILY.search(text))
        add_doubtful_days(dates, master, start, window, limit, whole=whole)
    for added in master.added:
        _add_date(dates, master, added, face_of, window)
    for excluded in master.excluded:
        if isinstance(excluded, Unreadable):
            dates.exclude_unreadable(excluded)
        else:
            dates.exclude(excluded, face_of(excluded), in_days=master.start.is_day)
    return dates


def _add_rule(
    dates: SeriesDates,
    master: FeedEvent,
    rule: RecurrenceRule,
    start: datetime,
    face_of: FaceOf,
    window: Window,
) -> None:
    first, last = window.faces
    certain_end, possible_end = _until(rule, master, start, face_of)
    is_synchronized = next(_dates_from(rule, start), None) == start
    reason = "" if is_synchronized else "its start is no date of its own rule"
    if reason:
        dates.slots[start].reason = reason
    # The start counts as the first date, whether or not the rule has it.
    counted = counted_end(rule, start) if rule.count and reason else None
    if rule.count and rule.until:
        certain_end = min(certain_end, counted_end(rule, start))
        rule = replace(rule, count=None)
    for face in rule_dates(rule, start, first, min(last, possible_end)):
        doubt = reason if counted == face else ""
        if face > certain_end:
            doubt = "it is not clear on which day the series ends"
        _add_slot(dates, face, Slot(master, doubt))


def _dates_from(rule: RecurrenceRule, start: datetime) -> Iterator[datetime]:
    return rule_dates(rule, start, start, start + timedelta(seconds=1))


def counted_end(rule: RecurrenceRule, start: datetime) -> datetime:
    """Return the last date of a rule that counts its dates.

    Raises:
        UnclearRuleError: it takes more steps than is sane.
    """
    return max(rule_dates(rule, start, start, LAST_FACE), default=start)


def _add_slot(dates: SeriesDates, face: datetime, slot: Slot) -> None:
    """Add a date; one that is certain for any reason is certain."""
    known = dates.slots.get(face)
    if known is None or (known.reason and not slot.reason):
        dates.slots[face] = slot


def _until(rule: RecurrenceRule, master: FeedEvent, start: datetime, face_of: FaceOf) -> Faces:
    """Return until when a rule's dates are certain, and until when they are possible.

    An UNTIL that is a day, or a day's first or last second in UTC, may mean all of that day.
    """
    if not rule.until:
        return LAST_FACE, LAST_FACE
    moment = parse_moment(rule.until)
    if moment is None:
        raise UnclearRuleError
    day_end = datetime.combine(moment.face.date(), time()) + _DAY_END
    assert master.start is not None  # noqa: S101 - see `series_dates`
    if moment.is_day:
        return (moment.face, moment.face) if master.start.is_day else (moment.face, day_end)
    faces = {moment.face} if moment.is_floating else set(face_of(moment))
    if moment.is_floating:
        # It should be in UTC.
        faces |= set(face_of(Moment(moment.face, is_utc=True)))
    if master.start.is_day:
        faces = {datetime.combine(each.date(), time()) for each in faces | {moment.face}}
    elif moment.face.time() in {time(), _DAY_END_TIME} and start.time() not in {
        each.time() for each in faces
    }:
        return min(faces), max(*faces, day_end)
    return min(faces), max(faces)


_DAY_END_TIME = time(23, 59, 59)


def add_doubtful_days(
    dates: SeriesDates,
    master: FeedEvent,
    start: datetime,
    window: Window,
    limit: datetime,
    *,
    whole: bool,
) -> None:
    """Put every day until `limit` in doubt, at the time of the series or as a whole."""
    reason = "its rule is not understood"
    first, last = window.faces
    for face in rule_dates(RecurrenceRule("DAILY"), start, first, min(last, limit)):
        _add_slot(dates, face, Slot(master, reason, whole_day=whole))
    if whole and start in dates.slots:
        dates.slots[start] = Slot(master, reason, whole_day=True)


def _add_date(
    dates: SeriesDates,
    master: FeedEvent,
    added: Moment | Period | Unreadable,
    face_of: FaceOf,
    window: Window,
) -> None:
    """Add an RDATE, in doubt where it is of another kind than the start of the series."""
    assert master.start is not None  # noqa: S101 - see `series_dates`
    if isinstance(added, Unreadable):
        _add_unreadable(dates, master, added, window)
    elif isinstance(added, Period):
        start = face_of(added.start)[0]
        end = added.end if isinstance(added.end, timedelta) else face_of(added.end)[1] - start
        _add_slot(dates, start, Slot(master, length=end))
    else:
        is_same_kind = added.is_day == master.start.is_day
        reason = "" if is_same_kind else "one of its further dates is of another kind"
        _add_slot(
            dates,
            face_of(added)[0],
            Slot(master, reason, whole_day=not is_same_kind, is_campus_day=added.is_day),
        )


def _add_unreadable(
    dates: SeriesDates, master: FeedEvent, added: Unreadable, window: Window
) -> None:
    """Put all days in doubt on which a further date may be that does not parse."""
    first, last = window.faces
    low, high = added.faces or (min(dates.slots), last)
    if added.faces:
        low, high = low - ZONE_MARGIN, high + ZONE_MARGIN
    day = datetime.combine(max(first, low).date(), time())
    while day < min(last, high):
        known = dates.slots.get(day)
        if known is None:
            dates.slots[day] = Slot(
                master, "one of its further dates is no date", whole_day=True, is_campus_day=True
            )
        day += DAY
