"""The orders of gaps answer as looking at every gap does."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.availability.gap_index import FreeRoom, build_gap_index
from core.model.campus import Room
from core.model.interval import Interval

START = datetime(2026, 3, 3, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def gap_of(room, first, last):
    return FreeRoom(room, Interval(START + first * MINUTE, START + last * MINUTE), None)


@st.composite
def days(draw):
    """A few rooms, each with gaps that are apart from each other, in the campus's order."""
    found = []
    for number in range(draw(st.integers(0, 5))):
        room = Room(str(number), str(number), "CAS")
        edges = sorted(draw(st.lists(st.integers(0, 24), unique=True, max_size=8)))
        found += [gap_of(room, *each) for each in zip(edges[::2], edges[1::2], strict=False)]
    return found


@given(gaps=days(), minute=st.integers(-1, 25))
def test_rooms_free_at_a_moment_are_told_longest_first(gaps, minute):
    moment, openings = START + minute * MINUTE, build_gap_index(gaps)
    expected = [each for each in gaps if moment in each.gap]
    expected.sort(key=lambda each: each.gap.end, reverse=True)
    assert openings.free_at(moment) == expected
    assert openings.count_free_at(moment) == len(expected)


@given(gaps=days(), minute=st.integers(-1, 25), least=st.integers(1, 9), but=st.sets(st.just("0")))
def test_next_gaps_are_told_first_to_open_first_and_of_those_the_longest(gaps, minute, least, but):
    moment, at_least = START + minute * MINUTE, least * MINUTE
    expected: dict[str, FreeRoom] = {}
    for each in gaps:
        if each.gap.start > moment and each.gap.duration >= at_least and each.room.id not in but:
            expected.setdefault(each.room.id, each)
    first = sorted(expected.values(), key=lambda each: (each.gap.start, -each.gap.end.timestamp()))
    openings = build_gap_index(gaps)
    assert openings.next_gaps(moment, None, at_least=at_least, but=but) == first
    until = moment + timedelta(minutes=30)
    soon = [each for each in first if each.gap.start <= until]
    assert openings.next_gaps(moment, until, at_least=at_least, but=but) == soon
