"""What goes wrong on purpose."""

import asyncio

import aiohttp
import discord
import pytest

POSTS = r"/channels/\d+/messages"


@pytest.fixture
def channel(stage, bot):
    return bot.get_partial_messageable(stage.study.id)


@pytest.fixture
def patient(monkeypatch):
    """Let discord.py's pauses between its tries pass at once."""
    real = asyncio.sleep
    monkeypatch.setattr("discord.http.asyncio.sleep", lambda _: real(0))


async def test_answer_can_fail_without_effect(stage, channel):
    stage.discord.faults.respond_with("POST", POSTS, status=503)
    with pytest.raises(discord.DiscordServerError):
        await channel.send("x")
    assert stage.study.messages == []
    await channel.send("y")
    assert [message.text for message in stage.study.messages] == ["y"]


async def test_lost_answer_leaves_one_message_thanks_to_the_nonce(stage, channel, patient):
    fault = stage.discord.faults.respond_with(
        "POST", POSTS, status=500, times=2, after_processing=True
    )
    await channel.send("x", nonce="d1")
    assert fault.hits == 2
    assert [request.status for request in stage.discord.requests.matching("POST", POSTS)] == [
        500,
        500,
        200,
    ]
    assert [message.nonce for message in stage.study.messages] == ["d1"]


@pytest.mark.parametrize(("after", "left"), [(False, 0), (True, 1)])
async def test_connection_can_break_before_or_after(stage, channel, after, left):
    stage.discord.faults.reset_connection("POST", POSTS, after_processing=after)
    with pytest.raises((aiohttp.ClientOSError, aiohttp.ServerDisconnectedError)):
        await channel.send("x")
    assert len(stage.study.messages) == left


async def test_429_and_the_ban_are_told_apart(stage, channel):
    stage.discord.faults.respond_with("POST", POSTS, status=429, retry_after=0.01)
    await channel.send("x")
    assert len(stage.study.messages) == 1
    stage.discord.faults.respond_with("POST", POSTS, status=429, body="<html>banned</html>")
    with pytest.raises(discord.HTTPException) as caught:
        await channel.send("x")
    assert caught.value.status == 429


async def test_request_can_be_held(stage, channel):
    fault = stage.discord.faults.hold("POST", POSTS, after_processing=True)
    sending = asyncio.create_task(channel.send("x"))
    await fault.wait_until_hit()
    assert (len(stage.study.messages), sending.done()) == (1, False)
    fault.release()
    await sending


async def test_slowness_and_its_end(stage, channel):
    slow = stage.discord.faults.delay("POST", POSTS, seconds=0.02)
    await channel.send("x")
    assert slow.hits == 1
    stage.discord.faults.respond_with("POST", POSTS, status=503)
    stage.discord.faults.clear()
    await channel.send("y")
    assert len(stage.study.messages) == 2
