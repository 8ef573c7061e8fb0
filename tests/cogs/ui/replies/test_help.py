"""`/help` as a member reads it, and the hint at the daily summary."""

from dataclasses import replace

import pytest

from cogs.ui.replies.help import HelpReplyData, command_mention, digest_hint, help_reply
from tests.fakes import at

REPLY = HelpReplyData(
    commands=[("free", "Find a free classroom"), ("digest set", "Post a summary")],
    command_ids={"free": 11, "digest": 22},
    campus="Boston University",
    read_at=at("09:00"),
    operator="terrier",
    privacy_url=None,
    project="https://example.org/bot",
)


def test_help_says_what_the_bot_does_and_which_commands_can_be_tapped(shown):
    checked = int(at("09:00").timestamp())
    lines = shown(help_reply(REPLY)).text.splitlines()
    assert lines[0] == "## I find you an empty classroom"
    assert lines[4:] == [
        "</free:11> · Find a free classroom",
        "</digest set:22> · Post a summary",
        (
            "**Data:** bookings come from the booking system of Boston University, "
            f"checked <t:{checked}:R>."
        ),
        (
            "**Privacy:** I keep booking times, how many rooms were free, and what servers and "
            "members set: the channel of a daily summary, a campus. No names, and nothing that "
            "you type."
        ),
        "**Who runs this:** terrier. The code is open: <https://example.org/bot>",
    ]


@pytest.mark.parametrize(
    ("unknown", "sentence"),
    [
        ({"campus": None}, "**Data:** bookings come from the booking system of your campus."),
        ({"read_at": None}, "the booking system of Boston University. Not checked yet."),
        ({"operator": None}, "**Who runs this:** ask whoever added the bot."),
        ({"privacy_url": "https://example.org/p"}, "Privacy policy: <https://example.org/p>"),
    ],
)
def test_help_says_only_what_is_known(shown, unknown, sentence):
    assert sentence in shown(help_reply(replace(REPLY, **unknown))).text


def test_command_without_a_known_id_is_named():
    assert command_mention("digest set", {}) == "`/digest set`"


def test_hint_says_that_it_comes_once():
    assert digest_hint({"digest": 22}) == (
        "Only you see this, once: </digest set:22> posts a summary of free rooms in a channel "
        "every morning."
    )
