"""People: those who have a Discord client, and sit down in front of channels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fakes.discord.client.user_client import Backend, UserClient
from fakes.discord.model.entities import User

if TYPE_CHECKING:
    from fakes.discord.client.reply import ClientReply
    from fakes.discord.model.entities import Channel

DEFAULT_TIMEOUT = 10.0


@dataclass(eq=False)
class HumanUser(User):
    """Somebody with a Discord client."""

    backend: Backend | None = None
    user_installed: bool = False
    dismissed_ids: set[int] = field(default_factory=set)
    open_modal: ClientReply | None = None

    def at(
        self,
        channel: Channel,
        *,
        user_installed: bool | None = None,
        timeout: float = DEFAULT_TIMEOUT,
    ) -> UserClient:
        """Sit down in front of a channel.

        `user_installed` tells whether the person has added the bot to the own account; `patience`
        is how many seconds to wait for a deferred answer.
        """
        if self.backend is None:
            raise LookupError("this person belongs to no server")
        own = self.user_installed if user_installed is None else user_installed
        return UserClient(self.backend, self, channel, own, timeout)

    def direct_messages(self, *, timeout: float = DEFAULT_TIMEOUT) -> UserClient:
        """Sit down in front of the direct messages with the bot."""
        if self.backend is None:
            raise LookupError("this person belongs to no server")
        return self.at(self.backend.state.direct_channel(self), timeout=timeout)
