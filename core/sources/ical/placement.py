"""Placement: from the dates of a series on its clock to occurrences in time.

Where the clocks change, a time of their face may be two instants or none: an occurrence is
then as wide as it may be.

Source: `docs/ical.md`, "Zones".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core.model.calendar import DAY
from core.sources.ical.clocks import Bounds, Clock
from core.sources.ical.events import FeedEvent
from core.sources.ical.feed_zones import Zones
from core.sources.ical.moments import Faces, Moment
from core.sources.ical.series_dates import Slot


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a series: from when to when the room may be taken, and whose date it is.

    `reason` says why it is in doubt, empty where it is certain.
    """

    event: FeedEvent
    bounds: Bounds
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a series: on which clock it recurs, and by which its moments go."""

    clock: Clock
    choice: int

    def clock_of(self, moment: Moment, zones: Zones) -> Clock:
        """Return the clock by which a moment goes."""
        clocks = zones.clocks_of(moment)
        return clocks[self.choice % len(clocks)]


def event_length(event: FeedEvent, reading: Reading, zones: Zones) -> timedelta:
    """Return the length of an event on the series's clock, the day of a DATE end left out."""
    start, end = event.start, event.end
    assert start is not None  # noqa: S101 - an event without a start is in no series
    if end is None:
        return DAY if start.is_day else timedelta()
    if isinstance(end, timedelta):
        return end
    return face_on_clock(end, reading, zones)[1] - face_on_clock(start, reading, zones)[0]


def face_on_clock(moment: Moment, reading: Reading, zones: Zones) -> Faces:
    """Return what the series's clock shows at a moment; two faces where that is not certain."""
    clock = reading.clock_of(moment, zones)
    if moment.is_day or clock is reading.clock:
        return moment.face, moment.face
    first, last = clock.instants(moment.face)
    return reading.clock.face(first), reading.clock.face(last)


def placed(slot: Slot, start: datetime, zones: Zones, reading: Reading) -> Iterator[Occurrence]:
    """Yield an occurrence as wide as it may be.

    What lasts for hours may last for them on the clock or in truth, where the clocks change
    meanwhile; only an event of one date that tells its end leaves no doubt.
    """
    event, clock = slot.event, reading.clock
    assert event.start is not None  # noqa: S101 - an event without a start is in no series
    if event.start.is_day and slot.length is None:
        clock = zones.campus
    if slot.is_single:
        clock, start = reading.clock_of(event.start, zones), event.start.face
    reason = slot.reason or event.doubt or ("" if clock.is_known else "its zone is not known")
    if slot.whole_day or event.is_reversed:
        days = 2 if event.is_reversed else 1
        clock = zones.campus if slot.is_campus_day else clock
        yield Occurrence(event, _whole_days(start, clock, days, zones), reason)
        return
    starts = clock.instants(start)
    end, possible_end, is_end_known = _ends(slot, start, starts, clock, zones, reading)
    if not is_end_known:
        reason = reason or "the zone of its end is not known"
    if starts[0] < end:
        yield Occurrence(event, (starts[0], end), reason)
    if end < possible_end:
        after = "its end is a day" if event.end else "it does not say when it ends"
        yield Occurrence(event, (max(starts[0], end), possible_end), reason or after)


def _whole_days(start: datetime, clock: Clock, days: int, zones: Zones) -> Bounds:
    """Return some days from that of a face on, by its own clock and by the campus's."""
    on_campus = zones.campus.face(clock.instants(start)[0])
    first, last = sorted(datetime.combine(each.date(), time()) for each in (start, on_campus))
    return zones.campus.instants(first)[0], zones.campus.instants(last + days * DAY)[0]


def _ends(
    slot: Slot, face: datetime, starts: Bounds, clock: Clock, zones: Zones, reading: Reading
) -> tuple[datetime, datetime, bool]:
    """Return when an occurrence ends, when at the latest, and whether its end's zone is known."""
    event, first = slot.event, slot.event.start
    assert first is not None  # noqa: S101 - an event without a start is in no series
    if slot.length is None and not first.is_day and has_day_end(event):
        return _day_ends(event, starts, zones, reading)
    length = event_length(event, reading, zones) if slot.length is None else slot.length
    is_known = True
    if slot.length is None and slot.is_single and isinstance(event.end, Moment):
        end_clock = reading.clock_of(event.end, zones)
        end, is_known = end_clock.instants(event.end.face)[1], end_clock.is_known
    else:
        end = clock.instants(face + length)[1]
        if not first.is_day or slot.length is not None:
            end = max(end, starts[1] + length)
    possible_end = end
    if length <= timedelta() or end <= starts[0]:
        possible_end = zones.possible_end(starts[1])
        end = starts[0]
    return end, possible_end, is_known


def _day_ends(
    event: FeedEvent, starts: Bounds, zones: Zones, reading: Reading
) -> tuple[datetime, datetime, bool]:
    """Return the same for an event whose end is a day: its first minute or its last."""
    begins = datetime.combine(zones.campus.face(starts[0]).date(), time())
    days = days_to_end(event, reading, zones)
    end = zones.campus.instants(begins + days)[0]
    return end, max(zones.end_of_day(end), zones.possible_end(starts[1])), True


def days_to_end(event: FeedEvent, reading: Reading, zones: Zones) -> timedelta:
    """Return how many days after its start, on campus, an event ends whose end is a day."""
    assert event.start is not None  # noqa: S101 - an event without a start is in no series
    assert isinstance(event.end, Moment)  # noqa: S101 - its end is a day
    start = reading.clock_of(event.start, zones).instants(event.start.face)[0]
    return event.end.face - datetime.combine(zones.campus.face(start).date(), time())


def has_day_end(event: FeedEvent) -> bool:
    """Return whether the end of an event is a day."""
    return isinstance(event.end, Moment) and event.end.is_day
