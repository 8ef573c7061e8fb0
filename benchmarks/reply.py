"""`reply`: how long members wait for an answer, beside a bot that only ever says the same."""

import json
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial
from itertools import count

from benchmarks.baseline_bot import MAX_TEXT
from benchmarks.environment import (
    BenchmarkEnvironment,
    morning_zone,
    open_environment,
    stored_campus,
)
from benchmarks.generated_campus import CAMPUS_SIZES, generate_campus
from benchmarks.harness import Comparison, Goal, RunConfig, run_rounds
from benchmarks.interaction_timer import Json, RecordedInteraction

_CONCURRENCY = 50
_SAMPLES = 150
_DAYS_AHEAD = 30

_ENVELOPE = 163
"""Bytes around the text of the floor's answer."""

_STRING = 3
_INTEGER = 4
_CAPACITIES = 20
"""Rooms of as many seats or more have so many: asking for fewer leaves out none of them."""

_BYTES_OF_DOT = len(json.dumps("·")) - 2

_GOALS = {77: 1.5, 371: 2.0, 1_526: 2.5}
_AUTOCOMPLETE_GOAL = 1.3
_NO_TWO_ALIKE = "/free, no two the same"
_P99_GOAL = 2.0

BASELINE = (
    "a bare discord.py bot, its commands answering a constant container with one text of as "
    "many bytes as the real answer and a file of as many bytes as its picture, its completion "
    "the same constant choices"
)


@dataclass(frozen=True, slots=True)
class _Case:
    """What is asked of both bots."""

    name: str
    candidate: RecordedInteraction
    baseline: RecordedInteraction


async def measure(config: RunConfig) -> list[Comparison]:
    """Compare commands and completion on campuses of several sizes."""
    found = []
    for rooms in CAMPUS_SIZES[:1] if config.is_quick else CAMPUS_SIZES:
        config.report(f"{rooms} rooms")
        found += await _compare_campus(config, rooms)
    return found


async def _compare_campus(config: RunConfig, rooms: int) -> list[Comparison]:
    campus = generate_campus(rooms, zone=morning_zone())
    async with AsyncExitStack() as stack:
        settings = await stack.enter_async_context(
            stored_campus(campus, days_ahead=1 if config.is_quick else _DAYS_AHEAD)
        )
        candidate = await stack.enter_async_context(open_environment())
        await stack.enter_async_context(candidate.run_candidate(settings))
        recorded = await record_interactions(candidate, campus.buildings[0].code)
        recorded[_NO_TWO_ALIKE] = replace(recorded["/free"], vary=_varying_options())
        baseline = await stack.enter_async_context(open_environment())
        await stack.enter_async_context(baseline.run_baseline(constant_answers(recorded)))
        found = []
        for name, asking in recorded.items():
            contest = _Case(name, asking, await baseline.timer.record(baseline.client, asking))
            found += [
                await _compare(config, contest, candidate, baseline, rooms, at_once)
                for at_once in (1, _CONCURRENCY)
            ]
        return found


async def record_interactions(
    environment: BenchmarkEnvironment, building: str
) -> dict[str, RecordedInteraction]:
    """Ask the real bot everything once, as a member does."""
    seat = environment.client
    ways = {
        "/free": lambda: seat.slash("free"),
        "/building": lambda: seat.slash("building", building=building),
        "/room": lambda: seat.slash("room", name=f"{building} 101"),
        "/trends": lambda: seat.slash("trends"),
        "completion": lambda: seat.autocomplete("free", "building", "h"),
    }
    return {name: await environment.timer.record(seat, way) for name, way in ways.items()}


def constant_answers(recorded: Mapping[str, RecordedInteraction]) -> dict[str, object]:
    """Return what the floor bot answers so that its answers are as large."""
    commands = {name.removeprefix("/"): each for name, each in recorded.items() if not each.vary}
    choices = commands.pop("completion").response["data"]["choices"]
    texts = {name: _text_of_size(each.response_size - _ENVELOPE) for name, each in commands.items()}
    pictures = {name: each.image_size for name, each in commands.items()}
    return {
        "texts": texts,
        "pictures": pictures,
        "choices": [(each["name"], each["value"]) for each in choices],
    }


def _varying_options() -> Callable[[Json], Json]:
    """Return what makes of a question one that no other asks within the next second."""
    numbers = count()

    def vary(data: Json) -> Json:
        number = next(numbers)
        minutes = {
            "name": "minutes",
            "type": _STRING,
            "value": f"{1 + number // _CAPACITIES % 60} min",
        }
        capacity = {"name": "capacity", "type": _INTEGER, "value": 1 + number % _CAPACITIES}
        return {**data, "options": [minutes, capacity]}

    return vary


def _text_of_size(size: int) -> str:
    """Return a text of so many bytes on the wire, and no more characters than Discord takes."""
    long = max(-(-(size - MAX_TEXT) // (_BYTES_OF_DOT - 1)), 0)
    return "·" * long + "x" * (size - _BYTES_OF_DOT * long)


async def _compare(
    config: RunConfig,
    case: _Case,
    candidate: BenchmarkEnvironment,
    baseline: BenchmarkEnvironment,
    rooms: int,
    concurrency: int,
) -> Comparison:
    number = concurrency if config.is_quick else _SAMPLES
    most = _AUTOCOMPLETE_GOAL if case.name == "completion" else _GOALS[rooms]
    return Comparison(
        case=f"{case.name}, {rooms:,} rooms, {concurrency} at once",
        unit="ms",
        baseline_is=BASELINE,
        rounds=await run_rounds(
            config,
            partial(
                candidate.timer.measure,
                candidate.client,
                case.candidate,
                number=number,
                concurrency=concurrency,
            ),
            partial(
                baseline.timer.measure,
                baseline.client,
                case.baseline,
                number=number,
                concurrency=concurrency,
            ),
        ),
        goal=Goal(max_ratio=most, max_ratio_p99=_P99_GOAL),
    )
