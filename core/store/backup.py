"""Backup: what cannot be had again from elsewhere, as JSON, and its way back into Redis.

Settings of digests, choices of campuses, and counts of free rooms; no bookings, which are read
again, and no deliveries, which are over in three days.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core import VERSION
from core.errors import StartError
from core.model.digest import DigestSettings
from core.model.interval import Interval
from core.model.occupancy import OccupancyCount, OccupancySample
from core.store.codec import decode_record, encode_record
from core.store.samples import HOUR_RETENTION, SAMPLE_RETENTION
from core.store.store import Store

SCHEMA = 1
"""Counts up when a field changes its meaning; an older version reads no newer file."""

_Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many records of each kind an import changed."""

    digests: int
    choices: int
    counts: int


async def export_backup(store: Store, campuses: Iterable[str], at: datetime) -> bytes:
    """Return the backup of a store.

    Raises:
        StoreUnavailableError: Redis does not answer.
    """
    digests = sorted(await store.all_settings(), key=lambda each: each.guild_id)
    choices = (await store.all_preferences()).campuses
    content = {
        "schema": SCHEMA,
        "version": VERSION,
        "exported_at": at.astimezone(UTC).isoformat(timespec="seconds"),
        "digests": [json.loads(encode_record(each)) for each in digests],
        "choices": dict(sorted(choices.items())),
        "counts": {campus: await _export_counts(store, campus, at) for campus in campuses},
    }
    return json.dumps(content, indent=1).encode() + b"\n"


async def _export_counts(store: Store, campus: str, at: datetime) -> _Json:
    history = await store.history(
        campus,
        samples=Interval(at - SAMPLE_RETENTION, at + timedelta(days=1)),
        hours=[Interval(at - HOUR_RETENTION, at + timedelta(days=1))],
    )
    return {
        "samples": [_sample_to_json(each) for each in history.samples],
        "hours": [_sample_to_json(each) for each in history.hours],
    }


async def import_backup(store: Store, text: bytes, *, now: Callable[[], datetime]) -> ImportResult:
    """Store what a backup holds, in place of what is there; twice is as good as once.

    Counts that are older than those at hand cannot be put before them and are left out.

    Raises:
        StartError: it is no backup, or that of a newer version.
        StoreUnavailableError: Redis does not answer.
    """
    content = _parse(text)
    try:
        digests = [
            decode_record(DigestSettings, json.dumps(each).encode()) for each in content["digests"]
        ]
        choices = {str(owner): str(campus) for owner, campus in content["choices"].items()}
        counts = {
            str(campus): {kind: [_sample_from_json(each) for each in kept[kind]] for kind in _KINDS}
            for campus, kept in content["counts"].items()
        }
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as err:
        raise StartError(f"the backup is damaged: {type(err).__name__} in its content") from err
    return ImportResult(
        digests=await _import_digests(store, digests),
        choices=await _import_choices(store, choices),
        counts=sum([await _import_counts(store, *each, now()) for each in counts.items()]),
    )


async def _import_digests(store: Store, digests: Iterable[DigestSettings]) -> int:
    known = {each.guild_id: each for each in await store.all_settings()}
    changed = [each for each in digests if known.get(each.guild_id) != each]
    for each in changed:
        await store.save_settings(each)
    return len(changed)


async def _import_choices(store: Store, choices: Mapping[str, str]) -> int:
    known = (await store.all_preferences()).campuses
    changed = {owner: campus for owner, campus in choices.items() if known.get(owner) != campus}
    for owner, campus in changed.items():
        await store.set_preference(owner, campus)
    return len(changed)


async def _import_counts(
    store: Store, campus: str, counts: Mapping[str, list[OccupancySample]], at: datetime
) -> int:
    added = 0
    for kind, add, retention in (
        ("samples", store.add_sample, SAMPLE_RETENTION),
        ("hours", store.add_hour, HOUR_RETENTION),
    ):
        for each in counts[kind]:
            if each.counts and each.at > at - retention:
                added += await add(campus, each)
    return added


_KINDS = ("samples", "hours")


def _parse(text: bytes) -> _Json:
    try:
        content = json.loads(text)
        schema = content["schema"]
    except (ValueError, KeyError, TypeError) as err:
        raise StartError("this is no backup of the bot") from err
    if not isinstance(schema, int) or schema > SCHEMA:
        raise StartError(f"the backup has schema {schema}; this version reads {SCHEMA} at most")
    return dict(content)


def _sample_to_json(sample: OccupancySample) -> _Json:
    counts = {
        code: [count.free, count.known, count.unknown] for code, count in sample.counts.items()
    }
    return {"at": sample.at.astimezone(UTC).isoformat(), "counts": counts}


def _sample_from_json(value: _Json) -> OccupancySample:
    counts = {
        str(code): OccupancyCount(*map(float, numbers)) for code, numbers in value["counts"].items()
    }
    return OccupancySample(datetime.fromisoformat(value["at"]).astimezone(UTC), counts)
