"""Rate limits: off by default, Discord's when enforced."""

import asyncio

import aiohttp
import pytest


@pytest.fixture
def post(stage):
    """Return a way to post by hand that shows the headers."""

    async def send(channel=stage.study, path="/messages", method="POST"):
        url = f"{stage.discord.api_url}/channels/{channel.id}{path}"
        headers = {
            "Authorization": f"Bot {stage.discord.token}",
            "User-Agent": "DiscordBot (x, 1)",
        }
        body = {"content": "x"} if method == "POST" else None
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.request(method, url, json=body) as response,
        ):
            return response.status, response.headers, await response.json()

    return send


async def test_nothing_is_limited_by_default(post):
    assert {(await post())[0] for _ in range(8)} == {200}
    assert "X-RateLimit-Limit" not in (await post())[1]


async def test_sixth_post_in_a_channel_waits(stage, post):
    stage.discord.limits.enforce()
    first = await post()
    assert first[1]["X-RateLimit-Limit"] == "5"
    assert first[1]["X-RateLimit-Remaining"] == "4"
    assert 4 < float(first[1]["X-RateLimit-Reset-After"]) <= 5
    for _ in range(4):
        await post()
    status, headers, body = await post()
    assert (status, headers["Via"], headers["X-RateLimit-Scope"]) == (429, "1.1 google", "user")
    assert 4 < body["retry_after"] <= 5
    assert body["global"] is False
    assert (await post(stage.general))[0] == 200
    assert (await post(path="", method="GET"))[0] == 200
    assert len(stage.study.messages) == 5
    stage.discord.limits.lift()
    assert (await post())[0] == 200


async def test_more_than_so_many_a_second_is_refused_for_all(stage, post):
    stage.discord.limits.enforce(per_second=3, posts=None)
    answers = [await post(path="", method="GET") for _ in range(4)]
    assert [status for status, _, _ in answers] == [200, 200, 200, 429]
    _, headers, body = answers[-1]
    assert (body["global"], headers["X-RateLimit-Global"]) == (True, "true")
    assert stage.discord.limits.rejected_count == 1
    assert stage.discord.limits.invalid_count == 1


async def test_interactions_are_exempt(stage, bot):
    stage.discord.limits.enforce(per_second=1)
    await stage.ana.at(stage.general).slash("slow")
    replies = await asyncio.gather(
        *(stage.ana.at(stage.general).slash("free", building="CAS") for _ in range(20))
    )
    assert len(replies) == 20
    assert stage.discord.limits.rejected_count == 0


async def test_discord_py_waits_and_all_arrive_in_order(stage, bot):
    stage.discord.limits.enforce(posts=(5, 0.2))
    channel = bot.get_partial_messageable(stage.study.id)
    for number in range(12):
        await channel.send(str(number))
    assert [message.text for message in stage.study.messages] == [str(n) for n in range(12)]
