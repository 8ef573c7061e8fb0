from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.model import Interval
from core.pictures import look
from core.pictures.frame import Data, age, foot, framed, zone_name
from core.pictures.sheet import Mark
from tests.core.pictures.seeing import seen

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
        (Data(None), "EST · never read"),
        (Data((LATER, LATER)), "EST · read 09:54"),
        (Data((LATER, LATER), is_stale=True), "EST · read 09:54, old"),
        (Data((MORNING, LATER)), "EST · read 06:30 to 09:54"),
        # Some rooms are kept from another day, or all are.
        (
            Data((at("2026-03-02T22:05"), LATER)),
            "EST · read 2 Mar 22:05 to 3 Mar 09:54",
        ),
        (Data((at("2026-03-02T22:05"),) * 2), "EST · read 2 Mar 22:05"),
    ],
)
def test_corner_tells_the_zone_and_when_the_data_was_read(data, expected):
    assert foot(data, DAY, NEW_YORK, marks=(), day=TUESDAY).told == expected


def test_zone_is_told_for_the_hours_and_for_the_reading_where_they_differ():
    day = Interval(at("2026-03-08T00:00"), at("2026-03-09T00:00"))
    sunday = foot(Data((LATER, LATER)), day, NEW_YORK, marks=(), day=date(2026, 3, 8))
    assert sunday.told == "EST/EDT · read 3 Mar 09:54 EST"


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
    assert zone_name(at(moment, zone), zone) == expected


def test_age_stands_alone_with_its_zone():
    assert age(Data((MORNING, LATER)), NEW_YORK, day=TUESDAY) == "read 06:30 to 09:54 EST"


def test_foot_takes_a_second_line_where_one_is_too_short():
    marks = list(Mark)
    near, far = Data((LATER, LATER)), Data((LATER - timedelta(days=1), LATER), is_stale=True)
    short, long = (foot(each, DAY, NEW_YORK, marks=marks, day=TUESDAY) for each in (near, far))
    assert (short.lines, long.lines) == (1, 2)
    sheets = [seen(framed(100, "CAS", "Tuesday", each).png()) for each in (short, long)]
    assert sheets[1].height > sheets[0].height


def test_old_data_is_told_in_words_and_in_another_ink():
    def inks(data):
        made = foot(data, DAY, NEW_YORK, marks=(), day=TUESDAY)
        image = seen(framed(0, "CAS", "Tuesday", made).png())
        return {colour for _, colour in image.getcolors(1 << 24)}

    assert look.WARNING.colour not in inks(Data((LATER, LATER)))
    assert look.WARNING.colour in inks(Data((LATER, LATER), is_stale=True))


def test_long_titles_leave_space_for_what_stands_opposite():
    made = foot(Data(None), DAY, NEW_YORK, marks=())
    long = "Library of the whole University in the City of Boston and its Surroundings"
    image = seen(framed(0, long, "Wednesday 30 September", made).png())
    inked = [
        x
        for x in range(image.width)
        if any(image.getpixel((x, y)) == look.PLAIN.colour for y in range(60))
    ]
    quiet = [
        x
        for x in range(image.width)
        if any(image.getpixel((x, y)) == look.QUIET.colour for y in range(60)) and x > max(inked)
    ]
    assert min(quiet) - max(inked) >= look.GAP
    assert max(quiet) < look.WIDTH - look.MARGIN + 2
