"""The kinds of booking source: every package in `core/sources` that defines `KIND`."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import core.sources
from core.model.campus import Campus, SourceSettings
from core.sources.base import BookingSource
from core.sources.http_policy import HttpPolicy
from core.sources.kind import (
    Discovery,
    SourceConfigParser,
    SourceContext,
    SourceDescription,
    SourceKind,
)
from core.sources.priority_limiter import PriorityLimiter
from core.toml_table import TomlTable

if TYPE_CHECKING:
    import aiohttp


@cache
def source_kinds() -> Mapping[str, SourceKind[Any]]:
    """Return every kind by its name, sorted."""
    packages = [each.name for each in pkgutil.iter_modules(core.sources.__path__) if each.ispkg]
    kinds = [import_module(f"{core.sources.__name__}.{name}").KIND for name in packages]
    return {kind.name: kind for kind in sorted(kinds, key=lambda kind: str(kind.name))}


def parse_source(table: TomlTable) -> SourceConfigParser:
    """Parse `[source]`; a faulty `kind` is parsed as the first one."""
    kinds = source_kinds()
    return kinds[table.choice("kind", list(kinds))].parse_config(table)


def describe_source(settings: SourceSettings) -> SourceDescription:
    """Return what operators are shown of a source."""
    return source_kinds()[settings.kind].describe(settings)


def discoverable_kinds() -> Mapping[str, Discovery]:
    """Return how campus files are made, by the name of the kind."""
    return {name: kind.discovery for name, kind in source_kinds().items() if kind.discovery}


def create_source(
    campus: Campus,
    session: aiohttp.ClientSession,
    http_policy: HttpPolicy | None = None,
    limiter: PriorityLimiter | None = None,
) -> BookingSource:
    """Create the source that a campus file names; its requests go through `session`.

    The caller closes the session. All sources of a process share one `limiter`; a source
    without one is limited by its own concurrency alone.
    """
    context = SourceContext(session, http_policy or HttpPolicy(), limiter or PriorityLimiter())
    return source_kinds()[campus.source.kind].create(campus, campus.source, context)
