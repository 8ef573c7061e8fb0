"""The HTTP side: every request is logged, may go wrong on purpose, is checked, then answered."""

import logging
import re
from collections.abc import Callable
from typing import Any

import msgspec
from aiohttp import web

from playground.local_discord import (
    payloads,
    rest_application,
    rest_channels,
    rest_interactions,
    uploads,
)
from playground.local_discord.errors import ApiError, Code
from playground.local_discord.faults import Faults, When, suffer
from playground.local_discord.gateway import Gateway
from playground.local_discord.problems import Path, Problems
from playground.local_discord.rates import RateLimits, Refused
from playground.local_discord.requests import Request, RequestLog, Violation
from playground.local_discord.rest import Call, Endpoint
from playground.local_discord.world import World

log = logging.getLogger(__name__)

API = "/api/v10"
_JSON = "application/json"
_USER_AGENT = re.compile(r"DiscordBot \(.+\)")
_encode = msgspec.json.Encoder().encode
_BODY_FAULTS = (Code.INVALID_FORM_BODY, Code.EMPTY_MESSAGE, Code.TOO_HEAVY, Code.INVALID_JSON)

# Takes method, path template and body; returns what Discord's own schema has against it.
BodyCheck = Callable[[str, str, Any], list[tuple[Path, str]]]


class Api:
    """Discord's REST API, version 10."""

    def __init__(
        self, world: World, gateway: Gateway, token: str, check: BodyCheck | None = None
    ) -> None:
        self.requests = RequestLog()
        self.violations: list[Violation] = []
        self.faults = Faults()
        self.limits = RateLimits(world.now)
        self._world = world
        self._gateway = gateway
        self._authorization = f"Bot {token}"
        self._check = check

    def add_to(self, app: web.Application) -> None:
        """Put all routes into an aiohttp application."""
        rows = [
            *rest_application.endpoints(),
            *rest_channels.endpoints(),
            *rest_interactions.endpoints(),
            Endpoint("GET", "/gateway/bot", self._where_to_connect),
            Endpoint("GET", "/gateway", lambda _: {"url": self._gateway.url}, needs_token=False),
        ]
        for row in rows:
            app.router.add_route(row.method, API + row.path, self._served(row))
        nowhere = Endpoint("*", "", _nowhere)
        app.router.add_route("*", API + "/{rest:.*}", self._served(nowhere))

    def _where_to_connect(self, _: Call) -> dict[str, Any]:
        gateway = self._gateway
        shards, remaining = gateway.recommended_shards, gateway.remaining
        return payloads.bot_gateway(gateway.url, shards=shards, remaining=remaining)

    def _served(self, endpoint: Endpoint) -> Callable[[web.Request], Any]:
        async def serve(request: web.Request) -> web.Response:
            note = _noted(self._world, request)
            call = Call(self._world, dict(request.match_info), note.query)
            raw = await request.read()
            broken = _read(request, raw, call)
            note.body, note.files = call.json, tuple(f.filename for f in call.files.values())
            self.requests.add(note)
            fault = self.faults.due(request.method, note.path)
            forced = None
            if fault is not None and fault.when is When.BEFORE:
                forced = await suffer(fault, request)
            status, answer, headers = forced or self._answer(endpoint, request, call, note, broken)
            if fault is not None and fault.when is When.AFTER:
                forced = await suffer(fault, request)
                status, answer, headers = forced or (status, answer, headers)
            return self._finished(note, status, answer, headers)

        return serve

    def _answer(
        self,
        endpoint: Endpoint,
        request: web.Request,
        call: Call,
        note: Request,
        broken: ApiError | None,
    ) -> tuple[int, Any, dict[str, str]]:
        headers: dict[str, str] = {}
        try:
            if endpoint.needs_token:
                self._authorize(request)
            resource = call.ids.get(endpoint.resource, "")
            taken = self.limits.take(endpoint.bucket, resource, exempt=not endpoint.needs_token)
            if isinstance(taken, Refused):
                return 429, taken.body, taken.headers
            headers = taken
            if broken is not None:
                raise broken
            self._check_schema(endpoint, call, note)
            answer = endpoint.handler(call)
        except ApiError as error:
            self._note_violation(call, note, error)
            return int(error.status), error.body(), headers
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # A body of the wrong shape; listed as a violation, so that it cannot go unnoticed.
            log.exception("cannot make sense of %s %s", note.method, note.path)
            unreadable = ApiError(Code.INVALID_FORM_BODY, {"_errors": [_unreadable(error)]})
            self._note_violation(call, note, unreadable)
            return int(unreadable.status), unreadable.body(), headers
        return (204 if answer is None else 200), answer, headers

    def _authorize(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != self._authorization:
            raise ApiError(Code.UNAUTHORIZED)
        if not _USER_AGENT.match(request.headers.get("User-Agent", "")):
            raise ApiError(Code.INVALID_USER_AGENT)

    def _check_schema(self, endpoint: Endpoint, call: Call, note: Request) -> None:
        if self._check is None or note.method in ("GET", "DELETE"):
            return
        path = endpoint.path.replace(":\\d+", "")
        problems = Problems()
        for where, words in self._check(endpoint.method, path, call.json):
            problems.add(where, "SCHEMA", words)
        problems.raise_if_any()

    def _note_violation(self, call: Call, note: Request, error: ApiError) -> None:
        if error.code not in _BODY_FAULTS:
            return
        lines = tuple(_lines(error.errors or {})) or (error.words,)
        self.violations.append(Violation(note.at, note.method, note.path, lines, note.body))
        interaction = self._world.interactions.get(call.ids.get("token", ""))
        if interaction is not None:
            interaction.refused.extend(lines)

    def _finished(
        self,
        note: Request,
        status: int,
        answer: Any,  # noqa: ANN401 - any JSON value
        headers: dict[str, str],
    ) -> web.Response:
        note.status, note.answer = status, answer
        self.limits.note(status, headers.get("X-RateLimit-Scope"))
        self.requests.pulse.beat()
        if answer is None:
            return web.Response(status=status or 204, headers=headers)
        if isinstance(answer, str):
            return web.Response(status=status, text=answer, content_type="text/html")
        body = _encode(answer)
        # discord.py wants this type to the letter: with a charset it does not see JSON.
        return web.Response(status=status, body=body, headers=headers, content_type=_JSON)


def _unreadable(error: Exception) -> dict[str, str]:
    return {"code": "BASE_TYPE_BAD_TYPE", "message": f"{type(error).__name__}: {error}"}


def _nowhere(_: Call) -> None:
    raise ApiError(Code.NOT_FOUND)


def _noted(world: World, request: web.Request) -> Request:
    return Request(
        at=world.now(),
        method=request.method,
        path=request.path.removeprefix(API),
        query=dict(request.query),
        authorized="Authorization" in request.headers,
    )


def _read(request: web.Request, raw: bytes, call: Call) -> ApiError | None:
    """Take the body apart; return what is wrong with it rather than fail before it is logged."""
    try:
        # Not `content_type`: aiohttp takes each new boundary apart as it would an e-mail.
        if request.headers.get("Content-Type", "").startswith("multipart/form-data"):
            uploads.read_form(raw, request.headers["Content-Type"], call)
        elif raw:
            call.json = msgspec.json.decode(raw)
    except (msgspec.DecodeError, ValueError):
        return ApiError(Code.INVALID_JSON)
    except ApiError as error:
        return error
    return None


def _lines(tree: dict[str, Any], path: str = "") -> list[str]:
    found = [f"{path or 'body'}: {one['message']}" for one in tree.get("_errors", [])]
    for key, inner in tree.items():
        if key != "_errors":
            found += _lines(inner, f"{path}.{key}".strip("."))
    return found
