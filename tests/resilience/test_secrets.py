"""The look for secrets finds what is planted anywhere; a start that fails tells none either."""

import asyncio
import sys
from unittest.mock import create_autospec

import pytest

from tests.e2e.environment import RunningBot
from tests.resilience.outage_environment import TEN
from tests.resilience.secrets import (
    Secrets,
    all_leaks,
    leaks_in_log,
    leaks_in_store,
    leaks_on_command_lines,
    leaks_on_discord,
)

NAME = "Secret Society of Made-Up Events"


@pytest.fixture
def secrets(tmp_path):
    # Of this test alone: others look at the command lines of this machine, too.
    return Secrets(f"Token.{tmp_path.name}.x", f"pass/{tmp_path.name}#w", frozenset({NAME}))


@pytest.mark.parametrize("form", ["raw", "quoted", "base64"])
def test_a_password_is_found_in_every_form(secrets, form):
    forms = {
        "raw": secrets.password,
        "quoted": secrets.password.replace("/", "%2F").replace("#", "%23"),
        "base64": "".join(each for what, each in secrets.forms() if each.startswith("cGFzcy")),
    }
    assert secrets.leaks_in("a place", f"before{forms[form]}after") == ["password in a place"]
    assert secrets.leaks_in("a place", "pass/word") == []


def logging(*lines):
    return RunningBot(create_autospec(asyncio.subprocess.Process), list(lines))


@pytest.mark.parametrize(("kind", "planted"), [("token", 0), ("password", 1), ("event name", 2)])
def test_it_is_found_in_a_log(secrets, kind, planted):
    text = (secrets.token, secrets.password, NAME)[planted]
    bots = [logging("all is well"), logging("one", f"a {text} b")]
    assert leaks_in_log(secrets, bots) == [f"{kind} in the log of bot 2"]


async def test_it_is_found_on_a_command_line(secrets):
    assert leaks_on_command_lines(secrets) == []
    idle = ["-c", "input()", secrets.password]
    child = await asyncio.create_subprocess_exec(
        sys.executable, *idle, stdin=asyncio.subprocess.PIPE
    )
    assert leaks_on_command_lines(secrets) == ["password in a command line"]
    await child.communicate(b"\n")


@pytest.mark.parametrize("planted", ["key", "string", "hash", "list", "set", "zset"])
async def test_it_is_found_in_the_store_whatever_holds_it(client, secrets, planted):
    await client.set("ec:1:fine", "nothing")
    assert await leaks_in_store(secrets, client) == []
    plant = {
        "key": lambda: client.set(f"ec:{NAME}", "1"),
        "string": lambda: client.set("ec:1", f"a{NAME}b"),
        "hash": lambda: client.hset("ec:1", "field", f"a{NAME}b"),
        "list": lambda: client.rpush("ec:1", f"a{NAME}b"),
        "set": lambda: client.sadd("ec:1", f"a{NAME}b"),
        "zset": lambda: client.zadd("ec:1", {f"a{NAME}b": 1}),
    }
    await plant[planted]()
    assert await leaks_in_store(secrets, client) == ["event name in the store"]


async def test_nothing_is_told_by_the_bot_and_what_is_planted_around_it_is_found(chaos_at):
    async with chaos_at(TEN, LOG_LEVEL="DEBUG") as chaos:
        bot = await chaos.start_bot()
        async with chaos.traffic.flowing():
            await chaos.refreshed()
            await chaos.traffic.goes_on()
        await chaos.assert_secrets_kept()
        planted = Secrets(bot.log[0], "ec:1:", frozenset({"Free means not booked"}))
        async with chaos.redis.client() as client:
            found = await all_leaks(
                planted, bots=chaos.stage.bots, discord=chaos.discord, client=client
            )
        assert found == [
            "token in the log of bot 1",
            "event name in a request to Discord",
            "password in the store",
        ]
        assert leaks_on_discord(chaos.secrets, chaos.discord) == []
        assert await bot.stop() == 0


async def test_no_start_that_fails_tells_a_secret(chaos_at):
    async with chaos_at(TEN) as chaos:
        chaos.redis.kill()
        unreachable, refused = await asyncio.gather(
            ended(chaos), ended(chaos, REDIS_URL=chaos.redis.url.replace("unix", "http"))
        )
        assert "no Redis answers" in unreachable.log[0]
        assert refused.log[0].startswith("REDIS_URL: is not an address")
        chaos.redis.start()
        right = chaos.secrets.password
        wrong, foreign, garbled = await asyncio.gather(
            ended(chaos, REDIS_URL=chaos.redis.url_with(right + "more")),
            ended(chaos, DISCORD_TOKEN=chaos.secrets.token + "more"),
            ended(chaos, DISCORD_TOKEN=f"{chaos.secrets.token} {right}"),
        )
        assert "wrong or missing Redis password" in wrong.log[0]
        assert "DISCORD_TOKEN: Discord does not accept it" in foreign.log[-1]
        assert garbled.log == ["DISCORD_TOKEN: does not look like a bot token"]


async def ended(chaos, **environment):
    """Start a bot that cannot start, and see that it ended with one line for people."""
    bot = await chaos.stage.launch_bot(**environment)
    async with asyncio.timeout(20):
        assert await bot.process.wait() == 1
        await bot.reading
    assert "Traceback" not in "\n".join(bot.log)
    assert len([line for line in bot.log if " INFO " not in line]) == 1, bot.log
    return bot
