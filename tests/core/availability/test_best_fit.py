"""Best fit: rooms of about the size asked for first, spread over the buildings."""

from hypothesis import given
from hypothesis import strategies as st

from core.availability.best_fit import best_fit_order
from core.availability.gap_index import FreeRoom
from core.model.campus import Room
from tests.fakes import between


def free(name, building, end, seats=None):
    return FreeRoom(Room(name, name, building, seats), between("10:00", end), None)


def names(rooms, capacity=None):
    return [each.room.name for each in best_fit_order(rooms, capacity)]


def test_each_building_s_longest_comes_before_anybody_s_second():
    rooms = [
        free("A1", "A", "20:00"),
        free("A2", "A", "19:00"),
        free("B1", "B", "18:00"),
        free("A3", "A", "17:00"),
        free("B2", "B", "16:00"),
    ]
    assert names(rooms) == ["A1", "B1", "A2", "B2", "A3"]


def test_rooms_of_up_to_twice_the_seats_come_first_and_the_largest_last():
    rooms = [
        free("hall", "A", "20:00", 500),
        free("large", "A", "19:00", 41),
        free("fits", "A", "18:00", 40),
        free("exact", "A", "17:00", 20),
        free("larger", "A", "16:00", 80),
        free("huge", "A", "15:00", 81),
    ]
    assert names(rooms, 20) == ["fits", "exact", "large", "larger", "hall", "huge"]


@given(
    rooms=st.lists(st.tuples(st.sampled_from("ABC"), st.integers(11, 23), st.integers(1, 200))),
    capacity=st.none() | st.integers(1, 100),
)
def test_every_room_is_offered_once(rooms, capacity):
    ends = sorted(rooms, key=lambda each: -each[1])
    given_ = [free(str(n), code, f"{end}:00", seats) for n, (code, end, seats) in enumerate(ends)]
    assert sorted(names(given_, capacity)) == sorted(each.room.name for each in given_)
