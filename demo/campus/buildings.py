"""The buildings of Larkspur University, their rooms, and when each is open."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from demo.campus.bookings import TimeRange, at

CAMPUS_NAME = "Larkspur University"
TIMEZONE = "America/New_York"

_SATURDAY, _SUNDAY = 5, 6


class RoomUse(Enum):
    """What a room is for; it decides how it is booked."""

    HALL = "lectures"
    CLASSROOM = "classes"
    SEMINAR = "seminars"
    LAB = "labs"
    STUDIO = "rehearsals"
    STUDY = "groups"


_FEATURES = {
    RoomUse.HALL: ("Projector", "Lecture capture", "Microphones", "Tiered seating"),
    RoomUse.CLASSROOM: ("Projector", "Whiteboard"),
    RoomUse.SEMINAR: ("Screen", "Whiteboard", "Movable chairs"),
    RoomUse.LAB: ("Computers", "Projector", "IT: Network, Wired"),
    RoomUse.STUDIO: ("Piano", "Movable chairs"),
    RoomUse.STUDY: ("Screen", "Whiteboard"),
}


@dataclass(frozen=True, slots=True)
class DemoRoom:
    """A room; `id` is its number in 25Live, `capacity` 0 where nobody counted the seats."""

    id: int
    building: str
    name: str
    use: RoomUse
    capacity: int

    @property
    def features(self) -> tuple[str, ...]:
        """What is in it."""
        return _FEATURES[self.use]

    @property
    def label(self) -> str:
        """What 25Live calls it."""
        return f"{self.building} {self.name}"


@dataclass(frozen=True, slots=True)
class DemoBuilding:
    """A building and its hours by weekday, Monday is 0; None is a day on which it stays shut."""

    code: str
    name: str
    week: tuple[TimeRange | None, ...]
    subjects: tuple[str, ...]
    rooms: tuple[DemoRoom, ...]
    observes_blackouts: bool = True

    def hours(self, day: date) -> TimeRange | None:
        """Return the opening hours that begin on `day`."""
        return self.week[day.weekday()]


def _week(
    usual: TimeRange,
    *,
    friday: TimeRange | None = None,
    weekend: tuple[TimeRange | None, TimeRange | None],
) -> tuple[TimeRange | None, ...]:
    return (*(usual,) * 4, friday or usual, *weekend)


def _rooms(building: str, first_id: int, rooms: Mapping[RoomUse, str]) -> tuple[DemoRoom, ...]:
    """Return rooms from a list like "101:40 102:24": names with their capacities."""
    words = [(use, text.partition(":")) for use, line in rooms.items() for text in line.split()]
    return tuple(
        DemoRoom(first_id + number, building, name, use, int(capacity))
        for number, (use, (name, _, capacity)) in enumerate(words)
    )


_LONG_DAY = TimeRange(at(7), at(23))
_LATE = TimeRange(at(8), at(26))
_ALL_DAY = TimeRange(at(0), at(24))
_NINE_TO_SIX = TimeRange(at(9), at(18))

BUILDINGS = (
    DemoBuilding(
        "ALD",
        "Alder Hall",
        _week(TimeRange(at(7), at(22)), weekend=(_NINE_TO_SIX, _NINE_TO_SIX)),
        ("HIST", "PHIL", "ENGL", "LING", "CLAS"),
        _rooms(
            "ALD",
            2101,
            {
                RoomUse.CLASSROOM: "101:48 102:48 103:36 104:36 105:36 110:60 201:40 202:40 203:32 "
                "204:32 205:32 210:64 301:40 302:40",
                RoomUse.SEMINAR: "114A:14 114B:14 214:18 303:16 304:16 B06:0",
            },
        ),
    ),
    DemoBuilding(
        "BEC",
        "Beckett Lecture Centre",
        _week(TimeRange(at(8), at(22)), weekend=(_NINE_TO_SIX, _NINE_TO_SIX)),
        ("BIOL", "ECON", "PSYC", "HIST"),
        _rooms(
            "BEC",
            2201,
            {RoomUse.HALL: "1:420 2:280 3:280 4:160 5:160 6:120", RoomUse.SEMINAR: "10:20 11:20"},
        ),
    ),
    DemoBuilding(
        "CRN",
        "Crane Science Center",
        _week(_LONG_DAY, weekend=(TimeRange(at(9), at(20)), TimeRange(at(9), at(20)))),
        ("BIOL", "CHEM", "PHYS", "ENVS"),
        _rooms(
            "CRN",
            2301,
            {
                RoomUse.HALL: "100:210 120:140",
                RoomUse.CLASSROOM: "112:40 114:40 116:40 118:40 212:36 214:36 216:36 218:36 312:30 "
                "314:30",
                RoomUse.LAB: "B01:24 B02:24 B03:24 B04:24 131:20 132:20 231:20 232:20",
                RoomUse.SEMINAR: "316:12 317:12 318:12 319:0",
            },
        ),
    ),
    DemoBuilding(
        "DUN",
        "Dunmore School of Business",
        _week(TimeRange(at(7, 30), at(21, 30)), weekend=(None, None)),
        ("ACCT", "FINA", "MGMT", "MKTG"),
        _rooms(
            "DUN",
            2401,
            {
                RoomUse.HALL: "A1:180 A2:96",
                RoomUse.CLASSROOM: "110:54 112:54 114:54 120:45 122:45 210:54 212:54 214:54 220:45 "
                "222:45",
                RoomUse.SEMINAR: "301:10 302:10 303:10 304:10 305:10 306:10",
            },
        ),
    ),
    DemoBuilding(
        "ENG",
        "Engineering Quad",
        _week(_LONG_DAY, weekend=(TimeRange(at(8), at(23)), TimeRange(at(8), at(23)))),
        ("CSCI", "ELEC", "MECH", "MATH", "STAT"),
        _rooms(
            "ENG",
            2501,
            {
                RoomUse.HALL: "1010:190 1020:120",
                RoomUse.CLASSROOM: "1110:60 1120:60 1130:48 2110:60 2120:60 2130:48 2140:48 "
                "3110:40 3120:40 3130:40",
                RoomUse.LAB: "1210:30 1220:30 2210:30 2220:30 3210:24",
                RoomUse.SEMINAR: "3301:16 3302:16 3303:16 3304:16 3305:16",
            },
        ),
    ),
    DemoBuilding(
        "FOS",
        "Foster Library",
        _week(
            _LATE,
            friday=TimeRange(at(8), at(22)),
            weekend=(TimeRange(at(10), at(22)), TimeRange(at(10), at(26))),
        ),
        (),
        _rooms(
            "FOS",
            2601,
            {
                RoomUse.STUDY: "2-01:6 2-02:6 2-03:6 2-04:8 3-01:6 3-02:6 3-03:8 3-04:8 "
                "4-01:12 4-02:4",
                RoomUse.SEMINAR: "110:24 112:30",
            },
        ),
        observes_blackouts=False,
    ),
    DemoBuilding(
        "GRV",
        "Grove Arts Center",
        _week(
            TimeRange(at(9), at(22)), weekend=(TimeRange(at(10), at(20)), TimeRange(at(12), at(18)))
        ),
        ("ARTS", "MUSI", "THEA"),
        _rooms(
            "GRV",
            2701,
            {
                RoomUse.HALL: "Recital:240",
                RoomUse.CLASSROOM: "101:30 102:30 201:24",
                RoomUse.STUDIO: "S1:12 S2:12 S3:20 S4:20 S5:8 S6:8",
            },
        ),
    ),
    DemoBuilding(
        "HUB",
        "Student Hub",
        _week(_ALL_DAY, weekend=(_ALL_DAY, _ALL_DAY)),
        (),
        _rooms("HUB", 2801, {RoomUse.STUDY: "N1:10 N2:10 N3:6 N4:6 S1:24 S2:40"}),
        observes_blackouts=False,
    ),
)
"""All buildings: ordinary ones, one shut at weekends, one until two, one round the clock."""


def all_rooms() -> Iterator[tuple[DemoBuilding, DemoRoom]]:
    """Return every room with its building, in the buildings' order."""
    return ((house, place) for house in BUILDINGS for place in house.rooms)
