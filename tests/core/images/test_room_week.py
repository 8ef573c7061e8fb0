from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from core.images import room_week, theme
from core.images.layout import CONTENT_TOP, DataAgeSpan
from core.images.room_week import DayBars, WeekImageData, draw_room_week
from core.model.campus import ClockStyle
from core.model.interval import Interval
from tests import oracle
from tests.core.images.pixel_asserts import BOOKED, CLOSED, FREE, UNKNOWN, line_at, runs, seen

NEW_YORK = "America/New_York"
HOUR = timedelta(hours=1)
FIRST = CONTENT_TOP + room_week._HEADER_HEIGHT
MONDAY = date(2026, 3, 2)


def week(first=MONDAY, opens="07:00", closes="23:00", *, zone=NEW_YORK, make=lambda hours: {}):
    """A week of a room; `make` gives what is in the hours of a day."""
    asked = oracle.Oracle(zone, [oracle.Hours("A", opens, closes, ())], {})
    days = []
    for number in range(7):
        hours = Interval(*asked.hours("A", first + number * timedelta(days=1)))
        parts = {"gaps": [], "closed": [], "unknown": [], **make(hours)}
        days.append(DayBars(f"Day {number}", hours, **parts))
    return days


def picture(days, *, now=None, zone=NEW_YORK):
    start = days[0].hours.start
    return WeekImageData(
        "CAS 211", "A week", days, now, ZoneInfo(zone), DataAgeSpan((start, start))
    )


def columns(image, days):
    """Return the colours of each day's column, its lines from above to below."""
    top = line_at(image, FIRST + 3, last=theme.WIDTH)
    starts = runs(top, FREE | BOOKED | CLOSED)
    assert len(starts) == len(days)
    found = []
    for start, end in starts:
        # Beside the times, which are in the middle.
        column = [image.getpixel((start + 2, y)) for y in range(FIRST, image.height)]
        assert end - start > 80
        found.append(column)
    return found


def length(column, colours):
    return sum(1 for each in column if each in colours)


def part(hours, start, end):
    return Interval(hours.start + start * HOUR, hours.start + end * HOUR)


@pytest.mark.parametrize(
    ("zone", "first", "opens", "closes"),
    [
        (NEW_YORK, MONDAY, "07:00", "23:00"),
        (NEW_YORK, date(2026, 10, 26), "18:00", "02:00"),
        (NEW_YORK, MONDAY, "00:00", "24:00"),
        (NEW_YORK, date(2026, 10, 29), "00:00", "24:00"),
        ("Asia/Kolkata", MONDAY, "06:30", "21:15"),
        ("Australia/Lord_Howe", date(2026, 3, 30), "00:00", "24:00"),
    ],
)
def test_gaps_are_where_they_are_in_time_on_every_day(zone, first, opens, closes):
    days = week(first, opens, closes, zone=zone, make=lambda hours: {"gaps": [part(hours, 2, 5)]})
    image = seen(draw_room_week(picture(days, zone=zone)))
    for column in columns(image, days):
        ((start, end),) = runs(column, FREE)
        assert abs(start - 2 * room_week._HOUR_HEIGHT) <= 1
        assert abs(end - 5 * room_week._HOUR_HEIGHT) <= 1


def test_day_of_25_hours_is_longer_and_has_its_own_hours():
    """The week of the change of the clocks, which is on its fourth day."""
    days = week(date(2026, 10, 29), "00:00", "24:00")
    image = seen(draw_room_week(picture(days)))
    sizes = [length(column, BOOKED) / room_week._HOUR_HEIGHT for column in columns(image, days)]
    assert [round(each, 1) for each in sizes] == [24, 24, 24, 25, 24, 24, 24]
    top = line_at(image, FIRST + 3, last=theme.WIDTH)
    spaces = [later - end for (_, end), (later, _) in pairwise(runs(top, BOOKED))]
    has_hours = [each > room_week._HOUR_COLUMN_WIDTHS[ClockStyle.HOURS_24] for each in spaces]
    assert has_hours == [False, False, True, True, False, False]


def test_day_of_23_hours_is_shorter():
    days = week(date(2026, 3, 4), "00:00", "24:00")
    image = seen(draw_room_week(picture(days)))
    sizes = [length(column, BOOKED) / room_week._HOUR_HEIGHT for column in columns(image, days)]
    assert [round(each, 1) for each in sizes] == [24, 24, 24, 24, 23, 24, 24]


def test_each_state_is_told_from_the_others():
    days = week(
        make=lambda hours: {
            "gaps": [part(hours, 1, 2)],
            "closed": [part(hours, 3, 5)],
            "unknown": [part(hours, 6, 9)],
        }
    )
    for column in columns(seen(draw_room_week(picture(days))), days):
        high = room_week._HOUR_HEIGHT
        inside = column[: 16 * high]
        assert length(inside, FREE) == high
        assert length(inside, CLOSED) == 2 * high
        assert length(inside, UNKNOWN) == 3 * high
        assert length(inside, BOOKED) == 10 * high
        assert theme.UNKNOWN_HATCHES.color in inside
        assert theme.CLOSED_STRIPES.color in inside


def test_what_is_unknown_says_so():
    days = week(make=lambda hours: {"unknown": [part(hours, 0.5, 16)]})
    image = seen(draw_room_week(picture(days)))
    middle = FIRST + round(8.25 * room_week._HOUR_HEIGHT)
    line = line_at(image, middle - 4)
    assert length(line, {theme.TEXT.color}) >= 7


@pytest.mark.parametrize("minutes", [28, 30, 59, 60, 180])
def test_also_the_shortest_gap_has_its_time(minutes):
    days = week(make=lambda hours: {"gaps": [part(hours, 3, 3 + minutes / 60)]})
    image = seen(draw_room_week(picture(days)))
    top, bottom = (FIRST + 3 * 40, FIRST + round((3 + minutes / 60) * 40))
    inked = {y for y in range(top - 20, bottom + 20) if theme.ON_FREE.color in line_at(image, y)}
    assert len(inked) >= 12
    # And it stays inside.
    assert top <= min(inked)
    assert max(inked) < bottom


def test_today_is_marked_and_now_is_a_line_in_it():
    days = week()
    now = days[2].hours.start + 4 * HOUR
    today = DayBars("Wed 4", days[2].hours, [], [], [], is_today=True)
    image = seen(draw_room_week(picture([*days[:2], today, *days[3:]], now=now)))
    lines = runs(line_at(image, FIRST + 160, last=theme.WIDTH), {theme.NOW})
    plates = runs(line_at(image, FIRST - 32, last=theme.WIDTH), {theme.NOW})
    assert len(lines) == len(plates) == 1
    assert lines[0][0] <= plates[0][0] < plates[0][1] <= lines[0][1]


def test_short_days_are_high_enough():
    days = week(opens="10:00", closes="12:00", make=lambda hours: {"gaps": [part(hours, 0, 1)]})
    image = seen(draw_room_week(picture(days)))
    for column in columns(image, days):
        assert abs(length(column, FREE) - 4 * room_week._HOUR_HEIGHT) <= 4


def test_week_without_anything_known_is_drawn():
    days = week(make=lambda hours: {"unknown": [hours]})
    made = WeekImageData("CAS 211", "A week", days, None, ZoneInfo(NEW_YORK), DataAgeSpan(None))
    image = seen(draw_room_week(made))
    colours = {colour for _, colour in image.getcolors(1 << 24)}
    assert theme.UNKNOWN_HATCHES.color in colours
    # Only the key shows what free and booked look like.
    above = image.crop((0, 0, image.width, image.height - 60))
    assert not {colour for _, colour in above.getcolors(1 << 24)} & (FREE | BOOKED)


def test_picture_is_the_same_each_time():
    days = week(make=lambda hours: {"gaps": [part(hours, 1, 2)]})
    assert draw_room_week(picture(days)) == draw_room_week(picture(days))


def test_the_key_names_what_is_there():
    def key(**parts):
        days = week(make=lambda hours: {name: [part(hours, *each)] for name, each in parts.items()})
        image = seen(draw_room_week(picture(days)))
        below = image.crop((0, image.height - 60, image.width, image.height))
        return {colour for _, colour in below.getcolors(1 << 24)}

    assert not key(gaps=(1, 2)) & {theme.UNKNOWN_HATCHES.color, theme.CLOSED_STRIPES.color}
    assert theme.UNKNOWN_HATCHES.color in key(unknown=(1, 2))
    assert theme.CLOSED_STRIPES.color in key(closed=(1, 2))
