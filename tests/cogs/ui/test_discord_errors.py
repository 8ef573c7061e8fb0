"""What each error of Discord means, with the bot's token and with an interaction's."""

from unittest.mock import create_autospec

import aiohttp
import discord
import pytest

from cogs.ui.discord_errors import DiscordFailure, classify, classify_response, describe

TOO_LATE, GONE, FORBIDDEN, TRANSIENT, REJECTED = DiscordFailure


def refused(status, code=0):
    response = create_autospec(aiohttp.ClientResponse, status=status, reason="refused")
    return discord.HTTPException(response, {"message": "no", "code": code})


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (refused(500), TRANSIENT),
        (refused(503), TRANSIENT),
        (refused(429), TRANSIENT),
        (refused(408), TRANSIENT),
        (refused(401), TRANSIENT),
        (discord.RateLimited(60), TRANSIENT),
        (aiohttp.ServerDisconnectedError(), TRANSIENT),
        (ConnectionResetError(), TRANSIENT),
        (TimeoutError(), TRANSIENT),
        (refused(404, 10062), TOO_LATE),
        (refused(404, 10015), TOO_LATE),
        (refused(400, 40060), TOO_LATE),
        (refused(401, 50027), TOO_LATE),
        (refused(404, 10008), GONE),
        (refused(404, 10003), GONE),
        (refused(403, 50013), FORBIDDEN),
        (refused(403, 50001), FORBIDDEN),
        (refused(400, 50035), REJECTED),
        (ValueError(), None),
    ],
)
def test_each_error_has_one_meaning(error, failure):
    assert classify(error) is failure


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (refused(401), TOO_LATE),
        (refused(401, 50027), TOO_LATE),
        (refused(404, 10062), TOO_LATE),
        (refused(503), TRANSIENT),
        (refused(404, 10008), GONE),
        (refused(400, 50035), REJECTED),
        (ValueError(), None),
    ],
)
def test_a_401_on_an_interaction_means_that_its_token_has_run_out(error, failure):
    assert classify_response(error) is failure


def test_an_error_without_a_text_is_described_by_its_class():
    assert describe(TimeoutError()) == "TimeoutError"
    assert describe(OSError("no route")) == "OSError: no route"
