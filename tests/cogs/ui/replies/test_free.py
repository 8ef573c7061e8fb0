"""`/free` as a member reads it: what is said, in which order, and within Discord's limits."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from cogs.ui.custom_ids import FreeQueryId
from cogs.ui.id_format import to_base36
from cogs.ui.layout import GREEN, GREY
from cogs.ui.replies.free import FreeReplyData, free_reply
from core.availability.counts import count_rooms
from core.availability.queries import FreeRoomsQuery, free_rooms
from core.data.status import DataAge
from tests.fakes import TUESDAY, at


@pytest.fixture
def reply_for(fresh, now):
    """Return a function that answers `/free` from one campus day."""

    def make(day, *, when=None, minutes=28, building=None, capacity=None, page=0, **more):
        moment = when or now
        question = FreeRoomsQuery(
            moment,
            timedelta(minutes=minutes),
            (building,) if building else (),
            capacity,
            is_now=when is None,
        )
        asked = FreeQueryId(day.campus.id, question, page)
        counts = [
            (each.code, each.name, count_rooms(day, each, moment)) for each in day.campus.buildings
        ]
        answer = free_rooms(day.campus, {TUESDAY: day}, question)
        given = {"age": fresh, "now": now, "can_share": True, **more}
        return FreeReplyData(campus=day.campus, query=asked, result=answer, counts=counts, **given)

    return make


@pytest.fixture
def six(campus_of, day_of, busy):
    """A campus day of six rooms in two buildings: three free at ten, two soon, one unknown."""
    return day_of(
        campus_of(6, 2),
        {
            "0": busy("12:00-23:00"),
            "1": busy("11:00-23:00"),
            "2": busy("12:00-13:00"),
            "3": busy("09:00-10:15"),
            "4": busy("08:00-10:30", "11:00-23:00"),
        },
        unknown=("5",),
        kept=("1",),
    )


def unix(moment):
    return int(moment.timestamp())


def lines_of(version):
    return version.text.splitlines()


def rooms_in(text):
    return re.findall(r"\*\*([^*]+)\*\* until", text)


def test_says_how_many_rooms_are_free_and_until_when_longest_first(shown, six, reply_for):
    end, eleven = unix(at("12:00")), unix(at("11:00"))
    assert lines_of(shown(free_reply(reply_for(six)))) == [
        "## 3 rooms free now",
        "-# Boston University · Tuesday 3 March (EST) · for at least 28 min",
        f"**B0 0000** until <t:{end}:t> · <t:{end}:R> · 100,000 seats",
        f"**B0 0002** until <t:{end}:t> · <t:{end}:R> · 100,000 seats",
        (
            f"**B1 0001** until <t:{eleven}:t> · <t:{eleven}:R> · 100,000 seats"
            f" · read <t:{unix(at('08:00'))}:R>"
        ),
        (
            f"**Soon**  B1 0003 from <t:{unix(at('10:15'))}:t>"
            f" · B0 0004 from <t:{unix(at('10:30'))}:t>"
        ),
        (
            f"-# Read <t:{unix(at('09:00'))}:R> · 1 of 6 rooms unknown · "
            "bookings only: someone may be inside, a door may need a card"
        ),
    ]


def test_room_read_earlier_carries_its_own_age_and_no_other_does(shown, six, reply_for):
    aged = [each for each in lines_of(shown(free_reply(reply_for(six)))) if "· read <t" in each]
    assert rooms_in("\n".join(aged)) == ["B1 0001"]


def test_accent_tells_whether_anything_is_free(six, reply_for):
    colours = [
        free_reply(reply_for(six, when=when)).to_components()[0]["accent_color"]
        for when in (at("10:00"), at("23:30"))
    ]
    assert colours == [GREEN.value, GREY.value]


@pytest.mark.parametrize(
    ("when", "minutes", "title"),
    [
        ("10:00", 28, "## 3 rooms free now"),
        ("10:00", 600, "## Nothing free now"),
        ("14:30", 28, "## 2 rooms free on Tue 3 March at 14:30"),
        ("11:30", 120, "## 1 room free on Tue 3 March at 11:30"),
        ("10:03", 28, "## 3 rooms free on Tue 3 March at 10:03"),
        ("09:57", 28, "## 3 rooms were free on Tue 3 March at 09:57"),
        ("09:30", 140, "## 2 rooms were free on Tue 3 March at 09:30"),
        ("09:30", 151, "## Nothing was free on Tue 3 March at 09:30"),
        ("06:00", 28, "## Nothing was free on Tue 3 March at 06:00"),
    ],
)
def test_title_names_the_moment(shown, six, reply_for, when, minutes, title):
    assert lines_of(shown(free_reply(reply_for(six, when=at(when), minutes=minutes))))[0] == title


def test_single_room_was_free(shown, campus_of, day_of, reply_for):
    day = day_of(campus_of(1))
    text = shown(free_reply(reply_for(day, when=at("08:00")))).text
    assert text.startswith("## 1 room was free on Tue 3 March at 08:00")


def test_time_that_has_passed_is_called_past(shown, six, reply_for):
    assert "that time has passed" in shown(free_reply(reply_for(six, when=at("08:00")))).text
    for when in (None, at("10:00"), at("14:00")):
        assert "passed" not in shown(free_reply(reply_for(six, when=when))).text


def test_nothing_free_names_the_three_rooms_that_open_first(
    shown, campus_of, day_of, busy, reply_for
):
    day = day_of(campus_of(5), {str(n): busy(f"07:00-1{n + 1}:00") for n in range(5)})
    lines = lines_of(shown(free_reply(reply_for(day))))
    first = [unix(at(each)) for each in ("11:00", "12:00", "13:00")]
    assert lines[0] == "## Nothing free now"
    assert lines[2] == (
        f"**Next**  B0 0000 from <t:{first[0]}:t> · B0 0001 from <t:{first[1]}:t>"
        f" · B0 0002 from <t:{first[2]}:t>"
    )


def test_nothing_free_long_enough_says_what_fewer_minutes_would_give(shown, six, reply_for):
    lines = lines_of(shown(free_reply(reply_for(six, minutes=180))))
    assert lines[0] == "## Nothing free now"
    assert lines[2] == (
        f"3 rooms are free for less: **B0 0000** until <t:{unix(at('12:00'))}:t>. "
        "Ask with `minutes: 120` to see."
    )


def test_only_room_free_for_less_is_told_in_the_singular(shown, campus_of, day_of, busy, reply_for):
    day = day_of(campus_of(1), {"0": busy("10:40-23:00")})
    assert "1 room is free for less: " in shown(free_reply(reply_for(day, minutes=60))).text


def test_nothing_free_and_nothing_to_come_still_answers(shown, six, reply_for):
    lines = lines_of(shown(free_reply(reply_for(six, when=at("23:30")))))
    assert lines[0] == "## Nothing free on Tue 3 March at 23:30"
    assert len(lines) == 3


def test_stale_data_is_said_first(shown, six, reply_for, failing):
    assert lines_of(shown(free_reply(reply_for(six, age=failing))))[0] == (
        f"**Booking site not answering since <t:{unix(at('03:00'))}:f>; "
        f"this was read <t:{unix(at('02:00'))}:R>.**"
    )


def test_stale_data_of_a_site_that_answers_is_being_read_again(shown, six, reply_for, failing):
    age = replace(failing, failing_since=None)
    assert lines_of(shown(free_reply(reply_for(six, age=age))))[0] == (
        f"**This was read <t:{unix(at('02:00'))}:R>; it is being read again.**"
    )


def test_failing_site_is_mentioned_however_young_the_data_is(shown, six, reply_for, fresh):
    age = replace(fresh, failing_since=at("09:30"))
    first, second, *_ = lines_of(shown(free_reply(reply_for(six, age=age))))
    assert first.startswith("**Booking site not answering since")
    assert second == "## 3 rooms free now"


def test_everything_unknown_says_so_and_frees_nothing(shown, campus_of, day_of, reply_for):
    campus = campus_of(3)
    day = day_of(campus, unknown=("0", "1", "2"))
    age = DataAge(None, is_stale=True, failing_since=None)
    version = shown(free_reply(reply_for(day, age=age)))
    assert lines_of(version)[0] == "## Nothing free now"
    assert "Never read · 3 of 3 rooms unknown" in version.text
    assert version.options("Choose a building")[1] == "B0 · Hall 0 · unknown"


def test_scope_names_building_minutes_seats_and_what_was_left_out(shown, six, reply_for):
    reply = reply_for(six, building="B1", minutes=45, capacity=30)
    reply = replace(reply, result=replace(reply.result, unknown_capacity=2))
    assert lines_of(shown(free_reply(reply)))[1] == (
        "-# Boston University · B1 · Tuesday 3 March (EST) · for at least 45 min"
        " · 30 seats or more · 2 rooms of unknown size left out"
    )


def test_select_counts_rooms_at_the_moment_that_was_asked_about(shown, six, reply_for):
    for when, free in ((at("10:00"), (2, 1)), (at("14:30"), (1, 1))):
        options = shown(free_reply(reply_for(six, when=when))).options("Choose a building")
        assert options == [
            "All buildings",
            f"B0 · Hall 0 · {free[0]} free",
            f"B1 · Hall 1 · {free[1]} free",
        ]


def all_pages(shown, reply):
    """Turn the pages by what the buttons ask; return what each shows."""
    found = [shown(free_reply(reply))]
    while "Next" in found[-1].buttons:
        reply = replace(reply, query=reply.query.with_page_offset(1))
        found.append(shown(free_reply(reply)))
    return found


@pytest.mark.parametrize(
    ("rooms", "buildings", "names"),
    [
        (77, 1, "usual"),
        (77, 4, "chinese"),
        (77, 120, "marked"),
        (1526, 1, "usual"),
        (500, 120, "marked"),
        (1526, 120, "emoji"),
    ],
)
def test_pages_show_every_free_room_once_in_order(
    shown, campus_of, day_of, reply_for, failing, rooms, buildings, names
):
    day = day_of(campus_of(rooms, buildings, names))
    reply = reply_for(day, capacity=1, age=failing)
    told = re.findall(
        r"^\*\*\S+ (\d{4})", "\n".join(each.text for each in all_pages(shown, reply)), re.MULTILINE
    )
    expected = [each.room.name[:4] for each in reply.result.free]
    assert told == expected
    assert len(told) == rooms


@pytest.mark.parametrize("names", ["usual", "marked", "chinese", "emoji"])
def test_pages_show_every_room_that_opens_soon_once_in_order(
    shown, campus_of, day_of, reply_for, busy, names
):
    campus = campus_of(400, 3, names)
    day = day_of(campus, {str(n): busy("09:00-10:20") for n in range(9, 400)})
    pages = all_pages(shown, reply_for(day))
    soon = [line for page in pages for line in lines_of(page) if line.startswith("**Soon**")]
    told = re.findall(r"B\S+ (\d{4})\S* from", " ".join(soon))
    assert told == [each.room.name[:4] for each in reply_for(day).result.soon]
    assert len(told) == 391
    assert sum(page.text.count("** until") for page in pages) == 9


def test_previous_and_next_are_there_where_there_is_more(shown, campus_of, day_of, reply_for):
    day = day_of(campus_of(25))
    buttons = [list(page.buttons) for page in all_pages(shown, reply_for(day))]
    assert buttons == [
        ["Next", "Update", "Share"],
        ["Previous", "Next", "Update", "Share"],
        ["Previous", "Update", "Share"],
    ]


def test_page_number_is_told_where_there_are_several(shown, campus_of, day_of, reply_for):
    assert "page 2 of 3" in shown(free_reply(reply_for(day_of(campus_of(25)), page=1))).text
    assert "page" not in shown(free_reply(reply_for(day_of(campus_of(10))))).text


def test_page_that_is_no_more_becomes_the_last(shown, campus_of, day_of, reply_for):
    version = shown(free_reply(reply_for(day_of(campus_of(25)), page=9)))
    assert "page 3 of 3" in version.text
    assert version.button("Previous")["custom_id"] == "2fp:bu::s:::1:"


def test_share_is_offered_only_where_it_works(shown, six, reply_for):
    assert "Share" not in shown(free_reply(reply_for(six, can_share=False))).buttons


def test_update_asks_for_now_from_the_first_page(shown, campus_of, day_of, reply_for):
    version = shown(free_reply(reply_for(day_of(campus_of(25)), when=at("14:00"), page=1)))
    assert version.button("Update")["custom_id"] == "2fu:bu::s:::0:"
    share = f"2fs:bu::s:{to_base36(unix(at('14:00')) // 60)}::1:"
    assert version.button("Share")["custom_id"] == share


def test_many_buildings_offer_the_freest_and_the_chosen_one(
    shown, campus_of, day_of, reply_for, busy
):
    campus = campus_of(240, 120)
    # Rooms 0 and 120 are B0's, and so on: only B40 to B119 have both their rooms free.
    day = day_of(campus, {str(n): busy("07:00-23:00") for n in range(40)})
    options = shown(free_reply(reply_for(day, building="B7"))).options("Choose a building")
    assert len(options) == 25
    assert options[:2] == ["All buildings", "B7 · Hall 7 · 1 free"]
    assert all("2 free" in each for each in options[2:])


def test_asked_day_is_the_campuss_however_late_it_is_in_utc(shown, six, reply_for):
    late = shown(free_reply(reply_for(six, when=at("22:30")))).text
    assert "Tuesday 3 March (EST)" in late
    assert "free on Tue 3 March at 22:30" in late
