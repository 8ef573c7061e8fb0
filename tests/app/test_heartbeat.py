"""How long the gateway takes to acknowledge a heartbeat."""

import asyncio
import threading
import time

import discord
import pytest
from discord.gateway import KeepAliveHandler

from app.heartbeat import MeasuredKeepAlive, measure_heartbeats
from tests.fakes import eventually

BEAT = 0.2


class QuickGateway:
    """A connection whose heartbeats are acknowledged before their sending has returned."""

    HEARTBEAT = 1
    sequence = None
    _max_heartbeat_timeout = 60.0

    def __init__(self, kind):
        self.loop = asyncio.get_running_loop()
        self.thread_id = threading.get_ident()
        self.keep_alive = kind(ws=self, interval=BEAT, shard_id=0)
        self.latencies = []

    async def send_heartbeat(self, _payload):
        self.keep_alive.ack()
        self.latencies.append(self.keep_alive.latency)
        # The thread that sends wakes up later than the answer comes.
        await asyncio.sleep(0.01)


@pytest.fixture
def latencies():
    """Return a function that sends two heartbeats and gives what each is said to have taken."""

    async def measured(kind):
        gateway = QuickGateway(kind)
        gateway.keep_alive.start()
        await eventually(lambda: len(gateway.latencies) >= 2)
        gateway.keep_alive.stop()
        await asyncio.to_thread(gateway.keep_alive.join)
        return gateway.latencies

    return measured


async def test_a_heartbeat_that_is_answered_at_once_takes_no_time(latencies):
    assert all(0 <= each < BEAT / 2 for each in await latencies(MeasuredKeepAlive))


async def test_the_library_would_count_from_the_heartbeat_before(latencies):
    """Should this fail after an update of discord.py, `MeasuredKeepAlive` is not needed."""
    assert max(await latencies(KeepAliveHandler)) >= BEAT * 0.9


def test_discord_py_sends_measured_heartbeats(monkeypatch):
    monkeypatch.setattr(discord.gateway, "KeepAliveHandler", KeepAliveHandler)
    measure_heartbeats()
    assert discord.gateway.KeepAliveHandler is MeasuredKeepAlive


async def test_an_answer_to_a_heartbeat_that_discord_asked_for_counts_from_it():
    gateway = QuickGateway(MeasuredKeepAlive)
    gateway.keep_alive._last_send = time.perf_counter() - 40
    gateway.keep_alive.beat()
    gateway.keep_alive.ack()
    assert gateway.keep_alive.latency < 1
