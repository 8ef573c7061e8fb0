"""Heartbeats of the gateway, with a latency that is measured from before they are sent.

discord.py notes when it has sent a heartbeat after the fact. Where Discord acknowledges sooner,
the latency counts from the heartbeat before: some 41 seconds.
"""

import time
from typing import Any

import discord
from discord.gateway import KeepAliveHandler


class MeasuredKeepAlive(KeepAliveHandler):
    """Sends the heartbeats of a shard, and notes each before it leaves."""

    def get_payload(self) -> dict[str, Any]:
        """Return the next heartbeat, which is sent at once."""
        self._last_send = time.perf_counter()
        return super().get_payload()


def measure_heartbeats() -> None:
    """Make discord.py measure its heartbeats so; a class of it that is pinned for it."""
    discord.gateway.KeepAliveHandler = MeasuredKeepAlive  # type: ignore[misc]  # no hook for it
