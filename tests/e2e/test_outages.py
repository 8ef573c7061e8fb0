"""The real bot while one thing after the other goes away: every command answers, and it heals."""

import asyncio
import os
import signal
from contextlib import asynccontextmanager
from datetime import date

import pytest

from core.store import Store, connect
from core.store.snapshots import Changed
from fakes.live25.fault_injection import ResponseFault
from fakes.live25.server import FakeLive25
from tests import oracle
from tests.e2e.environment import open_environment, write_campus
from tests.fakes import eventually
from tests.recordings import Recording

DAY = date(2024, 11, 5)
TEN = oracle.clock(oracle.UMD_ZONE, DAY, 10 * 60 + 5)
QUICK = {"REFRESH_COOLDOWN_MINUTES": "0"}


@pytest.fixture
async def campus(recording: Recording):
    async with FakeLive25(recording.answers()) as server:
        yield server


@pytest.fixture
def stage_on(tmp_path, campus, recording: Recording):
    @asynccontextmanager
    async def opened(redis_url, **more):
        source = {"url": campus.url, "read": "rooms"}
        file = write_campus(
            tmp_path / "umd.toml", source, list(recording.oracle().buildings.values())
        )
        async with open_environment(
            tmp_path, file, redis_url, start=TEN, settings=QUICK, **more
        ) as stage:
            yield stage

    return opened


async def ask_all(stage):
    """Use every command, and return what they said by name."""
    replies = {
        "/free": await stage.member.slash("free", building="ATL"),
        "/building": await stage.member.slash("building", building="IRB"),
        "/refresh": await refreshed(stage),
        "/status": await stage.member.slash("status"),
        "/digest show": await stage.moderator.slash("digest show"),
        "/digest preview": await stage.moderator.slash("digest preview"),
    }
    assert await stage.member.autocomplete("building", "building", "at") != []
    return {name: reply.latest().text for name, reply in replies.items()}


async def refreshed(stage):
    """Refresh, and return what it says in the end."""
    reply = await stage.moderator.slash("refresh")
    await eventually(lambda: not reply.latest().text.startswith("Checking"), within=60)
    return reply


def is_usual(said):
    return (
        "free now" in said["/free"]
        and "## IRB" in said["/building"]
        and "**Health**" in said["/status"]
        and "## Tuesday 5 November" in said["/digest preview"]
    )


async def until_read(stage):
    """Wait until the bot has its first data."""
    reply = await stage.member.slash("free")
    assert reply.text.startswith("## ")
    assert "no information" not in reply.text.lower()


async def test_redis_goes_away_and_comes_back_empty(stage_on, start_redis):
    redis = start_redis()
    async with stage_on(redis.url) as stage:
        bot = await stage.start_bot()
        await until_read(stage)
        before = (await stage.member.slash("building", building="ATL")).text
        redis.kill()
        said = await ask_all(stage)
        assert is_usual(said)
        assert "Database: not answering since" in said["/status"]
        assert "Refreshed in" in said["/refresh"]
        assert (await stage.member.slash("building", building="ATL")).text.splitlines()[:9] == (
            before.splitlines()[:9]
        )
        redis.start()
        await bot.logs("Redis answers again")
        said = await ask_all(stage)
        assert is_usual(said)
        assert "Database: answered" in said["/status"]
        assert len(bot.logged("Redis does not answer")) == 1
        await has_stored(redis.url, DAY, stage.clock)
        assert await bot.stop() == 0


async def has_stored(url, day, clock):
    """Wait until Redis holds a day: given back from memory, or read anew."""
    client = connect(url)
    store = Store(client, now=clock)
    async with asyncio.timeout(20):
        while not isinstance(await store.snapshot("umd", day), Changed):  # noqa: ASYNC110 - another process brings it about
            await asyncio.sleep(0.05)
    await client.aclose()


async def test_redis_emptied_is_filled_from_memory_without_asking_the_source(
    stage_on, start_redis, campus
):
    redis = start_redis()
    async with stage_on(redis.url) as stage:
        bot = await stage.start_bot()
        await until_read(stage)
        redis.kill()
        redis.start()
        campus.reset_counts()
        await stage.member.slash("free")
        await has_stored(redis.url, DAY, stage.clock)
        assert campus.request_count == 0
        assert await bot.stop() == 0


async def test_a_slow_redis_does_not_slow_answers(stage_on, start_redis):
    redis = start_redis()
    async with stage_on(redis.url) as stage:
        await stage.start_bot()
        await until_read(stage)
        redis.pause()
        # Discord waits for three seconds; the local one fails an interaction that takes longer.
        assert "free now" in (await stage.member.slash("free")).text
        assert "## IRB" in (await stage.member.slash("building", building="IRB")).text
        assert "**Health**" in (await stage.member.slash("status")).text
        redis.resume()


async def test_the_source_goes_away_and_comes_back(stage_on, redis_url, client, campus):
    async with stage_on(redis_url) as stage:
        bot = await stage.start_bot()
        await until_read(stage)
        before = (await stage.member.slash("free", building="ATL")).text
        await campus.stop()
        said = await ask_all(stage)
        assert is_usual(said)
        assert "The booking site does not answer" in said["/refresh"]
        assert "Booking system: not answering since" in said["/status"]
        marked = (await stage.member.slash("free", building="ATL")).text.splitlines()
        assert marked[0].startswith("**The booking system has been down since")
        assert marked[1:] == before.splitlines()
        await campus.start()
        said = await ask_all(stage)
        assert "Refreshed in" in said["/refresh"]
        assert "Booking system: answered" in (await stage.member.slash("status")).text
        assert len(bot.logged("cannot be read")) == len(bot.logged("can be read again")) == 1
        assert await bot.stop() == 0


async def test_without_source_and_without_data_it_says_so(stage_on, redis_url, client, campus):
    await campus.stop()
    async with stage_on(redis_url) as stage:
        await stage.start_bot()
        for command, options in {"free": {}, "building": {"building": "ATL"}}.items():
            reply = await stage.member.slash(command, **options)
            assert "does not answer and nothing is stored for Tuesday 5 November" in reply.text
            assert reply.is_ephemeral
        assert ("ATL · ATL Hall · no information", "ATL") in await stage.member.autocomplete(
            "free", "building", ""
        )
        assert "I have nothing for today yet" in (await stage.member.slash("status")).text
        await campus.start()
        await refreshed(stage)
        await until_read(stage)


async def test_rooms_that_fail_are_unknown_and_never_free(
    stage_on, redis_url, client, campus, recording: Recording
):
    rooms = list(campus.months)
    campus.room_faults = dict.fromkeys(rooms[::3], ResponseFault(status=403))
    names = {recording.names()[room] for room in rooms[::3]}
    async with stage_on(redis_url) as stage:
        await stage.start_bot()
        reply = await stage.member.slash("free")
        shown = [reply.text]
        while reply.buttons.get("More rooms"):
            reply = await reply.press("More rooms")
            shown.append(reply.text)
        assert f"no information for {len(names)} of 35 rooms" in shown[0]
        assert [name for name in names if f"**{name}**" in "\n".join(shown)] == []


async def test_the_gateway_drops_and_resumes(stage_on, redis_url, client):
    async with stage_on(redis_url) as stage:
        bot = await stage.start_bot()
        await until_read(stage)
        await stage.discord.gateway.disconnect(4000)
        await eventually(lambda: stage.discord.resume_count == 1)
        assert is_usual(await ask_all(stage))
        await stage.discord.gateway.invalidate_sessions(resumable=False)
        await eventually(lambda: stage.discord.identify_count == 2, within=20)
        await stage.discord.wait_until_ready(20)
        assert is_usual(await ask_all(stage))
        assert await bot.stop() == 0


async def test_discord_is_gone_for_a_while(stage_on, redis_url, client):
    async with stage_on(redis_url) as stage:
        bot = await stage.start_bot()
        await until_read(stage)
        async with stage.discord.outage():
            await asyncio.sleep(0.2)
        await eventually(
            lambda: stage.discord.resume_count + stage.discord.identify_count > 1, within=30
        )
        await stage.discord.wait_until_ready(30)
        assert is_usual(await ask_all(stage))
        assert await bot.stop() == 0


async def test_discord_is_not_there_at_the_start(stage_on, redis_url, client):
    async with stage_on(redis_url) as stage:
        async with stage.discord.outage():
            bot = await stage.launch_bot()
            await bot.logs("Discord cannot be reached")
        await stage.discord.wait_until_ready(20)
        await until_read(stage)
        assert await bot.stop() == 0


async def test_a_restart_answers_from_redis_without_the_source(stage_on, redis_url, client, campus):
    async with stage_on(redis_url) as stage:
        bot = await stage.start_bot()
        await until_read(stage)
        await bot.kill()
        campus.reset_counts()
        await campus.stop()
        await stage.start_bot()
        await until_read(stage)
        assert campus.request_count == 0


async def test_what_one_process_reads_the_other_shows(stage_on, redis_url, client, campus):
    async with stage_on(redis_url) as stage:
        first = await stage.start_bot()
        await until_read(stage)
        room = campus.months["3032"]
        items = next(s for s in room["subjects"] if s["item_date"].startswith(DAY.isoformat()))
        items["items"] = [{"itemId2": 1, "start": "8.0", "end": "9.0", "type_id": 1}]
        await stage.start_bot()
        await refreshed(stage)
        await first.stop()
        await asyncio.sleep(0.25)  # for a fifth of a second it counts what Redis said before
        line = f"**{room['subjects'][0]['itemName'].removeprefix('IRB ')}** "
        shown = (await stage.member.slash("building", building="IRB")).text
        (found,) = [each for each in shown.splitlines() if each.startswith(line)]
        nine = int(oracle.clock(oracle.UMD_ZONE, DAY, 9 * 60).timestamp())
        assert f"**<t:{nine}:t>–" in found


async def test_the_embedded_redis_keeps_settings_and_leaves_no_orphan(stage_on, tmp_path):
    async with stage_on(None) as stage:
        bot = await stage.start_bot()
        await until_read(stage)
        await stage.moderator.slash("digest set", channel=stage.study, time="06:00")
        (server,) = children(bot.process.pid)
        second = await stage.launch_bot()
        assert await second.process.wait() == 1
        await second.kill()
        assert len(second.log) == 1, second.log
        await bot.kill()
        await eventually(lambda: not is_alive(server), within=5)
        again = await stage.start_bot()
        assert "06:00" in (await stage.moderator.slash("digest show")).text
        await until_read(stage)
        assert await again.stop() == 0
        assert not (await stage.launch_bot(REDIS_URL="")).log


def children(pid):
    """Return the processes that a process has started."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as found:  # noqa: PTH123
        return [int(each) for each in found.read().split()]


def is_alive(pid):
    try:
        os.kill(pid, signal.SIG_DFL)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat", encoding="ascii") as state:  # noqa: PTH123
        return state.read().rsplit(")", 1)[1].split()[0] != "Z"
