"""Answers a well-behaved discord.py bot rarely gives, given by hand."""

import pytest

from fakes.discord import ClientRefusal, NoReply
from fakes.discord.model.entities import VisibleResponse
from fakes.discord.rest.message_builder import MessageBody, edit_message

V2 = 1 << 15
TEXT = {"type": 10, "content": "t"}


def row(*parts):
    return {"type": 1, "components": list(parts)}


def select(kind, **more):
    return {"type": kind, "custom_id": f"s{kind}", **more}


async def test_people_and_roles_are_resolved(stage, puppet, seat):
    role = stage.guild.add_role("helpers")
    given = {"who": stage.mo, "role": role, "any": str(stage.mo.id), "share": 0.5}
    reply = await puppet.reply(seat.slash("ask", **given), {"content": "x"})
    data = reply.interaction.payload["data"]
    sent = {option["name"]: option["value"] for option in data["options"]}
    ids = {"who": str(stage.mo.id), "role": str(role.id), "any": str(stage.mo.id), "share": 0.5}
    assert sent == ids
    assert data["resolved"]["users"][ids["who"]]["username"] == "mo"
    assert "roles" in data["resolved"]["members"][ids["who"]]
    assert data["resolved"]["roles"][ids["role"]]["name"] == "helpers"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"who": 5}, "Not a user"),
        ({"role": 5}, "Not a role"),
        ({"any": 5}, "Not a user"),
        ({"share": "x"}, "valid number"),
        ({"share": 2.0**53}, "less than or equal"),
        ({"file": "x"}, "cannot fill"),
    ],
)
async def test_things_that_are_not_there_are_refused(puppet, seat, given, words):
    with pytest.raises(ClientRefusal, match=words):
        await seat.slash("ask", **given)


async def test_envelope_is_what_discord_sends(stage, puppet, seat):
    reply = await puppet.reply(seat.slash("ask"), {"content": "x"})
    sent = reply.interaction.payload
    assert sent["guild_id"] == sent["guild"]["id"] == str(stage.guild.id)
    assert sent["attachment_size_limit"] == 10 * 1024 * 1024
    assert (sent["context"], sent["version"], sent["locale"]) == (0, 1, "en-US")
    assert sent["authorizing_integration_owners"] == {"0": str(stage.guild.id)}
    assert sent["member"]["user"]["id"] == str(stage.ana.id)
    assert "permissions" in sent["member"]
    assert "user" not in sent
    direct = await puppet.reply(stage.ana.direct_messages().slash("ask"), {"content": "x"})
    sent = direct.interaction.payload
    assert (sent["context"], sent["user"]["username"]) == (1, "ana")
    assert sent["authorizing_integration_owners"] == {"0": "0"}
    assert "guild_id" not in sent


async def test_component_interaction_carries_its_message(puppet, seat):
    button = {"type": 2, "style": 1, "custom_id": "b", "emoji": {"name": "🔁"}}
    data = {"content": "x", "flags": 64, "components": [row(button)]}
    reply = await puppet.reply(seat.slash("ask"), data)
    assert reply.buttons == {"🔁": True}
    pressed = await puppet.reply(reply.press("🔁"), {"content": "y"}, kind=7)
    message = pressed.interaction.payload["message"]
    assert message["flags"] == 64
    assert message["components"][0]["components"][0]["custom_id"] == "b"
    assert message["interaction_metadata"]["user"]["username"] == "ana"
    assert (pressed.text, pressed.is_ephemeral) == ("y", True)


async def test_silent_acknowledgement_is_no_answer_until_something_shows(puppet, seat):
    data = {"content": "x", "components": [row(select(8, placeholder="Where"))]}
    reply = await puppet.reply(seat.slash("ask"), data)
    channel = seat.channel
    task, interaction = await puppet.start_interaction(reply.choose("Where", channel))
    assert interaction.payload["data"]["resolved"]["channels"][str(channel.id)]["permissions"]
    status, answer = await puppet.raw(
        "POST",
        f"/interactions/{interaction.id}/{interaction.token}/callback?with_response=1",
        {"type": 6},
    )
    assert status == 200
    assert answer["interaction"]["response_message_id"] == str(reply.message.id)
    with pytest.raises(NoReply, match="took note"):
        await task
    await puppet.webhook("PATCH", interaction, "/messages/@original", {"content": "late"})
    assert reply.latest().text == "late"


async def test_follow_up_fills_a_deferral_and_keeps_its_privacy(puppet, seat):
    task, interaction = await puppet.start_interaction(seat.slash("ask"))
    assert (await puppet.webhook("POST", interaction, body={"content": "x"}))[1]["code"] == 10015
    await puppet.respond(interaction, 5, {"flags": 64})
    _, shown = await puppet.webhook("GET", interaction, "/messages/@original")
    assert shown["flags"] == 64 | 128
    await puppet.webhook("POST", interaction, body={"content": "filled", "flags": 0})
    reply = await task
    assert (reply.text, reply.is_ephemeral, reply.was_deferred) == ("filled", True, True)
    assert interaction.follow_ups == []
    edit = {"components": [TEXT], "flags": V2, "content": None}
    _, edited = await puppet.webhook("PATCH", interaction, "/messages/@original", edit)
    assert edited["flags"] == V2 | 64
    assert edited["edited_timestamp"]


async def test_reply_can_be_deleted(puppet, seat):
    task, interaction = await puppet.start_interaction(seat.slash("ask"))
    await puppet.respond(interaction, 5)
    assert (await puppet.webhook("DELETE", interaction, "/messages/@original"))[0] == 204
    assert (await task).is_deleted
    assert (await puppet.webhook("GET", interaction, "/messages/@original"))[1]["code"] == 10008
    assert (await puppet.webhook("GET", interaction, "/messages/5"))[1]["code"] == 10008


async def test_follow_ups_can_be_edited_by_id(puppet, seat):
    reply = await puppet.reply(seat.slash("ask"), {"content": "one"})
    _, sent = await puppet.webhook("POST", reply.interaction, body={"content": "two"})
    end = f"/messages/{sent['id']}"
    _, edited = await puppet.webhook("PATCH", reply.interaction, end, {"content": "three"})
    assert edited["content"] == "three"
    with pytest.raises(NoReply, match="1 follow-ups"):
        await reply.wait_for_follow_ups(2)


async def test_update_of_a_deleted_message_is_unknown(stage, puppet, seat):
    button = {"type": 2, "style": 1, "custom_id": "b", "label": "Go"}
    data = {"content": "x", "components": [row(button)]}
    reply = await puppet.reply(seat.slash("ask"), data)
    task, interaction = await puppet.start_interaction(reply.press("Go"))
    stage.discord.state.delete_message(reply.message)
    assert (await puppet.respond(interaction, 7, {"content": "y"}))[1]["code"] == 10008
    await puppet.respond(interaction, 4, {"content": "new"})
    assert (await task).text == "new"


async def test_unknown_tokens_and_applications(puppet, seat):
    reply = await puppet.reply(seat.slash("ask"), {"content": "x"})
    token = reply.interaction.token
    assert (await puppet.raw("POST", "/interactions/1/x/callback", {"type": 5}))[1]["code"] == 10062
    path = f"/interactions/5/{token}/callback"
    assert (await puppet.raw("POST", path, {"type": 5}))[1]["code"] == 10062
    assert (await puppet.raw("GET", f"/webhooks/5/{token}/messages/@original"))[1]["code"] == 10015


async def test_user_installed_app_has_five_follow_ups(stage, puppet):
    elsewhere = stage.discord.add_guild("Elsewhere")
    room = elsewhere.add_channel("room")
    elsewhere.add_member(stage.ana)
    seat = stage.ana.at(room, user_installed=True)
    reply = await puppet.reply(seat.slash("ask"), {"content": "x"})
    assert reply.interaction.payload["authorizing_integration_owners"] == {"1": str(stage.ana.id)}
    answers = [
        await puppet.webhook("POST", reply.interaction, body={"content": str(n)}) for n in range(6)
    ]
    assert [status for status, _ in answers] == [200] * 5 + [400]
    assert answers[-1][1]["code"] == 40094


async def test_disabled_select_cannot_be_used(puppet, seat):
    parts = [row(select(5, disabled=True))]
    reply = await puppet.reply(seat.slash("ask"), {"content": "x", "components": parts})
    assert reply.selects == ["s5"]
    with pytest.raises(ClientRefusal, match="disabled"):
        await reply.choose("s5", "ana")
    with pytest.raises(ClientRefusal, match="no select"):
        await reply.choose("s6", "ana")


async def test_everything_in_a_reply_can_be_read(stage, puppet, seat):
    embed = {"title": "T", "fields": [{"name": "n", "value": "v"}], "footer": {"text": "f"}}
    data = {"content": "c", "embeds": [embed], "flags": 4096, "allowed_mentions": {"parse": []}}
    reply = await puppet.reply(seat.slash("ask"), data)
    assert reply.text == "c\nT\nn\nv\nf"
    assert reply.is_silent
    assert reply.components == []
    assert reply.attachments == ()
    assert reply.message.is_silent
    assert reply.message.notified_ids == []
    assert reply.message.selects == []
    assert stage.discord.public_messages() == [reply.message]


async def test_reply_is_the_first_thing_shown(stage, puppet, seat):
    task, interaction = await puppet.start_interaction(seat.slash("ask"))
    await puppet.respond(interaction, 5)
    message = interaction.original_response
    for text in ("first", "second"):
        version = edit_message(stage.discord.state, message, MessageBody({"content": text}, {}))
        interaction.add_visible(VisibleResponse(message, version))
    reply = await task
    assert (reply.text, reply.latest().text) == ("first", "second")
