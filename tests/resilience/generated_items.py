"""Single things that a 25Live may tell of a room, at random: how written, and what they mean.

Their meaning is what the generator set out to say; nothing here reads what it wrote.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from logging import LogRecord
from random import Random
from zoneinfo import ZoneInfo

from tests import oracle
from tests.oracle import Span

DAY = 24 * 60
EVENT = "Qwxzv"
"""Begins the name of every event; must get nowhere."""

_LECTURES = (8 * 60, 9 * 60 + 35, 10 * 60, 10 * 60 + 50, 11 * 60, 13 * 60 + 10, 16 * 60)
_LENGTHS = (15, 27, 28, 29, 50, 60, 75, 110)
_IDLE = (0, 4, 98, 99, "99", "4")
_BLOCKING = (None, 1, 2, 3, 17, "2")
_CLOSURES = (2, 3, "2", "3")
_BOOKINGS = (1, 1, 1, 1, None, 7, 42, "1", -1)
# Pairs of which nobody can say when they are; the first of those can be read as numbers.
_UNCLEAR = ((10, 10), ("9.500000", "9.500000"), (800, 900), (9, 1e9), (-9000, 9), ("NaN", 9))
_UNREADABLE = ((None, 9), ("soon", "later"), ({"hour": 9}, 10), (9, [10, 11]), ("", 9))


@dataclass(frozen=True)
class Item:
    """One item of the grid.

    `minutes` of its day are None where nobody can say when it is; then it may be unreadable,
    too. `proves` are the hours as written, where they are numbers.
    """

    written: Mapping[str, object]
    minutes: tuple[int, int] | None
    closure: bool = False
    blocks: bool = True
    proves: tuple[float, float] | None = None


@dataclass(frozen=True)
class Reserved:
    """One reservation, told in answers about its `days`; no `span`: nobody can say when it is."""

    written: Mapping[str, object]
    rooms: frozenset[str]
    days: frozenset[date]
    span: Span | None
    closure: bool = False
    blocks: bool = True


def names_in(records: Iterable[LogRecord]) -> list[str]:
    """Return what was logged that holds the name of an event."""
    return [said for each in records if EVENT in (said := f"{each.getMessage()} {vars(each)}")]


def _minutes(random: Random) -> tuple[int, int]:
    """Draw minutes of a day that begin in it, mostly end in it, touch, nest and overlap."""
    start = random.choice(_LECTURES) if random.random() < 0.6 else random.randrange(DAY)
    length = random.choice(_LENGTHS) if random.random() < 0.7 else random.randint(1, 8 * 60)
    if random.random() < 0.06:
        return 0, DAY
    return start, start + length if random.random() < 0.15 else min(start + length, DAY)


def _far(random: Random) -> tuple[int, int]:
    """Draw minutes that leave their day."""
    start = random.choice((-9 * 60, -45, 20 * 60, 23 * 60 + 30, -30 * 60))
    return start, start + random.choice((50, 3 * 60, 11 * 60, DAY, 40 * 60, 4 * DAY))


def _hours(random: Random, minute: int) -> object:
    """Write a minute as hours: cut at six decimals as the source does, or as others might."""
    sign, rest = ("-", -minute) if minute < 0 else ("", minute)
    text = f"{sign}{rest // 60}.{rest % 60 * 1_000_000 // 60:06d}"
    forms: list[object] = [text, text, float(text), float(text), minute / 60]
    forms += [f"raw:{minute / 60:.8e}", f"{minute / 60:.9e}", f"{text}000"]
    if minute % 60 == 0:
        forms += [minute // 60, str(minute // 60)]
    return random.choice(forms)


def _number(written: object) -> float:
    return float(str(written).removeprefix("raw:"))


def _times(random: Random, minutes: tuple[int, int]) -> tuple[object, object]:
    start, end = minutes
    if start < DAY <= end < start + DAY and random.random() < 0.4:
        end -= DAY
    return _hours(random, start), _hours(random, end)


def draw_item(random: Random) -> Item:
    """Draw an item of the grid."""
    luck = random.random()
    if luck < 0.012:
        pair = random.choice(_UNCLEAR)
        return _spoilt(random, pair, proves=(_number(pair[0]), _number(pair[1])))
    if luck < 0.02:
        return _spoilt(random, random.choice(_UNREADABLE), proves=None)
    if luck < 0.025:
        # The same minute, once cut and once exact: no time, or a whole day.
        return _spoilt(random, (10 + 1 / 6, "10.166666"), proves=(10 + 1 / 6, 10.166666))
    if luck < 0.035:
        minute = random.choice(_LECTURES)
        return _timed(random, (minute, minute + 1), (minute / 60, minute / 60 + 0.004))
    minutes = _far(random) if luck < 0.1 else _minutes(random)
    return _timed(random, minutes, _times(random, minutes))


def _timed(random: Random, minutes: tuple[int, int], times: tuple[object, object]) -> Item:
    closure = random.random() < 0.2
    idle = random.random() < 0.12
    written = _item(random, times, random.choice(_CLOSURES if closure else _BOOKINGS))
    state = random.choice(_IDLE if idle else _BLOCKING)
    masked = idle and state == 0 and random.random() < 0.5
    if state is not None or random.random() < 0.1:
        written["cur_event_state"] = state
    if masked:
        written["itemId"] = random.choice((0, "0"))
    blocks = closure or masked or not idle
    proves = _number(times[0]), _number(times[1])
    return Item(written, minutes, closure=closure, blocks=blocks, proves=proves)


def _spoilt(
    random: Random, times: tuple[object, object], *, proves: tuple[float, float] | None
) -> Item:
    return Item(_item(random, times, 1), None, proves=proves)


def _item(random: Random, times: tuple[object, object], type_id: object) -> dict[str, object]:
    item: dict[str, object] = {
        "itemId": random.choice((17, "17", 90_001)),
        "itemId2": 99,
        "itemName": f"{EVENT} {random.choice(('Topology', 'Ünïcödé', '<b>', '(Private)'))}",
        "start": times[0],
        "end": times[1],
    }
    if type_id is not None or random.random() < 0.5:
        item["type_id"] = type_id
    return item


def _in_zone(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).isoformat()


def _in_utc(moment: datetime, _: str) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _without_colon(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S.000%z")


def _elsewhere(moment: datetime, _: str) -> str:
    return _in_zone(moment, "Asia/Kathmandu")


_STAMPS: tuple[Callable[[datetime, str], str], ...] = (
    _in_zone,
    _in_zone,
    _in_utc,
    _without_colon,
    _elsewhere,
)
_NO_TIME = ("", "soon", "2026-03-03", None, 17, "2026-13-45T10:00:00", {"at": "10:00"})


def draw_reservation(
    random: Random, rooms: frozenset[str], day: date, zone: str, strangers: frozenset[str]
) -> Reserved:
    """Draw a reservation of some rooms that is about `day`, and perhaps the days around it."""
    luck = random.random()
    minutes = _far(random) if luck < 0.08 else _minutes(random)
    start, end, span = _instants(random, day, zone, minutes)
    if luck > 0.97:
        start, end, span = _unclear(random, start, end)
    closure = random.random() < 0.15
    # An unreadable one keeps nothing but its rooms.
    idle = random.random() < 0.12 and span is not None and not closure
    written = {
        "reservation_id": 5,
        "reservation_start_dt": start,
        "reservation_end_dt": end,
        "spaces": _spaces(random, rooms | strangers),
        "reservation_comments": f"{EVENT} comment",
        **_standing(random, closure=closure, idle=idle),
    }
    reached = range(minutes[0] // DAY - 1, minutes[1] // DAY + 2)
    days = frozenset(day + timedelta(n) for n in reached) if span else frozenset({day})
    return Reserved(written, rooms, days, span, closure, not idle)


def _instants(
    random: Random, day: date, zone: str, minutes: tuple[int, int]
) -> tuple[object, object, Span | None]:
    first, last = (oracle.readings(zone, day, each) for each in minutes)
    if random.random() < 0.25:
        midnight = datetime.combine(day, datetime.min.time())
        start, end = ((midnight + timedelta(minutes=each)).isoformat() for each in minutes)
        return start, end, (first[0], last[1])
    span = random.choice(first), random.choice(last)
    if span[0] >= span[1]:
        span = first[0], last[1]
    start, end = (random.choice(_STAMPS)(each, zone) for each in span)
    return start, end, span


def _unclear(random: Random, start: object, end: object) -> tuple[object, object, None]:
    no_time = random.choice(_NO_TIME)
    # Another kind of stamp of the same instant would still be equal; so it is of no length.
    pairs = ((start, start), (no_time, end), (start, no_time))
    return *random.choice(pairs), None


def _spaces(random: Random, rooms: frozenset[str]) -> object:
    spaces = [{"space_id": random.choice((int(each), each))} for each in sorted(rooms)]
    return spaces[0] if len(spaces) == 1 and random.random() < 0.7 else spaces


def _standing(random: Random, *, closure: bool, idle: bool) -> dict[str, object]:
    kind = random.choice(("closed", "Blackout", " blackouts ")) if closure else "Lecture"
    event: dict[str, object] = {"event_name": f"{EVENT} lecture", "event_type_name": kind}
    if not idle:
        if random.random() < 0.7:
            event |= {"state": random.choice((1, 2, 3, "2")), "state_name": "Confirmed"}
        standing: dict[str, object] = {"event": event}
        if not closure and random.random() < 0.05:
            standing = {}
        return standing | random.choice(({}, {"reservation_state": random.choice((1, 2, 4))}))
    if random.random() < 0.4:
        return {"event": event, "reservation_state": random.choice((99, "98", 98))}
    states = ({"state": 0}, {"state": "99"}, {"state_name": "Draft"}, {"state_name": " denied"})
    return {"event": event | random.choice(states)}
