"""One interaction from the press to the last edit: which answers it may still get."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING

from fakes.discord.model.change_signal import ChangeSignal

if TYPE_CHECKING:
    from fakes.discord.model.entities import Channel, User
    from fakes.discord.model.json_types import Json
    from fakes.discord.model.message_content import Message, MessageVersion

TOKEN_LIFETIME = timedelta(minutes=15)


class InteractionType(IntEnum):
    """The interaction types by name."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class CallbackType(IntEnum):
    """The callback types by name."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


ALLOWED_CALLBACKS = {
    InteractionType.COMMAND: {
        CallbackType.MESSAGE,
        CallbackType.DEFERRED_MESSAGE,
        CallbackType.MODAL,
    },
    InteractionType.AUTOCOMPLETE: {CallbackType.CHOICES},
    InteractionType.COMPONENT: set(CallbackType) - {CallbackType.CHOICES},
    InteractionType.MODAL: set(CallbackType) - {CallbackType.CHOICES, CallbackType.MODAL},
}


@dataclass(frozen=True, slots=True)
class VisibleResponse:
    """Something the person got to see: a message in one of its versions, or a modal."""

    message: Message | None = None
    version: MessageVersion | None = None
    modal: Json | None = None


@dataclass(eq=False)
class Interaction:
    """What a person asked of the bot, and what has come of it."""

    id: int
    token: str
    kind: InteractionType
    user: User
    channel: Channel
    installation_owners: dict[str, str]
    payload: Json
    created_at: datetime
    source_message: Message | None = None
    name: str = ""
    callback: CallbackType | None = None
    failed: bool = False
    is_forced_ephemeral: bool = False
    user_installed_only: bool = False
    original_response: Message | None = None
    choices: list[Json] | None = None
    follow_ups: list[Message] = field(default_factory=list)
    visible_responses: list[VisibleResponse] = field(default_factory=list)
    validation_errors: list[str] = field(default_factory=list)
    signal: ChangeSignal = field(default_factory=ChangeSignal)

    def add_visible(self, response: VisibleResponse) -> None:
        """Let the person see it, and wake whoever waits for that."""
        self.visible_responses.append(response)
        self.signal.notify()

    def is_expired(self, now: datetime, window: timedelta) -> bool:
        """Tell whether the first response comes too late."""
        return self.failed or now - self.created_at > window

    def is_token_expired(self, now: datetime) -> bool:
        """Tell whether follow-ups and edits come too late."""
        return now - self.created_at > TOKEN_LIFETIME
