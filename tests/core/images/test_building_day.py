from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.availability.queries import building_day
from core.images import theme
from core.images.building_day import BuildingDayImageData, RoomBars, draw_building_day
from core.images.layout import CONTENT_TOP, DataAgeSpan
from core.model.interval import Interval
from tests import oracle
from tests.core.availability.test_queries import campus_of, campuses, days_of
from tests.core.images.pixel_asserts import (
    BOOKED,
    CLOSED,
    END,
    FREE,
    UNKNOWN,
    line_at,
    row_at,
    runs,
    seen,
)

ZONE = ZoneInfo("America/New_York")
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SEVEN = datetime(2026, 3, 3, 7, tzinfo=ZONE).astimezone(UTC)
HOURS = Interval(SEVEN, SEVEN + 16 * HOUR)
READ = DataAgeSpan((SEVEN, SEVEN))


def part(start, end):
    return Interval(SEVEN + (start - 7) * HOUR, SEVEN + (end - 7) * HOUR)


def picture(*rooms, hours=HOURS, now=None, zone=ZONE, title="CAS", data=READ):
    return BuildingDayImageData(title, "Tuesday 3 March", hours, rooms, now, zone, data)


def bars(name="101", gaps=(), closed=(), unknown=()):
    return RoomBars(name, gaps, closed, unknown)


def drawn(asked):
    """Return the picture, and the colours of each room's bar."""
    # The last room is booked all day: its bar is as long as the day.
    asked = replace(asked, rooms=[*asked.rooms, bars("101")])
    number = len(asked.rooms) - 1
    unmarked = seen(draw_building_day(replace(asked, now=None)))
    (first, last) = runs(line_at(unmarked, row_at(number)), BOOKED)[-1]
    assert last == END
    image = seen(draw_building_day(asked))
    return image, [line_at(image, row_at(each), first=first) for each in range(number)]


@given(campuses(days_missing=False))
@settings(max_examples=40, deadline=None)
def test_every_pixel_shows_what_the_oracle_says(made):
    """A pixel is free where all of it is, and unknown where any of it is."""
    asked, day = made
    campus = campus_of(asked)
    known = days_of(asked, campus)[day]
    for building in campus.buildings:
        told = building_day(known, building, known.windows[building.code].start)
        rooms = [bars(line.room.name, line.gaps, unknown=line.unknown) for line in told.rooms]
        _, lines = drawn(picture(*rooms, hours=told.window, zone=campus.timezone))
        for room, line in zip(building.rooms, lines, strict=True):
            minutes = asked._minutes(building.code, day)[room.id]
            for x, colour in enumerate(line):
                within = minutes[
                    x * len(minutes) // len(line) : -(-(x + 1) * len(minutes) // len(line))
                ]
                is_free = all(each is oracle.What.FREE for each in within)
                is_unknown = oracle.What.UNKNOWN in within
                assert (colour in FREE) is is_free, (room, x)
                assert (colour in UNKNOWN) is is_unknown, (room, x)


def test_closed_is_neither_booked_nor_unknown():
    _, (line,) = drawn(picture(bars(closed=[part(20, 23)])))
    ((start, end),) = runs(line, CLOSED)
    assert end == len(line)
    assert abs(start - len(line) * 13 / 16) <= 1
    assert runs(line, BOOKED) == [(0, start)]


@pytest.mark.parametrize("minutes", [1, 2, 5])
def test_what_lies_between_two_gaps_never_vanishes(minutes):
    """Not even in a day so long that a minute is less than a pixel."""
    noon, later = 12.0, 12 + minutes / 60
    gaps = [part(7, noon), part(later, 31)]
    long = Interval(SEVEN, SEVEN + 24 * HOUR)
    _, (booked, unknown) = drawn(
        picture(bars(gaps=gaps), bars(gaps=gaps, unknown=[part(noon, later)]), hours=long)
    )
    assert len(runs(booked, FREE)) == 2
    assert runs(booked, BOOKED)
    assert runs(unknown, UNKNOWN)
    assert not runs(unknown, BOOKED)


def test_unknown_is_hatched_and_says_so():
    asked = picture(
        bars(unknown=[HOURS]), bars(unknown=[part(9, 10)]), bars(unknown=[part(9, 9.2)])
    )
    image, lines = drawn(asked)
    for number, line in enumerate(lines):
        assert theme.UNKNOWN_HATCHES.color in line
        below = row_at(number) + theme.BAR_HEIGHT // 2
        says_so = theme.TEXT.color in line_at(image, below - 4, first=END - len(line))
        # A stretch that is too short for a mark is hatched all the same.
        assert says_so is (number < 2)


def test_the_key_names_what_is_there():
    def key(*rooms):
        image = seen(draw_building_day(picture(*rooms)))
        last = range(image.height - 60, image.height)
        return {image.getpixel((x, y)) for y in last for x in range(image.width // 2)}

    assert not key(bars()) & {theme.UNKNOWN_HATCHES.color, theme.CLOSED_STRIPES.color}
    assert theme.UNKNOWN_HATCHES.color in key(bars(unknown=[part(9, 9.1)]))
    assert theme.CLOSED_STRIPES.color in key(bars(closed=[part(9, 9.1)]))


@pytest.mark.parametrize("clock", [7, 7.5, 12, 22.99])
def test_now_is_a_line_on_a_ground_of_its_own(clock):
    """Its colour next to that of free time is one for those who do not see green."""
    now = SEVEN + (clock - 7) * HOUR
    image, (line,) = drawn(picture(bars(gaps=[HOURS]), now=now))
    at = END - len(line) + int(len(line) * (clock - 7) / 16)
    across = line_at(image, row_at(0), last=theme.WIDTH)
    ((start, end),) = runs(across, {theme.NOW})
    assert start <= at <= end
    assert across[start - 1] == across[end] == theme.BACKGROUND


def test_now_is_not_marked_outside_the_hours():
    image = seen(draw_building_day(picture(bars(), now=HOURS.end)))
    assert theme.NOW not in {colour for _, colour in image.getcolors(1 << 24)}


def test_lines_of_hours_are_at_full_hours():
    image, (line,) = drawn(picture(bars(gaps=[HOURS])))
    between = line_at(image, row_at(0) + theme.BAR_HEIGHT, last=theme.WIDTH)
    lines = [start for start, _ in runs(between, {theme.GRID_LINE})]
    first = END - len(line)
    assert len(lines) == 17
    assert all(abs(at - first - len(line) * hour / 16) <= 1 for hour, at in enumerate(lines))


def test_no_room_is_far_from_a_line_of_hours():
    image = seen(draw_building_day(picture(*[bars(str(n)) for n in range(50)])))
    lines = [
        y for y in range(image.height) if theme.MUTED_TEXT.color in line_at(image, y, first=200)
    ]
    assert max(later - y for y, later in pairwise(lines)) <= 21 * theme.ROW_HEIGHT


@pytest.mark.parametrize("rooms", [0, 1, 20, 21, 300])
def test_any_number_of_rooms_is_drawn(rooms):
    image, lines = drawn(picture(*[bars(str(n), gaps=[part(7, 9 + n % 9)]) for n in range(rooms)]))
    assert image.width == theme.WIDTH
    for number, line in enumerate(lines):
        ((start, end),) = runs(line, FREE)
        assert start == 0
        assert abs(end - len(line) * (2 + number % 9) / 16) <= 1


@pytest.mark.parametrize(
    "name",
    [
        "Lecture Theatre of the Old Observatory 7",
        "Αμφιθέατρο Δρακοπούλου",
        "Поточная аудитория № 3",
        "教室 101 🎓",
        "line\nbreak\ttab\0nul \ud800",
        "",
    ],
)
def test_names_of_all_kinds_leave_the_bars_alone(name):
    _, (line,) = drawn(picture(bars(name, gaps=[part(9, 11)]), title=name))
    ((start, end),) = runs(line, FREE)
    assert abs((end - start) - len(line) / 8) <= 2
    assert len(line) > theme.WIDTH * 0.7


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_no_text_breaks_a_picture(text):
    assert draw_building_day(picture(bars(text), title=text))


def cut_up(seed, kinds, minutes, hours, *, has_long_names):
    """A day cut up beyond all measure, with names that have nothing in common."""
    random = Random(seed)  # noqa: S311 - nothing is guarded by it
    rooms = []
    for number in range(40):
        room: dict[str, list[Interval]] = {"gaps": [], "closed": [], "unknown": []}
        start = hours.start + random.randrange(30) * MINUTE
        while (end := start + (minutes + random.randrange(20)) * MINUTE) <= hours.end:
            room[random.choice(kinds)].append(Interval(start, end))
            start = end + random.randrange(1, 20) * MINUTE
        letters = "абвгдежзиклмнопрстуфхцчшщαβγδεζηθικλμνξοπρστυφχψωabcdefghijklmnopqrstuvwxyz"
        name = "".join(random.choices(letters, k=40)) if has_long_names else str(number)
        rooms.append(RoomBars(name, **room))
    return rooms


@pytest.mark.parametrize("minutes", [28, 50, 97, 160])
@pytest.mark.parametrize(
    "kinds",
    [("gaps",), ("gaps", "closed", "unknown"), ("gaps", "unknown"), ("unknown",)],
    ids="+".join,
)
@pytest.mark.parametrize("length", [16, 24])
def test_forty_rooms_take_60_kilobytes_at_most(minutes, kinds, length):
    hours = Interval(SEVEN, SEVEN + length * HOUR)
    rooms = cut_up(7, kinds, minutes, hours, has_long_names=True)
    long = "Library of the University in the City of Boston"
    made = draw_building_day(picture(*rooms, hours=hours, now=SEVEN + 5 * HOUR, title=long))
    assert len(made) <= 60_000
    assert made[25] == 3, "a palette"


def test_of_a_cut_up_day_the_longest_gaps_keep_their_times():
    rooms = cut_up(7, ("gaps",), 97, HOURS, has_long_names=True)
    image = seen(draw_building_day(picture(*rooms)))
    line = line_at(image, row_at(0) + theme.BAR_HEIGHT // 2)
    assert len(runs(line, {theme.ON_FREE.color})) >= 4


def test_picture_begins_with_its_title():
    image = seen(draw_building_day(picture(bars(), title="CAS")))
    title = {image.getpixel((x, y)) for y in range(CONTENT_TOP) for x in range(200)}
    assert theme.TEXT.color in title


def test_day_of_25_hours_is_as_even_as_any():
    zone_day = oracle.Oracle("America/New_York", [oracle.Hours("A", "00:00", "24:00", ())], {})
    hours = Interval(*zone_day.hours("A", date(2026, 11, 1)))
    assert hours.duration == 25 * HOUR
    gap = Interval(hours.start + 10 * HOUR, hours.start + 15 * HOUR)
    _, (line,) = drawn(picture(bars(gaps=[gap]), hours=hours))
    ((start, end),) = runs(line, FREE)
    assert abs(start - len(line) * 10 / 25) <= 1
    assert abs(end - len(line) * 15 / 25) <= 1
