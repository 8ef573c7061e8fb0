"""How a reading is joined with what was known before."""

from datetime import timedelta

from core.data.merge import MASS_DELETION, merge_reading
from core.errors import SourceUnavailableError
from core.model.bookings import RoomDay, Snapshot
from core.model.calendar import DAY
from core.sources.base import ReadResult
from tests.fakes import TUESDAY, at, between, make_campus

CAMPUS = make_campus(20)
ROOMS = [room.id for room in CAMPUS.rooms]
EARLIER, NOW = at("08:00"), at("10:00")
FAILED = SourceUnavailableError("timed out")


def room(*bookings, closures=(), read_at=NOW):
    return RoomDay((between("00:00", "23:59"),), tuple(bookings), tuple(closures), read_at)


def result(days, failures=None):
    return ReadResult(days=days, failures=failures or {}, latency=timedelta())


def snapshot(rooms, day=TUESDAY):
    return {day: Snapshot("bu", day, EARLIER, rooms)}


def joined(read, before, *, confirmed=False):
    return merge_reading(CAMPUS, read, before, at=NOW, accept_mass_deletion=confirmed)


BUSY = between("09:00", "12:00")


def test_a_room_that_failed_is_kept_and_one_that_never_came_is_absent():
    read = result({TUESDAY: {"101": room()}}, {TUESDAY: {"102": FAILED, "103": FAILED}})
    before = snapshot({"101": room(BUSY, read_at=EARLIER), "102": room(BUSY, read_at=EARLIER)})
    reading = joined(read, before)
    (new,) = reading.snapshots
    assert new.attempted_at == NOW
    assert new.rooms["101"] == room()
    assert new.rooms["102"].read_at == EARLIER
    assert "103" not in new.rooms
    assert (reading.rooms_read, reading.failures) == (1, {"timed out": 2})


def test_a_room_that_left_the_campus_file_is_not_kept():
    read = result({TUESDAY: {"101": room()}})
    reading = joined(read, snapshot({"999": room(BUSY, read_at=EARLIER)}))
    assert "999" not in reading.snapshots[0].rooms


def test_a_day_of_which_nothing_arrived_stays_as_it_was():
    tomorrow = TUESDAY + DAY
    read = result(
        {TUESDAY: {"101": room()}, tomorrow: {}}, {tomorrow: dict.fromkeys(ROOMS, FAILED)}
    )
    assert [each.day for each in joined(read, {}).snapshots] == [TUESDAY]


def test_rooms_that_empty_with_most_others_keep_their_bookings():
    before = snapshot({id_: room(BUSY, read_at=EARLIER) for id_ in ROOMS})
    emptied = ROOMS[:11]
    read = result({TUESDAY: {id_: room() if id_ in emptied else room(BUSY) for id_ in ROOMS}})
    reading = joined(read, before)
    assert reading.failures == {MASS_DELETION: 11}
    assert reading.rooms_read == 9
    assert all(reading.snapshots[0].rooms[id_].bookings == (BUSY,) for id_ in emptied)
    assert joined(read, before, confirmed=True).rooms_read == 20


def test_days_to_come_that_empty_are_doubted_though_today_has_little_on():
    """On a Sunday: from the first day on that lost its bookings, all stays as it was known."""
    days = [TUESDAY + DAY * ahead for ahead in range(3)]
    before = {
        day: Snapshot("bu", day, EARLIER, {id_: room(BUSY, read_at=EARLIER) for id_ in ROOMS})
        for day in days[1:]
    }
    read = result({day: {id_: room() for id_ in ROOMS} for day in days})
    reading = merge_reading(CAMPUS, read, before, at=NOW, accept_mass_deletion=False)
    assert [each.day for each in reading.snapshots] == [TUESDAY]
    assert reading.mass_deletion_suspected
    assert reading.failures == {}
    believed = merge_reading(CAMPUS, read, before, at=NOW, accept_mass_deletion=True)
    assert [each.day for each in believed.snapshots] == days
    assert not believed.mass_deletion_suspected


def test_fewer_than_half_may_empty():
    before = snapshot({id_: room(BUSY, read_at=EARLIER) for id_ in ROOMS})
    read = result({TUESDAY: {id_: room() if id_ in ROOMS[:10] else room(BUSY) for id_ in ROOMS}})
    assert joined(read, before).failures == {}


def test_a_blackout_in_place_of_bookings_is_no_emptiness():
    before = snapshot({id_: room(BUSY, read_at=EARLIER) for id_ in ROOMS})
    shut = room(closures=[between("07:00", "23:00")])
    read = result({TUESDAY: dict.fromkeys(ROOMS, shut)})
    assert joined(read, before).rooms_read == 20


def test_days_after_a_suspected_day_stay_as_they_were_even_with_few_bookings():
    """Their bookings are too few to look suspicious alone, and most likely vanished as well."""
    days = [TUESDAY, TUESDAY + DAY]
    few = {id_: room(BUSY, read_at=EARLIER) for id_ in ROOMS[:3]}
    before = {
        TUESDAY: Snapshot("bu", TUESDAY, EARLIER, {id_: room(BUSY) for id_ in ROOMS}),
        days[1]: Snapshot("bu", days[1], EARLIER, few),
    }
    reading = joined(result({day: {id_: room() for id_ in ROOMS} for day in days}), before)
    assert days[1] not in [snapshot.day for snapshot in reading.snapshots]
    assert reading.mass_deletion_suspected


def test_closures_of_a_holiday_that_vanish_at_once_are_suspected():
    shut = room(closures=[between("07:00", "23:00")], read_at=EARLIER)
    reading = joined(
        result({TUESDAY: {id_: room() for id_ in ROOMS}}), snapshot(dict.fromkeys(ROOMS, shut))
    )
    assert reading.mass_deletion_suspected
    assert reading.snapshots == ()


def test_a_later_day_that_is_doubted_in_part_stays_as_it_was():
    days = [TUESDAY, TUESDAY + DAY]
    known = {id_: room(BUSY, read_at=EARLIER) for id_ in ROOMS}
    before = {day: Snapshot("bu", day, EARLIER, known) for day in days}
    half_empty = {id_: room() if id_ in ROOMS[:12] else room(BUSY) for id_ in ROOMS}
    reading = joined(
        result({TUESDAY: {id_: room(BUSY) for id_ in ROOMS}, days[1]: half_empty}), before
    )
    assert [each.day for each in reading.snapshots] == [TUESDAY]
    assert reading.mass_deletion_suspected
    assert reading.rooms_read == 20
