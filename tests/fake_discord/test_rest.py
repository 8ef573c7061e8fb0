"""The API by hand: permissions, history, nonces, files, and Discord's words for what is wrong."""

from datetime import timedelta

import pytest

from fakes.discord.model.permissions import Permission

POST = {"content": "hello"}


@pytest.fixture
def clean(stage):
    """Let a test send bodies that Discord refuses."""
    yield
    stage.discord.violations.clear()


def messages(channel):
    return f"/channels/{channel.id}/messages"


async def test_message_is_posted_read_edited_and_deleted(stage, raw):
    path = messages(stage.study)
    status, posted = await raw("POST", path, {**POST, "flags": 4096})
    (message,) = stage.study.messages
    assert (status, posted["id"], message.text, message.is_silent) == (
        200,
        str(message.id),
        "hello",
        True,
    )
    stage.guild.add_bot(permissions=Permission.READ_MESSAGE_HISTORY)
    one = f"{path}/{message.id}"
    assert (await raw("GET", one))[1]["content"] == "hello"
    status, edited = await raw("PATCH", one, {"content": "bye"})
    assert (edited["content"], message.text, edited["edited_timestamp"] is None) == (
        "bye",
        "bye",
        False,
    )
    assert (await raw("DELETE", one))[0] == 204
    assert stage.study.messages == []
    assert (await raw("PATCH", one, POST))[1]["code"] == 10008


async def refused(stage, raw, channel, body=POST):
    status, answer = await raw("POST", messages(channel), body)
    return status, answer["code"]


async def test_posting_needs_permissions(stage, raw):
    everyone = stage.guild.everyone
    stage.guild.set_role_permissions(everyone, Permission.VIEW_CHANNEL)
    stage.guild.add_bot(permissions=0)
    assert await refused(stage, raw, stage.study) == (403, 50013)
    stage.study.overwrite(stage.discord.state.bot, allow=Permission.SEND_MESSAGES)
    assert (await raw("POST", messages(stage.study), POST))[0] == 200
    embed = {"embeds": [{"title": "x"}]}
    assert await refused(stage, raw, stage.study, embed) == (403, 50013)
    stage.study.overwrite(stage.discord.state.bot, deny=Permission.VIEW_CHANNEL)
    assert await refused(stage, raw, stage.study) == (403, 50001)
    stage.study.delete()
    assert await refused(stage, raw, stage.study) == (404, 10003)
    stage.guild.remove_bot()
    assert await refused(stage, raw, stage.general) == (403, 50001)


async def test_kinds_of_channels_differ(stage, raw):
    forum = stage.guild.add_channel("questions", "forum")
    assert await refused(stage, raw, forum) == (400, 50008)
    voice = stage.guild.add_channel("lounge", "voice")
    assert (await raw("POST", messages(voice), POST))[0] == 200
    thread = stage.guild.add_channel("talk", "thread", parent=stage.study)
    thread.archive()
    assert (await raw("POST", messages(thread), POST))[0] == 200
    assert not thread.is_archived
    thread.archive(locked=True)
    assert await refused(stage, raw, thread) == (400, 160005)
    secret = stage.guild.add_channel("secret", "private_thread", parent=stage.study)
    assert await refused(stage, raw, secret) == (403, 50001)
    secret.thread_members.add(stage.discord.state.bot.id)
    assert (await raw("POST", messages(secret), POST))[0] == 200
    stage.study.overwrite(stage.guild.everyone, deny=Permission.SEND_MESSAGES_IN_THREADS)
    stage.study.overwrite(stage.discord.state.bot, deny=Permission.SEND_MESSAGES_IN_THREADS)
    assert await refused(stage, raw, thread) == (403, 50013)


async def test_forum_posts_are_threads_with_a_message(stage, raw):
    forum = stage.guild.add_channel("questions", "forum")
    path = f"/channels/{forum.id}/threads"
    status, thread = await raw("POST", path, {"name": "today", "message": POST})
    assert (status, thread["type"], thread["message"]["content"]) == (200, 11, "hello")
    assert stage.discord.state.get_channel(int(thread["id"])).messages[0].text == "hello"
    forum.requires_tag = True
    assert (await raw("POST", path, {"name": "today", "message": POST}))[1]["code"] == 40067


async def test_publishing_is_for_announcement_channels(stage, raw):
    news = stage.guild.add_channel("news", "announcement")
    _, posted = await raw("POST", messages(news), POST)
    path = f"{messages(news)}/{posted['id']}/crosspost"
    assert (await raw("POST", path))[1]["flags"] == 1
    assert (await raw("POST", path))[1]["code"] == 40033
    _, posted = await raw("POST", messages(stage.study), POST)
    path = f"{messages(stage.study)}/{posted['id']}/crosspost"
    assert (await raw("POST", path))[1]["code"] == 50024


async def test_history_is_paged_newest_first(stage, raw):
    for number in range(5):
        await raw("POST", messages(stage.study), {"content": str(number)})
    path = messages(stage.study)
    ids = [message.id for message in stage.study.messages]

    async def read(query):
        return [message["content"] for message in (await raw("GET", path + query))[1]]

    assert await read("") == ["4", "3", "2", "1", "0"]
    assert await read("?limit=2") == ["4", "3"]
    assert await read(f"?before={ids[2]}&limit=1") == ["1"]
    assert await read(f"?after={ids[1]}&limit=2") == ["3", "2"]
    assert (await raw("GET", f"/channels/{stage.study.id}"))[1]["last_message_id"] == str(ids[-1])
    stage.study.overwrite(stage.discord.state.bot, deny=Permission.READ_MESSAGE_HISTORY)
    assert await read("") == []


async def test_nonce_finds_the_earlier_message(stage, raw):
    body = {**POST, "nonce": "d1", "enforce_nonce": True}
    _, first = await raw("POST", messages(stage.study), body)
    _, again = await raw("POST", messages(stage.study), body)
    assert again["id"] == first["id"]
    # The scope is the author, not the channel.
    _, elsewhere = await raw("POST", messages(stage.general), body)
    assert elsewhere["id"] == first["id"]
    assert len(stage.discord.public_messages()) == 1
    _, unforced = await raw("POST", messages(stage.study), {**POST, "nonce": "d1"})
    assert unforced["id"] != first["id"]


async def test_nonce_is_forgotten_after_its_window(stage, raw):
    body = {**POST, "nonce": 7, "enforce_nonce": True}
    _, first = await raw("POST", messages(stage.study), body)
    stage.discord.state.nonce_window *= 0
    _, second = await raw("POST", messages(stage.study), body)
    assert first["id"] != second["id"]


async def test_nonce_of_a_deleted_message_is_an_error(stage, raw):
    body = {**POST, "nonce": "d2", "enforce_nonce": True}
    _, first = await raw("POST", messages(stage.study), body)
    await raw("DELETE", f"{messages(stage.study)}/{first['id']}")
    assert await refused(stage, raw, stage.study, body) == (404, 10008)


async def test_who_may_ask(stage, raw):
    assert (await raw("GET", "/users/@me"))[1]["username"] == "EmptyClassroom"
    assert (await raw("GET", "/users/@me", headers={"Authorization": "Bot no"}))[0] == 401
    assert (await raw("GET", "/users/@me", headers={"User-Agent": "x"}))[1]["code"] == 40333
    assert (await raw("GET", "/nowhere"))[0] == 404
    assert stage.discord.limits.invalid_count == 2


async def test_unreadable_body_is_answered_and_noted(stage, raw, clean):
    status, answer = await raw("POST", messages(stage.study), data=b"{")
    assert (status, answer["code"]) == (400, 50109)
    assert len(stage.discord.violations) == 1


async def test_commands_keep_their_ids(stage, raw):
    app = f"/applications/{stage.discord.state.bot.id}"
    wanted = [{"name": name, "description": "d"} for name in ("free", "status")]
    _, first = await raw("PUT", app + "/commands", wanted)
    _, second = await raw("PUT", app + "/commands", wanted[1:])
    assert second[0]["id"] == first[1]["id"]
    assert (await raw("GET", app + "/commands"))[1] == second
    one = f"{app}/commands/{second[0]['id']}"
    assert (await raw("GET", one))[1]["name"] == "status"
    assert (await raw("PATCH", one, {"description": "new"}))[1]["description"] == "new"
    assert (await raw("PATCH", one, {"name": "state"}))[1]["name"] == "state"
    assert (await raw("GET", one))[1]["code"] == 10063
    local = f"{app}/guilds/{stage.guild.id}/commands"
    _, added = await raw("POST", local, wanted[0])
    assert added["guild_id"] == str(stage.guild.id)
    assert (await raw("DELETE", f"{local}/{added['id']}"))[0] == 204
    assert (await raw("GET", local))[1] == []
    assert (await raw("GET", "/applications/5/commands"))[1]["code"] == 10002


async def test_overrides_can_be_read(stage, raw):
    app = f"/applications/{stage.discord.state.bot.id}/guilds/{stage.guild.id}/commands"
    (command,) = stage.discord.commands.replace_all([{"name": "refresh", "description": "d"}])
    one = f"{app}/{command['id']}/permissions"
    assert (await raw("GET", one))[1]["code"] == 10066
    stage.discord.commands.override(stage.guild, "refresh", stage.ana, allow=True)
    expected = [{"id": str(stage.ana.id), "type": 2, "permission": True}]
    assert (await raw("GET", one))[1]["permissions"] == expected
    assert len((await raw("GET", app + "/permissions"))[1]) == 1


async def test_direct_messages_can_be_opened(stage, raw):
    body = {"recipient_id": str(stage.ana.id)}
    _, channel = await raw("POST", "/users/@me/channels", body)
    assert (await raw("POST", f"/channels/{channel['id']}/messages", POST))[0] == 200
    assert [message.text for message in stage.ana.direct_messages().messages] == ["hello"]
    wrong = {"recipient_id": str(stage.discord.state.bot.id)}
    assert (await raw("POST", "/users/@me/channels", wrong))[1]["code"] == 50007


async def test_private_messages_are_not_in_the_channel(stage, bot, raw):
    reply = await stage.ana.at(stage.general).slash("free", building="CAS")
    path = messages(stage.general)
    assert (await raw("GET", path))[1] == []
    assert (await raw("PATCH", f"{path}/{reply.message.id}", POST))[1]["code"] == 10008


async def test_tokens_of_interactions_do_not_last(stage, bot, raw):
    reply = await stage.ana.at(stage.general).slash("free", building="CAS")
    app, token = stage.discord.state.bot.id, reply.interaction.token
    original = f"/webhooks/{app}/{token}/messages/@original"
    assert (await raw("GET", original))[0] == 200
    reply.interaction.created_at -= timedelta(minutes=15, seconds=1)
    assert (await raw("GET", original))[1]["code"] == 50027
    assert (await raw("POST", f"/webhooks/{app}/{token}", POST))[1]["code"] == 50027


async def test_rest_of_the_api(stage, raw):
    thread = f"/channels/{stage.study.id}/threads"
    stage.guild.add_bot(permissions=1 << 35)
    _, made = await raw("POST", thread, {"name": "talk", "type": 11})
    assert made["thread_metadata"]["archived"] is False
    assert (await raw("POST", f"/channels/{made['id']}/threads", {"name": "x"}))[1]["code"] == 50024
    assert (await raw("POST", f"/channels/{stage.study.id}/typing"))[0] == 204
    assert (await raw("GET", f"/guilds/{stage.guild.id}"))[1]["name"] == "Terriers"
    assert (await raw("GET", "/guilds/5"))[1]["code"] == 10004
    assert [one["name"] for one in (await raw("GET", "/users/@me/guilds"))[1]] == ["Terriers"]
    assert (await raw("GET", "/applications/@me"))[1]["approximate_guild_count"] == 1
    said = stage.ana.at(stage.study).send_message("mine")
    other = f"/channels/{stage.study.id}/messages/{said.id}"
    assert (await raw("PATCH", other, {"content": "yours"}))[1]["code"] == 50005
    assert (await raw("DELETE", other))[1]["code"] == 50013
    assert (await raw("GET", "/gateway"))[1]["url"] == stage.discord.gateway_url
    elsewhere = stage.discord.add_guild("Elsewhere")
    assert (await raw("GET", f"/guilds/{elsewhere.id}"))[1]["code"] == 50001
