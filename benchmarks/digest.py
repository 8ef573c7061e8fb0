"""`digest`: how fast the morning's digests are posted, and who waits for it."""

import asyncio
import gc
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import time
from itertools import pairwise
from time import perf_counter

from benchmarks.campuses import SIZES, made_campus
from benchmarks.exchange import Asking
from benchmarks.measuring import Comparison, Goal, Plan, Round
from benchmarks.processes import resident
from benchmarks.reply import FLOOR, as_constant, ask_everything
from benchmarks.sides import Side, morning_zone, now, open_side, stored
from core.model import DAY, Campus
from core.store import DigestSettings, Store, connect
from playground.local_discord import Message

_CHANNELS, _FEW_CHANNELS = 10_000, 50
_WINDOWS = 5
_A_SECOND = 50
_DUE = time(7, 30)
_PARTS_TO_WEIGH = (0.1, 1.0)
_SECONDS_BETWEEN_ASKS = 0.25
_PATIENCE = 60.0


@dataclass(slots=True)
class _Contest:
    """What both bots are asked meanwhile, and how many milliseconds each answer took."""

    real: Asking
    floor: Asking
    real_waits: list[float] = field(default_factory=list)
    floor_waits: list[float] = field(default_factory=list)


@dataclass(slots=True)
class _Postings:
    """When which channel got its digest, as Discord saw it."""

    total: int
    at: list[float] = field(default_factory=list)
    channels: set[int] = field(default_factory=set)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def listen(self, kind: str, subject: object) -> None:
        """Take note of what the bot posts of its own accord."""
        if kind == "MESSAGE_CREATE" and isinstance(subject, Message) and not subject.interaction:
            self.at.append(perf_counter())
            self.channels.add(subject.channel.id)
            # Nobody reads them, and ten thousand take up as much as everything else.
            subject.channel.all_messages.clear()
            self.news.set()

    async def until(self, number: int) -> None:
        """Wait until there are so many."""
        while len(self.at) < number:
            self.news.clear()
            async with asyncio.timeout(_PATIENCE):
                await self.news.wait()

    def rates(self, windows: int) -> list[float]:
        """Return how many a second there were in each of so many windows of equal number."""
        size = (len(self.at) - 1) // windows
        edges = [self.at[size * each] for each in range(windows + 1)]
        return [size / (end - start) for start, end in pairwise(edges)]


async def measure(plan: Plan) -> list[Comparison]:
    """Post to all channels once; the rounds are windows of that."""
    campus = made_campus(SIZES[0], zone=morning_zone())
    async with AsyncExitStack() as stack:
        settings = await stack.enter_async_context(stored(campus, days_ahead=1))
        real = await stack.enter_async_context(open_side())
        floor = await stack.enter_async_context(open_side())
        async with real.real_bot(settings):
            asked = await ask_everything(real, campus.buildings[0].code)
        await stack.enter_async_context(floor.floor_bot(as_constant(asked)))
        contest = _Contest(asked["/free"], await floor.exchange.asked(floor.seat, asked["/free"]))
        channels = _FEW_CHANNELS if plan.is_quick else _CHANNELS
        await _set_digests(real, campus, settings["REDIS_URL"], channels)
        # Looking through thousands of servers again and again would hold up both sides.
        gc.freeze()
        real.discord.limits.enforce(per_second=_A_SECOND)
        postings = _Postings(channels)
        real.discord.world.listen(postings.listen)
        bot = await stack.enter_async_context(real.real_bot(settings))
        waits = asyncio.create_task(_waits(contest, real, floor))
        sizes = []
        for part in _PARTS_TO_WEIGH:
            await postings.until(int(channels * part))
            sizes.append(await resident(bot))
        waits.cancel()
        return _comparisons(real, postings, sizes, contest)


async def _set_digests(side: Side, campus: Campus, url: str, channels: int) -> None:
    """Add servers, each with a channel for the digest that is due since half past seven."""
    client = connect(url)
    store = Store(client, now=now)
    for number in range(channels):
        server = side.discord.add_server(f"Server {number}")
        server.add_bot()
        await store.save_digest(
            DigestSettings(
                guild=server.id,
                channel=server.add_channel("digest").id,
                campus=campus.id,
                at=_DUE,
                set_at=now() - DAY,
            )
        )
    await client.aclose()


async def _waits(contest: _Contest, real: Side, floor: Side) -> None:
    """Ask both bots now and then, for as long as the digests are posted."""
    while True:
        await asyncio.sleep(_SECONDS_BETWEEN_ASKS)
        contest.real_waits += await real.exchange.times(real.seat, contest.real, number=1)
        contest.floor_waits += await floor.exchange.times(floor.seat, contest.floor, number=1)
        # The log of requests is for assertions; its bodies would fill the memory.
        real.discord.requests.clear()


def _comparisons(
    side: Side, postings: _Postings, sizes: Sequence[float], contest: _Contest
) -> list[Comparison]:
    number, refused = len(postings.at), side.discord.limits.refused
    if number != len(postings.channels):
        raise RuntimeError(f"{number} digests in {len(postings.channels)} channels")
    early, late = sizes
    return [
        Comparison(
            case=f"{number:,} channels",
            unit="a second",
            floor_is="what Discord allows",
            rounds=tuple(Round([rate], [_A_SECOND]) for rate in postings.rates(_WINDOWS)),
            goal=Goal(least=0.95),
        ),
        Comparison(
            case="requests that were not refused",
            unit="%",
            floor_is="all",
            rounds=(Round([100 * number / (number + refused)], [100]),),
            goal=Goal(least=1.0),
        ),
        Comparison(
            case="the bot's memory after all posts",
            unit="KiB",
            floor_is="the bot's memory after a tenth of the posts",
            rounds=(Round([late], [early]),),
            goal=Goal(most=1.05),
        ),
        Comparison(
            case="/free meanwhile",
            unit="ms",
            floor_is=FLOOR,
            rounds=(Round(contest.real_waits, contest.floor_waits),),
            goal=Goal(most=2.0),
        ),
    ]
