"""When a digest is posted and what it says: once a channel and campus day, at its time."""

import asyncio
from dataclasses import replace
from datetime import date, time, timedelta
from unittest.mock import create_autospec

import pytest

from cogs.background import BackgroundCog
from cogs.digest.loop import DigestLoop
from cogs.ui.images.service import ImageService
from core.data.coordinator import CampusCoordinator
from core.errors import SourceUnavailableError
from core.images.renderer import ImageRenderer
from core.metrics import Metrics
from core.model.calendar import DAY
from core.preferences import CampusPreferences
from core.registry import CampusRegistry
from core.trends.sampler import OccupancySampler
from fakes.discord import Permission
from tests.cogs.digest.test_publisher import HOUR, POSTS, RETRY, digests_in, open_world, settings_of
from tests.fakes import TUESDAY, Clock, at, between, eventually

MINUTE = timedelta(minutes=1)
SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)


@pytest.fixture
async def world(client, redis_url, monkeypatch):
    async with open_world(redis_url, Clock(at("06:00")), monkeypatch) as world:
        yield world


async def tick_between(world, process, start, end, *, step=10 * MINUTE):
    """Tick from one moment to another; return when messages came."""
    moments, known = [], len(world.local.public_messages())
    world.clock.set(start)
    while world.clock() < end:
        await process.tick()
        posted = len(world.local.public_messages())
        moments += [world.clock()] * (posted - known)
        known = posted
        world.clock.set(world.clock() + step)
    return moments


async def test_it_is_posted_at_its_time_and_once(world):
    process = await world.start_at_morning()
    await world.add_digest(process)
    assert await tick_between(world, process, at("06:31"), at("23:59"), step=MINUTE) == [
        at("07:30")
    ]


async def test_it_comes_again_every_day(world):
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    for day in (TUESDAY, TUESDAY + DAY, TUESDAY + 2 * DAY):
        world.clock.set(at("06:30", day))
        await process.refresh()
        assert await tick_between(world, process, at("06:31", day), at("12:00", day)) == [
            at("07:31", day)
        ]
        assert len(digests_in(channel, day)) == 1


async def test_it_makes_no_sound_and_pings_nobody(world):
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    await process.tick()
    message = channel.messages[0]
    assert message.is_silent
    assert message.notified_ids == []
    body = world.local.requests.matching("POST", POSTS)[0].body
    assert body["allowed_mentions"] == {"parse": []}
    assert body["enforce_nonce"] is True
    assert len(body["nonce"]) <= 25


async def test_what_it_says(world):
    world.source.bookings = {
        "101": [between("07:00", "09:00")],
        "102": [between("10:00", "11:00")],
        "103": [between("13:00", "14:00")],
        "201": [between("08:00", "22:00")],
    }
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    await process.tick()
    text = channel.messages[0].text
    assert "## Tuesday 3 March" in text
    assert "**CAS** 2 of 3 free at " in text
    assert "1 all morning" in text
    assert "2 all afternoon" in text
    assert "**CGS** 3 of 3 free at " in text
    assert "0 of 6 rooms unknown" in text
    assert ":R>" not in text


@pytest.mark.parametrize(("late", "number"), [(timedelta(hours=6) - MINUTE, 1), (6 * HOUR, 0)])
async def test_after_an_outage_it_comes_up_to_six_hours_late(world, late, number):
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    world.set_time_after_digest(after=late)
    await process.tick()
    assert len(channel.messages) == number


async def test_a_late_one_after_midnight_is_yesterdays(world):
    process = await world.start_at_morning()
    channel = await world.add_digest(process, time=time(23, 30))
    tomorrow = TUESDAY + DAY
    assert await tick_between(world, process, at("00:30", tomorrow), at("23:20", tomorrow)) == [
        at("00:30", tomorrow)
    ]
    assert len(digests_in(channel)) == 1


async def test_it_waits_for_the_morning_refresh(world):
    world.clock.set(at("22:00", TUESDAY - DAY))
    process = await world.start()
    await process.refresh()
    channel = await world.add_digest(process)
    assert await tick_between(world, process, at("07:30"), at("07:50")) == []
    await process.refresh()
    await process.tick()
    assert len(channel.messages) == 1
    assert "the booking site" not in channel.messages[0].text.lower()


async def test_a_channels_early_time_waits_for_the_refresh_too(world):
    world.clock.set(at("05:00"))
    process = await world.start()
    await process.refresh()
    await world.add_digest(process, time=time(6, 0))
    assert await tick_between(world, process, at("06:00"), at("06:30")) == []
    world.clock.set(at("06:30"))
    await process.refresh()
    assert await tick_between(world, process, at("06:31"), at("08:00")) == [at("06:31")]


async def test_rooms_that_failed_in_the_morning_do_not_hold_it_up(world):
    world.source.failing = {"101": SourceUnavailableError("HTTP 503")}
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    await process.tick()
    assert "1 of 6 rooms unknown" in channel.messages[0].text
    assert "1 unknown" in channel.messages[0].text


async def test_without_data_it_waits_an_hour_and_then_says_so(world):
    world.source.down = SourceUnavailableError("HTTP 503")
    world.clock.set(at("06:30"))
    process = await world.start()
    with pytest.raises(SourceUnavailableError):
        await process.coordinator.refresh(manual=False)
    channel = await world.add_digest(process)
    assert await tick_between(world, process, at("07:30"), at("12:00"), step=MINUTE) == [
        at("08:30")
    ]
    text = channel.messages[0].text
    assert "The booking site has not answered since" in text
    assert "6 of 6 rooms unknown" in text
    assert " free" not in text


async def test_with_yesterdays_data_it_waits_an_hour_and_then_says_how_old_it_is(world):
    world.clock.set(at("22:00", TUESDAY - DAY))
    process = await world.start()
    await process.refresh()
    world.source.down = SourceUnavailableError("HTTP 503")
    world.clock.set(at("06:30"))
    with pytest.raises(SourceUnavailableError):
        await process.coordinator.refresh(manual=False)
    channel = await world.add_digest(process)
    assert await tick_between(world, process, at("07:30"), at("12:00")) == [at("08:30")]
    text = channel.messages[0].text
    assert "3 of 3 free" in text
    assert "not answer" in text


async def test_data_that_arrives_while_it_waits_ends_the_wait(world):
    world.source.down = SourceUnavailableError("HTTP 503")
    process = await world.start()
    channel = await world.add_digest(process)
    assert await tick_between(world, process, at("07:30"), at("08:00")) == []
    world.source.down = None
    await process.refresh()
    await process.tick()
    assert "3 of 3 free" in channel.messages[0].text


async def test_a_late_wait_ends_before_it_is_too_late(world):
    world.source.down = SourceUnavailableError("HTTP 503")
    process = await world.start()
    await world.add_digest(process, time=time(0, 30))
    assert await tick_between(world, process, at("00:30"), at("12:00"), step=MINUTE) == [
        at("06:29")
    ]


@pytest.mark.parametrize(("day", "clock"), [(SPRING, time(2, 30)), (AUTUMN, time(1, 30))])
@pytest.mark.parametrize("late", [False, True])
async def test_a_day_on_which_the_clocks_change_has_one(world, day, clock, late):
    world.clock.set(at("00:10", day))
    process = await world.start()
    its = time(23, 30) if late else clock
    channel = await world.add_digest(process, time=its, set_at=at("00:00", day))
    world.clock.set(at("06:30", day))
    await process.refresh()
    moments = await tick_between(
        world, process, at("00:00", day), at("00:00", day + DAY) + 3 * HOUR
    )
    assert len(moments) == len(digests_in(channel, day)) == 1
    assert moments[0] >= at("23:30" if late else "01:30", day)


async def test_a_building_has_its_own_and_others_are_not_in_it(world):
    process = await world.start_at_morning()
    all_of_it, cas = (
        await world.add_digest(process),
        await world.add_digest(process, building="CAS"),
    )
    gone = await world.add_digest(process, building="XXX")
    await process.tick()
    assert "**CGS**" in all_of_it.messages[0].text
    assert "**CGS**" not in cas.messages[0].text
    assert "**CAS** 3 of 3 free" in cas.messages[0].text
    assert "**CAS**" in gone.messages[0].text, "a building that is no more: all of them"


async def test_campuses_are_posted_side_by_side(world):
    world.sources["umd"].down = SourceUnavailableError("HTTP 503")
    world.clock.set(at("06:30"))
    process = await world.start()
    await process.coordinator.refresh(manual=False)
    bu, umd = await world.add_digest(process), await world.add_digest(process, campus_id="umd")
    unknown = await world.add_digest(process, campus_id="moved away")
    await tick_between(world, process, at("07:30"), at("07:50"))
    assert [len(each.messages) for each in (bu, umd, unknown)] == [1, 0, 0]
    await tick_between(world, process, at("08:30"), at("08:50"))
    assert [len(each.messages) for each in (bu, umd, unknown)] == [1, 1, 0]


@pytest.mark.parametrize("kind", ["announcement", "thread"])
async def test_threads_and_announcement_channels_get_theirs(world, kind):
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    other = channel.guild.add_channel("daily", kind, parent=channel)
    if kind == "thread":
        other.archive()
    await process.store.save_settings(
        replace(await settings_of(process, channel), channel_id=other.id)
    )
    await process.tick()
    assert [len(channel.messages), len(digests_in(other))] == [0, 1]


async def test_what_is_set_again_after_the_post_brings_no_second(world):
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    await process.tick()
    world.clock.set(at("08:00"))
    again = replace(await settings_of(process, channel), time=time(9, 0), set_at=at("08:00"))
    await process.store.save_settings(again)
    await tick_between(world, process, at("08:00"), at("20:00"))
    assert len(channel.messages) == 1


async def test_a_digest_that_is_off_or_removed_is_not_posted(world):
    process = await world.start_at_morning()
    off = await world.add_digest(process, disabled_since=at("07:00"), disabled_reason="x")
    removed = await world.add_digest(process)
    await process.store.delete_settings(removed.guild.id)
    await tick_between(world, process, at("07:30"), at("20:00"))
    assert off.messages == removed.messages == []


async def test_no_exception_ends_the_ticks(world, caplog):
    process = await world.start_at_morning()
    broken = create_autospec(CampusCoordinator, instance=True)
    broken.tick.side_effect = RuntimeError("a bug")
    broken.stored_day.side_effect = RuntimeError("a bug")
    broken.campus = world.campus
    process.bot._ready.set()
    await world.add_digest(process)
    campuses = CampusRegistry({"bu": broken}, CampusPreferences(process.store))
    morning = DigestLoop(
        process.bot,
        campuses,
        process.store,
        ImageService(ImageRenderer()),
        Metrics(),
        now=world.clock,
    )
    await morning.digest_loop()
    sampler = create_autospec(OccupancySampler, instance=True)
    await BackgroundCog(campuses, sampler).refresh_loop()
    assert "the refresh of bu could not be started" in caplog.text
    assert "digests could not be posted" in caplog.text


async def test_the_ticks_run_as_soon_as_the_bot_is_ready(world):
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    await process.bot.add_cog(process.digest_loop)
    process.digest_loop.start_loops()
    await asyncio.sleep(0.05)
    assert channel.messages == []
    process.bot._ready.set()
    await world.local.requests.wait_for("POST", POSTS)
    await process.bot.remove_cog("DigestLoop")
    await eventually(lambda: not process.digest_loop.digest_loop.is_running())


async def test_closed_history_does_not_keep_it_from_being_posted(world):
    process = await world.start_at_morning()
    channel = await world.add_digest(process)
    channel.overwrite(channel.guild.everyone, deny=Permission.READ_MESSAGE_HISTORY)
    await process.tick()
    world.set_time_after_digest(after=RETRY)
    await process.tick()
    assert len(channel.messages) == 1
