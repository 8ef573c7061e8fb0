"""One read of a campus on EMS: what blocks a room, what does not, and what stays unknown."""

from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest

from core.errors import SourceError, SourceFormatError
from core.model.bookings import RoomDay
from core.model.interval import Interval
from fakes.ems.campus import EmsRoom, FixedCampus
from fakes.ems.server import FakeEms
from fakes.live25.fault_injection import ResponseFault
from tests.core.sources.ems.ems_campus import (
    BOTH,
    DAY,
    HALL,
    LOFT,
    TUESDAY,
    WEEK,
    EmsReader,
    bot_campus,
    hours,
    lecture,
    local,
    small_campus,
)
from tests.core.sources.source_fixtures import kinds

BOOKINGS, ROOMS = "GetBrowseLocationsBookings", "GetBrowseLocationsRooms"


def span(start: float, end: float, day=TUESDAY) -> Interval:
    return Interval(local(day, start), local(day, end))


async def room_day(reader: EmsReader, room: int, day=TUESDAY, **more) -> RoomDay:
    result = await reader.read([day], bot_campus(reader.server.url, **more))
    return result.days[day][str(room)]


async def test_a_lecture_takes_its_room_and_closed_hours_close_all(reader):
    result = await reader.read()
    assert not result.failures[TUESDAY]
    days = result.days[TUESDAY]
    assert set(days) == {"101", "102", "103", "104", "105", "106", "109", "201"}
    assert days["101"].known == (span(0, 24),)
    assert days["101"].bookings == (span(9, 10),)
    assert days["101"].closures == (span(0, 7), span(23, 24))
    assert days["103"].bookings == ()


async def test_setup_and_teardown_belong_to_the_booking(reader, campus):
    booking = lecture(103, 9, 10, setup=timedelta(minutes=30), teardown=timedelta(minutes=15))
    campus.bookings = [booking]
    assert (await room_day(reader, 103)).bookings == (span(8.5, 10.25),)


async def test_private_bookings_block_and_only_cancelled_ones_do_not(reader, campus):
    campus.bookings = [
        lecture(101, 9, 10),
        lecture(103, 9, 10, is_private=True),
        lecture(104, 9, 10, status="Cancelled"),
        lecture(105, 9, 10, status="Not confirmed yet", status_type=-12),
        lecture(106, 9, 10, status="Of some kind", status_type=7),
    ]
    days = (await reader.read()).days[TUESDAY]
    blocked = {room for room in ("103", "104", "105", "106") if days[room].bookings}
    assert blocked == {"103", "106"}


async def test_combined_rooms_block_each_other(reader, campus):
    campus.bookings = [lecture(BOTH, 9, 10), lecture(101, 12, 13), lecture(102, 14, 15)]
    days = (await reader.read()).days[TUESDAY]
    assert days["101"].bookings == (span(9, 10), span(12, 13))
    assert days["102"].bookings == (span(9, 10), span(14, 15))
    assert days[str(BOTH)].bookings == (span(9, 10), span(12, 13), span(14, 15))


async def test_a_combination_seen_once_counts_on_every_day(reader, campus, ems):
    """An EMS that lists each booking once, in its own room, is not believed for the others."""
    campus.bookings = [lecture(BOTH, 9, 10), lecture(101, 12, 13, TUESDAY + DAY)]

    def only_own_rooms(answer):
        if answer["Bookings"] and answer["Bookings"][0]["TimeBookingStart"] > "2026-03-04":
            answer["Bookings"] = [
                each for each in answer["Bookings"] if each["RoomId"] == each["BookingInRoomId"]
            ]
        return answer

    ems.mutations[BOOKINGS] = only_own_rooms
    result = await reader.read(WEEK[:2])
    after = TUESDAY + DAY
    assert result.days[after][str(BOTH)].bookings == (span(12, 13, after),)
    assert result.days[after]["102"].bookings == ()


@pytest.mark.parametrize("only_beginning", [True, False])
async def test_a_booking_past_midnight_blocks_both_days(reader, campus, ems, only_beginning):
    ems.lists_only_beginning = only_beginning
    campus.bookings = [lecture(103, 22, 26, TUESDAY - DAY), lecture(103, 9, 10)]
    campus.usual_hours = hours(0, 24)
    assert (await room_day(reader, 103)).bookings == (span(-2, 2), span(9, 10))


async def test_a_building_that_closes_late_has_the_hours_after_midnight(reader, campus):
    campus.usual_hours = hours(8, 26)
    campus.bookings = [lecture(103, 25, 25.5), lecture(103, 9, 10)]
    day = await room_day(reader, 103, closes=26)
    assert day.known == (span(0, 26),)
    assert day.bookings == (span(9, 10), span(25, 25.5))
    assert day.closures == (span(2, 8), span(26, 32))


async def test_the_first_night_of_a_late_building_is_known_as_well(reader, campus):
    campus.usual_hours = hours(8, 26)
    assert (await room_day(reader, 103)).closures == (span(2, 8),)


async def test_without_the_next_day_the_hours_after_midnight_are_unknown(reader, campus, ems):
    campus.usual_hours = hours(8, 26)
    ems.day_faults[TUESDAY + DAY] = ResponseFault(status=403)
    day = await room_day(reader, 103, closes=26)
    assert day.known == (span(0, 24),)


async def test_a_day_is_unknown_without_the_day_before_it(reader, ems):
    """An EMS may list a booking on the day alone on which it begins."""
    ems.day_faults[WEEK[2]] = ResponseFault(status=403)
    result = await reader.read(WEEK[:6])
    failed = [day for day in WEEK[:6] if result.failures[day]]
    assert failed == [WEEK[2], WEEK[3]]
    assert set(kinds(result, WEEK[3]).values()) == {"refused 403"}
    assert not any(result.days[day] for day in failed)


async def test_a_holiday_and_a_closed_day_close_the_building_alone(reader, campus):
    campus.hours[HALL, TUESDAY] = None
    days = (await reader.read()).days[TUESDAY]
    assert days["103"].closures == (span(0, 24),)
    assert days["201"].closures == (span(0, 7), span(23, 24))


async def test_a_room_that_strangers_may_not_see_is_unknown(reader, campus, ems):
    hall = campus.buildings[0]
    rooms = [replace(each, is_public=each.id != 103) for each in hall.rooms]
    campus.buildings = (replace(hall, rooms=tuple(rooms)), campus.buildings[1])
    result = await reader.read(campus=bot_campus(ems.url, extra=["999"]))
    assert kinds(result, TUESDAY) == {"103": "not in the answer", "999": "not in the answer"}
    assert "103" not in result.days[TUESDAY]


async def test_no_rooms_at_all_are_refused(reader, campus):
    hall = campus.buildings[0]
    campus.buildings = (replace(hall, rooms=(EmsRoom(1, "Secret", is_public=False),)),)
    with pytest.raises(SourceError) as caught:
        await reader.read()
    assert caught.value.kind == "empty for everybody"


async def test_a_day_without_bookings_is_free_where_others_have_some(reader, campus):
    campus.bookings = [lecture(103, 9, 10, WEEK[3])]
    result = await reader.read(WEEK)
    assert not any(result.failures.values())
    assert result.days[TUESDAY]["103"].bookings == ()


async def test_no_booking_on_any_day_is_not_believed(reader, campus):
    campus.bookings = []
    with pytest.raises(SourceError) as caught:
        await reader.read(WEEK)
    assert caught.value.kind == "empty for everybody"


async def test_no_booking_while_all_is_closed_is_believed(reader, campus):
    campus.bookings = []
    for day in (TUESDAY - DAY, TUESDAY):
        campus.hours[HALL, day] = campus.hours[LOFT, day] = None
    result = await reader.read()
    assert result.days[TUESDAY]["103"].closures == (span(0, 24),)


async def test_answers_about_another_day_are_refused(reader, campus, ems):
    wrong = lecture(103, 9, 10, TUESDAY + 5 * DAY)

    def stuck(answer):
        for row in answer["Bookings"]:
            for key in ("BookingGMTStart", "BookingGMTEnd", "TimeBookingStart", "TimeBookingEnd"):
                row[key] = wrong.start.date().isoformat() + row[key][10:]
        return answer

    ems.mutations[BOOKINGS] = stuck
    with pytest.raises(SourceFormatError, match="not understood"):
        await reader.read()


async def test_clocks_of_another_zone_are_refused(reader, ems):
    with pytest.raises(SourceError) as caught:
        await reader.read(campus=bot_campus(ems.url, zone="America/Denver"))
    assert caught.value.kind == "another time zone"


async def test_times_that_contradict_each_other_are_unknown(reader, campus, ems):
    campus.bookings = [lecture(103, 9, 11)]

    def an_hour_off(answer):
        for row in answer["Bookings"]:
            for key in ("BookingGMTStart", "BookingGMTEnd"):
                row[key] = row[key].replace("T14", "T15").replace("T16", "T17")
        return answer

    ems.mutations[BOOKINGS] = an_hour_off
    day = await room_day(reader, 103)
    assert day.bookings == (span(10, 11),)
    assert day.known == (span(0, 9), span(10, 11), span(12, 24))


async def test_a_booking_without_times_makes_its_day_and_the_next_unknown(reader, campus, ems):
    campus.bookings = [lecture(103, 9, 10), lecture(104, 9, 10), lecture(104, 9, 10, WEEK[2])]

    def spoiled(answer):
        for row in answer["Bookings"]:
            if row["RoomId"] == 103:
                row["BookingGMTEnd"] = row["TimeBookingEnd"] = "soon"
        return answer

    ems.mutations[BOOKINGS] = spoiled
    result = await reader.read(WEEK[:3])
    assert kinds(result, TUESDAY) == kinds(result, WEEK[1]) == {"103": "not understood"}
    assert not result.failures[WEEK[2]]


@pytest.mark.parametrize("spoiled", [{"RoomId": 103}, {"RoomId": 103, "TimeBookingStart": []}])
async def test_one_faulty_booking_costs_its_room_alone(reader, ems, spoiled):
    def with_faulty(answer):
        answer["Bookings"].append(spoiled)
        return answer

    ems.mutations[BOOKINGS] = with_faulty
    result = await reader.read()
    assert kinds(result, TUESDAY) == {"103": "not understood"}
    assert result.days[TUESDAY]["101"].bookings == (span(9, 10),)


async def test_progress_ends_with_all_rooms(reader):
    await reader.read(WEEK)
    assert reader.progress[-1] == (8, 8)
    done = [each for each, _ in reader.progress]
    assert done == sorted(done)


async def test_one_question_a_day_is_asked_and_the_asker_is_named(reader, ems):
    await reader.read(WEEK)
    assert ems.page_count == 1
    assert sorted(ems.requested) == [
        *((BOOKINGS, day) for day in [TUESDAY - DAY, *WEEK]),
        (ROOMS, TUESDAY),
    ]
    assert ems.max_in_flight == 1
    assert all("EmptyClassroom" in each for each in ems.user_agents)


async def test_an_older_ems_is_asked_where_it_has_its_methods():
    async with (
        FakeEms(small_campus(lecture(103, 9, 10)), is_new=False) as server,
        aiohttp.ClientSession() as session,
    ):
        result = await EmsReader(session, server).read()
    assert result.days[TUESDAY]["103"].bookings == (span(9, 10),)


def test_the_campus_is_the_bots(campus: FixedCampus):
    assert {room.id for each in campus.buildings for room in each.rooms} == {
        int(room.id) for room in bot_campus("http://127.0.0.1:1").rooms
    }
