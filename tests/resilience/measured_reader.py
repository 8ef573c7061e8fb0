"""Reads a hostile source in a process of its own, whose memory can be measured.

    python -m tests.resilience.measured_reader http://127.0.0.1:1234/run rooms

prints, as JSON, the kind of failure and by how many bytes the process grew at the most.
"""

import asyncio
import json
import resource
import sys
from pathlib import Path
from typing import cast

import aiohttp

from core.errors import SourceError
from core.sources.live25.config import ReadStrategy
from core.sources.registry import create_source
from tests.core.sources.source_fixtures import AT, campus_of
from tests.recordings import FIRST_DAY


def _peak() -> int:
    """Return the most bytes that this process has had so far."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # What `getrusage` says on Linux begins with the size of the process that started this one.
    lines = status.read_text(encoding="ascii").splitlines()
    return next(int(each.split()[1]) * 1024 for each in lines if each.startswith("VmHWM"))


async def _read(url: str, way: ReadStrategy) -> str:
    # One after the other: what is measured is one answer.
    campus = campus_of(url, way, ["1", "2"], concurrency=1)
    async with aiohttp.ClientSession() as session:
        source = create_source(campus, session)
        try:
            await source.read([FIRST_DAY], at=AT, progress=lambda *_: None)
        except SourceError as err:
            return err.kind
    return "read"


if __name__ == "__main__":
    before = _peak()
    kind = asyncio.run(_read(sys.argv[1], cast("ReadStrategy", sys.argv[2])))
    sys.stdout.write(json.dumps({"kind": kind, "grew": _peak() - before}))
