"""One interaction from the press to the last edit: which answers it may still get."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING

from playground.local_discord.waiting import Pulse

if TYPE_CHECKING:
    from playground.local_discord.json_types import Json
    from playground.local_discord.messages import Message, Version
    from playground.local_discord.model import Channel, User

TOKEN_LIFE = timedelta(minutes=15)


class Asked(IntEnum):
    """The interaction types by name."""

    COMMAND = 2
    COMPONENT = 3
    COMPLETION = 4
    MODAL = 5


class Answer(IntEnum):
    """The callback types by name."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


ANSWERS_TO = {
    Asked.COMMAND: {Answer.MESSAGE, Answer.DEFERRED_MESSAGE, Answer.MODAL},
    Asked.COMPLETION: {Answer.CHOICES},
    Asked.COMPONENT: set(Answer) - {Answer.CHOICES},
    Asked.MODAL: set(Answer) - {Answer.CHOICES, Answer.MODAL},
}


@dataclass(frozen=True, slots=True)
class Shown:
    """Something the person got to see: a message in one of its versions, or a modal."""

    message: Message | None = None
    version: Version | None = None
    modal: Json | None = None


@dataclass(eq=False)
class Interaction:
    """What a person asked of the bot, and what has come of it."""

    id: int
    token: str
    kind: Asked
    person: User
    channel: Channel
    owners: dict[str, str]
    payload: Json
    created_at: datetime
    source: Message | None = None
    name: str = ""
    answer: Answer | None = None
    failed: bool = False
    only_private: bool = False
    user_installed_only: bool = False
    original: Message | None = None
    choices: list[Json] | None = None
    follow_ups: list[Message] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    pulse: Pulse = field(default_factory=Pulse)

    def show(self, shown: Shown) -> None:
        """Let the person see it, and wake whoever waits for that."""
        self.shown.append(shown)
        self.pulse.beat()

    def expired(self, now: datetime, window: timedelta) -> bool:
        """Tell whether the first response comes too late."""
        return self.failed or now - self.created_at > window

    def token_is_dead(self, now: datetime) -> bool:
        """Tell whether follow-ups and edits come too late."""
        return now - self.created_at > TOKEN_LIFE
