"""`/building` as a member reads it: every room's gaps, in order, and within Discord's limits."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from cogs.ui.custom_ids import BuildingQueryId
from cogs.ui.id_format import to_base36
from cogs.ui.replies.building import BuildingReplyData, building_page, building_reply
from core.availability.counts import count_rooms
from core.availability.queries import building_day
from core.model.interval import Interval
from tests.fakes import TUESDAY, at, between


@pytest.fixture
def reply_for(fresh, now):
    """Return a function that answers `/building` from one campus day."""

    def make(day, *, page=0, **more):
        moment = more.get("now", now)
        building = day.campus.buildings[0]
        counts = [
            (each.code, each.name, count_rooms(day, each, moment)) for each in day.campus.buildings
        ]
        given = {"age": fresh, "now": moment, "can_share": True, **more}
        return BuildingReplyData(
            campus=day.campus,
            query=BuildingQueryId(day.campus.id, building.code, None, page),
            building_day=building_day(day, building, moment),
            counts=counts,
            **given,
        )

    return make


def laid_out(reply):
    return building_reply(reply, building_page(reply))


def unix(moment):
    return int(moment.timestamp())


def gap(start, end):
    return f"<t:{unix(at(start))}:t>–<t:{unix(at(end))}:t>"


def lines_of(version):
    return version.text.splitlines()


def test_tells_hours_counts_and_every_room_in_order(shown, campus_of, day_of, busy, reply_for):
    day = day_of(
        campus_of(4),
        {
            "0": busy("09:00-12:00", "13:00-14:00"),
            "1": busy("07:00-23:00"),
            "3": busy("07:20-10:00"),
        },
        unknown=("2",),
        kept=("3",),
    )
    assert lines_of(shown(laid_out(reply_for(day)))) == [
        "## B0 · Hall 0",
        f"-# Open {gap('07:00', '23:00')} · Tuesday 3 March (EST) · 1 of 4 rooms free now",
        f"**0000** {gap('07:00', '09:00')}, {gap('12:00', '13:00')}, {gap('14:00', '23:00')}",
        "**0001** booked all day",
        "**0002** unknown: the booking site told nothing about this room",
        f"**0003** **{gap('10:00', '23:00')}** · read <t:{unix(at('08:00'))}:R>",
        (
            f"-# Checked <t:{unix(at('09:00'))}:R> · no information for 1 of 4 rooms · "
            "Free means not booked: someone may be inside, and some doors need a card."
        ),
    ]


@pytest.mark.parametrize(
    ("clock", "bold"), [("06:59", False), ("07:00", True), ("08:59", True), ("09:00", False)]
)
def test_gap_is_bold_while_it_holds(shown, campus_of, day_of, busy, reply_for, clock, bold):
    day = day_of(campus_of(1), {"0": busy("09:00-23:00")})
    text = shown(laid_out(reply_for(day, now=at(clock)))).text
    assert (f"**{gap('07:00', '09:00')}**" in text) == bold


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at("10:00"), "1 of 1 room free now"),
        (at("06:00"), f"closed until <t:{unix(at('07:00'))}:t>"),
        (at("23:00"), f"closed until <t:{unix(at('07:00', TUESDAY + timedelta(days=1)))}:t>"),
        (at("10:00", TUESDAY + timedelta(days=1)), "(EST)"),
        (at("10:00", TUESDAY - timedelta(days=1)), "(EST)"),
    ],
)
def test_free_now_is_said_only_while_open(shown, campus_of, day_of, reply_for, moment, words):
    head = lines_of(shown(laid_out(reply_for(day_of(campus_of(1)), now=moment))))[1]
    assert head.endswith(words)
    assert ("free now" in head) == ("free now" in words)


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (between("09:00", "23:00"), f"unknown before <t:{unix(at('09:00'))}:t>"),
        (between("07:00", "20:00"), f"unknown from <t:{unix(at('20:00'))}:t>"),
    ],
)
def test_hours_of_which_nothing_is_known_are_said(
    shown, campus_of, day_of, reply_for, known, words
):
    day = day_of(campus_of(1), known=known)
    assert lines_of(shown(laid_out(reply_for(day))))[2].endswith(f" · {words}")


def test_unknown_hours_in_the_middle_are_said(shown, campus_of, day_of, reply_for):
    reply = reply_for(day_of(campus_of(1)))
    room = replace(reply.building_day.rooms[0], unknown=(between("12:00", "13:00"),))
    reply = replace(reply, building_day=replace(reply.building_day, rooms=(room,)))
    ends = f"unknown from <t:{unix(at('12:00'))}:t> to <t:{unix(at('13:00'))}:t>"
    assert ends in shown(laid_out(reply)).text


def test_stale_data_is_said_first(shown, campus_of, day_of, reply_for, failing):
    reply = reply_for(day_of(campus_of(1)), age=failing)
    assert lines_of(shown(laid_out(reply)))[0].startswith(
        "**The booking system has been down since"
    )


def all_pages(shown, reply):
    found = [shown(laid_out(reply))]
    while "More rooms" in found[-1].buttons:
        reply = replace(reply, query=reply.query.with_page_offset(1))
        found.append(shown(laid_out(reply)))
    return found


@pytest.mark.parametrize(
    ("rooms", "names"),
    [(77, "usual"), (77, "marked"), (77, "chinese"), (77, "emoji"), (1526, "usual")],
)
@pytest.mark.parametrize("least", [28, 1])
def test_pages_show_every_room_once_in_order(
    shown, campus_of, day_of, reply_for, failing, rooms, names, least
):
    # As many gaps as can be: one minute of booking between two, day and night.
    length = timedelta(minutes=least)
    start, each_day = at("00:00"), timedelta(days=1)
    bookings = []
    while start + length < at("00:00") + each_day:
        bookings.append(Interval(start + length, start + length + timedelta(minutes=1)))
        start = bookings[-1].end
    campus = campus_of(rooms, 1, names, opens="0", closes="24")
    few = {str(n): bookings for n in range(0, rooms, rooms // 7)}
    day = day_of(campus, few, kept=("1",), at_least=length)
    reply = reply_for(day, age=failing)
    text = "\n".join(page.text for page in all_pages(shown, reply))
    told = re.findall(r"^\*\*(\d{4})", text, re.MULTILINE)
    assert list(dict.fromkeys(told)) == [each.name[:4] for each in campus.rooms]
    assert told == sorted(told)
    gaps = re.findall(r"<t:(\d+):t>–<t:(\d+):t>(?! ·)", text)
    assert len(gaps) >= sum(len(each.gaps) for each in reply.building_day.rooms)
    if least == 28:
        assert len(told) == rooms


def test_previous_and_next_are_there_where_there_is_more(shown, campus_of, day_of, reply_for):
    day = day_of(campus_of(45))
    assert [list(page.buttons) for page in all_pages(shown, reply_for(day))] == [
        ["More rooms", "Refresh", "Post here"],
        ["← Back", "More rooms", "Refresh", "Post here"],
        ["← Back", "Refresh", "Post here"],
    ]
    assert list(shown(laid_out(reply_for(day, can_share=False, page=9))).buttons) == [
        "← Back",
        "Refresh",
    ]


def test_update_keeps_day_and_page(shown, campus_of, day_of, reply_for):
    reply = reply_for(day_of(campus_of(45)), page=1)
    reply = replace(reply, query=replace(reply.query, day=TUESDAY))
    version = shown(laid_out(reply))
    assert version.button("Refresh")["custom_id"] == f"2bu:bu:B0:{to_base36(TUESDAY.toordinal())}:1"


def test_select_offers_every_building_and_shows_the_one_asked(shown, campus_of, day_of, reply_for):
    select = shown(laid_out(reply_for(day_of(campus_of(6, 3))))).select("Pick a building")
    assert [(each["label"], each.get("default", False)) for each in select["options"]] == [
        ("B0 · Hall 0 · 2 free", True),
        ("B1 · Hall 1 · 2 free", False),
        ("B2 · Hall 2 · 2 free", False),
    ]


@pytest.mark.parametrize("names", ["usual", "marked", "chinese", "emoji"])
def test_of_120_buildings_25_are_offered(shown, campus_of, day_of, reply_for, names):
    version = shown(laid_out(reply_for(day_of(campus_of(120, 120, names)))))
    assert len(version.options("Pick a building")) == 25
