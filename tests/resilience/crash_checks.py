"""What must hold after each death, and in the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from core.data.refresher import LEASE
from core.model.bookings import Snapshot
from core.model.refresh import RefreshAttempt
from core.store.codec import decode_record
from core.store.keys import cooldown_key, day_key, last_attempt_key, refresh_lock_key
from core.store.snapshot_codec import decode_snapshot
from tests.resilience.crash_environment import DAYS, READ_BEFORE, Place, Scene, booking
from tests.resilience.crash_runner import wait_for


@dataclass(frozen=True)
class Look:
    """What is stored of a campus at one moment; `lease` is None without a lock, -1 for ever."""

    days: Mapping[date, Snapshot]
    last: RefreshAttempt
    is_cooling: bool
    lease: int | None


async def look(scene: Scene, place: Place) -> Look:
    """Read all of it at once, as a process may be changing it."""
    campus = place.campus.id
    pipeline = scene.client.pipeline(transaction=True)
    for day in DAYS:
        pipeline.hget(day_key(campus, day), "body")
    pipeline.hget(last_attempt_key(campus), "record")
    pipeline.exists(cooldown_key(campus))
    pipeline.pttl(refresh_lock_key(campus))
    *bodies, attempt, cooling, lease = await pipeline.execute()
    days = {
        day: decode_snapshot(body, campus, day)
        for day, body in zip(DAYS, bodies, strict=True)
        if body is not None
    }
    return Look(
        days, decode_record(RefreshAttempt, attempt), bool(cooling), None if lease == -2 else lease
    )


async def check_after_death(scene: Scene, place: Place) -> None:
    """See that whoever died left nothing half done."""
    await check_after_refresh(scene, place)
    assert len(place.digests) <= 1, "a digest came twice"
    if place.digests:
        delivery = (await scene.store.deliveries(place.campus.id, DAYS[0])).get(place.channel.id)
        assert delivery is not None, "a digest was posted that nobody had claimed"


async def check_after_refresh(scene: Scene, place: Place) -> None:
    """See that the data is whole, and lock, cooldown and settings are as they should be."""
    found = await look(scene, place)
    read_at = one_reading(place, found)
    brought = read_at != READ_BEFORE
    # Who was suspended for too long gives data back to Redis that is newer than the last refresh.
    assert found.last.began_at <= read_at, "the data is older than the last refresh"
    assert found.is_cooling == brought, "a cooldown without data, or data without a cooldown"
    longest = int(LEASE.total_seconds() * 1000)
    assert found.lease is None or 0 < found.lease <= longest, f"a lock for {found.lease} ms"
    assert await scene.store.get_settings(place.settings.guild_id) == place.settings


def one_reading(place: Place, found: Look) -> datetime:
    """Return when the stored days were read; fail where they are not all of one reading."""
    assert list(found.days) == list(DAYS), "a day is lost or cannot be read"
    moments = {each.attempted_at for each in found.days.values()}
    assert len(moments) == 1, f"days of several readings: {moments}"
    (read_at,) = moments
    for day, snapshot in found.days.items():
        expected = (booking(place.campus, day, before=read_at == READ_BEFORE),)
        rooms = [snapshot.rooms.get(room.id) for room in place.campus.rooms]
        assert all(room and room.bookings == expected for room in rooms), f"{day} is torn"
        assert all(room and room.read_at == read_at for room in rooms), f"{day} is torn"
    return read_at


async def check_in_the_end(scene: Scene, place: Place) -> None:
    """See that those who live got done what was due, once."""
    await wait_for(lambda: scene.is_done(place), "what was due was never done")
    await check_after_death(scene, place)
    if scene.part == "refresh":
        await _refreshed(scene, place)
    else:
        await _posted(scene, place)


async def _refreshed(scene: Scene, place: Place) -> None:
    found = await look(scene, place)
    assert found.lease is None, "a lock is left"
    assert found.last.error is None
    assert found.last.rooms_read == found.last.rooms


async def _posted(scene: Scene, place: Place) -> None:
    assert len(place.digests) == 1, f"{len(place.digests)} digests"
    delivery = (await scene.store.deliveries(place.campus.id, DAYS[0]))[place.channel.id]
    assert delivery.state == "sent"
    assert delivery.message_id in {None, place.digests[0].id}
