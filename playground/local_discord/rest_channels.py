"""The endpoints about channels and their messages, with the permissions each needs."""

from playground.local_discord import payloads, server_payloads
from playground.local_discord.errors import ApiError, Code
from playground.local_discord.json_types import Json
from playground.local_discord.message_rules import SENDABLE
from playground.local_discord.messages import Flag, Message, Version
from playground.local_discord.model import Channel, Kind
from playground.local_discord.permissions import Permission
from playground.local_discord.posting import Body, edit, first_version
from playground.local_discord.rest import Call, Endpoint
from playground.local_discord.rights import may, permissions_in
from playground.local_discord.world import World

_CHANNEL = "/channels/{channel_id}"
_MESSAGES = _CHANNEL + "/messages"
_MESSAGE = _MESSAGES + "/{message_id}"
_POSTABLE = SENDABLE & ~int(Flag.EPHEMERAL)
_PAGE = 50
_MOST = 100


def _channel_of(call: Call) -> tuple[Channel, int]:
    """Return the channel of the path, and what the bot may do there.

    Raises:
        ApiError: There is none, or the bot does not see it.
    """
    channel = call.world.channel(call.id("channel_id"))
    allowed = permissions_in(channel, call.world.bot)
    if channel.server is not None and not may(allowed, Permission.VIEW_CHANNEL):
        raise ApiError(Code.MISSING_ACCESS)
    return channel, allowed


def _need(allowed: int, wanted: Permission) -> None:
    if not may(allowed, wanted):
        raise ApiError(Code.MISSING_PERMISSIONS)


def _message_of(call: Call) -> tuple[Message, int]:
    channel, allowed = _channel_of(call)
    message = call.world.message(channel, call.id("message_id"))
    if message.private_to is not None:
        raise ApiError(Code.UNKNOWN_MESSAGE)
    return message, allowed


def _show_channel(call: Call) -> Json:
    return server_payloads.channel(_channel_of(call)[0])


def _list_messages(call: Call) -> list[Json]:
    """Return messages newest first; nothing without READ_MESSAGE_HISTORY, as Discord does."""
    channel, allowed = _channel_of(call)
    if channel.server is not None and not may(allowed, Permission.READ_MESSAGE_HISTORY):
        return []
    limit = min(int(call.query.get("limit", _PAGE)), _MOST)
    found = channel.messages
    if "after" in call.query:
        after = int(call.query["after"])
        chosen = [message for message in found if message.id > after][:limit]
    else:
        before = int(call.query.get("before", 0)) or float("inf")
        chosen = [message for message in found if message.id < before][-limit:]
    return [payloads.message(message) for message in reversed(chosen)]


def _show_message(call: Call) -> Json:
    message, allowed = _message_of(call)
    _need(allowed, Permission.READ_MESSAGE_HISTORY)
    return payloads.message(message)


def _check_may_post(channel: Channel, allowed: int, body: Body) -> None:
    if not channel.kind.holds_messages:
        raise ApiError(Code.NOT_A_TEXT_CHANNEL)
    if channel.server is None:
        return
    in_thread = channel.kind.is_thread
    _need(allowed, Permission.SEND_MESSAGES_IN_THREADS if in_thread else Permission.SEND_MESSAGES)
    if body.json.get("embeds"):
        _need(allowed, Permission.EMBED_LINKS)
    if body.files:
        _need(allowed, Permission.ATTACH_FILES)
    if body.json.get("message_reference"):
        _need(allowed, Permission.READ_MESSAGE_HISTORY)
    if in_thread and channel.archived:
        if channel.locked and not may(allowed, Permission.MANAGE_THREADS):
            raise ApiError(Code.LOCKED_THREAD)
        channel.archived = False


def _post(call: Call) -> Json:
    channel, allowed = _channel_of(call)
    body = call.body()
    _check_may_post(channel, allowed, body)
    version = first_version(call.world, channel, body, _POSTABLE)
    nonce = body.json.get("nonce")
    if nonce is not None and body.json.get("enforce_nonce"):
        earlier = call.world.repeated(call.world.bot, nonce)
        if earlier is not None and earlier.deleted:
            raise ApiError(Code.UNKNOWN_MESSAGE)
        if earlier is not None:
            return payloads.message(earlier)
    return payloads.message(_posted(call.world, channel, body, version))


def _posted(world: World, channel: Channel, body: Body, version: Version) -> Message:
    message = Message(
        world.ids.next(),
        channel,
        world.bot,
        [version],
        nonce=body.json.get("nonce"),
        allowed_mentions=body.json.get("allowed_mentions"),
    )
    world.remember(message)
    return message


def _edit_message(call: Call) -> Json:
    message, _ = _message_of(call)
    if message.author is not call.world.bot:
        raise ApiError(Code.OTHERS_MESSAGE)
    edit(call.world, message, call.body())
    return payloads.message(message)


def _delete_message(call: Call) -> None:
    message, allowed = _message_of(call)
    if message.author is not call.world.bot:
        _need(allowed, Permission.MANAGE_MESSAGES)
    call.world.remove(message)


def _crosspost(call: Call) -> Json:
    message, allowed = _message_of(call)
    if message.channel.kind is not Kind.ANNOUNCEMENT:
        raise ApiError(Code.WRONG_CHANNEL_TYPE)
    own = message.author is call.world.bot
    _need(allowed, Permission.SEND_MESSAGES if own else Permission.MANAGE_MESSAGES)
    if message.crossposted:
        raise ApiError(Code.ALREADY_CROSSPOSTED)
    message.crossposted = True
    call.world.publish("MESSAGE_UPDATE", message)
    return payloads.message(message)


def _type(call: Call) -> None:
    channel, allowed = _channel_of(call)
    _check_may_post(channel, allowed, Body({}, {}))


def _open_direct(call: Call) -> Json:
    user = call.world.users.get(int(call.json.get("recipient_id") or 0))
    if user is None:
        raise ApiError(Code.UNKNOWN_USER)
    if user.bot:
        raise ApiError(Code.CANNOT_MESSAGE_USER)
    return server_payloads.channel(call.world.direct(user))


def _start_thread(call: Call) -> Json:
    """Start a post in a forum, or a thread in a text channel."""
    channel, allowed = _channel_of(call)
    if channel.server is None or channel.kind.is_thread:
        raise ApiError(Code.WRONG_CHANNEL_TYPE)
    body = call.body("message")
    if channel.kind is Kind.FORUM:
        _need(allowed, Permission.SEND_MESSAGES)
        if channel.requires_tag and not call.json.get("applied_tags"):
            raise ApiError(Code.TAG_REQUIRED)
        version = first_version(call.world, channel, body, _POSTABLE)
    else:
        _need(allowed, Permission.CREATE_PUBLIC_THREADS)
        version = None
    thread = channel.server.add_channel(call.json["name"], Kind.THREAD, parent=channel)
    thread.owner_id = call.world.bot.id
    if version is None:
        return server_payloads.channel(thread)
    message = _posted(call.world, thread, body, version)
    return {**server_payloads.channel(thread), "message": payloads.message(message)}


def endpoints() -> list[Endpoint]:
    """Return the rows of the API's table."""
    return [
        Endpoint("GET", _CHANNEL, _show_channel),
        Endpoint("GET", _MESSAGES, _list_messages),
        Endpoint("POST", _MESSAGES, _post, bucket="post"),
        Endpoint("GET", _MESSAGE, _show_message),
        Endpoint("PATCH", _MESSAGE, _edit_message),
        Endpoint("DELETE", _MESSAGE, _delete_message),
        Endpoint("POST", _MESSAGE + "/crosspost", _crosspost, bucket="publish"),
        Endpoint("POST", _CHANNEL + "/typing", _type),
        Endpoint("POST", _CHANNEL + "/threads", _start_thread),
        Endpoint("POST", "/users/@me/channels", _open_direct),
    ]
