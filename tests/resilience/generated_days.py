"""Days of a campus at random: what a 25Live answers about them, in all three ways of reading.

`draw_campus(dice(seed))` always draws the same. What the days mean is told by
`tests/resilience/reference_model.py`, what is sent over the wire by `tests/resilience/serving.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Literal, get_args

from tests.oracle import Hours, RoomName
from tests.resilience.generated_items import Item, Reserved, draw_item, draw_reservation

Way = Literal["rooms", "search", "reservations"]
Fault = Literal[
    "", "html", "xml", "blank", "no part", "cut off", "wrong types", "refused", "down", "hours"
]
FAULTS: tuple[Fault, ...] = get_args(Fault)[1:]
DAYS_A_QUESTION = 3
STRANGER = "99999"
"""A room that is not of the campus, in many an answer."""

_CLOCKS_CHANGE: Mapping[str, Sequence[date]] = {
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Europe/London": (date(2026, 3, 29), date(2026, 10, 25)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "Pacific/Auckland": (date(2026, 4, 5), date(2026, 9, 27)),
    "Pacific/Chatham": (date(2026, 4, 5), date(2026, 9, 27)),
    "America/Sao_Paulo": (date(2018, 2, 17), date(2018, 2, 18), date(2018, 11, 4)),
    "America/Havana": (date(2025, 3, 9), date(2025, 11, 2)),
    "America/Santiago": (date(2025, 4, 5), date(2025, 9, 7)),
    "America/St_Johns": (date(2026, 3, 8), date(2026, 11, 1)),
    "Africa/Cairo": (date(2025, 4, 25), date(2025, 10, 30)),
    "Asia/Kolkata": (date(2026, 1, 31),),
}
_ORDINARY = (date(2026, 3, 3), date(2025, 12, 30), date(2026, 2, 27), date(2026, 6, 14))
_OPENS = ("00:00", "05:30", "07:00", "07:00", "08:15", "10:00")
_CLOSES = ("17:00", "22:00", "23:00", "23:00", "24:00", "02:00", "03:45", "00:00")
_WINDOWS = ((0, 24), (0, 24), (7, 23), (6, 22), (8, 18), (7, 26), (0, 23), (9, 21))


@dataclass(frozen=True)
class Subject:
    """A room's day in an answer of the grid; `named` tells how its day is written."""

    room: str
    day: date
    named: str | None
    items: tuple[Item, ...]
    without: Literal["a list", "null", "the key"] = "a list"


@dataclass(frozen=True)
class GridAnswer:
    """One answer of the grid; `window` are the hours that it says it shows."""

    subjects: tuple[Subject, ...]
    window: tuple[int, int] | None
    fault: Fault = ""


@dataclass(frozen=True)
class GeneratedResponses:
    """All that the source answers in one reading.

    `grids` are by room, or by day and page; `faults` of reservations by the first day of a
    question.
    """

    grids: Mapping[tuple[str, int], GridAnswer]
    reservations: tuple[Reserved, ...] = ()
    faults: Mapping[date, Fault] | None = None


@dataclass(frozen=True)
class GeneratedCampus:
    """A campus for some days; the last of `readings` is the newest, of the others one is kept."""

    zone: str
    way: Way
    buildings: tuple[Hours, ...]
    days: tuple[date, ...]
    readings: tuple[GeneratedResponses, ...]
    min_gap: int

    @property
    def rooms(self) -> tuple[str, ...]:
        """The ids of all rooms."""
        return tuple(room.id for building in self.buildings for room in building.rooms)

    @property
    def asked_days(self) -> tuple[date, ...]:
        """The days that a reading has to ask for: one more where a building closes late."""
        late = any(closing(each) > 24 * 60 for each in self.buildings)
        return (*self.days, self.days[-1] + timedelta(1)) if late else self.days


def dice(seed: int) -> Random:
    """Return dice that always fall the same way."""
    return Random(seed)  # noqa: S311 - to be thrown again, not to be guessed at


def closing(building: Hours) -> int:
    """Return the minutes from midnight to closing, of the next day where it is past midnight."""
    opens, closes = (
        int(each[:2]) * 60 + int(each[3:]) for each in (building.opens, building.closes)
    )
    return closes if closes > opens else closes + 24 * 60


def draw_campus(random: Random) -> GeneratedCampus:
    """Draw a campus, its days and what its source answers."""
    zone = random.choice(sorted(_CLOCKS_CHANGE))
    number = random.randint(1, 4)
    changes = random.random() < 0.6
    around = random.choice(_CLOCKS_CHANGE[zone] if changes else _ORDINARY)
    first = around - timedelta(random.randrange(number + 1))
    empty = GeneratedCampus(
        zone=zone,
        way=random.choice(("rooms", "search", "reservations")),
        buildings=_buildings(random),
        days=tuple(first + timedelta(n) for n in range(number)),
        readings=(),
        min_gap=random.choice((1, 10, 28, 28, 60)),
    )
    # Of more rooms the bot doubts that they are suddenly empty, which is not about a day.
    again = random.random() < 0.15 and len(empty.rooms) < 5
    readings = tuple(_told(random, empty) for _ in range(2 if again else 1))
    return GeneratedCampus(**{**vars(empty), "readings": readings})


def _buildings(random: Random) -> tuple[Hours, ...]:
    ids = iter(random.sample(range(1, 90_000), 6))
    found = []
    for code in ("CAS", "CGS")[: random.randint(1, 2)]:
        opens = random.choice(_OPENS)
        closes = opens if random.random() < 0.1 else random.choice(_CLOSES)
        capacities = (None, 20, 40)
        rooms = tuple(
            RoomName(str(next(ids)), f"{100 + n}", random.choice(capacities))
            for n in range(random.randint(1, 3))
        )
        found.append(Hours(code, opens, closes, rooms))
    return tuple(found)


def _told(random: Random, campus: GeneratedCampus) -> GeneratedResponses:
    fault_rate = random.choice((0.0, 0.0, 0.05, 0.3))
    if campus.way == "reservations":
        return _reservations(random, campus, fault_rate)
    window = None if random.random() < 0.2 else _window(random)
    if campus.way == "rooms":
        grids = {(room, 1): _month(random, campus, room, window) for room in campus.rooms}
    else:
        grids = {}
        for day in campus.asked_days:
            for page, answer in enumerate(_pages(random, campus, day, window), 1):
                grids[day.isoformat(), page] = answer
    return GeneratedResponses(
        {key: _perhaps_faulty(random, each, fault_rate) for key, each in grids.items()}
    )


def _perhaps_faulty(random: Random, answer: GridAnswer, rate: float) -> GridAnswer:
    fault = random.choice(FAULTS) if random.random() < rate else ""
    return GridAnswer(answer.subjects, answer.window, fault)


def _window(random: Random) -> tuple[int, int]:
    first, end = random.choice(_WINDOWS)
    return first * 60, end * 60


def _month(
    random: Random, campus: GeneratedCampus, room: str, window: tuple[int, int] | None
) -> GridAnswer:
    days = list(campus.asked_days)
    if random.random() < 0.2:
        days += [days[0] - timedelta(1), days[-1] + timedelta(1)]
    subjects = [_subject(random, room, day) for day in days if random.random() < 0.95]
    if random.random() < 0.1:
        subjects.append(_subject(random, random.choice((STRANGER, room)), random.choice(days)))
    if random.random() < 0.1:
        random.shuffle(subjects)
    return GridAnswer(tuple(subjects), window)


def _pages(
    random: Random, campus: GeneratedCampus, day: date, window: tuple[int, int] | None
) -> list[GridAnswer]:
    rooms = [room for room in (*campus.rooms, STRANGER) if random.random() < 0.95]
    if random.random() < 0.05:
        rooms.append(random.choice(campus.rooms))
    subjects = tuple(_subject(random, room, day, may_be_silent=True) for room in rooms)
    cut = random.randrange(len(subjects) + 1) if random.random() < 0.3 else len(subjects)
    parts = [part for part in (subjects[:cut], subjects[cut:]) if part]
    windows = [window, window if random.random() < 0.8 else _window(random)]
    return [GridAnswer(part, shown) for part, shown in zip(parts, windows, strict=False)]


def _subject(random: Random, room: str, day: date, *, may_be_silent: bool = False) -> Subject:
    names = [f"{day}T00:00:00", f"{day}T00:00:00", day.isoformat()]
    named = random.choice([*names, "", None] if may_be_silent else names)
    if random.random() < 0.15:
        return Subject(room, day, named, (), random.choice(("a list", "null", "the key")))
    items = [draw_item(random) for _ in range(random.choice((1, 1, 2, 3, 4, 6)))]
    if random.random() < 0.1:
        items.append(items[0])
    if random.random() < 0.002:
        # More than a room can have on in a day.
        items = [Item({"start": 9, "end": 10, "type_id": 1}, None, proves=(9, 10))] * 201
    return Subject(room, day, named, tuple(items))


def _reservations(random: Random, campus: GeneratedCampus, fault_rate: float) -> GeneratedResponses:
    found = []
    for day in campus.asked_days:
        for _ in range(random.choice((0, 1, 2, 3, 5))):
            together = 2 if random.random() < 0.15 else 1
            rooms = frozenset(random.choices(campus.rooms, k=together))
            strangers = frozenset({STRANGER}) if random.random() < 0.1 else frozenset[str]()
            found.append(draw_reservation(random, rooms, day, campus.zone, strangers))
    random.shuffle(found)
    firsts = campus.asked_days[::DAYS_A_QUESTION]
    kinds = [each for each in FAULTS if each != "hours"]
    faults = {day: random.choice(kinds) for day in firsts if random.random() < fault_rate}
    return GeneratedResponses({}, tuple(found), faults)
