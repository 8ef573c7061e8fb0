"""A real bot, used as people use it."""

import asyncio

import pytest

from fakes.discord import ClientRefusal, InteractionFailed, NoReply, Permission
from fakes.discord.client.waits import wait_for_edits
from fakes.discord.model.permissions import EVERYONE_DEFAULTS, INVITE_PERMISSIONS


async def test_slash_reaches_the_bot_and_shows_its_reply(stage, bot):
    reply = await stage.ana.at(stage.general).slash("free", building="CAS", minutes=45)
    assert reply.text == "page 0"
    assert bot.log == ["CAS 45 tod"]
    assert reply.is_ephemeral
    assert not reply.was_deferred
    assert reply.buttons == {"Next": True, "Edit": True, "Gone": True, "Off": False, "Site": True}
    assert reply.options("All buildings") == ["CAS", "CGS"]


async def test_completions_follow_what_is_typed(stage, bot):
    seat = stage.ana.at(stage.general)
    assert await seat.autocomplete("free", "building", "cg") == [("CGS!", "CGS")]
    assert len(await seat.autocomplete("free", "building", "")) == 3
    names = [option["name"] for option in seat.options_of("free")]
    assert names == ["building", "minutes", "day", "share"]
    with pytest.raises(ClientRefusal, match="Nothing completes"):
        await seat.autocomplete("free", "minutes", "4")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "required.*building"),
        ({"building": "C"}, "between 2 and 10"),
        ({"building": "C" * 11}, "between 2 and 10"),
        ({"building": 5}, "Input a text"),
        ({"building": "CAS", "minutes": 4}, "greater than or equal to 5"),
        ({"building": "CAS", "minutes": 481}, "less than or equal to 480"),
        ({"building": "CAS", "minutes": 5.5}, "valid integer"),
        ({"building": "CAS", "minutes": True}, "valid integer"),
        ({"building": "CAS", "day": "friday"}, "valid choice"),
        ({"building": "CAS", "share": "yes"}, "True or False"),
        ({"building": "CAS", "colour": "red"}, "no option called 'colour'"),
    ],
)
async def test_client_refuses_what_the_bot_must_not_see(stage, bot, options, words):
    with pytest.raises(ClientRefusal, match=words):
        await stage.ana.at(stage.general).slash("free", **options)
    assert bot.log == []


async def test_choice_can_be_named_or_valued(stage, bot):
    seat = stage.ana.at(stage.general)
    await seat.slash("free", building="CAS", day="monday")
    await seat.slash("free", building="CAS", day="mon")
    assert bot.log == ["CAS 28 mon", "CAS 28 mon"]


async def test_sub_command_with_a_channel_tells_what_everybody_may_do_there(stage, bot):
    seat = stage.mo.at(stage.general)
    reply = await seat.slash("digest set", channel=stage.study, time="07:30")
    name, mine, its = reply.text.replace(":", "").rsplit(" ", 2)
    assert name == "study-rooms at 0730"
    assert int(its) == EVERYONE_DEFAULTS | INVITE_PERMISSIONS
    assert int(mine) == EVERYONE_DEFAULTS | Permission.MANAGE_GUILD
    voice = stage.guild.add_channel("lounge", "voice")
    with pytest.raises(ClientRefusal, match="#lounge is not a channel of a type"):
        await seat.slash("digest set", channel=voice, time="07:30")


async def test_button_edits_in_place_and_reply_stays_what_was_seen(stage, bot):
    first = await stage.ana.at(stage.general).slash("free", building="CAS")
    second = await first.press("Next")
    assert (first.text, second.text, first.latest().text) == ("page 0", "page 1", "page 1")
    assert second.message is first.message
    third = await second.press("Next")
    assert third.text == "page 2"
    assert [edit.text for edit in await first.wait_for_edits(2)] == [
        "page 1",
        "page 2",
    ]


async def test_select_answers_with_a_new_private_message(stage, bot):
    first = await stage.ana.at(stage.general).slash("free", building="CAS", share=True)
    picked = await first.choose("All buildings", "CGS")
    assert picked.text == "picked ['cgs']"
    assert picked.is_ephemeral
    assert picked.message is not first.message
    with pytest.raises(ClientRefusal, match="no option 'COM'"):
        await first.choose("v1:pick", "COM")
    with pytest.raises(ClientRefusal, match="between 1 and 1"):
        await first.choose("v1:pick", "CAS", "CGS")


async def test_others_press_public_messages_only(stage, bot):
    seat = stage.ana.at(stage.general)
    public = await seat.slash("free", building="CAS", share=True)
    assert (await public.press("Next", by=stage.mo)).text == "page 1"
    assert stage.general.messages == [public.message]
    private = await seat.slash("free", building="CAS")
    with pytest.raises(ClientRefusal, match="do not see this message"):
        await private.press("Next", by=stage.mo)
    assert private.message in seat.messages
    assert private.message not in stage.mo.at(stage.general).messages
    await private.dismiss()
    with pytest.raises(ClientRefusal, match="do not see"):
        await private.press("Next")
    with pytest.raises(ClientRefusal, match="Only private"):
        await public.dismiss()


@pytest.mark.parametrize(
    ("button", "words"),
    [("Off", "disabled"), ("Site", "https://example.org"), ("Previous", "no button 'Previous'")],
)
async def test_some_buttons_cannot_be_pressed(stage, bot, button, words):
    reply = await stage.ana.at(stage.general).slash("free", building="CAS")
    with pytest.raises(ClientRefusal, match=words):
        await reply.press(button)


async def test_modal_from_a_button_edits_that_message(stage, bot):
    seat = stage.ana.at(stage.general)
    reply = await seat.slash("free", building="CAS")
    opened = await reply.press("Edit")
    assert opened.modal is not None
    assert opened.modal.title == "Where?"
    with pytest.raises(ClientRefusal, match="between 0 and 5"):
        await seat.submit_modal({"Building": "much too long"})
    after = await stage.ana.at(stage.general).submit_modal({"Building": "CGS"})
    assert after.text == "CGS 0"
    assert after.message is reply.message
    with pytest.raises(ClientRefusal, match="No form"):
        await seat.submit_modal({"Building": "CGS"})


async def test_deferral_is_waited_out_and_its_edits_are_kept(stage, bot):
    seat = stage.ana.at(stage.general)
    reply = await seat.slash("slow")
    assert (reply.text, reply.was_deferred, reply.is_ephemeral) == ("0 of 3", True, True)
    edits = await reply.wait_for_edits(2)
    assert [edit.text for edit in edits] == ["1 of 3", "2 of 3"]
    assert edits[0].since <= edits[1].since
    with pytest.raises(NoReply, match="2 edits"):
        await wait_for_edits(reply.message, 3, timeout=0.05)


async def test_silence_is_a_failure(stage, bot):
    stage.discord.response_timeout = 0.1
    seat = stage.ana.at(stage.general)
    with pytest.raises(InteractionFailed, match="The application did not respond"):
        await seat.slash("silent")
    reply = await seat.slash("free", building="CAS")
    with pytest.raises(InteractionFailed, match="This interaction failed"):
        await reply.press("Gone")


async def test_too_late_an_answer_is_10062(stage, bot):
    stage.discord.response_timeout = 0.05
    with pytest.raises(InteractionFailed):
        await stage.ana.at(stage.general).slash("late")
    bot.gate.set()
    refused = await stage.discord.requests.wait_for("POST", "/interactions/.*")
    await stage.discord.requests.signal.wait_for(lambda: refused[0].status or None, 5)
    assert (refused[0].status, refused[0].response["code"]) == (404, 10062)
    assert stage.general.messages == []


async def test_refused_response_is_named_in_the_failure(stage, bot):
    stage.discord.response_timeout = 0.3
    with pytest.raises(InteractionFailed, match=r"refused: data\.content"):
        await stage.ana.at(stage.general).slash("wordy")
    assert bot.errors[0].code == 50035
    stage.discord.violations.clear()


async def test_second_response_is_40060(stage, bot):
    reply = await stage.ana.at(stage.general).slash("twice")
    assert reply.text == "first"
    requests = await stage.discord.requests.wait_for("POST", "/interactions/.*", count=2)
    await stage.discord.requests.signal.wait_for(lambda: requests[1].status or None, 5)
    assert requests[1].response["code"] == 40060
    assert len(stage.general.messages) == 1


async def test_follow_ups_come_after_the_reply(stage, bot):
    reply = await stage.ana.at(stage.general).slash("follow")
    more = await reply.wait_for_follow_ups(6)
    assert [one.text for one in more] == [f"more {n}" for n in range(6)]
    assert all(one.is_ephemeral for one in more)
    assert not reply.is_ephemeral


async def test_direct_messages_are_a_place_too(stage, bot):
    reply = await stage.ana.direct_messages().slash("greet", whom=stage.mo)
    assert reply.text == "hello mo 442368"
    with pytest.raises(ClientRefusal, match="No commands match"):
        await stage.ana.direct_messages().slash("digest off")


async def test_user_installed_app_speaks_in_private_without_the_right(stage, bot):
    elsewhere = stage.discord.add_guild("Elsewhere")
    room = elsewhere.add_channel("room")
    elsewhere.add_member(stage.ana)
    with pytest.raises(ClientRefusal, match="No commands match"):
        await stage.ana.at(room).slash("greet")
    seat = stage.ana.at(room, user_installed=True)
    assert seat.commands == ["greet"]
    assert not (await seat.slash("greet")).is_ephemeral
    elsewhere.set_role_permissions(elsewhere.everyone, elsewhere.everyone.permissions & ~(1 << 50))
    assert (await seat.slash("greet")).is_ephemeral


async def test_fifty_at_once_are_all_answered(stage, bot):
    people = [stage.discord.add_user(f"p{number}") for number in range(50)]
    for person in people:
        stage.guild.add_member(person)
    replies = await asyncio.gather(
        *(person.at(stage.general).slash("free", building="CAS") for person in people)
    )
    assert [reply.text for reply in replies] == ["page 0"] * 50
    assert len({reply.message.id for reply in replies if reply.message}) == 50
    assert all(
        r.message and r.message.ephemeral_for is p for r, p in zip(replies, people, strict=True)
    )


async def test_people_write_too(stage):
    said = stage.ana.at(stage.general).send_message("anyone here?")
    assert stage.general.messages == [said]
    stage.general.overwrite(stage.guild.everyone, deny=1 << 11)
    with pytest.raises(ClientRefusal, match="permission to send"):
        stage.ana.at(stage.general).send_message("and now?")
