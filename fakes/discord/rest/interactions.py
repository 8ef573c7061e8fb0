"""The endpoints that answer an interaction: the first response, its edits, the follow-ups."""

from dataclasses import replace

from fakes.discord.model import payloads
from fakes.discord.model.entities import Interaction, Message, VisibleResponse
from fakes.discord.model.enums import ALLOWED_CALLBACKS, CallbackType, InteractionType
from fakes.discord.model.errors import ApiError, ErrorCode
from fakes.discord.model.form_errors import FormErrors
from fakes.discord.model.json_types import Json
from fakes.discord.model.message_content import MessageFlag, MessageVersion
from fakes.discord.model.state import DiscordState
from fakes.discord.rest.endpoint import ApiCall, Endpoint
from fakes.discord.rest.message_builder import MessageBody, edit_message, new_version
from fakes.discord.validation.commands import check_choices
from fakes.discord.validation.messages import SENDABLE_FLAGS, check_flags
from fakes.discord.validation.modals import check_modal

MAX_CHOICES = 25
_MAX_USER_APP_FOLLOW_UPS = 5
_CHAT_INPUT_COMMAND_MESSAGE = 20
_WEBHOOK = "/webhooks/{application_id}/{token}"
_WEBHOOK_MESSAGE = _WEBHOOK + "/messages/{message_id}"


def _respond(call: ApiCall) -> Json | None:
    interaction = call.state.interactions.get(call.path_params["token"])
    if interaction is None or interaction.id != call.path_id("interaction_id"):
        raise ApiError(ErrorCode.UNKNOWN_INTERACTION)
    if interaction.callback is not None:
        raise ApiError(ErrorCode.ALREADY_ACKNOWLEDGED)
    if interaction.is_expired(call.state.now(), call.state.response_window):
        raise ApiError(ErrorCode.UNKNOWN_INTERACTION)
    callback = _callback_type(call.json, interaction)
    CALLBACK_HANDLERS[callback](call.state, interaction, call.message_body("data"), callback)
    interaction.callback = callback
    interaction.signal.notify()
    if call.query.get("with_response") not in ("1", "true"):
        return None
    return _callback_response(interaction, callback)


def _callback_type(body: Json, interaction: Interaction) -> CallbackType:
    kind = body.get("type")
    allowed = ALLOWED_CALLBACKS[interaction.kind]
    if interaction.kind is InteractionType.MODAL and interaction.source_message is None:
        allowed = allowed - {CallbackType.UPDATE, CallbackType.DEFERRED_UPDATE}
    if kind not in allowed:
        problems = FormErrors()
        numbers = ", ".join(str(int(one)) for one in sorted(allowed))
        problems.add(("type",), "BASE_TYPE_CHOICES", f"Value must be one of {{{numbers}}}.")
        problems.raise_if_any()
    return CallbackType(int(kind or 0))


def _callback_response(interaction: Interaction, callback: CallbackType) -> Json:
    metadata: Json = {"id": str(interaction.id), "type": int(interaction.kind)}
    found: Json = {"interaction": metadata}
    message = interaction.original_response
    if message is not None:
        metadata["response_message_id"] = str(message.id)
        metadata["response_message_loading"] = message.current.is_loading
        metadata["response_message_ephemeral"] = message.ephemeral_for is not None
        found["resource"] = {"type": int(callback)}
        if callback in (CallbackType.MESSAGE, CallbackType.UPDATE):
            found["resource"]["message"] = payloads.message(message)
    return found


def _send_message(
    state: DiscordState, interaction: Interaction, body: MessageBody, _: CallbackType
) -> None:
    message = interaction.original_response = _new_message(state, interaction, body)
    interaction.add_visible(VisibleResponse(message, message.current))


def _defer_message(
    state: DiscordState, interaction: Interaction, body: MessageBody, _: CallbackType
) -> None:
    flags = body.json.get("flags") or 0
    check_flags(flags, int(MessageFlag.EPHEMERAL), ("data", "flags"))
    version = MessageVersion(state.now(), flags=int(flags | MessageFlag.LOADING))
    interaction.original_response = _add_message(state, interaction, version)


def _defer_update(
    state: DiscordState, interaction: Interaction, _: MessageBody, __: CallbackType
) -> None:
    interaction.original_response = _require_existing(state, interaction.source_message)


def _update_message(
    state: DiscordState, interaction: Interaction, body: MessageBody, _: CallbackType
) -> None:
    message = _require_existing(state, interaction.source_message)
    interaction.original_response = message
    interaction.add_visible(VisibleResponse(message, edit_message(state, message, body)))


def _require_existing(state: DiscordState, message: Message | None) -> Message:
    if message is None or message.is_deleted:
        raise ApiError(ErrorCode.UNKNOWN_MESSAGE)
    return state.get_message(message.channel, message.id)


def _send_choices(
    _: DiscordState, interaction: Interaction, body: MessageBody, __: CallbackType
) -> None:
    choices = body.json.get("choices") or []
    problems = FormErrors()
    problems.check_max_length(("data", "choices"), choices, MAX_CHOICES)
    check_choices(choices, ("data", "choices"), problems)
    problems.raise_if_any()
    interaction.choices = choices


def _open_modal(
    _: DiscordState, interaction: Interaction, body: MessageBody, __: CallbackType
) -> None:
    problems = FormErrors()
    check_modal(body.json, problems)
    problems.raise_if_any()
    interaction.add_visible(VisibleResponse(modal=body.json))


CALLBACK_HANDLERS = {
    CallbackType.MESSAGE: _send_message,
    CallbackType.DEFERRED_MESSAGE: _defer_message,
    CallbackType.DEFERRED_UPDATE: _defer_update,
    CallbackType.UPDATE: _update_message,
    CallbackType.CHOICES: _send_choices,
    CallbackType.MODAL: _open_modal,
}


def _new_message(state: DiscordState, interaction: Interaction, body: MessageBody) -> Message:
    version = new_version(state, interaction.channel, body, SENDABLE_FLAGS)
    message = _add_message(state, interaction, version)
    message.allowed_mentions = body.json.get("allowed_mentions")
    return message


def _add_message(state: DiscordState, interaction: Interaction, version: MessageVersion) -> Message:
    is_ephemeral = bool(version.flags & MessageFlag.EPHEMERAL)
    if interaction.is_forced_ephemeral and not is_ephemeral:
        # A user-installed app without the right to speak is heard by its user alone.
        version = replace(version, flags=int(version.flags | MessageFlag.EPHEMERAL))
        is_ephemeral = True
    message = Message(
        state.ids.next(),
        interaction.channel,
        state.bot,
        [version],
        ephemeral_for=interaction.user if is_ephemeral else None,
        interaction=interaction,
        kind=_CHAT_INPUT_COMMAND_MESSAGE if interaction.kind is InteractionType.COMMAND else 0,
    )
    state.add_message(message)
    return message


def _require_interaction(call: ApiCall) -> Interaction:
    """Return the interaction whose token is in the path, once it was answered.

    Raises:
        ApiError: The token is unknown, too old, or not usable before the first response.
    """
    interaction = call.state.interactions.get(call.path_params["token"])
    if call.path_id("application_id") != call.state.bot.id:
        raise ApiError(ErrorCode.UNKNOWN_WEBHOOK)
    if interaction is None or interaction.is_token_expired(call.state.now()):
        raise ApiError(ErrorCode.INVALID_WEBHOOK_TOKEN)
    if interaction.callback is None:
        raise ApiError(ErrorCode.UNKNOWN_WEBHOOK)
    return interaction


def _require_message(call: ApiCall) -> tuple[Interaction, Message]:
    interaction = _require_interaction(call)
    if call.path_params["message_id"] == "@original":
        return interaction, _require_existing(call.state, interaction.original_response)
    for message in (interaction.original_response, *interaction.follow_ups):
        if message is not None and message.id == call.path_id("message_id"):
            return interaction, _require_existing(call.state, message)
    raise ApiError(ErrorCode.UNKNOWN_MESSAGE)


def _get_message(call: ApiCall) -> Json:
    return payloads.message(_require_message(call)[1])


def _edit_sent_message(call: ApiCall) -> Json:
    interaction, message = _require_message(call)
    interaction.add_visible(
        VisibleResponse(message, edit_message(call.state, message, call.message_body()))
    )
    return payloads.message(message)


def _delete_sent_message(call: ApiCall) -> None:
    interaction, message = _require_message(call)
    call.state.delete_message(message)
    interaction.add_visible(VisibleResponse(message, message.current))


def _send_follow_up(call: ApiCall) -> Json:
    interaction, body = _require_interaction(call), call.message_body()
    original = interaction.original_response
    if original is not None and original.current.is_loading and not original.is_deleted:
        # Discord still lets a follow-up fill a deferral, though it advises against it.
        interaction.add_visible(VisibleResponse(original, edit_message(call.state, original, body)))
        return payloads.message(original)
    if interaction.user_installed_only and len(interaction.follow_ups) >= _MAX_USER_APP_FOLLOW_UPS:
        raise ApiError(ErrorCode.TOO_MANY_FOLLOW_UPS)
    message = _new_message(call.state, interaction, body)
    interaction.follow_ups.append(message)
    interaction.add_visible(VisibleResponse(message, message.current))
    return payloads.message(message)


def endpoints() -> list[Endpoint]:
    """Return the rows of the API's table; the token in the path is all they ask for."""
    callback = "/interactions/{interaction_id}/{token}/callback"
    rows = [
        ("POST", callback, _respond),
        ("POST", _WEBHOOK, _send_follow_up),
        ("GET", _WEBHOOK_MESSAGE, _get_message),
        ("PATCH", _WEBHOOK_MESSAGE, _edit_sent_message),
        ("DELETE", _WEBHOOK_MESSAGE, _delete_sent_message),
    ]
    return [Endpoint(*row, needs_token=False, rate_key="token") for row in rows]
