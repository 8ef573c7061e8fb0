"""Limits per client, by a clock that is set by hand."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import HttpError
from api.rate_limit import RateLimiter

SECOND = 1_000_000_000
MINUTE = 60 * SECOND


class Nanoseconds:
    def __init__(self):
        self.now = 1000 * SECOND

    def __call__(self):
        return self.now


def is_let_in(limit, address="10.0.0.1"):
    try:
        limit.check(SimpleNamespace(remote=address))
    except HttpError:
        return False
    return True


@given(st.integers(1, 30), st.lists(st.integers(0, 30 * SECOND), max_size=120))
def test_never_more_in_a_minute_than_twice_the_limit_and_a_patient_one_always(number, pauses):
    """All at once first, then evenly: any minute has at most what was saved and what came in."""
    clock = Nanoseconds()
    limit = RateLimiter(number, clock=clock)
    let_in = []
    for pause in pauses:
        clock.now += pause
        if is_let_in(limit):
            let_in.append(clock.now)
        else:
            assert [each for each in let_in if each > clock.now - MINUTE]
    for each in let_in:
        assert len([one for one in let_in if each <= one < each + MINUTE]) <= 2 * number
    clock.now += MINUTE
    assert is_let_in(limit)


def test_all_at_once_are_as_many_as_in_a_minute():
    limit = RateLimiter(5, clock=Nanoseconds())
    assert [is_let_in(limit) for _ in range(7)] == [True] * 5 + [False] * 2


def test_who_was_refused_waits_no_longer_for_having_asked():
    clock = Nanoseconds()
    limit = RateLimiter(6, clock=clock)
    for _ in range(50):
        is_let_in(limit)
    clock.now += 10 * SECOND
    assert is_let_in(limit)


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        ("10.0.0.1", "10.0.0.2", False),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("not:an:address", "not:another", False),
    ],
)
def test_who_is_one_client(one, other, are_same):
    limit = RateLimiter(1, clock=Nanoseconds())
    assert is_let_in(limit, one)
    assert is_let_in(limit, other) is not are_same


def test_the_table_is_bounded():
    limit = RateLimiter(1, clock=Nanoseconds(), max_clients=10)
    for number in range(100):
        is_let_in(limit, f"10.0.0.{number}")
    assert len(limit._theoretical_arrival) == 10


def test_no_limit_counts_nothing():
    limit = RateLimiter(0, clock=Nanoseconds())
    assert all(is_let_in(limit) for _ in range(1000))
    assert not limit._theoretical_arrival
