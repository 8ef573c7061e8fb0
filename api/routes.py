"""The endpoints: what each answers, and what holds for all of them."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from time import monotonic_ns

from aiohttp import web

from api.cors import Cors
from api.errors import (
    HttpError,
    error_response,
    json_response,
    minutes_left,
    protocol_error,
    to_http_error,
)
from api.health import HealthCheck
from api.http_cache import (
    DEFAULT_HEADERS,
    CachedBody,
    is_not_modified,
    precondition_fails,
    response_headers,
)
from api.metrics import CONTENT_TYPE, MetricsPage
from api.openapi import openapi_document
from api.openapi_html import docs_headers, docs_page
from api.params import RefreshAuth, RequestParser, is_room_path
from api.rate_limit import RateLimiter
from api.resources import Resource, to_iso
from api.response_cache import MAX_CACHE_AGE, CachedResponse, ResponseCache
from api.serializers import trend_json
from core.data.coordinator import CampusCoordinator
from core.errors import ClassroomError
from core.settings import Settings
from core.trends.sampler import TREND_TTL, OccupancySampler

_Endpoint = Callable[[web.BaseRequest], Awaitable[web.Response]]

_REFRESHES_PER_MINUTE = 10
"""Of one client: one that fails spends no cooldown, and asks the booking site all the same."""

_SAFE_METHODS = frozenset({"GET", "HEAD"})
_KNOWN_METHODS = _SAFE_METHODS | {"CONNECT", "DELETE", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"}
"""The methods of RFC 9110 and RFC 5789; of others it cannot be told whether they are allowed."""

_MAX_PATHS = 500
_MAX_PATH_LENGTH = 200
_CACHE_ONE_HOUR = "public, max-age=3600"


class ApiHandler:
    """Answers requests from the schedules; keeps nothing but answers in bytes."""

    def __init__(
        self,
        coordinators: Mapping[str, CampusCoordinator],
        sampler: OccupancySampler,
        settings: Settings,
        health: HealthCheck,
        metrics: MetricsPage,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._params = RequestParser(coordinators, settings.days_ahead)
        self._sampler = sampler
        self._health_check = health
        self._metrics_page = metrics
        self._now = now
        self._started_at = now()
        self._resources = _ResourcesByPath()
        self._responses = ResponseCache(now=now)
        self._cors = Cors(settings.api_origins)
        self._refresh_auth = RefreshAuth(settings.api_refresh, settings.api_token)
        self._rate_limiter = RateLimiter(settings.api_limit, clock=monotonic_ns)
        few = _REFRESHES_PER_MINUTE if settings.api_limit else 0
        self._refresh_rate_limiter = RateLimiter(few, clock=monotonic_ns)
        self._openapi_body = CachedBody.from_json(openapi_document())
        self._docs_body = CachedBody(
            docs_page(openapi_document()), "text/html; charset=utf-8", docs_headers()
        )
        self._endpoints: Mapping[str, Mapping[str, _Endpoint]] = {
            "/": {"GET": self._health},
            "/healthz": {"GET": self._health},
            "/livez": {"GET": self._live},
            "/readyz": {"GET": self._ready},
            "/metrics": {"GET": self._metrics},
            "/api/open-classrooms": {"GET": self._open_classrooms},
            "/api/refresh": {"POST": self._refresh},
            "/api/last-updated": {"GET": self._last_updated},
            "/api/cooldown-status": {"GET": self._cooldown_status},
            "/api/plan": {"GET": self._plan},
            "/api/trends": {"GET": self._trends},
            "/openapi.json": {"GET": self._openapi},
            "/docs": {"GET": self._documentation},
        }

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Answer a request, whatever it is."""
        try:
            self._rate_limiter.check(request)
            response = self._cached_response(request) or await self._dispatch(request)
        except ClassroomError as err:
            http_error = to_http_error(err, self._now())
            if http_error is None:
                raise
            response = error_response(http_error)
        self._cors.apply(request, response)
        return response

    def _cached_response(self, request: web.BaseRequest) -> web.Response | None:
        """Return the answer if the same was asked before and nothing has changed since."""
        resource = self._resources.get(request.raw_path)
        if resource is None or request.method not in _SAFE_METHODS:
            return None
        now = self._now()
        cached = self._responses.get(resource, now)
        return _conditional_response(request, cached, now) if cached else None

    async def _dispatch(self, request: web.BaseRequest) -> web.Response:
        endpoints = self._endpoints_at(request)
        endpoint = endpoints.get("GET" if request.method == "HEAD" else request.method)
        if endpoint is not None:
            return await endpoint(request)
        methods = _allowed_methods(endpoints)
        if request.method not in _KNOWN_METHODS:
            raise protocol_error(501)
        if request.method != "OPTIONS":
            raise HttpError(405, f"Only {methods} can be used here.", {"Allow": methods})
        allowed = self._cors.preflight_headers(request, methods)
        return web.Response(status=204, headers={"Allow": methods, **DEFAULT_HEADERS, **allowed})

    def _endpoints_at(self, request: web.BaseRequest) -> Mapping[str, _Endpoint]:
        found = self._endpoints.get(request.path)
        if found is not None:
            return found
        if is_room_path(request.rel_url):
            return {"GET": self._room}
        raise HttpError(404, "There is nothing here. /docs tells what there is.")

    async def _health(self, _: web.BaseRequest) -> web.Response:
        return json_response({"status": "ok"})

    async def _live(self, _: web.BaseRequest) -> web.Response:
        if problem := self._health_check.liveness_problem():
            raise HttpError(503, problem)
        return json_response({"status": "ok"})

    async def _ready(self, _: web.BaseRequest) -> web.Response:
        readiness = await self._health_check.readiness()
        if readiness.problems:
            raise HttpError(503, "; ".join(readiness.problems))
        return json_response(readiness.to_json())

    async def _metrics(self, _: web.BaseRequest) -> web.Response:
        headers = {"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store", **DEFAULT_HEADERS}
        return web.Response(body=self._metrics_page.render().encode(), headers=headers)

    async def _open_classrooms(self, request: web.BaseRequest) -> web.Response:
        return await self._respond_with_resource(request, self._params.open_classrooms(request))

    async def _room(self, request: web.BaseRequest) -> web.Response:
        return await self._respond_with_resource(request, self._params.room(request))

    async def _respond_with_resource(
        self, request: web.BaseRequest, resource: Resource
    ) -> web.Response:
        self._resources.add(request.raw_path, resource)
        now = self._now()
        if cached := self._responses.get(resource, now):
            return _conditional_response(request, cached, now)
        cached, was_read = await self._responses.get_or_build(resource, now)
        response = _conditional_response(request, cached, self._now())
        if was_read:
            response.headers["X-Cache"] = "Miss"
        return response

    async def _refresh(self, request: web.BaseRequest) -> web.Response:
        self._refresh_rate_limiter.check(request)
        self._refresh_auth.check(request)
        coordinator = self._params.coordinator(request)
        refreshed = await coordinator.refresh(manual=True)
        timestamp = to_iso(refreshed.attempt.ended_at, coordinator.campus.timezone)
        return json_response({"message": "Data refreshed successfully", "timestamp": timestamp})

    async def _last_updated(self, request: web.BaseRequest) -> web.Response:
        coordinator = self._params.coordinator(request)
        known = await coordinator.stored_days_at(self._now())
        moments = [day.read_at for day in known.values() if day.read_at]
        last = to_iso(max(moments), coordinator.campus.timezone) if moments else None
        return json_response({"last_updated": last})

    async def _cooldown_status(self, request: web.BaseRequest) -> web.Response:
        standing = await self._params.coordinator(request).status()
        minutes = minutes_left(standing.allowed_at, self._now())
        return json_response({"in_cooldown": minutes > 0, "remaining_minutes": minutes})

    async def _plan(self, request: web.BaseRequest) -> web.Response:
        asked = self._params.plan(request, self._now())
        days = await asked.coordinator.get_days_at(asked.query.moment)
        return json_response(asked.to_json(days))

    async def _trends(self, request: web.BaseRequest) -> web.Response:
        coordinator, building = self._params.building(request)
        trend = await self._sampler.trend(coordinator.campus, building.code if building else None)
        kept_for = min(trend.at + TREND_TTL - self._now(), MAX_CACHE_AGE)
        left = max(int(kept_for.total_seconds()), 0)
        kept = {"Cache-Control": f"public, max-age={left}"}
        return json_response(trend_json(coordinator.campus, building, trend), headers=kept)

    async def _openapi(self, request: web.BaseRequest) -> web.Response:
        return self._static_response(request, self._openapi_body)

    async def _documentation(self, request: web.BaseRequest) -> web.Response:
        return self._static_response(request, self._docs_body)

    def _static_response(self, request: web.BaseRequest, body: CachedBody) -> web.Response:
        encoded = body.encoded_for(request.headers.get("Accept-Encoding"))
        if precondition_fails(request.headers, encoded, self._started_at):
            raise protocol_error(412)
        not_modified = is_not_modified(request.headers, encoded, self._started_at)
        headers = response_headers(encoded, self._started_at, is_not_modified=not_modified)
        headers["Cache-Control"] = _CACHE_ONE_HOUR
        if not_modified:
            return web.Response(status=304, headers=headers)
        return web.Response(body=encoded.body, headers=headers)


class _ResourcesByPath:
    """What was asked for before, by the paths that asked: those need not be read again."""

    def __init__(self) -> None:
        self._resources: dict[str, Resource] = {}
        self.get = self._resources.get

    def add(self, path: str, resource: Resource) -> None:
        """Keep one more; all are forgotten when there are too many."""
        if len(self._resources) >= _MAX_PATHS:
            self._resources.clear()
        if len(path) <= _MAX_PATH_LENGTH:
            self._resources[path] = resource


def _conditional_response(
    request: web.BaseRequest, cached: CachedResponse, now: datetime
) -> web.Response:
    sent = request.headers
    encoded = cached.body.encoded_for(sent.get("Accept-Encoding"))
    if precondition_fails(sent, encoded, cached.made_at):
        raise protocol_error(412)
    if is_not_modified(sent, encoded, cached.made_at):
        return web.Response(status=304, headers=cached.headers(encoded, now, is_not_modified=True))
    return web.Response(
        body=encoded.body, headers=cached.headers(encoded, now, is_not_modified=False)
    )


def _allowed_methods(endpoints: Mapping[str, _Endpoint]) -> str:
    return ", ".join([*endpoints, *(["HEAD"] if "GET" in endpoints else []), "OPTIONS"])
