from hypothesis import given, settings
from hypothesis import strategies as st

from core.availability.diff import AvailabilityDiff, diff_availability
from tests import oracle
from tests.core.availability.test_queries import (
    DAY,
    READ_AT,
    at,
    campus_of,
    campuses,
    days_of,
    knowledge_of,
    known,
    moments,
    small,
)


def between(before, after, clock="12:00"):
    """What changed for one small building whose rooms were and are now so."""
    rooms = before.keys() | after.keys()
    _, then = small({each: before.get(each) for each in sorted(rooms)})
    _, now = small({each: after.get(each) for each in sorted(rooms)})
    return diff_availability(then[DAY], now[DAY], at(clock))


FREE, BUSY = known(), known(("11:00", "13:00"))


def ids(found):
    return [each.room.id for each in found]


def test_without_an_earlier_state_nothing_has_changed():
    _, days = small({"116": FREE})
    assert diff_availability(None, days[DAY], at("12:00")) == AvailabilityDiff()


def test_same_data_is_no_change():
    assert (
        between({"116": FREE, "201": BUSY, "203": None}, {"116": FREE, "201": BUSY})
        == AvailabilityDiff()
    )


def test_room_whose_booking_is_gone_is_newly_free():
    [found] = between({"116": BUSY}, {"116": FREE}).newly_free
    assert (found.room.id, found.gap.end, found.carried_over_from) == ("116", at("23:00"), None)


def test_room_with_a_new_booking_is_newly_busy_until_its_next_gap():
    [found] = between({"116": FREE}, {"116": BUSY}).newly_busy
    assert (found.room.id, found.next_free_at) == ("116", at("13:00"))


def test_room_busy_for_the_rest_of_the_day_has_no_end():
    [found] = between({"116": FREE}, {"116": known(("11:00", "23:00"))}).newly_busy
    assert found.next_free_at is None


def test_room_whose_data_is_gone_is_newly_unknown_not_busy():
    found = between({"116": FREE, "201": BUSY}, {})
    assert [each.id for each in found.newly_unknown] == ["116", "201"]
    assert (found.newly_busy, found.newly_free) == ((), ())


def test_room_that_is_known_again_and_busy_is_newly_known():
    found = between({"116": None}, {"116": BUSY})
    assert [each.id for each in found.newly_known] == ["116"]
    assert found.newly_busy == ()


def test_room_that_is_known_again_and_free_is_newly_free():
    found = between({"116": None}, {"116": FREE})
    assert ids(found.newly_free) == ["116"]
    assert found.newly_known == ()


def test_change_at_another_time_of_the_day_is_none_now():
    assert between({"116": FREE}, {"116": BUSY}, "10:59") == AvailabilityDiff()
    assert between({"116": FREE}, {"116": BUSY}, "13:00") == AvailabilityDiff()


def test_change_after_closing_is_none():
    assert between({"116": FREE}, {"116": BUSY}, "23:00") == AvailabilityDiff()


def test_nested_booking_that_is_gone_is_no_change():
    around = known(("09:00", "13:00"))
    assert between({"116": known(("09:00", "13:00"), ("11:30", "12:30"))}, {"116": around}) == (
        AvailabilityDiff()
    )


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_changes_are_what_the_minutes_say(data):
    before, day = data.draw(campuses(days_missing=False))
    buildings = list(before.buildings.values())
    knowledge = data.draw(knowledge_of(before.zone, buildings, [day], days_missing=False))
    after = oracle.Oracle(before.zone, buildings, knowledge, min_gap=before.min_gap)
    campus = campus_of(before)
    moment = data.draw(moments(before.zone, day))
    then, now = (days_of(each, campus, attempted_at=READ_AT)[day] for each in (before, after))
    found = diff_availability(then, now, moment)
    told = [ids(found.newly_free), ids(found.newly_busy)]
    told += [
        [each.id for each in rooms]
        for rooms in (found.newly_closed, found.newly_known, found.newly_unknown)
    ]
    assert told == moved(before, after, day, moment)
    for each in found.newly_busy:
        gaps = after.gaps(each.room.building, each.room.id, day)
        assert each.next_free_at == next((start for start, _ in gaps if start > moment), None)


def moved(before, after, day, moment):
    """Newly free, busy, closed, known and unknown rooms, as the oracle has them."""
    free, closed, unknown = oracle.What.FREE, oracle.What.CLOSED, oracle.What.UNKNOWN
    found: list[list[str]] = [[], [], [], [], []]
    for code, building in after.buildings.items():
        for room in building.rooms:
            was, now = (each.what(code, room.id, day, moment) for each in (before, after))
            if was is now:
                continue
            kinds = [now is free, False, now is closed, False, now is unknown]
            kinds[1] = was is free and not any(kinds)
            kinds[3] = was is unknown and not any(kinds)
            if any(kinds):
                found[kinds.index(True)].append(room.id)
    return found
