"""Where members misbehave: a campus whose rooms are known by heart, and the real bot."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

from fakes.discord import FakeDiscord, UserClient
from fakes.live25.bookings import Months
from fakes.live25.server import FakeLive25
from tests.e2e.environment import BotEnvironment, open_environment, schema_checker, write_campus
from tests.fakes import TUESDAY, at
from tests.oracle import Hours, RoomName

NOW = at("10:05")
BUILDINGS = [
    Hours("CAS", "07:00", "23:00", tuple(RoomName(str(n), str(n)) for n in range(101, 117))),
    Hours("CGS", "07:00", "23:00", (RoomName("201", "201"), RoomName("202", "202"))),
]
EVENT = "Lecture of Professor Unmentionable"
"""Is the name of every event; must get nowhere."""


@asynccontextmanager
async def open_members_stage(folder: Path, **settings: str) -> AsyncIterator[BotEnvironment]:
    """Open a stage whose bot has read the campus; every room is booked from 14 to 15.

    It has served another campus before, so that `/campus` is there.
    """
    async with FakeLive25(_answers()) as source:
        asked = {"url": source.url, "read": "rooms"}
        file = write_campus(folder / "umd.toml", asked, BUILDINGS)
        told = file.read_text().replace('name = "101"', 'name = "101", features = ["Piano"]')
        file.write_text(told)
        other = write_campus(folder / "other.toml", asked, BUILDINGS, campus_id="other")
        async with open_environment(
            folder,
            file,
            None,
            start=NOW,
            settings=settings,
            make_discord=partial(FakeDiscord, check=schema_checker()),
        ) as stage:
            bot = await stage.start_bot(CAMPUS="", CAMPUSES=f"{file},{other}")
            await bot.logs(" of 18 rooms of umd")
            await stage.moderator.slash("campus set", campus="umd")
            assert await bot.stop() == 0
            stage.bots.clear()
            await stage.start_bot()
            while "running now" in (await stage.member.slash("status")).text:
                pass
            yield stage


async def assert_answers_truly(seat: UserClient) -> None:
    """Ask an ordinary question, whose answer is known."""
    free = await seat.slash("free", building="CAS", at="15:30", date="2026-03-03")
    assert free.text.startswith(f"## 16 rooms free at {_stamp('15:30')}"), free.text
    booked = await seat.slash("free", building="CGS", at="14:30", date="2026-03-03")
    assert booked.text.startswith(f"## No room is free at {_stamp('14:30')}"), booked.text


def _stamp(clock: str) -> str:
    return f"<t:{int(at(clock).timestamp())}:t>"


def _answers() -> Months:
    lecture = {"itemId2": 1, "itemName": EVENT, "start": 14.0, "end": 15.0, "type_id": 1}
    return Months(
        {
            room.id: {
                "subjects": [
                    {
                        "itemId": int(room.id),
                        "itemName": room.name,
                        "item_date": f"{TUESDAY + timedelta(days=day)}T00:00:00",
                        "items": [lecture],
                    }
                    for day in range(31)
                ]
            }
            for building in BUILDINGS
            for room in building.rooms
        }
    )
