"""Killed at any step of a refresh or a digest, the bot leaves nothing half done.

The real bot.py is killed by SIGKILL at a step of its own choosing: before each `send` into a
coroutine that takes part, and after each write to a socket. A failure names the step at which
each process died and where it stood; `KILL_STEPS=17 pytest ...` plays the points that have those
steps alone.
"""

import asyncio
import logging
from datetime import timedelta

import pytest

from tests.resilience.crash_environment import open_scene
from tests.resilience.crash_points import FORMS, chosen, count_steps, play
from tests.resilience.crash_steps import Part

pytestmark = pytest.mark.filterwarnings("ignore:unclosed transport:ResourceWarning")
"""Of connections whose other end was killed: nobody is there to close them."""

log = logging.getLogger(__name__)

PARTS: dict[str, tuple[Part, timedelta]] = {
    "refresh": ("refresh", timedelta()),
    # Discord still knows the nonce of an attempt that broke; or it does not any more.
    "digest-soon": ("digest", timedelta(seconds=40)),
    "digest-later": ("digest", timedelta(seconds=300)),
}


async def test_killed_at_some_steps_it_survives(client, redis_url, tmp_path):
    """All parts at once, each in a database of its own: they mostly wait."""
    parts = []
    for number, (part, leap) in enumerate(PARTS.values()):
        folder = tmp_path / str(number)
        folder.mkdir()
        parts.append(survives(part, leap, f"{redis_url}?db={number}", folder, most=3))
    played = await asyncio.gather(*parts)
    assert [fault for _, faults in played for fault in faults] == []
    assert sum(deaths for deaths, _ in played) > 30


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("part", "leap"), PARTS.values(), ids=PARTS)
async def test_killed_at_every_step_it_survives(part, leap, client, redis_url, tmp_path):
    deaths, faults = await survives(part, leap, redis_url, tmp_path, most=None)
    assert faults == []
    assert deaths > 100


async def survives(part, leap, redis_url, folder, *, most):
    """Play the points of every form, so many of each at most."""
    async with open_scene(part, folder, redis_url) as scene:
        steps = await count_steps(scene)
        points = [point for form in FORMS for point in chosen(form(steps), most)]
        deaths, faults = await play(scene, points, leap=leap)
        log.info("%s: %s steps, %s points, %s deaths", part, steps, len(points), deaths)
        return deaths, faults
