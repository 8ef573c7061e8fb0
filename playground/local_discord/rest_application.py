"""The endpoints about the bot itself: who it is, where to connect, which commands it has."""

from playground.local_discord import payloads, server_payloads
from playground.local_discord.command_rules import check_commands
from playground.local_discord.errors import ApiError, Code
from playground.local_discord.json_types import Json
from playground.local_discord.model import Server
from playground.local_discord.rest import Call, Endpoint

_APP = "/applications/{application_id}"
_GLOBAL = _APP + "/commands"
_LOCAL = _APP + "/guilds/{guild_id}/commands"


def _me(call: Call) -> Json:
    return {**payloads.user(call.world.bot), "verified": True, "mfa_enabled": True}


def _application(call: Call) -> Json:
    return payloads.application(call.world)


def _servers(call: Call) -> list[Json]:
    found = [server for server in call.world.servers.values() if server.has_bot]
    return [{"id": str(one.id), "name": one.name, "owner": False} for one in found]


def server_of(call: Call) -> Server:
    """Return the server of the path, if the bot is in it.

    Raises:
        ApiError: It is not, or there is none.
    """
    server = call.world.servers.get(call.id("guild_id"))
    if server is None:
        raise ApiError(Code.UNKNOWN_GUILD)
    if not server.has_bot:
        raise ApiError(Code.MISSING_ACCESS)
    return server


def _server(call: Call) -> Json:
    found = server_payloads.server(server_of(call))
    return {key: value for key, value in found.items() if key not in ("channels", "threads")}


def _scope(call: Call) -> int | None:
    if call.id("application_id") != call.world.bot.id:
        raise ApiError(Code.UNKNOWN_APPLICATION)
    return server_of(call).id if "guild_id" in call.ids else None


def _list_commands(call: Call) -> list[Json]:
    return call.world.commands.registered(_scope(call))


def _replace_commands(call: Call) -> list[Json]:
    scope, wanted = _scope(call), call.json or []
    check_commands(wanted)
    return call.world.commands.replace(wanted, scope)


def _put_command(call: Call) -> Json:
    scope = _scope(call)
    check_commands([call.json])
    return call.world.commands.put(call.json, scope)


def _one_command(call: Call) -> Json:
    return call.world.commands.one(call.id("command_id"), _scope(call))


def _patch_command(call: Call) -> Json:
    scope, commands = _scope(call), call.world.commands
    known = commands.one(call.id("command_id"), scope)
    changed = {**known, **call.json}
    check_commands([changed])
    if changed["name"] != known["name"]:
        commands.remove(int(known["id"]), scope)
    return commands.put(changed, scope)


def _remove_command(call: Call) -> None:
    call.world.commands.remove(call.id("command_id"), _scope(call))


def _overrides(call: Call) -> Json:
    server = server_of(call)
    return call.world.commands.overrides_json(server.id, call.id("command_id"))


def _all_overrides(call: Call) -> list[Json]:
    server, commands = server_of(call), call.world.commands
    return [commands.overrides_json(*key) for key in commands.overrides if key[0] == server.id]


def endpoints() -> list[Endpoint]:
    """Return the rows of the API's table."""
    both = [
        Endpoint(method, scope + path, handler)
        for scope in (_GLOBAL, _LOCAL)
        for method, path, handler in (
            ("GET", "", _list_commands),
            ("PUT", "", _replace_commands),
            ("POST", "", _put_command),
            ("GET", "/{command_id:\\d+}", _one_command),
            ("PATCH", "/{command_id:\\d+}", _patch_command),
            ("DELETE", "/{command_id:\\d+}", _remove_command),
        )
    ]
    return [
        Endpoint("GET", "/users/@me", _me),
        Endpoint("GET", "/users/@me/guilds", _servers),
        Endpoint("GET", "/oauth2/applications/@me", _application),
        Endpoint("GET", "/applications/@me", _application),
        Endpoint("GET", "/guilds/{guild_id}", _server),
        Endpoint("GET", _LOCAL + "/permissions", _all_overrides),
        Endpoint("GET", _LOCAL + "/{command_id:\\d+}/permissions", _overrides),
        *both,
    ]
