"""What Discord demands of a message beyond what its schema can say."""

from playground.local_discord.component_rules import check_message_components, needs_v2
from playground.local_discord.components import media_of, walk
from playground.local_discord.errors import ApiError, Code
from playground.local_discord.json_types import Json
from playground.local_discord.messages import Flag, Version
from playground.local_discord.problems import Path, Problems

CONTENT = 2000
EMBEDS = 10
ALL_EMBED_TEXT = 6000
FILES = 10
NONCE = 25
MENTIONS = 100
_UPLOADED = "attachment://"
# Over this the real API answers 500, which costs a bot five slow retries (discord-api-docs#8554).
_V2_BYTES = 10_170
_V2_BYTES_PER_TEXT = 12

SENDABLE = int(
    Flag.SUPPRESS_EMBEDS | Flag.EPHEMERAL | Flag.SUPPRESS_NOTIFICATIONS | Flag.IS_COMPONENTS_V2
)


def check_message(
    body: Json, files: set[str], before: Version | None = None, *, at: Path = ()
) -> None:
    """Refuse a body that Discord would refuse.

    `before` is the message as it is when this is an edit; `files` are the names of what comes or
    stays with the message.

    Raises:
        ApiError: With everything that is wrong.
    """
    problems = Problems()
    flags = (body.get("flags") or 0) | (before.flags if before else 0)
    v2 = bool(flags & Flag.IS_COMPONENTS_V2)
    problems.length((*at, "content"), body.get("content"), CONTENT)
    problems.length((*at, "attachments"), body.get("attachments"), FILES)
    _check_nonce(body.get("nonce"), (*at, "nonce"), problems)
    _check_mentions(body.get("allowed_mentions") or {}, (*at, "allowed_mentions"), problems)
    _check_embeds(body.get("embeds") or [], (*at, "embeds"), problems)
    components = body.get("components") or []
    if v2:
        _check_legacy_fields(body, before, at, problems)
    elif needs_v2(components):
        words = "These components need the message flag IS_COMPONENTS_V2"
        problems.add((*at, "components"), "UNION_TYPE_CHOICES", words)
    check_message_components(components, problems, v2=v2, at=(*at, "components"))
    if not problems.found:
        _check_uploads(components, files, at, problems)
    problems.raise_if_any()
    _check_not_empty(body, files, before)


def _check_nonce(nonce: str | int | None, at: Path, problems: Problems) -> None:
    if isinstance(nonce, str):
        problems.length(at, nonce, NONCE)


def _check_mentions(allowed: Json, at: Path, problems: Problems) -> None:
    for kind in ("users", "roles"):
        problems.length((*at, kind), allowed.get(kind), MENTIONS)
        if kind in (allowed.get("parse") or []) and allowed.get(kind):
            words = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            problems.add(at, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", words)


def _check_embeds(embeds: list[Json], at: Path, problems: Problems) -> None:
    problems.length(at, embeds, EMBEDS)
    total = 0
    for index, embed in enumerate(embeds):
        total += _check_embed(embed, (*at, index), problems)
    if total > ALL_EMBED_TEXT:
        words = f"Embed size exceeds maximum size of {ALL_EMBED_TEXT}"
        problems.add(at, "MAX_EMBED_SIZE_EXCEEDED", words)


def _check_embed(embed: Json, at: Path, problems: Problems) -> int:
    """Check one embed and return how many characters it holds."""
    fields = embed.get("fields") or []
    problems.length((*at, "fields"), fields, 25)
    texts: list[tuple[Path, str | None, int]] = [
        (("title",), embed.get("title"), 256),
        (("description",), embed.get("description"), 4096),
        (("footer", "text"), (embed.get("footer") or {}).get("text"), 2048),
        (("author", "name"), (embed.get("author") or {}).get("name"), 256),
    ]
    for index, field in enumerate(fields):
        for key, most in (("name", 256), ("value", 1024)):
            problems.between((*at, "fields", index, key), field.get(key), 1, most)
        total_field = (field.get("name") or "") + (field.get("value") or "")
        texts.append((("fields", index), total_field, 256 + 1024))
    for path, text, most in texts:
        problems.length((*at, *path), text, most)
    return sum(len(text or "") for _, text, _ in texts)


def _check_legacy_fields(body: Json, before: Version | None, at: Path, problems: Problems) -> None:
    words = "The 'content' and 'embeds' fields cannot be used with the flag IS_COMPONENTS_V2"
    code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
    for field in ("content", "embeds", "sticker_ids", "poll"):
        stays = before is not None and field not in body and getattr(before, field, None)
        if body.get(field) or stays:
            problems.add((*at, field), code, words)


def _check_uploads(components: list[Json], files: set[str], at: Path, problems: Problems) -> None:
    for path, part in walk(components, (*at, "components")):
        for media in media_of(part):
            url = str(media.get("url", ""))
            if url.startswith(_UPLOADED) and url.removeprefix(_UPLOADED) not in files:
                words = "The referenced attachment was not found"
                code = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"
                problems.add((*path, "url"), code, words)


def _check_not_empty(body: Json, files: set[str], before: Version | None) -> None:
    def left(field: str) -> object:
        if field in body:
            return body[field]
        return getattr(before, field, None) if before else None

    told = (left("content"), left("embeds"), left("components"), body.get("sticker_ids"))
    if not any(told) and not files and not body.get("poll"):
        raise ApiError(Code.EMPTY_MESSAGE)


def is_too_heavy(components: list[Json]) -> bool:
    """Tell whether the text is beyond what the real API can digest, though within its limits."""
    said = [part["content"] for _, part in walk(components) if "content" in part]
    return sum(len(text.encode()) + _V2_BYTES_PER_TEXT for text in said) > _V2_BYTES


def check_flags(flags: int, allowed: int, at: Path = ("flags",)) -> None:
    """Refuse flags that may not be set here.

    Raises:
        ApiError: There are some.
    """
    if flags & ~allowed:
        problems = Problems()
        problems.add(at, "MESSAGE_FLAGS_INVALID", "Invalid message flags")
        problems.raise_if_any()
