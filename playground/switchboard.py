"""The switches of a playground that runs."""

import asyncio
from collections.abc import Callable, Mapping
from typing import TypeVar

from core.errors import StartError
from core.model import Campus
from playground.campus import DemoCampus
from playground.control import CannotSwitchError, Health, Part, Standing, Switchable
from playground.kept import Kept


class Switchboard:
    """The `Control` of a playground; its parts are added as they come to be.

    Without a demo campus the source is somebody else's, and cannot be switched.
    """

    def __init__(self) -> None:
        self.store: Kept | None = None
        self.bot: Kept | None = None
        self.demo: DemoCampus | None = None
        self.campus: Campus | None = None
        self._listeners: list[Callable[[], None]] = []
        self._turns = {"bot": asyncio.Lock(), "store": asyncio.Lock(), "source": asyncio.Lock()}

    def standings(self) -> Mapping[Part, Standing]:
        """Return how every part is now."""
        return {
            "bot": Standing(_health(self.bot), "bot.py", can_switch=False),
            "store": Standing(_health(self.store), "Valkey", can_switch=True),
            "source": self._source(),
        }

    def _source(self) -> Standing:
        if self.demo:
            health = Health.UP if self.demo.is_open else Health.DOWN
            return Standing(health, "demo campus", can_switch=True)
        name = f"25Live of {self.campus.name}" if self.campus else "25Live"
        return Standing(Health.FOREIGN, name, can_switch=False)

    async def take_away(self, part: Switchable) -> None:
        """Make a part be gone, as a machine that is switched off.

        Raises:
            CannotSwitchError: it is not the playground's own.
        """
        async with self._turns[part]:
            if part == "store":
                await _own(self.store).take_away()
            else:
                await _own(self.demo).close()
        self.changed()

    async def bring_back(self, part: Switchable) -> None:
        """Make a part be there again, at its address and with what it held.

        Raises:
            CannotSwitchError: it is not the playground's own, or it does not start.
        """
        async with self._turns[part]:
            try:
                if part == "store":
                    await _own(self.store).bring_back()
                else:
                    await _own(self.demo).open()
            except (StartError, OSError) as err:
                raise CannotSwitchError(str(err)) from err
        self.changed()

    async def restart_bot(self) -> None:
        """End the bot as a host does and start it again; done when it is on the gateway.

        Raises:
            CannotSwitchError: it does not come back in half a minute.
        """
        async with self._turns["bot"]:
            bot = _own(self.bot)
            await bot.take_away()
            try:
                await bot.bring_back()
            except StartError as err:
                raise CannotSwitchError(str(err)) from err

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each change of a standing; what is returned ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def changed(self) -> None:
        """Tell all listeners that a standing has changed."""
        for listener in tuple(self._listeners):
            listener()


def _health(part: Kept | None) -> Health:
    return part.health if part else Health.DOWN


_PartT = TypeVar("_PartT")


def _own(part: _PartT | None) -> _PartT:
    if part is None:
        raise CannotSwitchError("this is not the demo's own")
    return part
