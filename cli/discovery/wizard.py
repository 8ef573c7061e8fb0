"""`discover`: from an instance's public lists to a campus file that loads as it is."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from cli.discovery.building_names import BuildingAssignment, NamedBuilding, assign_buildings
from cli.discovery.campus_file_writer import CampusDraft, Commented, render_campus_file
from cli.discovery.classroom_filter import Selection, select_classrooms
from cli.discovery.comments import excluded_counts, list_comments, sample_comments
from cli.discovery.timezone_guess import guess_timezones
from core.campus_file.loader import load_campus
from core.errors import SettingsError, SourceError
from core.sources.discovery import DiscoveryError, ListedRoom, RoomList
from core.sources.http_policy import HttpPolicy
from core.sources.http_redirects import open_session
from core.sources.kind import Discoverer, SourceContext
from core.sources.opening_hours import (
    OpeningHours,
    default_hours,
    open_hours,
    visible_hours,
    widest_hours,
)
from core.sources.priority_limiter import PriorityLimiter
from core.sources.registry import discoverable_kinds
from core.sources.source_draft import SourceDraft

# By its first, middle and last room a building's hours are known well enough.
_ROOMS_PER_SAMPLE = 3
_NAME_UNKNOWN = "No list tells what the campus is called: --name"

Reporter = Callable[[str], None]
"""Tells the operator something, on a line of its own."""


@dataclass(frozen=True, slots=True)
class DiscoverOptions:
    """What the operator asked for; None and nothing where it is to be found out.

    `place` is a name or an address that the `kind` of source understands.
    """

    kind: str
    place: str
    timezone: str | None
    categories: Sequence[str]
    include_all: bool
    name: str | None
    id: str | None
    first_day: date | None


@dataclass(frozen=True, slots=True)
class _TimezoneGuess:
    name: str
    comment: str


async def discover(options: DiscoverOptions, *, at: datetime, report: Reporter) -> str:
    """Return the text of a campus file, which loads.

    Raises:
        DiscoveryError: it cannot be made, in one sentence.
    """
    async with open_session() as session:
        context = SourceContext(session, HttpPolicy(), PriorityLimiter())
        discoverer = discoverable_kinds()[options.kind].create(options.place, context, at)
        return await _DiscoverRun(options, at, report, discoverer).run()


class _DiscoverRun:
    def __init__(
        self,
        options: DiscoverOptions,
        at: datetime,
        report: Reporter,
        discoverer: Discoverer,
    ) -> None:
        self._options = options
        self._at = at
        self._report = report
        self._discoverer = discoverer

    async def run(self) -> str:
        listed = await self._list_rooms()
        selection = select_classrooms(
            listed.rooms, categories=self._options.categories, include_all=self._options.include_all
        )
        self._report(f"{len(selection.rooms):,} rooms chosen{excluded_counts(selection)}")
        zone = await self._guess_timezone(selection.rooms)
        assignment = assign_buildings(selection.rooms)
        source = await self._draft_source(selection.rooms, assignment, ZoneInfo(zone.name))
        self._report(source.summary)
        hours = await self._opening_hours(assignment.buildings, source, ZoneInfo(zone.name))
        draft = self._build_draft(listed, selection, zone, assignment, source, hours)
        text = render_campus_file(draft)
        _check_loads(text)
        self._report(f"{len(assignment.buildings)} buildings, a file that loads")
        return text

    async def _list_rooms(self) -> RoomList:
        self._report(f"asking {self._discoverer.url} for its rooms")
        listed = await self._discoverer.list_rooms()
        if not listed.rooms:
            raise DiscoveryError(
                f"{self._discoverer.url} answers, but its list of rooms is empty for strangers: "
                "it wants a login, or nothing is in it"
            )
        self._report(f"{len(listed.rooms):,} rooms listed")
        return listed

    async def _guess_timezone(self, rooms: Sequence[ListedRoom]) -> _TimezoneGuess:
        if self._options.timezone:
            return _TimezoneGuess(self._options.timezone, "")
        # Where the campus is nobody knows yet; a day more or less does not matter here.
        first = self._options.first_day or self._at.date()
        found = await self._discoverer.booking_offsets(rooms, first)
        zones = guess_timezones(found)
        if not zones:
            why = (
                f"its bookings carry an offset ({found[0]:%z}) of no zone that I know"
                if found
                else "no booking says in which time zone the campus is"
            )
            raise DiscoveryError(f'{why}; give it, such as --timezone "America/New_York"')
        told = " and ".join(sorted({f"{each:%z}" for each in found}))
        also = f"; so would {', '.join(zones[1:4])}" if zones[1:] else ""
        self._report(f"time zone {zones[0]}, by the bookings")
        return _TimezoneGuess(zones[0], f"Guessed: bookings there carry {told}{also}.")

    async def _draft_source(
        self, rooms: Sequence[ListedRoom], assignment: BuildingAssignment, zone: ZoneInfo
    ) -> SourceDraft:
        sample = [room for building in assignment.buildings for room in _sample_rooms(building)]
        self._report(f"looking at the bookings of {len(sample):,} rooms")
        try:
            return await self._discoverer.draft_source(
                rooms,
                sample,
                first_day=self._options.first_day or self._at.astimezone(zone).date(),
                zone=zone,
                progress=self._progress(),
            )
        except SourceError as err:
            raise DiscoveryError(
                f"{self._discoverer.url} shows its rooms to strangers, but not their bookings "
                f"({err.kind})"
            ) from err

    def _progress(self) -> Callable[[int, int], None]:
        told = 0

        def progress(done: int, of: int) -> None:
            nonlocal told
            if done * 4 // of > told:
                told = done * 4 // of
                self._report(f"  {done:,} of {of:,}")

        return progress

    async def _opening_hours(
        self, buildings: Sequence[NamedBuilding], source: SourceDraft, zone: ZoneInfo
    ) -> Mapping[str, tuple[OpeningHours, str]]:
        room_ids = [room.listed.id for building in buildings for room in building.rooms]
        told = await self._discoverer.list_opening_hours(room_ids)
        return {each.code: _building_hours(each, told, source, zone) for each in buildings}

    def _build_draft(
        self,
        listed: RoomList,
        selection: Selection,
        zone: _TimezoneGuess,
        assignment: BuildingAssignment,
        source: SourceDraft,
        hours: Mapping[str, tuple[OpeningHours, str]],
    ) -> CampusDraft:
        options = self._options
        return CampusDraft(
            comments=[
                *list_comments(self._discoverer.label, self._at, listed, selection),
                *sample_comments(assignment, source),
            ],
            id=options.id or self._discoverer.campus_id,
            name=Commented(
                options.name or self._discoverer.name, "" if options.name else f"{_NAME_UNKNOWN}."
            ),
            timezone=Commented(zone.name, zone.comment),
            kind=options.kind,
            source=source.keys,
            buildings=assignment.buildings,
            hours=hours,
        )


def _building_hours(
    building: NamedBuilding,
    reported: Mapping[str, OpeningHours],
    source: SourceDraft,
    zone: ZoneInfo,
) -> tuple[OpeningHours, str]:
    """Return a building's hours and what is to be said of them."""
    listed = widest_hours(
        reported[room.listed.id] for room in building.rooms if room.listed.id in reported
    )
    if listed and listed.is_usable:
        return listed, ""
    days = [each for room in building.rooms for each in source.days.get(room.listed.id, {}).items()]
    seen = open_hours(days, zone)
    if seen and seen.is_usable:
        return seen, ""
    return default_hours(
        visible_hours(days, zone)
    ), "Not told; please set the hours of this building."


def _sample_rooms(building: NamedBuilding) -> list[ListedRoom]:
    """Return the first room of a building, the last, and some between."""
    rooms = [room.listed for room in building.rooms]
    if len(rooms) <= _ROOMS_PER_SAMPLE:
        return rooms
    last = len(rooms) - 1
    return [rooms[last * n // (_ROOMS_PER_SAMPLE - 1)] for n in range(_ROOMS_PER_SAMPLE)]


def _check_loads(text: str) -> None:
    """Load what was written, as the bot will.

    Raises:
        DiscoveryError: it does not load.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "campus.toml"
        path.write_text(text, encoding="utf-8")
        try:
            load_campus(str(path))
        except SettingsError as err:
            faults = "; ".join(fault.removeprefix(f"{path}: ") for fault in err.issues)
            raise DiscoveryError(f"what was found makes no campus file: {faults}") from err
