"""What a person does in front of a channel: type commands, press, choose, fill in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from playground.local_discord import access, rights
from playground.local_discord.asking import Question, new_interaction
from playground.local_discord.command_line import CommandLine
from playground.local_discord.components import LINK_STYLE, Part
from playground.local_discord.errors import ClientRefusal, InteractionFailed, NoAnswer
from playground.local_discord.interactions import Answer, Asked, Interaction, Shown
from playground.local_discord.messages import Message, Version
from playground.local_discord.modals import submitted
from playground.local_discord.options import Form
from playground.local_discord.permissions import Permission
from playground.local_discord.picking import picked
from playground.local_discord.replies import Modal, Reply

if TYPE_CHECKING:
    from playground.local_discord.json_types import Json
    from playground.local_discord.model import Channel
    from playground.local_discord.people import Person
    from playground.local_discord.world import World


class Stage(Protocol):
    """What a seat needs of the server."""

    world: World

    def ask(self, interaction: Interaction) -> None:
        """Send an interaction to the bot."""


@dataclass(eq=False)
class Seat:
    """One person in front of one channel."""

    stage: Stage
    person: Person
    channel: Channel
    user_installed: bool
    patience: float

    @property
    def _world(self) -> World:
        return self.stage.world

    def _place(self) -> access.Place:
        server, world = self.channel.server, self._world
        if server is not None and not rights.permissions_in(self.channel, self.person):
            raise ClientRefusal("You do not see this channel")
        shares = any(
            one.has_bot and self.person.id in one.members for one in world.servers.values()
        )
        return access.Place(self.person, self.channel, self.user_installed, shares)

    @property
    def commands(self) -> list[str]:
        """The commands that the client offers here, sub-commands by their full names."""
        return list(self._line().shown())

    def options_of(self, command: str) -> list[Json]:
        """Return the options of a command as the client shows them, in Discord's JSON.

        Raises:
            ClientRefusal: The client does not offer the command here.
        """
        return self._line().options_of(command)

    @property
    def messages(self) -> list[Message]:
        """What this person sees here: public messages and the own private ones, oldest first."""
        return [
            message
            for message in self.channel.all_messages.values()
            if not message.deleted
            and message.id not in self.person.dismissed
            and message.private_to in (None, self.person)
        ]

    async def slash(self, command: str, /, **options: object) -> Reply:
        """Use a command ("digest set"); return the first thing the bot shows.

        A deferral is waited out; a form that the bot opens instead is the reply's `modal`.

        Raises:
            ClientRefusal: The client does not offer the command, or does not take the options.
            InteractionFailed: The bot did not respond in time.
            NoAnswer: It said that it was thinking, and nothing came of it.
        """
        return await self._answer(self._ask(self._line().enter(command, options)))

    async def complete(
        self, command: str, option: str, typed: str | float, /, **others: object
    ) -> list[tuple[str, str | int | float]]:
        """Type into an option; return the completions as (name, value).

        Raises:
            ClientRefusal: The client does not offer the command, or nothing completes the option.
            InteractionFailed: The bot did not respond in time.
        """
        question = self._line().typing(command, option, {**others, option: typed})
        interaction = self._ask(question)
        await self._response(interaction)
        return [(choice["name"], choice["value"]) for choice in interaction.choices or []]

    def _line(self) -> CommandLine:
        return CommandLine(self._world, self._place())

    def _ask(self, question: Question) -> Interaction:
        interaction = new_interaction(self._world, self._place(), question)
        self.stage.ask(interaction)
        return interaction

    async def press(self, message: Message, button: str) -> Reply:
        """Press a button of a message, by its label or custom_id.

        Raises:
            ClientRefusal: There is no such button, or it cannot be pressed.
            InteractionFailed: The bot did not respond.
        """
        self._check_sees(message)
        found = message.now.button(button)
        if found is None:
            raise ClientRefusal(f"There is no button {button!r}, only {list(message.buttons)}")
        if found.get("disabled"):
            raise ClientRefusal(f"The button {button!r} is disabled")
        if found["style"] == LINK_STYLE:
            raise ClientRefusal(f"The button {button!r} opens {found['url']}")
        data = {"custom_id": found["custom_id"], "component_type": int(Part.BUTTON)}
        return await self._use_component(message, {**data, "id": found["id"]})

    async def choose(self, message: Message, select: str, *values: object) -> Reply:
        """Choose from a select of a message; channels, roles and people are given as such.

        Raises:
            ClientRefusal: There is no such select or option, or not so many may be chosen.
            InteractionFailed: The bot did not respond.
        """
        self._check_sees(message)
        found = message.now.select(select)
        if found is None:
            raise ClientRefusal(f"There is no select {select!r}, only {message.selects}")
        form = Form(self._world, self.person, self.channel)
        return await self._use_component(message, picked(found, values, form))

    async def _use_component(self, message: Message, data: Json) -> Reply:
        owners = message.interaction.owners if message.interaction else {}
        if not owners and self.channel.server is not None:
            owners = {"0": str(self.channel.server.id)}
        return await self._answer(
            self._ask(Question(Asked.COMPONENT, data, owners, source=message))
        )

    def _check_sees(self, message: Message) -> None:
        self._place()
        if message not in self.messages:
            raise ClientRefusal("You do not see this message")
        history = int(Permission.READ_MESSAGE_HISTORY)
        allowed = rights.permissions_in(self.channel, self.person)
        if message.private_to is None and self.channel.server and not rights.may(allowed, history):
            raise ClientRefusal("You do not see earlier messages here")

    async def fill_modal(self, values: dict[str, object]) -> Reply:
        """Fill in and send the form that is open, by labels or custom_ids.

        Raises:
            ClientRefusal: No form is open, or it does not take what was filled in.
            InteractionFailed: The bot did not respond.
        """
        if self.person.modal is None or self.person.modal.modal is None:
            raise ClientRefusal("No form is open")
        opened, form = self.person.modal.interaction, self.person.modal.modal
        data = submitted(form.custom_id, form.components, values)
        question = Question(Asked.MODAL, data, opened.owners, opened.name, opened.source)
        reply = await self._answer(self._ask(question))
        self.person.modal = None
        return reply

    def say(self, text: str) -> Message:
        """Post a message of this person's own.

        Raises:
            ClientRefusal: This person may not write here.
        """
        if not access.may_write(self._place()):
            raise ClientRefusal("You do not have permission to send messages in this channel.")
        world = self._world
        said = [Version(world.now(), text)]
        message = Message(world.ids.next(), self.channel, self.person, said)
        world.remember(message)
        return message

    def dismiss(self, message: Message) -> None:
        """Click a private message away.

        Raises:
            ClientRefusal: It is public.
        """
        if message.private_to is None:
            raise ClientRefusal("Only private messages can be dismissed")
        self.person.dismissed.add(message.id)

    async def _response(self, interaction: Interaction) -> Answer:
        window = self._world.answer_window / timedelta(seconds=1)
        try:
            return await interaction.pulse.until(lambda: interaction.answer, window)
        except TimeoutError:
            interaction.failed = True
            command = interaction.kind is Asked.COMMAND
            words = "The application did not respond" if command else "This interaction failed"
            why = f" (refused: {'; '.join(interaction.refused)})" if interaction.refused else ""
            raise InteractionFailed(words + why) from None

    async def _answer(self, interaction: Interaction) -> Reply:
        await self._response(interaction)

        def first() -> Shown | None:
            return interaction.shown[0] if interaction.shown else None

        try:
            shown = await interaction.pulse.until(first, self.patience)
        except TimeoutError:
            refused = "; ".join(interaction.refused)
            why = f" (refused: {refused})" if refused else ""
            words = f"The bot took note, and showed nothing in {self.patience} s{why}"
            raise NoAnswer(words) from None
        return self._reply(interaction, shown)

    def _reply(self, interaction: Interaction, shown: Shown) -> Reply:
        if shown.modal is None:
            version = shown.version or Version(interaction.created_at)
            return Reply(self, interaction, shown.message, version)
        form = shown.modal
        modal = Modal(form["custom_id"], form["title"], form["components"])
        self.person.modal = Reply(self, interaction, None, Version(interaction.created_at), modal)
        return self.person.modal

    async def edits_of(self, message: Message, count: int) -> list[Version]:
        """Wait for edits after the message first said something; see `Reply.edits`."""

        def enough() -> list[Version] | None:
            edits = message.edits
            return edits if len(edits) >= count else None

        try:
            return await message.pulse.until(enough, self.patience)
        except TimeoutError:
            found = len(message.edits)
            raise NoAnswer(f"{found} edits in {self.patience} s, not {count}") from None

    async def follow_ups_of(self, interaction: Interaction, count: int) -> list[Reply]:
        """Wait for further messages; see `Reply.follow_ups`."""

        def enough() -> list[Message] | None:
            return interaction.follow_ups if len(interaction.follow_ups) >= count else None

        try:
            found = await interaction.pulse.until(enough, self.patience)
        except TimeoutError:
            number = len(interaction.follow_ups)
            raise NoAnswer(f"{number} follow-ups in {self.patience} s, not {count}") from None
        return [Reply(self, interaction, message, message.now) for message in found]
