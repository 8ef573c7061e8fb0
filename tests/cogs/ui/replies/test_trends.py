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
from tests.fakes import NEW_YORK, at

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
        "-# How busy it gets · Tuesday 3 March (EST) · hourly means of free rooms",
        "**31 → 24 → 18 free: getting busier · usual for Tuesday 2 PM: 21**",
        f"{clock('11:00')} not sampled",
        f"{clock('12:00')} **31 free** · usual 28 (25–33)",
        f"{clock('13:00')} **24 free** · 2 rooms unknown",
        f"{clock('14:00')} **18 free** so far · usual 21 (15–27)",
        f"{clock('15:00')} usual 21 (14–26)",
        f"-# Sampled since {clock('09:05', 'f')} · unknown rooms are not counted as free",
        f"-# Read {clock('09:00', 'R')} · 3 of 50 rooms unknown · {BOOKINGS_ONLY_NOTE}",
    ]


def test_of_a_building_its_name_is_told(lines, campus_of):
    assert lines(building=campus_of(50).buildings[0])[0] == "## B0 · Hall 0"


def test_an_hour_of_which_no_room_was_known_is_unknown(lines):
    unknown = replace(TREND, today=(TrendHour(at("12:00"), OccupancyCount(0, 0, 50), None),))
    assert lines(unknown)[3] == f"{clock('12:00')} unknown · 50 rooms unknown"


def test_without_history_it_says_so(lines):
    none = Trend(NOW, (), None, None, (), None, None)
    told = lines(none)
    assert told[2] == "**not enough history yet: none so far**"
    assert told[3] == "-# Nothing is sampled yet"


def test_before_anything_is_usual_it_says_when_that_will_be(lines):
    young = replace(
        TREND, baseline=None, today=(TrendHour(at("12:00"), OccupancyCount(31, 50, 0), None),)
    )
    assert "what is usual shows after 2 weeks" in lines(young)[-2]


def test_nothing_goes_anywhere_while_all_is_closed(lines):
    assert lines(is_open=False)[2] == "**closed now**"


def test_old_data_is_told_first(lines, failing):
    assert lines(age=failing)[0].startswith("**Booking site not answering since")


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
    assert trend_alt("Boston University", TREND, NEW_YORK) == (
        "Boston University, rooms free hour by hour. 31 → 24 → 18 free: getting busier "
        "· usual for Tuesday 2 PM: 21. Of today's hours the fewest free 18 at 14:00, "
        "the most 31 at 12:00."
    )
    empty = replace(TREND, last_hours=(), direction=None, baseline=None, today=TODAY[-1:])
    assert trend_alt("X", empty, NEW_YORK) == (
        "X, rooms free hour by hour. not enough history yet."
    )
    assert len(trend_alt("X" * 2000, TREND, NEW_YORK)) == MAX_ALT_TEXT
