"""What a client sends that keeps none of a client's rules: any option, any custom id, any value.

Left out is what never leaves Discord: ids that are no numbers, custom ids that stand on no message.
"""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fakes.discord import FakeDiscord, Message, UserClient
from fakes.discord.client.command_visibility import IntegrationType, InteractionContextType
from fakes.discord.client.interaction_payload import InteractionData, new_interaction
from fakes.discord.client.option_input import OptionType
from fakes.discord.model.command_registry import (
    CHAT_INPUT,
    SUBCOMMAND,
    SUBCOMMAND_GROUP,
    typed_forms,
)
from fakes.discord.model.component_tree import ComponentType
from fakes.discord.model.entities import Interaction
from fakes.discord.model.enums import InteractionType
from fakes.discord.model.json_types import Json
from tests.resilience import input_fuzzer, tampered_ids

_BY_TYPE = (OptionType.STRING, OptionType.INTEGER, OptionType.BOOLEAN)
_WRONGLY_TYPED = 1 / 12
_MISSHAPEN = 1 / 25
_RENAMED = 1 / 50
_EVERY_BIT = 2**53 - 1
_COMPONENT_ID = 7
_GROUP = 3
"""The type of a channel between several people outside of servers."""


@dataclass(frozen=True)
class Leaf:
    """A command as it is typed, sub-command included, and its options in Discord's JSON."""

    name: str
    command: Json
    options: list[Json]


def leaves_of(discord: FakeDiscord) -> list[Leaf]:
    """Return every command that the bot has registered."""
    return [
        Leaf(name, command, options)
        for command in discord.commands.registered()
        for name, options in typed_forms(command).items()
    ]


def wild_command(
    wild: random.Random, leaf: Leaf, tried: Json | None, usual: Mapping[str, Json]
) -> InteractionData:
    """Return a command where the option that is tried holds what nobody expects, others maybe.

    `usual` has, by name, the options as they should be filled in.
    """
    options: list[Json] = []
    resolved: Json = {}
    for option in leaf.options:
        if option is tried or wild.random() < 1 / 4:
            options.append(_filled(wild, option, resolved))
        elif option.get("required"):
            options.append(usual[option["name"]])
    if wild.random() < _MISSHAPEN:
        options = _misshapen(wild, options)
    data = _data(leaf, _maybe_older(wild, leaf.name), options)
    data |= {"resolved": resolved} if resolved else {}
    return InteractionData(InteractionType.COMMAND, data, {}, leaf.name)


def command_with(leaf: Leaf, name: str, typed: str, usual: Mapping[str, Json]) -> InteractionData:
    """Return a command with a text in one of its options, the others as they should be."""
    wanted = [each["name"] for each in leaf.options if each.get("required")]
    options = [usual[each] for each in wanted if each != name]
    options.append({"name": name, "type": int(OptionType.STRING), "value": typed})
    return InteractionData(InteractionType.COMMAND, _data(leaf, leaf.name, options), {}, leaf.name)


def wild_typing(wild: random.Random, leaf: Leaf, option: Json) -> InteractionData:
    """Return what is sent while something wild is typed into an option."""
    others = [each for each in leaf.options if each is not option]
    filled = [_filled(wild, each, {}) for each in others if wild.random() < 1 / 3]
    typed = {"name": option["name"], "type": option["type"], "value": input_fuzzer.text(wild)}
    options = [*filled, {**typed, "focused": True}]
    data = _data(leaf, _maybe_older(wild, leaf.name), options)
    return InteractionData(InteractionType.AUTOCOMPLETE, data, {}, leaf.name)


def _data(leaf: Leaf, name: str, options: list[Json]) -> Json:
    """Nest the options as deep as the command's name is."""
    first, *steps = name.split()
    nested = SUBCOMMAND
    for step in reversed(steps):
        options = [{"name": step, "type": int(nested), "options": options}]
        nested = SUBCOMMAND_GROUP
    return {"id": leaf.command["id"], "name": first, "type": CHAT_INPUT, "options": options}


def _maybe_older(wild: random.Random, name: str) -> str:
    """Return the name of a command, now and then one that it may have had before."""
    first, *steps = name.split()
    older = ("rooms", " ".join(["rooms", *steps]), f"{first} past")
    return wild.choice(older) if wild.random() < _RENAMED else name


def _filled(wild: random.Random, option: Json, resolved: Json) -> Json:
    value = _value(wild, option, resolved)
    if option["type"] in _BY_TYPE and wild.random() < _WRONGLY_TYPED:
        value = input_fuzzer.of_no_type(wild)
    return {"name": option["name"], "type": option["type"], "value": value}


def _value(wild: random.Random, option: Json, resolved: Json) -> object:
    match option["type"]:
        case OptionType.STRING:
            return input_fuzzer.text(wild)
        case OptionType.INTEGER:
            return input_fuzzer.whole_number(wild, option.get("min_value"), option.get("max_value"))
        case OptionType.BOOLEAN:
            return wild.choice((True, False))
        case OptionType.CHANNEL:
            return _channel(wild, resolved)
        case other:
            raise NotImplementedError(f"say what may be typed into an option of type {other}")


def _channel(wild: random.Random, resolved: Json) -> str:
    """Return the id of a channel of any type; mostly it is told what it is and who may what."""
    channel_id = str(wild.choice((0, 1, 2**63, wild.randrange(2**63))))
    told = {
        "id": channel_id,
        "name": input_fuzzer.text(wild)[:100],
        "type": wild.choice((0, 2, 4, 5, 13, 15, 16, 99)),
        "permissions": str(wild.choice((0, _EVERY_BIT))),
    }
    if wild.random() < 3 / 4:
        told["app_permissions"] = str(wild.choice((0, _EVERY_BIT)))
    if wild.random() < 3 / 4:
        resolved.setdefault("channels", {})[channel_id] = told
    return channel_id


def _misshapen(wild: random.Random, options: list[Json]) -> list[Json]:
    """Return options of which one is missing, all come twice, or one is of another command."""
    name = wild.choice(("code", "x", "self", "interaction", input_fuzzer.MARK))
    unknown = {"name": name, "type": int(OptionType.STRING), "value": input_fuzzer.MARK}
    return wild.choice((options[:-1], [*options, *options], [*options, unknown]))


@dataclass(frozen=True)
class Press:
    """A press of a component that stands on a message only for whoever presses it."""

    source: Message
    component: Json
    values: list[str] | None = None

    @property
    def question(self) -> InteractionData:
        """What is sent."""
        data: Json = {"custom_id": self.component["custom_id"], "id": _COMPONENT_ID}
        data["component_type"] = self.component["type"]
        if self.values is not None:
            data["values"] = self.values
        return InteractionData(InteractionType.COMPONENT, data, {}, source_message=self.source)


def wild_press(wild: random.Random, source: Message, seen: Sequence[str]) -> Press:
    """Return the press of a tampered button, or a choice that a select never offered."""
    custom_id = tampered_ids.custom_id(wild, seen)
    if wild.random() < 1 / 2:
        button = {
            "type": int(ComponentType.BUTTON),
            "style": 2,
            "label": "x",
            "custom_id": custom_id,
        }
        return Press(source, button)
    options = [{"label": "x", "value": "CAS"}]
    select = {"type": int(ComponentType.STRING_SELECT), "custom_id": custom_id, "options": options}
    chosen = wild.choice((input_fuzzer.text(wild)[:100], "CAS", "*", "GONE"))
    return Press(source, select, wild.choice(([chosen], [chosen], [chosen, "CGS"], [])))


def send(
    seat: UserClient,
    question: InteractionData,
    component: Json | None = None,
    *,
    in_group: bool = False,
) -> Interaction:
    """Send an interaction as it is, half characters included; return what will become of it.

    With a component, the message that it is sent from holds nothing but that. `in_group` says that
    the direct messages are those of a group, where Discord knows the bot as the asker's alone.
    """
    discord, place = seat.backend, seat.command_context()
    assert isinstance(discord, FakeDiscord)
    owners = place.installation_owners([IntegrationType.GUILD, IntegrationType.USER])
    whole = InteractionData(
        question.kind, question.data, owners, question.name, question.source_message
    )
    interaction = new_interaction(discord.state, place, whole)
    if component is not None:
        part = {**component, "id": _COMPONENT_ID}
        row = {"type": int(ComponentType.ACTION_ROW), "id": _COMPONENT_ID - 1, "components": [part]}
        message = {**interaction.payload["message"], "components": [row]}
        interaction.payload["message"] = message
    if in_group:
        interaction.payload["context"] = int(InteractionContextType.PRIVATE_CHANNEL)
        interaction.payload["channel"]["type"] = _GROUP
        interaction.installation_owners.pop(str(int(IntegrationType.GUILD)), None)
    _dispatch(discord, interaction)
    return interaction


def _dispatch(discord: FakeDiscord, interaction: Interaction) -> None:
    discord.state.add_interaction(interaction)
    server = interaction.channel.guild
    # Not by `ask`, whose encoder refuses half a character: a client can well send one.
    data = json.dumps(interaction.payload).encode()
    for session in discord.gateway.sessions.sessions_for(server.id if server else None):
        session.dispatch("INTERACTION_CREATE", data)
