"""The daily summary: inside Discord's limits for any campus, and true for as long as it stands."""

import pytest

from cogs.ui.replies.digest import (
    DigestReplyData,
    digest_custom_id,
    digest_reply,
    digest_without_data,
)
from core.availability.counts import RoomCounts
from core.digests.summary import build_summary
from tests.fakes import TUESDAY, at, between


@pytest.fixture
def digest_of(day_of, fresh):
    def make(campus, bookings=None, *, age=None, **more):
        day = day_of(campus, bookings, **more)
        counts = [(each.code, each.name, RoomCounts(1, 1, 0)) for each in campus.buildings]
        return digest_reply(
            DigestReplyData(campus, build_summary(day, at("07:30")), None, 28, counts, age or fresh)
        )

    return make


def marks(version):
    """Return every custom id, wherever it is."""

    def found(part):
        if isinstance(part, dict):
            yield from ([part["custom_id"]] if "custom_id" in part else [])
            for each in part.values():
                yield from found(each)
        elif isinstance(part, list):
            for each in part:
                yield from found(each)

    return list(found(version.components))


@pytest.mark.parametrize("names", ["usual", "marked", "chinese", "emoji"])
@pytest.mark.parametrize(("rooms", "buildings"), [(2, 1), (77, 2), (1526, 120)])
async def test_any_campus_fits_into_a_message(
    shown, campus_of, digest_of, failing, names, rooms, buildings
):
    campus = campus_of(rooms, buildings, names)
    version = shown(digest_of(campus, age=failing))
    assert "Tuesday 3 March" in version.text
    assert len(marks(version)) == 2


async def test_a_large_campus_says_how_many_buildings_are_left_out(shown, campus_of, digest_of):
    text = shown(digest_of(campus_of(120, 120))).text
    assert "and 100 more buildings" in text


async def test_it_bears_the_mark_of_its_day(shown, campus_of, digest_of):
    campus = campus_of(4, 2)
    assert digest_custom_id(campus, TUESDAY) in marks(shown(digest_of(campus)))
    nothing = digest_without_data(campus, TUESDAY, minutes=28, failing_since=at("06:30"))
    assert digest_custom_id(campus, TUESDAY) in marks(shown(nothing))


async def test_no_time_in_it_counts_on(shown, campus_of, digest_of, failing):
    for view in (
        digest_of(campus_of(4, 2), age=failing),
        digest_without_data(campus_of(4, 2), TUESDAY, minutes=28, failing_since=at("06:30")),
    ):
        text = shown(view).text
        assert ":R>" not in text
        assert " now" not in text


async def test_figures_closures_and_unknown_rooms(shown, campus_of, digest_of):
    campus = campus_of(4, 2)
    booked = {"0": [between("07:00", "12:00")], "1": [between("13:00", "23:00")]}
    text = shown(digest_of(campus, booked, unknown=("3",))).text
    seven = f"<t:{int(at('07:30').timestamp())}:t>"
    assert f"**B0** 1 of 2 free at {seven} · 1 all morning · 2 all afternoon" in text
    assert f"**B1** 1 of 2 free at {seven} · 1 all morning · 0 all afternoon · 1 unknown" in text
    assert "**Longest**  B0 0002 until" in text
    assert "1 of 4 rooms unknown" in text


async def test_old_figures_say_so(shown, campus_of, digest_of, failing):
    text = shown(digest_of(campus_of(4, 2), age=failing)).text
    assert text.startswith("**The booking site has not answered since")
