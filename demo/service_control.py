"""The switches of a demo that runs."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from redis.exceptions import RedisError

from core.errors import StartError
from core.model.campus import Campus
from core.store import connect
from demo.clock import DemoClock, PretendedMoment, moments
from demo.services import CannotToggleError, Health, ServiceName, ServiceStatus, ToggleableService
from demo.supervisor import SupervisedProcess


class CampusServer(Protocol):
    """What serves the demo campus: a fake 25Live or a fake EMS."""

    @property
    def is_running(self) -> bool:
        """Whether it accepts connections."""

    async def start(self) -> None:
        """Accept connections, at the same port as before."""

    async def stop(self) -> None:
        """Refuse connections until `start`."""


class DemoServices:
    """The `ServiceControl` of a demo; its parts are added as they come to be.

    Without a demo campus the source is somebody else's, and cannot be switched.
    """

    def __init__(self) -> None:
        self.redis: SupervisedProcess | None = None
        self.bot: SupervisedProcess | None = None
        self.campus_server: CampusServer | None = None
        self.campus: Campus | None = None
        self.clock = DemoClock()
        self.redis_url = ""
        self._listeners: list[Callable[[], None]] = []
        self._locks = {"bot": asyncio.Lock(), "store": asyncio.Lock(), "source": asyncio.Lock()}

    def statuses(self) -> Mapping[ServiceName, ServiceStatus]:
        """Return how every part is now."""
        return {
            "bot": ServiceStatus(_health(self.bot), "bot.py", can_toggle=False),
            "store": ServiceStatus(_health(self.redis), "Valkey", can_toggle=True),
            "source": self._source_status(),
        }

    def _source_status(self) -> ServiceStatus:
        if self.campus_server:
            health = Health.UP if self.campus_server.is_running else Health.DOWN
            return ServiceStatus(health, "demo campus", can_toggle=True)
        name = f"25Live of {self.campus.name}" if self.campus else "25Live"
        return ServiceStatus(Health.EXTERNAL, name, can_toggle=False)

    async def stop(self, service: ToggleableService) -> None:
        """Make a part be gone, as a machine that is switched off.

        Raises:
            CannotToggleError: it is not the demo's own.
        """
        async with self._locks[service]:
            if service == "store":
                await _require_own(self.redis).stop()
            else:
                await _require_own(self.campus_server).stop()
        self.notify_listeners()

    async def start(self, service: ToggleableService) -> None:
        """Make a part be there again, at its address and with what it held.

        Raises:
            CannotToggleError: it is not the demo's own, or it does not start.
        """
        async with self._locks[service]:
            try:
                if service == "store":
                    await _require_own(self.redis).start()
                else:
                    await _require_own(self.campus_server).start()
            except (StartError, OSError) as err:
                raise CannotToggleError(str(err)) from err
        self.notify_listeners()

    async def restart_bot(self) -> None:
        """End the bot as a host does and start it again; done when it is on the gateway.

        Raises:
            CannotToggleError: it does not come back in half a minute.
        """
        async with self._locks["bot"]:
            bot = _require_own(self.bot)
            await bot.stop()
            try:
                await bot.start()
            except StartError as err:
                raise CannotToggleError(str(err)) from err

    def moments(self) -> Sequence[PretendedMoment]:
        """Return the moments that the demo can pretend it to be."""
        return tuple(moments(is_demo_campus=self.campus_server is not None))

    @property
    def pretended(self) -> str:
        """The id of the moment that is pretended, `REAL_TIME` where none is."""
        return self.clock.pretended

    async def pretend(self, moment_id: str) -> None:
        """Restart the bot, which forgets all that it knew, at another moment.

        Raises:
            CannotToggleError: it does not come back in half a minute.
            LookupError: there is no such moment.
        """
        zone = self.campus.timezone if self.campus else ZoneInfo("UTC")
        async with self._locks["bot"], self._locks["store"]:
            bot = _require_own(self.bot)
            self.clock.pretend(moment_id, zone)
            await bot.stop()
            try:
                # What was read at one time would be of the future at another.
                await self._empty_store()
                await bot.start()
            except (StartError, RedisError, OSError) as err:
                raise CannotToggleError(str(err)) from err
        self.notify_listeners()

    async def _empty_store(self) -> None:
        async with connect(self.redis_url) as client:
            await client.flushall()

    def add_listener(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each change of a standing; what is returned ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def notify_listeners(self) -> None:
        """Tell all listeners that a standing has changed."""
        for listener in tuple(self._listeners):
            listener()


def _health(process: SupervisedProcess | None) -> Health:
    return process.health if process else Health.DOWN


_ServiceT = TypeVar("_ServiceT")


def _require_own(service: _ServiceT | None) -> _ServiceT:
    if service is None:
        raise CannotToggleError("this is not the demo's own")
    return service
