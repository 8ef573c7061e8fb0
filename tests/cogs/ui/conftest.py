"""What the tests of the replies share: campuses of any size, and replies as a member reads them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from discord import ui

from core.availability.campus_day import CampusDay, build_campus_day
from core.data.status import DataAge
from core.model.bookings import RoomDay, Snapshot
from core.model.campus import Building, Campus, Room
from core.model.interval import Interval
from core.sources.live25.config import Live25Settings
from fakes.discord import MessageVersion
from fakes.discord.model.message_content import MessageFlag
from fakes.discord.validation.messages import check_message, exceeds_v2_size
from tests.fakes import NEW_YORK, TUESDAY, at, between

LEAST = timedelta(minutes=28)

NAMES = {
    "usual": lambda number: f"{number:04}",
    "marked": lambda number: f"{number:04}" + "*_`[" * 24,
    "chinese": lambda number: f"{number:04}" + "教室自習" * 24,
    "emoji": lambda number: f"{number:04}" + "🧪📚" * 48,
}
"""Names of 100 characters that cost most: to escape, and in bytes."""


@pytest.fixture
def shown() -> Callable[[ui.LayoutView], MessageVersion]:
    """Return a function that reads a reply; one that Discord would refuse fails the test."""

    def read(view: ui.LayoutView) -> MessageVersion:
        components = view.to_components()
        check_message({"flags": int(MessageFlag.IS_COMPONENTS_V2), "components": components}, set())
        assert not exceeds_v2_size(components)
        return MessageVersion(at("10:00"), components=components)

    return read


@pytest.fixture
def campus_of() -> Callable[..., Campus]:
    """Return a function that makes a campus of so many rooms, spread over its buildings."""

    def make(rooms: int, buildings: int = 1, names: str = "usual", **options: str) -> Campus:
        name = NAMES[names]
        opens, closes = options.get("opens", "07"), options.get("closes", "23")
        # A code is at most 16 characters without a few marks, a campus's name at most 100.
        codes = [
            f"B{number}" if names == "usual" else f"B{number:03}" + "_`|🧪" * 3
            for number in range(buildings)
        ]
        return Campus(
            id="b" * 20 if names != "usual" else "bu",
            name="Boston University" if names == "usual" else name(0),
            timezone=NEW_YORK,
            source=Live25Settings("http://127.0.0.1:1/run", "rooms"),
            buildings=tuple(
                Building(
                    code=code,
                    name=f"Hall {number}" if names == "usual" else name(number),
                    timezone=NEW_YORK,
                    opens=timedelta(hours=int(opens)),
                    closes=timedelta(hours=int(closes)),
                    rooms=tuple(
                        Room(str(each), name(each), code, capacity=100_000)
                        for each in range(number, rooms, buildings)
                    ),
                )
                for number, code in enumerate(codes)
            ),
        )

    return make


@pytest.fixture
def day_of() -> Callable[..., CampusDay]:
    """Return a function that makes a campus day; `bookings` are by room id, the rest is free.

    Rooms in `unknown` are absent, those in `kept` were read an hour before the others.
    """

    def make(
        campus: Campus,
        bookings: dict[str, list[Interval]] | None = None,
        *,
        unknown: tuple[str, ...] = (),
        kept: tuple[str, ...] = (),
        at_least: timedelta = LEAST,
        known: Interval | None = None,
    ) -> CampusDay:
        read_at = at("09:00")
        known = known or Interval(at("00:00"), at("00:00", TUESDAY + timedelta(days=2)))
        rooms = {
            room.id: RoomDay(
                (known,),
                tuple((bookings or {}).get(room.id, ())),
                (),
                read_at - timedelta(hours=room.id in kept),
            )
            for room in campus.rooms
            if room.id not in unknown
        }
        return build_campus_day(
            campus, Snapshot(campus.id, TUESDAY, read_at, rooms), min_gap=at_least
        )

    return make


@pytest.fixture
def busy() -> Callable[..., list[Interval]]:
    """Return a function that makes bookings from `HH:MM-HH:MM` texts."""

    def make(*times: str) -> list[Interval]:
        return [between(start, end) for start, _, end in (each.partition("-") for each in times)]

    return make


@pytest.fixture
def fresh() -> DataAge:
    """Return the age of data that was just read."""
    return DataAge(read_at=at("09:00"), is_stale=False, failing_since=None)


@pytest.fixture
def failing() -> DataAge:
    """Return the age of old data whose source has been failing."""
    return DataAge(read_at=at("02:00"), is_stale=True, failing_since=at("03:00"))


@pytest.fixture
def now() -> datetime:
    return at("10:00")
