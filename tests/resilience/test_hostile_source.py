"""A source that means harm by what it says: good answers, made bad in every way.

Whatever comes, a reading ends with one of our own errors, or with each room and day either
known or failed; and no name of an event is in any log record.
"""

import asyncio
import json
import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.availability.campus_day import build_campus_day
from core.data.merge import merge_reading
from core.errors import SourceError
from core.model.campus import Campus
from core.sources.base import ReadResult
from core.sources.http_policy import HttpPolicy
from core.sources.live25.config import ReadStrategy
from core.sources.live25.decoding import decode_grid, decode_reservations
from core.sources.registry import create_source
from core.store.snapshot_codec import decode_snapshot, encode_snapshot
from fakes.live25.booking_responses import (
    month_response,
    reservations_response,
    search_response,
)
from fakes.live25.bookings import SEARCH_ID, Months
from tests.core.sources.source_fixtures import AT, STRATEGIES, campus_of
from tests.recordings import FIRST_DAY, Recording
from tests.resilience.body_mutations import DEEP, mutated
from tests.resilience.differential import as_campus
from tests.resilience.generated_days import dice, draw_campus
from tests.resilience.generated_items import EVENT, names_in
from tests.resilience.serving import answer_to, session_without_sockets

MEGABYTE = 1024 * 1024
SHORT, LONG = 4_000, 400_000
"""Mutants that are read, in the tests that always run and in the long one."""
_CORPUS = 400
"""So many mutants that did something new are mutated further."""


@dataclass(frozen=True)
class Base:
    """A good answer and the campus and days that it is about."""

    way: ReadStrategy
    campus: Campus
    days: tuple[date, ...]
    body: bytes


def bases_of(recording: Recording) -> list[Base]:
    """Return answers of a recording for each way, small."""
    answers = Months(list(recording.answers().first_days(2).items())[:2])
    for answer in answers.values():
        for subject in answer["subjects"]:
            for item in subject["items"]:
                item["itemName"] = f"{EVENT} {item['itemName']}"
    days = (FIRST_DAY, FIRST_DAY + timedelta(1))
    rooms = list(answers)
    told = {
        "rooms": month_response(answers, rooms[0], FIRST_DAY),
        "search": search_response(answers, SEARCH_ID, FIRST_DAY, page=1, page_size=9),
        "reservations": reservations_response(
            answers, rooms, *days, zone="America/New_York", include=["closed", "blackouts"]
        ),
    }
    return [
        Base(way, campus_of("http://campus.test", way, rooms), days, json.dumps(told[way]).encode())
        for way in STRATEGIES
    ]


def generated_bases(number: int) -> list[Base]:
    """Return good answers of generated campuses."""
    bases: list[Base] = []
    seed = 0
    while len(bases) < number:
        seed += 1
        generated = draw_campus(dice(seed))
        told = generated.readings[-1]
        first, last = (generated.asked_days[at].strftime("%Y%m%d") for at in (0, -1))
        query = {"start_dt": first, "end_dt": last}
        if told.grids:
            name, page = next(iter(told.grids))
            query = {"space_id": name, "start_dt": name, "page": str(page)}
        status, body = answer_to(generated, told, query)
        if status == 200 and len(body) > 200 and body.startswith(b'{"s'):
            bases.append(
                Base(
                    generated.way, as_campus(generated, "http://campus.test"), generated.days, body
                )
            )
    return bases


async def no_sleep(_: float) -> None:
    pass


def check(campus: Campus, days: Iterable[date], result: ReadResult) -> None:
    """Each room and day is known or failed, and what is known can be worked with."""
    rooms = {room.id for room in campus.rooms}
    for day in days:
        known, failed = result.days[day], result.failures[day]
        assert known.keys() | failed.keys() == rooms
        assert not known.keys() & failed.keys()
        assert all(isinstance(err, SourceError) for err in failed.values())
        for room in known.values():
            assert all(one.end < other.start for one, other in pairwise(room.known))
    for snapshot in merge_reading(campus, result, {}, at=AT, accept_mass_deletion=False).snapshots:
        stored = decode_snapshot(encode_snapshot(snapshot), campus.id, snapshot.day)
        assert stored == snapshot
        build_campus_day(campus, stored, min_gap=timedelta(minutes=28))


async def read(base: Base, body: bytes) -> str:
    """Return what a source that answers this body amounts to, in a word or more."""
    session = session_without_sockets(lambda _: (200, body))
    manners = HttpPolicy(sleep=no_sleep, random=dice(1), max_attempts=2)
    try:
        source = create_source(base.campus, session, manners)
        result = await source.read(base.days, at=AT, progress=lambda *_: None)
    except SourceError as err:
        said = f"{type(err).__name__} {err}"
    else:
        check(base.campus, base.days, result)
        reasons = {str(err) for failed in result.failures.values() for err in failed.values()}
        said = f"read {sorted(reasons)}"
    assert EVENT not in said
    return said


def place_of_failure(base: Base, body: bytes) -> str:
    """Return where and why the reader of the answer gives up, nothing where it does not."""
    reader = decode_reservations if base.way == "reservations" else decode_grid
    try:
        reader(body)
    except SourceError as err:
        refusal = err
    else:
        return ""
    assert EVENT not in str(refusal)
    place = refusal.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    assert place
    return f"{refusal.kind} {place.tb_frame.f_code.co_filename} {place.tb_lineno}"


@dataclass
class Breeder:
    """Mutates answers, and those further that did what none before them did."""

    bases: list[Base]
    random: Random
    seen: set[str] = field(default_factory=set)
    corpus: list[Base] = field(default_factory=list)

    async def breed(self, number: int) -> None:
        """Read so many mutants."""
        for turn in range(number):
            young = self.corpus and self.random.random() < 0.4
            base = self.random.choice(self.corpus if young else self.bases)
            body = mutated(self.random, base.body)
            try:
                where = place_of_failure(base, body)
                what = f"{base.way} {where} {(await read(base, body))[:60]}"
            except Exception as err:
                raise AssertionError(f"mutant {turn}: {body[:2000]!r}") from err
            if what not in self.seen and len(self.corpus) < _CORPUS and len(body) < MEGABYTE:
                self.seen.add(what)
                self.corpus.append(replace(base, body=body))


async def test_mutants_of_a_recordings_answers(
    recording: Recording, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    breeder = Breeder(bases_of(recording), dice(25))
    await breeder.breed(SHORT // 2)
    assert len(breeder.seen) > 15
    assert not names_in(caplog.records)


async def test_mutants_of_generated_answers(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    breeder = Breeder(generated_bases(12), dice(26))
    await breeder.breed(SHORT // 2)
    assert len(breeder.seen) > 15
    assert not names_in(caplog.records)


@pytest.mark.soak
@pytest.mark.timeout(2 * 60 * 60)
async def test_mutants_without_end(recording: Recording, caplog: pytest.LogCaptureFixture):
    """Others at every run; a failure names its seed."""
    caplog.set_level(logging.DEBUG)
    for seed in range(first := int.from_bytes(os.urandom(4)), first + LONG // 10_000):
        breeder = Breeder([*bases_of(recording), *generated_bases(40)], dice(seed))
        try:
            await breeder.breed(10_000)
        except AssertionError as err:
            raise AssertionError(f"seed {seed}: {err}") from err
        assert not names_in(caplog.records)
        caplog.clear()


@pytest.mark.parametrize("way", STRATEGIES)
async def test_deep_nesting_at_any_place(way: ReadStrategy):
    bases = [each for each in generated_bases(12) if each.way == way]
    for turn, base in enumerate(bases[:3] * 4):
        await read(base, DEEP(dice(turn), base.body))


@given(st.randoms(use_true_random=False), st.sampled_from(generated_bases(6)))
@settings(max_examples=60, deadline=None)
def test_mutants_that_are_sought(random: Random, base: Base):
    """By something that looks for the strangest and then the smallest."""
    asyncio.run(read(base, mutated(random, base.body)))


@given(st.binary(max_size=200), st.sampled_from(generated_bases(6)))
@settings(max_examples=100, deadline=None)
def test_any_bytes(body: bytes, base: Base):
    asyncio.run(read(base, body))
