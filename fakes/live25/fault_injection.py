"""Faults of a fake 25Live: wrong bodies, statuses, delays, and broken connections."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
from aiohttp import web

_OVERSIZE = 9 * 1024 * 1024

FaultKind = Literal[
    "as ever",
    "html",
    "xml error",
    "blank",
    "deep nesting",
    "invalid utf-8",
    "truncated",
    "cut connection",
    "oversized",
    "endless",
    "gzip bomb",
    "missing subjects",
    "no items",
    "wrong types",
    "not a number",
]

HTML = b'\n<!DOCTYPE html>\n<html lang="en"><head><title>Sign in</title></head><body/></html>'
XML_ERROR = (
    b'<?xml version="1.0"?><r25:results xmlns:r25="http://www.collegenet.com/r25"><r25:error>'
    b"<r25:msg_id>SY_E_DATAERROR</r25:msg_id><r25:msg>no</r25:msg></r25:error></r25:results>"
)
_CONTENT_TYPES = {"html": "text/html", "xml error": "text/xml"}
_BODIES: Mapping[str, bytes] = {
    "html": HTML,
    "xml error": XML_ERROR,
    "blank": b" \n",
    "deep nesting": b'{"subjects":' + b"[" * 200_000,
    "invalid utf-8": (
        b'{"subjects":[{"itemId":"\xff"}],'
        b'"space_reservations":{"space_reservation":[{"reservation_start_dt":"\xff"}]}}'
    ),
}


@dataclass(frozen=True)
class ResponseFault:
    """A fault of a response; its parts can be combined.

    `delay` seconds pass before it starts and `drip` seconds between its bytes. The first `skip`
    requests are spared; `times` is how many then meet the fault, None for all.
    """

    kind: FaultKind = "as ever"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0
    drip: float = 0
    skip: int = 0
    times: int | None = None


def faulty_body(fault: ResponseFault, response: dict[str, Any]) -> bytes:
    """Return the bytes of a response with this fault."""
    if fault.kind in _BODIES:
        return _BODIES[fault.kind]
    if fault.kind in _MUTATIONS:
        response = _MUTATIONS[fault.kind](response)
    body = msgspec.json.encode(response)
    if fault.kind == "truncated":
        return body[: len(body) // 2]
    if fault.kind in {"oversized", "gzip bomb"}:
        return body + b" " * _OVERSIZE
    return body


def _without_items(response: dict[str, Any]) -> dict[str, Any]:
    if "space_reservations" in response:
        return {"space_reservations": {}}
    subjects = [{**subject, "items": []} for subject in response.get("subjects", [])]
    return {**response, "subjects": subjects}


def _with_item(start: object) -> Callable[[dict[str, Any]], dict[str, Any]]:
    item = {"itemId": 1, "itemName": "Secret Society", "start": start, "end": "9", "type_id": 1}

    def mutated(answer: dict[str, Any]) -> dict[str, Any]:
        if "space_reservations" in answer:
            return {"space_reservations": {"space_reservation": {"reservation_start_dt": start}}}
        subjects = [{**subject, "items": [item]} for subject in answer.get("subjects", [])]
        return {**answer, "subjects": subjects}

    return mutated


_MUTATIONS: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "missing subjects": lambda _: {"page_count": 1},
    "no items": _without_items,
    "wrong types": _with_item({"hour": 8}),
    "not a number": _with_item("NaN"),
}


async def send_faulty(
    request: web.Request, fault: ResponseFault, body: bytes
) -> web.StreamResponse:
    """Send the bytes with the status, the pace and the end of the fault."""
    response = web.StreamResponse(status=fault.status, headers=dict(fault.headers))
    response.content_type = _CONTENT_TYPES.get(fault.kind, "application/json")
    if fault.kind == "gzip bomb":
        response.headers["Content-Encoding"] = "gzip"
        body = gzip.compress(body)
    if fault.kind == "cut connection":
        response.content_length = len(body)
    with suppress(ConnectionResetError):  # A client may leave before its answer, as one that ends.
        await response.prepare(request)
        async for part in _parts(fault, body):
            await response.write(part)
    if fault.kind == "cut connection" and request.transport:
        request.transport.close()
    return response


async def _parts(fault: ResponseFault, body: bytes) -> AsyncIterator[bytes]:
    if fault.kind == "cut connection":
        yield body[: len(body) // 2]
        return
    while fault.kind == "endless":
        yield b" " * 65536
    for start in range(len(body) if fault.drip else 0):
        yield body[start : start + 1]
        await asyncio.sleep(fault.drip)
    if not fault.drip:
        yield body
