"""What can break, each as a context: broken when it is entered, in order again when it is left.

Every fault stays until what it does to the bot can be seen, so that members meet it. What has
to hold while it lasts and afterwards is said by the tests.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fakes.discord.rest.fault_injection import InjectedFault as RestFault
from fakes.live25.fault_injection import ResponseFault
from tests.resilience.outage_environment import OutageEnvironment

Breaks = Callable[[OutageEnvironment], AbstractAsyncContextManager[None]]

REPLIES = r"/interactions/\d+/[^/]+/callback"
_SECONDS_OF_SILENCE = 5.0
_FOR_AS_LONG_AS_IT_LASTS = 10_000


@asynccontextmanager
async def redis_killed(chaos: OutageEnvironment) -> AsyncIterator[None]:
    """Redis dies and is started again with what it had."""
    chaos.redis.kill()
    yield
    chaos.redis.start()


@asynccontextmanager
async def redis_full(chaos: OutageEnvironment) -> AsyncIterator[None]:
    """Redis answers, but takes nothing more."""
    await _limit_memory(chaos, 1)
    yield
    await _limit_memory(chaos, 0)


async def _limit_memory(chaos: OutageEnvironment, most: int) -> None:
    async with chaos.redis.client() as client:
        await client.config_set("maxmemory-policy", "noeviction")
        await client.config_set("maxmemory", most)


@asynccontextmanager
async def redis_silent(chaos: OutageEnvironment) -> AsyncIterator[None]:
    """Redis keeps everybody waiting for five seconds, and then answers all of it."""
    async with chaos.redis.client() as client:
        await client.client_pause(int(_SECONDS_OF_SILENCE * 1000))
    yield
    async with chaos.redis.client() as client:
        await client.ping()


@asynccontextmanager
async def redis_replaced(chaos: OutageEnvironment) -> AsyncIterator[None]:
    """An empty Redis stands in the place of the one that was there."""
    chaos.redis.replace()
    yield


@asynccontextmanager
async def source_down(chaos: OutageEnvironment) -> AsyncIterator[None]:
    """Nobody listens at the booking site."""
    await chaos.source.stop()
    yield
    await chaos.source.start()


@asynccontextmanager
async def source_half_down(chaos: OutageEnvironment) -> AsyncIterator[None]:
    """Every other room fails, each in a way of its own."""
    chaos.source.room_faults = half_failing(list(chaos.grounds.answers))
    yield
    chaos.source.room_faults = {}


def half_failing(rooms: Sequence[str]) -> dict[str, ResponseFault]:
    """Return a fault for every other room, none of which another try would mend."""
    kinds = [
        ResponseFault("html"),
        ResponseFault("missing subjects"),
        ResponseFault(status=404),
        ResponseFault(status=403),
    ]
    return {room: kinds[number % len(kinds)] for number, room in enumerate(rooms[::2])}


@asynccontextmanager
async def source_slow(chaos: OutageEnvironment) -> AsyncIterator[None]:
    """Each answer of the booking site takes a while, a reading so many times that."""
    chaos.source.latency = 0.3
    yield
    chaos.source.latency = 0


@asynccontextmanager
async def source_flapping(chaos: OutageEnvironment) -> AsyncIterator[None]:
    """The booking site comes and goes, many times a reading."""
    flapping = asyncio.create_task(_flap(chaos))
    yield
    flapping.cancel()
    await asyncio.wait([flapping])
    await chaos.source.stop()
    await chaos.source.start()


async def _flap(chaos: OutageEnvironment) -> None:
    while True:
        await chaos.source.stop()
        await asyncio.sleep(0.1)
        await chaos.source.start()
        await asyncio.sleep(0.1)


@asynccontextmanager
async def source_blank(chaos: OutageEnvironment) -> AsyncIterator[None]:
    """The booking site answers 200, and nothing more."""
    chaos.source.fault = ResponseFault("blank")
    yield
    chaos.source.fault = None


@asynccontextmanager
async def source_emptied(chaos: OutageEnvironment) -> AsyncIterator[None]:
    """The booking site answers politely that nothing is booked anywhere."""
    chaos.source.fault = ResponseFault("no items")
    yield
    chaos.source.fault = None


@asynccontextmanager
async def source_mostly_emptied(chaos: OutageEnvironment) -> AsyncIterator[None]:
    """It answers politely that nothing is booked anywhere but in one room."""
    _, *others = chaos.grounds.answers
    chaos.source.room_faults = dict.fromkeys(others, ResponseFault("no items"))
    yield
    chaos.source.room_faults = {}


@asynccontextmanager
async def gateway_dropped(chaos: OutageEnvironment) -> AsyncIterator[None]:
    """The line to the gateway is cut; the session can be resumed."""
    resumes = chaos.discord.resume_count
    await chaos.discord.gateway.disconnect(None)
    yield
    await chaos.discord.gateway.wait_until(lambda: chaos.discord.resume_count > resumes, 30)


@asynccontextmanager
async def gateway_asks_to_reconnect(chaos: OutageEnvironment) -> AsyncIterator[None]:
    """The gateway asks for a new connection, as Discord does every few hours."""
    resumes = chaos.discord.resume_count
    await chaos.discord.gateway.request_reconnect()
    yield
    await chaos.discord.gateway.wait_until(lambda: chaos.discord.resume_count > resumes, 30)


@asynccontextmanager
async def session_invalidated(chaos: OutageEnvironment) -> AsyncIterator[None]:
    """The session is over; the bot has to log in anew."""
    identifies = chaos.discord.identify_count
    await chaos.discord.gateway.invalidate_sessions(resumable=False)
    yield
    await chaos.discord.gateway.wait_until(lambda: chaos.discord.identify_count > identifies, 30)
    await chaos.discord.wait_until_ready(30)


@asynccontextmanager
async def discord_gone(chaos: OutageEnvironment) -> AsyncIterator[None]:
    """Nobody listens where Discord was."""
    logins = chaos.discord.resume_count + chaos.discord.identify_count
    async with chaos.discord.outage():
        yield
    back = chaos.discord
    await back.gateway.wait_until(lambda: back.resume_count + back.identify_count > logins, 60)
    await back.wait_until_ready(60)


def replies_limited(*, overall: bool) -> Breaks:
    """Return the fault that Discord limits replies, those of a bucket or all requests."""

    @asynccontextmanager
    async def limited(chaos: OutageEnvironment) -> AsyncIterator[None]:
        body = {"message": "You are being rate limited.", "global": overall}
        fault = chaos.discord.faults.respond_with(
            "POST", REPLIES, status=429, body=body, retry_after=0.4, times=6
        )
        yield
        fault.release()

    return limited


def replies_answered(status: int) -> Breaks:
    """Return the fault that Discord answers every reply with a status."""

    @asynccontextmanager
    async def answered(chaos: OutageEnvironment) -> AsyncIterator[None]:
        fault = chaos.discord.faults.respond_with(
            "POST", REPLIES, status=status, times=_FOR_AS_LONG_AS_IT_LASTS
        )
        yield
        fault.release()

    return answered


@asynccontextmanager
async def replies_reset(chaos: OutageEnvironment) -> AsyncIterator[None]:
    """Discord breaks the connection on which a reply comes, carried out or not."""
    faults: list[RestFault] = [
        chaos.discord.faults.reset_connection("POST", REPLIES, times=3),
        chaos.discord.faults.reset_connection("POST", REPLIES, times=3, after_processing=True),
    ]
    yield
    for each in faults:
        each.release()


STORE_FAULTS: tuple[Breaks, ...] = (redis_killed, redis_full, redis_silent, redis_replaced)
SOURCE_FAULTS: tuple[Breaks, ...] = (
    source_down,
    source_half_down,
    source_slow,
    source_flapping,
    source_blank,
    source_emptied,
    source_mostly_emptied,
)
DISCORD_FAULTS: tuple[Breaks, ...] = (
    gateway_dropped,
    gateway_asks_to_reconnect,
    session_invalidated,
    discord_gone,
    replies_limited(overall=False),
    replies_limited(overall=True),
    replies_answered(500),
    replies_answered(503),
    replies_reset,
)
