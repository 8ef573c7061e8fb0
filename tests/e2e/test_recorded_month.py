"""The bot against a month of a campus: every room and quarter hour as the oracle says."""

import asyncio
import random
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import groupby, repeat
from pathlib import Path
from typing import TypeVar

import pytest
import pytest_asyncio

from fakes.discord import ClientReply, FakeDiscord, UserClient
from fakes.live25.fault_injection import ResponseFault
from fakes.live25.server import FakeLive25
from tests import oracle
from tests.e2e.environment import BotEnvironment, open_environment, schema_checker, write_campus
from tests.free_texts import NAMES_PER_TIME, Group, read_free_text
from tests.oracle import FreeAnswer, Gap, Oracle, Span, What
from tests.recordings import Recording

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.asyncio(loop_scope="module"),
]

FIRST_DAY = date(2024, 11, 4)
DAYS = [FIRST_DAY + timedelta(days=each) for each in range(31)]
QUARTERS = [(hour, minute) for hour in range(24) for minute in (0, 15, 30, 45)]
NOW = oracle.clock(oracle.UMD_ZONE, FIRST_DAY, 10 * 60 + 5)
AT_ONCE = 24
BOTS = 2
"""So many share the days: each is a core's work, and so is the asking."""

_Item = TypeVar("_Item")


class Retold:
    """What the replies of the bot say, read back from their text."""

    ROOM = re.compile(r"\*\*(?P<name>[^*]+)\*\* (?P<what>.*)")
    GAP = re.compile(r"<t:(\d+):t>–<t:(\d+):t>")


@dataclass
class FreeReply:
    """What all pages of an answer to `/free` say together."""

    free: list[tuple[str, int]] = field(default_factory=list)
    soon: list[Group] = field(default_factory=list)
    later: list[Group] = field(default_factory=list)
    number: set[int] = field(default_factory=set)
    headings: set[str] = field(default_factory=set)
    unknown: set[tuple[int, int] | None] = field(default_factory=set)
    brief: int = 0

    @classmethod
    def on(cls, pages: Sequence[str]) -> "FreeReply":
        told = cls()
        for text in pages:
            told._read(text)
        return told

    def _read(self, text: str) -> None:
        page = read_free_text(text)
        assert page, text
        self.number.add(page.count)
        self.headings.add(page.heading)
        self.unknown.add(page.unknown)
        self.free += page.free
        self.soon += page.soon
        self.later += page.next_free
        self.brief += page.shorter


def _groups(openings: Sequence[Gap], names: Mapping[str, str]) -> list[Group]:
    """Group rooms by the time at which they open, as a reply does."""
    return [
        (_unix(start), ", ".join(rooms[:NAMES_PER_TIME]), max(len(rooms) - NAMES_PER_TIME, 0))
        for start, opening in groupby(openings, key=lambda each: each[1])
        for rooms in [[names[room] for room, _, _ in opening]]
    ]


@dataclass
class Campus:
    """A bot that has read the recorded month, and the oracle of the same month."""

    stage: BotEnvironment
    oracle: Oracle
    labels: Mapping[str, str]

    def seat(self, day: date) -> UserClient:
        """Seat a member in a channel for a day, so that no channel grows too long."""
        return self.stage.ana.at(self.stage.server.add_channel(f"day-{day}"))

    def said(self) -> str:
        """Return all that the bot has ever said, in every version of every message."""
        channels = self.stage.server.channels.values()
        messages = [each for channel in channels for each in channel.messages_by_id.values()]
        return "\n".join(version.text for each in messages for version in each.versions)

    def expected(self, answer: FreeAnswer, building: str | None) -> FreeReply:
        """Put what the oracle says as the pages of a reply would."""
        nothing = not answer.free
        first = [each for each in answer.later if each[1] == answer.later[0][1]]
        labels = self.labels
        names = {room: label.split(" ", 1)[1] for room, label in labels.items()}
        shown = names if building else labels
        return FreeReply(
            free=_best_first([(labels[room], _unix(end)) for room, end in answer.free]),
            soon=_groups(answer.soon, shown),
            later=_groups(first if nothing and not answer.soon else [], shown),
            number={len(answer.free)},
            unknown={(answer.unknown, answer.rooms) if answer.unknown else None},
            brief=len(answer.brief) if nothing else 0,
        )


def _best_first(free: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Take each building's longest room, then each one's second, and so on."""
    turns: Counter[str] = Counter()
    ordered = []
    for label, end in free:
        building = label.split(" ", 1)[0]
        ordered.append((turns[building], label, end))
        turns[building] += 1
    ordered.sort(key=lambda each: each[0])
    return [(label, end) for _, label, end in ordered]


def _unix(moment: datetime) -> int:
    return int(moment.timestamp())


def _missing(failing: Sequence[str]) -> Callable[[str, date], bool]:
    return lambda room, _day: room in failing


@asynccontextmanager
async def open_campus(
    folder: Path, recording: Recording, failing: Sequence[str] = ()
) -> AsyncIterator[Campus]:
    """Start a bot on the first day of the record; of the rooms in `failing` nothing arrives."""
    kinds = [
        ResponseFault("html"),
        ResponseFault("missing subjects"),
        ResponseFault("truncated"),
        ResponseFault(status=404),
    ]
    says = recording.oracle(is_missing=_missing(failing))
    async with FakeLive25(recording.answers()) as source:
        source.room_faults = {
            room: kinds[number % len(kinds)] for number, room in enumerate(failing)
        }
        buildings = list(says.buildings.values())
        settings = {"url": source.url, "read": "rooms"}
        file = write_campus(folder / "umd.toml", settings, buildings)
        # Dozens ask at once, which nobody does elsewhere: a slow machine may take longer than 3 s.
        make_discord = partial(FakeDiscord, check=schema_checker(), response_timeout=30)
        async with open_environment(
            folder, file, None, start=NOW, make_discord=make_discord
        ) as stage:
            # discord.py may warn of one whose answer was faster than its own note of it.
            stage.discord.gateway.heartbeat_interval = timedelta(hours=1)
            bot = await stage.start_bot()
            await bot.logs("read ")
            yield Campus(stage, says, recording.names())
            assert stage.discord.violations == []
            assert await bot.stop() == 0
            wrong = [line for line in bot.log if " ERROR " in line or " WARNING " in line]
            # So many ask at once that a slow machine may owe some their pictures, or may wait for
            # Redis until memory answers in its place.
            late = ("replies go without it", "a reply goes without", "Redis does not answer")
            assert not [line for line in wrong if not any(each in line for each in late)]


@asynccontextmanager
async def open_campuses(
    make_folder: Callable[[str], Path], recording: Recording, failing: Sequence[str] = ()
) -> AsyncIterator[list[Campus]]:
    """Start several bots alike, each with a Discord of its own."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(open_campus(make_folder("umd"), recording, failing))
            for _ in range(BOTS)
        ]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def campuses(
    tmp_path_factory: pytest.TempPathFactory, recording: Recording
) -> AsyncIterator[list[Campus]]:
    """Give the campus of which everything has arrived; each test asks in channels of its own."""
    async with open_campuses(tmp_path_factory.mktemp, recording) as opened:
        yield opened


async def pages_of(reply: ClientReply) -> list[str]:
    """Turn the pages of a reply, to the last one."""
    texts = [reply.text]
    while "More rooms" in reply.buttons:
        reply = await reply.press("More rooms")
        texts.append(reply.text)
    return texts


async def for_each(items: Sequence[_Item], ask: Callable[[_Item], Awaitable[None]]) -> None:
    """Ask about every item, many at once; the first that is answered wrongly ends it."""
    waiting = iter(items)

    async def one_after_another() -> None:
        for item in waiting:
            await ask(item)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(one_after_another())
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None


async def sweep(
    campuses: Sequence[Campus], days: Sequence[date], buildings: Sequence[str | None] = (None,)
) -> int:
    """Ask `/free` about every quarter hour of the days; return how many rooms were told free.

    One of `buildings` is asked about at a time, in turn; None are all.
    """
    shares = [days[number :: len(campuses)] for number in range(len(campuses))]
    return sum(await asyncio.gather(*map(_sweep, campuses, shares, repeat(buildings))))


async def _sweep(campus: Campus, days: Sequence[date], buildings: Sequence[str | None]) -> int:
    seats = {day: campus.seat(day) for day in days}
    asked = [(day, *quarter) for day in days for quarter in QUARTERS]
    found = 0

    async def ask(when: tuple[date, int, int]) -> None:
        nonlocal found
        day, hour, minute = when
        # A day has a multiple of four quarters: the day moves the turn on.
        building = buildings[(day.toordinal() + 4 * hour + minute // 15) % len(buildings)]
        options = {"building": building} if building else {}
        at = f"{hour}:{minute:02}"
        reply = await seats[day].slash("free", at=at, date=day.isoformat(), **options)
        told = FreeReply.on(await pages_of(reply))
        moment = oracle.clock(oracle.UMD_ZONE, day, hour * 60 + minute)
        expected = campus.expected(campus.oracle.free_now(moment, building=building), building)
        expected.headings = told.headings
        assert told == expected, (day, hour, minute)
        (heading,) = told.headings
        assert f"<t:{_unix(moment)}:t>" in heading
        if told.free:
            was = "was" if len(told.free) == 1 else "were"
            assert (f"{was} free" if moment < NOW else "free") in heading
        found += len(told.free)

    await for_each(asked, ask)
    return found


@pytest.fixture(
    params=[
        pytest.param(DAYS[::4], id="some"),
        pytest.param(DAYS, id="all", marks=pytest.mark.slow),
    ]
)
def days(request: pytest.FixtureRequest) -> list[date]:
    """Give the days that are asked about: each day of the week, or all of the month."""
    asked: list[date] = request.param
    return asked


async def test_free_says_what_the_oracle_says_at_every_quarter_hour(campuses, days):
    assert await sweep(campuses, days) > 30_000 * len(days) // len(DAYS)


async def test_free_of_each_building_says_what_the_oracle_says(campuses, days):
    buildings = list(campuses[0].oracle.buildings)
    assert await sweep(campuses, days, buildings) > 7_000 * len(days) // len(DAYS)


async def told_gaps(seat: UserClient, code: str, day: date) -> dict[str, list[Span] | None]:
    """Ask `/building` for a day: by room, in order, its gaps; None for an unknown room."""
    told: dict[str, list[Span] | None] = {}
    for text in await pages_of(await seat.slash("building", building=code, date=day.isoformat())):
        for line in text.splitlines():
            if not (match := Retold.ROOM.fullmatch(line)):
                continue
            name, what = match["name"], match["what"].replace("**", "")
            assert name not in told
            gaps = [_span(gap) for gap in Retold.GAP.finditer(what)]
            rest = Retold.GAP.sub("", what).replace(", ", "")
            without = ("closed", "booked all day", "unknown: ")
            assert (
                not rest
                if gaps and " · " not in rest
                else rest.startswith((" · closed ", *without))
            ), line
            told[name] = None if rest.startswith("unknown") else gaps
    return told


def _span(gap: re.Match[str]) -> Span:
    return datetime.fromtimestamp(int(gap[1]), UTC), datetime.fromtimestamp(int(gap[2]), UTC)


async def sweep_buildings(campus: Campus, days: Sequence[date]) -> None:
    """Ask `/building` about every building and each of the days."""

    async def ask(about: tuple[str, date]) -> None:
        code, day = about
        told = await told_gaps(campus.stage.member, code, day)
        rooms = campus.oracle.buildings[code].rooms
        known = campus.oracle.knowledge[day]
        assert told == {
            room.name: campus.oracle.gaps(code, room.id, day) if room.id in known else None
            for room in rooms
        }, about
        assert list(told) == [room.name for room in rooms], about
        for hour, minute in QUARTERS:
            moment = oracle.clock(oracle.UMD_ZONE, day, hour * 60 + minute)
            for room in rooms:
                gaps = told[room.name] or []
                is_free = campus.oracle.what(code, room.id, day, moment) is What.FREE
                assert is_free == any(start <= moment < end for start, end in gaps), about

    await for_each([(code, day) for code in campus.oracle.buildings for day in days], ask)


async def test_building_says_what_the_oracle_says_on_every_day(campuses):
    await sweep_buildings(campuses[0], DAYS)


@pytest.fixture
def failing(recording: Recording) -> list[str]:
    """Return a third of the rooms, drawn with a seed."""
    rooms = sorted(recording.names())
    drawn = random.Random(20241104)  # noqa: S311 - the same rooms each time
    return drawn.sample(rooms, len(rooms) // 3 + 1)


async def test_no_room_that_failed_is_free_in_any_reply(tmp_path_factory, recording, failing, days):
    async with open_campuses(tmp_path_factory.mktemp, recording, failing) as campuses:
        await sweep(campuses, days)
        await sweep_buildings(campuses[0], days)
        for campus in campuses:
            said = campus.said()
            for room in failing:
                assert f"**{campus.labels[room]}** · till" not in said
                assert f"**{campus.labels[room]}** till" not in said
            assert f"no information for {len(failing)} of {len(campus.labels)} rooms" in said
