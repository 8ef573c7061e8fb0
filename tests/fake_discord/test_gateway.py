"""Lines that break, sessions that are taken up again, and who hears what."""

import asyncio

import aiohttp
import discord
import pytest
from discord.ext import commands

from fakes.discord import InteractionFailed
from tests.fake_discord.conftest import running
from tests.fake_discord.sample_bot import SampleBot


async def resumed(stage, count=1):
    await stage.discord.gateway.wait_until(lambda: stage.discord.resume_count >= count, 5)


async def identified(stage, count):
    def seen():
        return stage.discord.identify_count >= count and stage.discord.gateway.sessions.connected

    await stage.discord.gateway.wait_until(seen, 5)


@pytest.mark.parametrize("code", [4000, 4009, None])
async def test_dropped_line_is_resumed_and_commands_work(stage, bot, code):
    await stage.discord.gateway.disconnect(code)
    await resumed(stage)
    assert stage.discord.identify_count == 1
    reply = await stage.ana.at(stage.general).slash("free", building="CAS")
    assert reply.text == "page 0"


async def test_what_was_missed_is_replayed(stage, bot):
    (session,) = stage.discord.gateway.sessions.connected
    await stage.discord.gateway.disconnect()
    assert not session.is_connected
    reply = await stage.ana.at(stage.general).slash("free", building="CAS")
    assert reply.text == "page 0"
    assert (stage.discord.resume_count, stage.discord.identify_count) == (1, 1)
    assert sorted(bot.log) == ["CAS 28 tod", "resumed"]


async def test_reconnect_request_is_followed_by_a_resume(stage, bot):
    await stage.discord.gateway.request_reconnect()
    await resumed(stage)
    assert stage.discord.identify_count == 1


async def test_invalid_session_is_resumed_or_begun_anew(stage, bot):
    await stage.discord.gateway.invalidate_sessions(resumable=True)
    await resumed(stage)
    assert stage.discord.identify_count == 1
    await stage.discord.gateway.invalidate_sessions()
    await identified(stage, 2)
    assert (await stage.ana.at(stage.general).slash("free", building="CAS")).text == "page 0"


@pytest.mark.parametrize("code", [1000, 1001])
async def test_polite_close_forgets_the_session(stage, bot, code):
    await stage.discord.gateway.disconnect(code)
    await identified(stage, 2)
    assert stage.discord.resume_count == 0


async def test_session_older_than_the_window_is_gone(stage, bot):
    stage.discord.gateway.sessions.resume_window *= 0
    await stage.discord.gateway.disconnect()
    await identified(stage, 2)
    assert stage.discord.resume_count == 0


async def test_outage_is_survived(stage, bot, monkeypatch):
    # A shard that finds the door shut waits, then logs in afresh: discord.py keeps no session.
    monkeypatch.setattr(discord.backoff.ExponentialBackoff, "delay", lambda _: 0.01)
    async with stage.discord.outage():
        await stage.discord.wait_until_disconnected()
        with pytest.raises(aiohttp.ClientConnectorError):
            await bot.http.get_channel(stage.general.id)
    await identified(stage, 2)
    assert (await stage.ana.at(stage.general).slash("free", building="CAS")).text == "page 0"


async def test_wrong_token_cannot_log_in(stage, addresses):
    async with SampleBot() as wrong:
        with pytest.raises(discord.LoginFailure):
            await wrong.start("wrong")


async def test_bot_learns_of_servers_it_joins_and_leaves(stage, bot):
    second = stage.discord.add_guild("Second")
    second.add_bot()
    second.make_unavailable()
    second.make_available()
    second.remove_bot()
    await stage.ana.at(stage.general).slash("free", building="CAS")
    await bot.wait_until_ready()
    assert bot.log == ["joined Second", "left Second", "CAS 28 tod"]


async def test_interactions_reach_the_shard_of_their_server(stage, addresses):
    others = [stage.discord.add_guild(f"s{number}") for number in range(3)]
    channels = [server.add_channel("general") for server in others]
    for server in others:
        server.add_bot()
        server.add_member(stage.ana)
    stage.discord.gateway.recommended_shards = 2
    async with running(SampleBot(), stage.discord.token) as bot:
        await stage.discord.wait_until_ready(10, shards=2)
        await bot.wait_until_ready()
        guilds = {guild.id: guild.shard_id for guild in bot.guilds}
        assert guilds == {s.id: (s.id >> 22) % 2 for s in (stage.guild, *others)}
        assert set(guilds.values()) == {0, 1}
        for channel in channels:
            await stage.ana.at(channel).slash("free", building="CAS")
        assert len(bot.log) == 3
        await stage.ana.direct_messages().slash("greet")


async def test_two_processes_with_one_token_both_hear(stage, addresses):
    token = stage.discord.token
    async with running(SampleBot(), token) as one, running(SampleBot(), token) as two:
        await stage.discord.wait_until_ready(10, shards=2)
        await stage.ana.at(stage.general).slash("free", building="CAS")
        found = await stage.discord.requests.wait_for("POST", "/interactions/.*", count=2)
        await stage.discord.requests.signal.wait_for(lambda: found[1].status or None, 5)
        assert one.log == two.log == ["CAS 28 tod"]
        assert sorted(request.status for request in found) == [200, 400]


async def test_no_bot_no_answer(stage):
    stage.discord.commands.replace_all([{"name": "free", "description": "d"}])
    stage.discord.response_timeout = 0.01
    with pytest.raises(InteractionFailed):
        await stage.ana.at(stage.general).slash("free")


async def test_events_follow_the_intents(stage, addresses):
    intents = discord.Intents(guilds=True, guild_messages=True)
    bot = commands.Bot("!", intents=intents, help_command=None, guild_ready_timeout=0.01)
    heard: list[str] = []
    both = asyncio.Event()

    async def on_message(message):
        heard.append(message.content)

    async def on_guild_channel_create(channel):
        heard.append(channel.name)
        both.set()

    bot.add_listener(on_message)
    bot.add_listener(on_guild_channel_create)
    async with running(bot, stage.discord.token):
        await stage.discord.wait_until_ready(10, with_commands=False)
        await bot.wait_until_ready()
        stage.ana.at(stage.general).send_message("hello")
        stage.ana.direct_messages().send_message("psst")
        stage.guild.add_channel("new")
        await asyncio.wait_for(both.wait(), 5)
    assert heard == ["hello", "new"]


@pytest.fixture
async def line(stage):
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(stage.discord.gateway_url + "?v=10&encoding=json") as socket,
    ):
        assert (await socket.receive_json())["op"] == 10
        yield socket


def identify(stage, **changed):
    data = {"token": stage.discord.token, "intents": 1, "properties": {}, **changed}
    return {"op": 2, "d": data}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"token": "wrong"}, 4004),
        ({"shard": [2, 2]}, 4010),
        ({"intents": -1}, 4013),
        ({"intents": 1 << 1}, 4014),
        ({"intents": 1 << 15}, 4014),
    ],
)
async def test_bad_identify_is_hung_up_on(stage, line, changed, code):
    await line.send_json(identify(stage, **changed))
    assert (await line.receive()).type is aiohttp.WSMsgType.CLOSE
    assert line.close_code == code
    assert stage.discord.identify_count == 0


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("not json", 4002),
        ('{"op":0,"d":"' + "x" * 5000 + '"}', 4002),
        ('{"op":99,"d":null}', 4001),
        ('{"op":3,"d":{}}', 4003),
    ],
)
async def test_nonsense_is_hung_up_on(stage, line, said, code):
    await line.send_str(said)
    await line.receive()
    assert line.close_code == code


async def test_chatter_is_hung_up_on(stage, line):
    for _ in range(121):
        await line.send_str('{"op":1,"d":null}')
    while (await line.receive()).type is aiohttp.WSMsgType.TEXT:
        pass
    assert line.close_code == 4008


async def test_heartbeats_are_acknowledged_and_shorten_the_memory(stage, line):
    await line.send_json(identify(stage))
    ready, created = await line.receive_json(), await line.receive_json()
    assert (ready["t"], ready["s"], created["t"], created["s"]) == ("READY", 1, "GUILD_CREATE", 2)
    (session,) = stage.discord.gateway.sessions.connected
    assert len(session.replay_buffer) == 2
    await line.send_json({"op": 1, "d": 2})
    assert (await line.receive_json())["op"] == 11
    assert not session.replay_buffer
    await line.send_json(identify(stage))
    await line.receive()
    assert line.close_code == 4005


async def test_invalidated_session_cannot_be_resumed(stage, line):
    await line.send_json(identify(stage))
    session_id = (await line.receive_json())["d"]["session_id"]
    await stage.discord.gateway.invalidate_sessions()
    data = {"token": stage.discord.token, "session_id": session_id, "seq": 2}
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(stage.discord.gateway_url) as second,
    ):
        await second.receive_json()
        await second.send_json({"op": 6, "d": data})
        assert (await second.receive_json())["op"] == 9


async def test_resume_of_an_unknown_session_is_refused(stage, line):
    data = {"token": stage.discord.token, "session_id": "nobody's", "seq": 5}
    await line.send_json({"op": 6, "d": data})
    assert await line.receive_json() == {"op": 9, "d": False, "s": None, "t": None}
