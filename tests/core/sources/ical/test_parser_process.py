"""The process that understands feeds: what ends it fails alone, and none is left."""

import asyncio
import os
from pathlib import Path

import pytest

from core.sources.base import ReadResult
from core.sources.ical.parser_process import ParserProcess
from core.sources.ical.parser_protocol import ParseJob
from fakes.ical.server import calendar, event
from tests.core.sources.ical.ical_campus import DAYS, TEN, TODAY, Reader, kinds


async def test_a_feed_that_ends_its_process_fails_alone(reader: Reader):
    """Here a rule that never comes true, walked minute by minute, in too many events."""
    never = "RRULE:FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30;COUNT=9"
    reader.server.feeds |= {
        "r1.ics": calendar(TEN),
        "r2.ics": calendar(*[event("20260120T150000Z", "", never, uid=str(n)) for n in range(999)]),
        "r3.ics": calendar(TEN),
    }
    source = reader.per_room(3)
    others = set(_children())
    reading = asyncio.create_task(reader.read(source))
    await _kill_when_alone(reading, others)
    result = await reading
    assert result.days[TODAY].keys() == {"r1", "r3"}
    assert kinds(result) == {"r2": "too large"}


async def _kill_when_alone(reading: asyncio.Task[ReadResult], others: set[int]) -> None:
    """End the process at work as the system does that has no memory left for it.

    Not one of the `others`, which are there for other tests.
    """
    for _ in range(3000):
        await asyncio.sleep(0.01)
        at_work = [each for each in {*_children()} - others if _seconds(each) > 1.5]
        if at_work:
            os.kill(at_work[0], 9)
            return
        assert not reading.done()


def _environment(pid: int) -> str:
    return Path(f"/proc/{pid}/environ").read_text(encoding="utf-8")


def _children() -> list[int]:
    own = os.getpid()
    told = Path(f"/proc/{own}/task/{own}/children").read_text(encoding="ascii")
    return [int(each) for each in told.split()]


def _seconds(pid: int) -> float:
    told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    fields = told.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def test_a_rule_without_end_is_in_doubt_and_takes_no_time(reader: Reader):
    reader.server.feeds["r1.ics"] = calendar(
        event("20260304T120000Z", "20260304T120001Z", "RRULE:FREQ=SECONDLY")
    )
    result = await reader.read(reader.per_room())
    assert result.days[TODAY].keys() == {"r1"}
    assert kinds(result, DAYS[1]) == {"r1": "not understood"}


async def test_no_process_is_left(reader: Reader):
    before = set(_children())
    reader.server.feeds["r1.ics"] = calendar(TEN)
    await reader.read(reader.per_room())
    assert set(_children()) == before


async def test_a_reading_can_be_cancelled(reader: Reader):
    before = set(_children())
    never = "RRULE:FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30;COUNT=9"
    parts = [event("20260120T150000Z", "", never, uid=str(n)) for n in range(999)]
    reader.server.feeds["r1.ics"] = calendar(*parts)
    reading = asyncio.create_task(reader.read(reader.per_room()))
    while set(_children()) == before:
        await asyncio.sleep(0.01)
        assert not reading.done()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert set(_children()) == before


async def test_the_process_inherits_no_secret(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DISCORD_TOKEN", "bot-token")
    before = set(_children())
    job = ParseJob("America/New_York", 0, 86400, "exact", ())
    async with ParserProcess() as parser:
        await parser.parse(job, calendar(TEN))
        [child] = set(_children()) - before
        assert "bot-token" not in _environment(child)
