from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.availability.heatmap import hour_slots
from core.images import heatmap, theme
from core.images.heatmap import HeatmapImageData, HeatmapImageRow, draw_heatmap
from core.images.layout import CONTENT_TOP, DataAgeSpan
from core.model.interval import Interval
from tests.core.images.pixel_asserts import runs, seen

ZONE = ZoneInfo("America/New_York")
HOUR = timedelta(hours=1)
SEVEN = datetime(2026, 3, 3, 7, tzinfo=ZONE).astimezone(UTC)
FIRST = CONTENT_TOP + heatmap._HEADER_HEIGHT
SHADES = set(theme.SHADES)


def picture(*buildings, hours=16, now=None):
    open_hours = Interval(SEVEN, SEVEN + hours * HOUR)
    data = DataAgeSpan((SEVEN, SEVEN))
    return HeatmapImageData("BU", "Tuesday 3 March", open_hours, buildings, now, ZONE, data)


def shares(name, *values, unknown=()):
    """A building that is open from seven on for as many hours as there are values."""
    by_hour = {SEVEN + number * HOUR: value for number, value in enumerate(values)}
    return HeatmapImageRow(name, by_hour, {SEVEN + at * HOUR: part for at, part in unknown})


def cells(image, row, *, column=None):
    """Return the parts of a line of a building, near its cells' upper edge."""
    height = FIRST + heatmap._ROW_HEIGHT * row + 3
    line = [image.getpixel((x, height)) for x in range(image.width)]
    return runs(line, SHADES)


def colours(image, box):
    return {colour for _, colour in image.crop(box).getcolors(1 << 24)}


def test_every_hour_has_the_shade_of_its_share():
    values = [number / 15 for number in range(16)]
    image = seen(draw_heatmap(picture(shares("CAS", *values))))
    found = cells(image, 0)
    assert len(found) == 16
    expected = [theme.SHADES[round(value * 10)] for value in values]
    assert [image.getpixel((start, FIRST + 3)) for start, _ in found] == expected


@pytest.mark.parametrize("share", [0, 0.001, 0.25, 0.5, 0.999, 1])
def test_a_shade_never_stands_alone(share):
    """There is a number in every cell."""
    image = seen(draw_heatmap(picture(shares("CAS", *[share] * 16))))
    for start, end in cells(image, 0):
        inside = colours(image, (start, FIRST + 4, end, FIRST + heatmap._ROW_HEIGHT - 4))
        assert inside & {(0, 0, 0), (255, 255, 255)}


@pytest.mark.parametrize(
    ("share", "number"), [(0, 0), (0.001, 1), (0.5, 50), (0.999, 99), (1, 100)]
)
def test_none_and_all_are_only_where_it_is_none_and_all(share, number):
    assert heatmap._percent(share) == number


def test_unknown_and_closed_have_no_shade():
    image = seen(draw_heatmap(picture(shares("CAS", None, None), shares("LAW", 0.5))))
    assert len(cells(image, 0)) == 0
    assert len(cells(image, 1)) == 1
    first = colours(image, (0, FIRST, theme.WIDTH, FIRST + heatmap._ROW_HEIGHT))
    assert {theme.UNKNOWN_HATCHES.color, theme.CLOSED_STRIPES.color} <= first
    (start, _), *_ = cells(image, 1)
    unknown = colours(image, (start, FIRST, start + 30, FIRST + heatmap._ROW_HEIGHT - 2))
    assert theme.UNKNOWN_HATCHES.color in unknown
    assert theme.TEXT.color in unknown
    assert theme.CLOSED_STRIPES.color not in unknown


def test_what_is_partly_unknown_is_hatched_in_part():
    image = seen(draw_heatmap(picture(shares("CAS", 0.5, 0.5, 0.5, unknown=[(1, 0.5), (2, 0.01)]))))
    hatched = []
    for start, end in cells(image, 0):
        line = [image.getpixel((x, FIRST + heatmap._ROW_HEIGHT - 4)) for x in range(start, end)]
        shade = theme.SHADES[5]
        hatched.append(sum(1 for each in line if each != shade) / len(line))
    assert hatched[0] == 0
    assert hatched[1] == pytest.approx(0.5, abs=0.05)
    # However little it is, it is seen.
    assert hatched[2] > 0.15


def test_the_key_names_unknown_where_there_is_any():
    def key(*buildings):
        image = seen(draw_heatmap(picture(*buildings)))
        return colours(image, (0, image.height - 60, image.width, image.height))

    whole = [0.5] * 16
    assert not key(shares("A", *whole)) & {theme.UNKNOWN_HATCHES.color, theme.CLOSED_STRIPES.color}
    assert theme.UNKNOWN_HATCHES.color in key(shares("A", *whole, unknown=[(0, 0.1)]))
    assert theme.UNKNOWN_HATCHES.color in key(shares("A", *whole[1:], None))
    assert theme.CLOSED_STRIPES.color in key(shares("A", *whole[1:]))


def test_hours_without_space_for_numbers_are_drawn_in_bands():
    image = seen(
        draw_heatmap(picture(shares("CAS", *[1] * 24), shares("LAW", *[0] * 24), hours=24))
    )
    high = heatmap._HEADER_HEIGHT + 2 * heatmap._ROW_HEIGHT + heatmap._BAND_SPACING
    for band in range(2):
        height = FIRST + high * band + 3
        line = [image.getpixel((x, height)) for x in range(image.width)]
        assert len(runs(line, {theme.SHADES[10]})) == 12


@pytest.mark.parametrize("number", [0, 1, 30, 100])
def test_any_number_of_buildings_is_drawn(number):
    rows = [shares(f"B{each}", *[0.5] * 16) for each in range(number)]
    image = seen(draw_heatmap(picture(*rows)))
    assert all(len(cells(image, each)) == 16 for each in range(number))


def test_the_hour_that_it_is_is_marked():
    rows = [shares("CAS", *[0.5] * 16)]
    unmarked = seen(draw_heatmap(picture(*rows)))
    image = seen(draw_heatmap(picture(*rows, now=SEVEN + 3.9 * HOUR)))
    assert theme.NOW not in colours(unmarked, (0, 0, *unmarked.size))
    line = [image.getpixel((x, FIRST - 34)) for x in range(image.width)]
    ((start, end),) = runs(line, {theme.NOW})
    assert (start, end) == cells(image, 0)[3]


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Australia/Lord_Howe", "America/New_York"])
def test_columns_are_the_hours_of_the_clock(zone):
    """Also from a first opening at half past: its hour is shorter, the others are not."""
    start = datetime(2026, 4, 5, 6, 30, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    slots = hour_slots(Interval(start, start + 3 * HOUR), ZoneInfo(zone))
    shown = [f"{each.start.astimezone(ZoneInfo(zone)):%H:%M}" for each in slots]
    assert shown == ["06:30", "07:00", "08:00", "09:00"]
