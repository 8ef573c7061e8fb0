"""The real bot.py on the morning of a recorded day: what moderators set comes, once."""

import asyncio
import random
from contextlib import asynccontextmanager
from datetime import date, time, timedelta

import pytest

from core.model.calendar import DAY
from core.model.digest import DigestSettings
from core.store import Store, connect
from fakes.discord import ClientRefusal, Permission
from fakes.live25.server import FakeLive25
from tests import oracle
from tests.e2e.environment import open_environment, write_campus
from tests.fakes import eventually
from tests.recordings import Recording

TUESDAY = date(2024, 11, 5)
POSTS = r"/channels/\d+/messages"


def umd(minutes, day=TUESDAY, **more):
    """Return when the clock on campus shows so many minutes after midnight, and a bit."""
    return oracle.clock(oracle.UMD_ZONE, day, minutes) + timedelta(**more)


DUE = umd(7 * 60 + 30)


@pytest.fixture
def stage_at(tmp_path, client, redis_url, recording: Recording):
    """Give a way to open a stage at a moment, with a campus that answers and an empty Redis."""

    @asynccontextmanager
    async def opened(start):
        async with FakeLive25(recording.answers()) as source:
            file = write_campus(
                tmp_path / "umd.toml",
                {"url": source.url, "read": "rooms"},
                list(recording.oracle().buildings.values()),
            )
            async with open_environment(tmp_path, file, redis_url, start=start) as stage:
                yield stage
                assert stage.discord.violations == []

    return opened


async def test_moderators_say_where_and_when(stage_at):
    async with stage_at(umd(10 * 60)) as stage:
        bot = await stage.start_bot()
        ask = stage.moderator.slash
        assert (await ask("digest show")).text.startswith("No digest is set")
        reply = await ask("digest set", channel=stage.study)
        assert reply.is_ephemeral
        assert f"<#{stage.study.id}> every day at 07:30" in reply.text
        assert f"First: <t:{int(umd(7 * 60 + 30, TUESDAY + DAY).timestamp())}:f>" in reply.text
        reply = await ask("digest set", channel=stage.study, time="6 pm", building="irb")
        assert f"Digest of IRB in <#{stage.study.id}> every day at 18:00" in reply.text
        assert f"First: <t:{int(umd(18 * 60).timestamp())}:f>" in reply.text
        assert f"Next: <t:{int(umd(18 * 60).timestamp())}:f>" in (await ask("digest show")).text
        preview = (await ask("digest preview")).latest()
        assert preview.is_ephemeral
        assert "## Tuesday 5 November" in preview.text
        assert "**IRB**" in preview.text
        assert "**ATL**" not in preview.text
        assert (await ask("digest off")).text.startswith("There will be no more")
        assert (await ask("digest off")).text.startswith("No digest is set")
        assert stage.discord.public_messages() == []
        assert await bot.stop() == 0


async def test_where_it_cannot_post_it_says_what_is_missing(stage_at):
    async with stage_at(umd(10 * 60)) as stage:
        bot = await stage.start_bot()
        own = next(each for each in stage.server.roles.values() if each.managed_by)
        quiet, hidden = (stage.server.add_channel(name) for name in ("quiet", "hidden"))
        quiet.overwrite(own, deny=Permission.SEND_MESSAGES)
        hidden.overwrite(own, deny=Permission.VIEW_CHANNEL)
        for place, missing in (
            (quiet, "I'm missing Send Messages there"),
            (hidden, "View Channel"),
        ):
            reply = await stage.moderator.slash("digest set", channel=place)
            assert reply.is_ephemeral
            assert f"I can't post in <#{place.id}>" in reply.text
            assert missing in reply.text
            assert (await stage.moderator.slash("digest show")).text.startswith("No digest")
        news = stage.server.add_channel("news", "announcement")
        reply = await stage.moderator.slash("digest set", channel=news)
        assert f"in <#{news.id}> every day" in reply.text
        stage.study.overwrite(stage.server.everyone, deny=Permission.READ_MESSAGE_HISTORY)
        reply = await stage.moderator.slash("digest set", channel=stage.study)
        assert "Read Message History" in reply.text
        assert await bot.stop() == 0


async def test_threads_have_a_permission_of_their_own(stage_at):
    async with stage_at(umd(10 * 60)) as stage:
        bot = await stage.start_bot()
        own = next(each for each in stage.server.roles.values() if each.managed_by)
        mute = stage.server.add_channel("mute")
        mute.overwrite(own, deny=Permission.SEND_MESSAGES_IN_THREADS)
        thread = stage.server.add_channel("t", "thread", parent=mute)
        reply = await stage.moderator.slash("digest set", channel=thread)
        assert "I'm missing Send Messages in Threads there" in reply.text
        talk = stage.server.add_channel("talk", "thread", parent=stage.study)
        reply = await stage.moderator.slash("digest set", channel=talk)
        assert f"in <#{talk.id}> every day" in reply.text
        assert await bot.stop() == 0


async def test_members_and_direct_messages_are_not_offered_it(stage_at):
    async with stage_at(umd(10 * 60)) as stage:
        bot = await stage.start_bot()
        for seat in (stage.member, stage.ana.direct_messages(), stage.mo.direct_messages()):
            for command in ("digest set", "digest off", "digest show", "digest preview"):
                assert command not in seat.commands
                with pytest.raises(ClientRefusal):
                    await seat.slash(command)
        forum = stage.server.add_channel("forum", "forum")
        with pytest.raises(ClientRefusal):
            await stage.moderator.slash("digest set", channel=forum)
        assert await bot.stop() == 0


async def test_it_comes_at_its_time_from_one_of_two_processes(stage_at):
    async with stage_at(DUE - timedelta(seconds=20)) as stage:
        bots = [await stage.start_bot(), await stage.start_bot()]
        reply = await stage.moderator.slash("digest set", channel=stage.study)
        assert f"First: <t:{int(DUE.timestamp())}:f>" in reply.text
        await eventually(lambda: stage.study.messages != [], within=40)
        message = stage.study.messages[0]
        assert DUE <= message.created_at < DUE + timedelta(seconds=8)
        assert message.is_silent
        assert message.notified_ids == []
        assert "## Tuesday 5 November" in message.text
        assert "0 of 35 rooms unknown" in message.text
        await asyncio.sleep(5.5)  # each of them ticks once more
        assert stage.discord.public_messages() == [message]
        assert "Today: posted" in (await stage.moderator.slash("digest show")).text
        reply = await stage.moderator.slash("digest set", channel=stage.study, time="08:30")
        assert f"First: <t:{int(umd(510, TUESDAY + DAY).timestamp())}:f>" in reply.text
        for each in bots:
            await each.kill()
        bot = await stage.start_bot()
        await its_buttons_answer(stage, message)
        assert stage.discord.public_messages() == [message]
        assert await bot.stop() == 0


async def its_buttons_answer(stage, message):
    """Press what hangs on a digest, as somebody who did not ask for it."""
    seat = stage.ana.at(stage.study)
    free = (await seat.press(message, "Free now")).latest()
    assert free.is_ephemeral
    assert "free now" in free.text
    (select,) = message.selects
    building = (await seat.choose(message, select, "ATL")).latest()
    assert building.is_ephemeral
    assert "## ATL" in building.text
    assert message.edits == []


async def test_it_comes_late_after_a_night_without_the_bot(stage_at):
    async with stage_at(DUE + timedelta(hours=5, minutes=50)) as stage:
        await add_digests(stage, 1)
        bot = await stage.start_bot()
        await eventually(lambda: len(stage.discord.public_messages()) == 1)
        assert await bot.stop() == 0


async def add_digests(stage, number):
    """Set that many digests, as moderators did the week before, and return their channels."""
    client = connect(stage.environment["REDIS_URL"])
    store = Store(client, now=stage.clock)
    channels = []
    for _ in range(number):
        server = stage.discord.add_guild("Terps")
        server.add_bot()
        channels.append(server.add_channel("daily"))
        settings = DigestSettings(
            guild_id=server.id,
            channel_id=channels[-1].id,
            campus_id="umd",
            time=time(7, 30),
            set_at=DUE - 7 * DAY,
        )
        await store.save_settings(settings)
    await client.aclose()
    return channels


async def have_ended(stage, channels):
    """Wait until nothing is to be done for the digests of these channels."""
    client = connect(stage.environment["REDIS_URL"])
    store = Store(client, now=stage.clock)
    states: list[str] = []
    async with asyncio.timeout(30):
        while set(states) != {"sent"} or len(states) < len(channels):
            await asyncio.sleep(0.05)
            found = await store.deliveries("umd", TUESDAY)
            states = [found[each.id].state for each in channels if each.id in found]
    await client.aclose()


@pytest.mark.slow  # tests/resilience/test_crashes.py kills it at steps that are chosen
async def test_killed_at_random_moments_it_comes_once(stage_at):
    """Again and again two processes are killed while they post; a later one finishes."""
    dice = random.Random(20241105)  # noqa: S311 - repeatable, not secret
    async with stage_at(DUE) as stage:
        channels = await add_digests(stage, 160)
        for pause in (35, 130, 3600):
            asked = len(stage.discord.requests.matching("POST", POSTS))
            doomed = [await stage.launch_bot() for _ in range(2)]
            await stage.discord.requests.wait_for("POST", POSTS, count=asked + 1, timeout=30)
            await asyncio.sleep(dice.uniform(0, 0.3))
            for each in doomed:
                await each.kill()
            assert 0 < len(stage.discord.public_messages()) < len(channels)
            stage.clock.offset += timedelta(seconds=pause)
        await stage.launch_bot()
        await have_ended(stage, channels)
        assert [len(each.messages) for each in channels] == [1] * len(channels)
