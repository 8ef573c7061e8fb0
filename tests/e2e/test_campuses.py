"""One bot for several campuses: who asks about which, and that they do not hold each other up."""

from contextlib import asynccontextmanager
from datetime import timedelta

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
UMD = "University of Maryland"
BU = "Boston University"
HALLS = {"umd": ("ATL", "11"), "bu": ("CAS", "21")}


def month(room):
    """Return a month in which a room is booked from eight to nine."""
    items = [{"itemId2": 1, "itemName": "x", "start": 8, "end": 9, "type_id": 1}]
    days = [TUESDAY + timedelta(days=each) for each in range(31)]
    return {
        "subjects": [
            {"itemId": int(room), "item_date": f"{day}T00:00:00", "items": items} for day in days
        ]
    }


@asynccontextmanager
async def opened(folder):
    """Open a stage with two campuses' sources; bots are started with those that a test names."""
    sources = {
        name: FakeLive25(Months({f"{room}{n}": month(f"{room}{n}") for n in range(3)}))
        for name, (_, room) in HALLS.items()
    }
    async with sources["umd"], sources["bu"]:
        files = {name: campus_file(folder, name, source) for name, source in sources.items()}
        async with open_environment(folder, files["umd"], None, start=NOW) as stage:
            yield stage, files, sources


def campus_file(folder, name, source):
    code, room = HALLS[name]
    return write_campus(
        folder / f"{name}.toml",
        {"url": source.url, "read": "rooms"},
        [Hours(code, "07:00", "23:00", tuple(RoomName(f"{room}{n}", f"{n}") for n in range(3)))],
        campus_id=name,
        name=UMD if name == "umd" else BU,
    )


async def start(stage, files, *campuses):
    """Start the bot with some of the campuses."""
    named = ",".join(str(files[each]) for each in campuses)
    return await stage.start_bot(CAMPUS="", CAMPUSES=named)


class Place:
    """A server with a member and a moderator who have chosen nothing."""

    def __init__(self, stage):
        self.server = stage.discord.add_guild("Somewhere")
        self.server.add_bot()
        self.ana, self.mo = stage.discord.add_user("ana"), stage.discord.add_user("mo")
        self.server.add_member(self.ana)
        self.server.add_member(self.mo, is_moderator=True)
        self.general = self.server.add_channel("general")
        self.member, self.moderator = self.ana.at(self.general), self.mo.at(self.general)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def shared(tmp_path_factory):
    async with opened(tmp_path_factory.mktemp("both")) as (stage, files, _):
        bot = await start(stage, files, "umd", "bu")
        for campus in HALLS:
            await bot.logs(f"rooms of {campus} in")
        yield stage
        assert await bot.stop() == 0
        assert "Traceback" not in "\n".join(bot.log)


@pytest.fixture
def place(shared):
    return Place(shared)


async def test_a_server_asks_about_the_campus_that_was_chosen(place):
    asked = await place.member.slash("free")
    assert asked.text.startswith("This server has no campus yet.")
    assert await place.member.autocomplete("free", "building", "") == []
    offered = await place.moderator.autocomplete("campus set", "campus", "bos")
    assert [tuple(each) for each in offered] == [(BU, "bu")]
    assert BU in (await place.moderator.slash("campus set", campus="bu")).text
    said = (await place.member.slash("free")).text
    assert "CAS" in said
    assert "ATL" not in said
    assert BU in (await place.member.slash("status")).text
    assert [each[1] for each in await place.member.autocomplete("free", "building", "")] == ["CAS"]


async def test_a_member_chooses_for_direct_messages(place):
    await place.moderator.slash("campus set", campus="bu")
    direct = place.ana.direct_messages()
    assert (await direct.slash("free")).text.startswith("Which campus are you on?")
    assert UMD in (await direct.slash("campus mine", campus=UMD.upper())).text
    assert "ATL" in (await direct.slash("free")).text
    assert "CAS" in (await place.member.slash("free")).text, "a server's choice goes first"
    await direct.slash("campus forget")
    assert (await direct.slash("free")).text.startswith("Which campus are you on?")


async def test_a_members_choice_stands_in_where_a_server_has_none(place):
    await place.member.slash("campus mine", campus="umd")
    assert "ATL" in (await place.member.slash("free")).text
    assert (await place.moderator.slash("free")).text.startswith("This server has no campus yet")


async def test_only_who_manages_a_server_chooses_for_it(place):
    refused = await place.member.slash("campus set", campus="bu")
    assert refused.text.startswith("You need the Manage Server permission")
    assert (await place.member.slash("free")).text.startswith("This server has no campus yet")
    unknown = await place.moderator.slash("campus set", campus="bostn")
    assert unknown.text == f'No campus called "bostn". Did you mean {BU}?'
    alone = await place.mo.direct_messages().slash("campus set", campus="bu")
    assert alone.text == "That works in servers only."


async def test_the_digest_goes_along_to_another_campus(place):
    await place.moderator.slash("campus set", campus="umd")
    await place.moderator.slash("digest set", channel=place.general, building="ATL")
    again = await place.moderator.slash("campus set", campus="umd")
    assert "digest" not in again.text
    moved = await place.moderator.slash("campus set", campus="bu")
    assert "The daily summary now covers all of it" in moved.text
    assert "ATL" not in (await place.moderator.slash("digest show")).text
    assert BU in (await place.moderator.slash("digest preview")).text


async def test_a_button_asks_about_the_campus_of_its_message(place):
    await place.moderator.slash("campus set", campus="bu")
    reply = await place.member.slash("free")
    await place.moderator.slash("campus set", campus="umd")
    assert "CAS" in (await reply.press("Refresh")).text


async def test_each_campus_has_a_cooldown_of_its_own(place):
    for campus in HALLS:
        await place.moderator.slash("campus set", campus=campus)
        reply = await place.moderator.slash("refresh")
        assert "Possible again" in reply.text


async def test_a_campus_that_is_taken_out_keeps_what_was_set_for_it(tmp_path):
    async with opened(tmp_path) as (stage, files, _):
        bot = await start(stage, files, "umd", "bu")
        await stage.moderator.slash("campus set", campus="bu")
        await stage.moderator.slash("digest set", channel=stage.study)
        menu = await stage.member.slash("free")
        assert await bot.stop() == 0

        bot = await start(stage, files, "umd")
        gone = "The campus of this server (bu) is no longer supported."
        for command, options in (("free", {}), ("status", {}), ("building", {"building": "CAS"})):
            assert (await stage.member.slash(command, **options)).text.startswith(gone)
        for command in ("refresh", "digest show", "digest preview"):
            assert (await stage.moderator.slash(command)).text.startswith(gone)
        pressed = await menu.press("Post here")
        assert pressed.text.startswith("The campus of this message (bu) is no longer supported.")
        assert await bot.stop() == 0

        await start(stage, files, "umd", "bu")
        assert "CAS" in (await stage.member.slash("free")).text
        assert "<#" in (await stage.moderator.slash("digest show")).text


async def test_a_campus_that_fails_does_not_hold_up_another(tmp_path):
    async with opened(tmp_path) as (stage, files, sources):
        sources["bu"].fault = ResponseFault(status=503)
        await start(stage, files, "bu", "umd")
        await stage.moderator.slash("campus set", campus="umd")
        said = (await stage.member.slash("free")).text
        assert "rooms free now" in said
        assert "no information" not in said
        assert "has been down" not in said


async def test_with_one_campus_nothing_is_asked(tmp_path):
    async with opened(tmp_path) as (stage, files, _):
        await start(stage, files, "bu")
        assert "CAS" in (await stage.member.slash("free")).text
        assert "campus set" not in stage.moderator.commands
