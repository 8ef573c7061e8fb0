"""Where bots are killed: one Discord, one Redis, one booking site, and a campus for each point.

A campus of its own for each point keeps them apart, so that many can be played at a time and
their waits for a lease overlap.
"""

import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from core.campus_file.loader import load_campus
from core.data.refresh_policy import snapshot_expiry
from core.model.bookings import RoomDay, Snapshot
from core.model.calendar import DAY, local_to_utc
from core.model.campus import Campus
from core.model.digest import DigestSettings
from core.model.interval import Interval
from core.model.refresh import RefreshAttempt
from core.store import Store, connect
from fakes.discord import Channel, Message
from fakes.live25.bookings import Months
from fakes.live25.server import FakeLive25
from tests.e2e.environment import BotEnvironment, open_environment, write_campus
from tests.fakes import TUESDAY, at
from tests.oracle import Hours, RoomName
from tests.resilience.crash_runner import Doomed, Zygote, opened_zygote, wait_for
from tests.resilience.crash_steps import Part
from tests.resilience.secrets import Secrets, leaks_in_store, leaks_on_discord

START = {"refresh": at("12:00"), "digest": at("07:31")}
"""When each part is due, and the other is not."""

READ_BEFORE = at("06:40")
DAYS = (TUESDAY, TUESDAY + DAY, TUESDAY + 2 * DAY)
COOLDOWN = timedelta(minutes=30)
HELD_NONCE = timedelta(minutes=2)
"""For how long this Discord knows a nonce again: no longer than the bot relies on."""

_ROOMS = tuple(RoomName(str(number), str(100 + number)) for number in range(1, 5))
_BEFORE, _NOW = (14, 16), (10, 12)
_IN_FLIGHT = 0.04
"""Seconds that the booking site takes, so that two who begin together are at it together."""


def _answers() -> Months:
    """Return what the booking site tells: every room is booked from ten to noon."""
    return Months(
        {
            room.id: {"subjects": [_subject(room, TUESDAY + DAY * each) for each in range(4)]}
            for room in _ROOMS
        }
    )


def _subject(room: RoomName, day: date) -> dict[str, Any]:
    item = {"itemId": 7, "itemId2": 8, "itemName": "-", "type_id": 1}
    return {
        "itemId": int(room.id),
        "itemName": room.name,
        "item_date": f"{day.isoformat()}T00:00:00",
        "items": [{**item, "start": _NOW[0], "end": _NOW[1]}],
    }


@dataclass(eq=False)
class Place:
    """A campus with a digest of its own, on which processes run into each other."""

    campus: Campus
    file: Path
    settings: DigestSettings
    channel: Channel
    racers: list[Doomed] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.campus.id}: " + "; ".join(map(str, self.racers))

    @property
    def digests(self) -> list[Message]:
        """What the channel holds."""
        return self.channel.messages


class Scene:
    """All that the points of a test share."""

    def __init__(
        self, part: Part, stage: BotEnvironment, source: FakeLive25, client: Redis, zygote: Zygote
    ) -> None:
        self.part = part
        self.stage = stage
        self.client = client
        # Its own looks must not fail where the machine is busy.
        self.store = Store(client, now=stage.clock, read_timeout=timedelta(minutes=1))
        self._source = source
        self._zygote = zygote
        self._places = 0

    async def new_place(self) -> Place:
        """Make a campus whose refresh or digest is due now, with data of the morning."""
        self._places += 1
        name = f"k{self._places}"
        file = self.stage.folder / f"{name}.toml"
        source = {"url": self._source.url, "read": "rooms"}
        write_campus(file, source, [Hours("ATL", "07:00", "23:00", _ROOMS)])
        text = file.read_text(encoding="utf-8").replace('id = "umd"', f'id = "{name}"')
        file.write_text(text, encoding="utf-8")
        campus = load_campus(str(file))
        # A server that has the bot: the bot forgets the settings of all others.
        server = self.stage.discord.add_guild(name)
        server.add_bot()
        channel = server.add_channel("daily")
        settings = DigestSettings(
            guild_id=server.id,
            channel_id=channel.id,
            campus_id=name,
            time=time(7, 30) if self.part == "digest" else time(18),
            set_at=at("12:00", TUESDAY - 7 * DAY),
        )
        await self.store.save_settings(settings)
        await self._store_reading(campus)
        return Place(campus, file, settings, channel)

    async def _store_reading(self, campus: Campus) -> None:
        """Store what was read in the morning, when rooms were booked at another time."""
        attempt = RefreshAttempt(
            token="before",  # noqa: S106 - names a refresh, is no secret
            began_at=READ_BEFORE,
            ended_at=READ_BEFORE,
            rooms=len(_ROOMS),
            rooms_read=len(_ROOMS),
            failures={},
            success_at=READ_BEFORE,
        )
        await self.store.acquire_lock(campus.id, "before", lease=timedelta(minutes=1), manual=False)
        await self.store.publish(
            campus.id,
            "before",
            [_read_before(campus, day) for day in DAYS],
            attempt,
            expiry_of=lambda day: snapshot_expiry(campus, day),
            cooldown=timedelta(),
        )

    async def race(
        self,
        place: Place,
        stops: Sequence[int | None],
        *,
        leap: timedelta = timedelta(),
        how: int = signal.SIGKILL,
    ) -> None:
        """Let processes begin, several at once, and wait until each is over with it or dead.

        The first of them goes first. Those that find nothing to do are left to themselves.
        """
        several = len(stops) > 1
        racers = [
            await self._start(place, each, leap=leap, held=several, how=how) for each in stops
        ]
        if several:
            await self._until(place, racers, "held", "dies")
            for racer in racers:
                if "held" in racer.events:
                    racer.go()
        await self._until(place, racers, "over", "ended" if how == signal.SIGKILL else "dies")

    async def _start(
        self, place: Place, stop_at: int | None, *, leap: timedelta, held: bool, how: int
    ) -> Doomed:
        racer = await self._zygote.fork(
            self.part,
            stop_at,
            environment={
                **self.stage.environment,
                "CAMPUS": str(place.file),
                "DAYS_AHEAD": str(len(DAYS) - 1),
                "REFRESH_COOLDOWN_MINUTES": str(COOLDOWN // timedelta(minutes=1)),
            },
            folder=self.stage.folder,
            offset=self.stage.clock.offset.total_seconds(),
            leap=leap.total_seconds(),
            held=held,
            how=how,
        )
        place.racers.append(racer)
        return racer

    async def _until(self, place: Place, racers: Sequence[Doomed], *events: str) -> None:
        """Wait until one of the events has happened to each, or nothing is left to do."""

        async def reached() -> bool:
            happened = all(each.events.intersection(events) for each in racers)
            return happened or await self.is_done(place)

        await wait_for(reached, f"waited for {events}")

    async def is_done(self, place: Place) -> bool:
        """Tell whether that campus's refresh or digest is done, and nobody is at it."""
        if self.part == "refresh":
            state = await self.store.refresh_state(place.campus.id)
            last = state.last_attempt
            return state.token is None and last is not None and last.began_at > READ_BEFORE
        found = (await self.store.deliveries(place.campus.id, TUESDAY)).get(place.channel.id)
        return found is not None and found.state != "sending"

    def leap(self, places: Sequence[Place], by: timedelta) -> None:
        """Let it be later for Discord, for those who come, and for those who live."""
        self.stage.clock.offset += by
        if by:
            for each in places:
                for racer in each.racers:
                    racer.leap()


def _read_before(campus: Campus, day: date) -> Snapshot:
    whole = Interval(
        local_to_utc(day, timedelta(), campus.timezone), local_to_utc(day, DAY, campus.timezone)
    )
    room = RoomDay((whole,), (booking(campus, day, before=True),), (), READ_BEFORE)
    return Snapshot(campus.id, day, READ_BEFORE, {each.id: room for each in _ROOMS})


def booking(campus: Campus, day: date, *, before: bool) -> Interval:
    """Return when each room is booked on a day, as it was told before or is told now."""
    start, end = _BEFORE if before else _NOW
    return Interval(*(local_to_utc(day, timedelta(hours=h), campus.timezone) for h in (start, end)))


@asynccontextmanager
async def open_scene(part: Part, folder: Path, redis_url: str) -> AsyncIterator[Scene]:
    """Open a scene on which that part is due."""
    async with AsyncExitStack() as stack:
        client = connect(redis_url)
        stack.push_async_callback(client.aclose)
        source = await stack.enter_async_context(FakeLive25(_answers(), latency=_IN_FLIGHT))
        stage = await stack.enter_async_context(
            open_environment(folder, folder / "none.toml", redis_url, start=START[part])
        )
        # After the stage, to end before it: nobody is to knock at a door that is being closed.
        zygote = await stack.enter_async_context(opened_zygote())
        stage.discord.state.nonce_window = HELD_NONCE
        yield Scene(part, stage, source, client, zygote)
        assert stage.discord.violations == []
        assert await _leaks(stage, client) == []


async def _leaks(stage: BotEnvironment, client: Redis) -> list[str]:
    """Tell where the token is that it must not be."""
    secrets = Secrets(token=stage.discord.token, password=stage.discord.token)
    logs = "\n".join(each.read_text() for each in stage.folder.glob("bot-*.log"))
    found = secrets.leaks_in("a log", logs) + leaks_on_discord(secrets, stage.discord)
    return found + await leaks_in_store(secrets, client)
