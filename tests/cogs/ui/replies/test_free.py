"""`/free` as a member reads it: what is said, in which order, and within Discord's limits."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from cogs.ui.custom_ids import FreeQueryId
from cogs.ui.id_format import to_base36
from cogs.ui.layout import GREEN, GREY
from cogs.ui.replies.free.data import FreeReplyData
from cogs.ui.replies.free.reply import free_reply
from core.availability.best_fit import best_fit_order
from core.availability.counts import count_rooms
from core.availability.plan import plan_moves
from core.availability.queries import FreeRoomsQuery, free_rooms
from core.data.status import DataAge
from core.model.hours import PlannedClosure
from core.model.interval import Interval
from tests.fakes import TUESDAY, at

LEAST = timedelta(minutes=28)
FREE_MEANS = "Free means not booked: someone may be inside, and some doors need a card."


@pytest.fixture
def reply_for(fresh, now):
    """Return a function that answers `/free` from one campus day."""

    def make(day, *, when=None, minutes=28, building=None, page=0, shown=None, **more):
        asked = {name: more.pop(name) for name in ("capacity", "features") if name in more}
        codes = (building,) if building else ()
        question = FreeRoomsQuery(
            when or now, timedelta(minutes=minutes), codes, is_now=when is None, **asked
        )
        answer = free_rooms(day.campus, {TUESDAY: day}, question)
        everywhere = free_rooms(day.campus, {TUESDAY: day}, replace(question, buildings=()))
        counts = [
            (
                each.code,
                each.name,
                replace(
                    count_rooms(day, each, question.moment),
                    free=sum(free.room.building == each.code for free in everywhere.free),
                ),
            )
            for each in day.campus.buildings
        ]
        plan = plan_moves(day.campus, {TUESDAY: day}, question, min_gap=LEAST)
        given = {"age": fresh, "now": now, "can_share": True, **more}
        return FreeReplyData(
            campus=day.campus,
            asked=FreeQueryId(day.campus.id, question, page),
            result=answer,
            rooms=best_fit_order(answer.free, question.capacity),
            counts=counts,
            plan=() if answer.free else plan,
            min_gap=LEAST,
            **given,
        )

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


def stamp(clock):
    return f"<t:{unix(at(clock))}:t>"


def lines_of(version):
    return version.text.splitlines()


def rooms_in(text):
    return re.findall(r"^\*\*([^*]+)\*\* · till", text, re.MULTILINE)


def all_pages(shown, reply):
    """Turn the pages by what the buttons ask; return what each shows."""
    found = [shown(free_reply(reply))]
    while "More rooms" in found[-1].buttons:
        reply = replace(reply, asked=reply.asked.with_page_offset(1))
        found.append(shown(free_reply(reply)))
    return found


# The whole campus.


def test_answer_comes_first_then_buildings_and_small_print(shown, six, reply_for):
    """Each building's longest room first; those that open soon behind the last one."""
    assert lines_of(shown(free_reply(reply_for(six)))) == [
        "## 3 rooms free now",
        f"**B0 0000** · till {stamp('12:00')} · 100,000 seats",
        (
            f"**B1 0001** · till {stamp('11:00')} · 100,000 seats"
            f" · last checked <t:{unix(at('08:00'))}:R>"
        ),
        f"**B0 0002** · till {stamp('12:00')} · 100,000 seats",
        f"**Opening soon** {stamp('10:15')}: B1 0003 · {stamp('10:30')}: B0 0004",
        "**B0** 2 free · **B1** 1",
        f"-# Checked <t:{unix(at('09:00'))}:R> · no information for 1 of 6 rooms · {FREE_MEANS}",
    ]


def test_nothing_is_said_of_unknown_rooms_where_there_are_none(shown, campus_of, day_of, reply_for):
    text = shown(free_reply(reply_for(day_of(campus_of(2))))).text
    assert lines_of(shown(free_reply(reply_for(day_of(campus_of(2))))))[-1] == (
        f"-# Checked <t:{unix(at('09:00'))}:R> · {FREE_MEANS}"
    )
    assert "information" not in text


def test_five_best_rooms_of_different_buildings_are_named(shown, campus_of, day_of, reply_for):
    day = day_of(campus_of(40, 8))
    first, second = all_pages(shown, reply_for(day))[:2]
    assert len({name.split()[0] for name in rooms_in(first.text)}) == 5
    assert lines_of(second)[1] == "rooms 6–15 of 40"


def test_rooms_of_the_size_asked_for_come_first(shown, campus_of, day_of, reply_for):
    campus = campus_of(3)
    sized = tuple(
        replace(room, capacity=seats)
        for room, seats in zip(campus.rooms, (200, 25, 60), strict=True)
    )
    campus = replace(campus, buildings=(replace(campus.buildings[0], rooms=sized),))
    text = shown(free_reply(reply_for(day_of(campus), capacity=20))).text
    assert rooms_in(text) == ["B0 0001", "B0 0002", "B0 0000"]
    assert lines_of(shown(free_reply(reply_for(day_of(campus), capacity=20))))[1] == (
        "20 seats or more"
    )


def test_accent_tells_whether_anything_is_free(six, reply_for):
    colours = [
        free_reply(reply_for(six, when=when)).to_components()[0]["accent_color"]
        for when in (at("10:00"), at("23:30"))
    ]
    assert colours == [GREEN.value, GREY.value]


@pytest.mark.parametrize(
    ("when", "minutes", "title"),
    [
        (None, 28, "## 3 rooms free now"),
        ("10:00", 28, "## 3 rooms free now"),
        ("14:30", 28, "## 2 rooms free at 14:30"),
        ("11:30", 120, "## 1 room free at 11:30"),
        ("10:03", 28, "## 3 rooms free at 10:03"),
        ("09:57", 28, "## 3 rooms were free at 09:57"),
        ("09:30", 140, "## 2 rooms were free at 09:30"),
        ("09:30", 145, "## 2 rooms were free at 09:30"),
        ("09:30", 151, "## No room was free for 2 h 31 min from 09:30"),
        ("10:00", 600, "## No room is free for 10 h right now"),
        ("21:30", 120, "## No room is free for 2 h from 21:30"),
    ],
)
def test_heading_names_the_moment(shown, six, reply_for, when, minutes, title):
    reply = reply_for(six, when=at(when) if when else None, minutes=minutes)
    heading = lines_of(shown(free_reply(reply)))[0]
    assert re.sub(r"<t:\d+:t>", when or "", heading) == title
    assert "now" in heading or stamp(when) in heading


@pytest.mark.parametrize(
    ("days", "said"),
    [(1, "tomorrow at"), (-1, "yesterday at"), (4, "on Tue, Mar 3 at"), (-3, "on Tue, Mar 3 at")],
)
def test_heading_names_another_day(shown, six, reply_for, days, said):
    """The question is about ten; only the day on which it is asked differs."""
    asked_on = at("10:00") - timedelta(days=days)
    heading = lines_of(shown(free_reply(reply_for(six, when=at("10:00"), now=asked_on))))[0]
    assert f" free {said} {stamp('10:00')}" in heading


def test_question_is_repeated_as_it_was_understood(shown, campus_of, day_of, reply_for):
    campus = campus_of(2)
    rooms = tuple(replace(room, features=("Piano", "Projector")) for room in campus.rooms)
    day = day_of(replace(campus, buildings=(replace(campus.buildings[0], rooms=rooms),)))
    reply = reply_for(day, building="B0", minutes=90, capacity=30, features=("Piano", "Projector"))
    assert lines_of(shown(free_reply(reply)))[1] == (
        "B0 · Hall 0 · free for 1 h 30 min or more · 30 seats or more · with Piano and Projector"
    )


def test_rooms_that_may_fit_are_counted_where_they_are_free(
    shown, campus_of, day_of, busy, reply_for
):
    campus = campus_of(4)
    unsized = tuple(
        replace(room, capacity=None if room.id != "0" else 50, features=()) for room in campus.rooms
    )
    campus = replace(campus, buildings=(replace(campus.buildings[0], rooms=unsized),))
    day = day_of(campus, {"1": busy("07:00-23:00")})
    assert "2 more rooms may fit (seats not listed)" in lines_of(
        shown(free_reply(reply_for(day, capacity=20)))
    )
    features = shown(free_reply(reply_for(day, features=("Piano",)))).text
    assert "3 more rooms may have it (equipment not listed)" in features
    assert "may" not in shown(free_reply(reply_for(day))).text.replace("someone may", "")


# One building.


def test_building_lists_ten_a_page_then_what_opens_soon_by_time(
    shown, campus_of, day_of, busy, reply_for
):
    bookings = {"11": busy("09:00-10:15"), "12": busy("09:00-10:30"), "13": busy("09:00-10:15")}
    day = day_of(campus_of(14), bookings)
    first, second = all_pages(shown, reply_for(day, building="B0"))
    assert len(rooms_in(first.text)) == 10
    assert "Opening soon" not in first.text
    assert lines_of(second)[1:4] == [
        "B0 · Hall 0 · rooms 11–11 of 11",
        f"**B0 0010** · till {stamp('23:00')} · 100,000 seats",
        f"**Opening soon** {stamp('10:15')}: 0011, 0013 · {stamp('10:30')}: 0012",
    ]


def test_many_rooms_that_open_at_once_are_counted(shown, campus_of, day_of, busy, reply_for):
    day = day_of(campus_of(30), {str(n): busy("09:00-10:15") for n in range(29)})
    soon = lines_of(shown(free_reply(reply_for(day, building="B0"))))[3]
    assert soon.startswith(f"**Opening soon** {stamp('10:15')}: 0000, 0001, ")
    assert soon.endswith(", 0011 and 17 more")


# Nothing found.


def test_plan_is_told_where_no_room_fits(shown, campus_of, day_of, busy, reply_for):
    day = day_of(campus_of(2), {"0": busy("12:50-23:00"), "1": busy("07:00-12:40")})
    version = shown(free_reply(reply_for(day, when=at("12:00"), minutes=120)))
    assert lines_of(version)[:3] == [
        f"## No room is free for 2 h from {stamp('12:00')}",
        (
            f"Two rooms are: **B0 0000** till {stamp('12:50')}, "
            f"then **B0 0001** till {stamp('14:00')}."
        ),
        f"1 room is free for a shorter time: **B0 0000**, till {stamp('12:50')}.",
    ]
    assert "plan" not in version.text


def test_shorter_asks_for_what_is_free(shown, six, reply_for):
    version = shown(free_reply(reply_for(six, minutes=180, building="B0")))
    assert lines_of(version)[2] == (
        f"2 rooms are free for a shorter time. Longest: **B0 0000**, till {stamp('12:00')}."
    )
    assert list(version.buttons)[:3] == ["Shorter", "Other buildings", "Later"]
    assert version.button("Shorter")["custom_id"] == f"2fr:bu:B0:{to_base36(120)}:::0:"
    assert version.button("Other buildings")["custom_id"] == f"2fr:bu::{to_base36(180)}:::0:"
    later = to_base36(unix(at("13:00")) // 60)
    assert version.button("Later")["custom_id"] == f"2fr:bu:B0:{to_base36(180)}:{later}::0:"
    assert f"**Next free** {stamp('13:00')}: 0002" in version.text


def test_tomorrow_is_offered_where_nothing_opens_today(shown, campus_of, day_of, busy, reply_for):
    day = day_of(campus_of(1), {"0": busy("07:00-23:00")})
    version = shown(free_reply(reply_for(day)))
    assert lines_of(version)[0] == "## No room is free right now"
    tomorrow = to_base36(unix(at("10:00", TUESDAY + timedelta(days=1))) // 60)
    assert version.button("Tomorrow")["custom_id"] == f"2fr:bu::s:{tomorrow}::0:"
    assert "Later" not in version.buttons


def test_closed_building_says_when_it_opens_and_why_it_is_closed(
    shown, campus_of, day_of, reply_for
):
    campus = campus_of(2, 2)
    closure = PlannedClosure(Interval(at("00:00"), at("13:00")), "Exams")
    closed, other = campus.buildings
    closed = replace(closed, closures=(closure,))
    day = day_of(replace(campus, buildings=(closed, other)))
    version = shown(free_reply(reply_for(day, building="B0")))
    assert lines_of(version)[:3] == [
        "## Hall 0 is closed right now",
        "B0 · Hall 0",
        f"Exams. Opens at {stamp('13:00')}.",
    ]
    assert version.options("Pick a building")[1] == "B0 · Hall 0 · closed"
    late = shown(free_reply(reply_for(day, when=at("23:30"))))
    assert lines_of(late)[0] == f"## Boston University is closed at {stamp('23:30')}"
    assert re.search(r"^Opens tomorrow at <t:\d+:t>\.$", late.text, re.MULTILINE)


def test_everything_unknown_says_so_and_frees_nothing(shown, campus_of, day_of, reply_for):
    day = day_of(campus_of(3), unknown=("0", "1", "2"))
    age = DataAge(None, is_stale=True, failing_since=None)
    version = shown(free_reply(reply_for(day, age=age)))
    assert lines_of(version)[0] == "## No information about rooms right now"
    assert f"Not checked yet · no information for 3 of 3 rooms · {FREE_MEANS}" in version.text
    assert version.options("Pick a building")[1] == "B0 · Hall 0 · no information"


def test_filters_that_no_room_passes_are_named(shown, six, reply_for):
    version = shown(free_reply(reply_for(six, features=("Organ",))))
    assert lines_of(version)[:2] == ["## No room here has all of that", "with Organ"]


# What stays.


def test_shared_reply_says_at_and_by_whom_and_offers_now(shown, six, reply_for):
    version = shown(free_reply(reply_for(six, asked_by=77, can_share=False)))
    assert lines_of(version)[0] == f"## 3 rooms free at {stamp('10:00')}"
    assert lines_of(version)[-1].startswith("-# Asked by <@77> · Checked ")
    assert list(version.buttons)[3:] == ["Now"]
    assert not re.search(r"\bnow\b", version.text)


@pytest.mark.parametrize("when", ["10:00", "23:30", "08:00"])
@pytest.mark.parametrize("minutes", [28, 600])
def test_no_shared_reply_says_now(shown, six, reply_for, when, minutes):
    moment = at(when)
    reply = reply_for(six, when=moment, minutes=minutes, now=moment, asked_by=77)
    assert not re.search(r"\bnow\b", shown(free_reply(reply)).text)


def test_stale_data_is_said_first(shown, six, reply_for, failing):
    assert lines_of(shown(free_reply(reply_for(six, age=failing))))[0] == (
        f"**The booking system has been down since <t:{unix(at('03:00'))}:f>. "
        f"What you see is from <t:{unix(at('02:00'))}:R>.**"
    )


def test_stale_data_of_a_system_that_answers_is_being_checked_again(shown, six, reply_for, failing):
    age = replace(failing, failing_since=None)
    assert lines_of(shown(free_reply(reply_for(six, age=age))))[0] == (
        f"**This is from <t:{unix(at('02:00'))}:R>. "
        "Checking again now: press Refresh in a moment.**"
    )


def test_failing_system_is_mentioned_however_young_the_data_is(shown, six, reply_for, fresh):
    age = replace(fresh, failing_since=at("09:30"))
    first, second, *_ = lines_of(shown(free_reply(reply_for(six, age=age))))
    assert first.startswith("**The booking system has been down since")
    assert second == "## 3 rooms free now"


# Controls.


def test_select_counts_rooms_that_fit_at_the_moment_asked_about(shown, six, reply_for):
    for when, minutes, counts in (
        ("10:00", 28, ("2 free", "1 free")),
        ("14:30", 28, ("1 free", "1 free")),
        ("10:00", 90, ("2 fit", "0 fit")),
    ):
        reply = reply_for(six, when=at(when), minutes=minutes, building="B0")
        options = shown(free_reply(reply)).options("Pick a building")
        assert options == [
            "Anywhere",
            f"B0 · Hall 0 · {counts[0]}",
            f"B1 · Hall 1 · {counts[1]}",
        ]


def test_durations_keep_the_rest_of_the_question(shown, six, reply_for):
    version = shown(free_reply(reply_for(six, building="B0", capacity=30, minutes=60)))
    assert list(version.buttons) == ["1 h", "2 h", "3 h", "Post here", "Refresh"]
    assert version.button("1 h")["disabled"]
    assert version.button("2 h")["custom_id"] == f"2fr:bu:B0:{to_base36(120)}::u:0:"


def test_refresh_asks_the_same_again_and_now_asks_about_now(shown, campus_of, day_of, reply_for):
    version = shown(free_reply(reply_for(day_of(campus_of(25)), when=at("14:00"), page=1)))
    at_two = to_base36(unix(at("14:00")) // 60)
    assert version.button("Refresh")["custom_id"] == f"2fu:bu::s:{at_two}::1:"
    assert version.button("Post here")["custom_id"] == f"2fs:bu::s:{at_two}::1:"
    assert version.button("Now")["custom_id"] == "2fr:bu::s:::0:"
    assert "Now" not in shown(free_reply(reply_for(day_of(campus_of(25))))).buttons


def test_pages_lead_on_and_back(shown, campus_of, day_of, reply_for):
    pages = all_pages(shown, reply_for(day_of(campus_of(25))))
    assert [list(page.buttons)[3:] for page in pages] == [
        ["More rooms", "Post here", "Refresh"],
        ["← Back", "More rooms", "Post here", "Refresh"],
        ["← Back", "Post here", "Refresh"],
    ]


def test_page_that_is_no_more_becomes_the_last(shown, campus_of, day_of, reply_for):
    version = shown(free_reply(reply_for(day_of(campus_of(25)), page=9)))
    assert "rooms 16–25 of 25" in version.text
    assert version.button("← Back")["custom_id"] == "2fp:bu::s:::1:"


def test_sharing_is_offered_only_where_it_works(shown, six, reply_for):
    assert "Post here" not in shown(free_reply(reply_for(six, can_share=False))).buttons


def test_many_buildings_offer_the_freest_and_the_chosen_one(
    shown, campus_of, day_of, reply_for, busy
):
    campus = campus_of(240, 120)
    # Rooms 0 and 120 are B0's, and so on: only B40 to B119 have both their rooms free.
    day = day_of(campus, {str(n): busy("07:00-23:00") for n in range(40)})
    options = shown(free_reply(reply_for(day, building="B7"))).options("Pick a building")
    assert len(options) == 25
    assert options[:2] == ["Anywhere", "B7 · Hall 7 · 1 free"]
    assert all("2 free" in each for each in options[2:])


# Discord's limits: `shown` fails where one is passed.


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
    reply = reply_for(day, capacity=1, age=failing, asked_by=2**63)
    told = re.findall(
        r"^\*\*\S+ (\d{4})", "\n".join(each.text for each in all_pages(shown, reply)), re.MULTILINE
    )
    assert told == [each.room.name[:4] for each in reply.rooms]
    assert len(set(told)) == rooms


@pytest.mark.parametrize("names", ["usual", "marked", "chinese", "emoji"])
@pytest.mark.parametrize("when", ["10:00", "08:00"])
def test_rooms_that_open_soon_or_later_stay_within_the_limits(
    shown, campus_of, day_of, reply_for, busy, names, when
):
    campus = campus_of(400, 3, names)
    day = day_of(campus, {str(n): busy(f"07:00-10:{n % 5 * 7:02}") for n in range(9, 400)})
    for reply in (reply_for(day, when=at(when)), reply_for(day, when=at(when), minutes=900)):
        assert len(all_pages(shown, reply)) >= 1


@pytest.mark.parametrize("names", ["usual", "marked", "chinese", "emoji"])
def test_plan_stays_within_the_limits(shown, campus_of, day_of, reply_for, busy, names):
    hours = {str(n): busy(f"07:00-{10 + n}:00", f"{11 + n}:10-23:00") for n in range(4)}
    day = day_of(campus_of(4, 2, names), hours)
    reply = reply_for(day, when=at("10:30"), minutes=200)
    assert len(reply.plan) == 4
    assert "Four rooms are: " in shown(free_reply(reply)).text
