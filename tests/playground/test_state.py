"""What exists, and who is told of it."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from playground.local_discord import InteractionFailed, LocalDiscord, server_payloads
from playground.local_discord.pings import pings
from playground.local_discord.snowflakes import Snowflakes, shard_of

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


def test_ids_grow_and_tell_their_time():
    ids = Snowflakes(lambda: NOON)
    first, second = ids.next(), ids.next()
    assert second == first + 1
    moment = datetime.fromtimestamp(((first >> 22) + 1_420_070_400_000) / 1000, UTC)
    assert moment == NOON


def test_servers_are_spread_over_shards():
    ids = Snowflakes(lambda: NOON)
    shards = [shard_of(ids.next_server(), 4) for _ in range(8)]
    assert sorted(shards) == [0, 0, 1, 1, 2, 2, 3, 3]


def test_heavy_server_weighs_what_a_real_one_does():
    server = LocalDiscord().add_server("Heavy", heavy=True)
    server.add_bot()
    size = len(msgspec.json.encode(server_payloads.server(server)))
    assert len(server.channels) == 40
    assert 25 * 1024 < size < 29 * 1024


def test_listeners_hear_until_they_stop():
    local = LocalDiscord()
    heard = []
    stop = local.world.listen(lambda kind, _: heard.append(kind))
    server = local.add_server("Terriers")
    channel = server.add_channel("general")
    ana = local.add_person("ana")
    server.join(ana)
    ana.at(channel).say("hello")
    stop()
    channel.delete()
    assert heard == ["CHANNEL_CREATE", "MESSAGE_CREATE"]


def test_pings_follow_what_was_allowed():
    text = "<@1> <@!2> <@&3> @everyone @here"
    assert pings(text, None) == ["1", "2", "3", "everyone", "here"]
    assert pings(text, {"parse": []}) == []
    assert pings(text, {"parse": ["roles"], "users": ["2"]}) == ["2", "3"]
    assert pings("nobody", None) == []


async def test_what_the_person_gave_up_on_is_over_whatever_the_clock_says():
    async with LocalDiscord(clock=lambda: NOON, answer_within=0.01) as local:
        server = local.add_server("Terriers")
        channel, ana = server.add_channel("general"), local.add_person("ana")
        server.join(ana)
        server.add_bot()
        local.commands.replace([{"name": "free", "description": "d"}])
        with pytest.raises(InteractionFailed):
            await ana.at(channel).slash("free")
        (interaction,) = local.world.interactions.values()
        assert interaction.expired(NOON, local.world.answer_window)


def test_old_interactions_are_forgotten():
    now = [NOON]
    local = LocalDiscord(clock=lambda: now[0])
    server = local.add_server("Terriers")
    channel = server.add_channel("general")
    server.add_bot()
    local.commands.replace([{"name": "free", "description": "d"}])
    seat = local.add_person("ana").at(channel)
    server.join(seat.person)
    for _ in range(100):
        seat._ask(seat._line().enter("free", {}))
        now[0] += timedelta(minutes=1)
    assert len(local.world.interactions) < 40
