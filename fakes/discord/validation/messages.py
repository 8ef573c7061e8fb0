"""What Discord demands of a message beyond what its schema can say."""

from fakes.discord.model.component_tree import media_of, walk
from fakes.discord.model.errors import ApiError, ErrorCode
from fakes.discord.model.form_errors import FormErrors, JsonPath
from fakes.discord.model.json_types import Json
from fakes.discord.model.message_content import MessageFlag, MessageVersion
from fakes.discord.validation.components import check_message_components, requires_v2

MAX_CONTENT = 2000
MAX_EMBEDS = 10
MAX_EMBED_TEXT = 6000
MAX_FILES = 10
MAX_NONCE = 25
MAX_MENTIONS = 100
_ATTACHMENT_SCHEME = "attachment://"
# Over this the real API answers 500, which costs a bot five slow retries (discord-api-docs#8554).
_V2_BYTES = 10_170
_V2_BYTES_PER_TEXT = 12

SENDABLE_FLAGS = int(
    MessageFlag.SUPPRESS_EMBEDS
    | MessageFlag.EPHEMERAL
    | MessageFlag.SUPPRESS_NOTIFICATIONS
    | MessageFlag.IS_COMPONENTS_V2
)


def check_message(
    body: Json, files: set[str], before: MessageVersion | None = None, *, path: JsonPath = ()
) -> None:
    """Refuse a body that Discord would refuse.

    `before` is the message as it is when this is an edit; `files` are the names of what comes or
    stays with the message.

    Raises:
        ApiError: With everything that is wrong.
    """
    errors = FormErrors()
    flags = (body.get("flags") or 0) | (before.flags if before else 0)
    v2 = bool(flags & MessageFlag.IS_COMPONENTS_V2)
    errors.check_max_length((*path, "content"), body.get("content"), MAX_CONTENT)
    errors.check_max_length((*path, "attachments"), body.get("attachments"), MAX_FILES)
    _check_nonce(body.get("nonce"), (*path, "nonce"), errors)
    _check_mentions(body.get("allowed_mentions") or {}, (*path, "allowed_mentions"), errors)
    _check_embeds(body.get("embeds") or [], (*path, "embeds"), errors)
    components = body.get("components") or []
    if v2:
        _check_legacy_fields(body, before, path, errors)
    elif requires_v2(components):
        words = "These components need the message flag IS_COMPONENTS_V2"
        errors.add((*path, "components"), "UNION_TYPE_CHOICES", words)
    check_message_components(components, errors, v2=v2, at=(*path, "components"))
    if not errors.errors:
        _check_uploads(components, files, path, errors)
    errors.raise_if_any()
    _check_not_empty(body, files, before)


def _check_nonce(nonce: str | int | None, at: JsonPath, errors: FormErrors) -> None:
    if isinstance(nonce, str):
        errors.check_max_length(at, nonce, MAX_NONCE)


def _check_mentions(allowed: Json, at: JsonPath, errors: FormErrors) -> None:
    for kind in ("users", "roles"):
        errors.check_max_length((*at, kind), allowed.get(kind), MAX_MENTIONS)
        if kind in (allowed.get("parse") or []) and allowed.get(kind):
            words = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            errors.add(at, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", words)


def _check_embeds(embeds: list[Json], at: JsonPath, errors: FormErrors) -> None:
    errors.check_max_length(at, embeds, MAX_EMBEDS)
    total = 0
    for index, embed in enumerate(embeds):
        total += _check_embed(embed, (*at, index), errors)
    if total > MAX_EMBED_TEXT:
        words = f"Embed size exceeds maximum size of {MAX_EMBED_TEXT}"
        errors.add(at, "MAX_EMBED_SIZE_EXCEEDED", words)


def _check_embed(embed: Json, at: JsonPath, errors: FormErrors) -> int:
    """Check one embed and return how many characters it holds."""
    fields = embed.get("fields") or []
    errors.check_max_length((*at, "fields"), fields, 25)
    texts: list[tuple[JsonPath, str | None, int]] = [
        (("title",), embed.get("title"), 256),
        (("description",), embed.get("description"), 4096),
        (("footer", "text"), (embed.get("footer") or {}).get("text"), 2048),
        (("author", "name"), (embed.get("author") or {}).get("name"), 256),
    ]
    for index, field in enumerate(fields):
        for key, most in (("name", 256), ("value", 1024)):
            errors.check_length((*at, "fields", index, key), field.get(key), 1, most)
        total_field = (field.get("name") or "") + (field.get("value") or "")
        texts.append((("fields", index), total_field, 256 + 1024))
    for path, text, most in texts:
        errors.check_max_length((*at, *path), text, most)
    return sum(len(text or "") for _, text, _ in texts)


def _check_legacy_fields(
    body: Json, before: MessageVersion | None, at: JsonPath, errors: FormErrors
) -> None:
    words = "The 'content' and 'embeds' fields cannot be used with the flag IS_COMPONENTS_V2"
    code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
    for field in ("content", "embeds", "sticker_ids", "poll"):
        is_kept = before is not None and field not in body and getattr(before, field, None)
        if body.get(field) or is_kept:
            errors.add((*at, field), code, words)


def _check_uploads(
    components: list[Json], files: set[str], at: JsonPath, errors: FormErrors
) -> None:
    for path, part in walk(components, (*at, "components")):
        for media in media_of(part):
            url = str(media.get("url", ""))
            if (
                url.startswith(_ATTACHMENT_SCHEME)
                and url.removeprefix(_ATTACHMENT_SCHEME) not in files
            ):
                words = "The referenced attachment was not found"
                code = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"
                errors.add((*path, "url"), code, words)


def _check_not_empty(body: Json, files: set[str], before: MessageVersion | None) -> None:
    def resulting(field: str) -> object:
        if field in body:
            return body[field]
        return getattr(before, field, None) if before else None

    contents = (
        resulting("content"),
        resulting("embeds"),
        resulting("components"),
        body.get("sticker_ids"),
    )
    if not any(contents) and not files and not body.get("poll"):
        raise ApiError(ErrorCode.EMPTY_MESSAGE)


def exceeds_v2_size(components: list[Json]) -> bool:
    """Tell whether the text is beyond what the real API can digest, though within its limits."""
    texts = [part["content"] for _, part in walk(components) if "content" in part]
    return sum(len(text.encode()) + _V2_BYTES_PER_TEXT for text in texts) > _V2_BYTES


def check_flags(flags: int, allowed: int, at: JsonPath = ("flags",)) -> None:
    """Refuse flags that may not be set here.

    Raises:
        ApiError: There are some.
    """
    if flags & ~allowed:
        errors = FormErrors()
        errors.add(at, "MESSAGE_FLAGS_INVALID", "Invalid message flags")
        errors.raise_if_any()
