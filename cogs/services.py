"""What the process hands every cog: each module of `cogs` takes it in its `setup`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cogs.ui.images.service import ImageService
from core.metrics import Metrics
from core.model.gateway import GatewayStatus
from core.registry import CampusRegistry
from core.settings import Settings
from core.store import Store
from core.trends.sampler import OccupancySampler


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The shared parts of a process; a cog takes from here what it needs."""

    campuses: CampusRegistry
    store: Store
    images: ImageService
    sampler: OccupancySampler
    settings: Settings
    started_at: datetime
    gateway: Callable[[], GatewayStatus]
    metrics: Metrics
    now: Callable[[], datetime]
