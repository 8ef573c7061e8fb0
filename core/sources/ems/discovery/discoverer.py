"""Discovery of an EMS web app: its rooms, its hours, and whether guests see bookings.

Source: `docs/ems.md`, "Rooms" and "Is it worth trusting?".
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.errors import SourceError, SourceFormatError, SourceRefusedError
from core.model.calendar import DAY
from core.model.campus import Building, Campus, Room
from core.sources.base import AmbiguousTimeError, Progress
from core.sources.discovery import DiscoveryError, ListedRoom, RoomList, clean_text
from core.sources.ems import schema
from core.sources.ems.config import EmsSettings
from core.sources.ems.connection import EmsConnection
from core.sources.ems.decoding import decode_day, decode_rooms
from core.sources.ems.discovery.place import parse_place
from core.sources.ems.discovery.sample import offset_datetimes, opening_hours, trust_comment
from core.sources.ems.requests import BOOKINGS, EASTERN, ROOMS, day_question
from core.sources.ems.room_days import EmsDayBuilder
from core.sources.ems.time_zones import campus_timezone_id
from core.sources.http_client import SourceClient
from core.sources.kind import SourceContext
from core.sources.opening_hours import OpeningHours, widest_hours
from core.sources.source_draft import SourceDraft, SourceKey

_WEEK_DAYS = 7
_HALF_A_YEAR = timedelta(days=182)


class EmsDiscoverer:
    """Finds out what a campus file needs, as a guest of an EMS web app.

    It asks one question at a time: of its rooms, of one day in each half of a year for the
    time zone, and of the days of a week.
    """

    def __init__(self, place: str, context: SourceContext, at: datetime) -> None:
        found = parse_place(place)
        self.url = found.url
        self.name = found.name
        self.label = f"EMS at {found.url}"
        self.campus_id = found.campus_id
        self._at = at
        self._client = SourceClient(context.session, context.http_policy, concurrency=1, now=at)
        self._connection = EmsConnection(
            self._client, self.url, max_bytes=context.http_policy.max_feed
        )
        self._buildings: Sequence[schema.ListedBuilding] = ()
        self._hours: defaultdict[str, list[OpeningHours]] = defaultdict(list)

    async def list_rooms(self) -> RoomList:
        """Return the rooms that strangers are shown, perhaps none.

        Raises:
            DiscoveryError: the list cannot be read.
        """
        question = day_question(self._at.date(), EASTERN)
        try:
            self._buildings = decode_rooms(await self._connection.ask(ROOMS, question))
        except SourceError as err:
            raise DiscoveryError(_list_error(self.url, err)) from err
        for building in self._buildings:
            self._add_hours(building.hours, str(building.id))
        return RoomList(
            tuple(
                _listed_room(room, building)
                for building in self._buildings
                for room in building.rooms or ()
            )
        )

    async def list_opening_hours(self, room_ids: Sequence[str]) -> Mapping[str, OpeningHours]:
        """Return the widest hours that the answers so far have for the building of each room."""
        wanted = set(room_ids)
        return {
            str(room.id): hours
            for building in self._buildings
            if (hours := widest_hours(self._hours[str(building.id)]))
            for room in building.rooms or ()
            if str(room.id) in wanted
        }

    async def booking_offsets(
        self, rooms: Sequence[ListedRoom], first_day: date
    ) -> Sequence[datetime]:
        """Return some times of bookings and hours, with the offsets of the campus's clocks."""
        room_ids = {room.id for room in rooms}
        timezone_ids = [
            str(building.timezone_id)
            for building in self._buildings
            if building.timezone_id is not None
            and any(str(room.id) in room_ids for room in building.rooms or ())
        ]
        found: list[datetime] = []
        for day in (first_day, first_day - _HALF_A_YEAR) if timezone_ids else ():
            question = day_question(day, timezone_ids[0])
            try:
                answer = decode_day(await self._connection.ask(BOOKINGS, question))
            except SourceError:
                continue
            found += offset_datetimes(answer)
        return found

    async def draft_source(
        self,
        rooms: Sequence[ListedRoom],
        sample: Sequence[ListedRoom],  # noqa: ARG002 - every answer is about all rooms
        *,
        first_day: date,
        zone: ZoneInfo,
        progress: Progress,
    ) -> SourceDraft:
        """Read a week of bookings, and describe how far they can be trusted.

        Raises:
            SourceError: no bookings can be read.
        """
        campus = self._campus(rooms, zone)
        days = [first_day + DAY * number for number in range(_WEEK_DAYS)]
        builder = EmsDayBuilder(campus, days, self._at)
        builder.add_rooms(self._buildings)
        timezone_id = campus_timezone_id(campus, self._buildings, first_day)
        for number, day in enumerate(builder.read_days, 1):
            try:
                question = day_question(day, timezone_id)
                answer = decode_day(await self._connection.ask(BOOKINGS, question))
                await builder.add_day(day, answer)
            except SourceError as err:
                builder.mark_failed(day, err)
            else:
                self._add_hours(answer.hours)
            progress(number, len(builder.read_days))
        result = await builder.build(self._client.latency)
        comment = trust_comment(result, zone)
        return SourceDraft(
            keys=[SourceKey("url", self.url, comment)],
            summary=comment,
            days={
                room.id: {
                    day: known[room.id] for day, known in result.days.items() if room.id in known
                }
                for room in rooms
            },
            sample_size=len(rooms),
            failure_counts=_failure_counts(result.failures[first_day].values()),
        )

    def _campus(self, rooms: Sequence[ListedRoom], zone: ZoneInfo) -> Campus:
        members = tuple(Room(room.id, room.name, "") for room in rooms)
        building = Building("", "", zone, timedelta(), DAY, members)
        return Campus("", "", zone, EmsSettings(self.url), (building,))

    def _add_hours(self, rows: Iterable[schema.BuildingDate] | None, building_id: str = "") -> None:
        for row in rows or ():
            owner = building_id if row.building_id is None else str(row.building_id)
            try:
                hours = opening_hours(row)
            except AmbiguousTimeError:
                continue
            if hours:
                self._hours[owner].append(hours)


def _listed_room(room: schema.ListedRoom, building: schema.ListedBuilding) -> ListedRoom:
    name, code = clean_text(building.name or ""), clean_text(building.code or "")
    capacity = room.capacity
    return ListedRoom(
        id=str(room.id),
        name=clean_text(room.name or room.code or ""),
        # As lists write a building that has a code.
        building=f"{name} ({code})" if name and code else name or code,
        # EMS writes -1 where nobody counted.
        capacity=int(capacity) if capacity is not None and capacity >= 0 else None,
    )


def _failure_counts(errors: Iterable[SourceError]) -> Mapping[str, int]:
    counts: defaultdict[str, int] = defaultdict(int)
    for err in errors:
        counts[err.kind] += 1
    return counts


def _list_error(url: str, err: SourceError) -> str:
    """Return the sentence for an EMS whose list of rooms cannot be read."""
    if err.kind == "not found":
        return f"there is no EMS web app at {url} (not found)"
    if isinstance(err, SourceRefusedError):
        return f"{url} does not show its rooms to strangers ({err.kind})"
    if isinstance(err, SourceFormatError):
        return f"{url} answers something that is no list of rooms ({err.kind})"
    return f"{url} does not answer ({err})"
