"""What a sample counts, and when samples make an hour."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from core.availability.campus_day import build_campus_day
from core.model.bookings import RoomDay, Snapshot
from core.model.calendar import DAY
from core.model.interval import Interval
from core.model.occupancy import OccupancyCount, OccupancySample
from core.trends.samples import (
    SAMPLE_INTERVAL,
    count_for,
    floor_to_hour,
    floor_to_slot,
    hourly_means,
    take_sample,
)
from tests.fakes import NEW_YORK, TUESDAY, at, between, make_campus

KNOWN = Interval(at("00:00"), at("00:00", TUESDAY + DAY))


def day_of(campus, bookings, *, unknown=()):
    rooms = {
        room.id: RoomDay((KNOWN,), tuple(bookings.get(room.id, ())), (), at("06:30"))
        for room in campus.rooms
        if room.id not in unknown
    }
    snapshot = Snapshot(campus.id, TUESDAY, at("06:30"), rooms)
    return {TUESDAY: build_campus_day(campus, snapshot, min_gap=timedelta(minutes=28))}


def test_a_sample_counts_free_rooms_among_the_known_and_the_unknown_apart():
    campus = make_campus(6)
    days = day_of(campus, {"101": [between("09:00", "11:00")]}, unknown=("201", "202"))
    taken = take_sample(campus, days, at("10:00"))
    assert taken == OccupancySample(
        at("10:00"), {"CAS": OccupancyCount(2, 3, 0), "CGS": OccupancyCount(1, 1, 2)}
    )


def test_of_a_day_that_is_not_known_all_rooms_are_unknown():
    taken = take_sample(make_campus(6), {}, at("10:00"))
    assert taken.counts == {"CAS": OccupancyCount(0, 0, 3), "CGS": OccupancyCount(0, 0, 3)}
    assert taken.counts["CAS"].free_share is None


@pytest.mark.parametrize(
    ("clock", "open_"), [("06:59", 0), ("07:00", 2), ("22:59", 2), ("23:00", 0)]
)
def test_closed_buildings_are_absent(clock, open_):
    assert len(take_sample(make_campus(6), {}, at(clock)).counts) == open_


def test_a_slot_begins_every_five_minutes():
    assert floor_to_slot(at("10:04") + timedelta(seconds=59)) == at("10:00")
    assert floor_to_slot(at("10:05")) == at("10:05")


def test_hours_are_those_of_the_clock_on_campus():
    kathmandu = ZoneInfo("Asia/Kathmandu")
    moment = at("10:14", zone=kathmandu)
    assert floor_to_hour(moment, kathmandu) == at("10:00", zone=kathmandu)
    assert floor_to_hour(moment, NEW_YORK) != floor_to_hour(moment, kathmandu)


def samples(start, free, *, code="CAS"):
    return [
        OccupancySample(start + SAMPLE_INTERVAL * n, {code: OccupancyCount(f, 20, 1)})
        for n, f in enumerate(free)
    ]


def test_the_mean_of_an_hour_is_that_of_its_samples():
    taken = samples(at("10:00"), [10] * 6 + [13] * 6 + [4] * 12)
    assert hourly_means(taken, NEW_YORK) == [
        OccupancySample(at("10:00"), {"CAS": OccupancyCount(11.5, 20, 1)}),
        OccupancySample(at("11:00"), {"CAS": OccupancyCount(4, 20, 1)}),
    ]


@pytest.mark.parametrize(("number", "codes"), [(5, []), (6, ["CAS"])])
def test_an_hour_needs_half_of_its_samples(number, codes):
    [hour] = hourly_means(samples(at("10:30"), [1] * number), NEW_YORK)
    assert list(hour.counts) == codes


def test_all_buildings_together_are_summed():
    both = OccupancySample(
        at("10:00"), {"CAS": OccupancyCount(2, 3, 0), "CGS": OccupancyCount(1, 1, 2)}
    )
    assert count_for(both, None) == OccupancyCount(3, 4, 2)
    assert count_for(both, "CGS") == OccupancyCount(1, 1, 2)
    assert count_for(both, "XXX") is None
    assert count_for(OccupancySample(at("10:00"), {}), None) is None
