"""Whether everything is there that answers need, and what is not."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cogs.ui.campus_context import CampusRegistry
from core.store import Store


@dataclass(frozen=True, slots=True)
class ReadinessCheck:
    """Asks the parts how they do."""

    registry: CampusRegistry
    store: Store
    gateway_latency: Callable[[], float]
    now: Callable[[], datetime]

    async def problems(self) -> list[str]:
        """Return what is not there, in words that may be told to anybody; empty if all is."""
        found = [
            f"nothing is known of today at {schedule.campus.id}"
            for schedule in self.registry.coordinators.values()
            if await schedule.stored_day(schedule.campus.local_date(self.now())) is None
        ]
        if not self.store.is_up:
            found.append("the store does not answer")
        if not math.isfinite(self.gateway_latency()):
            found.append("Discord is not connected")
        return found
