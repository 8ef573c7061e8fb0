"""What a person does in front of a channel: type commands, press, choose, fill in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from fakes.discord.client import command_visibility
from fakes.discord.client.command_line import CommandLine
from fakes.discord.client.interaction_payload import InteractionData, new_interaction
from fakes.discord.client.modal_input import modal_data
from fakes.discord.client.option_input import OptionForm
from fakes.discord.client.reply import ClientModal, ClientReply
from fakes.discord.client.select_input import select_data
from fakes.discord.model import permission_rules
from fakes.discord.model.component_tree import LINK_STYLE, ComponentType
from fakes.discord.model.errors import ClientRefusal, InteractionFailed, NoReply
from fakes.discord.model.interaction_types import (
    CallbackType,
    Interaction,
    InteractionType,
    VisibleResponse,
)
from fakes.discord.model.message_content import Message, MessageVersion
from fakes.discord.model.permissions import Permission

if TYPE_CHECKING:
    from fakes.discord.client.users import HumanUser
    from fakes.discord.model.entities import Channel
    from fakes.discord.model.json_types import Json
    from fakes.discord.model.state import DiscordState


class Backend(Protocol):
    """What a seat needs of the server."""

    state: DiscordState

    def send_interaction(self, interaction: Interaction) -> None:
        """Send an interaction to the bot."""


@dataclass(eq=False)
class UserClient:
    """One person in front of one channel."""

    backend: Backend
    user: HumanUser
    channel: Channel
    user_installed: bool
    timeout: float

    @property
    def _state(self) -> DiscordState:
        return self.backend.state

    def _command_context(self) -> command_visibility.CommandContext:
        server, world = self.channel.guild, self._state
        if server is not None and not permission_rules.permissions_in(self.channel, self.user):
            raise ClientRefusal("You do not see this channel")
        shares = any(one.has_bot and self.user.id in one.members for one in world.guilds.values())
        return command_visibility.CommandContext(
            self.user, self.channel, self.user_installed, shares
        )

    @property
    def commands(self) -> list[str]:
        """The commands that the client offers here, sub-commands by their full names."""
        return list(self._command_line().visible_commands())

    def options_of(self, command: str) -> list[Json]:
        """Return the options of a command as the client shows them, in Discord's JSON.

        Raises:
            ClientRefusal: The client does not offer the command here.
        """
        return self._command_line().options_of(command)

    @property
    def messages(self) -> list[Message]:
        """What this person sees here: public messages and the own private ones, oldest first."""
        return [
            message
            for message in self.channel.messages_by_id.values()
            if not message.is_deleted
            and message.id not in self.user.dismissed_ids
            and message.ephemeral_for in (None, self.user)
        ]

    async def slash(self, command: str, /, **options: object) -> ClientReply:
        """Use a command ("digest set"); return the first thing the bot shows.

        A deferral is waited out; a form that the bot opens instead is the reply's `modal`.

        Raises:
            ClientRefusal: The client does not offer the command, or does not take the options.
            InteractionFailed: The bot did not respond in time.
            NoAnswer: It said that it was thinking, and nothing came of it.
        """
        return await self._wait_for_reply(
            self._send(self._command_line().command_data(command, options))
        )

    async def autocomplete(
        self, command: str, option: str, typed: str | float, /, **others: object
    ) -> list[tuple[str, str | int | float]]:
        """Type into an option; return the completions as (name, value).

        Raises:
            ClientRefusal: The client does not offer the command, or nothing completes the option.
            InteractionFailed: The bot did not respond in time.
        """
        question = self._command_line().autocomplete_data(
            command, option, {**others, option: typed}
        )
        interaction = self._send(question)
        await self._wait_for_response(interaction)
        return [(choice["name"], choice["value"]) for choice in interaction.choices or []]

    def _command_line(self) -> CommandLine:
        return CommandLine(self._state, self._command_context())

    def _send(self, interaction_data: InteractionData) -> Interaction:
        interaction = new_interaction(self._state, self._command_context(), interaction_data)
        self.backend.send_interaction(interaction)
        return interaction

    async def press(self, message: Message, button: str) -> ClientReply:
        """Press a button of a message, by its label or custom_id.

        Raises:
            ClientRefusal: There is no such button, or it cannot be pressed.
            InteractionFailed: The bot did not respond.
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
        """Choose from a select of a message; channels, roles and people are given as such.

        Raises:
            ClientRefusal: There is no such select or option, or not so many may be chosen.
            InteractionFailed: The bot did not respond.
        """
        self._check_visible(message)
        found = message.current.select(select)
        if found is None:
            raise ClientRefusal(f"There is no select {select!r}, only {message.selects}")
        form = OptionForm(self._state, self.user, self.channel)
        return await self._use_component(message, select_data(found, values, form))

    async def _use_component(self, message: Message, data: Json) -> ClientReply:
        owners = message.interaction.installation_owners if message.interaction else {}
        if not owners and self.channel.guild is not None:
            owners = {"0": str(self.channel.guild.id)}
        return await self._wait_for_reply(
            self._send(
                InteractionData(InteractionType.COMPONENT, data, owners, source_message=message)
            )
        )

    def _check_visible(self, message: Message) -> None:
        self._command_context()
        if message not in self.messages:
            raise ClientRefusal("You do not see this message")
        history = int(Permission.READ_MESSAGE_HISTORY)
        allowed = permission_rules.permissions_in(self.channel, self.user)
        if (
            message.ephemeral_for is None
            and self.channel.guild
            and not permission_rules.has_permission(allowed, history)
        ):
            raise ClientRefusal("You do not see earlier messages here")

    async def submit_modal(self, values: dict[str, object]) -> ClientReply:
        """Fill in and send the form that is open, by labels or custom_ids.

        Raises:
            ClientRefusal: No form is open, or it does not take what was filled in.
            InteractionFailed: The bot did not respond.
        """
        if self.user.open_modal is None or self.user.open_modal.modal is None:
            raise ClientRefusal("No form is open")
        opened, form = self.user.open_modal.interaction, self.user.open_modal.modal
        data = modal_data(form.custom_id, form.components, values)
        question = InteractionData(
            InteractionType.MODAL,
            data,
            opened.installation_owners,
            opened.name,
            opened.source_message,
        )
        reply = await self._wait_for_reply(self._send(question))
        self.user.open_modal = None
        return reply

    def send_message(self, text: str) -> Message:
        """Post a message of this person's own.

        Raises:
            ClientRefusal: This person may not write here.
        """
        if not command_visibility.can_send_messages(self._command_context()):
            raise ClientRefusal("You do not have permission to send messages in this channel.")
        world = self._state
        said = [MessageVersion(world.now(), text)]
        message = Message(world.ids.next(), self.channel, self.user, said)
        world.add_message(message)
        return message

    def dismiss(self, message: Message) -> None:
        """Click a private message away.

        Raises:
            ClientRefusal: It is public.
        """
        if message.ephemeral_for is None:
            raise ClientRefusal("Only private messages can be dismissed")
        self.user.dismissed_ids.add(message.id)

    async def _wait_for_response(self, interaction: Interaction) -> CallbackType:
        window = self._state.response_window / timedelta(seconds=1)
        try:
            return await interaction.signal.wait_for(lambda: interaction.callback, window)
        except TimeoutError:
            interaction.failed = True
            command = interaction.kind is InteractionType.COMMAND
            words = "The application did not respond" if command else "This interaction failed"
            why = (
                f" (refused: {'; '.join(interaction.validation_errors)})"
                if interaction.validation_errors
                else ""
            )
            raise InteractionFailed(words + why) from None

    async def _wait_for_reply(self, interaction: Interaction) -> ClientReply:
        await self._wait_for_response(interaction)

        def first() -> VisibleResponse | None:
            return interaction.visible_responses[0] if interaction.visible_responses else None

        try:
            shown = await interaction.signal.wait_for(first, self.timeout)
        except TimeoutError:
            refused = "; ".join(interaction.validation_errors)
            why = f" (refused: {refused})" if refused else ""
            words = f"The bot took note, and showed nothing in {self.timeout} s{why}"
            raise NoReply(words) from None
        return self._reply(interaction, shown)

    def _reply(self, interaction: Interaction, shown: VisibleResponse) -> ClientReply:
        if shown.modal is None:
            version = shown.version or MessageVersion(interaction.created_at)
            return ClientReply(self, interaction, shown.message, version)
        form = shown.modal
        modal = ClientModal(form["custom_id"], form["title"], form["components"])
        self.user.open_modal = ClientReply(
            self, interaction, None, MessageVersion(interaction.created_at), modal
        )
        return self.user.open_modal

    async def wait_for_edits(self, message: Message, count: int) -> list[MessageVersion]:
        """Wait for edits after the message first said something; see `Reply.edits`."""

        def enough() -> list[MessageVersion] | None:
            edits = message.edits
            return edits if len(edits) >= count else None

        try:
            return await message.signal.wait_for(enough, self.timeout)
        except TimeoutError:
            found = len(message.edits)
            raise NoReply(f"{found} edits in {self.timeout} s, not {count}") from None

    async def wait_for_follow_ups(self, interaction: Interaction, count: int) -> list[ClientReply]:
        """Wait for further messages; see `Reply.follow_ups`."""

        def enough() -> list[Message] | None:
            return interaction.follow_ups if len(interaction.follow_ups) >= count else None

        try:
            found = await interaction.signal.wait_for(enough, self.timeout)
        except TimeoutError:
            number = len(interaction.follow_ups)
            raise NoReply(f"{number} follow-ups in {self.timeout} s, not {count}") from None
        return [ClientReply(self, interaction, message, message.current) for message in found]
