"""A picture is drawn anew where what it shows is another; what draws is there in time."""

import subprocess
import sys
from pathlib import Path

from cogs.ui.images.service import ImageService
from core.availability.week import room_week
from core.images.renderer import ImageRenderer
from core.model.calendar import DAY
from tests.fakes import TUESDAY, at, make_campus


async def test_a_week_tells_another_day_apart_when_the_day_has_changed():
    campus, studio = make_campus(), ImageRenderer()
    building = campus.buildings[0]

    async def seen(now):
        monday = TUESDAY - DAY
        week = room_week({}, building, building.rooms[0], monday=monday, now=now)
        picture = await ImageService(studio).week(campus, {}, week, now, is_stale=False)
        assert picture
        return picture.png

    late = await seen(at("23:30"))
    assert await seen(at("23:40")) == late
    assert await seen(at("24:30")) != late
    await studio.close()


PREPARED = """
import asyncio, sys
from cogs.ui.images.service import ImageService
from core.images.renderer import ImageRenderer
asyncio.run(ImageService(ImageRenderer()).preload())
print(*sys.modules)
"""


def test_once_prepared_no_first_picture_waits_for_an_import():
    told = subprocess.run(
        [sys.executable, "-c", PREPARED],
        cwd=Path(__file__).parents[4],
        capture_output=True,
        text=True,
        check=True,
    )
    assert {"cogs.ui.images.render", "PIL.Image"} <= set(told.stdout.split())
