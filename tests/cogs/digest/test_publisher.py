"""One message a channel and day, whatever breaks between the claim and the note.

A real discord.py posts to the local Discord, records are in a real Redis, time is injected.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Coroutine, Generator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import discord
import pytest
from discord import ui
from redis.asyncio import Redis

from app.client import Bot
from cogs.digest.loop import DigestLoop, digest_layout
from cogs.digest.publisher import DigestPost, DigestPublisher
from cogs.digest.rate_limiter import EvenRateLimiter
from cogs.ui.images.service import ImageService
from cogs.ui.replies.digest import DigestStatus, digest_custom_id, digest_status
from core.data.coordinator import CampusCoordinator
from core.digests.schedule import decide_step, message_nonce, next_due_at
from core.images.renderer import ImageRenderer
from core.metrics import Metrics
from core.model.calendar import DAY
from core.model.campus import Campus
from core.model.digest import Delivery, DigestSettings
from core.preferences import CampusPreferences
from core.registry import CampusRegistry
from core.store import Store, connect
from core.store.keys import deliveries_key
from fakes.discord import Channel, FakeDiscord, Message, Permission
from tests.e2e.environment import schema_checker
from tests.fakes import TUESDAY, Clock, FakeSource, at, eventually, make_campus, make_policy

POSTS = r"/channels/\d+/messages"
SOON, RETRY, LATER, HOUR = (timedelta(seconds=each) for each in (10, 40, 300, 3600))


@dataclass
class Process:
    """What a process of the bot posts with; `tick` is what its loop does."""

    store: Store
    bot: Bot
    coordinators: dict[str, CampusCoordinator]
    digest_loop: DigestLoop

    @property
    def coordinator(self) -> CampusCoordinator:
        return self.coordinators["bu"]

    async def tick(self) -> None:
        await self.digest_loop.publish_due()

    async def refresh(self) -> None:
        for schedule in self.coordinators.values():
            await schedule.refresh(manual=False)

    async def close(self) -> None:
        for schedule in self.coordinators.values():
            await schedule.close()
        await self.bot.close()
        await self.store._client.aclose()


class World:
    """A Discord whose channels have digests, and the processes that post them."""

    def __init__(self, local: FakeDiscord, redis_url: str, clock: Clock) -> None:
        self.local = local
        self.clock = clock
        self.redis_url = redis_url
        self.campuses = [make_campus(), make_campus(campus_id="umd")]
        self.sources = {each.id: FakeSource(each) for each in self.campuses}
        self.processes: list[Process] = []

    @property
    def campus(self) -> Campus:
        return self.campuses[0]

    @property
    def source(self) -> FakeSource:
        return self.sources["bu"]

    async def start(self) -> Process:
        """Start a process; what it knows is in Redis alone."""
        store = Store(connect(self.redis_url), now=self.clock)
        bot = Bot(store, Metrics())
        await bot.login(self.local.token)
        schedules = {
            each.id: CampusCoordinator(
                each, self.sources[each.id], store, make_policy(), now=self.clock
            )
            for each in self.campuses
        }
        campuses, pictures = (
            CampusRegistry(schedules, CampusPreferences(store)),
            ImageService(ImageRenderer()),
        )
        process = Process(
            store,
            bot,
            schedules,
            DigestLoop(bot, campuses, store, pictures, Metrics(), now=self.clock),
        )
        self.processes.append(process)
        return process

    async def start_at_morning(self, day: date = TUESDAY) -> Process:
        """Start a process, let it refresh in the morning, and wait for half past seven."""
        self.clock.set(at("06:30", day))
        process = await self.start()
        await process.refresh()
        self.clock.set(at("07:30", day))
        return process

    async def add_digest(self, process: Process, **changes: Any) -> Channel:
        """Set a digest in a channel of a new server."""
        server = self.local.add_guild("Terriers")
        server.add_bot()
        channel = server.add_channel("study-rooms")
        values = {
            "guild_id": server.id,
            "channel_id": channel.id,
            "campus_id": "bu",
            "time": time(7, 30),
            "set_at": at("12:00", TUESDAY - 7 * DAY),
        }
        await process.store.save_settings(DigestSettings(**{**values, **changes}))
        return channel

    async def add_digests(self, process: Process, number: int) -> list[Channel]:
        return [await self.add_digest(process) for _ in range(number)]

    def set_time_after_digest(self, day: date = TUESDAY, *, after: timedelta) -> None:
        """Let it be so long after half past seven."""
        self.clock.set(at("07:30", day) + after)


@asynccontextmanager
async def open_world(
    redis_url: str, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    """Open a Discord and point discord.py at it; no body may be against Discord's schema."""
    async with FakeDiscord(clock=clock, check=schema_checker()) as local:
        monkeypatch.setattr(discord.http.Route, "BASE", local.api_url)
        world = World(local, redis_url, clock)
        try:
            yield world
        finally:
            for process in world.processes:
                await process.close()
        assert local.violations == []


@pytest.fixture
async def world(client: Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch):
    async with open_world(redis_url, Clock(at("06:00")), monkeypatch) as world:
        yield world


@pytest.fixture
def leap(monkeypatch):
    """Give a function that lets seconds pass for all who wait, at once."""
    ahead = 0.0

    def forward(seconds: float) -> None:
        nonlocal ahead
        if not ahead:
            real = asyncio.get_running_loop().time
            monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: real() + ahead)
        ahead += seconds

    return forward


async def delivery(process: Process, channel: Channel, day: date = TUESDAY) -> Delivery:
    return (await process.store.deliveries("bu", day))[channel.id]


async def settings_of(process: Process, channel: Channel) -> DigestSettings:
    assert channel.guild
    found = await process.store.get_settings(channel.guild.id)
    assert found
    return found


def digests_in(channel: Channel, day: date = TUESDAY) -> list[Message]:
    mark = digest_custom_id(make_campus(), day)
    return [each for each in channel.messages if each.current.select(mark)]


def close_history(channel: Channel) -> None:
    assert channel.guild
    channel.overwrite(channel.guild.everyone, deny=Permission.READ_MESSAGE_HISTORY)


def say(world: World, channel: Channel, text: str = "Good morning") -> None:
    assert channel.guild
    ana = world.local.add_user("ana")
    channel.guild.add_member(ana)
    ana.at(channel).send_message(text)


# What an attempt suffers, whether Discord carried it out or not.


def answered_500(local, leap, **when):
    return local.faults.respond_with("POST", POSTS, status=500, times=9, **when)


def answered_503(local, leap, **when):
    return local.faults.respond_with("POST", POSTS, status=503, **when)


def banned(local, leap, **when):
    return local.faults.respond_with("POST", POSTS, status=429, body="<html>banned</html>", **when)


def token_refused(local, leap, **when):
    return local.faults.respond_with("POST", POSTS, status=401, **when)


def reset(local, leap, **when):
    return local.faults.reset_connection("POST", POSTS, **when)


def unanswered(local, leap, **when):
    return local.faults.hold("POST", POSTS, **when)


FAULTS = [answered_500, answered_503, banned, token_refused, reset, unanswered]


async def suffer(process: Process, fault: Any, leap: Callable[[float], None]) -> None:
    """Tick while a fault is on, letting half a minute pass: no attempt takes longer."""
    tick = asyncio.create_task(process.tick())
    await fault.wait_until_hit()
    for _ in range(15):
        await asyncio.wait([tick], timeout=0.03)
        leap(2)
    assert tick.done()
    await tick
    assert fault.hits


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("fault", FAULTS)
async def test_an_attempt_that_broke_is_repeated_and_leaves_one_message(world, leap, fault, after):
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    await suffer(process, fault(world.local, leap, after_processing=after), leap)
    world.local.faults.clear()
    assert (await delivery(process, channel)).state == "sending"
    posted = len(world.local.requests.matching("POST", POSTS))
    world.clock.forward(seconds=29)
    await process.tick()
    assert len(world.local.requests.matching("POST", POSTS)) == posted, (
        "its lease lasts half a minute"
    )
    world.clock.forward(seconds=1)
    await process.tick()
    assert [each.id for each in digests_in(channel)] == [
        (await delivery(process, channel)).message_id
    ]
    assert (await delivery(process, channel)).state == "sent"
    assert (await settings_of(process, channel)).failing_since is None


async def test_a_rate_limit_is_waited_for(world):
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    world.local.faults.respond_with("POST", POSTS, status=429, retry_after=0.01)
    await process.tick()
    assert (await delivery(process, channel)).state == "sent"


@pytest.fixture
def lost(world):
    """Give a way to die with a request that never reaches Discord, or whose answer is lost."""

    async def die(process, channel, *, posted):
        how = world.local.faults.reset_connection("POST", POSTS, after_processing=posted)
        await process.tick()
        assert how.hits == 1
        assert len(digests_in(channel)) == posted

    return die


@pytest.mark.parametrize("posted", [False, True])
@pytest.mark.parametrize("late", [timedelta(seconds=101), LATER, HOUR, timedelta(hours=5.9)])
async def test_after_the_nonce_is_forgotten_the_channel_is_looked_at(world, lost, posted, late):
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    await lost(process, channel, posted=posted)
    say(world, channel)
    world.set_time_after_digest(after=late)
    say(world, channel)
    posts = len(world.local.requests.matching("POST", POSTS))
    await (await world.start()).tick()
    assert len(digests_in(channel)) == 1
    assert len(world.local.requests.matching("POST", POSTS)) - posts == (not posted)
    assert (await delivery(process, channel)).message_id == digests_in(channel)[0].id


@pytest.mark.parametrize("posted", [False, True])
async def test_with_its_history_closed_and_news_a_channel_is_passed_over(world, lost, posted):
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    close_history(channel)
    await lost(process, channel, posted=posted)
    say(world, channel)
    world.set_time_after_digest(after=LATER)
    await process.tick()
    await process.tick()
    assert len(digests_in(channel)) == posted
    assert (await delivery(process, channel)).state == "skipped"
    assert "could not be seen" in str((await delivery(process, channel)).reason)


async def test_with_its_history_closed_and_no_news_it_was_not_posted(world, lost):
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    close_history(channel)
    say(world, channel)
    world.clock.forward(minutes=2)
    await lost(process, channel, posted=False)
    world.clock.forward(minutes=5)
    await process.tick()
    assert len(digests_in(channel)) == 1


async def test_it_is_found_however_much_was_said_around_it(world, lost):
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    for number in range(130):
        say(world, channel, f"before {number}")
    await lost(process, channel, posted=True)
    for number in range(130):
        say(world, channel, f"after {number}")
    world.set_time_after_digest(after=HOUR)
    await process.tick()
    assert len(digests_in(channel)) == 1
    assert (await delivery(process, channel)).state == "sent"


async def test_it_is_found_in_the_form_of_an_older_version(world, lost):
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    await lost(process, channel, posted=True)
    (posted,) = digests_in(channel)
    mark = digest_custom_id(make_campus(), TUESDAY)
    select = posted.current.select(mark)
    assert select
    select["custom_id"] = "1:building:open:bu::2026-03-03:0"
    assert digests_in(channel) == []
    world.set_time_after_digest(after=HOUR)
    await process.tick()
    assert digests_in(channel) == []
    assert (await delivery(process, channel)).state == "sent"


async def test_the_look_ends_where_no_attempt_can_have_come_later(world, lost):
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    await lost(process, channel, posted=False)
    world.set_time_after_digest(after=HOUR)
    for number in range(250):
        say(world, channel, f"{number}")
    await process.tick()
    assert len(world.local.requests.matching("GET", POSTS)) == 1
    assert len(digests_in(channel)) == 1


async def test_other_messages_of_the_bot_are_not_taken_for_it(world, lost):
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    await lost(process, channel, posted=False)
    yesterday = digest_layout(process.coordinator, TUESDAY - DAY, None, None, world.clock())
    place = process.bot.get_partial_messageable(channel.id)
    await place.send(view=yesterday)
    await place.send("a page of free rooms")
    world.set_time_after_digest(after=LATER)
    await process.tick()
    assert len(digests_in(channel)) == 1


@pytest.mark.parametrize("late", [LATER, 5 * HOUR])
async def test_a_digest_whose_record_is_lost_is_not_posted_twice(world, late):
    """As when Redis is restored from yesterday's snapshot."""
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    say(world, channel)
    await process.tick()
    for number in range(130):
        say(world, channel, f"after {number}")
    await process.store._client.delete(deliveries_key("bu", TUESDAY))
    world.set_time_after_digest(after=late)
    await (await world.start()).tick()
    assert len(digests_in(channel)) == 1
    found = await delivery(process, channel)
    assert (found.state, found.message_id) == ("sent", digests_in(channel)[0].id)


async def test_a_late_digest_is_posted_where_none_is_seen(world):
    process = await world.start_at_morning()
    quiet, closed, hidden = await world.add_digests(process, 3)
    close_history(closed)
    for channel in (quiet, closed):
        say(world, channel)
    throw_out(hidden)
    world.set_time_after_digest(after=LATER)
    await process.tick()
    assert [len(digests_in(each)) for each in (quiet, closed)] == [1, 1]
    assert (await delivery(process, hidden)).state == "failed"


async def test_a_look_for_a_lost_record_that_fails_is_tried_again(world):
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    await process.tick()
    await process.store._client.delete(deliveries_key("bu", TUESDAY))
    world.set_time_after_digest(after=LATER)
    world.local.faults.respond_with("GET", POSTS, status=500, times=9)
    await process.tick()
    assert await process.store.deliveries("bu", TUESDAY) == {}
    world.local.faults.clear()
    await process.tick()
    assert len(digests_in(channel)) == 1


async def test_a_digest_in_time_costs_no_look(world):
    process = await world.start_at_morning()
    await world.add_digest(process)
    await process.tick()
    assert world.local.requests.matching("GET", POSTS) == []


async def test_a_look_that_fails_is_tried_again(world, lost):
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    await lost(process, channel, posted=True)
    world.set_time_after_digest(after=LATER)
    world.local.faults.respond_with("GET", POSTS, status=503)
    await process.tick()
    assert (await delivery(process, channel)).state == "sending"
    await process.tick()
    assert (await delivery(process, channel)).state == "sent"
    assert len(digests_in(channel)) == 1


async def test_a_look_without_an_answer_ends_in_time(world, lost, leap):
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    await lost(process, channel, posted=True)
    world.set_time_after_digest(after=LATER)
    await suffer(process, world.local.faults.hold("GET", POSTS), leap)
    assert (await delivery(process, channel)).state == "sending"


async def test_what_somebody_deletes_between_two_attempts_stays_deleted(world, lost):
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    await lost(process, channel, posted=True)
    world.local.state.delete_message(digests_in(channel)[0])
    world.clock.forward(seconds=40)
    await process.tick()
    assert digests_in(channel) == []
    assert (await delivery(process, channel)).state == "sent"
    assert (await settings_of(process, channel)).failing_since is None


# A channel that does not take the message.


def forbid(channel):
    channel.overwrite(channel.guild.everyone, deny=Permission.SEND_MESSAGES)
    own = next(each for each in channel.guild.roles.values() if each.managed_by)
    channel.overwrite(own, deny=Permission.SEND_MESSAGES)


def hide(channel):
    own = next(each for each in channel.guild.roles.values() if each.managed_by)
    channel.overwrite(own, deny=Permission.VIEW_CHANNEL)


def delete(channel):
    channel.delete()


def throw_out(channel):
    channel.guild.remove_bot()


REFUSALS = [
    (forbid, "Missing Permissions (50013)", 2),
    (hide, "Missing Access (50001)", 1),
    (delete, "Unknown Channel (10003)", 1),
    (throw_out, "Missing Access (50001)", 1),
]
"""With how often it is tried: without the picture once more, where that may be all it lacks."""


def shown(settings: DigestSettings, campus: Campus, last: Delivery | None, now: datetime) -> str:
    """Return what `/digest show` says."""
    standing = DigestStatus(settings, campus, next_due_at(settings, campus, now), last)
    texts = digest_status(standing).walk_children()
    return "\n".join(each.content for each in texts if isinstance(each, ui.TextDisplay))


@pytest.mark.parametrize(("refuse", "why", "tries"), REFUSALS)
async def test_a_refusal_is_noted_and_the_third_day_ends_it(world, refuse, why, tries):
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    refuse(channel)
    for number in range(5):
        day = TUESDAY + number * DAY
        world.clock.set(at("07:31", day))
        await process.refresh()
        await process.tick()
        await process.tick()
        world.clock.forward(minutes=10)
        await process.tick()
        tried = len(world.local.requests.matching("POST", POSTS))
        assert tried == tries * min(number + 1, 3), "once a day, and three days"
        if number < 3:
            assert (await delivery(process, channel, day)).state == "failed"
        settings = await settings_of(process, channel)
        text = shown(settings, world.campus, None, world.clock())
        assert why in text
        assert ("Switched off" in text) == (number >= 2)


async def test_a_message_that_discord_does_not_take_is_a_refusal(world):
    process = await world.start_at_morning()
    refused, other = await world.add_digests(process, 2)
    body = {"message": "This thread is locked", "code": 160005}
    world.local.faults.respond_with(
        "POST", f"/channels/{refused.id}/messages", status=400, body=body
    )
    await process.tick()
    assert (await delivery(process, refused)).reason == "This thread is locked (160005)"
    assert len(digests_in(other)) == 1


@pytest.mark.parametrize("refuse", [hide, delete])
async def test_a_refused_look_is_noted_too(world, lost, refuse):
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    await lost(process, channel, posted=True)
    other = await world.add_digest(process)
    refuse(channel)
    world.set_time_after_digest(after=LATER)
    await process.tick()
    assert (await delivery(process, channel)).state == "failed"
    assert (await settings_of(process, channel)).failing_since
    assert len(digests_in(other)) == 1


@pytest.mark.parametrize("looked", [False, True])
async def test_a_day_that_goes_well_begins_the_count_anew(world, lost, looked):
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    days = [TUESDAY + number * DAY for number in range(4)]
    for day in days:
        world.clock.set(at("07:30", day))
        await process.refresh()
        if day == days[1]:
            channel.overwrites.clear()
            if looked:
                how = world.local.faults.reset_connection("POST", POSTS, after_processing=True)
                await process.tick()
                assert how.hits
                world.set_time_after_digest(day, after=LATER)
        else:
            forbid(channel)
        await process.tick()
    assert len(digests_in(channel, days[1])) == 1
    settings = await settings_of(process, channel)
    assert settings.disabled_since is None
    assert world.campus.local_date(settings.failing_since) == days[2]


@pytest.mark.parametrize("outcome", ["refused", "posted"])
async def test_what_a_moderator_sets_meanwhile_stays(world, outcome):
    process = await world.start_at_morning()
    channel = await world.add_digest(process, failing_since=at("07:30", TUESDAY - 2 * DAY))
    if outcome == "refused":
        hide(channel)
    fault = world.local.faults.hold("POST", POSTS)
    tick = asyncio.create_task(process.tick())
    await fault.wait_until_hit()
    new = replace(
        await settings_of(process, channel),
        set_at=world.clock(),
        failing_since=None,
        time=time(9, 0),
    )
    await process.store.save_settings(new)
    fault.release()
    await tick
    assert await settings_of(process, channel) == new


async def test_of_many_channels_a_slow_and_a_broken_one_hold_up_none(world):
    process = await world.start_at_morning()
    channels = await world.add_digests(process, 200)
    slow, broken = channels[3], channels[5]
    forbid(broken)
    held = world.local.faults.hold("POST", f"/channels/{slow.id}/messages")
    began = asyncio.get_running_loop().time()
    tick = asyncio.create_task(process.tick())
    others = [each for each in channels if each not in (slow, broken)]
    await eventually(lambda: all(digests_in(each) for each in others), within=20)
    assert asyncio.get_running_loop().time() - began > 199 / 50, "Discord takes fifty a second"
    assert not tick.done()
    held.release()
    await tick
    assert [len(digests_in(each)) for each in channels] == [
        0 if each is broken else 1 for each in channels
    ]


async def test_the_pace_is_even_and_does_not_save_up(leap):
    pace, loop = EvenRateLimiter(10), asyncio.get_running_loop()
    await pace.acquire()
    leap(60)
    began = loop.time()
    turns = []
    for _ in range(4):
        await pace.acquire()
        turns.append(loop.time() - began)
    assert [round(each, 1) for each in turns] == [0.0, 0.1, 0.2, 0.3]


async def test_a_fault_of_ours_in_one_channel_holds_up_none(world, caplog):
    process = await world.start_at_morning()
    channels = await world.add_digests(process, 3)
    real = process.bot.get_partial_messageable

    def faulty(channel, **more):
        if channel == channels[1].id:
            raise RuntimeError("a bug")
        return real(channel, **more)

    process.bot.get_partial_messageable = faulty
    await process.tick()
    assert [len(digests_in(each)) for each in channels] == [1, 0, 1]
    assert "could not be posted" in caplog.text
    caplog.clear()


# Several processes, and a Redis that goes away.


async def test_processes_that_race_post_one_message_a_channel(world):
    process = await world.start_at_morning()
    others = [await world.start() for _ in range(4)]
    channels = await world.add_digests(process, 8)
    for _ in range(3):
        await asyncio.gather(*(each.tick() for each in [process, *others]))
    assert [len(digests_in(each)) for each in channels] == [1] * 8
    assert len(world.local.requests.matching("POST", POSTS)) == 8


@pytest.mark.parametrize("posted", [False, True])
@pytest.mark.parametrize("late", [RETRY, LATER])
async def test_processes_that_race_to_finish_post_one_message(world, lost, posted, late):
    process = await world.start_at_morning()
    others = [await world.start() for _ in range(4)]
    channel = await world.add_digest(process)
    await lost(process, channel, posted=posted)
    world.set_time_after_digest(after=late)
    await asyncio.gather(*(each.tick() for each in [process, *others]))
    assert len(digests_in(channel)) == 1
    assert (await delivery(process, channel)).state == "sent"


@pytest.mark.parametrize("back", [SOON, RETRY, LATER, HOUR])
@pytest.mark.parametrize("posted", [False, True])
async def test_redis_dies_between_claim_and_note(start_redis, monkeypatch, posted, back):
    redis = start_redis("--appendonly", "yes", "--appendfsync", "always")
    async with open_world(redis.url, Clock(at("06:00")), monkeypatch) as world:
        process = await world.start_at_morning()
        channel = await world.add_digest(process)
        fault = world.local.faults.hold("POST", POSTS, after_processing=posted)
        tick = asyncio.create_task(process.tick())
        await fault.wait_until_hit()
        redis.kill()
        fault.release()
        await tick
        assert len(digests_in(channel)) == 1
        redis.start()
        world.set_time_after_digest(after=back)
        await process.tick()
        world.clock.forward(minutes=1)
        await process.tick()
        assert len(digests_in(channel)) == 1
        assert (await delivery(process, channel)).state == "sent"


async def test_without_redis_nothing_is_posted_and_the_loop_goes_on(
    start_redis, monkeypatch, caplog
):
    redis = start_redis("--appendonly", "yes", "--appendfsync", "always")
    async with open_world(redis.url, Clock(at("06:00")), monkeypatch) as world:
        process = await world.start_at_morning()
        channel = await world.add_digest(process)
        process.bot._ready.set()
        redis.kill()
        await process.digest_loop.digest_loop()
        assert channel.messages == []
        assert "could not be posted" not in caplog.text
        redis.start()
        await process.digest_loop.digest_loop()
        assert len(digests_in(channel)) == 1


# Killed at every step.


class KilledError(Exception):
    """The process is no more."""


class Killed:
    """Awaits some work and ends it at its n-th wait: as it begins, or `late`, as it is over."""

    def __init__(self, work: Coroutine[Any, Any, None], waits: int, *, late: bool) -> None:
        self._work = work
        self._waits = waits
        self._late = late

    def __await__(self) -> Generator[Any, Any, None]:
        steps = self._work.__await__()
        try:
            future = next(steps)
            for _ in range(self._waits - 1):
                try:
                    yield future
                except BaseException as err:  # noqa: BLE001 - whatever it is, it is for the work
                    future = steps.throw(err)
                else:
                    future = next(steps)
        except StopIteration:
            return
        if future is not None and not self._late:
            future.cancel()
        while True:
            with suppress(asyncio.CancelledError, OSError):
                yield future
            try:
                future = steps.throw(asyncio.CancelledError())
            except (asyncio.CancelledError, StopIteration):
                raise KilledError from None
            # Again: some swallow it, such as `wait_for` in Python 3.11, and some clean up.


async def post(world: World, process: Process, channel: Channel, day: date) -> None:
    """Do with one channel what a process does that has just started."""
    process.coordinator._cache.invalidate_checks()
    done = (await process.store.deliveries("bu", day)).get(channel.id)
    if decide_step(done, world.clock()).name == "NOTHING":
        return
    known = await process.coordinator.stored_day(day)
    view = digest_layout(process.coordinator, day, known, None, world.clock())
    poster = DigestPublisher(process.bot, process.store, Metrics(), now=world.clock)
    await poster.publish(
        DigestPost(world.campus, day, await settings_of(process, channel), view), done
    )


async def killed(
    world: World, process: Process, channel: Channel, day: date, waits: int, *, late: bool
) -> bool:
    """Post, killed at that wait; tell whether it was over before."""
    try:
        await Killed(post(world, process, channel, day), waits, late=late)
    except KilledError:
        return False
    return True


async def killed_everywhere(
    world: World, process: Process, day: date, *, late: bool, closed: bool
) -> list[Channel]:
    """Kill a delivery at each of its waits, each in a channel of its own."""
    channels: list[Channel] = []
    over = False
    while not over:
        channels.append(await world.add_digest(process))
        if closed:
            close_history(channels[-1])
        over = await killed(world, process, channels[-1], day, len(channels), late=late)
    assert len(channels) > 8
    return channels


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
@pytest.mark.parametrize("late", [False, True], ids=["early", "late"])
@pytest.mark.parametrize("back", [SOON, RETRY, LATER, HOUR])
async def test_killed_at_any_step_it_is_finished_once(world, back, late, closed):
    process = await world.start_at_morning()
    channels = await killed_everywhere(world, process, TUESDAY, late=late, closed=closed)
    if closed and back > RETRY:
        for channel in channels:
            say(world, channel)
    fresh = await world.start()
    for moment in [each for each in (SOON, RETRY, LATER, HOUR) if each >= back]:
        world.set_time_after_digest(after=moment)
        await asyncio.gather(*(post(world, fresh, each, TUESDAY) for each in channels))
    found = [len(digests_in(each)) for each in channels]
    if closed and back > RETRY:
        assert set(found) <= {0, 1}, "rather none than two"
    else:
        assert found == [1] * len(channels)
    states = {(await delivery(process, each)).state for each in channels}
    assert states <= {"sent", "skipped"}


@pytest.mark.parametrize("seed", range(4))
async def test_two_processes_killed_again_and_again_post_once(world, seed):
    dice = random.Random(seed)  # noqa: S311 - repeatable, not secret
    process = await world.start_at_morning()
    channels = await world.add_digests(process, 12)

    async def unlucky(process: Process, channel: Channel) -> None:
        waits, late = dice.randint(1, 30), dice.random() < 0.5
        await killed(world, process, channel, TUESDAY, waits, late=late)

    moments = sorted(dice.uniform(0, 300) for _ in range(6))
    for seconds in [0, *moments]:
        world.set_time_after_digest(after=timedelta(seconds=seconds))
        pair = [await world.start(), await world.start()]
        await asyncio.gather(*(unlucky(each, channel) for each in pair for channel in channels))
    for last in (HOUR, HOUR + RETRY):
        world.set_time_after_digest(after=last)
        await asyncio.gather(*(post(world, process, each, TUESDAY) for each in channels))
    assert [len(digests_in(each)) for each in channels] == [1] * len(channels)


def test_a_nonce_is_what_discord_takes(world):
    assert len(message_nonce(world.campus, 2**64, TUESDAY)) <= 25
