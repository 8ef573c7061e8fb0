"""How files come in (multipart forms) and where they are served again."""

import re
from collections.abc import Iterator

import msgspec
from aiohttp import web

from fakes.discord.model.errors import ApiError, ErrorCode
from fakes.discord.model.state import DiscordState, StoredFile
from fakes.discord.rest.endpoint import ApiCall

MAX_REQUEST_SIZE = 25 * 1024 * 1024
_BOUNDARY = re.compile(r'boundary="?([^";]+)"?')
_NAME = re.compile(r'\bname="([^"]*)"')
_FILENAME = re.compile(r'\bfilename="([^"]*)"')
_CONTENT_TYPE = re.compile(r"(?im)^content-type:\s*([^;\r\n]+)")
_FIELD = re.compile(r"files\[(\d+)\]")


def parse_multipart(raw: bytes, content_type: str, call: ApiCall) -> None:
    """Read a form into the call: `payload_json` and `files[n]`.

    Raises:
        ApiError: It is larger than Discord takes.
    """
    if len(raw) > MAX_REQUEST_SIZE:
        raise ApiError(ErrorCode.TOO_LARGE)
    for headers, content in _parts(raw, content_type):
        name = _NAME.search(headers)
        if name is None:
            continue
        if name[1] == "payload_json":
            call.json = msgspec.json.decode(content)
        elif number := _FIELD.fullmatch(name[1]):
            call.files[int(number[1])] = _stored_file(headers, content)


def _parts(raw: bytes, content_type: str) -> Iterator[tuple[str, bytes]]:
    """Yield headers and content of each part; files are bytes that no parser may touch."""
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        return
    for part in raw.split(b"--" + boundary[1].encode())[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        yield head.decode(), content.removesuffix(b"\r\n")


def _stored_file(headers: str, content: bytes) -> StoredFile:
    filename, kind = _FILENAME.search(headers), _CONTENT_TYPE.search(headers)
    return StoredFile(
        filename=filename[1] if filename else "file",
        content_type=kind[1].strip() if kind else "application/octet-stream",
        content=content,
    )


def add_cdn_route(app: web.Application, state: DiscordState) -> None:
    """Serve what was uploaded."""

    async def serve(request: web.Request) -> web.Response:
        file = state.files.get(int(request.match_info["file_id"]))
        if file is None:
            raise web.HTTPNotFound
        return web.Response(body=file.content, content_type=file.content_type)

    app.router.add_get(r"/cdn/attachments/{channel_id}/{file_id:\d+}/{filename}", serve)
