"""Counts interactions and what Discord answers, from discord.py's events and requests."""

import asyncio
import re
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord

from core.metrics import Metrics

_CALLBACK = re.compile(r"/interactions/(\d+)/[^/]+/callback")
_MAX_WAITING = 10_000
_ERROR_STATUS = 400

_OTHER_KINDS = {
    discord.InteractionType.autocomplete: "completion",
    discord.InteractionType.component: "component",
    discord.InteractionType.modal_submit: "modal",
}


class DiscordMetrics:
    """Measures from an interaction's arrival to the response to its callback.

    An interaction that is never answered is counted once a later one displaces it.
    """

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._waiting: dict[int, tuple[str, float]] = {}

    async def record_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Note an interaction; a listener of `on_interaction`."""
        name = _OTHER_KINDS.get(interaction.type)
        if name is None:
            name = interaction.command.qualified_name if interaction.command else "unknown"
        self._waiting[interaction.id] = (name, asyncio.get_running_loop().time())
        if len(self._waiting) > _MAX_WAITING:
            oldest, _ = self._waiting.pop(next(iter(self._waiting)))
            self._metrics.interactions.add(oldest, "unanswered")

    def trace(self) -> aiohttp.TraceConfig:
        """Return what discord.py's requests are to be followed with."""
        config = aiohttp.TraceConfig()
        config.on_request_end.append(self._record_response)
        return config

    async def _record_response(
        self,
        _session: aiohttp.ClientSession,
        _context: SimpleNamespace,
        request: aiohttp.TraceRequestEndParams,
    ) -> None:
        status = request.response.status
        if status >= _ERROR_STATUS:
            self._metrics.refused.add(str(status))
        callback = _CALLBACK.search(request.url.path)
        waiting = self._waiting.pop(int(callback[1]), None) if callback else None
        if waiting is None:
            return
        name, began = waiting
        outcome = "answered" if status < _ERROR_STATUS else f"refused {status}"
        self._metrics.interactions.add(name, outcome)
        self._metrics.answer_seconds.observe(asyncio.get_running_loop().time() - began)
