"""What one process leaves to another: suspended in the middle, or failing while others wait."""

import asyncio
import signal
from datetime import timedelta

import pytest

from cogs.digest.loop import digest_layout
from cogs.digest.publisher import DigestPost, DigestPublisher
from core.data.coordinator import CampusCoordinator
from core.errors import SourceFormatError, SourceRefusedError, SourceUnavailableError
from core.metrics import Metrics
from core.store import Store
from tests.cogs.digest.test_publisher import digests_in, open_world, settings_of
from tests.fakes import TUESDAY, Clock, FakeSource, at, eventually, make_campus, make_policy
from tests.resilience.crash_checks import check_after_refresh, look
from tests.resilience.crash_environment import open_scene
from tests.resilience.crash_points import alone, chosen, count_steps
from tests.resilience.crash_runner import wait_for

pytestmark = pytest.mark.filterwarnings("ignore:unclosed transport:ResourceWarning")
"""Of connections whose other end was killed: nobody is there to close them."""


async def suspended(part, leap, redis_url, folder, *, most):
    """Suspend a process at steps of its part; another does the work; then the first goes on.

    Returns how many were suspended, and where that did harm.
    """
    async with open_scene(part, folder, redis_url) as scene:
        steps = await count_steps(scene)
        points = chosen(alone(steps), most)
        places = [await scene.new_place() for _ in points]

        async def fall_asleep(place, stops):
            await scene.race(place, stops, leap=2 * leap, how=signal.SIGSTOP)

        async def another_does_it(place):
            await scene.race(place, [None])
            await wait_for(lambda: scene.is_done(place), f"never done: {place}")
            return (await look(scene, place)).last.began_at

        async def goes_on(place):
            place.racers[0].wake()
            await place.racers[0].until("over")

        await asyncio.gather(*map(fall_asleep, places, [stops for (stops,) in points]))
        scene.leap([], leap)
        read_at = await asyncio.gather(*map(another_does_it, places))
        # So much later that Discord has forgotten the nonce of the other's message, too.
        scene.leap(places, leap)
        await asyncio.gather(*map(goes_on, places))
        faults = []
        for place, newest in zip(places, read_at, strict=True):
            if (await look(scene, place)).last.began_at < newest:
                faults.append(f"older data replaced newer: {place}")
            if part == "digest" and len(place.digests) != 1 and not _was_sending(place):
                faults.append(f"{len(place.digests)} digests: {place}")
            await check_after_refresh(scene, place)
        return sum(bool(place.racers[0].place) for place in places), faults


def _was_sending(place):
    """Tell whether it fell asleep in the very act: after its last look at the clock.

    Its time for sending is over when it goes on, but bytes may be on their way before that is
    noticed, and Discord takes no other mark than the nonce.
    """
    stood = place.racers[0].place
    # A body is written by a task of aiohttp's own, in which no line of ours stands.
    is_body = "write_bytes" in stood or (stood.startswith("after a write") and " in " not in stood)
    return " _send_message" in stood or is_body


PARTS = [("refresh", timedelta()), ("digest", timedelta(seconds=300))]


async def test_one_that_was_suspended_does_no_harm_when_it_goes_on(client, redis_url, tmp_path):
    parts = []
    for number, part in enumerate(PARTS):
        folder = tmp_path / str(number)
        folder.mkdir()
        parts.append(suspended(*part, f"{redis_url}?db={number}", folder, most=6))
    found = await asyncio.gather(*parts)
    assert [fault for _, faults in found for fault in faults] == []
    assert sum(number for number, _ in found) > 6


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("part", "leap"), PARTS)
async def test_suspended_at_any_step_it_does_no_harm(part, leap, client, redis_url, tmp_path):
    number, faults = await suspended(part, leap, redis_url, tmp_path, most=None)
    assert faults == []
    assert number > 12


class SleepyStore(Store):
    """A store whose process is suspended for long as soon as it has claimed a digest."""

    async def compare_and_set_delivery(self, *args, **more):
        moved = await super().compare_and_set_delivery(*args, **more)
        assert isinstance(self._now, Clock)
        self._now.forward(minutes=10)
        return moved


async def test_a_claim_that_has_grown_old_is_not_sent_but_taken_over(
    client, redis_url, monkeypatch
):
    clock = Clock(at("06:00"))
    async with open_world(redis_url, clock, monkeypatch) as world:
        process = await world.start_at_morning()
        channel = await world.add_digest(process)
        settings = await settings_of(process, channel)
        view = digest_layout(process.coordinator, TUESDAY, None, None, clock())
        poster = DigestPublisher(process.bot, SleepyStore(client, now=clock), Metrics(), now=clock)
        await poster.publish(DigestPost(world.campus, TUESDAY, settings, view), None)
        assert channel.messages == []
        await process.tick()
        assert len(digests_in(channel)) == 1


@pytest.mark.parametrize(
    "fault",
    [
        SourceUnavailableError("timed out"),
        SourceRefusedError("login page"),
        SourceFormatError("not understood"),
    ],
)
async def test_who_waited_for_anothers_refresh_is_told_why_it_failed(client, fault):
    clock, campus = Clock(at("10:00")), make_campus()
    source = FakeSource(campus)
    source.down = fault
    source.gate.clear()
    one, other = (
        CampusCoordinator(campus, source, Store(client, now=clock), make_policy(), now=clock)
        for _ in range(2)
    )
    told = [asyncio.create_task(one.refresh(manual=True))]
    await eventually(lambda: source.readings == 1)
    told.append(asyncio.create_task(other.refresh(manual=True)))
    await eventually(lambda: other.refresh_progress == (3, 6))
    source.gate.set()
    errors = await asyncio.gather(*told, return_exceptions=True)
    assert [type(each) for each in errors] == [type(fault)] * 2
    assert [str(each) for each in errors] == [str(fault)] * 2
    assert source.readings == 1
    for each in (one, other):
        await each.close()
