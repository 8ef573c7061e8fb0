"""The endpoints about channels and their messages, with the permissions each needs."""

from fakes.discord.model import guild_payloads, payloads
from fakes.discord.model.entities import Channel, Message
from fakes.discord.model.enums import ChannelType
from fakes.discord.model.errors import ApiError, ErrorCode
from fakes.discord.model.json_types import Json
from fakes.discord.model.message_content import MessageFlag, MessageVersion
from fakes.discord.model.permission_rules import has_permission, permissions_in
from fakes.discord.model.permissions import Permission
from fakes.discord.model.state import DiscordState
from fakes.discord.rest.endpoint import ApiCall, Endpoint
from fakes.discord.rest.message_builder import MessageBody, edit_message, new_version
from fakes.discord.validation.messages import SENDABLE_FLAGS

_CHANNEL = "/channels/{channel_id}"
_MESSAGES = _CHANNEL + "/messages"
_MESSAGE = _MESSAGES + "/{message_id}"
_POSTABLE_FLAGS = SENDABLE_FLAGS & ~int(MessageFlag.EPHEMERAL)
_DEFAULT_PAGE = 50
_MAX_PAGE = 100


def _require_channel(call: ApiCall) -> tuple[Channel, int]:
    """Return the channel of the path, and what the bot may do there.

    Raises:
        ApiError: There is none, or the bot does not see it.
    """
    channel = call.state.get_channel(call.path_id("channel_id"))
    allowed = permissions_in(channel, call.state.bot)
    if channel.guild is not None and not has_permission(allowed, Permission.VIEW_CHANNEL):
        raise ApiError(ErrorCode.MISSING_ACCESS)
    return channel, allowed


def _require(allowed: int, required: Permission) -> None:
    if not has_permission(allowed, required):
        raise ApiError(ErrorCode.MISSING_PERMISSIONS)


def _require_message(call: ApiCall) -> tuple[Message, int]:
    channel, allowed = _require_channel(call)
    message = call.state.get_message(channel, call.path_id("message_id"))
    if message.ephemeral_for is not None:
        raise ApiError(ErrorCode.UNKNOWN_MESSAGE)
    return message, allowed


def _get_channel(call: ApiCall) -> Json:
    return guild_payloads.channel(_require_channel(call)[0])


def _list_messages(call: ApiCall) -> list[Json]:
    """Return messages newest first; nothing without READ_MESSAGE_HISTORY, as Discord does."""
    channel, allowed = _require_channel(call)
    if channel.guild is not None and not has_permission(allowed, Permission.READ_MESSAGE_HISTORY):
        return []
    limit = min(int(call.query.get("limit", _DEFAULT_PAGE)), _MAX_PAGE)
    found = channel.messages
    if "after" in call.query:
        after = int(call.query["after"])
        chosen = [message for message in found if message.id > after][:limit]
    else:
        before = int(call.query.get("before", 0)) or float("inf")
        chosen = [message for message in found if message.id < before][-limit:]
    return [payloads.message(message) for message in reversed(chosen)]


def _get_message(call: ApiCall) -> Json:
    message, allowed = _require_message(call)
    _require(allowed, Permission.READ_MESSAGE_HISTORY)
    return payloads.message(message)


def _check_can_post(channel: Channel, allowed: int, body: MessageBody) -> None:
    if not channel.kind.holds_messages:
        raise ApiError(ErrorCode.NOT_A_TEXT_CHANNEL)
    if channel.guild is None:
        return
    in_thread = channel.kind.is_thread
    _require(
        allowed, Permission.SEND_MESSAGES_IN_THREADS if in_thread else Permission.SEND_MESSAGES
    )
    if body.json.get("embeds"):
        _require(allowed, Permission.EMBED_LINKS)
    if body.files:
        _require(allowed, Permission.ATTACH_FILES)
    if body.json.get("message_reference"):
        _require(allowed, Permission.READ_MESSAGE_HISTORY)
    if in_thread and channel.is_archived:
        if channel.is_locked and not has_permission(allowed, Permission.MANAGE_THREADS):
            raise ApiError(ErrorCode.LOCKED_THREAD)
        channel.is_archived = False


def _post(call: ApiCall) -> Json:
    channel, allowed = _require_channel(call)
    body = call.message_body()
    _check_can_post(channel, allowed, body)
    version = new_version(call.state, channel, body, _POSTABLE_FLAGS)
    nonce = body.json.get("nonce")
    if nonce is not None and body.json.get("enforce_nonce"):
        earlier = call.state.message_with_nonce(call.state.bot, nonce)
        if earlier is not None and earlier.is_deleted:
            raise ApiError(ErrorCode.UNKNOWN_MESSAGE)
        if earlier is not None:
            return payloads.message(earlier)
    return payloads.message(_add_message(call.state, channel, body, version))


def _add_message(
    state: DiscordState, channel: Channel, body: MessageBody, version: MessageVersion
) -> Message:
    message = Message(
        state.ids.next(),
        channel,
        state.bot,
        [version],
        nonce=body.json.get("nonce"),
        allowed_mentions=body.json.get("allowed_mentions"),
    )
    state.add_message(message)
    return message


def _edit_message(call: ApiCall) -> Json:
    message, _ = _require_message(call)
    if message.author is not call.state.bot:
        raise ApiError(ErrorCode.CANNOT_EDIT_OTHERS_MESSAGE)
    edit_message(call.state, message, call.message_body())
    return payloads.message(message)


def _delete_message(call: ApiCall) -> None:
    message, allowed = _require_message(call)
    if message.author is not call.state.bot:
        _require(allowed, Permission.MANAGE_MESSAGES)
    call.state.delete_message(message)


def _crosspost(call: ApiCall) -> Json:
    message, allowed = _require_message(call)
    if message.channel.kind is not ChannelType.ANNOUNCEMENT:
        raise ApiError(ErrorCode.WRONG_CHANNEL_TYPE)
    own = message.author is call.state.bot
    _require(allowed, Permission.SEND_MESSAGES if own else Permission.MANAGE_MESSAGES)
    if message.is_crossposted:
        raise ApiError(ErrorCode.ALREADY_CROSSPOSTED)
    message.is_crossposted = True
    call.state.publish("MESSAGE_UPDATE", message)
    return payloads.message(message)


def _trigger_typing(call: ApiCall) -> None:
    channel, allowed = _require_channel(call)
    _check_can_post(channel, allowed, MessageBody({}, {}))


def _open_direct_channel(call: ApiCall) -> Json:
    user = call.state.users.get(int(call.json.get("recipient_id") or 0))
    if user is None:
        raise ApiError(ErrorCode.UNKNOWN_USER)
    if user.is_bot:
        raise ApiError(ErrorCode.CANNOT_MESSAGE_USER)
    return guild_payloads.channel(call.state.direct_channel(user))


def _start_thread(call: ApiCall) -> Json:
    """Start a post in a forum, or a thread in a text channel."""
    channel, allowed = _require_channel(call)
    if channel.guild is None or channel.kind.is_thread:
        raise ApiError(ErrorCode.WRONG_CHANNEL_TYPE)
    body = call.message_body("message")
    if channel.kind is ChannelType.FORUM:
        _require(allowed, Permission.SEND_MESSAGES)
        if channel.requires_tag and not call.json.get("applied_tags"):
            raise ApiError(ErrorCode.TAG_REQUIRED)
        version = new_version(call.state, channel, body, _POSTABLE_FLAGS)
    else:
        _require(allowed, Permission.CREATE_PUBLIC_THREADS)
        version = None
    thread = channel.guild.add_channel(call.json["name"], ChannelType.THREAD, parent=channel)
    thread.owner_id = call.state.bot.id
    if version is None:
        return guild_payloads.channel(thread)
    message = _add_message(call.state, thread, body, version)
    return {**guild_payloads.channel(thread), "message": payloads.message(message)}


def endpoints() -> list[Endpoint]:
    """Return the rows of the API's table."""
    return [
        Endpoint("GET", _CHANNEL, _get_channel),
        Endpoint("GET", _MESSAGES, _list_messages),
        Endpoint("POST", _MESSAGES, _post, rate_bucket="post"),
        Endpoint("GET", _MESSAGE, _get_message),
        Endpoint("PATCH", _MESSAGE, _edit_message),
        Endpoint("DELETE", _MESSAGE, _delete_message),
        Endpoint("POST", _MESSAGE + "/crosspost", _crosspost, rate_bucket="publish"),
        Endpoint("POST", _CHANNEL + "/typing", _trigger_typing),
        Endpoint("POST", _CHANNEL + "/threads", _start_thread),
        Endpoint("POST", "/users/@me/channels", _open_direct_channel),
    ]
