"""What the page may see and do of the playground's other parts: the bot, the store, the source."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal, Protocol

Part = Literal["bot", "store", "source"]
"""What runs beside the local Discord; `source` is where the bot reads bookings."""

Switchable = Literal["store", "source"]
"""What can be taken away and brought back."""


class Health(Enum):
    """How a part is; `STARTING` lasts until it answers, `FOREIGN` is not the playground's."""

    UP = "up"
    STARTING = "starting"
    DOWN = "down"
    FOREIGN = "foreign"


class CannotSwitchError(Exception):
    """A part that is not the playground's own, or that does not start; its text says why."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a part is, and what to call it: "Valkey", "demo campus", "25Live"."""

    health: Health
    name: str
    can_switch: bool


class Control(Protocol):
    """The switches of a playground.

    Each call ends when what it asks for is done; to ask for what is so already has no effect.
    """

    def standings(self) -> Mapping[Part, Standing]:
        """Return how every part is now."""
        ...

    async def take_away(self, part: Switchable) -> None:
        """Make a part be gone, as a machine that is switched off.

        Raises:
            CannotSwitchError: it is not the playground's own.
        """
        ...

    async def bring_back(self, part: Switchable) -> None:
        """Make a part be there again, at its address and with what it held.

        Raises:
            CannotSwitchError: it is not the playground's own, or it does not start.
        """
        ...

    async def restart_bot(self) -> None:
        """End the bot as a host does and start it again; done when it is on the gateway.

        Raises:
            CannotSwitchError: it does not come back in half a minute.
        """
        ...

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each change of a standing; what is returned ends that."""
        ...
