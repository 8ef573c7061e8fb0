"""Who may do what, and where: the real bot against the tables in permission_tables.py."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from cogs.ui.audience import Audience, audience_of, is_checked_by_bot
from cogs.ui.components import PersistentItem
from cogs.ui.custom_ids import BuildingQueryId, FreeQueryId, RoomWeekId
from cogs.ui.replies import campus, errors
from core.availability.queries import FreeRoomsQuery
from fakes.discord import ClientRefusal, ClientReply, Message, Permission, UserClient
from fakes.discord.client.command_visibility import IntegrationType, InteractionContextType
from fakes.discord.client.option_input import OptionType
from fakes.discord.model.component_tree import ComponentType
from fakes.discord.model.json_types import Json
from tests.bot_commands import leaf_commands
from tests.e2e.environment import BotEnvironment
from tests.resilience import raw_interactions
from tests.resilience.input_environment import open_members_stage
from tests.resilience.permission_tables import BUTTONS, COMMANDS, OVERRIDES, Table, cells
from tests.resilience.raw_interactions import Leaf

pytestmark = pytest.mark.asyncio(loop_scope="module")

SENTENCES = (
    errors.NOT_ALLOWED,
    errors.IN_SERVERS_ONLY,
    errors.CANNOT_SHARE_HERE,
    errors.EXPIRED_MENU,
    campus.MODERATORS_ONLY,
)
FREE_NOW = FreeRoomsQuery(datetime.now(UTC), timedelta(minutes=28), is_now=True)
IDS: dict[str, Callable[[str], str]] = {
    "FreeComponent": FreeQueryId("umd", FREE_NOW).encode,
    "BuildingComponent": BuildingQueryId("umd", "CAS", None).encode,
    "RoomComponent": RoomWeekId("umd", "101", None).encode,
}
"""By kind of button, what it carries: the question is whole, so that its answer is one."""


@dataclass
class Places:
    """Who sits where, by the columns of the tables."""

    stage: BotEnvironment
    seats: dict[str, UserClient] = field(default_factory=dict)

    def fill(self) -> None:
        """Let everybody sit down, each with the rights of the column."""
        stage = self.stage
        self.seats = {"member": stage.member, "moderator": stage.moderator}
        self.seats["direct"] = stage.mo.direct_messages()
        for name in ("admin", "muted", "helper", "outcast"):
            person = stage.discord.add_user(name)
            stage.server.add_member(person, is_moderator=name == "muted")
            self.seats[name] = person.at(stage.general)
        self._give_rights()
        lobby = stage.discord.add_guild("Elsewhere").add_channel("lobby")
        hushed = stage.discord.add_guild("Quiet").add_channel("lobby")
        assert hushed.guild
        hushed.overwrite(hushed.guild.everyone, deny=Permission.USE_EXTERNAL_APPS)
        places = {"group": None, "abroad": lobby, "hushed": hushed, "stranger": lobby}
        for name, channel in places.items():
            person = stage.discord.add_user(name, user_installed=name != "stranger")
            if channel and channel.guild:
                channel.guild.add_member(person, is_moderator=name == "abroad")
            self.seats[name] = person.at(channel) if channel else person.direct_messages()

    def _give_rights(self) -> None:
        stage, people = self.stage, {name: seat.user for name, seat in self.seats.items()}
        admins = stage.server.add_role("admins", permissions=Permission.ADMINISTRATOR)
        stage.server.add_member(people["admin"], admins)
        stage.general.overwrite(people["muted"], deny=Permission.SEND_MESSAGES)
        commands = stage.discord.commands
        commands.override(stage.server, "refresh", people["helper"], allow=True)
        commands.override(stage.server, "free", people["outcast"], allow=False)

    async def use(self, who: str, leaf: Leaf, *, share: bool) -> str:
        """Tell what becomes of a command."""
        given = {each["name"]: self._right(each) for each in leaf.options if each.get("required")}
        try:
            reply = await self._used(who, leaf, given | ({"share": True} if share else {}))
        except ClientRefusal as refusal:
            return "hidden" if "No commands match" in str(refusal) else "barred"
        if reply.text in SENTENCES:
            return "refused"
        return "private" if reply.is_ephemeral else "public"

    def _right(self, option: Json) -> object:
        if option["type"] == OptionType.CHANNEL:
            return self.stage.study
        return {"campus": "umd", "name": "CAS 101"}.get(option["name"], "CAS")

    async def _used(self, who: str, leaf: Leaf, given: dict[str, object]) -> ClientReply:
        seat = self.seats[who]
        if who != "group":
            return await seat.slash(leaf.name, **given)
        types, contexts = leaf.command["integration_types"], leaf.command["contexts"]
        if (
            IntegrationType.USER not in types
            or InteractionContextType.PRIVATE_CHANNEL not in contexts
        ):
            raise ClientRefusal("No commands match your search")
        question = seat.command_line().command_data(leaf.name, given)
        return await seat.wait_for_reply(raw_interactions.send(seat, question, in_group=True))

    async def source(self, who: str) -> Message:
        """Return the answer on which somebody of that column presses."""
        asker = "member" if who in {"own", "shared", "others", "muted", "outcast"} else who
        shared = asker == "member" and who != "own"
        free = next(
            each for each in raw_interactions.leaves_of(self.stage.discord) if each.name == "free"
        )
        reply = await self._used(asker, free, {"share": shared})
        assert reply.message
        return reply.message

    async def press(self, who: str, source: Message, does: str, custom_id: str) -> str:
        """Tell what becomes of a press, or of a choice where that is what it does."""
        is_select = does == "pick"
        kind = int(ComponentType.STRING_SELECT if is_select else ComponentType.BUTTON)
        part = {"type": kind, "custom_id": custom_id}
        part |= {"options": [{"label": "CAS", "value": "CAS"}]} if is_select else {}
        part |= {} if is_select else {"style": 2, "label": does}
        press = raw_interactions.Press(source, part, ["CAS"] if is_select else None)
        name = {"own": "member", "shared": "member", "others": "moderator"}.get(who, who)
        seat = self.seats[name]
        reply = await seat.wait_for_reply(
            raw_interactions.send(seat, press.question, part, in_group=who == "group")
        )
        if reply.message is source:
            return "turned"
        if reply.text in SENTENCES:
            assert reply.is_ephemeral
            return "refused"
        return "copied" if reply.is_ephemeral else "posted"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def places(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Places]:
    async with open_members_stage(tmp_path_factory.mktemp("places")) as stage:
        found = Places(stage)
        found.fill()
        yield found
        assert stage.discord.violations == []
        assert "ERROR" not in "\n".join(stage.bots[0].log)


def audience_row(name: str) -> str:
    """Return the row of the table for a command, by who may run it."""
    command = leaf_commands()[name]
    if is_checked_by_bot(command):
        return "checked"
    return "moderators" if audience_of(command) is Audience.MODERATORS else "everybody"


def expected_outcomes(leaf: Leaf) -> Table:
    """Return what becomes of a command and, where it takes `share`, of the shared one."""
    can_share = any(each["name"] == "share" for each in leaf.options)
    suffixes = ("", " share") if can_share else ("",)
    table = cells(COMMANDS)
    return {
        leaf.name + suffix: {
            who: OVERRIDES.get((leaf.name + suffix, who), outcome)
            for who, outcome in table[audience_row(leaf.name) + suffix].items()
        }
        for suffix in suffixes
    }


def kinds() -> dict[str, set[str]]:
    """Return the kinds of buttons by the name of their class, and what each does."""
    leaf_commands()  # imports every cog
    return {kind.__name__: set(kind.id_format.actions) for kind in PersistentItem.__subclasses__()}


async def test_commands_are_for_those_in_the_table_and_nobody_else(places):
    leaves = raw_interactions.leaves_of(places.stage.discord)
    assert {leaf.name for leaf in leaves} == leaf_commands().keys()
    for leaf in leaves:
        for row, expected in expected_outcomes(leaf).items():
            is_shared = row != leaf.name
            found = {who: await places.use(who, leaf, share=is_shared) for who in expected}
            assert found == expected, row


async def test_buttons_do_for_everybody_what_the_table_says(places):
    expected, known = cells(BUTTONS), kinds()
    assert known.keys() == IDS.keys()
    assert set().union(*known.values()) == expected.keys() - {"old"}
    for who in expected["old"]:
        source = await places.source(who)
        pressed = {("ExpiredComponent", "old"): "0:free:next:umd::28:now:0:0"}
        pressed |= {(kind, does): IDS[kind](does) for kind in IDS for does in known[kind]}
        for (kind, does), custom_id in pressed.items():
            found = await places.press(who, source, does, custom_id)
            assert found == expected[does][who], (who, kind, does)


async def test_share_is_offered_only_where_it_would_be_granted(places):
    granted = {who for who, outcome in cells(BUTTONS)["share"].items() if outcome == "posted"}
    offered = {
        who
        for who in ("own", "direct", "group", "abroad", "hushed")
        if "Post here" in (await places.source(who)).buttons
    }
    assert offered == granted - {"shared", "others", "outcast"}
