"""`/trends` as a member reads it, and its picture in words."""

from dataclasses import replace

import pytest

from cogs.ui.image_attachment import ImageAttachment
from cogs.ui.replies.alt_text import MAX_ALT_TEXT, trend_alt
from cogs.ui.replies.data_footer import BOOKINGS_ONLY_NOTE
from cogs.ui.replies.trends import TrendsReplyData, trends_reply
from core.availability.counts import RoomCounts
from core.model.calendar import HOUR
from core.model.occupancy import OccupancyCount
from core.trends.trend import Baseline, Direction, Trend, TrendHour
from tests.fakes import at, make_campus

NOW = at("14:42")
TODAY = (
    TrendHour(at("11:00"), None, None),
    TrendHour(at("12:00"), OccupancyCount(31, 50, 0), Baseline(28, 25, 33)),
    TrendHour(at("13:00"), OccupancyCount(24.4, 48, 2), None),
    TrendHour(at("14:00"), OccupancyCount(18, 50, 0), Baseline(21, 15, 27)),
    TrendHour(at("15:00"), None, Baseline(20.6, 14, 26)),
)
TREND = Trend(
    at=NOW,
    last_hours=(OccupancyCount(31, 50, 0), OccupancyCount(24.4, 48, 2), OccupancyCount(18, 50, 0)),
    direction=Direction.FALLING,
    baseline=Baseline(21, 15, 27),
    today=TODAY,
    current=OccupancyCount(17, 50, 0),
    sampled_since=at("09:05"),
    continuous_since=at("09:05"),
)


@pytest.fixture
def lines(shown, campus_of, fresh):
    """Return a function that reads a reply with some of it changed."""

    def read(trend=TREND, **changed):
        campus = campus_of(50)
        reply = TrendsReplyData(
            campus=campus,
            building=None,
            trend=trend,
            is_open=True,
            counts=RoomCounts(total=50, free=18, unknown=3),
            age=fresh,
            image=None,
        )
        return shown(trends_reply(replace(reply, **changed))).text.splitlines()

    return read


def clock(text, style="t"):
    return f"<t:{int(at(text).timestamp())}:{style}>"


def test_tells_where_it_goes_and_todays_hours_beside_what_is_usual(lines):
    assert lines() == [
        "## Boston University",
        "-# Free rooms by the hour · Tuesday 3 March",
        (
            "**Busier than usual** · 17 rooms free, usually 21 at this hour on Tuesdays "
            "· getting busier"
        ),
        f"{clock('11:00')} no data",
        f"{clock('12:00')} **31 free** · usually 28",
        f"{clock('13:00')} **24 free** · no information for 2 rooms",
        f"{clock('14:00')} **18 free** (so far) · usually 21",
        f"{clock('15:00')} usually 21",
        f"-# Watching since {clock('09:05', 'D')}",
        (
            f"-# Checked {clock('09:00', 'R')} · no information for 3 of 50 rooms · "
            f"{BOOKINGS_ONLY_NOTE}"
        ),
    ]


def test_of_a_building_its_name_is_told(lines, campus_of):
    assert lines(building=campus_of(50).buildings[0])[0] == "## B0 · Hall 0"


def test_an_hour_of_which_no_room_was_known_is_unknown(lines):
    unknown = replace(TREND, today=(TrendHour(at("12:00"), OccupancyCount(0, 0, 50), None),))
    assert lines(unknown)[3] == f"{clock('12:00')} no information"


def test_without_history_it_says_so(lines):
    none = Trend(NOW, (), None, None, (), OccupancyCount(17, 50, 0), None, None)
    told = lines(none)
    assert told[2] == "17 rooms free"
    assert told[3] == '-# Nothing recorded yet · "usually" needs 2 weeks'


def test_a_new_bot_compares_with_the_bookings(lines):
    usual = Baseline(21, 15, 27, is_planned=True)
    new = Trend(
        at=NOW,
        last_hours=(),
        direction=None,
        baseline=usual,
        today=(TrendHour(at("13:00"), None, usual), TrendHour(at("14:00"), None, usual)),
        current=OccupancyCount(30, 50, 0),
        sampled_since=None,
        continuous_since=None,
    )
    assert lines(new)[2:5] == [
        (
            "**Quieter than usual** · 30 rooms free, usually 21 at this hour on Tuesdays "
            "by the bookings"
        ),
        f"{clock('14:00')} usually 21",
        (
            '-# Nothing recorded yet · "usually" goes by the bookings of the next 4 weeks until '
            "I have watched for 2 weeks"
        ),
    ]


def test_before_anything_is_usual_it_says_when_that_will_be(lines):
    young = replace(
        TREND, baseline=None, today=(TrendHour(at("12:00"), OccupancyCount(31, 50, 0), None),)
    )
    assert '"usually" needs 2 weeks' in lines(young)[-2]


def test_nothing_goes_anywhere_while_all_is_closed(lines):
    assert lines(is_open=False)[2] == "**Closed now**"


def test_old_data_is_told_first(lines, failing):
    assert lines(age=failing)[0].startswith("**The booking system has been down since")


def test_the_picture_is_shown_with_its_words(shown, campus_of, fresh):
    picture = ImageAttachment("trend.png", b"", "what it shows")
    reply = TrendsReplyData(campus_of(1), None, TREND, True, RoomCounts(1, 0, 0), fresh, picture)  # noqa: FBT003
    text = str(trends_reply(reply).to_components())
    assert "attachment://trend.png" in text
    assert "what it shows" in text


@pytest.mark.parametrize("names", ["marked", "chinese", "emoji"])
def test_a_long_day_fits_into_a_message(lines, campus_of, names):
    full = tuple(
        TrendHour(
            at("00:00") + HOUR * n, OccupancyCount(99_999, 99_999, 99_999), Baseline(1e5, 1e5, 1e5)
        )
        for n in range(25)
    )
    campus = campus_of(1, names=names)
    for building in (None, campus.buildings[0]):
        assert len(lines(replace(TREND, today=full), campus=campus, building=building)) == 30


def test_the_picture_is_told_in_words():
    assert trend_alt("Boston University", TREND, make_campus()) == (
        "Boston University, rooms free hour by hour. Busier than usual · 17 rooms free, "
        "usually 21 at this hour on Tuesdays · getting busier. "
        "Of today's hours the fewest free 18 at 14:00, "
        "the most 31 at 12:00."
    )
    empty = replace(TREND, last_hours=(), direction=None, current=None, today=TODAY[-1:])
    assert trend_alt("X", empty, make_campus()) == (
        "X, rooms free hour by hour. No information about this hour."
    )
    assert len(trend_alt("X" * 2000, TREND, make_campus())) == MAX_ALT_TEXT
