"""`reply`: how long members wait for an answer, beside a bot that only ever says the same."""

import json
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial
from itertools import count

from benchmarks.campuses import SIZES, made_campus
from benchmarks.exchange import Asking, Json
from benchmarks.floor_bot import MOST_TEXT
from benchmarks.measuring import Comparison, Goal, Plan, rounds_of
from benchmarks.sides import Side, morning_zone, open_side, stored

_AT_ONCE = 50
_SAMPLES = 150
_DAYS_AHEAD = 30

_ENVELOPE = 163
"""Bytes around the text of the floor's answer."""

_INTEGER = 4
_CAPACITIES = 20
"""Rooms of as many seats or more have so many: asking for fewer leaves out none of them."""

_BYTES_OF_DOT = len(json.dumps("·")) - 2

_GOALS = {77: 1.5, 371: 2.0, 1_526: 2.5}
_COMPLETION_GOAL = 1.3
_ALL_DIFFERENT = "/free, no two the same"
_P99_GOAL = 2.0

FLOOR = (
    "a bare discord.py bot, its commands answering a constant container with one text of as "
    "many bytes as the real answer and a file of as many bytes as its picture, its completion "
    "the same constant choices"
)


@dataclass(frozen=True, slots=True)
class _Contest:
    """What is asked of both bots."""

    name: str
    real: Asking
    floor: Asking


async def measure(plan: Plan) -> list[Comparison]:
    """Compare commands and completion on campuses of several sizes."""
    found = []
    for rooms in SIZES[:1] if plan.is_quick else SIZES:
        plan.say(f"{rooms} rooms")
        found += await _of_campus(plan, rooms)
    return found


async def _of_campus(plan: Plan, rooms: int) -> list[Comparison]:
    campus = made_campus(rooms, zone=morning_zone())
    async with AsyncExitStack() as stack:
        settings = await stack.enter_async_context(
            stored(campus, days_ahead=1 if plan.is_quick else _DAYS_AHEAD)
        )
        real = await stack.enter_async_context(open_side())
        await stack.enter_async_context(real.real_bot(settings))
        asked = await ask_everything(real, campus.buildings[0].code)
        asked[_ALL_DIFFERENT] = replace(asked["/free"], another=_ever_another())
        floor = await stack.enter_async_context(open_side())
        await stack.enter_async_context(floor.floor_bot(as_constant(asked)))
        found = []
        for name, asking in asked.items():
            contest = _Contest(name, asking, await floor.exchange.asked(floor.seat, asking))
            found += [
                await _compared(plan, contest, real, floor, rooms, at_once)
                for at_once in (1, _AT_ONCE)
            ]
        return found


async def ask_everything(side: Side, building: str) -> dict[str, Asking]:
    """Ask the real bot everything once, as a member does."""
    seat = side.seat
    ways = {
        "/free": lambda: seat.slash("free"),
        "/building": lambda: seat.slash("building", code=building),
        "/room": lambda: seat.slash("room", name=f"{building} 101"),
        "/trends": lambda: seat.slash("trends"),
        "completion": lambda: seat.complete("free", "building", "h"),
    }
    return {name: await side.exchange.asked(seat, way) for name, way in ways.items()}


def as_constant(asked: Mapping[str, Asking]) -> dict[str, object]:
    """Return what the floor bot answers so that its answers are as large."""
    commands = {name.removeprefix("/"): each for name, each in asked.items() if not each.another}
    choices = commands.pop("completion").body["data"]["choices"]
    texts = {name: _text(each.size - _ENVELOPE) for name, each in commands.items()}
    pictures = {name: each.picture for name, each in commands.items()}
    return {
        "texts": texts,
        "pictures": pictures,
        "choices": [(each["name"], each["value"]) for each in choices],
    }


def _ever_another() -> Callable[[Json], Json]:
    """Return what makes of a question one that no other asks within the next second."""
    numbers = count()

    def another(data: Json) -> Json:
        number = next(numbers)
        minutes = {"name": "minutes", "type": _INTEGER, "value": 1 + number // _CAPACITIES % 60}
        capacity = {"name": "capacity", "type": _INTEGER, "value": 1 + number % _CAPACITIES}
        return {**data, "options": [minutes, capacity]}

    return another


def _text(size: int) -> str:
    """Return a text of so many bytes on the wire, and no more characters than Discord takes."""
    long = max(-(-(size - MOST_TEXT) // (_BYTES_OF_DOT - 1)), 0)
    return "·" * long + "x" * (size - _BYTES_OF_DOT * long)


async def _compared(
    plan: Plan, contest: _Contest, real: Side, floor: Side, rooms: int, at_once: int
) -> Comparison:
    number = at_once if plan.is_quick else _SAMPLES
    most = _COMPLETION_GOAL if contest.name == "completion" else _GOALS[rooms]
    return Comparison(
        case=f"{contest.name}, {rooms:,} rooms, {at_once} at once",
        unit="ms",
        floor_is=FLOOR,
        rounds=await rounds_of(
            plan,
            partial(real.exchange.times, real.seat, contest.real, number=number, at_once=at_once),
            partial(
                floor.exchange.times, floor.seat, contest.floor, number=number, at_once=at_once
            ),
        ),
        goal=Goal(most=most, most_p99=_P99_GOAL),
    )
