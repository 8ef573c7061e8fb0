"""What the page's endpoints take and refuse, without a browser."""

from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from demo import page as demo_page
from demo.clock import MOMENTS
from demo.page import mount
from demo.services import Health, ServiceStatus
from fakes.discord import FakeDiscord

BOT = "EmptyClassroom"


class FixedServices:
    """Switches that nobody turns."""

    def statuses(self):
        return {"bot": ServiceStatus(Health.UP, "bot.py", can_toggle=False)}

    def add_listener(self, listener):
        return lambda: None

    async def stop(self, service):
        raise AssertionError

    start = stop

    async def restart_bot(self):
        raise AssertionError

    pretended = ""

    def moments(self):
        return MOMENTS[:1]

    async def pretend(self, moment_id):
        if moment_id not in {"", "tuesday"}:
            raise LookupError(moment_id)
        self.pretended = moment_id


@pytest.fixture
async def page():
    """Serve a page without a bot, and give its address, the Discord and a client."""
    async with FakeDiscord() as discord:
        app = web.Application()
        mount(app, discord, FixedServices())
        runner = web.AppRunner(app, shutdown_timeout=0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with aiohttp.ClientSession() as session:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}", discord, session
        await runner.cleanup()


def furnish(discord):
    server = discord.add_guild("Terriers")
    ana, mo = discord.add_user("ana"), discord.add_user("mo")
    server.add_member(ana)
    server.add_member(mo, is_moderator=True)
    return server, server.add_channel("general"), ana, mo


async def test_nothing_of_the_page_comes_from_elsewhere(page):
    address, _, session = page
    async with session.get(address) as answer:
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        text = await answer.text()
    assert "http" not in text
    modules = [file.name for file in Path(demo_page.__file__).parent.rglob("*.js")]
    assert [each for each in modules if f'"/page/{each}"' not in text] == []
    async with session.get(f"{address}/page/app.js") as answer:
        assert answer.content_type == "text/javascript"


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://example.org"}, {"Host": "example.org"}, {"Origin": "null"}]
)
async def test_other_sites_may_not_ask(page, headers):
    address, discord, session = page
    furnish(discord)
    async with session.post(f"{address}/page/restart", json={}, headers=headers) as answer:
        assert answer.status == 403
    async with session.get(f"{address}/page/feed", headers=headers) as answer:
        assert answer.status == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("no json", 400),
        ('{"person": 1, "channel": "2"}', 400),
        ('{"person": "1", "channel": "2"}', 404),
    ],
)
async def test_what_makes_no_sense_is_refused(page, body, status):
    address, discord, session = page
    furnish(discord)
    async with session.post(f"{address}/page/commands", data=body) as answer:
        assert answer.status == status


async def test_there_is_no_feed_before_anybody_is_there(page):
    address, discord, session = page
    async with session.get(f"{address}/page/feed") as answer:
        assert answer.status == 503
    discord.add_guild("Empty")
    async with session.get(f"{address}/page/feed") as answer:
        assert answer.status == 503


async def test_a_channel_that_is_hidden_from_somebody_is_not_told_of(page):
    address, discord, session = page
    server, general, ana, mo = furnish(discord)
    secret = server.add_channel("secret")
    secret.overwrite(ana, deny=1 << 10)
    async with session.ws_connect(f"{address}/page/feed?as=ana") as feed:
        told = await feed.receive_json()
        assert [each["name"] for each in told["channels"]] == ["general", BOT]
        mo.at(secret).send_message("hidden")
        mo.at(general).send_message("open")
        told = await feed.receive_json()
        assert told["message"]["content"] == "open"
        server.add_channel("new")
        told = await feed.receive_json()
        assert [each["name"] for each in told["channels"]] == ["general", "new", BOT]


async def test_everybody_has_direct_messages_with_the_bot(page):
    address, discord, session = page
    _, _, ana, mo = furnish(discord)
    async with session.ws_connect(f"{address}/page/feed?as=ana") as feed:
        channel = (await feed.receive_json())["channels"][-1]
        assert (channel["name"], channel["is_direct"], channel["can_write"]) == (BOT, True, True)
        at = {"person": str(ana.id), "channel": channel["id"]}
        async with session.post(f"{address}/page/say", json={**at, "text": "hi"}) as answer:
            assert (await answer.json())["outcome"] == "done"
        assert (await feed.receive_json())["message"]["content"] == "hi"
    elsewhere = {"person": str(mo.id), "channel": channel["id"], "text": "hi"}
    async with session.post(f"{address}/page/say", json=elsewhere) as answer:
        assert answer.status == 404


async def test_another_time_can_be_pretended(page):
    address, discord, session = page
    furnish(discord)
    async with session.ws_connect(f"{address}/page/feed?as=ana") as feed:
        told = await feed.receive_json()
    assert told["moments"] == [{"id": "tuesday", "label": "Tuesday 10:05"}]
    assert told["pretended"] == ""
    async with session.post(f"{address}/page/pretend", json={"moment": "tuesday"}) as answer:
        assert (await answer.json())["outcome"] == "done"
    async with session.ws_connect(f"{address}/page/feed?as=ana") as feed:
        assert (await feed.receive_json())["pretended"] == "tuesday"
    async with session.post(f"{address}/page/pretend", json={"moment": "doomsday"}) as answer:
        assert answer.status == 404


async def test_who_may_not_write_is_told_so(page):
    address, discord, session = page
    _, general, ana, _ = furnish(discord)
    general.overwrite(ana, deny=1 << 11)
    at = {"person": str(ana.id), "channel": str(general.id)}
    async with session.ws_connect(f"{address}/page/feed?as=ana") as feed:
        told = await feed.receive_json()
        assert told["channels"][0]["can_write"] is False
    async with session.post(f"{address}/page/say", json={**at, "text": "hi"}) as answer:
        assert (await answer.json())["outcome"] == "refused"
    async with session.post(f"{address}/page/commands", json=at) as answer:
        assert (await answer.json())["commands"] == []


async def test_things_are_picked_and_not_typed(page):
    address, discord, session = page
    server, general, ana, mo = furnish(discord)
    server.add_bot()
    kinds = {"who": 6, "where": 7, "role": 8, "any": 9}
    options = [{"type": kind, "name": name, "description": "d"} for name, kind in kinds.items()]
    discord.commands.replace_all([{"name": "ask", "description": "d", "options": options}])
    at = {"person": str(ana.id), "channel": str(general.id), "command": "ask"}
    discord.response_timeout = 0.05
    picked = {
        "who": str(mo.id),
        "where": str(general.id),
        "role": str(server.id),
        "any": str(mo.id),
    }
    async with session.post(f"{address}/page/slash", json={**at, "options": picked}) as answer:
        assert (await answer.json())["outcome"] == "failed"
    [asked] = discord.state.interactions.values()
    sent = {each["name"]: each["value"] for each in asked.payload["data"]["options"]}
    assert sent == picked
    for name in kinds:
        body = {**at, "options": {name: "mo"}}
        async with session.post(f"{address}/page/slash", json=body) as answer:
            words = (await answer.json())["words"]
        assert words == f"Pick one from the list: {name}"
