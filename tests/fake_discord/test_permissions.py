"""Who may do what, and who is offered a command: Discord's own arithmetic."""

import pytest

from fakes.discord import ClientRefusal, Permission
from fakes.discord.model.permission_rules import permissions_in
from fakes.discord.model.permissions import ALL_PERMISSIONS, EVERYONE_DEFAULTS, INVITE_PERMISSIONS

VIEW, SEND, EMBED = (
    int(Permission.VIEW_CHANNEL),
    int(Permission.SEND_MESSAGES),
    int(Permission.EMBED_LINKS),
)


def test_invite_is_the_documented_number():
    assert INVITE_PERMISSIONS == 274_877_959_168
    assert EVERYONE_DEFAULTS & ALL_PERMISSIONS == EVERYONE_DEFAULTS


class TestRights:
    @pytest.fixture(autouse=True)
    def _bare(self, stage):
        stage.guild.set_role_permissions(stage.guild.everyone, VIEW | SEND | EMBED)

    def test_roles_add_up(self, stage):
        role = stage.guild.add_role("helpers", permissions=Permission.ATTACH_FILES)
        stage.guild.add_member(stage.ana, role)
        allowed = VIEW | SEND | EMBED | Permission.ATTACH_FILES
        assert permissions_in(stage.study, stage.ana) == allowed

    def test_overwrites_go_from_everyone_over_roles_to_the_member(self, stage):
        red, blue = stage.guild.add_role("red"), stage.guild.add_role("blue")
        stage.guild.add_member(stage.ana, red, blue)
        stage.study.overwrite(stage.guild.everyone, deny=SEND)
        assert permissions_in(stage.study, stage.ana) == VIEW
        stage.study.overwrite(red, deny=EMBED, allow=SEND)
        assert permissions_in(stage.study, stage.ana) == VIEW | SEND
        stage.study.overwrite(blue, allow=EMBED | SEND)
        assert permissions_in(stage.study, stage.ana) == VIEW | SEND | EMBED
        stage.study.overwrite(stage.ana, deny=EMBED)
        assert permissions_in(stage.study, stage.ana) == VIEW | SEND

    def test_without_view_there_is_nothing(self, stage):
        stage.study.overwrite(stage.guild.everyone, deny=VIEW)
        assert permissions_in(stage.study, stage.ana) == 0

    def test_without_send_there_are_no_links(self, stage):
        stage.study.overwrite(stage.ana, deny=SEND)
        assert permissions_in(stage.study, stage.ana) == VIEW

    def test_administrators_and_owners_may_everything(self, stage):
        role = stage.guild.add_role("admins", permissions=Permission.ADMINISTRATOR)
        stage.guild.add_member(stage.ana, role)
        stage.study.overwrite(stage.ana, deny=VIEW)
        assert permissions_in(stage.study, stage.ana) == ALL_PERMISSIONS
        assert permissions_in(stage.study, stage.discord.state.owner) == ALL_PERMISSIONS

    def test_threads_follow_their_channel(self, stage):
        thread = stage.guild.add_channel("talk", "thread", parent=stage.study)
        assert permissions_in(thread, stage.ana) == VIEW | SEND
        both = VIEW | Permission.SEND_MESSAGES_IN_THREADS | EMBED
        stage.study.overwrite(stage.ana, allow=both, deny=SEND)
        assert permissions_in(thread, stage.ana) == both

    def test_strangers_may_nothing(self, stage):
        assert permissions_in(stage.study, stage.discord.add_user("eve")) == 0


def offered(stage, person, channel=None, **where):
    return person.at(channel or stage.study, **where).commands


def register(stage, **changed):
    command = {"name": "refresh", "description": "d", **changed}
    stage.discord.commands.replace_all([command])


class TestCommands:
    def test_default_permissions_hide_a_command(self, stage):
        register(stage, default_member_permissions=str(int(Permission.MANAGE_GUILD)))
        assert offered(stage, stage.mo) == ["refresh"]
        assert offered(stage, stage.ana) == []

    def test_zero_means_administrators(self, stage):
        register(stage, default_member_permissions="0")
        assert offered(stage, stage.mo) == []
        role = stage.guild.add_role("admins", permissions=Permission.ADMINISTRATOR)
        stage.guild.add_member(stage.ana, role)
        assert offered(stage, stage.ana) == ["refresh"]

    def test_override_replaces_the_default(self, stage):
        register(stage, default_member_permissions=str(int(Permission.MANAGE_GUILD)))
        role = stage.guild.add_role("helpers")
        stage.guild.add_member(stage.ana, role)
        commands = stage.discord.commands
        commands.override(stage.guild, "refresh", role, allow=True)
        commands.override(stage.guild, "refresh", stage.guild.everyone, allow=False)
        assert offered(stage, stage.ana) == ["refresh"]
        assert offered(stage, stage.mo) == []
        commands.override(stage.guild, "refresh", stage.ana, allow=False)
        assert offered(stage, stage.ana) == []

    def test_override_for_the_application_only_narrows(self, stage):
        register(stage, default_member_permissions=str(int(Permission.MANAGE_GUILD)))
        commands = stage.discord.commands
        commands.override(stage.guild, None, stage.ana, allow=True)
        assert offered(stage, stage.ana) == []
        commands.override(stage.guild, None, stage.mo, allow=False)
        assert offered(stage, stage.mo) == []
        commands.override(stage.guild, "refresh", stage.mo, allow=True)
        assert offered(stage, stage.mo) == ["refresh"]

    def test_channels_can_be_shut(self, stage):
        register(stage)
        commands = stage.discord.commands
        commands.override(stage.guild, "refresh", stage.study, allow=False)
        assert offered(stage, stage.ana) == []
        assert offered(stage, stage.ana, stage.general) == ["refresh"]
        commands.override_all_channels(stage.guild, None, allow=False)
        assert offered(stage, stage.ana, stage.general) == []
        commands.override(stage.guild, "refresh", stage.general, allow=True)
        assert offered(stage, stage.ana, stage.general) == ["refresh"]
        with pytest.raises(LookupError):
            commands.override(stage.guild, "free", stage.general, allow=True)

    @pytest.mark.parametrize(
        ("changed", "server", "direct", "elsewhere"),
        [
            ({}, True, True, False),
            ({"contexts": [0]}, True, False, False),
            ({"contexts": [1]}, False, True, False),
            ({"dm_permission": False}, True, False, False),
            ({"integration_types": [1]}, True, True, True),
            ({"integration_types": [0, 1], "contexts": [0]}, True, False, True),
        ],
    )
    def test_contexts_and_installations(self, stage, changed, server, direct, elsewhere):
        register(stage, **changed)
        other = stage.discord.add_guild("Elsewhere")
        room = other.add_channel("room")
        ben = stage.discord.add_user("ben", user_installed=True)
        stage.guild.add_member(ben)
        other.add_member(ben)
        assert bool(offered(stage, ben)) is server
        assert bool(ben.direct_messages().commands) is direct
        assert bool(offered(stage, ben, room)) is elsewhere

    def test_user_installed_command_is_not_for_others(self, stage):
        register(stage, integration_types=[1])
        assert offered(stage, stage.ana) == []

    def test_muted_members_cannot_type(self, stage):
        register(stage)
        stage.study.overwrite(stage.ana, deny=Permission.USE_APPLICATION_COMMANDS)
        with pytest.raises(ClientRefusal, match="permission to send"):
            offered(stage, stage.ana)
        stage.study.overwrite(stage.ana, deny=Permission.VIEW_CHANNEL)
        with pytest.raises(ClientRefusal, match="do not see"):
            offered(stage, stage.ana)

    def test_server_commands_stand_beside_global_ones(self, stage):
        register(stage)
        local = {"name": "debug", "description": "d"}
        stage.discord.commands.replace_all([local], stage.guild.id)
        assert offered(stage, stage.ana) == ["debug", "refresh"]
        assert stage.ana.direct_messages().commands == ["refresh"]
