"""What an operator sees of the real bot.py: health by shard, metrics, JSON logs."""

import asyncio
import base64
import json
import re
from contextlib import AsyncExitStack
from datetime import time
from functools import partial

import aiohttp
import pytest

from core.model.calendar import DAY
from core.model.digest import DigestSettings
from core.store import KeyScope, Store
from fakes.discord import FakeDiscord
from fakes.discord.model.snowflakes import shard_of
from fakes.live25.bookings import Months
from fakes.live25.server import FakeLive25
from tests.conftest import find_free_port
from tests.e2e.environment import open_environment, write_campus
from tests.e2e.test_campuses import month
from tests.fakes import TUESDAY, at, eventually
from tests.oracle import Hours, RoomName
from tests.prometheus import read_page

NOW = at("10:05")
HALL = Hours("ATL", "07:00", "23:00", tuple(RoomName(f"11{n}", f"{n}") for n in range(3)))
SNOWFLAKE = re.compile(r"\d{17,20}")


@pytest.fixture
async def opened(tmp_path):
    """Open a Discord of two shards, and a bot's settings with a port."""
    port = find_free_port()
    async with FakeLive25(Months({room.id: month(room.id) for room in HALL.rooms})) as source:
        file = write_campus(tmp_path / "umd.toml", {"url": source.url, "read": "rooms"}, [HALL])
        settings = {"PORT": str(port), "API_LIMIT": "0", "LOG_FORMAT": "json"}
        async with (
            open_environment(tmp_path, file, None, start=NOW, settings=settings) as stage,
            aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
        ):
            yield stage, session


async def told(session, path):
    async with session.get(path) as answer:
        return answer.status, await answer.json()


async def readiness(session, is_wanted):
    """Return the first answer of /readyz that is as wanted; the bot notices a little later."""
    async with asyncio.timeout(20):
        while not is_wanted(*(said := await told(session, "/readyz"))):  # noqa: ASYNC110 - HTTP has no event
            await asyncio.sleep(0.05)
    return said


async def metrics(session):
    async with session.get("/metrics") as answer:
        text = await answer.text()
    assert not SNOWFLAKE.search(text)
    return read_page(text)


async def test_health_by_shard(opened):
    stage, session = opened
    gateway = stage.discord.gateway
    gateway.recommended_shards = 2
    mine = shard_of(stage.server.id, 2)
    other = 1 - mine
    gateway.refused_shards = {other}
    # Servers alternate between the shards.
    stage.discord.add_guild("Others").add_bot()
    bot = await stage.start_bot()
    await bot.logs("rooms of umd in")
    said = await readiness(session, lambda _, said: "nothing is known" not in said["detail"])
    assert said == (503, {"detail": f"Discord: shard {other} of 2 not connected"})
    assert await told(session, "/livez") == (200, {"status": "ok"})
    gateway.refused_shards = set()
    await stage.discord.wait_until_ready(30, shards=2)
    _, said = await readiness(session, lambda status, _: status == 200)
    assert said["status"] == "ok"
    gateway.refused_shards = {other}
    await gateway.disconnect(4000, shard=other)
    await eventually(lambda: 4000 in gateway.close_codes[-1:], within=20)
    status, said = await readiness(session, lambda _, said: said.get("status") != "ok")
    assert (status, said["status"]) == (200, "degraded")
    assert said["warnings"] == [f"Discord: shard {other} of 2 not connected"]
    assert said["shards"] == [{"id": each, "connected": each == mine} for each in (0, 1)]
    answer = (await stage.member.slash("status")).text
    # This server's shard is connected: of Discord it says a heartbeat's time, or nothing yet.
    told_of_discord = [line for line in answer.splitlines() if line.startswith("Discord")]
    assert all("last heartbeat answered in" in line for line in told_of_discord)
    page = await metrics(session)
    assert page.value("ec_discord_connected", shard=str(mine)) == 1
    assert page.value("ec_discord_connected", shard=str(other)) == 0


async def test_metrics_count_what_was_done(opened):
    stage, session = opened
    bot = await stage.start_bot()
    await eventually(lambda: bool(bot.logged("rooms of umd in")), within=20)
    for _ in range(3):
        await stage.member.slash("building", building="ATL")
    await stage.member.slash("free")
    stage.discord.faults.respond_with("POST", "/interactions/.*/callback", status=403)
    await stage.member.slash("free")
    page = await metrics(session)
    counted = {
        (dict(labels)["command"], dict(labels)["outcome"]): count
        for labels, count in page.values("ec_interactions_total").items()
    }
    assert counted == {
        ("building", "answered"): 3,
        ("free", "answered"): 1,
        ("free", "refused 403"): 1,
    }
    assert page.value("ec_discord_refused_total", code="403") == 1
    assert page.value("ec_answer_seconds_count") == 5
    assert sum(page.values("ec_rooms").values()) == len(HALL.rooms)
    assert page.value("ec_rooms", campus="umd", state="free") == len(HALL.rooms)
    assert page.value("ec_guilds") == 1
    assert page.value("ec_store_up") == 1


def token(bot_id):
    """Return a token of the shape that Discord's have: it begins with the bot's id."""
    return f"{base64.b64encode(bot_id.encode()).decode().rstrip('=')}.GhIjKl.{'m' * 38}"


async def test_two_bots_on_one_redis_post_their_own_digests(tmp_path, client, redis_url):
    """Both take along what an earlier version stored; production's digest is posted once."""
    bots = {"staging": "1111111111111111111", "production": "2222222222222222222"}
    stages = {}
    async with AsyncExitStack() as stack:
        months = Months({room.id: month(room.id) for room in HALL.rooms})
        source = await stack.enter_async_context(FakeLive25(months))
        file = write_campus(tmp_path / "umd.toml", {"url": source.url, "read": "rooms"}, [HALL])
        for name, bot_id in bots.items():
            (tmp_path / name).mkdir()
            discord = partial(FakeDiscord, token=token(bot_id))
            stages[name] = await stack.enter_async_context(
                open_environment(tmp_path / name, file, redis_url, start=NOW, make_discord=discord)
            )
        production = stages["production"]
        settings = DigestSettings(
            guild_id=production.server.id,
            channel_id=production.study.id,
            campus_id="umd",
            time=time(10),
            set_at=at("12:00", TUESDAY - DAY),
        )
        await Store(client, now=production.clock).save_settings(settings)
        for stage in stages.values():
            bot = await stage.start_bot()
            await bot.logs("took along")
        await eventually(lambda: len(production.study.messages) > 0, within=30)
        scopes = {name: KeyScope(bot_id=bot_id) for name, bot_id in bots.items()}
        store = Store(client, now=production.clock, scope=scopes["production"])

        async def state():
            told = await store.delivery("umd", TUESDAY, production.study.id)
            return told and told.state

        async with asyncio.timeout(20):
            while await state() != "sent":  # noqa: ASYNC110 - another process brings it about
                await asyncio.sleep(0.05)
        assert len(production.study.messages) == 1


async def test_every_line_of_the_log_is_an_object_without_ids(opened):
    stage, _ = opened
    bot = await stage.start_bot(LOG_LEVEL="DEBUG")
    await bot.logs("ready as")
    digest = {"channel": stage.study, "time": "10:06"}
    await stage.moderator.slash("digest set", **digest)
    await stage.member.slash("free")
    await bot.stop()
    events = [json.loads(line) for line in bot.log]
    assert {"time", "level", "logger", "message"} <= set(events[0])
    assert any("ready as" in event["message"] for event in events)
    assert not [line for line in bot.log if SNOWFLAKE.search(line)]
