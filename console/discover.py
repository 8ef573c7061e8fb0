"""`discover`: from an instance's public lists to a campus file that loads as it is."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp

from console.instance import Instance
from console.remarks import left_out, of_the_list, of_the_look, why_no_list
from core.campus import load_campus
from core.discovery.campus_text import Draft, Told, campus_text
from core.discovery.choosing import Choice, choose
from core.discovery.hours import Hours, by_default, open_hours, shown_hours, widest
from core.discovery.listing import DiscoveryError, ListedRoom
from core.discovery.naming import NamedBuilding, Naming, name_all
from core.discovery.zones import zones_of
from core.errors import SettingsError, SourceError
from core.sources.live25.lists import RoomList, opening_hours, room_list, saved_searches
from core.sources.live25.lists_addresses import Lists
from core.sources.live25.probing import AT_ONCE, Probed, Prober, offsets
from core.sources.web import Conversation, Manners

# By its first, middle and last room a building's hours are known well enough.
_LOOKED_AT = 3
_LEFT_OPEN = "25Live does not tell what a campus is called: --name"

Say = Callable[[str], None]
"""Tells the operator something, on a line of its own."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the operator asked for; None and nothing where it is to be found out."""

    instance: Instance
    timezone: str | None
    categories: Sequence[str]
    everything: bool
    name: str | None
    id: str | None
    day: date | None


@dataclass(frozen=True, slots=True)
class _Zone:
    name: str
    remark: str


async def discover(wish: Wish, *, at: datetime, say: Say) -> str:
    """Return the text of a campus file, which loads.

    Raises:
        DiscoveryError: it cannot be made, in one sentence.
    """
    async with aiohttp.ClientSession() as session:
        return await _Discovery(wish, at, say, session).text()


class _Discovery:
    def __init__(self, wish: Wish, at: datetime, say: Say, session: aiohttp.ClientSession) -> None:
        self._wish = wish
        self._at = at
        self._say = say
        self._session = session
        self._manners = Manners()
        self._talk = Conversation(session, self._manners, concurrency=AT_ONCE, at=at)
        self._url = wish.instance.url
        self._lists = Lists(self._url)

    async def text(self) -> str:
        listed = await self._listed()
        choice = choose(
            listed.rooms, wanted=self._wish.categories, everything=self._wish.everything
        )
        self._say(f"{len(choice.rooms):,} rooms chosen{left_out(choice)}")
        zone = await self._zone(choice.rooms)
        naming = name_all(choice.rooms)
        probed = await self._probe(choice.rooms, naming, ZoneInfo(zone.name))
        self._say(f'read = "{probed.way}": {probed.why}')
        hours = await self._hours(naming.buildings, probed, ZoneInfo(zone.name))
        draft = self._draft(listed, choice, zone, naming, probed, hours)
        text = campus_text(draft)
        _verify(text)
        self._say(f"{len(naming.buildings)} buildings, a file that loads")
        return text

    async def _listed(self) -> RoomList:
        self._say(f"asking {self._url} for its rooms")
        try:
            listed = await room_list(self._talk, self._lists)
        except SourceError as err:
            raise DiscoveryError(why_no_list(self._url, err)) from err
        if not listed.rooms:
            raise DiscoveryError(
                f"{self._url} answers, but its list of rooms is empty for strangers: "
                "it wants a login, or nothing is in it"
            )
        self._say(f"{len(listed.rooms):,} rooms listed")
        return listed

    async def _zone(self, rooms: Sequence[ListedRoom]) -> _Zone:
        if self._wish.timezone:
            return _Zone(self._wish.timezone, "")
        # Where the campus is nobody knows yet; a day more or less does not matter here.
        first = self._wish.day or self._at.date()
        found = await offsets(self._talk, self._url, rooms, first)
        zones = zones_of(found)
        if not zones:
            why = (
                f"its bookings carry an offset ({found[0]:%z}) of no zone that I know"
                if found
                else "no booking says in which time zone the campus is"
            )
            raise DiscoveryError(f'{why}; give it, such as --timezone "America/New_York"')
        told = " and ".join(sorted({f"{each:%z}" for each in found}))
        also = f"; so would {', '.join(zones[1:4])}" if zones[1:] else ""
        self._say(f"time zone {zones[0]}, by the bookings")
        return _Zone(zones[0], f"Guessed: bookings there carry {told}{also}.")

    async def _probe(self, rooms: Sequence[ListedRoom], naming: Naming, zone: ZoneInfo) -> Probed:
        searches = await saved_searches(self._talk, self._lists)
        # Those that speak of rooms for teaching first: a few only are tried.
        searches.sort(key=lambda each: "class" not in each.name.casefold())
        sample = [room for building in naming.buildings for room in _spread(building)]
        self._say(f"looking at the bookings of {len(sample):,} rooms")
        prober = Prober(
            url=self._url,
            session=self._session,
            manners=self._manners,
            first=self._wish.day or self._at.astimezone(zone).date(),
            at=self._at,
            zone=zone,
        )
        try:
            return await prober.probe(rooms, sample, searches, self._progress())
        except SourceError as err:
            raise DiscoveryError(
                f"{self._url} shows its rooms to strangers, but not their bookings ({err.kind})"
            ) from err

    def _progress(self) -> Callable[[int, int], None]:
        told = 0

        def progress(done: int, of: int) -> None:
            nonlocal told
            if done * 4 // of > told:
                told = done * 4 // of
                self._say(f"  {done:,} of {of:,}")

        return progress

    async def _hours(
        self, buildings: Sequence[NamedBuilding], probed: Probed, zone: ZoneInfo
    ) -> Mapping[str, tuple[Hours, str]]:
        room_ids = [room.listed.id for building in buildings for room in building.rooms]
        told = await opening_hours(self._talk, self._lists, room_ids)
        return {each.code: _hours_of(each, told, probed, zone) for each in buildings}

    def _draft(
        self,
        listed: RoomList,
        choice: Choice,
        zone: _Zone,
        naming: Naming,
        probed: Probed,
        hours: Mapping[str, tuple[Hours, str]],
    ) -> Draft:
        wish = self._wish
        return Draft(
            remarks=[
                *of_the_list(wish.instance.name, self._at, listed, choice),
                *of_the_look(naming, probed),
            ],
            id=wish.id or wish.instance.campus_id,
            name=Told(wish.name or wish.instance.name, "" if wish.name else f"{_LEFT_OPEN}."),
            timezone=Told(zone.name, zone.remark),
            url=self._url,
            read=probed.way,
            read_remark=f"Chosen because {probed.why}.",
            search_id=probed.search_id,
            buildings=naming.buildings,
            hours=hours,
        )


def _hours_of(
    building: NamedBuilding, told: Mapping[str, Hours], probed: Probed, zone: ZoneInfo
) -> tuple[Hours, str]:
    """Return a building's hours and what is to be said of them."""
    listed = widest(told[room.listed.id] for room in building.rooms if room.listed.id in told)
    if listed and listed.is_usable:
        return listed, ""
    days = [each for room in building.rooms for each in probed.days.get(room.listed.id, {}).items()]
    seen = open_hours(days, zone)
    if seen and seen.is_usable:
        return seen, ""
    return by_default(shown_hours(days, zone)), "Not told; please set the hours of this building."


def _spread(building: NamedBuilding) -> list[ListedRoom]:
    """Return the first room of a building, the last, and some between."""
    rooms = [room.listed for room in building.rooms]
    if len(rooms) <= _LOOKED_AT:
        return rooms
    last = len(rooms) - 1
    return [rooms[last * n // (_LOOKED_AT - 1)] for n in range(_LOOKED_AT)]


def _verify(text: str) -> None:
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
            faults = "; ".join(fault.removeprefix(f"{path}: ") for fault in err.faults)
            raise DiscoveryError(f"what was found makes no campus file: {faults}") from err
