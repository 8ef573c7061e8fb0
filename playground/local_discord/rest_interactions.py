"""The endpoints that answer an interaction: the first response, its edits, the follow-ups."""

from dataclasses import replace

from playground.local_discord import payloads
from playground.local_discord.command_rules import check_choices
from playground.local_discord.errors import ApiError, Code
from playground.local_discord.interactions import ANSWERS_TO, Answer, Asked, Interaction, Shown
from playground.local_discord.json_types import Json
from playground.local_discord.message_rules import SENDABLE, check_flags
from playground.local_discord.messages import Flag, Message, Version
from playground.local_discord.modal_rules import check_modal
from playground.local_discord.posting import Body, edit, first_version
from playground.local_discord.problems import Problems
from playground.local_discord.rest import Call, Endpoint
from playground.local_discord.world import World

CHOICES = 25
_FOLLOW_UPS_OF_USER_APP = 5
_FROM_COMMAND = 20
_WEBHOOK = "/webhooks/{application_id}/{token}"
_SENT = _WEBHOOK + "/messages/{message_id}"


def _respond(call: Call) -> Json | None:
    interaction = call.world.interactions.get(call.ids["token"])
    if interaction is None or interaction.id != call.id("interaction_id"):
        raise ApiError(Code.UNKNOWN_INTERACTION)
    if interaction.answer is not None:
        raise ApiError(Code.ALREADY_ACKNOWLEDGED)
    if interaction.expired(call.world.now(), call.world.answer_window):
        raise ApiError(Code.UNKNOWN_INTERACTION)
    answer = _answer_type(call.json, interaction)
    _RESPONSES[answer](call.world, interaction, call.body("data"), answer)
    interaction.answer = answer
    interaction.pulse.beat()
    if call.query.get("with_response") not in ("1", "true"):
        return None
    return _response(interaction, answer)


def _answer_type(body: Json, interaction: Interaction) -> Answer:
    kind = body.get("type")
    allowed = ANSWERS_TO[interaction.kind]
    if interaction.kind is Asked.MODAL and interaction.source is None:
        allowed = allowed - {Answer.UPDATE, Answer.DEFERRED_UPDATE}
    if kind not in allowed:
        problems = Problems()
        numbers = ", ".join(str(int(one)) for one in sorted(allowed))
        problems.add(("type",), "BASE_TYPE_CHOICES", f"Value must be one of {{{numbers}}}.")
        problems.raise_if_any()
    return Answer(int(kind or 0))


def _response(interaction: Interaction, answer: Answer) -> Json:
    about: Json = {"id": str(interaction.id), "type": int(interaction.kind)}
    found: Json = {"interaction": about}
    message = interaction.original
    if message is not None:
        about["response_message_id"] = str(message.id)
        about["response_message_loading"] = message.now.loading
        about["response_message_ephemeral"] = message.private_to is not None
        found["resource"] = {"type": int(answer)}
        if answer in (Answer.MESSAGE, Answer.UPDATE):
            found["resource"]["message"] = payloads.message(message)
    return found


def _say(world: World, interaction: Interaction, body: Body, _: Answer) -> None:
    message = interaction.original = _new_message(world, interaction, body)
    interaction.show(Shown(message, message.now))


def _think(world: World, interaction: Interaction, body: Body, _: Answer) -> None:
    flags = body.json.get("flags") or 0
    check_flags(flags, int(Flag.EPHEMERAL), ("data", "flags"))
    version = Version(world.now(), flags=int(flags | Flag.LOADING))
    interaction.original = _created(world, interaction, version)


def _acknowledge(world: World, interaction: Interaction, _: Body, __: Answer) -> None:
    interaction.original = _still_there(world, interaction.source)


def _update(world: World, interaction: Interaction, body: Body, _: Answer) -> None:
    message = _still_there(world, interaction.source)
    interaction.original = message
    interaction.show(Shown(message, edit(world, message, body)))


def _still_there(world: World, message: Message | None) -> Message:
    if message is None or message.deleted:
        raise ApiError(Code.UNKNOWN_MESSAGE)
    return world.message(message.channel, message.id)


def _choices(_: World, interaction: Interaction, body: Body, __: Answer) -> None:
    choices = body.json.get("choices") or []
    problems = Problems()
    problems.length(("data", "choices"), choices, CHOICES)
    check_choices(choices, ("data", "choices"), problems)
    problems.raise_if_any()
    interaction.choices = choices


def _open_modal(_: World, interaction: Interaction, body: Body, __: Answer) -> None:
    problems = Problems()
    check_modal(body.json, problems)
    problems.raise_if_any()
    interaction.show(Shown(modal=body.json))


_RESPONSES = {
    Answer.MESSAGE: _say,
    Answer.DEFERRED_MESSAGE: _think,
    Answer.DEFERRED_UPDATE: _acknowledge,
    Answer.UPDATE: _update,
    Answer.CHOICES: _choices,
    Answer.MODAL: _open_modal,
}


def _new_message(world: World, interaction: Interaction, body: Body) -> Message:
    version = first_version(world, interaction.channel, body, SENDABLE)
    message = _created(world, interaction, version)
    message.allowed_mentions = body.json.get("allowed_mentions")
    return message


def _created(world: World, interaction: Interaction, version: Version) -> Message:
    private = bool(version.flags & Flag.EPHEMERAL)
    if interaction.only_private and not private:
        # A user-installed app without the right to speak is heard by its user alone.
        version = replace(version, flags=int(version.flags | Flag.EPHEMERAL))
        private = True
    message = Message(
        world.ids.next(),
        interaction.channel,
        world.bot,
        [version],
        private_to=interaction.person if private else None,
        interaction=interaction,
        kind=_FROM_COMMAND if interaction.kind is Asked.COMMAND else 0,
    )
    world.remember(message)
    return message


def _interaction_of(call: Call) -> Interaction:
    """Return the interaction whose token is in the path, once it was answered.

    Raises:
        ApiError: The token is unknown, too old, or not usable before the first response.
    """
    interaction = call.world.interactions.get(call.ids["token"])
    if call.id("application_id") != call.world.bot.id:
        raise ApiError(Code.UNKNOWN_WEBHOOK)
    if interaction is None or interaction.token_is_dead(call.world.now()):
        raise ApiError(Code.INVALID_WEBHOOK_TOKEN)
    if interaction.answer is None:
        raise ApiError(Code.UNKNOWN_WEBHOOK)
    return interaction


def _message_of(call: Call) -> tuple[Interaction, Message]:
    interaction = _interaction_of(call)
    if call.ids["message_id"] == "@original":
        return interaction, _still_there(call.world, interaction.original)
    for message in (interaction.original, *interaction.follow_ups):
        if message is not None and message.id == call.id("message_id"):
            return interaction, _still_there(call.world, message)
    raise ApiError(Code.UNKNOWN_MESSAGE)


def _show(call: Call) -> Json:
    return payloads.message(_message_of(call)[1])


def _edit_sent(call: Call) -> Json:
    interaction, message = _message_of(call)
    interaction.show(Shown(message, edit(call.world, message, call.body())))
    return payloads.message(message)


def _delete_sent(call: Call) -> None:
    interaction, message = _message_of(call)
    call.world.remove(message)
    interaction.show(Shown(message, message.now))


def _follow_up(call: Call) -> Json:
    interaction, body = _interaction_of(call), call.body()
    original = interaction.original
    if original is not None and original.now.loading and not original.deleted:
        # Discord still lets a follow-up fill a deferral, though it advises against it.
        interaction.show(Shown(original, edit(call.world, original, body)))
        return payloads.message(original)
    if interaction.user_installed_only and len(interaction.follow_ups) >= _FOLLOW_UPS_OF_USER_APP:
        raise ApiError(Code.TOO_MANY_FOLLOW_UPS)
    message = _new_message(call.world, interaction, body)
    interaction.follow_ups.append(message)
    interaction.show(Shown(message, message.now))
    return payloads.message(message)


def endpoints() -> list[Endpoint]:
    """Return the rows of the API's table; the token in the path is all they ask for."""
    callback = "/interactions/{interaction_id}/{token}/callback"
    rows = [
        ("POST", callback, _respond),
        ("POST", _WEBHOOK, _follow_up),
        ("GET", _SENT, _show),
        ("PATCH", _SENT, _edit_sent),
        ("DELETE", _SENT, _delete_sent),
    ]
    return [Endpoint(*row, needs_token=False, resource="token") for row in rows]
