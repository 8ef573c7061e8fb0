"""What a person sees after asking, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fakes.discord.model.interaction_types import CallbackType
from fakes.discord.model.message_content import MessageFlag, MessageVersion

if TYPE_CHECKING:
    from fakes.discord.client.user_client import UserClient
    from fakes.discord.client.users import HumanUser
    from fakes.discord.model.interaction_types import Interaction
    from fakes.discord.model.json_types import Json
    from fakes.discord.model.message_content import Attachment, Message

_DEFERRED = (CallbackType.DEFERRED_MESSAGE, CallbackType.DEFERRED_UPDATE)


@dataclass(frozen=True, slots=True)
class ClientModal:
    """A form that the bot has opened in front of a person."""

    custom_id: str
    title: str
    components: list[Json]


@dataclass(frozen=True, slots=True)
class ClientReply:
    """What a person saw at one moment: it does not change when the bot edits it.

    `latest()` is the same message as it is now. After a command or button that opens a form there
    is no message but a `modal`.
    """

    client: UserClient
    interaction: Interaction
    message: Message | None
    version: MessageVersion
    modal: ClientModal | None = None

    @property
    def text(self) -> str:
        """Everything there is to read, in order, one text a line."""
        return self.version.text

    @property
    def is_ephemeral(self) -> bool:
        """Whether only the person who asked sees it."""
        return self.message is not None and self.message.ephemeral_for is not None

    @property
    def was_deferred(self) -> bool:
        """Whether the bot first said that it was thinking (or took note without a word)."""
        return self.interaction.callback in _DEFERRED

    @property
    def is_deleted(self) -> bool:
        """Whether what came of it is that the message is gone."""
        return self.message is not None and self.message.is_deleted

    @property
    def components(self) -> list[Json]:
        """The components as raw JSON."""
        return self.version.components

    @property
    def buttons(self) -> dict[str, bool]:
        """The buttons in order: label, and whether it can be pressed."""
        return self.version.buttons

    @property
    def selects(self) -> list[str]:
        """The selects in order, by placeholder (or custom_id)."""
        return self.version.selects

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files that hang on it."""
        return self.version.attachments

    @property
    def is_silent(self) -> bool:
        """Whether it came without a notification."""
        return bool(self.version.flags & MessageFlag.SUPPRESS_NOTIFICATIONS)

    def options(self, select: str) -> list[str]:
        """Return the labels that a select offers."""
        return self.version.options(select)

    def latest(self) -> ClientReply:
        """Return the same message as it is now."""
        version = self.message.current if self.message else self.version
        return ClientReply(self.client, self.interaction, self.message, version)

    def _require_message(self) -> Message:
        if self.message is None:
            raise LookupError("the bot opened a form; there is no message")
        return self.message

    async def press(self, button: str, *, by: HumanUser | None = None) -> ClientReply:
        """Press a button, by its label or custom_id; somebody else can on public messages.

        Raises:
            ClientRefusal: There is no such button, or it cannot be pressed.
            InteractionFailed: The bot did not respond.
        """
        return await self._client_of(by).press(self._require_message(), button)

    async def choose(self, select: str, *values: str, by: HumanUser | None = None) -> ClientReply:
        """Choose from a select (by placeholder or custom_id) options by label or value.

        Raises:
            ClientRefusal: There is no such select or option, or not so many may be chosen.
            InteractionFailed: The bot did not respond.
        """
        return await self._client_of(by).choose(self._require_message(), select, *values)

    async def dismiss(self) -> None:
        """Click it away, as one can with private messages.

        Raises:
            ClientRefusal: It is public.
        """
        self.client.dismiss(self._require_message())

    async def wait_for_edits(self, count: int = 1) -> list[MessageVersion]:
        """Wait until it was edited `count` times since it first said something; return all edits.

        Raises:
            NoAnswer: It was not.
        """
        return await self.client.wait_for_edits(self._require_message(), count)

    async def wait_for_follow_ups(self, count: int = 1) -> list[ClientReply]:
        """Wait until the bot has sent `count` further messages; return all of them.

        Raises:
            NoAnswer: It has not.
        """
        return await self.client.wait_for_follow_ups(self.interaction, count)

    def _client_of(self, by: HumanUser | None) -> UserClient:
        return self.client if by is None else by.at(self.client.channel)
