"""How a body becomes a message, and how an edit changes one."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from fakes.discord.model.component_tree import ComponentType, walk
from fakes.discord.model.entities import Channel, Message
from fakes.discord.model.errors import ApiError, ErrorCode
from fakes.discord.model.form_errors import JsonPath
from fakes.discord.model.json_types import Json
from fakes.discord.model.message_content import (
    MAX_FILE_SIZE,
    Attachment,
    MessageFlag,
    MessageVersion,
)
from fakes.discord.model.state import DiscordState, StoredFile
from fakes.discord.validation.messages import check_flags, check_message, exceeds_v2_size

_ATTACHMENT_SCHEME = "attachment://"
_EDITABLE_FLAGS = MessageFlag.SUPPRESS_EMBEDS | MessageFlag.IS_COMPONENTS_V2


@dataclass(frozen=True, slots=True)
class MessageBody:
    """What came with a request: JSON, and files by the number in their form field."""

    json: Json
    files: dict[int, StoredFile]
    path: JsonPath = ()


def new_version(
    state: DiscordState, channel: Channel, body: MessageBody, allowed_flags: int
) -> MessageVersion:
    """Return what a new message says.

    Raises:
        ApiError: Discord would not take it.
    """
    check_flags(body.json.get("flags") or 0, allowed_flags, (*body.path, "flags"))
    return _build_version(state, channel, body, None)


def edit_message(state: DiscordState, message: Message, body: MessageBody) -> MessageVersion:
    """Change a message; what the body does not mention stays.

    Raises:
        ApiError: Discord would not take it.
    """
    version = _build_version(state, message.channel, body, message.current)
    message.versions.append(version)
    message.allowed_mentions = body.json.get("allowed_mentions")
    state.publish("MESSAGE_UPDATE", message)
    message.signal.notify()
    return version


def _build_version(
    state: DiscordState, channel: Channel, body: MessageBody, previous: MessageVersion | None
) -> MessageVersion:
    attachments = _attachments(state, channel, body, previous)
    urls = {file.filename: file.url for file in attachments}
    check_message(body.json, set(urls), previous, path=body.path)
    components = body.json.get("components")
    if components and exceeds_v2_size(components):
        raise ApiError(ErrorCode.COMPONENTS_TOO_LARGE)
    for file_id, upload in body.files.items():
        state.files[_attachment_id(attachments, upload, file_id)] = upload
    base = previous or MessageVersion(state.now())
    requested_flags = body.json.get("flags") or 0
    flags = (
        requested_flags
        if previous is None
        else requested_flags & _EDITABLE_FLAGS | base.flags & ~MessageFlag.LOADING
    )
    kept = base.components if components is None and "components" not in body.json else []
    return MessageVersion(
        since=state.now(),
        content=body.json.get("content", base.content) or "",
        components=_with_ids(components, urls) if components else kept,
        embeds=_with_file_urls(body.json.get("embeds", base.embeds) or [], urls),
        attachments=tuple(attachments),
        flags=int(flags),
    )


def _attachment_id(attachments: list[Attachment], upload: StoredFile, default: int) -> int:
    for file in attachments:
        if file.filename == upload.filename:
            return file.id
    return default


def _attachments(
    state: DiscordState, channel: Channel, body: MessageBody, previous: MessageVersion | None
) -> list[Attachment]:
    """Return the files that the message has afterwards: those kept, then those that came."""
    for upload in body.files.values():
        if len(upload.content) > MAX_FILE_SIZE:
            raise ApiError(ErrorCode.TOO_LARGE)
    listed = body.json.get("attachments")
    had = list(previous.attachments) if previous else []
    about = {int(entry["id"]): entry for entry in listed or []}
    kept = had if listed is None else [file for file in had if file.id in about]
    new = [
        _attachment(state, channel, upload, about.get(number, {}))
        for number, upload in body.files.items()
    ]
    return [*kept, *new]


def _attachment(
    state: DiscordState, channel: Channel, upload: StoredFile, about: Json
) -> Attachment:
    file_id = state.ids.next()
    name = about.get("filename") or upload.filename
    return Attachment(
        id=file_id,
        filename=name,
        content_type=upload.content_type,
        size=len(upload.content),
        url=f"{state.cdn_url}/attachments/{channel.id}/{file_id}/{name}",
        description=about.get("description"),
    )


def _with_ids(components: list[Json], urls: dict[str, str]) -> list[Json]:
    """Return the components as Discord stores them: every one with an id, files with their URL."""
    finished: list[Json] = _with_file_urls(components, urls)
    used_ids = {part["id"] for _, part in walk(finished) if part.get("id")}
    numbers = (number for number in count(1) if number not in used_ids)
    for _, part in walk(finished):
        if not part.get("id"):
            part["id"] = next(numbers)
        if part["type"] == ComponentType.BUTTON:
            part.setdefault("disabled", False)
    return finished


def _with_file_urls(value: Any, urls: dict[str, str]) -> Any:  # noqa: ANN401 - any JSON value
    """Copy a JSON value with every `attachment://name` replaced by where the file is served."""
    if isinstance(value, dict):
        return {key: _with_file_urls(inner, urls) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_file_urls(inner, urls) for inner in value]
    if isinstance(value, str) and value.startswith(_ATTACHMENT_SCHEME):
        return urls.get(value.removeprefix(_ATTACHMENT_SCHEME), value)
    return value
