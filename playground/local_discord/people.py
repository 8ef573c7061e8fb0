"""People: those who have a Discord client, and sit down in front of channels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playground.local_discord.model import User
from playground.local_discord.seats import Seat, Stage

if TYPE_CHECKING:
    from playground.local_discord.model import Channel
    from playground.local_discord.replies import Reply

PATIENCE = 10.0


@dataclass(eq=False)
class Person(User):
    """Somebody with a Discord client."""

    stage: Stage | None = None
    user_installed: bool = False
    dismissed: set[int] = field(default_factory=set)
    modal: Reply | None = None

    def at(
        self, channel: Channel, *, user_installed: bool | None = None, patience: float = PATIENCE
    ) -> Seat:
        """Sit down in front of a channel.

        `user_installed` tells whether the person has added the bot to the own account; `patience`
        is how many seconds to wait for a deferred answer.
        """
        if self.stage is None:
            raise LookupError("this person belongs to no server")
        own = self.user_installed if user_installed is None else user_installed
        return Seat(self.stage, self, channel, own, patience)

    def direct(self, *, patience: float = PATIENCE) -> Seat:
        """Sit down in front of the direct messages with the bot."""
        if self.stage is None:
            raise LookupError("this person belongs to no server")
        return self.at(self.stage.world.direct(self), patience=patience)
