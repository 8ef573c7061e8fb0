"""The endpoints about the bot itself: who it is, where to connect, which commands it has."""

from fakes.discord.model import guild_payloads, payloads
from fakes.discord.model.entities import Guild
from fakes.discord.model.errors import ApiError, ErrorCode
from fakes.discord.model.json_types import Json
from fakes.discord.rest.endpoint import ApiCall, Endpoint
from fakes.discord.validation.commands import check_commands

_APPLICATION = "/applications/{application_id}"
_GLOBAL_COMMANDS = _APPLICATION + "/commands"
_GUILD_COMMANDS = _APPLICATION + "/guilds/{guild_id}/commands"


def _own_user(call: ApiCall) -> Json:
    return {**payloads.user(call.state.bot), "verified": True, "mfa_enabled": True}


def _application(call: ApiCall) -> Json:
    return payloads.application(call.state)


def _own_guilds(call: ApiCall) -> list[Json]:
    found = [server for server in call.state.guilds.values() if server.has_bot]
    return [{"id": str(one.id), "name": one.name, "owner": False} for one in found]


def require_guild(call: ApiCall) -> Guild:
    """Return the server of the path, if the bot is in it.

    Raises:
        ApiError: It is not, or there is none.
    """
    server = call.state.guilds.get(call.path_id("guild_id"))
    if server is None:
        raise ApiError(ErrorCode.UNKNOWN_GUILD)
    if not server.has_bot:
        raise ApiError(ErrorCode.MISSING_ACCESS)
    return server


def _get_guild(call: ApiCall) -> Json:
    found = guild_payloads.guild(require_guild(call))
    return {key: value for key, value in found.items() if key not in ("channels", "threads")}


def _command_scope(call: ApiCall) -> int | None:
    if call.path_id("application_id") != call.state.bot.id:
        raise ApiError(ErrorCode.UNKNOWN_APPLICATION)
    return require_guild(call).id if "guild_id" in call.path_params else None


def _list_commands(call: ApiCall) -> list[Json]:
    return call.state.commands.registered(_command_scope(call))


def _replace_commands(call: ApiCall) -> list[Json]:
    scope, wanted = _command_scope(call), call.json or []
    check_commands(wanted)
    return call.state.commands.replace_all(wanted, scope)


def _upsert_command(call: ApiCall) -> Json:
    scope = _command_scope(call)
    check_commands([call.json])
    return call.state.commands.upsert(call.json, scope)


def _get_command(call: ApiCall) -> Json:
    return call.state.commands.get(call.path_id("command_id"), _command_scope(call))


def _patch_command(call: ApiCall) -> Json:
    scope, commands = _command_scope(call), call.state.commands
    known = commands.get(call.path_id("command_id"), scope)
    changed = {**known, **call.json}
    check_commands([changed])
    if changed["name"] != known["name"]:
        commands.delete(int(known["id"]), scope)
    return commands.upsert(changed, scope)


def _delete_command(call: ApiCall) -> None:
    call.state.commands.delete(call.path_id("command_id"), _command_scope(call))


def _overrides(call: ApiCall) -> Json:
    server = require_guild(call)
    return call.state.commands.overrides_payload(server.id, call.path_id("command_id"))


def _all_overrides(call: ApiCall) -> list[Json]:
    server, commands = require_guild(call), call.state.commands
    return [commands.overrides_payload(*key) for key in commands.overrides if key[0] == server.id]


def endpoints() -> list[Endpoint]:
    """Return the rows of the API's table."""
    both = [
        Endpoint(method, scope + path, handler)
        for scope in (_GLOBAL_COMMANDS, _GUILD_COMMANDS)
        for method, path, handler in (
            ("GET", "", _list_commands),
            ("PUT", "", _replace_commands),
            ("POST", "", _upsert_command),
            ("GET", "/{command_id:\\d+}", _get_command),
            ("PATCH", "/{command_id:\\d+}", _patch_command),
            ("DELETE", "/{command_id:\\d+}", _delete_command),
        )
    ]
    return [
        Endpoint("GET", "/users/@me", _own_user),
        Endpoint("GET", "/users/@me/guilds", _own_guilds),
        Endpoint("GET", "/oauth2/applications/@me", _application),
        Endpoint("GET", "/applications/@me", _application),
        Endpoint("GET", "/guilds/{guild_id}", _get_guild),
        Endpoint("GET", _GUILD_COMMANDS + "/permissions", _all_overrides),
        Endpoint("GET", _GUILD_COMMANDS + "/{command_id:\\d+}/permissions", _overrides),
        *both,
    ]
