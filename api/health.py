"""Health: whether the process is alive, and whether it has all that answers need."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.data.coordinator import CampusCoordinator
from core.model.gateway import GatewayStatus
from core.store import Store

_MAX_AWAY = timedelta(minutes=5)
"""A gateway that stays away for longer may come back with a restart."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """What is missing: `problems` make the process unready, `warnings` concern a part of it."""

    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    gateway: GatewayStatus

    def to_json(self) -> dict[str, Any]:
        """Return it for a client."""
        return {
            "status": "degraded" if self.warnings else "ok",
            "warnings": list(self.warnings),
            "shards": [
                {"id": shard.id, "connected": shard.is_connected} for shard in self.gateway.shards
            ],
        }


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """Checks the parts of the process; no sentence names a server of Discord."""

    coordinators: Mapping[str, CampusCoordinator]
    store: Store
    gateway: Callable[[], GatewayStatus]
    now: Callable[[], datetime]

    def liveness_problem(self) -> str | None:
        """Return why a restart may help, None where it would not.

        A booking site or a store that is away is no reason: the bot answers from memory.
        """
        away_since = self.gateway().away_since
        if away_since is None or self.now() - away_since < _MAX_AWAY:
            return None
        minutes = (self.now() - away_since) // timedelta(minutes=1)
        return f"Discord has not been connected for {minutes} minutes"

    async def readiness(self) -> Readiness:
        """Return what is missing of data, store and Discord."""
        gateway = self.gateway()
        problems = [
            f"nothing is known of today at {coordinator.campus.id}"
            for coordinator in self.coordinators.values()
            if await coordinator.stored_day(coordinator.campus.local_date(self.now())) is None
        ]
        if not self.store.is_up:
            problems.append("the store does not answer")
        warnings: list[str] = []
        if gateway.away_since is not None:
            problems.append("Discord is not connected")
        elif gateway.away:
            # At the start a shard that is not in yet; later its servers alone are concerned.
            away = warnings if gateway.was_complete else problems
            away.append(f"Discord: {_shards(gateway.away)} of {len(gateway.shards)} not connected")
        return Readiness(tuple(problems), tuple(warnings), gateway)


def _shards(ids: list[int]) -> str:
    return f"shard{'s' if len(ids) > 1 else ''} {', '.join(map(str, ids))}"
