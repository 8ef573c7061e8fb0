"""Every command, completion, button and select of the real bot, against the local Discord."""

import asyncio
import itertools
import random
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from cogs.ui.audience import Audience
from core import VERSION
from fakes.discord import ClientRefusal, ClientReply, FakeDiscord, HumanUser, Message, Permission
from fakes.live25.bookings import Months
from fakes.live25.fault_injection import ResponseFault
from fakes.live25.server import FakeLive25
from tests.bot_commands import commands_for
from tests.e2e.environment import (
    BotEnvironment,
    RunningBot,
    open_environment,
    schema_checker,
    write_campus,
)
from tests.fakes import NEW_YORK, TUESDAY, at, eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOW = at("10:05")
DAYS = [TUESDAY + timedelta(days=each) for each in range(31)]
LECTURE = "Lecture of Professor Unmentionable"
"""Is the name of every event; must get nowhere."""

CAS = [str(number) for number in range(101, 125)]
CGS = [str(number) for number in range(201, 207)]
HALLS = [f"H{number:02}" for number in range(1, 29)]
UNKNOWN = ("204", "205", "206")
MODERATORS = commands_for(Audience.MODERATORS)
FOR_ALL = commands_for(Audience.EVERYBODY)
OLD_MENU = "This message is too old to use. Run /free again."
MARKER = "zebrafish"
"""Is in everything that a member types wrongly; must not be in the log."""


def booked(room: str) -> list[tuple[float, float]]:
    """Return when a room is booked, every day alike."""
    if room == "201":
        return [(10, 10.5)]
    if room in CAS:
        return [(7, 11)] if int(room) % 2 else [(14, 15)]
    return []


def answers() -> Months:
    """Return a month of every room."""
    return Months(
        {
            room: {
                "subjects": [
                    {
                        "itemId": int(room),
                        "itemName": room,
                        "item_date": f"{day.isoformat()}T00:00:00",
                        "items": [
                            {"itemId2": 1, "itemName": LECTURE, "start": a, "end": b, "type_id": 1}
                            for a, b in booked(room)
                        ],
                    }
                    for day in DAYS
                ]
            }
            for room in [*CAS, *CGS, *(str(900 + number) for number in range(1, 29))]
        }
    )


def write_boston(folder: Path, url: str) -> Path:
    """Write a campus of thirty buildings; the rooms of CAS have seats."""
    file = write_campus(folder / "bu.toml", {"url": url, "read": "rooms"}, [])
    lines = [file.read_text()]
    rooms = {"CAS": CAS, "CGS": CGS, **{hall: [str(900 + int(hall[1:]))] for hall in HALLS}}
    for code, ids in rooms.items():
        seats = ", capacity = {}" if code == "CAS" else ""
        listed = [f'{{ id = "{id_}", name = "{id_}"{seats.format(id_)} }}' for id_ in ids]
        lines += ["[[buildings]]", f'code = "{code}"', f'name = "{code} Hall"']
        lines += ['opens = "07:00"', 'closes = "23:00"', f"rooms = [{', '.join(listed)}]"]
    file.write_text("\n".join(lines))
    return file


def in_boston(source: FakeLive25) -> None:
    source.room_faults = {room: ResponseFault("html") for room in UNKNOWN}


def checked() -> partial[FakeDiscord]:
    """Return a Discord that holds every body against Discord's own schema, where that is."""
    return partial(FakeDiscord, check=schema_checker())


@asynccontextmanager
async def opened(
    folder: Path, source: FakeLive25, **settings: str
) -> AsyncIterator[BotEnvironment]:
    """Open a stage; in the end nothing was wrong with what the bot sent and logged."""
    in_boston(source)
    file = write_boston(folder, source.url)
    async with open_environment(
        folder, file, None, start=NOW, settings=settings, make_discord=checked()
    ) as stage:
        yield stage
        assert stage.discord.violations == []
        assert_nobody_is_pinged(stage.discord)
        for bot in stage.bots:
            assert_nothing_secret(bot, stage.discord)


def assert_nobody_is_pinged(discord: FakeDiscord) -> None:
    for request in discord.requests:
        data = request.body.get("data", request.body) if isinstance(request.body, dict) else {}
        if isinstance(data, dict) and "components" in data:
            assert data["allowed_mentions"]["parse"] == [], request


def assert_nothing_secret(bot: RunningBot, discord: FakeDiscord) -> None:
    log = "\n".join(bot.log)
    assert discord.token not in log
    assert MARKER not in log
    assert "Unmentionable" not in log
    for token in discord.state.interactions:
        assert token not in log
    assert "Traceback" not in "\n".join(line for line in bot.log if " ERROR " not in line)


async def started(stage: BotEnvironment) -> RunningBot:
    """Start the bot and wait until it has read the campus."""
    bot = await stage.start_bot()
    await bot.logs(" of 58 rooms of umd")
    while "Checking the bookings now" in (await stage.member.slash("status")).text:
        pass
    return bot


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def campus() -> AsyncIterator[FakeLive25]:
    async with FakeLive25(answers()) as source:
        yield source


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def shared(campus, tmp_path_factory) -> AsyncIterator[BotEnvironment]:
    """A stage with one bot for all tests that neither end it nor need settings of their own."""
    async with opened(tmp_path_factory.mktemp("shared"), campus) as stage:
        bot = await started(stage)
        yield stage
        assert await bot.stop() == 0


@pytest_asyncio.fixture(loop_scope="module")
async def stage(shared: BotEnvironment) -> BotEnvironment:
    """The shared stage, with channels that nobody has written in."""
    shared.general = shared.server.add_channel("general")
    shared.study = shared.server.add_channel("study-rooms")
    return shared


@pytest_asyncio.fixture(loop_scope="module")
async def source() -> AsyncIterator[FakeLive25]:
    """A source for a test of its own."""
    async with FakeLive25(answers()) as server:
        yield server


def unix(moment: datetime) -> int:
    return int(moment.timestamp())


def until(clock: str, day: date = TUESDAY) -> str:
    return f"till <t:{unix(at(clock, day))}:t>"


def rooms_in(text: str) -> list[str]:
    return re.findall(r"^\*\*(\w+ \w+)\*\* · till", text, re.MULTILINE)


def title(reply: ClientReply) -> str:
    """Return the heading, with times as the clock on campus shows them."""
    heading = reply.text.splitlines()[0].removeprefix("## ")
    return re.sub(r"<t:(\d+):t>", lambda match: clock_of(int(match[1])), heading)


def clock_of(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, NEW_YORK):%H:%M}"


async def all_rooms(reply: ClientReply) -> list[str]:
    """Turn the pages to the last one; return the rooms of all of them."""
    found = rooms_in(reply.text)
    while "More rooms" in reply.buttons:
        reply = await reply.press("More rooms")
        found += rooms_in(reply.text)
    return found


class TestRegistration:
    def command(self, stage: BotEnvironment, name: str) -> dict[str, Any]:
        found = [each for each in stage.discord.commands.registered() if each["name"] == name]
        assert len(found) == 1
        return found[0]

    async def test_each_command_is_registered_once(self, stage):
        names = {each["name"] for each in stage.discord.commands.registered()}
        assert names == {*FOR_ALL, *MODERATORS}
        assert stage.discord.commands.sync_count == 1

    async def test_moderators_commands_are_for_managers_of_servers_alone(self, stage):
        for name in MODERATORS:
            command = self.command(stage, name)
            assert command["contexts"] == [0]
            assert command["integration_types"] == [0]
            assert command["default_member_permissions"] == str(int(Permission.MANAGE_GUILD))

    async def test_all_others_are_for_everybody_everywhere(self, stage):
        for name in FOR_ALL:
            command = self.command(stage, name)
            assert command["contexts"] == [0, 1, 2]
            assert sorted(command["integration_types"]) == [0, 1]
            assert command["default_member_permissions"] is None

    async def test_everything_is_described(self, stage):
        def described(part: dict[str, Any]) -> None:
            assert 3 < len(part["description"]) <= 100, part
            assert "…" not in part["description"], part
            for option in part.get("options", []):
                described(option)

        for command in stage.discord.commands.registered():
            described(command)

    async def test_members_are_offered_what_is_theirs(self, stage):
        assert sorted(stage.member.commands) == sorted(FOR_ALL)
        offered = {each.partition(" ")[0] for each in stage.moderator.commands}
        assert offered == {*FOR_ALL, *MODERATORS}
        assert set(stage.ana.direct_messages().commands) == FOR_ALL

    async def test_bot_asks_for_the_guilds_intent_alone(self, stage):
        (session,) = stage.discord.gateway.sessions.connected
        assert session.intents == 1


class TestFree:
    async def test_says_what_is_free_now_privately(self, stage):
        reply = await stage.member.slash("free")
        assert title(reply) == "42 rooms free now"
        assert (reply.is_ephemeral, reply.was_deferred) == (True, False)
        assert f"**CGS 202** · {until('23:00')}" in reply.text
        assert "no information for 3 of 58 rooms" in reply.text
        usual = [f"{hall} {900 + int(hall[1:])}" for hall in HALLS]
        early = [f"CAS {room}" for room in CAS if int(room) % 2 == 0]
        # Each building's first, then the second of those that have one.
        spread = ["CGS 202", *usual, early[0], "CGS 203", *early[1:]]
        assert await all_rooms(reply) == spread
        assert rooms_in(reply.text) == spread[:5]

    async def test_rooms_that_open_soon_are_on_the_last_page(self, stage):
        reply = await stage.member.slash("free", building="cgs")
        assert rooms_in(reply.text) == ["CGS 202", "CGS 203"]
        assert f"**Opening soon** <t:{unix(at('10:30'))}:t>: 201" in reply.text
        assert "no information for 3 of 6 rooms" in reply.text

    async def test_minutes_leave_shorter_gaps_out(self, stage):
        reply = await stage.member.slash("free", building="CAS", minutes="240")
        assert title(reply) == "No room is free for 4 h right now"
        assert (
            f"12 rooms are free for a shorter time. Longest: **CAS 102**, {until('14:00')}."
            in reply.text
        )
        assert title(await reply.press("Shorter")) == "12 rooms free now"
        assert title(await stage.member.slash("free", building="CAS", minutes="200")) == (
            "12 rooms free now"
        )

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("15:30", "24 rooms free at 15:30"),
            ("3:30 pm", "24 rooms free at 15:30"),
            ("3pm", "24 rooms free at 15:00"),
            ("now", "12 rooms free now"),
            ("08:00", "12 rooms free tomorrow at 08:00"),
            ("2026-03-03 08:00", "12 rooms were free at 08:00"),
            ("2026-03-03 06:00", "CAS Hall is closed at 06:00"),
        ],
    )
    async def test_at_takes_times_as_people_write_them(self, stage, typed, words):
        reply = await stage.member.slash("free", building="CAS", at=typed)
        assert title(reply) == words

    async def test_at_takes_minutes_from_now(self, stage):
        reply = await stage.member.slash("free", building="CAS", at="+60")
        assert re.match(r"24 rooms free at 11:0\d$", title(reply))

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("2026-03-05", "24 rooms free on Thu, Mar 5 at 15:30"),
            ("today", "24 rooms free at 15:30"),
            ("tomorrow", "24 rooms free tomorrow at 15:30"),
            ("friday", "24 rooms free on Fri, Mar 6 at 15:30"),
            ("Tue", "24 rooms free at 15:30"),
        ],
    )
    async def test_date_takes_days_as_people_write_them(self, stage, typed, words):
        reply = await stage.member.slash("free", building="CAS", at="15:30", date=typed)
        assert title(reply) == words

    async def test_select_of_another_day_counts_that_days_rooms(self, stage):
        reply = await stage.member.slash("free", at="15:30", date="tomorrow")
        assert "CAS · CAS Hall · 24 free" in reply.options("Pick a building")

    async def test_capacity_leaves_smaller_and_unsized_rooms_out(self, stage):
        reply = await stage.member.slash("free", capacity=120)
        assert rooms_in(reply.text) == ["CAS 120", "CAS 122", "CAS 124"]
        lines = reply.text.splitlines()
        assert lines[1] == "120 seats or more"
        # Of 34 rooms without seats these are free: 28 halls, 202 and 203.
        assert "30 more rooms may fit (seats not listed)" in lines
        assert "· 124 seats" in reply.text

    async def test_share_shows_the_answer_to_all(self, stage):
        reply = await stage.member.slash("free", share=True)
        assert not reply.is_ephemeral
        assert stage.general.messages == [reply.message]
        assert "Post here" not in reply.buttons
        assert reply.message.notified_ids == []

    async def test_building_is_known_by_code_or_name_in_any_letters(self, stage):
        for typed in ("CAS", "cas", "cas hall", " CAS "):
            lines = (await stage.member.slash("free", building=typed)).text.splitlines()
            assert lines[1] == "CAS · CAS Hall"


class TestBuilding:
    async def test_shows_every_room_in_order_over_two_pages(self, stage):
        reply = await stage.member.slash("building", building="CAS")
        assert reply.is_ephemeral
        assert reply.text.splitlines()[:3] == [
            "## CAS · CAS Hall",
            (
                f"-# Open <t:{unix(at('07:00'))}:t>–<t:{unix(at('23:00'))}:t>"
                " · Tuesday 3 March (EST) · 12 of 24 rooms free now · page 1 of 2"
            ),
            f"**101** <t:{unix(at('11:00'))}:t>–<t:{unix(at('23:00'))}:t>",
        ]
        last = await reply.press("More rooms")
        found = re.findall(r"^\*\*(\d+)\*\* ", f"{reply.text}\n{last.text}", re.MULTILINE)
        assert found == CAS

    async def test_gap_that_holds_now_is_bold(self, stage):
        reply = await stage.member.slash("building", building="CAS")
        bold = f"**102** **<t:{unix(at('07:00'))}:t>–<t:{unix(at('14:00'))}:t>**, <t:"
        assert bold in reply.text

    async def test_room_that_failed_is_unknown_neither_free_nor_busy(self, stage):
        text = (await stage.member.slash("building", building="CGS")).text
        for room in UNKNOWN:
            assert f"**{room}** unknown: " in text
        assert "2 of 6 rooms free now" in text
        assert "no information for 3 of 6 rooms" in text

    async def test_another_day_is_not_counted_as_now(self, stage):
        reply = await stage.member.slash("building", building="CAS", date="tomorrow", share=True)
        assert not reply.is_ephemeral
        assert "free now" not in reply.text.splitlines()[1]
        assert "Wednesday 4 March" in reply.text


class TestCompletion:
    async def test_buildings_come_with_live_counts_25_at_most(self, stage):
        offered = await stage.member.autocomplete("free", "building", "")
        assert len(offered) == 25
        assert offered[:3] == [
            ("CAS · CAS Hall · 12 free", "CAS"),
            ("CGS · CGS Hall · 2 free", "CGS"),
            ("H01 · H01 Hall · 1 free", "H01"),
        ]
        assert await stage.member.autocomplete("building", "building", "h28") == [
            ("H28 · H28 Hall · 1 free", "H28")
        ]

    async def test_times_and_dates_are_completed(self, stage):
        times = await stage.member.autocomplete("free", "at", "2")
        assert times[0] == ("2:00 PM", "2026-03-03 14:00")
        days = await stage.member.autocomplete("free", "date", "")
        assert days[0] == ("Today · Tue 3 March", "2026-03-03")
        assert len(days) == 25
        friday = await stage.member.autocomplete("building", "date", "fri", building="CAS")
        assert [value for _, value in friday] == [f"2026-03-{day:02}" for day in (6, 13, 20, 27)]

    async def test_whatever_is_completed_is_understood(self, stage):
        for typed in ("", "1", "2:", "9", "+4", "no", "12"):
            for _, value in await stage.member.autocomplete("free", "at", typed):
                assert "I didn't" not in (await stage.member.slash("free", at=value)).text
        for _, value in (await stage.member.autocomplete("free", "date", ""))[:5]:
            assert "I didn't" not in (await stage.member.slash("free", date=value)).text

    async def test_no_text_makes_a_completion_fail(self, stage):
        wild = random.Random(2026)  # noqa: S311 - the same texts each time
        pieces = [*"0123456789:+-. apm", *NASTY]
        texts = [*NASTY, *("".join(wild.choices(pieces, k=k % 9 + 1)) for k in range(150))]
        options = [("free", "building"), ("free", "at"), ("free", "date")]
        options += [("building", "building"), ("building", "date")]

        async def complete(command: str, option: str, typed: str) -> None:
            others = {"building": "CAS"} if (command, option) == ("building", "date") else {}
            offered = await stage.member.autocomplete(command, option, typed[:100], **others)
            assert len(offered) <= 25

        for text in texts:
            await asyncio.gather(*(complete(*option, text) for option in options))


NASTY = [
    "@everyone",
    "<@123456789012345678>",
    "**x**",
    "\u202e\u200b",
    "x" * 100,
    "9" * 100,
    "'; DROP TABLE",
    "\r\nFLUSHALL\r\n",
    "\x00",
    "٣:٣٠",
    "²",
    "ﬁ",
    "İ",
    "25:61",
    "24:00",
    "2026-02-30",
    "0000-00-00",
    "9999-12-31",
    "+9999",
    "+00000",
    "\\",
    "(?!",
]


NO_DURATION = 'I didn\'t get "{}". Try "2h", "90 min" or "until 5pm".'


class TestWrongInput:
    @pytest.mark.parametrize(
        ("command", "options", "sentence"),
        [
            (
                "free",
                {"building": f"CASS {MARKER}"},
                (
                    f'No building here is called "{MARKER}". '
                    'Try "CAS", or pick one from the list as you type.'
                ),
            ),
            (
                "building",
                {"building": "CA"},
                'No building here is called "CA". Did you mean CAS (CAS Hall)?',
            ),
            (
                "free",
                {"at": f"half past {MARKER}"},
                f'I didn\'t get "half past {MARKER}". Try "3pm", "tomorrow 10am" or "in 45 min".',
            ),
            (
                "free",
                {"at": "25:00"},
                'I didn\'t get "25:00". Try "3pm", "tomorrow 10am" or "in 45 min".',
            ),
            ("free", {"minutes": "0"}, NO_DURATION.format("0")),
            ("free", {"minutes": "1441"}, NO_DURATION.format("1441")),
            (
                "building",
                {"building": "CAS", "date": f"some {MARKER}"},
                f'I didn\'t get "some {MARKER}". Try "tomorrow", "Fri" or "Mar 4".',
            ),
            (
                "free",
                {"date": "2026-02-30"},
                'I didn\'t get "2026-02-30". Try "tomorrow", "Fri" or "Mar 4".',
            ),
            (
                "free",
                {"date": "2026-04-03"},
                (
                    "Nothing is known for Friday 3 April 2026. "
                    "Ask for a day from Tuesday 3 March 2026 to Thursday 2 April 2026."
                ),
            ),
            (
                "building",
                {"building": "CAS", "date": "2026-03-02"},
                (
                    "Nothing is known for Monday 2 March 2026. "
                    "Ask for a day from Tuesday 3 March 2026 to Thursday 2 April 2026."
                ),
            ),
        ],
    )
    @pytest.mark.parametrize("share", [False, True])
    async def test_is_answered_privately_with_what_is_possible(
        self, stage, command, options, sentence, share
    ):
        reply = await stage.member.slash(command, **options, share=share)
        if reply.is_deleted:
            # A public "thinking" that came to nothing is taken away before it is explained.
            (reply,) = await reply.wait_for_follow_ups()
        assert reply.text == sentence
        assert reply.is_ephemeral
        assert stage.general.messages == []

    async def test_nothing_that_is_typed_has_an_effect(self, stage):
        for typed in NASTY:
            for options in ({"building": typed}, {"at": typed}, {"date": typed}):
                reply = await stage.member.slash("free", **options)
                assert reply.is_ephemeral
                assert "went wrong" not in reply.text, options
                assert reply.message
                assert reply.message.notified_ids == []
                assert "<@1" not in reply.text

    async def test_nothing_that_is_typed_is_logged_even_where_most_is(self, source, tmp_path):
        async with opened(tmp_path, source, LOG_LEVEL="DEBUG") as stage:
            bot = await started(stage)
            await stage.member.slash("free", building=MARKER)
            await stage.member.autocomplete("free", "at", MARKER)
            old = await post_as_bot(stage, f"0:{MARKER}")
            stage.discord.faults.respond_with("POST", "/interactions/.*/callback", status=400)
            reply = await stage.member.press(old, f"0:{MARKER}")
            assert "went wrong" in reply.text
            assert await bot.stop() == 0

    async def test_numbers_out_of_range_are_refused_by_the_client(self, stage):
        for options in ({"capacity": 0}, {"capacity": 100_001}, {"at": "x" * 101}):
            with pytest.raises(ClientRefusal):
                await stage.member.slash("free", **options)


class TestButtons:
    async def test_next_and_previous_turn_the_page_in_place(self, stage):
        first = await stage.member.slash("free")
        second = await first.press("More rooms")
        assert second.message is first.message
        assert "rooms 6–15 of 42" in second.text
        assert list(second.buttons)[3:] == ["← Back", "More rooms", "Post here", "Refresh"]
        back = await second.press("← Back")
        assert back.text == first.text
        assert back.buttons == first.buttons

    async def test_refresh_asks_the_same_again_and_now_asks_about_now(self, stage):
        reply = await stage.member.slash("free", building="CAS", at="15:30", date="friday")
        again = await reply.press("Refresh")
        assert (title(again), again.buttons) == (title(reply), reply.buttons)
        assert title(await again.press("Now")) == "12 rooms free now"

    async def test_duration_is_refined_in_place(self, stage):
        reply = await stage.member.slash("free", building="CAS")
        refined = await reply.press("3 h")
        assert refined.message is reply.message
        assert "free for 3 h or more" in refined.text
        assert not refined.buttons["3 h"]

    async def test_update_of_a_building_keeps_the_day(self, stage):
        reply = await stage.member.slash("building", building="CAS", date="friday")
        assert (await reply.press("Refresh")).text == reply.text

    async def test_select_asks_the_same_of_another_building(self, stage):
        reply = await stage.member.slash("free", at="15:30", minutes="60")
        chosen = await reply.choose("Pick a building", "CGS")
        assert title(chosen) == "3 rooms free at 15:30"
        assert "free for 1 h or more" in chosen.text
        everything = await chosen.choose("Pick a building", "Anywhere")
        assert everything.text == reply.text

    async def test_select_of_a_building_shows_another(self, stage):
        reply = await stage.member.slash("building", building="CAS", date="friday")
        chosen = await (await reply.press("More rooms")).choose("Pick a building", "CGS")
        assert title(chosen) == "CGS · CGS Hall"
        assert "Friday 6 March" in chosen.text

    async def test_share_posts_the_page_that_is_shown(self, stage):
        private = await (await stage.member.slash("free")).press("More rooms")
        public = await private.press("Post here")
        assert stage.general.messages == [public.message]
        assert rooms_in(public.text) == rooms_in(private.text)
        assert re.match(r"42 rooms free at 10:\d\d$", title(public))
        assert f"-# Asked by <@{stage.ana.id}> · " in public.text
        assert "Now" in public.buttons
        assert "Post here" not in public.buttons
        assert private.latest().text == private.text
        day = await stage.member.slash("building", building="CAS")
        assert (await day.press("Post here")).text == day.text

    async def test_somebody_elses_message_is_answered_with_a_private_copy(self, stage):
        public = await stage.member.slash("free", share=True)
        copy = await public.press("More rooms", by=stage.mo)
        assert copy.is_ephemeral
        assert copy.message is not public.message
        assert "rooms 6–15 of 42" in copy.text
        assert title(copy) == "42 rooms free now"
        assert "Post here" in copy.buttons
        assert public.latest().text == public.text
        assert "rooms 16–25 of 42" in (await copy.press("More rooms")).text

    async def test_own_public_message_is_turned_in_place(self, stage):
        public = await stage.member.slash("free", share=True)
        assert (await public.press("More rooms")).message is public.message
        shared = await (await stage.member.slash("free")).press("Post here")
        assert (await shared.press("More rooms")).message is shared.message

    async def test_share_is_refused_to_who_may_not_post_any_more(self, stage):
        reply = await stage.member.slash("free")
        stage.general.overwrite(stage.ana, deny=Permission.SEND_MESSAGES)
        refused = await reply.press("Post here")
        assert refused.is_ephemeral
        assert refused.text == "You can't post in this channel, so I can't share it for you here."
        assert stage.general.messages == []
        assert "Post here" not in (await reply.press("Refresh")).buttons

    async def test_in_a_thread_it_is_the_right_to_post_in_threads_that_counts(self, stage):
        thread = stage.server.add_channel("talk", "thread", parent=stage.general)
        stage.general.overwrite(stage.ana, deny=Permission.SEND_MESSAGES)
        reply = await stage.ana.at(thread).slash("free")
        assert (await reply.press("Post here")).message in thread.messages
        stage.general.overwrite(stage.ana, deny=Permission.SEND_MESSAGES_IN_THREADS)
        assert "can't post" in (await reply.press("Post here")).text

    async def test_direct_messages_have_everything_but_share(self, stage):
        reply = await stage.ana.direct_messages().slash("free")
        assert list(reply.buttons)[3:] == ["More rooms", "Refresh"]
        second = await reply.press("More rooms")
        assert list(second.buttons)[3:] == ["← Back", "More rooms", "Refresh"]
        status = await stage.ana.direct_messages().slash("status")
        assert "summary here" not in status.text

    async def test_every_kind_of_item_still_works_after_every_kind_of_press(self, stage):
        old = await post_as_bot(stage, "old:menu")
        for command, options in (("free", {}), ("building", {"building": "CAS"})):
            reply = await stage.member.slash(command, **options)
            for button in ("More rooms", "← Back", "Refresh", "Post here"):
                await reply.press(button)
            await reply.choose("Pick a building", "CGS")
            assert title(await reply.press("Refresh"))
            assert (await stage.member.press(old, "old:menu")).text == OLD_MENU
        await (await stage.member.slash("free")).press("More rooms")
        await (await stage.member.slash("building", building="CAS")).press("More rooms")


class TestUserInstalled:
    @pytest.fixture
    def traveller(self, stage) -> HumanUser:
        person: HumanUser = stage.discord.add_user("tess", user_installed=True)
        return person

    @pytest.fixture
    def abroad(self, stage, traveller):
        server = stage.discord.add_guild("Elsewhere")
        server.add_member(traveller)
        return server

    async def test_works_where_the_bot_is_not(self, abroad, traveller):
        seat = traveller.at(abroad.add_channel("lobby"))
        assert set(seat.commands) == FOR_ALL
        reply = await seat.slash("free")
        assert "rooms 6–15 of 42" in (await reply.press("More rooms")).text
        assert "summary here" not in (await seat.slash("status")).text
        assert await seat.autocomplete("free", "building", "cas")

    async def test_share_is_offered_where_the_asker_may_let_apps_speak(self, abroad, traveller):
        lobby = abroad.add_channel("lobby")
        lobby.overwrite(abroad.everyone, allow=Permission.USE_EXTERNAL_APPS)
        reply = await traveller.at(lobby).slash("free")
        assert (await reply.press("Post here")).message in lobby.messages

    async def test_share_is_not_offered_where_only_the_asker_would_see_it(self, abroad, traveller):
        lobby = abroad.add_channel("lobby")
        lobby.overwrite(abroad.everyone, deny=Permission.USE_EXTERNAL_APPS)
        assert (await traveller.at(lobby).slash("free", share=True)).is_ephemeral
        reply = await traveller.at(lobby).slash("free")
        assert "Post here" not in reply.buttons
        assert lobby.messages == []
        assert "rooms 6–15 of 42" in (await reply.press("More rooms")).text


async def post_as_bot(stage: BotEnvironment, *custom_ids: str) -> Message:
    """Post a message with such buttons in the bot's name, as an older version of it might have."""
    buttons = [{"type": 2, "style": 2, "label": each, "custom_id": each} for each in custom_ids]
    body = {"flags": 1 << 15, "components": [{"type": 1, "components": buttons}]}
    body["allowed_mentions"] = {"parse": []}
    headers = {
        "Authorization": f"Bot {stage.discord.token}",
        "User-Agent": "DiscordBot (https://example.org, 1.0)",
    }
    url = f"{stage.discord.api_url}/channels/{stage.general.id}/messages"
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(url, json=body) as response,
    ):
        assert response.status == 200, await response.text()
        found = await response.json()
    return stage.general.messages_by_id[int(found["id"])]


class TestOldMessages:
    @pytest.mark.parametrize(
        "custom_id",
        [
            "0:free:next:umd::28:now:0:0",
            "2:free:next:umd::28:now:0:0",
            "1:free:explode:umd::28:now:0:0",
            "share",
        ],
    )
    async def test_buttons_of_another_version_say_so_privately(self, stage, custom_id):
        old = await post_as_bot(stage, custom_id)
        reply = await stage.member.press(old, custom_id)
        assert reply.is_ephemeral
        assert reply.text == OLD_MENU

    async def test_building_that_is_no_more_is_named(self, stage):
        old = await post_as_bot(stage, "1:building:update:umd:GONE:today:0")
        reply = await stage.member.press(old, "1:building:update:umd:GONE:today:0")
        assert reply.is_ephemeral
        assert reply.text.startswith('No building here is called "GONE"')

    async def test_day_that_has_passed_says_which_days_are_known(self, stage):
        id_ = "1:building:update:umd:CAS:2025-03-03:0"
        reply = await stage.member.press(await post_as_bot(stage, id_), id_)
        assert reply.is_ephemeral
        assert reply.text.startswith("Nothing is known for Monday 3 March 2025.")

    async def test_day_that_is_in_no_calendar_is_named(self, stage):
        id_ = "1:building:update:umd:CAS:2026-02-31:0"
        reply = await stage.member.press(await post_as_bot(stage, id_), id_)
        assert reply.is_ephemeral
        assert reply.text.startswith('I didn\'t get "2026-02-31".')

    async def test_unexpected_error_gives_a_reference_that_is_in_the_log(self, stage):
        old = await post_as_bot(stage, "old:menu")
        stage.discord.faults.respond_with("POST", "/interactions/.*/callback", status=400)
        reply = await stage.member.press(old, "old:menu")
        match = re.fullmatch(
            r"Something went wrong on our side \(ref ([0-9A-F]{4})\)\. Please try again\.",
            reply.text,
        )
        assert match
        assert reply.is_ephemeral
        (bot,) = stage.bots
        await bot.logs(f"ref {match[1]}: component in server {stage.server.id}")
        (line,) = bot.logged(f"ref {match[1]}")
        assert "HTTPException" in line


class TestStatus:
    async def test_tells_data_next_health_and_about(self, stage):
        reply = await stage.member.slash("status")
        assert reply.is_ephemeral
        for words in (
            "**55 of 58 rooms up to date** · checked <t:",
            "No information: CGS ",
            "Moderators can refresh <t:",
            "Next check of the bookings: <t:",
            "Daily summary here: not set up",
            "Booking system: answered <t:",
            "Database: answered <t:",
            f"EmptyClassroom {VERSION}, started <t:",
        ):
            assert words in reply.text
        assert reply.buttons == {}


class TestRefresh:
    async def test_cooldown_after_the_first_reading_says_when_it_ends(self, stage):
        reply = await stage.moderator.slash("refresh")
        match = re.fullmatch(r"Refreshed <t:(\d+):R>\. Possible again <t:(\d+):R>\.", reply.text)
        assert match, reply.text
        assert reply.is_ephemeral
        # It counts from the end of the reading, "Refreshed" tells its begin.
        (reading,) = stage.bots[0].logged(" of 58 rooms of umd in ")
        took = float(reading.partition(" of umd in ")[2].partition(" s;")[0])
        assert 30 * 60 <= int(match[2]) - int(match[1]) <= 30 * 60 + took + 1

    async def test_is_not_offered_to_members(self, stage):
        with pytest.raises(ClientRefusal):
            await stage.member.slash("refresh")
        with pytest.raises(ClientRefusal):
            await stage.mo.direct_messages().slash("refresh")

    async def test_admin_can_give_it_to_a_role_and_take_it_away(self, stage):
        helpers = stage.server.add_role("helpers")
        stage.server.add_member(stage.ana, helpers)
        stage.discord.commands.override(stage.server, "refresh", helpers, allow=True)
        reply = await stage.member.slash("refresh")
        assert reply.text.startswith("Refreshed <t:")
        stage.discord.commands.override(stage.server, "refresh", stage.mo, allow=False)
        with pytest.raises(ClientRefusal):
            await stage.moderator.slash("refresh")
        stage.discord.commands.overrides.clear()

    async def test_shows_progress_at_most_once_a_second_then_what_changed(self, source, tmp_path):
        async with opened(tmp_path, source, REFRESH_COOLDOWN_MINUTES="0") as stage:
            await started(stage)
            source.reset_counts()
            source.room_faults = {}
            source.items("102", TUESDAY).append(
                {"itemId2": 2, "itemName": LECTURE, "start": 10, "end": 12, "type_id": 1}
            )
            source.items("103", TUESDAY).clear()
            source.latency = 0.28
            reply = await stage.moderator.slash("refresh")
            max_ = stage.discord.add_user("max")
            stage.server.add_member(max_, is_moderator=True)
            other = await max_.at(stage.study).slash("refresh")
            assert reply.was_deferred
            assert reply.is_ephemeral
            await eventually(lambda: "Refreshed in" in reply.latest().text)
            await eventually(lambda: "Refreshed in" in other.latest().text)
            assert source.request_count == 58
            assert reply.message
            *progress, result = [each for each in reply.message.versions if each.text]
            assert len(progress) >= 2
            for version in progress:
                assert re.fullmatch(
                    r"Checking University of Maryland… \d+ of 58 rooms\n[▰▱]{10}", version.text
                )
            gaps = [b.since - a.since for a, b in itertools.pairwise(progress)]
            assert min(gaps) > timedelta(seconds=0.95)
            assert "58 rooms checked" in result.text
            # With it came the three rooms of CGS that had failed before.
            assert (
                f"4 newly free: CAS 103 till <t:{unix(at('23:00'))}:t>, CGS 204 till" in result.text
            )
            assert f"1 newly busy: CAS 102 till <t:{unix(at('12:00'))}:t>" in result.text
            assert result.text.splitlines()[1:] == other.latest().text.splitlines()[1:]

    @pytest.mark.parametrize("status", [403, 404])
    async def test_progress_that_cannot_be_shown_does_not_end_it(self, source, tmp_path, status):
        async with opened(tmp_path, source, REFRESH_COOLDOWN_MINUTES="0") as stage:
            bot = await started(stage)
            source.latency = 0.28
            edit = "/webhooks/.*/messages/@original"
            fault = stage.discord.faults.respond_with("PATCH", edit, status=status)
            reply = await stage.moderator.slash("refresh")
            await eventually(lambda: "Refreshed in" in reply.latest().text)
            assert fault.hits == 1
            assert not bot.logged("ref ")

    async def test_result_is_told_in_a_new_message_where_the_first_is_gone(self, source, tmp_path):
        async with opened(tmp_path, source, REFRESH_COOLDOWN_MINUTES="0") as stage:
            bot = await started(stage)
            source.latency = 0.28
            edit = "/webhooks/.*/messages/@original"
            stage.discord.faults.respond_with("PATCH", edit, status=404, times=99)
            await stage.moderator.slash("refresh")
            told = stage.discord.requests
            await told.wait_for("POST", "/webhooks/[^/]+/[^/]+")
            assert not bot.logged("ref ")

    async def test_source_that_is_down_is_told_and_costs_no_cooldown(self, source, tmp_path):
        async with opened(tmp_path, source, REFRESH_COOLDOWN_MINUTES="0") as stage:
            await started(stage)
            source.fault = ResponseFault("html")
            reply = await stage.moderator.slash("refresh")
            assert reply.text.endswith("Nothing has changed: what was known before still stands.")
            assert reply.is_ephemeral
            first, second, *_ = (await stage.member.slash("free", building="CAS")).text.splitlines()
            assert first.startswith("**The booking system has been down since")
            assert second == "## 12 rooms free now"
            source.fault = None
            reply = await stage.moderator.slash("refresh")
            # Its progress is shown first where it takes more than a second.
            await eventually(lambda: reply.latest().text.startswith("## Refreshed in"))


class TestRestart:
    async def test_buttons_work_after_a_kill_and_commands_are_not_registered_again(
        self, source, tmp_path
    ):
        async with opened(tmp_path, source) as stage:
            bot = await started(stage)
            free = await stage.member.slash("free")
            day = await stage.member.slash("building", building="CAS", share=True)
            await bot.kill()
            await stage.discord.wait_until_disconnected()
            source.reset_counts()
            again = await stage.start_bot()
            assert "rooms 6–15 of 42" in (await free.press("More rooms")).text
            assert "page 2 of 2" in (await day.press("More rooms")).text
            assert stage.discord.commands.sync_count == 1
            assert source.request_count == 0
            assert await again.stop() == 0

    async def test_term_lets_a_command_in_flight_have_its_answer(self, source, tmp_path):
        async with opened(tmp_path, source) as stage:
            source.latency = 0.1
            bot = await stage.start_bot()
            asking = asyncio.create_task(stage.member.slash("free"))
            await stage.discord.requests.wait_for("POST", "/interactions/.*/callback")
            bot.process.send_signal(signal.SIGTERM)
            reply = await asking
            assert reply.was_deferred
            assert title(reply) == "42 rooms free now"
            assert await bot.stop() == 0

    async def test_term_ends_a_refresh_in_flight_within_five_seconds(self, source, tmp_path):
        async with opened(tmp_path, source, REFRESH_COOLDOWN_MINUTES="0") as stage:
            bot = await started(stage)
            source.latency = 30
            asking = asyncio.create_task(stage.moderator.slash("refresh"))
            await stage.discord.requests.wait_for("POST", "/interactions/.*/callback")
            assert await bot.stop() == 0
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    async def test_interrupt_ends_it_like_term(self, source, tmp_path):
        async with opened(tmp_path, source) as stage:
            bot = await started(stage)
            bot.process.send_signal(signal.SIGINT)
            assert await bot.stop() == 0


class TestBadStart:
    async def ended(self, stage: BotEnvironment, **environment: str) -> list[str]:
        """Start the bot, which cannot run, and return what it says."""
        bot = await stage.launch_bot(**environment)
        async with asyncio.timeout(20):
            assert await bot.process.wait() == 1
        assert bot.reading
        await bot.reading
        assert "Traceback" not in "\n".join(bot.log)
        return bot.log

    async def test_token_that_discord_refuses_is_said_in_one_line(self, source, tmp_path):
        async with opened(tmp_path, source) as stage:
            log = await self.ended(stage, DISCORD_TOKEN=f"{MARKER[:5]}.not.right")
            assert log[-1] == "DISCORD_TOKEN: Discord does not accept it"
            assert "not.right" not in "\n".join(log)

    async def test_all_faults_of_settings_and_campus_are_told_at_once(self, source, tmp_path):
        async with opened(tmp_path, source) as stage:
            faulty = tmp_path / "faulty.toml"
            faulty.write_text(
                write_boston(tmp_path, source.url).read_text().replace('"rooms"', '"minds"')
            )
            log = await self.ended(
                stage,
                DISCORD_TOKEN="two words",  # noqa: S106 - wrong on purpose
                CAMPUS=str(faulty),
                MIN_GAP_MINUTES="soon",
                REDIS_URL="http://:hush@localhost",
            )
            told = [line.partition(":")[0] for line in log]
            assert told == ["DISCORD_TOKEN", "REDIS_URL", "MIN_GAP_MINUTES", str(faulty)]
            assert "minds" in log[-1]
            assert "hush" not in "\n".join(log)
