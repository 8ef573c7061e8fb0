"""Requests that Discord calls invalid are counted, and too many of them make posts wait."""

import logging
from unittest.mock import create_autospec

import aiohttp
import discord
import pytest

from cogs.digest.invalid_request_guard import MAX_INVALID_REQUESTS, InvalidRequestGuard
from tests.fakes import Clock, at


@pytest.fixture
def clock():
    return Clock(at("07:30"))


@pytest.fixture
def invalid(clock):
    return InvalidRequestGuard(now=clock, limit=3)


def refused(status):
    return discord.HTTPException(
        create_autospec(aiohttp.ClientResponse, status=status, reason="refused"), "no"
    )


def note(invalid, *statuses):
    for status in statuses:
        invalid.record(refused(status))


def test_as_many_as_allowed_make_posts_wait_until_they_are_ten_minutes_past(invalid, clock):
    note(invalid, 403, 401)
    assert not invalid.is_exhausted
    clock.forward(minutes=4)
    note(invalid, 429)
    assert invalid.is_exhausted
    clock.forward(minutes=5, seconds=59)
    assert invalid.is_exhausted
    clock.forward(seconds=1)
    assert not invalid.is_exhausted


def test_what_discord_does_not_count_is_not_counted(invalid):
    note(invalid, 400, 404, 500, 503, 404, 400)
    invalid.record(OSError("reset"))
    assert not invalid.is_exhausted


def test_a_clock_that_was_set_back_does_not_make_posts_wait_for_ever(invalid, clock):
    note(invalid, 403, 403, 403)
    clock.forward(hours=-3)
    assert not invalid.is_exhausted


def test_beginning_and_end_are_logged_once_each(invalid, clock, caplog):
    caplog.set_level(logging.INFO)
    note(invalid, 403, 403, 403)
    assert [invalid.is_exhausted for _ in range(5)] == [True] * 5
    clock.forward(minutes=10)
    assert [invalid.is_exhausted for _ in range(5)] == [False] * 5
    assert [each.levelname for each in caplog.records] == ["WARNING", "INFO"]


def test_it_ends_well_below_what_discord_allows():
    assert MAX_INVALID_REQUESTS <= 10_000 / 4
