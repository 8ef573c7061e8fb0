"""What exists, and who is told of it."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from fakes.discord import FakeDiscord, InteractionFailed
from fakes.discord.model import guild_payloads
from fakes.discord.model.mentions import notified_ids
from fakes.discord.model.snowflakes import Snowflakes, shard_of

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


def test_ids_grow_and_tell_their_time():
    ids = Snowflakes(lambda: NOON)
    first, second = ids.next(), ids.next()
    assert second == first + 1
    moment = datetime.fromtimestamp(((first >> 22) + 1_420_070_400_000) / 1000, UTC)
    assert moment == NOON


def test_servers_are_spread_over_shards():
    ids = Snowflakes(lambda: NOON)
    shards = [shard_of(ids.next_guild(), 4) for _ in range(8)]
    assert sorted(shards) == [0, 0, 1, 1, 2, 2, 3, 3]


def test_heavy_server_weighs_what_a_real_one_does():
    server = FakeDiscord().add_guild("Heavy", is_large=True)
    server.add_bot()
    size = len(msgspec.json.encode(guild_payloads.guild(server)))
    assert len(server.channels) == 40
    assert 25 * 1024 < size < 29 * 1024


def test_listeners_hear_until_they_stop():
    local = FakeDiscord()
    heard = []
    stop = local.state.add_listener(lambda kind, _: heard.append(kind))
    server = local.add_guild("Terriers")
    channel = server.add_channel("general")
    ana = local.add_user("ana")
    server.add_member(ana)
    ana.at(channel).send_message("hello")
    stop()
    channel.delete()
    assert heard == ["CHANNEL_CREATE", "MESSAGE_CREATE"]


def test_pings_follow_what_was_allowed():
    text = "<@1> <@!2> <@&3> @everyone @here"
    assert notified_ids(text, None) == ["1", "2", "3", "everyone", "here"]
    assert notified_ids(text, {"parse": []}) == []
    assert notified_ids(text, {"parse": ["roles"], "users": ["2"]}) == ["2", "3"]
    assert notified_ids("nobody", None) == []


async def test_what_the_person_gave_up_on_is_over_whatever_the_clock_says():
    async with FakeDiscord(clock=lambda: NOON, response_timeout=0.01) as local:
        server = local.add_guild("Terriers")
        channel, ana = server.add_channel("general"), local.add_user("ana")
        server.add_member(ana)
        server.add_bot()
        local.commands.replace_all([{"name": "free", "description": "d"}])
        with pytest.raises(InteractionFailed):
            await ana.at(channel).slash("free")
        (interaction,) = local.state.interactions.values()
        assert interaction.is_expired(NOON, local.state.response_window)


def test_old_interactions_are_forgotten():
    now = [NOON]
    local = FakeDiscord(clock=lambda: now[0])
    server = local.add_guild("Terriers")
    channel = server.add_channel("general")
    server.add_bot()
    local.commands.replace_all([{"name": "free", "description": "d"}])
    seat = local.add_user("ana").at(channel)
    server.add_member(seat.user)
    for _ in range(100):
        seat.send_interaction(seat.command_line().command_data("free", {}))
        now[0] += timedelta(minutes=1)
    assert len(local.state.interactions) < 40
