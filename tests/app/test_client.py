"""What the connection to Discord keeps, and what it leaves undone."""

import pytest
from discord.http import Ratelimit

from app.client import Bot
from core.metrics import Metrics


@pytest.fixture
async def bot(store):
    async with Bot(store, Metrics()) as bot:
        yield bot


def fill(bot, name):
    """Add rate limits of so many channels that discord.py looks for unused ones."""
    for number in range(300):
        bot.http._buckets[f"{name} {number}"] = Ratelimit(None)
        bot.http._buckets[f"{name} {number}"]._last_request -= 3600


async def test_unused_rate_limits_are_not_looked_for_at_each_new_channel(bot):
    fill(bot, "first")
    bot.http.get_ratelimit("new")
    assert "first 0" not in bot.http._buckets
    fill(bot, "second")
    bot.http.get_ratelimit("newer")
    assert "second 0" in bot.http._buckets
