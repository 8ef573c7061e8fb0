"""An OpenAPI document of what bots send to Discord and hear of it, small and in our own words.

It has the names of Discord's schemas, and of each the fields that discord.py knows; limits are
those of Discord's documentation. Answers have their required fields only.
"""

from tests.generated.openapi_commands import commands
from tests.generated.openapi_components import MESSAGE_PARTS, MODAL_PARTS, components
from tests.generated.openapi_shapes import (
    ANY_OBJECT,
    ID,
    REF,
    WHOLE,
    YES_OR_NO,
    Json,
    either,
    list_of,
    object_of,
    or_null,
    text,
)


def openapi() -> Json:
    """Return the document."""
    schemas = {
        "SnowflakeType": {"type": "string", "pattern": "^[0-9]+$"},
        **components(),
        **_parts_of_messages(),
        **_bodies(),
        **commands(),
        **_callbacks(),
        **_answers(),
    }
    return {"openapi": "3.1.0", "components": {"schemas": schemas}}


def _parts_of_messages() -> Json:
    return {
        "RichEmbed": object_of(
            title=text(256, can_lack=True),
            description=text(4096, can_lack=True),
            type=text(20, can_lack=True),
            url=text(2048, can_lack=True),
            color=WHOLE,
            timestamp=text(40, can_lack=True),
            author=ANY_OBJECT,
            footer=ANY_OBJECT,
            image=ANY_OBJECT,
            thumbnail=ANY_OBJECT,
            fields=list_of({"type": "object"}, 25),
        ),
        "AttachmentRequest": object_of(
            "id",
            id=ID,
            filename=text(1024, can_lack=True),
            description=text(1024, can_lack=True),
        ),
        "Mentions": object_of(
            parse=list_of({"type": "string", "enum": ["users", "roles", "everyone"]}, 3),
            users=list_of(ID, 100),
            roles=list_of(ID, 100),
            replied_user=YES_OR_NO,
        ),
    }


def _bodies() -> Json:
    return {
        # Too much text for a message by the documentation, as in Discord's own file.
        "MessageCreateRequest": _message(
            4000,
            nonce={"anyOf": [WHOLE, text(25, can_lack=True)]},
            enforce_nonce=YES_OR_NO,
            tts=YES_OR_NO,
            message_reference=ANY_OBJECT,
            sticker_ids=list_of(ID, 3),
        ),
        "MessageEditRequestPartial": _message(4000),
        "IncomingWebhookRequestPartial": _message(2000, tts=YES_OR_NO),
        "IncomingWebhookUpdateRequestPartial": _message(2000),
        "IncomingWebhookInteractionRequest": _message(2000, tts=YES_OR_NO),
        "IncomingWebhookUpdateForInteractionCallbackRequestPartial": _message(2000),
        "CreatePrivateChannelRequest": object_of(recipient_id=ID),
        "CreateTextThreadWithoutMessageRequest": object_of("name", **_thread()),
        "CreateForumThreadRequest": object_of(
            "name",
            "message",
            message={"$ref": f"{REF}MessageCreateRequest"},
            applied_tags=list_of(ID, 5),
            **_thread(),
        ),
    }


def _message(most: int, **more: Json) -> Json:
    return object_of(
        content=text(most, can_lack=True),
        embeds=list_of({"$ref": f"{REF}RichEmbed"}, 10),
        components=list_of(either(*MESSAGE_PARTS), 40),
        attachments=list_of({"$ref": f"{REF}AttachmentRequest"}, 10),
        allowed_mentions=or_null("Mentions"),
        flags=WHOLE,
        **more,
    )


def _thread() -> Json:
    return {
        "name": text(100, least=1),
        "auto_archive_duration": WHOLE,
        "rate_limit_per_user": WHOLE,
        "type": WHOLE,
        "invitable": YES_OR_NO,
    }


def _callbacks() -> Json:
    parts = list_of(either(*MODAL_PARTS), 40, least=1)
    choice = {
        "anyOf": [
            {"$ref": f"{REF}{name}"}
            for name in ("ApplicationCommandOptionStringChoice", "NumberChoice")
        ]
    }
    new, changed = (
        "IncomingWebhookInteractionRequest",
        "IncomingWebhookUpdateForInteractionCallbackRequestPartial",
    )
    return {
        "ModalInteractionCallbackRequestData": object_of(
            "custom_id",
            "title",
            "components",
            custom_id=text(100, least=1),
            title=text(45, least=1),
            components=parts,
        ),
        "Choices": object_of("choices", choices=list_of(choice, 25)),
        "CreateMessageInteractionCallbackRequest": _callback(4, 5, data=or_null(new)),
        "UpdateMessageInteractionCallbackRequest": _callback(6, 7, data=or_null(changed)),
        "ApplicationCommandAutocompleteCallbackRequest": _callback(
            8, needed=("data",), data={"$ref": f"{REF}Choices"}
        ),
        "ModalInteractionCallbackRequest": _callback(
            9, needed=("data",), data={"$ref": f"{REF}ModalInteractionCallbackRequestData"}
        ),
    }


def _callback(*types: int, needed: tuple[str, ...] = (), **properties: Json) -> Json:
    kind = {"type": "integer", "enum": list(types)}
    return object_of("type", *needed, **{"type": kind, **properties})


def _answers() -> Json:
    words: Json = {"type": "string"}
    number: Json = {"type": "integer"}
    user = {"$ref": f"{REF}UserResponse"}
    return {
        "UserResponse": object_of("id", "username", "discriminator", id=ID, username=words),
        "MessageResponse": object_of(
            *("id", "channel_id", "author", "content", "timestamp", "components", "embeds"),
            *("attachments", "mentions", "flags", "type", "pinned", "tts"),
            id=ID,
            channel_id=ID,
            author=user,
            content=words,
            timestamp={"type": "string", "format": "date-time"},
            flags=number,
            type=number,
        ),
        "ApplicationCommandResponse": object_of(
            *("id", "application_id", "version", "type", "name", "description"),
            id=ID,
            application_id=ID,
            version=ID,
            type=number,
            name=words,
            description=words,
        ),
        "InteractionCallbackResponse": object_of(
            "interaction", interaction=object_of("id", "type", id=ID, type=number)
        ),
        "GatewayBotResponse": object_of(
            "url",
            "shards",
            "session_start_limit",
            url={"type": "string", "format": "uri"},
            shards=number,
            session_start_limit=object_of("total", "remaining", "reset_after", "max_concurrency"),
        ),
        "GuildChannelResponse": object_of(
            "id", "type", "guild_id", "name", id=ID, type=number, guild_id=ID, name=words
        ),
        "GuildRoleResponse": object_of(
            "id", "name", "permissions", "position", id=ID, name=words, permissions=ID
        ),
    }
