"""Users with a Discord client: what they type and press, and what they get back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from fakes.discord.client.channel_view import ChannelView
from fakes.discord.client.command_visibility import can_send_messages
from fakes.discord.client.interaction_payload import InteractionData, new_interaction
from fakes.discord.client.modal_input import ClientModal, modal_data
from fakes.discord.client.option_input import OptionForm
from fakes.discord.client.select_input import select_data
from fakes.discord.client.waits import (
    wait_for_callback,
    wait_for_edits,
    wait_for_follow_ups,
    wait_for_visible,
)
from fakes.discord.model.component_tree import LINK_STYLE, ComponentType
from fakes.discord.model.entities import Channel, Interaction, Message
from fakes.discord.model.enums import CallbackType, InteractionType
from fakes.discord.model.errors import ClientRefusal
from fakes.discord.model.json_types import Json
from fakes.discord.model.message_content import MessageVersion, MessageView
from fakes.discord.model.state import DiscordState
from fakes.discord.model.users import User

DEFAULT_TIMEOUT = 10.0

_DEFERRED = (CallbackType.DEFERRED_MESSAGE, CallbackType.DEFERRED_UPDATE)


class Backend(Protocol):
    """The server that a client is connected to."""

    state: DiscordState

    def send_interaction(self, interaction: Interaction) -> None:
        """Send an interaction to the bot."""


@dataclass(eq=False)
class HumanUser(User):
    """A user with a Discord client."""

    backend: Backend | None = None
    user_installed: bool = False
    open_modal: ClientReply | None = None

    def at(
        self,
        channel: Channel,
        *,
        user_installed: bool | None = None,
        timeout: float = DEFAULT_TIMEOUT,
    ) -> UserClient:
        """Return this user's client with a channel open.

        `user_installed` overrides whether the user has added the bot to their account; `timeout`
        is how many seconds to wait for a deferred reply.
        """
        if self.backend is None:
            raise LookupError("this user belongs to no Discord")
        own = self.user_installed if user_installed is None else user_installed
        return UserClient(self.backend.state, self, channel, own, self.backend, timeout)

    def direct_messages(self, *, timeout: float = DEFAULT_TIMEOUT) -> UserClient:
        """Return this user's client with the direct messages to the bot open."""
        if self.backend is None:
            raise LookupError("this user belongs to no Discord")
        return self.at(self.backend.state.direct_channel(self), timeout=timeout)


@dataclass(eq=False)
class UserClient(ChannelView):
    """A user's client with one channel open: what the user does there."""

    user: HumanUser
    backend: Backend
    timeout: float

    async def slash(self, command: str, /, **options: object) -> ClientReply:
        """Run a command ("digest set") and return the first thing the bot shows.

        Waits for the reply to a deferral; a modal that the bot opens is the reply's `modal`.

        Raises:
            ClientRefusal: The client does not offer the command, or rejects the options.
            InteractionFailed: The bot did not respond in time.
            NoReply: The bot deferred its response and then showed nothing.
        """
        return await self._run(self.command_line().command_data(command, options))

    async def autocomplete(
        self, command: str, option: str, typed: str | float, /, **others: object
    ) -> list[tuple[str, str | int | float]]:
        """Type into an option and return the bot's choices as (name, value).

        Raises:
            ClientRefusal: The client does not offer the command, or the option has no autocomplete.
            InteractionFailed: The bot did not respond in time.
        """
        values = {**others, option: typed}
        interaction = self.send_interaction(
            self.command_line().autocomplete_data(command, option, values)
        )
        await wait_for_callback(interaction, self.state.response_window)
        return [(choice["name"], choice["value"]) for choice in interaction.choices or []]

    async def press(self, message: Message, button: str) -> ClientReply:
        """Press a button of a message, by its label or custom_id.

        Raises:
            ClientRefusal: There is no such button, or it is disabled or a link.
            InteractionFailed: The bot did not respond in time.
        """
        self._check_visible(message)
        found = message.current.button(button)
        if found is None:
            raise ClientRefusal(f"There is no button {button!r}, only {list(message.buttons)}")
        if found.get("disabled"):
            raise ClientRefusal(f"The button {button!r} is disabled")
        if found["style"] == LINK_STYLE:
            raise ClientRefusal(f"The button {button!r} opens {found['url']}")
        data = {"custom_id": found["custom_id"], "component_type": int(ComponentType.BUTTON)}
        return await self._use_component(message, {**data, "id": found["id"]})

    async def choose(self, message: Message, select: str, *values: object) -> ClientReply:
        """Choose values in a select of a message; channels, roles and users are objects.

        Raises:
            ClientRefusal: There is no such select or value, or too many or too few values.
            InteractionFailed: The bot did not respond in time.
        """
        self._check_visible(message)
        found = message.current.select(select)
        if found is None:
            raise ClientRefusal(f"There is no select {select!r}, only {message.selects}")
        form = OptionForm(self.state, self.user, self.channel)
        return await self._use_component(message, select_data(found, values, form))

    async def _use_component(self, message: Message, data: Json) -> ClientReply:
        owners = message.interaction.installation_owners if message.interaction else {}
        if not owners and self.channel.guild is not None:
            owners = {"0": str(self.channel.guild.id)}
        return await self._run(
            InteractionData(InteractionType.COMPONENT, data, owners, source_message=message)
        )

    async def submit_modal(self, values: dict[str, object]) -> ClientReply:
        """Fill in and submit the open modal; `values` are by label or custom_id.

        Raises:
            ClientRefusal: No modal is open, or it rejects the values.
            InteractionFailed: The bot did not respond in time.
        """
        opened = self.user.open_modal
        if opened is None or opened.modal is None:
            raise ClientRefusal("No form is open")
        interaction = opened.interaction
        data = InteractionData(
            InteractionType.MODAL,
            modal_data(opened.modal.custom_id, opened.modal.components, values),
            interaction.installation_owners,
            interaction.name,
            interaction.source_message,
        )
        reply = await self._run(data)
        self.user.open_modal = None
        return reply

    def send_message(self, text: str) -> Message:
        """Send a message of this user to the channel.

        Raises:
            ClientRefusal: This user may not write here.
        """
        if not can_send_messages(self.command_context()):
            raise ClientRefusal("You do not have permission to send messages in this channel.")
        version = MessageVersion(self.state.now(), text)
        message = Message(self.state.ids.next(), self.channel, self.user, [version])
        self.state.add_message(message)
        return message

    def send_interaction(self, data: InteractionData) -> Interaction:
        """Send an interaction to the bot, without waiting for a response."""
        interaction = new_interaction(self.state, self.command_context(), data)
        self.backend.send_interaction(interaction)
        return interaction

    async def _run(self, data: InteractionData) -> ClientReply:
        return await self.wait_for_reply(self.send_interaction(data))

    async def wait_for_reply(self, interaction: Interaction) -> ClientReply:
        """Return the first thing the bot shows; a modal stays open until it is submitted.

        Raises:
            InteractionFailed: The bot did not respond in time.
            NoReply: The bot deferred its response and then showed nothing.
        """
        await wait_for_callback(interaction, self.state.response_window)
        shown = await wait_for_visible(interaction, self.timeout)
        version = shown.version or MessageVersion(interaction.created_at)
        modal = ClientModal.opened(shown.modal) if shown.modal else None
        reply = ClientReply(self, interaction, shown.message, version, modal)
        if modal:
            self.user.open_modal = reply
        return reply


@dataclass(frozen=True, slots=True)
class ClientReply(MessageView):
    """A reply as the user saw it first; later edits of the bot do not change it.

    `latest()` is the same message as it is now. When the bot opens a modal there is no message
    but a `modal`.
    """

    client: UserClient
    interaction: Interaction
    message: Message | None
    version: MessageVersion
    modal: ClientModal | None = None

    @property
    def _shown(self) -> MessageVersion:
        return self.version

    @property
    def is_ephemeral(self) -> bool:
        """Whether only the user who ran the command sees it."""
        return self.message is not None and self.message.ephemeral_for is not None

    @property
    def was_deferred(self) -> bool:
        """Whether the bot deferred its response first."""
        return self.interaction.callback in _DEFERRED

    @property
    def is_deleted(self) -> bool:
        """Whether the bot has deleted the message."""
        return self.message is not None and self.message.is_deleted

    def latest(self) -> ClientReply:
        """Return the same message as it is now."""
        version = self.message.current if self.message else self.version
        return ClientReply(self.client, self.interaction, self.message, version)

    def _require_message(self) -> Message:
        if self.message is None:
            raise LookupError("the bot opened a form; there is no message")
        return self.message

    def _client_of(self, user: HumanUser | None) -> UserClient:
        return self.client if user is None else user.at(self.client.channel)

    async def press(self, button: str, *, by: HumanUser | None = None) -> ClientReply:
        """Press a button; see `UserClient.press`. Others can press those of public messages."""
        return await self._client_of(by).press(self._require_message(), button)

    async def choose(self, select: str, *values: str, by: HumanUser | None = None) -> ClientReply:
        """Choose values in a select; see `UserClient.choose`."""
        return await self._client_of(by).choose(self._require_message(), select, *values)

    async def dismiss(self) -> None:
        """Dismiss the message; see `UserClient.dismiss`."""
        self.client.dismiss(self._require_message())

    async def wait_for_edits(self, count: int = 1) -> list[MessageVersion]:
        """Wait until the bot has edited the message `count` times; return all edits.

        Filling a deferral is no edit.

        Raises:
            NoReply: There were fewer edits in time.
        """
        return await wait_for_edits(self._require_message(), count, self.client.timeout)

    async def wait_for_follow_ups(self, count: int = 1) -> list[ClientReply]:
        """Wait until the bot has sent `count` follow-ups; return all of them.

        Raises:
            NoReply: There were fewer follow-ups in time.
        """
        found = await wait_for_follow_ups(self.interaction, count, self.client.timeout)
        return [
            ClientReply(self.client, self.interaction, message, message.current)
            for message in found
        ]
