"""When the next digest of a guild comes, from its settings and from what was posted today."""

from datetime import datetime

from core.digests.schedule import next_due_at
from core.model.campus import Campus
from core.model.digest import DigestSettings
from core.registry import CampusRegistry
from core.store import Store


async def next_digest_at(
    settings: DigestSettings, campus: Campus, store: Store, *, now: datetime
) -> datetime:
    """Return when the next digest comes: one a day, also where it is set again for later.

    Raises:
        StoreUnavailableError: Redis does not tell what was posted.
    """
    first = next_due_at(settings, campus, now)
    done = await store.delivery(campus.id, campus.local_date(first), settings.channel_id)
    return next_due_at(settings, campus, first) if done else first


async def next_digest_of_guild(
    guild_id: int, campuses: CampusRegistry, store: Store, *, now: datetime
) -> datetime | None:
    """Return when the next digest of a guild comes, None where none is set or it is off.

    Raises:
        StoreUnavailableError: Redis does not tell the settings.
    """
    settings = await store.get_settings(guild_id)
    if settings is None or settings.disabled_since:
        return None
    coordinator = campuses.coordinators.get(settings.campus_id)
    if coordinator is None:
        return None
    return await next_digest_at(settings, coordinator.campus, store, now=now)
