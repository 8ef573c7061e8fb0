"""What the page may see and do of the demo's other parts: the bot, the store, the source."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Literal, Protocol

from demo.clock import PretendedMoment

ServiceName = Literal["bot", "store", "source"]
"""What runs beside the local Discord; `source` is where the bot reads bookings."""

ToggleableService = Literal["store", "source"]
"""What can be taken away and brought back."""


class Health(Enum):
    """How a part is; `STARTING` lasts until it answers, `EXTERNAL` is not the demo's."""

    UP = "up"
    STARTING = "starting"
    DOWN = "down"
    EXTERNAL = "foreign"


class CannotToggleError(Exception):
    """A part that is not the demo's own, or that does not start; its text says why."""


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """How a part is, and what to call it: "Valkey", "demo campus", "25Live"."""

    health: Health
    name: str
    can_toggle: bool


class ServiceControl(Protocol):
    """The switches of a demo.

    Each call ends when what it asks for is done; to ask for what is so already has no effect.
    """

    def statuses(self) -> Mapping[ServiceName, ServiceStatus]:
        """Return how every part is now."""
        ...

    async def stop(self, service: ToggleableService) -> None:
        """Make a part be gone, as a machine that is switched off.

        Raises:
            CannotToggleError: it is not the demo's own.
        """
        ...

    async def start(self, service: ToggleableService) -> None:
        """Make a part be there again, at its address and with what it held.

        Raises:
            CannotToggleError: it is not the demo's own, or it does not start.
        """
        ...

    async def restart_bot(self) -> None:
        """End the bot as a host does and start it again; done when it is on the gateway.

        Raises:
            CannotToggleError: it does not come back in half a minute.
        """
        ...

    def moments(self) -> Sequence[PretendedMoment]:
        """Return the moments that the demo can pretend it to be."""
        ...

    @property
    def pretended(self) -> str:
        """The id of the moment that is pretended, `REAL_TIME` where none is."""
        ...

    async def pretend(self, moment_id: str) -> None:
        """Restart the bot, which forgets all that it knew, at another moment.

        Raises:
            CannotToggleError: it does not come back in half a minute.
            LookupError: there is no such moment.
        """
        ...

    def add_listener(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each change of a standing; what is returned ends that."""
        ...
