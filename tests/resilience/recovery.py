"""When a fault is over and nothing of it is left; and how much may be logged about it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from core.store import Store
from core.store.snapshots import Changed
from tests.e2e.environment import RunningBot
from tests.fakes import eventually
from tests.resilience.outage_environment import LIBRARYS_OWN, OutageEnvironment

HEALTHY = ("**All ", "up to date**", "Booking system: answered", "Database: answered")
_A_WHILE = 0.2
_REFUSING = "saves nothing"
_NO_NEWS = (
    "core.data.refresher: read ",  # one a refresh
    *LIBRARYS_OWN,
)


async def is_healed(chaos: OutageEnvironment) -> None:
    """Wait until all is well without a restart: refreshed, stored, told truly.

    A moderator's refresh is what ends the failing of the booking site at once; by itself the
    bot asks it again after five minutes.
    """
    async with asyncio.timeout(60):
        # The first refresh may be one that began while it was broken.
        while not (_is_read(await chaos.refreshed()) and _is_well(await chaos.status())):  # noqa: ASYNC110 - another process heals
            await asyncio.sleep(_A_WHILE)
    await is_stored(chaos, chaos.today)
    chaos.tells()
    async with chaos.traffic.flowing():
        await chaos.traffic.goes_on()
    chaos.traffic.assert_well()


def _is_read(said: str) -> bool:
    return "Refreshed in" in said


def _is_well(status: str) -> bool:
    return all(each in status for each in HEALTHY) and _REFUSING not in status


async def is_stored(chaos: OutageEnvironment, day: date) -> None:
    """Wait until Redis holds a day: given back from memory, or read anew."""
    async with chaos.redis.client() as client, asyncio.timeout(20):
        store = Store(client, now=chaos.stage.clock)
        while not isinstance(await store.snapshot("umd", day), Changed):  # noqa: ASYNC110 - another process brings it about
            await asyncio.sleep(0.05)


class NewLines:
    """What a bot has logged since this was made, but for what comes anyway."""

    def __init__(self, bot: RunningBot) -> None:
        self._bot = bot
        self._first = len(bot.log)

    def all(self) -> list[str]:
        """Return them."""
        lines = self._bot.log[self._first :]
        return [line for line in lines if not any(each in line for each in _NO_NEWS)]

    async def hold(self, text: str) -> None:
        """Wait until one holds a text."""
        try:
            await eventually(lambda: any(text in line for line in self.all()), within=30)
        except TimeoutError:
            logged = "\n".join(self.all())
            raise AssertionError(f"{text!r} was not logged:\n{logged}") from None


@contextmanager
def logging_once(bot: RunningBot, *texts: str, most: int = 0) -> Iterator[NewLines]:
    """See that each of these is logged exactly once meanwhile, and at most so many lines more."""
    lines = NewLines(bot)
    yield lines
    logged = lines.all()
    told = {text: sum(text in line for line in logged) for text in texts}
    assert told == dict.fromkeys(texts, 1), "\n".join(logged)
    assert len(logged) <= len(texts) + most, "\n".join(logged)
