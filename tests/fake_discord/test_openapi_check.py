"""Bodies against a small schema in Discord's form, and against Discord's own, mended."""

import os
import re

import msgspec
import pytest

from fakes.discord.model import guild_payloads, payloads
from fakes.discord.openapi_check import OpenApiValidator, find_openapi, read_openapi
from tests.generated.openapi import openapi
from tests.recordings import GENERATED, NO_SHARED, RECORDED

POST = ("POST", "/channels/{channel_id}/messages")
CALLBACK = ("POST", "/interactions/{interaction_id}/{token}/callback")
COMMANDS = ("PUT", "/applications/{application_id}/commands")
COMMAND = {"name": "free", "description": "d"}


@pytest.fixture(
    scope="module", params=[GENERATED, pytest.param(RECORDED, marks=pytest.mark.recorded)]
)
def checker(request):
    """Give our small schema, and Discord's where its file is at hand."""
    if request.param == GENERATED:
        return OpenApiValidator(openapi())
    path = find_openapi(os.environ)
    return OpenApiValidator(read_openapi(path)) if path else pytest.skip(NO_SHARED)


@pytest.fixture
def check(checker):
    return checker


def option(**changed):
    return [{**COMMAND, "options": [{"type": 3, "name": "o", "description": "d", **changed}]}]


def components(*parts):
    return {"flags": 1 << 15, "components": list(parts)}


BAD = [
    (POST, {"contnet": "x"}, "contnet"),
    (POST, {"content": "x" * 2001}, "content: .* longer than 2000"),
    (POST, {"content": 5}, "content"),
    (POST, components({"type": 10, "text": "x"}), "components.0"),
    (
        POST,
        components({"type": 17, "components": [{"type": 2, "style": 1}]}),
        r"components\.0\.type",
    ),
    (POST, {"nonce": "n" * 26}, "nonce"),
    (CALLBACK, {"type": 4, "data": {"flagz": 64}}, "flagz"),
    (CALLBACK, {"type": 42}, "42 is no type"),
    (CALLBACK, [], "no type"),
    (CALLBACK, {"type": 8}, "data"),
    (COMMANDS, option(choices=[{"name": "c", "value": "v" * 101}]), "0: .*|0.options.0.choices"),
    (COMMANDS, option(auto_complete=True), "auto_complete"),
    (COMMANDS, [{"description": "d"}], "name"),
    (COMMANDS, {}, "not a list"),
    (COMMANDS, [COMMAND] * 131, "131|130"),
]


@pytest.mark.parametrize(("endpoint", "body", "words"), BAD)
def test_bad_bodies_are_named(check, endpoint, body, words):
    faults = [f"{'.'.join(map(str, path))}: {said}" for path, said in check(*endpoint, body)]
    assert faults
    assert re.search(words, "; ".join(faults))


GOOD = [
    (POST, {"content": "x", "attachments": [{"id": 0, "filename": "a.png"}], "tts": False}),
    (POST, {"embeds": [{"title": "t", "flags": 0}]}),
    (COMMANDS, [{**COMMAND, "nsfw": False, "default_member_permissions": "32"}]),
    (COMMANDS, [{**COMMAND, "nsfw": False, "default_member_permissions": 32}]),
    (CALLBACK, {"type": 7, "data": {"tts": False, "content": "x"}}),
    (("POST", "/channels/{channel_id}/typing"), None),
]


@pytest.mark.parametrize(("endpoint", "body"), GOOD)
def test_what_the_documentation_allows_passes(check, endpoint, body):
    assert check(*endpoint, body) == []


async def test_violation_is_answered_and_kept(stage, check, raw):
    status, answer = await raw("POST", f"/channels/{stage.study.id}/messages", {"contnet": "x"})
    assert (status, answer["code"]) == (400, 50035)
    (violation,) = stage.discord.violations
    assert "contnet" in str(violation)
    assert stage.study.messages == []
    stage.discord.violations.clear()


async def test_what_the_server_says_is_what_discord_says(stage, check, bot):
    reply = await stage.ana.at(stage.general).slash("free", building="CAS", share=True)
    await reply.press("Next")

    def said(name, value):
        plain = msgspec.json.decode(msgspec.json.encode(value))
        return check.check_response(name, plain)

    assert said("MessageResponse", payloads.message(reply.message)) == []
    for command in stage.discord.commands.registered():
        assert said("ApplicationCommandResponse", command) == []
    for request in stage.discord.requests.matching("POST", "/interactions/.*"):
        assert said("InteractionCallbackResponse", request.response) == []
    gateway = payloads.bot_gateway("wss://gateway.example", shards=1, remaining=9)
    assert said("GatewayBotResponse", gateway) == []
    assert said("GuildChannelResponse", guild_payloads.channel(stage.study)) == []
    assert said("UserResponse", payloads.user(stage.ana)) == []
    assert said("GuildRoleResponse", guild_payloads.role(stage.guild.everyone)) == []


def test_file_is_found_by_variable(tmp_path):
    file = tmp_path / "spec.json"
    assert find_openapi({"DISCORD_OPENAPI": str(file)}) is None
    file.write_text("{}")
    assert find_openapi({"DISCORD_OPENAPI": str(file)}) == file
