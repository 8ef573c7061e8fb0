"""The picture of a day's trend: which steps and bands it has, read back from its pixels."""

from io import BytesIO
from itertools import pairwise

import pytest
from PIL import Image

from core.images import theme
from core.images.layout import DataAgeSpan
from core.images.trend import TrendImageData, TrendImageHour, _Scale, draw_trend
from core.model.calendar import DAY
from tests.fakes import NEW_YORK, TUESDAY, at

BAND = theme.SHADES[4]
TOP, FOOT = 100, 400
"""Where the highest number and none are: 68 of the title, 32 of the hours, 300 of the scale."""

LEFT, RIGHT = 65, 856


def picture(*hours, now="23:00", data=None, rooms=50):
    return draw_trend(
        TrendImageData(
            title="CAS · Arts & Sciences",
            day="Tuesday 3 March",
            rooms=rooms,
            hours=hours,
            now=at(now),
            zone=NEW_YORK,
            data_age=data or DataAgeSpan((at("06:30"), at("06:31"))),
        )
    )


def hour(clock, free=None, usual=None, *, is_unknown=False):
    return TrendImageHour(at(clock), free, usual, is_unknown)


def pixels(png):
    """Return a function that tells the colour of a part of the hours, at a part of the scale."""
    image = Image.open(BytesIO(png)).convert("RGB")

    def colour(across, up):
        x = LEFT + round(across * (RIGHT - LEFT))
        return image.getpixel((x, FOOT - round(up * (FOOT - TOP))))

    return colour


def test_a_mean_is_a_step_as_long_as_its_hour():
    at_ = pixels(picture(hour("09:00", 40), hour("10:00", 10)))
    assert at_(0.25, 40 / 50) == theme.FREE
    assert at_(0.75, 10 / 50) == theme.FREE
    assert at_(0.25, 10 / 50) != theme.FREE
    assert at_(0.75, 40 / 50) != theme.FREE
    assert at_(0.5, 25 / 50) == theme.FREE, "where one follows the other they are joined"


def test_hours_without_a_mean_break_the_line():
    at_ = pixels(picture(hour("09:00", 40), hour("10:00"), hour("11:00", 10)))
    assert at_(1 / 6, 40 / 50) == theme.FREE
    assert at_(2 / 3, 25 / 50) != theme.FREE, "not joined across the break"
    assert not [up for up in range(50) if at_(0.5, up / 50 + 0.01) == theme.FREE]


def test_the_line_of_the_running_hour_ends_now():
    at_ = pixels(picture(hour("09:00", 40), hour("10:00", 40), now="10:30"))
    assert at_(0.7, 40 / 50) == theme.FREE
    assert at_(0.8, 40 / 50) != theme.FREE


def test_what_is_usual_is_a_band_from_the_least_to_the_most_with_its_mean():
    at_ = pixels(picture(hour("09:00", None, (10, 20, 45)), hour("10:00")))
    assert at_(0.25, 12 / 50) == at_(0.25, 44 / 50) == BAND
    assert at_(0.25, 8 / 50) == at_(0.25, 48 / 50) == theme.BACKGROUND
    assert at_(0.25, 20 / 50) == theme.BACKGROUND
    assert at_(0.75, 12 / 50) == theme.BACKGROUND


def test_the_line_lies_on_the_band():
    at_ = pixels(picture(hour("09:00", 30, (10, 20, 45)), hour("10:00")))
    assert at_(0.25, 30 / 50) == theme.FREE


def test_an_unknown_hour_is_hatched_and_has_no_line():
    at_ = pixels(picture(hour("09:00", 50), hour("10:00", is_unknown=True)))
    seen = {at_(0.75 + across / 400, up / 60) for across in range(40) for up in range(60)}
    assert theme.UNKNOWN_HATCHES.color in seen
    assert theme.FREE not in seen


@pytest.mark.parametrize("most", [0, 1, 5, 6, 44, 45, 99, 1001, 99_999])
def test_every_number_of_rooms_fits(most):
    image = Image.open(BytesIO(picture(hour("09:00", most), hour("10:00", 0, (0, 0, most)))))
    assert image.width == theme.WIDTH
    above = image.convert("RGB").crop((LEFT + 80, TOP - 3, RIGHT - 20, FOOT + 5))
    assert theme.FREE in {colour for _, colour in above.getcolors(1 << 20) or ()}


@pytest.mark.parametrize("rooms", [1, 4, 7, 20, 35, 120, 121, 1526])
def test_the_scale_ends_at_the_number_of_rooms(rooms):
    at_ = pixels(picture(hour("09:00", rooms), hour("10:00", 0), rooms=rooms))
    assert at_(0.25, 1) == theme.FREE
    scale = _Scale(rooms)
    assert scale.ticks[0] == 0
    assert scale.ticks[-1] == rooms
    heights = [scale.y_at(each) for each in scale.ticks]
    assert all(low - high >= 18 for low, high in pairwise(heights)), "labels stand apart"
    assert 2 <= len(heights) <= 8


def test_a_day_on_which_the_clocks_change_is_drawn():
    zoned = [TrendImageHour(at("00:00", TUESDAY + 5 * DAY), 3, None)]
    assert picture(*zoned, data=DataAgeSpan(None, is_stale=True)).startswith(b"\x89PNG")


def test_a_picture_is_small():
    hours = [hour(f"{n:02}:00", n * 7 % 50, (n, n + 10, n + 20)) for n in range(24)]
    assert len(picture(*hours)) < 30_000
