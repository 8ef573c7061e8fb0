"""Members who keep using every command while something is broken."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from cogs.ui.replies.errors import DISCORD_REJECTED
from core.model.calendar import DAY
from fakes.discord import ClientReply, NoReply
from tests.e2e.environment import BotEnvironment
from tests.fakes import eventually
from tests.resilience.reply_checks import Truth

EVERY = 0.12
"""Seconds between two questions: eight a second, whether or not the last was answered."""

LATE = timedelta(milliseconds=100)
"""By how much the clock of a bot may be behind, which set out on its travel a moment later."""

KINDS = ("free", "building", "status", "completion", "press", "tomorrow")


class Traffic:
    """Asks one thing after the other, and holds each answer against the truth.

    `answered` counts the answers by kind; `failed` are the questions that got none in
    Discord's time, `untrue` the answers that no oracle gives. `truth` may be changed any time.
    """

    def __init__(self, stage: BotEnvironment, truth: Truth) -> None:
        self.truth = truth
        self.answered: Counter[str] = Counter()
        self.failed: list[str] = []
        self.untrue: list[str] = []
        self._stage = stage
        self._seat = stage.ana.at(stage.server.add_channel("traffic"))
        self._page: ClientReply | None = None
        self._turn = 0
        self._forgiven = 0
        self._asks: dict[str, Callable[[], Awaitable[str | None]]] = {
            "free": self._ask_free,
            "building": self._ask_building,
            "status": self._ask_status,
            "completion": self._complete,
            "press": self._press,
            "tomorrow": self._ask_tomorrow,
        }

    @asynccontextmanager
    async def flowing(self) -> AsyncIterator[None]:
        """Let it flow as long as this context lasts.

        All that was asked has had its answer or its failure when the context is left.
        """
        async with asyncio.TaskGroup() as questions:
            asking = asyncio.create_task(self._keep_asking(questions))
            try:
                yield
            finally:
                asking.cancel()
                await asyncio.wait([asking])

    async def goes_on(self) -> None:
        """Wait while it flows, until everything was asked once more from now on."""
        # Those on their way may have been answered before the world changed.
        enough = self._turn + len(KINDS)
        await eventually(lambda: self.asked >= enough, within=60)

    @property
    def asked(self) -> int:
        """How many questions have come to an end, one way or the other."""
        return sum(self.answered.values()) + len(self.failed) + self._forgiven

    def assert_well(self) -> None:
        """See that everything was answered, and truly."""
        assert self.untrue == [], "\n\n".join(self.untrue)
        assert self.failed == [], "\n".join(self.failed)
        assert set(self.answered) == set(KINDS)

    def forgive(self) -> int:
        """Forget what failed through Discord's own fault, and return how much that was."""
        number = len(self.failed)
        self._forgiven += number
        self.failed.clear()
        return number

    async def _keep_asking(self, questions: asyncio.TaskGroup) -> None:
        while True:
            questions.create_task(self._ask(KINDS[self._turn % len(KINDS)]))
            self._turn += 1
            await asyncio.sleep(EVERY)

    async def _ask(self, kind: str) -> None:
        try:
            untrue = await self._asks[kind]()
        except NoReply as err:
            self.failed.append(f"{kind}: {err}")
            return
        self.answered[kind] += 1
        if untrue:
            self.untrue.append(f"{kind}: {untrue}")

    async def _ask_free(self) -> str | None:
        truth, began = self.truth, self._stage.clock()
        reply = _shown(await self._seat.slash("free"))
        self._page = reply if reply.buttons else None
        return truth.untrue_of_free(reply.text, self._since(began))

    async def _press(self) -> str | None:
        """Turn the page of the last answer, where there is one to be turned."""
        page, self._page = self._page, None
        if page is None:
            return await self._ask_free()
        truth, began = self.truth, self._stage.clock()
        reply = _shown(
            await page.press("More rooms" if "More rooms" in page.buttons else "Refresh")
        )
        return truth.untrue_of_free(reply.text, self._since(began))

    async def _ask_building(self) -> str | None:
        truth, began = self.truth, self._stage.clock()
        reply = _shown(await self._seat.slash("building", building=self._next_building()))
        return truth.untrue_of_building(reply.text, self._since(began))

    async def _ask_tomorrow(self) -> str | None:
        truth, began = self.truth, self._stage.clock()
        code = self._next_building()
        reply = _shown(await self._seat.slash("building", building=code, date="tomorrow"))
        tomorrow = [each + DAY for each in self._since(began)]
        return truth.untrue_of_building(reply.text, tomorrow)

    def _next_building(self) -> str:
        codes = sorted(self.truth.oracles[0].buildings)
        return codes[self._turn % len(codes)]

    async def _ask_status(self) -> str | None:
        text = _shown(await self._seat.slash("status")).text
        return None if "**Health**" in text else f"not a status:\n{text}"

    async def _complete(self) -> str | None:
        truth, began = self.truth, self._stage.clock()
        choices = await self._seat.autocomplete("free", "building", "")
        return truth.untrue_of_choices(choices, self._since(began))

    def _since(self, began: datetime) -> tuple[datetime, ...]:
        """Return the moments of which an answer may be: of asking, of now, of just before."""
        return began - LATE, began, self._stage.clock()


def _shown(reply: ClientReply) -> ClientReply:
    """Return a reply that answers; that Discord did not take the answer is none."""
    if reply.text == DISCORD_REJECTED:
        raise NoReply(reply.text)
    return reply
