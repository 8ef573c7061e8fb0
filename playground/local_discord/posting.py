"""How a body becomes a message, and how an edit changes one."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from playground.local_discord.components import Part, walk
from playground.local_discord.errors import ApiError, Code
from playground.local_discord.json_types import Json
from playground.local_discord.message_rules import check_flags, check_message, is_too_heavy
from playground.local_discord.messages import Attachment, Flag, Message, Version
from playground.local_discord.model import Channel
from playground.local_discord.problems import Path
from playground.local_discord.world import StoredFile, World

FILE_SIZE = 10 * 1024 * 1024
_UPLOADED = "attachment://"
_EDITABLE = Flag.SUPPRESS_EMBEDS | Flag.IS_COMPONENTS_V2


@dataclass(frozen=True, slots=True)
class Body:
    """What came with a request: JSON, and files by the number in their form field."""

    json: Json
    files: dict[int, StoredFile]
    at: Path = ()


def first_version(world: World, channel: Channel, body: Body, allowed_flags: int) -> Version:
    """Return what a new message says.

    Raises:
        ApiError: Discord would not take it.
    """
    check_flags(body.json.get("flags") or 0, allowed_flags, (*body.at, "flags"))
    return _compose(world, channel, body, None)


def edit(world: World, message: Message, body: Body) -> Version:
    """Change a message; what the body does not mention stays.

    Raises:
        ApiError: Discord would not take it.
    """
    version = _compose(world, message.channel, body, message.now)
    message.versions.append(version)
    message.allowed_mentions = body.json.get("allowed_mentions")
    world.publish("MESSAGE_UPDATE", message)
    message.pulse.beat()
    return version


def _compose(world: World, channel: Channel, body: Body, before: Version | None) -> Version:
    attachments = _attachments(world, channel, body, before)
    urls = {file.filename: file.url for file in attachments}
    check_message(body.json, set(urls), before, at=body.at)
    components = body.json.get("components")
    if components and is_too_heavy(components):
        raise ApiError(Code.TOO_HEAVY)
    for file_id, upload in body.files.items():
        world.files[_kept_id(attachments, upload, file_id)] = upload
    base = before or Version(world.now())
    asked = body.json.get("flags") or 0
    flags = asked if before is None else asked & _EDITABLE | base.flags & ~Flag.LOADING
    kept = base.components if components is None and "components" not in body.json else []
    return Version(
        at=world.now(),
        content=body.json.get("content", base.content) or "",
        components=_finished(components, urls) if components else kept,
        embeds=_resolved(body.json.get("embeds", base.embeds) or [], urls),
        attachments=tuple(attachments),
        flags=int(flags),
    )


def _kept_id(attachments: list[Attachment], upload: StoredFile, default: int) -> int:
    for file in attachments:
        if file.filename == upload.filename:
            return file.id
    return default


def _attachments(
    world: World, channel: Channel, body: Body, before: Version | None
) -> list[Attachment]:
    """Return the files that the message has afterwards: those kept, then those that came."""
    for upload in body.files.values():
        if len(upload.content) > FILE_SIZE:
            raise ApiError(Code.TOO_LARGE)
    listed = body.json.get("attachments")
    had = list(before.attachments) if before else []
    about = {int(entry["id"]): entry for entry in listed or []}
    kept = had if listed is None else [file for file in had if file.id in about]
    new = [
        _attachment(world, channel, upload, about.get(number, {}))
        for number, upload in body.files.items()
    ]
    return [*kept, *new]


def _attachment(world: World, channel: Channel, upload: StoredFile, about: Json) -> Attachment:
    file_id = world.ids.next()
    name = about.get("filename") or upload.filename
    return Attachment(
        id=file_id,
        filename=name,
        content_type=upload.content_type,
        size=len(upload.content),
        url=f"{world.cdn_url}/attachments/{channel.id}/{file_id}/{name}",
        description=about.get("description"),
    )


def _finished(components: list[Json], urls: dict[str, str]) -> list[Json]:
    """Return the components as Discord stores them: every one with an id, files with their URL."""
    finished: list[Json] = _resolved(components, urls)
    taken = {part["id"] for _, part in walk(finished) if part.get("id")}
    numbers = (number for number in count(1) if number not in taken)
    for _, part in walk(finished):
        if not part.get("id"):
            part["id"] = next(numbers)
        if part["type"] == Part.BUTTON:
            part.setdefault("disabled", False)
    return finished


def _resolved(value: Any, urls: dict[str, str]) -> Any:  # noqa: ANN401 - any JSON value
    """Copy a JSON value with every `attachment://name` replaced by where the file is served."""
    if isinstance(value, dict):
        return {key: _resolved(inner, urls) for key, inner in value.items()}
    if isinstance(value, list):
        return [_resolved(inner, urls) for inner in value]
    if isinstance(value, str) and value.startswith(_UPLOADED):
        return urls.get(value.removeprefix(_UPLOADED), value)
    return value
