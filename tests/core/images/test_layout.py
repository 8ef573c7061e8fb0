from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.images import theme
from core.images.canvas import Pattern
from core.images.layout import DataAgeSpan, age_caption, build_footer, new_canvas, timezone_name
from core.model.interval import Interval
from tests.core.images.pixel_asserts import seen

NEW_YORK, KOLKATA, LORD_HOWE = map(
    ZoneInfo, ("America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
)
TUESDAY = date(2026, 3, 3)


def at(text, zone=NEW_YORK):
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


MORNING, LATER = at("2026-03-03T06:30"), at("2026-03-03T09:54")
DAY = Interval(at("2026-03-03T07:00"), at("2026-03-03T23:00"))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (DataAgeSpan(None), "EST · never read"),
        (DataAgeSpan((LATER, LATER)), "EST · read 09:54"),
        (DataAgeSpan((LATER, LATER), is_stale=True), "EST · read 09:54, old"),
        (DataAgeSpan((MORNING, LATER)), "EST · read 06:30 to 09:54"),
        # Some rooms are kept from another day, or all are.
        (
            DataAgeSpan((at("2026-03-02T22:05"), LATER)),
            "EST · read 2 Mar 22:05 to 3 Mar 09:54",
        ),
        (DataAgeSpan((at("2026-03-02T22:05"),) * 2), "EST · read 2 Mar 22:05"),
    ],
)
def test_corner_tells_the_zone_and_when_the_data_was_read(data, expected):
    assert build_footer(data, DAY, NEW_YORK, patterns=(), day=TUESDAY).caption == expected


def test_zone_is_told_for_the_hours_and_for_the_reading_where_they_differ():
    day = Interval(at("2026-03-08T00:00"), at("2026-03-09T00:00"))
    sunday = build_footer(
        DataAgeSpan((LATER, LATER)), day, NEW_YORK, patterns=(), day=date(2026, 3, 8)
    )
    assert sunday.caption == "EST/EDT · read 3 Mar 09:54 EST"


@pytest.mark.parametrize(
    ("zone", "moment", "expected"),
    [
        (NEW_YORK, "2026-03-03T12:00", "EST"),
        (NEW_YORK, "2026-07-03T12:00", "EDT"),
        (KOLKATA, "2026-03-03T12:00", "IST"),
        (LORD_HOWE, "2026-03-03T12:00", "UTC+11"),
        (LORD_HOWE, "2026-07-03T12:00", "UTC+10:30"),
        (ZoneInfo("UTC"), "2026-07-03T12:00", "UTC"),
    ],
)
def test_every_zone_has_a_name(zone, moment, expected):
    assert timezone_name(at(moment, zone), zone) == expected


def test_age_stands_alone_with_its_zone():
    assert (
        age_caption(DataAgeSpan((MORNING, LATER)), NEW_YORK, day=TUESDAY)
        == "read 06:30 to 09:54 EST"
    )


def test_foot_takes_a_second_line_where_one_is_too_short():
    marks = list(Pattern)
    near, far = (
        DataAgeSpan((LATER, LATER)),
        DataAgeSpan((LATER - timedelta(days=1), LATER), is_stale=True),
    )
    short, long = (
        build_footer(each, DAY, NEW_YORK, patterns=marks, day=TUESDAY) for each in (near, far)
    )
    assert (short.line_count, long.line_count) == (1, 2)
    sheets = [seen(new_canvas(100, "CAS", "Tuesday", each).to_png()) for each in (short, long)]
    assert sheets[1].height > sheets[0].height


def test_old_data_is_told_in_words_and_in_another_ink():
    def inks(data):
        made = build_footer(data, DAY, NEW_YORK, patterns=(), day=TUESDAY)
        image = seen(new_canvas(0, "CAS", "Tuesday", made).to_png())
        return {colour for _, colour in image.getcolors(1 << 24)}

    assert theme.WARNING_TEXT.color not in inks(DataAgeSpan((LATER, LATER)))
    assert theme.WARNING_TEXT.color in inks(DataAgeSpan((LATER, LATER), is_stale=True))


def test_long_titles_leave_space_for_what_stands_opposite():
    made = build_footer(DataAgeSpan(None), DAY, NEW_YORK, patterns=())
    long = "Library of the whole University in the City of Boston and its Surroundings"
    image = seen(new_canvas(0, long, "Wednesday 30 September", made).to_png())
    inked = [
        x
        for x in range(image.width)
        if any(image.getpixel((x, y)) == theme.TEXT.color for y in range(60))
    ]
    quiet = [
        x
        for x in range(image.width)
        if any(image.getpixel((x, y)) == theme.MUTED_TEXT.color for y in range(60))
        and x > max(inked)
    ]
    assert min(quiet) - max(inked) >= theme.SPACING
    assert max(quiet) < theme.WIDTH - theme.MARGIN + 2
