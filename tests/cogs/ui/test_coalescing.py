"""Who asks alike within a second is given one answer; whoever asks anything else, another."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from discord import ui

from cogs.free import FreeCog
from cogs.ui.coalescing import RenderedReply, ReplyCoalescer
from cogs.ui.custom_ids import FreeQueryId
from cogs.ui.images.service import ImageService
from cogs.ui.responder import Responder
from core.availability.queries import FreeRoomsQuery
from core.data.coordinator import CampusCoordinator
from core.images.renderer import ImageRenderer
from core.preferences import CampusPreferences
from core.registry import CampusRegistry
from core.store import Store
from tests.fakes import TUESDAY, FakeSource, at, between, make_campus, make_policy

SECOND = timedelta(seconds=1)
NOW = at("10:00")
QUERY = FreeQueryId("bu", FreeRoomsQuery(NOW, timedelta(minutes=28), is_now=True))


def query(**fields):
    """Return the usual question with other fields."""
    return QUERY.with_query(replace(QUERY.query, **fields))


@dataclass
class CountedWork:
    """Something to work out that can be made to wait and to fail, and how often it was."""

    times: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    error: Exception | None = None

    async def __call__(self) -> RenderedReply:
        self.times += 1
        await self.gate.wait()
        if self.error:
            raise self.error
        return RenderedReply(ui.LayoutView(), None)


@pytest.fixture
def work():
    done = CountedWork()
    done.gate.set()
    return done


async def test_what_fifty_ask_at_once_is_worked_out_once(work):
    alike = ReplyCoalescer()
    work.gate.clear()
    waiting = [asyncio.create_task(alike.get_or_compute(NOW, "a", work)) for _ in range(50)]
    await asyncio.sleep(0)
    work.gate.set()
    assert len({id(each.view) for each in await asyncio.gather(*waiting)}) == 1
    assert await alike.get_or_compute(NOW, "a", work) is waiting[0].result()
    assert work.times == 1


async def test_another_question_and_another_second_are_worked_out_anew(work):
    alike = ReplyCoalescer()
    first = await alike.get_or_compute(NOW, "a", work)
    assert await alike.get_or_compute(NOW, "b", work) is not first
    assert await alike.get_or_compute(NOW + SECOND, "a", work) is not first
    assert await alike.get_or_compute(NOW, "a", work) is not first
    assert work.times == 4


async def test_who_goes_away_takes_the_answer_from_nobody(work):
    alike = ReplyCoalescer()
    work.gate.clear()
    first, second = (asyncio.create_task(alike.get_or_compute(NOW, "a", work)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    work.gate.set()
    assert await second
    assert work.times == 1


async def test_a_failure_is_told_to_all_and_is_over_with_the_second(work):
    alike = ReplyCoalescer()
    work.error = ValueError("of the test")
    told = [alike.get_or_compute(NOW, "a", work) for _ in range(3)]
    told_all = await asyncio.gather(*told, return_exceptions=True)
    assert told_all == [work.error] * 3
    work.error = None
    assert await alike.get_or_compute(NOW + SECOND, "a", work)


@dataclass
class RecordingResponder:
    """An answer that keeps what it was given."""

    can_share: bool = True
    shared_by: int | None = None
    views: list[ui.LayoutView] = field(default_factory=list)

    async def defer(self) -> None:
        """Take no note."""

    async def send(self, view: ui.LayoutView, image: object = None) -> None:
        self.views.append(view)

    @property
    def text(self) -> str:
        (container,) = self.views[-1].to_components()
        return "\n".join(each.get("content", "") for each in container["components"])


assert {name for name in vars(RecordingResponder) if not name.startswith("_")} - {"text"} <= set(
    dir(Responder)
)


@pytest.fixture
def source():
    return FakeSource(make_campus())


@pytest.fixture
async def rooms(client, clock, source):
    store, studio = Store(client, now=clock), ImageRenderer()
    schedule = CampusCoordinator(make_campus(), source, store, make_policy(), now=clock)
    schedules = {"bu": schedule}
    yield FreeCog(
        CampusRegistry(schedules, CampusPreferences(store)),
        ImageService(studio),
        now=clock,
    )
    await schedule.close()
    await studio.close()


async def ask(rooms, question=QUERY, **answer) -> RecordingResponder:
    given = RecordingResponder(**answer)
    await rooms.show_free(given, question)
    return given


async def test_a_lecture_hall_is_given_one_view(rooms):
    await ask(rooms)
    given = await asyncio.gather(*(ask(rooms) for _ in range(50)))
    assert len({id(each.views[0]) for each in given}) == 1


async def test_what_makes_an_answer_another_is_seen_within_the_second(rooms, source, clock):
    first = await ask(rooms)
    assert "**CAS 101**" in first.text
    for other in (
        await ask(rooms, can_share=False),
        await ask(rooms, shared_by=7),
        await ask(rooms, query(at_least=timedelta(minutes=29))),
        await ask(rooms, query(buildings=("CGS",))),
    ):
        assert other.views[0] is not first.views[0]
    source.bookings["101"] = [between("09:00", "12:00")]
    clock.forward(milliseconds=300)
    await rooms._campuses.get("bu").refresh(manual=False)
    anew = await ask(rooms)
    assert "**CAS 101**" not in anew.text
    assert "**CAS 102**" in anew.text


async def test_that_a_reading_brought_nothing_is_seen_within_the_second(rooms, clock):
    assert "· last checked <t:" not in (await ask(rooms)).text
    memory = rooms._campuses.get("bu")._cache
    tried = replace(memory.get(TUESDAY).snapshot, attempted_at=clock() + timedelta(minutes=5))
    memory.put(tried)
    assert "· last checked <t:" in (await ask(rooms)).text


async def test_an_answer_is_over_to_the_second(rooms, source, clock):
    source.bookings["101"] = [between("10:01", "23:00")]
    await ask(rooms)
    soon = query(at_least=timedelta(minutes=1), buildings=("CAS",))
    clock.set(at("10:00") + timedelta(milliseconds=999))
    assert "**CAS 101**" in (await ask(rooms, soon)).text
    clock.set(at("10:01"))
    assert "**CAS 101**" not in (await ask(rooms, soon)).text
