"""Whether everything is there that answers need, and what is not."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.data.coordinator import CampusCoordinator
from core.store import Store


@dataclass(frozen=True, slots=True)
class ReadinessCheck:
    """Asks the parts how they do."""

    coordinators: Mapping[str, CampusCoordinator]
    store: Store
    gateway_latency: Callable[[], float]
    now: Callable[[], datetime]

    async def problems(self) -> list[str]:
        """Return what is not there, in words that may be told to anybody; empty if all is."""
        found = [
            f"nothing is known of today at {coordinator.campus.id}"
            for coordinator in self.coordinators.values()
            if await coordinator.stored_day(coordinator.campus.local_date(self.now())) is None
        ]
        if not self.store.is_up:
            found.append("the store does not answer")
        if not math.isfinite(self.gateway_latency()):
            found.append("Discord is not connected")
        return found
