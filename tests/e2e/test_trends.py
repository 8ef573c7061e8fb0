"""The real bot samples as it runs, and `/trends` tells and draws what comes of it."""

import asyncio

from core.model.calendar import DAY, HOUR
from core.model.interval import Interval
from core.model.occupancy import OccupancyCount, OccupancySample
from core.store import Store
from core.store.keys import hourly_samples_key, samples_key
from core.trends.samples import SAMPLE_INTERVAL
from fakes.live25.bookings import Months
from fakes.live25.server import FakeLive25
from tests.e2e.environment import open_environment, write_campus
from tests.fakes import TUESDAY, at
from tests.oracle import Hours, RoomName

NOW = at("14:02")
ROOMS = ("11", "12", "13", "14")
USUAL = (
    "**About as busy as usual** · 2 rooms free, usually 2 at this hour on Tuesdays · getting busier"
)


def month(room):
    """Return a month in which the rooms 11 and 12 are booked from one to three."""
    items = [{"itemId2": 1, "itemName": "x", "start": 13, "end": 15, "type_id": 1}]
    return {
        "subjects": [
            {
                "itemId": int(room),
                "item_date": f"{TUESDAY + DAY * number}T00:00:00",
                "items": items if room < "13" else [],
            }
            for number in range(31)
        ]
    }


async def remember(store):
    """Store what a bot would have sampled until five minutes ago."""
    for weeks in (2, 1):
        for hour in range(7, 23):
            then = at(f"{hour:02}:00", TUESDAY - 7 * weeks * DAY)
            await store.add_hour("umd", OccupancySample(then, {"ATL": OccupancyCount(weeks, 4, 0)}))
    start = NOW - 3 * HOUR
    first = start - (start - at("00:00")) % SAMPLE_INTERVAL + SAMPLE_INTERVAL
    for number in range(35):
        tally = OccupancyCount(4 - number // 12, 4, 0)
        await store.add_sample(
            "umd", OccupancySample(first + SAMPLE_INTERVAL * number, {"ATL": tally})
        )


async def test_the_bot_samples_and_trends_tell(tmp_path, client, redis_url):
    store = Store(client, now=lambda: NOW)
    await remember(store)
    async with FakeLive25(Months({room: month(room) for room in ROOMS})) as source:
        names = tuple(RoomName(each, each) for each in ROOMS)
        campus = write_campus(
            tmp_path / "umd.toml",
            {"url": source.url, "read": "rooms"},
            [Hours("ATL", "07:00", "23:00", names)],
        )
        async with open_environment(tmp_path, campus, redis_url, start=NOW) as stage:
            bot = await stage.start_bot()
            await bot.logs("rooms of umd in")

            headings = {"## University of Maryland": {}, "## ATL · ATL Hall": {"building": "ATL"}}
            for heading, options in headings.items():
                told = await stage.member.slash("trends", **options)
                assert told.is_ephemeral
                lines = told.text.splitlines()
                assert lines[0] == heading
                assert lines[2] == USUAL
                assert f"<t:{int(at('07:00').timestamp())}:t> no data" in lines[3]
                assert "no information" not in lines[-1]
            [file] = told.attachments
            assert file.filename == "trend.png"
            assert "getting busier" in (file.description or "")
            assert not (await stage.member.slash("trends", building="ATL", share=True)).is_ephemeral
            offered = await stage.member.autocomplete("trends", "building", "at")
            assert [each[1] for each in offered] == ["ATL"]
            unknown = await stage.member.slash("trends", building="nowhere")
            assert unknown.text.startswith('No building here is called "nowhere"')

            await sampled(client, store)
            assert stage.discord.violations == []
            assert await bot.stop() == 0
            assert "Traceback" not in "\n".join(bot.log)


async def sampled(client, store):
    """See that the bot itself has written the sample of now, and the hours that were over."""
    key = hourly_samples_key("umd")
    async with asyncio.timeout(15):
        while await client.xlen(samples_key("umd")) < 36 or await client.xlen(key) < 35:  # noqa: ASYNC110 - Redis tells of no event
            await asyncio.sleep(0.01)
    today = Interval(at("00:00"), at("00:00", TUESDAY + DAY))
    history = await store.history("umd", samples=today, hours=[today])
    assert history.samples[-1] == OccupancySample(at("14:00"), {"ATL": OccupancyCount(2, 4, 0)})
    assert [each.at for each in history.hours] == [at("11:00"), at("12:00"), at("13:00")]
