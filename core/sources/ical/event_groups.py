"""Groups of events: each series with the overrides that belong to it.

Source: `docs/ical.md`, "Which events take a room".
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.sources.ical.events import FeedEvent
from core.sources.ical.location_matcher import LocationMatch


@dataclass(frozen=True, slots=True)
class Series:
    """An event and its overrides, or overrides whose event is not in the feed."""

    master: FeedEvent | None
    overrides: Sequence[FeedEvent]

    def match_of(self, event: FeedEvent) -> LocationMatch:
        """Return the rooms of an event of the series; one without a place is in the master's."""
        if event.has_location or self.master is None:
            return event.location_match
        return self.master.location_match


def group_events(events: Iterable[FeedEvent]) -> Iterator[Series]:
    """Yield the series of a calendar."""
    groups = defaultdict[object, list[FeedEvent]](list)
    for event in events:
        # Without a UID an event is about nothing but itself.
        groups[event.uid or id(event)].append(event)
    for group in groups.values():
        if len(group) == 1 and not group[0].is_override:
            yield Series(group[0], ())
        else:
            yield from _split(group)


def _split(events: Sequence[FeedEvent]) -> Iterator[Series]:
    """Yield the series that share a UID, each with the overrides that are its own.

    By the standard it is one series. Programs that give the bookings of several rooms one UID
    are believed, too: only an earlier revision in the same rooms is out of date.
    """
    overrides = [each for each in events if each.is_override]
    masters = [each for each in events if not each.is_override and not _is_superseded(each, events)]
    own = [
        [
            each
            for each in overrides
            if len(masters) == 1 or each.location_match == master.location_match
        ]
        for master in masters
    ]
    for master, its_overrides in zip(masters, own, strict=True):
        yield Series(master, its_overrides)
    orphans = [each for each in overrides if not any(each in group for group in own)]
    if orphans:
        yield Series(None, orphans)


def _is_superseded(event: FeedEvent, events: Iterable[FeedEvent]) -> bool:
    return any(
        other.location_match == event.location_match and other.revision > event.revision
        for other in events
        if not other.is_override
    )
