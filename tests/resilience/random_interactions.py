"""Everybody asks at once: each command, option, completion and component in turn, wildly."""

import asyncio
import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from cogs.ui.replies.errors import STALE_COMMAND
from fakes.discord import InteractionFailed, Message, NoReply, UserClient
from fakes.discord.client.interaction_payload import InteractionData
from fakes.discord.client.option_input import OptionType
from fakes.discord.client.waits import wait_for_callback
from fakes.discord.model.component_tree import buttons, selects
from fakes.discord.model.enums import InteractionType
from fakes.discord.model.json_types import Json
from tests.e2e.environment import BotEnvironment
from tests.resilience import input_fuzzer, raw_interactions
from tests.resilience.raw_interactions import Leaf

_PRESSES = 8
"""Tampered components for each round through all commands."""

_Case = Callable[[], tuple[UserClient, InteractionData, Json | None]]


@dataclass
class Crowd:
    """Members, a moderator and a stranger, in the server, in direct messages and elsewhere."""

    stage: BotEnvironment
    wild: random.Random
    at_once: int
    answered: Counter[str] = field(default_factory=Counter)
    understood: set[str] = field(default_factory=set)
    """The commands whose options were right at least once."""
    failed: list[str] = field(default_factory=list)
    _leaves: list[Leaf] = field(default_factory=list)
    _usual: dict[str, dict[str, Json]] = field(default_factory=dict)
    _seats: list[UserClient] = field(default_factory=list)
    _sources: list[tuple[UserClient, Message]] = field(default_factory=list)
    _seen_ids: list[str] = field(default_factory=list)

    async def gather(self) -> None:
        """Sit down, and find out what is usual: commands, values that are right, buttons."""
        self._leaves = raw_interactions.leaves_of(self.stage.discord)
        self._seats = [
            self.stage.member,
            self.stage.moderator,
            self.stage.ana.direct_messages(),
            self._abroad(),
        ]
        for leaf in self._leaves:
            right = {each["name"]: await self._right(leaf, each) for each in leaf.options}
            self._usual[leaf.name] = right
        for seat, share in itertools.product(self._seats, (False, True)):
            await self._collect(seat, "free", share=share)
            await self._collect(seat, "building", building="CAS", share=share)

    def _abroad(self) -> UserClient:
        tess = self.stage.discord.add_user("tess", user_installed=True)
        abroad = self.stage.discord.add_guild("Elsewhere")
        abroad.add_member(tess)
        return tess.at(abroad.add_channel("lobby"))

    async def _right(self, leaf: Leaf, option: Json) -> Json:
        """Return an option as a member fills it in who follows what is offered."""
        study = str(self.stage.study.id)
        number = min(max(30, option.get("min_value", 30)), option.get("max_value", 30))
        values: dict[int, object] = {OptionType.INTEGER: number, OptionType.CHANNEL: study}
        value = values.get(option["type"], "CAS")
        if option.get("autocomplete"):
            offered = await self.stage.moderator.autocomplete(leaf.name, option["name"], "")
            value = offered[0][1]
        return {"name": option["name"], "type": option["type"], "value": value}

    async def _collect(self, seat: UserClient, command: str, **options: object) -> None:
        reply = await seat.slash(command, **options)
        assert reply.message
        self._sources.append((seat, reply.message))
        parts = [*buttons(reply.components), *selects(reply.components)]
        self._seen_ids += [part["custom_id"] for part in parts]

    async def ask_known(self, troubles: int) -> int:
        """Ask every command with that many known troubles in each text; return how many it was."""
        texts = [
            (leaf, option["name"])
            for leaf in self._leaves
            for option in leaf.options
            if option["type"] == OptionType.STRING
        ]
        cases = [
            partial(self._known, *text, typed)
            for text in texts
            for typed in self.wild.sample(input_fuzzer.KNOWN, troubles)
        ]
        await self._ask_all(cases)
        return len(cases)

    async def ask_wildly(self, number: int) -> int:
        """Ask that many things that are new each time; return how many it was."""
        await self._ask_all(itertools.islice(itertools.cycle(self._cases()), number))
        return number

    async def _ask_all(self, cases: Iterable[_Case]) -> None:
        waiting = iter(cases)

        async def one_after_another() -> None:
            for case in waiting:
                await self._ask(*case())

        await asyncio.gather(*(one_after_another() for _ in range(self.at_once)))

    def _cases(self) -> Iterator[_Case]:
        for leaf in self._leaves:
            tried: list[Json | None] = [*leaf.options] or [None]
            for option in tried:
                yield partial(self._command, leaf, option)
                if option and option.get("autocomplete"):
                    yield partial(self._typing, leaf, option)
        for _ in range(_PRESSES):
            yield self._press

    def _known(self, leaf: Leaf, name: str, typed: str) -> tuple[UserClient, InteractionData, None]:
        question = raw_interactions.command_with(leaf, name, typed, self._usual[leaf.name])
        return self.wild.choice(self._seats), question, None

    def _command(self, leaf: Leaf, option: Json | None) -> tuple[UserClient, InteractionData, None]:
        question = raw_interactions.wild_command(self.wild, leaf, option, self._usual[leaf.name])
        return self.wild.choice(self._seats), question, None

    def _typing(self, leaf: Leaf, option: Json) -> tuple[UserClient, InteractionData, None]:
        question = raw_interactions.wild_typing(self.wild, leaf, option)
        return self.wild.choice(self._seats), question, None

    def _press(self) -> tuple[UserClient, InteractionData, Json]:
        seat, source = self.wild.choice(self._sources)
        press = raw_interactions.wild_press(self.wild, source, self._seen_ids)
        return seat, press.question, press.component

    async def _ask(
        self, seat: UserClient, question: InteractionData, component: Json | None
    ) -> None:
        interaction = raw_interactions.send(seat, question, component)
        try:
            if question.kind is InteractionType.AUTOCOMPLETE:
                await wait_for_callback(interaction, seat.state.response_window)
            else:
                reply = await seat.wait_for_reply(interaction)
                if reply.is_deleted:
                    await reply.wait_for_follow_ups()
        except (InteractionFailed, NoReply) as err:
            self.failed.append(f"{err}: {question.name} {question.data!a}"[:500])
        else:
            self.answered[question.kind.name] += 1
            if question.kind is InteractionType.COMMAND and reply.text != STALE_COMMAND:
                self.understood.add(question.name)
