"""Who may do what, and who is offered a command: Discord's own arithmetic."""

import pytest

from playground.local_discord import ClientRefusal, Permission
from playground.local_discord.permissions import ALL_PERMISSIONS, INVITE_PERMISSIONS, EVERYONE_DEFAULTS
from playground.local_discord.rights import permissions_in

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
        stage.server.set_permissions(stage.server.everyone, VIEW | SEND | EMBED)

    def test_roles_add_up(self, stage):
        role = stage.server.add_role("helpers", permissions=Permission.ATTACH_FILES)
        stage.server.join(stage.ana, role)
        allowed = VIEW | SEND | EMBED | Permission.ATTACH_FILES
        assert permissions_in(stage.study, stage.ana) == allowed

    def test_overwrites_go_from_everyone_over_roles_to_the_member(self, stage):
        red, blue = stage.server.add_role("red"), stage.server.add_role("blue")
        stage.server.join(stage.ana, red, blue)
        stage.study.overwrite(stage.server.everyone, deny=SEND)
        assert permissions_in(stage.study, stage.ana) == VIEW
        stage.study.overwrite(red, deny=EMBED, allow=SEND)
        assert permissions_in(stage.study, stage.ana) == VIEW | SEND
        stage.study.overwrite(blue, allow=EMBED | SEND)
        assert permissions_in(stage.study, stage.ana) == VIEW | SEND | EMBED
        stage.study.overwrite(stage.ana, deny=EMBED)
        assert permissions_in(stage.study, stage.ana) == VIEW | SEND

    def test_without_view_there_is_nothing(self, stage):
        stage.study.overwrite(stage.server.everyone, deny=VIEW)
        assert permissions_in(stage.study, stage.ana) == 0

    def test_without_send_there_are_no_links(self, stage):
        stage.study.overwrite(stage.ana, deny=SEND)
        assert permissions_in(stage.study, stage.ana) == VIEW

    def test_administrators_and_owners_may_everything(self, stage):
        role = stage.server.add_role("admins", permissions=Permission.ADMINISTRATOR)
        stage.server.join(stage.ana, role)
        stage.study.overwrite(stage.ana, deny=VIEW)
        assert permissions_in(stage.study, stage.ana) == ALL_PERMISSIONS
        assert permissions_in(stage.study, stage.discord.world.owner) == ALL_PERMISSIONS

    def test_threads_follow_their_channel(self, stage):
        thread = stage.server.add_channel("talk", "thread", parent=stage.study)
        assert permissions_in(thread, stage.ana) == VIEW | SEND
        both = VIEW | Permission.SEND_MESSAGES_IN_THREADS | EMBED
        stage.study.overwrite(stage.ana, allow=both, deny=SEND)
        assert permissions_in(thread, stage.ana) == both

    def test_strangers_may_nothing(self, stage):
        assert permissions_in(stage.study, stage.discord.add_person("eve")) == 0


def offered(stage, person, channel=None, **where):
    return person.at(channel or stage.study, **where).commands


def register(stage, **changed):
    command = {"name": "refresh", "description": "d", **changed}
    stage.discord.commands.replace([command])


class TestCommands:
    def test_default_permissions_hide_a_command(self, stage):
        register(stage, default_member_permissions=str(int(Permission.MANAGE_GUILD)))
        assert offered(stage, stage.mo) == ["refresh"]
        assert offered(stage, stage.ana) == []

    def test_zero_means_administrators(self, stage):
        register(stage, default_member_permissions="0")
        assert offered(stage, stage.mo) == []
        role = stage.server.add_role("admins", permissions=Permission.ADMINISTRATOR)
        stage.server.join(stage.ana, role)
        assert offered(stage, stage.ana) == ["refresh"]

    def test_override_replaces_the_default(self, stage):
        register(stage, default_member_permissions=str(int(Permission.MANAGE_GUILD)))
        role = stage.server.add_role("helpers")
        stage.server.join(stage.ana, role)
        commands = stage.discord.commands
        commands.override(stage.server, "refresh", role, allow=True)
        commands.override(stage.server, "refresh", stage.server.everyone, allow=False)
        assert offered(stage, stage.ana) == ["refresh"]
        assert offered(stage, stage.mo) == []
        commands.override(stage.server, "refresh", stage.ana, allow=False)
        assert offered(stage, stage.ana) == []

    def test_override_for_the_application_only_narrows(self, stage):
        register(stage, default_member_permissions=str(int(Permission.MANAGE_GUILD)))
        commands = stage.discord.commands
        commands.override(stage.server, None, stage.ana, allow=True)
        assert offered(stage, stage.ana) == []
        commands.override(stage.server, None, stage.mo, allow=False)
        assert offered(stage, stage.mo) == []
        commands.override(stage.server, "refresh", stage.mo, allow=True)
        assert offered(stage, stage.mo) == ["refresh"]

    def test_channels_can_be_shut(self, stage):
        register(stage)
        commands = stage.discord.commands
        commands.override(stage.server, "refresh", stage.study, allow=False)
        assert offered(stage, stage.ana) == []
        assert offered(stage, stage.ana, stage.general) == ["refresh"]
        commands.override_everywhere(stage.server, None, allow=False)
        assert offered(stage, stage.ana, stage.general) == []
        commands.override(stage.server, "refresh", stage.general, allow=True)
        assert offered(stage, stage.ana, stage.general) == ["refresh"]
        with pytest.raises(LookupError):
            commands.override(stage.server, "free", stage.general, allow=True)

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
        other = stage.discord.add_server("Elsewhere")
        room = other.add_channel("room")
        ben = stage.discord.add_person("ben", user_installed=True)
        stage.server.join(ben)
        other.join(ben)
        assert bool(offered(stage, ben)) is server
        assert bool(ben.direct().commands) is direct
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
        stage.discord.commands.replace([local], stage.server.id)
        assert offered(stage, stage.ana) == ["debug", "refresh"]
        assert stage.ana.direct().commands == ["refresh"]
