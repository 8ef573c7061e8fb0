"""`several`: twenty campuses refreshed side by side, and `/free` of one of them meanwhile."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import aiohttp

from benchmarks.campuses import made_campus, write_campus
from benchmarks.live25_server import live25
from benchmarks.measuring import Comparison, Goal, Plan, Round, Samples, rounds_of
from benchmarks.refresh import POLICY, AskedNote, ask_all
from benchmarks.reply import FLOOR, as_constant, ask_everything
from benchmarks.sides import Side, morning_zone, now, open_side, stored
from core.embedded import Embedded
from core.model import Campus, Live25Settings
from core.refresh import Refresher
from core.sources import Turns, open_source
from core.sources.turns import IN_FLIGHT
from core.store import Store, connect

_CAMPUSES, _ROOMS = 20, 300
_LATENCY = timedelta(milliseconds=100)
_SAMPLES = 100

_READING_FLOOR = "the same requests by bare aiohttp, as many at once as the limit for all allows"


@dataclass(frozen=True, slots=True)
class _Sizes:
    campuses: int
    rooms: int
    latency: timedelta
    samples: int


async def measure(plan: Plan) -> list[Comparison]:
    """Compare a refresh of all with its requests, and answers meanwhile with constant ones."""
    sizes = _Sizes(_CAMPUSES, _ROOMS, _LATENCY, _SAMPLES)
    if plan.is_quick:
        sizes = _Sizes(2, 16, timedelta(milliseconds=1), 1)
    today = now().astimezone(made_campus(1).timezone).date()
    async with live25(sizes.rooms, today, sizes.latency) as url:
        campuses = [_campus(number, sizes.rooms, url) for number in range(sizes.campuses)]
        plan.say(f"refreshing {sizes.campuses} campuses of {sizes.rooms} rooms")
        read = await _refresh_of_all(campuses)
        plan.say("asking /free while a bot refreshes them")
        return [read, await _free_meanwhile(plan, campuses, sizes)]


def _campus(number: int, rooms: int, url: str) -> Campus:
    source = Live25Settings("25live", url, "rooms")
    return replace(made_campus(rooms), id=f"made-{number}", source=source)


async def _refresh_of_all(campuses: Sequence[Campus]) -> Comparison:
    with tempfile.TemporaryDirectory() as folder:
        async with Embedded(Path(folder)) as redis, connect(redis.url) as client:
            store = Store(client, now=now)
            note = AskedNote()
            work = await _read_all(campuses, store, note)
            # Half a minute each: long enough for one round to tell.
            only = Round(work, await ask_all(note.asked, IN_FLIGHT))
    return Comparison(
        case=f"refresh of {len(campuses)} campuses, {_number(campuses[0])} rooms each",
        unit="s",
        floor_is=_READING_FLOOR,
        rounds=(only,),
        goal=Goal(most=1.2),
    )


def _number(campus: Campus) -> int:
    return sum(1 for _ in campus.rooms)


async def _read_all(campuses: Sequence[Campus], store: Store, note: AskedNote) -> Samples:
    note.asked.clear()
    turns = Turns(IN_FLIGHT)
    async with aiohttp.ClientSession(trace_configs=[note.config]) as session:
        refreshers = [
            Refresher(each, open_source(each, session, turns=turns), store, POLICY, now=now)
            for each in campuses
        ]
        began = time.perf_counter()
        outcomes = await asyncio.gather(
            *(each.run({}, asked=False, unless_after=None) for each in refreshers)
        )
        took = time.perf_counter() - began
    if any(each.attempt.failures for each in outcomes):
        raise RuntimeError("a refresh did not bring everything")
    return [took]


async def _free_meanwhile(plan: Plan, campuses: Sequence[Campus], sizes: _Sizes) -> Comparison:
    asked_about = replace(campuses[0], id="asked", timezone=morning_zone())
    async with AsyncExitStack() as stack:
        settings = await stack.enter_async_context(stored(asked_about, days_ahead=1))
        real = await stack.enter_async_context(_bot_of_all(settings, campuses))
        asked = await ask_everything(real, asked_about.buildings[0].code)
        floor = await stack.enter_async_context(open_side())
        await stack.enter_async_context(floor.floor_bot(as_constant(asked)))
        constant = await floor.exchange.asked(floor.seat, asked["/free"])
        return Comparison(
            case="/free of a campus while the others are refreshed",
            unit="ms",
            floor_is=FLOOR,
            rounds=await rounds_of(
                plan,
                partial(real.exchange.times, real.seat, asked["/free"], number=sizes.samples),
                partial(floor.exchange.times, floor.seat, constant, number=sizes.samples),
            ),
            goal=Goal(most=2.0, most_p99=2.0),
        )


@asynccontextmanager
async def _bot_of_all(settings: dict[str, str], campuses: Sequence[Campus]) -> AsyncIterator[Side]:
    """Start the real bot with one campus that is stored, and others that it has to read."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{each.id}.toml" for each in campuses]
        for each, file in zip(campuses, files, strict=True):
            write_campus(each, file)
        named = ",".join([settings["CAMPUS"], *map(str, files)])
        async with (
            open_side() as side,
            side.real_bot({**settings, "CAMPUS": "", "CAMPUSES": named}),
        ):
            await side.seat.slash("campus mine", campus="asked")
            yield side
