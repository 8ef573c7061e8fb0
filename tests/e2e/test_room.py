"""`/room` of the real bot, against the local Discord: completion, answers and buttons."""

from datetime import date, timedelta

import pytest
import pytest_asyncio

from fakes.live25.bookings import Months
from fakes.live25.fault_injection import ResponseFault
from fakes.live25.server import FakeLive25
from tests.e2e.environment import open_environment, write_campus
from tests.fakes import TUESDAY, at
from tests.oracle import Hours, RoomName

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOW = at("10:05")
BUILDINGS = [
    Hours(
        "CAS",
        "07:00",
        "23:00",
        tuple(RoomName(f"{n}", name) for n, name in enumerate(["116", "201", "203", "208", "211"])),
    ),
    Hours("CGS", "07:00", "23:00", (RoomName("10", "211"), RoomName("11", "512"))),
]
BOOKED = {"4": [(9, 12), (14, 15)]}
"""By room id, when it is booked, every day alike; all others are free."""

UNKNOWN = "11"
EVENT = "Lecture of Professor Unmentionable"


def month(room):
    items = [
        {"itemId2": 1, "itemName": EVENT, "start": start, "end": end, "type_id": 1}
        for start, end in BOOKED.get(room, [])
    ]
    days = [TUESDAY + timedelta(days=each) for each in range(31)]
    return {
        "subjects": [
            {"itemId": int(room), "item_date": f"{day}T00:00:00", "items": items} for day in days
        ]
    }


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def stage(tmp_path_factory):
    folder = tmp_path_factory.mktemp("room")
    rooms = [room.id for building in BUILDINGS for room in building.rooms]
    async with FakeLive25(Months({room: month(room) for room in rooms})) as source:
        source.room_faults = {UNKNOWN: ResponseFault("html")}
        file = write_campus(folder / "umd.toml", {"url": source.url, "read": "rooms"}, BUILDINGS)
        # The eleventh of March is the last day that is read.
        settings = {"DAYS_AHEAD": "8"}
        async with open_environment(folder, file, None, start=NOW, settings=settings) as stage:
            bot = await stage.start_bot()
            await bot.logs(" of 7 rooms of umd")
            while "Checking the bookings now" in (await stage.member.slash("status")).text:
                pass
            yield stage
            assert stage.discord.violations == []
            assert await bot.stop() == 0
            assert not [line for line in bot.log if " ERROR " in line or "Unmentionable" in line]


def t(clock, day=TUESDAY, form="t"):
    return f"<t:{int(at(clock, day).timestamp())}:{form}>"


def gap(start, end, day=TUESDAY):
    return f"{t(start, day)}–{t(end, day)}"


async def offered(stage, option, typed):
    return await stage.member.autocomplete("room", option, typed)


async def test_rooms_are_completed_with_what_they_are_now(stage):
    assert await offered(stage, "name", "cas 2") == [
        ("CAS 201 · free until 11:00 PM", "CAS 201"),
        ("CAS 203 · free until 11:00 PM", "CAS 203"),
        ("CAS 208 · free until 11:00 PM", "CAS 208"),
        ("CAS 211 · booked until 12:00 PM", "CAS 211"),
    ]
    assert await offered(stage, "name", "cgs 5") == [("CGS 512 · unknown", "CGS 512")]
    assert len(await offered(stage, "name", "")) == 7


@pytest.mark.parametrize("typed", ["211 cas", "CAS211", "csa 211"])
async def test_rooms_are_found_in_any_order_and_with_a_typo(stage, typed):
    assert ("CAS 211 · booked until 12:00 PM", "CAS 211") in await offered(stage, "name", typed)


async def test_weeks_are_completed_as_far_as_data_reach(stage):
    assert await offered(stage, "week", "") == [
        ("This week · 2 March", "2026-03-02"),
        ("Next week · 9 March", "2026-03-09"),
    ]


async def test_room_is_told_privately_with_its_week(stage):
    reply = await stage.member.slash("room", name="CAS 211")
    assert (reply.is_ephemeral, reply.was_deferred) == (True, False)
    lines = reply.text.splitlines()
    assert lines[:5] == [
        f"## CAS 211 · booked until {t('12:00')}",
        f"Next change {t('12:00')} ({t('12:00', form='R')}): free until {t('14:00')}",
        "-# CAS Hall",
        "-# Its seats and features are not known",
        "-# Free times, week of 2 March · EST/EDT",
    ]
    assert lines[5] == "**Mon 2 March** over"
    for at_, day in enumerate(TUESDAY + timedelta(days=each) for each in range(6)):
        name = f"**{day:%a} {day.day} March{' (today)' if day == TUESDAY else ''}**"
        gaps = [gap("07:00", "09:00", day), gap("12:00", "14:00", day), gap("15:00", "23:00", day)]
        assert lines[6 + at_] == f"{name} {', '.join(gaps)}"
    assert list(reply.buttons) == ["Next week", "Update", "Share", "CAS today"]


@pytest.mark.parametrize("typed", ["cas211", "211 CAS", "208"])
async def test_room_may_be_typed_freely(stage, typed):
    reply = await stage.member.slash("room", name=typed)
    assert reply.text.startswith("## CAS 2")


async def test_weeks_are_turned_in_place_as_far_as_data_reach(stage):
    first = await stage.member.slash("room", name="CAS 211")
    second = await first.press("Next week")
    assert second.message is first.message
    assert "-# Free times, week of 9 March · EDT" in second.text
    assert "## CAS 211 · booked until" in second.text
    last = date(2026, 3, 11)
    assert f"**Wed 11 March** {gap('07:00', '09:00', last)}" in second.text
    assert "**Thu 12 March** unknown: not read so far ahead" in second.text
    assert "(today)" not in second.text
    assert list(second.buttons) == ["Previous week", "Update", "Share", "CAS today"]
    third = await second.press("Previous week")
    assert "week of 2 March" in third.text


@pytest.mark.parametrize("week", ["next week", "2026-03-09", "monday"])
async def test_week_is_taken_as_dates_are(stage, week):
    reply = await stage.member.slash("room", name="CAS 211", week=week)
    assert "week of 9 March" in reply.text
    assert "week of 9 March" in (await reply.press("Update")).text


async def test_unknown_room_is_never_called_free_or_booked(stage):
    reply = await stage.member.slash("room", name="CGS 512")
    assert reply.text.startswith("## CGS 512 · unknown\n")
    assert reply.text.count("unknown: the booking site told nothing about this room") == 6
    assert "booked until" not in reply.text
    assert "free until" not in reply.text


async def test_shared_answer_is_for_all_and_keeps_its_week(stage):
    reply = await stage.member.slash("room", name="CAS 211", week="next week")
    shared = await reply.press("Share")
    assert not shared.is_ephemeral
    assert "week of 9 March" in shared.text
    assert "Share" not in shared.buttons


async def test_asked_with_share_it_is_public_at_once(stage):
    assert not (await stage.member.slash("room", name="CAS 211", share=True)).is_ephemeral


async def test_building_of_the_room_is_a_press_away(stage):
    reply = await (await stage.member.slash("room", name="CAS 211")).press("CAS today")
    assert reply.is_ephemeral
    assert reply.text.startswith("## CAS · CAS Hall")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (
            {"name": "211"},
            'Several are called "211": CAS 211 or CGS 211?',
        ),
        (
            {"name": "zzzzzz"},
            (
                'No room here is called "zzzzzz". '
                'Try "CAS 116", or pick one from the list as you type.'
            ),
        ),
        (
            {"name": "CAS 211", "week": "some week"},
            'I didn\'t get "some week". Try "tomorrow", "Fri" or "Mar 4".',
        ),
        (
            {"name": "CAS 211", "week": "2026-07-01"},
            (
                "Nothing is known for Monday 29 June 2026. "
                "Ask for a day from Tuesday 3 March 2026 to Wednesday 11 March 2026."
            ),
        ),
    ],
)
async def test_what_cannot_be_answered_is_one_private_sentence(stage, asked, sentence):
    reply = await stage.member.slash("room", **asked)
    assert reply.is_ephemeral
    assert reply.text == sentence
