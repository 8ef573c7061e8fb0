"""`/help` and the hint at the daily summary, of the real bot against the local Discord."""

from collections.abc import AsyncIterator

import pytest_asyncio

from fakes.live25.server import FakeLive25
from tests.bot_commands import leaf_commands
from tests.e2e.environment import BotEnvironment
from tests.e2e.test_commands import answers, opened, started
from tests.fakes import eventually

HINT = "Only you see this, once:"


@pytest_asyncio.fixture
async def stage(tmp_path) -> AsyncIterator[BotEnvironment]:
    """A server whose bot nobody has used."""
    async with FakeLive25(answers()) as source, opened(tmp_path, source) as stage:
        await started(stage)
        yield stage


def ids_of(stage):
    return {each["name"]: each["id"] for each in stage.discord.commands.registered()}


def mentions(stage, names):
    ids = ids_of(stage)
    return {f"</{name}:{ids[name.partition(' ')[0]]}>" for name in names}


def hints(stage):
    return [
        message
        for channel in (stage.general, stage.study)
        for message in channel.messages_by_id.values()
        if HINT in message.text
    ]


async def test_members_see_their_commands_and_moderators_all_of_them(stage):
    everything = mentions(stage, [name for name in leaf_commands() if "campus" not in name])
    theirs = {each for each in everything if "refresh" not in each and "digest" not in each}
    for seat, commands in ((stage.member, theirs), (stage.moderator, everything)):
        reply = await seat.slash("help")
        assert reply.is_ephemeral
        assert {each for each in everything if each in reply.text} == commands
        assert "booking system of University of Maryland, checked <t:" in reply.text
        assert "**Who runs this:** " in reply.text
    direct = await stage.mo.direct_messages().slash("help")
    assert {each for each in everything if each in direct.text} == theirs


async def test_first_answer_to_a_moderator_brings_one_private_hint(stage):
    await stage.member.slash("free")
    assert hints(stage) == []
    await stage.moderator.slash("free", share=True)
    await eventually(lambda: len(hints(stage)) == 1)
    (hint,) = hints(stage)
    assert not hint.is_public
    assert all(mention in hint.text for mention in mentions(stage, ["digest set"]))
    other = stage.discord.add_user("mod-two")
    stage.server.add_member(other, is_moderator=True)
    for seat in (stage.moderator, other.at(stage.general)):
        await seat.slash("free")
        await seat.slash("help")
    # Behind the answer of a command that comes later, an earlier one's hint would have come.
    assert len(hints(stage)) == 1


async def test_hint_is_not_repeated_after_a_restart(stage):
    await stage.moderator.slash("free")
    await eventually(lambda: len(hints(stage)) == 1)
    (bot,) = stage.bots
    assert await bot.stop() == 0
    await stage.start_bot()
    await stage.moderator.slash("free")
    await stage.moderator.slash("help")
    assert len(hints(stage)) == 1


async def test_server_with_a_digest_gets_no_hint(stage):
    await stage.moderator.slash("digest set", channel=stage.general)
    await stage.moderator.slash("free")
    await stage.moderator.slash("help")
    assert hints(stage) == []
