"""The HTTP side: every request is logged, may go wrong on purpose, is checked, then answered."""

import logging
import re
from collections.abc import Callable
from typing import Any

import msgspec
from aiohttp import web

from fakes.discord.gateway.gateway import Gateway
from fakes.discord.model import payloads
from fakes.discord.model.errors import ApiError, ErrorCode
from fakes.discord.model.form_errors import FormErrors, JsonPath
from fakes.discord.model.rate_limits import RateLimited, RateLimits
from fakes.discord.model.state import DiscordState
from fakes.discord.rest import application, channels, interactions, uploads
from fakes.discord.rest.endpoint import ApiCall, Endpoint
from fakes.discord.rest.fault_injection import FaultPlan, FaultTiming, apply
from fakes.discord.rest.request_log import LoggedRequest, RequestLog, Violation

log = logging.getLogger(__name__)

API_PREFIX = "/api/v10"
_JSON = "application/json"
_USER_AGENT = re.compile(r"DiscordBot \(.+\)")
_encode = msgspec.json.Encoder().encode
_BODY_ERRORS = (
    ErrorCode.INVALID_FORM_BODY,
    ErrorCode.EMPTY_MESSAGE,
    ErrorCode.COMPONENTS_TOO_LARGE,
    ErrorCode.INVALID_JSON,
)

# Takes method, path template and body; returns what Discord's own schema has against it.
BodyValidator = Callable[[str, str, Any], list[tuple[JsonPath, str]]]


class RestApi:
    """Discord's REST API, version 10."""

    def __init__(
        self, state: DiscordState, gateway: Gateway, token: str, check: BodyValidator | None = None
    ) -> None:
        self.requests = RequestLog()
        self.violations: list[Violation] = []
        self.faults = FaultPlan()
        self.limits = RateLimits(state.now)
        self._state = state
        self._gateway = gateway
        self._authorization = f"Bot {token}"
        self._check = check

    def add_routes(self, app: web.Application) -> None:
        """Put all routes into an aiohttp application."""
        rows = [
            *application.endpoints(),
            *channels.endpoints(),
            *interactions.endpoints(),
            Endpoint("GET", "/gateway/bot", self._get_bot_gateway),
            Endpoint("GET", "/gateway", lambda _: {"url": self._gateway.url}, needs_token=False),
        ]
        for row in rows:
            app.router.add_route(row.method, API_PREFIX + row.path, self._make_handler(row))
        nowhere = Endpoint("*", "", _unknown_route)
        app.router.add_route("*", API_PREFIX + "/{rest:.*}", self._make_handler(nowhere))

    def _get_bot_gateway(self, _: ApiCall) -> dict[str, Any]:
        gateway = self._gateway
        shards, remaining = gateway.recommended_shards, gateway.remaining_identifies
        return payloads.bot_gateway(gateway.url, shards=shards, remaining=remaining)

    def _make_handler(self, endpoint: Endpoint) -> Callable[[web.Request], Any]:
        async def serve(request: web.Request) -> web.Response:
            entry = _log_entry(self._state, request)
            call = ApiCall(self._state, dict(request.match_info), entry.query)
            raw = await request.read()
            body_error = _parse_body(request, raw, call)
            entry.body, entry.files = call.json, tuple(f.filename for f in call.files.values())
            self.requests.add(entry)
            fault = self.faults.take(request.method, entry.path)
            override = None
            if fault is not None and fault.timing is FaultTiming.BEFORE:
                override = await apply(fault, request)
            status, answer, headers = override or self._respond(
                endpoint, request, call, entry, body_error
            )
            if fault is not None and fault.timing is FaultTiming.AFTER:
                override = await apply(fault, request)
                status, answer, headers = override or (status, answer, headers)
            return self._finish(entry, status, answer, headers)

        return serve

    def _respond(
        self,
        endpoint: Endpoint,
        request: web.Request,
        call: ApiCall,
        entry: LoggedRequest,
        body_error: ApiError | None,
    ) -> tuple[int, Any, dict[str, str]]:
        headers: dict[str, str] = {}
        try:
            if endpoint.needs_token:
                self._authorize(request)
            resource = call.path_params.get(endpoint.rate_key, "")
            taken = self.limits.acquire(
                endpoint.rate_bucket, resource, exempt=not endpoint.needs_token
            )
            if isinstance(taken, RateLimited):
                return 429, taken.body, taken.headers
            headers = taken
            if body_error is not None:
                raise body_error
            self._check_schema(endpoint, call, entry)
            answer = endpoint.handler(call)
        except ApiError as error:
            self._record_violation(call, entry, error)
            return int(error.status), error.body(), headers
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # A body of the wrong shape; listed as a violation, so that it cannot go unnoticed.
            log.exception("cannot make sense of %s %s", entry.method, entry.path)
            unreadable = ApiError(ErrorCode.INVALID_FORM_BODY, {"_errors": [_type_error(error)]})
            self._record_violation(call, entry, unreadable)
            return int(unreadable.status), unreadable.body(), headers
        return (204 if answer is None else 200), answer, headers

    def _authorize(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != self._authorization:
            raise ApiError(ErrorCode.UNAUTHORIZED)
        if not _USER_AGENT.match(request.headers.get("User-Agent", "")):
            raise ApiError(ErrorCode.INVALID_USER_AGENT)

    def _check_schema(self, endpoint: Endpoint, call: ApiCall, entry: LoggedRequest) -> None:
        if self._check is None or entry.method in ("GET", "DELETE"):
            return
        path = endpoint.path.replace(":\\d+", "")
        problems = FormErrors()
        for where, words in self._check(endpoint.method, path, call.json):
            problems.add(where, "SCHEMA", words)
        problems.raise_if_any()

    def _record_violation(self, call: ApiCall, entry: LoggedRequest, error: ApiError) -> None:
        if error.code not in _BODY_ERRORS:
            return
        lines = tuple(_error_lines(error.errors or {})) or (error.message,)
        self.violations.append(
            Violation(entry.received_at, entry.method, entry.path, lines, entry.body)
        )
        interaction = self._state.interactions.get(call.path_params.get("token", ""))
        if interaction is not None:
            interaction.validation_errors.extend(lines)

    def _finish(
        self,
        entry: LoggedRequest,
        status: int,
        response: Any,  # noqa: ANN401 - any JSON value
        headers: dict[str, str],
    ) -> web.Response:
        entry.status, entry.response = status, response
        self.limits.count_response(status, headers.get("X-RateLimit-Scope"))
        self.requests.signal.notify()
        if response is None:
            return web.Response(status=status or 204, headers=headers)
        if isinstance(response, str):
            return web.Response(status=status, text=response, content_type="text/html")
        body = _encode(response)
        # discord.py wants this type to the letter: with a charset it does not see JSON.
        return web.Response(status=status, body=body, headers=headers, content_type=_JSON)


def _type_error(error: Exception) -> dict[str, str]:
    return {"code": "BASE_TYPE_BAD_TYPE", "message": f"{type(error).__name__}: {error}"}


def _unknown_route(_: ApiCall) -> None:
    raise ApiError(ErrorCode.NOT_FOUND)


def _log_entry(state: DiscordState, request: web.Request) -> LoggedRequest:
    return LoggedRequest(
        received_at=state.now(),
        method=request.method,
        path=request.path.removeprefix(API_PREFIX),
        query=dict(request.query),
        has_authorization="Authorization" in request.headers,
    )


def _parse_body(request: web.Request, raw: bytes, call: ApiCall) -> ApiError | None:
    """Take the body apart; return what is wrong with it rather than fail before it is logged."""
    try:
        # Not `content_type`: aiohttp takes each new boundary apart as it would an e-mail.
        if request.headers.get("Content-Type", "").startswith("multipart/form-data"):
            uploads.parse_multipart(raw, request.headers["Content-Type"], call)
        elif raw:
            call.json = msgspec.json.decode(raw)
    except (msgspec.DecodeError, ValueError):
        return ApiError(ErrorCode.INVALID_JSON)
    except ApiError as error:
        return error
    return None


def _error_lines(tree: dict[str, Any], path: str = "") -> list[str]:
    found = [f"{path or 'body'}: {one['message']}" for one in tree.get("_errors", [])]
    for key, inner in tree.items():
        if key != "_errors":
            found += _error_lines(inner, f"{path}.{key}".strip("."))
    return found
