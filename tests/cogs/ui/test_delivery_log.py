"""Answers that Discord does not take are told when that begins and when it is over."""

import asyncio
import logging
from unittest.mock import create_autospec

import aiohttp
import discord
import pytest

from cogs.ui.delivery_log import FailedResponseLog, is_discord_outage, is_interaction_expired


def refused(status, code=0):
    response = create_autospec(aiohttp.ClientResponse, status=status, reason="refused")
    return discord.HTTPException(response, {"message": "no", "code": code})


@pytest.mark.parametrize(
    ("error", "discords"),
    [
        (refused(500), True),
        (refused(503), True),
        (refused(429), True),
        (refused(404, 10062), True),
        (refused(400, 40060), True),
        (aiohttp.ServerDisconnectedError(), True),
        (ConnectionResetError(), True),
        (TimeoutError(), True),
        (refused(400, 50035), False),
        (refused(403, 50013), False),
        (ValueError(), False),
    ],
)
def test_a_body_that_discord_does_not_take_is_our_fault_and_its_failing_is_not(error, discords):
    assert is_discord_outage(error) is discords


def test_only_an_interaction_that_is_over_is_too_late():
    assert is_interaction_expired(refused(404, 10062))
    assert not is_interaction_expired(refused(503))


async def test_one_line_when_it_begins_and_one_when_it_is_over(caplog, monkeypatch):
    caplog.set_level(logging.INFO)
    clock = 0.0
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "time", lambda: clock)
    unshown = FailedResponseLog()
    unshown.record_success()
    refusal = refused(503)
    for _ in range(100):
        unshown.record_failure(refusal)
        unshown.record_success()
    clock = 5.5
    unshown.record_success()
    unshown.record_success()
    begins, ends = [each.getMessage() for each in caplog.records]
    assert begins.startswith("answers cannot be shown: HTTPException: 503")
    assert ends == "answers are shown again; 100 were not"
