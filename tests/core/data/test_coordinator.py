"""Each row of the table "how a schedule answers", with a real Redis and a source under control."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from core.availability.campus_day import campus_dates_at
from core.availability.states import RoomState
from core.data.coordinator import CampusCoordinator
from core.errors import NoDataError, RefreshTooSoonError, SourceError, SourceUnavailableError
from core.model.calendar import DAY
from core.store import Store, connect
from tests.fakes import (
    TUESDAY,
    FakeSource,
    at,
    between,
    eventually,
    make_campus,
    make_policy,
)

LONG_AGO = TUESDAY - 300 * DAY


@pytest.fixture
def source():
    return FakeSource(make_campus())


class Process:
    """A process of the bot: a store of its own on the shared Redis, and its memory."""

    def __init__(self, client, source, clock, campus=None, **policy):
        self.store = Store(client, now=clock)
        self.schedule = CampusCoordinator(
            campus or make_campus(), source, self.store, make_policy(**policy), now=clock
        )


@pytest.fixture
async def start(client, source, clock):
    started = []

    def one(**policy):
        process = Process(client, source, clock, **policy)
        started.append(process)
        return process.schedule

    yield one
    for process in started:
        await process.schedule.close()


def state(day, room_id, moment):
    room = next(room for room in day.campus.rooms if room.id == room_id)
    return day.state_at(room, moment)


async def test_a_young_snapshot_is_answered_without_asking_the_source(start, source):
    schedule = start()
    await schedule.get_day(TUESDAY)
    await schedule.get_day(TUESDAY)
    assert source.readings == 1


async def test_many_callers_without_data_cause_one_reading(start, source):
    schedule = start()
    source.gate.clear()
    waiting = [asyncio.create_task(schedule.get_day(TUESDAY)) for _ in range(20)]
    await asyncio.sleep(0.05)
    source.gate.set()
    days = await asyncio.gather(*waiting)
    assert source.readings == 1
    assert len({day.snapshot.attempted_at for day in days}) == 1


async def test_many_processes_without_data_cause_one_reading(start, source):
    schedules = [start() for _ in range(4)]
    source.gate.clear()
    waiting = [asyncio.create_task(each.get_day(TUESDAY)) for each in schedules]
    await asyncio.sleep(0.1)
    source.gate.set()
    days = await asyncio.gather(*waiting)
    assert source.readings == 1
    assert len({day.snapshot.attempted_at for day in days}) == 1


async def test_a_process_sees_what_another_has_read(start, source, clock):
    here, there = start(), start()
    await here.get_day(TUESDAY)
    clock.forward(minutes=31)
    source.bookings["101"] = [between("09:00", "12:00")]
    await there.refresh(manual=True)
    async with asyncio.timeout(5):
        while state(await here.get_day(TUESDAY), "101", clock()) is not RoomState.BOOKED:  # noqa: ASYNC110 - nobody is told
            await asyncio.sleep(0.01)


async def test_of_a_burst_one_asks_redis_and_the_others_know(start, client):
    schedule = start()
    await schedule.get_day(TUESDAY)
    await asyncio.sleep(0.25)
    before = await reads(client)
    await asyncio.gather(*(schedule.get_day(TUESDAY) for _ in range(50)))
    assert await reads(client) - before == 1


async def test_that_a_day_is_in_no_redis_is_asked_once_for_a_burst_too(start, client):
    schedule = start()
    await schedule.get_day(TUESDAY)
    assert await schedule.stored_day(LONG_AGO) is None
    before = await reads(client)
    assert not any([await schedule.stored_day(LONG_AGO) for _ in range(50)])
    assert await reads(client) - before <= 1


async def test_asking_for_ever_other_days_keeps_nothing_of_them(start):
    schedule = start()
    for day in range(500):
        await schedule.stored_day(LONG_AGO + timedelta(days=day))
    assert len(schedule._cache._fresh_until) <= 100


async def reads(client) -> int:
    """Return how many times a script was asked of Redis so far."""
    stats = await client.info("commandstats")
    return sum(stats.get(f"cmdstat_{name}", {"calls": 0})["calls"] for name in ("evalsha", "eval"))


async def test_a_failed_room_keeps_its_last_data_with_its_own_age(start, source, clock):
    schedule = start()
    source.bookings["101"] = [between("09:00", "12:00")]
    await schedule.refresh(manual=False)
    first = clock()
    clock.forward(minutes=31)
    source.failing["101"] = SourceUnavailableError("timed out")
    done = await schedule.refresh(manual=True)
    day = await schedule.get_day(TUESDAY)
    assert state(day, "101", clock()) is RoomState.BOOKED
    assert day.snapshot.rooms["101"].read_at == first
    assert day.snapshot.rooms["102"].read_at == clock()
    assert (done.attempt.rooms_read, dict(done.attempt.failures)) == (5, {"timed out": 1})


async def test_a_room_that_never_arrived_is_unknown(start, source, clock):
    schedule = start()
    source.failing["101"] = SourceUnavailableError("timed out")
    day = await schedule.get_day(TUESDAY)
    assert state(day, "101", clock()) is RoomState.UNKNOWN
    assert state(day, "102", clock()) is RoomState.FREE


async def test_a_room_that_failed_is_asked_for_again(start, source, clock):
    schedule = start()
    source.failing["101"] = SourceUnavailableError("timed out")
    await schedule.refresh(manual=False)
    source.failing.clear()
    clock.forward(minutes=31)
    await schedule.refresh(manual=True)
    assert state(await schedule.get_day(TUESDAY), "101", clock()) is RoomState.FREE


async def test_a_failed_refresh_moves_no_time_and_spends_no_cooldown(start, source, clock):
    schedule = start()
    await schedule.refresh(manual=True)
    read_at = clock()
    clock.forward(hours=7)
    source.down = SourceUnavailableError("no answer")
    with pytest.raises(SourceError):
        await schedule.refresh(manual=True)
    day = await schedule.get_day(TUESDAY)
    assert day.read_at == read_at
    assert schedule.is_stale(day)
    assert schedule.failing_since == clock()
    source.down = None
    await schedule.refresh(manual=True)
    assert (await schedule.get_day(TUESDAY)).read_at == clock()
    assert schedule.failing_since is None


async def test_nothing_known_and_nothing_to_be_had_says_when_it_is_tried_again(
    start, source, clock
):
    schedule = start()
    source.down = SourceUnavailableError("no answer")
    with pytest.raises(NoDataError) as caught:
        await schedule.get_day(TUESDAY)
    assert caught.value.retry_at == clock() + timedelta(minutes=5)


async def test_an_outage_is_asked_about_once_a_pause(start, source, clock):
    schedule = start()
    source.down = SourceUnavailableError("no answer")
    for _ in range(10):
        with pytest.raises(NoDataError):
            await schedule.get_day(TUESDAY)
    assert source.readings == 1
    clock.forward(minutes=5)
    with pytest.raises(NoDataError):
        await schedule.get_day(TUESDAY)
    assert source.readings == 2


async def test_yesterday_is_never_today(start, source, clock):
    schedule = start(days_ahead=0)
    source.bookings["101"] = [between("07:00", "23:00")]
    await schedule.get_day(TUESDAY)
    clock.set(at("10:00", TUESDAY + DAY))
    day = await schedule.get_day(TUESDAY + DAY)
    assert source.readings == 2
    assert day.snapshot.day == TUESDAY + DAY
    assert state(day, "101", clock()) is RoomState.FREE


async def test_a_restart_asks_redis_and_not_the_source(start, source):
    await start().get_day(TUESDAY)
    again = start()
    await again.load()
    assert again.is_cached(TUESDAY)
    await again.tick()
    assert again.cached_dates == [TUESDAY, TUESDAY + DAY, TUESDAY + 2 * DAY]
    await again.get_day(TUESDAY)
    assert source.readings == 1


async def test_old_data_is_answered_and_read_again_behind_the_answer(start, source, clock):
    schedule = start()
    await schedule.get_day(TUESDAY)
    clock.forward(hours=6, minutes=1)
    old = await schedule.get_day(TUESDAY)
    assert schedule.is_stale(old)
    await eventually(
        lambda: not schedule.data_age(schedule.cached_days_at(clock()).values()).is_stale
    )
    assert source.readings == 2


async def test_a_moderator_waits_for_the_cooldown_and_the_bot_does_not(start, source, clock):
    schedule = start()
    await schedule.refresh(manual=False)
    clock.forward(minutes=29, seconds=59)
    with pytest.raises(RefreshTooSoonError) as caught:
        await schedule.refresh(manual=True)
    assert caught.value.allowed_at - clock() == timedelta(seconds=1)
    clock.forward(seconds=1)
    await schedule.refresh(manual=True)
    assert source.readings == 2


async def test_the_cooldown_is_claimed_once_over_processes(start, source):
    source.gate.clear()
    asking = [asyncio.create_task(start().refresh(manual=True)) for _ in range(5)]
    await asyncio.sleep(0.1)
    source.gate.set()
    done = await asyncio.gather(*asking)
    assert source.readings == 1
    assert len({each.attempt.token for each in done}) == 1


async def test_a_refresh_cut_off_leaves_no_lock(start, source):
    schedule, other = start(), start()
    source.gate.clear()
    asking = asyncio.create_task(schedule.refresh(manual=True))
    await asyncio.sleep(0.05)
    await schedule.close()
    with pytest.raises(asyncio.CancelledError):
        await asking
    source.gate.set()
    await asyncio.wait_for(other.refresh(manual=True), 5)


async def test_one_caller_that_goes_away_does_not_end_the_refresh(start, source):
    schedule = start()
    source.gate.clear()
    first = asyncio.create_task(schedule.refresh(manual=True))
    second = asyncio.create_task(schedule.refresh(manual=True))
    await asyncio.sleep(0.05)
    first.cancel()
    source.gate.set()
    assert (await second).attempt.rooms_read == 6


async def test_a_tick_reads_when_due_and_not_before(start, source, clock):
    schedule = start()
    await schedule.tick()
    await eventually(lambda: schedule.is_cached(TUESDAY))
    clock.forward(minutes=119)
    await schedule.tick()
    await asyncio.sleep(0.05)
    assert source.readings == 1
    clock.forward(minutes=1)
    await schedule.tick()
    await eventually(lambda: source.readings == 2)


async def test_bookings_that_vanish_all_at_once_are_believed_the_second_time(client, clock):
    campus = make_campus(12)
    source = FakeSource(campus)
    source.bookings = {room.id: [between("09:00", "12:00")] for room in campus.rooms}
    schedule = CampusCoordinator(campus, source, Store(client, now=clock), make_policy(), now=clock)
    await schedule.refresh(manual=False)
    source.bookings.clear()
    clock.forward(minutes=31)
    with pytest.raises(SourceError, match="suddenly empty"):
        await schedule.refresh(manual=True)
    assert state(await schedule.get_day(TUESDAY), "101", clock()) is RoomState.BOOKED
    clock.forward(minutes=6)
    await schedule.refresh(manual=True)
    assert state(await schedule.get_day(TUESDAY), "101", clock()) is RoomState.FREE
    await schedule.close()


async def test_an_outage_is_logged_once_down_and_once_up(start, source, clock, caplog):
    caplog.set_level(logging.INFO, "core.data.refresher")
    schedule = start()
    source.down = SourceUnavailableError("no answer")
    for _ in range(3):
        with pytest.raises(SourceError):
            await schedule.refresh(manual=True)
    source.down = None
    for _ in range(2):
        await schedule.refresh(manual=False)
    told = [each.getMessage() for each in caplog.records]
    assert sum("cannot be read" in each for each in told) == 1
    assert sum("can be read again" in each for each in told) == 1


async def test_standing_tells_what_comes_next(start, source, clock):
    schedule = start()
    await schedule.refresh(manual=False)
    standing = await schedule.status()
    assert standing.next_refresh == clock() + timedelta(minutes=120)
    assert standing.allowed_at == clock() + timedelta(minutes=30)
    assert standing.last_attempt is not None
    assert standing.last_attempt.rooms_read == 6
    source.down = SourceUnavailableError("no answer")
    clock.forward(hours=3)
    with pytest.raises(SourceError):
        await schedule.refresh(manual=True)
    assert (await schedule.status()).next_refresh == clock() + timedelta(minutes=5)


async def test_the_status_agrees_with_a_refresh_while_redis_is_away(start_redis, source, clock):
    redis = start_redis()
    client = connect(redis.url)
    process = Process(client, source, clock)
    await process.schedule.refresh(manual=False)
    redis.kill()
    clock.forward(minutes=1)
    assert process.store.answered_at == at("10:00")
    status = await process.schedule.status()
    with pytest.raises(RefreshTooSoonError) as caught:
        await process.schedule.refresh(manual=True)
    assert status.allowed_at == caught.value.allowed_at == at("10:30")
    clock.forward(hours=1)
    assert (await process.schedule.status()).allowed_at is None
    await process.schedule.refresh(manual=True)
    await process.schedule.close()
    await client.aclose()


async def test_absent_yesterday_does_not_keep_today_from_answering(start, source, clock):
    campus = make_campus()
    late = replace(
        campus,
        buildings=(replace(campus.buildings[0], closes=timedelta(hours=26)), campus.buildings[1]),
    )
    schedule = start(days_ahead=0, campus=late)
    clock.set(at("12:00"))
    await schedule.refresh(manual=False)
    clock.set(at("01:00"))
    assert len(campus_dates_at(late, clock())) == 2
    days = await schedule.get_days_at(clock())
    assert list(days) == [TUESDAY]


async def test_days_at_raise_only_where_none_is_known(start, source, clock):
    schedule = start()
    source.down = SourceUnavailableError("no answer")
    with pytest.raises(NoDataError):
        await schedule.get_days_at(clock())


async def test_many_callers_share_one_reading_while_redis_is_away(start_redis, source, clock):
    redis = start_redis()
    client = connect(redis.url)
    process = Process(client, source, clock)
    redis.kill()
    source.gate.clear()
    waiting = [asyncio.create_task(process.schedule.get_day(TUESDAY)) for _ in range(20)]
    await eventually(lambda: source.readings > 0)
    await asyncio.sleep(0.05)
    source.gate.set()
    days = await asyncio.gather(*waiting)
    assert source.readings == 1
    assert len(set(map(id, days))) == 1
    await process.schedule.close()
    await client.aclose()
