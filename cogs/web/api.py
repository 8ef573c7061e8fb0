"""The endpoints: what each answers, and what holds for all of them."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from time import monotonic_ns

from aiohttp import web

from cogs.campuses import Campuses
from cogs.web.bodies import ALWAYS, Body, head_of, is_current
from cogs.web.busy import trend_shown
from cogs.web.description import description
from cogs.web.docs import docs_headers, docs_page
from cogs.web.faults import (
    HttpFault,
    fault_response,
    json_response,
    minutes_left,
    told_fault,
)
from cogs.web.limits import Limit
from cogs.web.origins import Origins
from cogs.web.pages import Page, Pages
from cogs.web.readiness import Readiness
from cogs.web.requests import Asked, RefreshGuard, is_room_path
from cogs.web.views import View, told
from core.config import Settings
from core.errors import ClassroomError
from core.sampler import TREND_KEPT, Sampler

_Endpoint = Callable[[web.BaseRequest], Awaitable[web.Response]]

_REFRESHES_A_MINUTE = 10
"""Of one client: one that fails spends no cooldown, and asks the booking site all the same."""

_READING = frozenset({"GET", "HEAD"})
_MOST_PATHS = 500
_LONGEST_PATH = 200
_HOUR = "public, max-age=3600"


class Api:
    """Answers requests from the schedules; keeps nothing but answers in bytes."""

    def __init__(
        self,
        campuses: Campuses,
        sampler: Sampler,
        settings: Settings,
        readiness: Readiness,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._asked = Asked(campuses, settings.days_ahead)
        self._sampler = sampler
        self._readiness = readiness
        self._now = now
        self._started_at = now()
        self._views = _Views()
        self._pages = Pages(now=now)
        self._origins = Origins(settings.api_origins)
        self._refreshes = RefreshGuard(settings.api_refresh, settings.api_token)
        self._limit = Limit(settings.api_limit, clock=monotonic_ns)
        few = _REFRESHES_A_MINUTE if settings.api_limit else 0
        self._refresh_limit = Limit(few, clock=monotonic_ns)
        self._description = Body.of_json(description())
        self._docs = Body(docs_page(description()), "text/html; charset=utf-8", docs_headers())
        self._endpoints: Mapping[str, Mapping[str, _Endpoint]] = {
            "/": {"GET": self._health},
            "/healthz": {"GET": self._health},
            "/readyz": {"GET": self._ready},
            "/api/open-classrooms": {"GET": self._open_classrooms},
            "/api/refresh": {"POST": self._refresh},
            "/api/last-updated": {"GET": self._last_updated},
            "/api/cooldown-status": {"GET": self._cooldown_status},
            "/api/trends": {"GET": self._trends},
            "/openapi.json": {"GET": self._openapi},
            "/docs": {"GET": self._documentation},
        }

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Answer a request, whatever it is."""
        try:
            self._limit.count(request)
            response = self._at_hand(request) or await self._answer(request)
        except ClassroomError as err:
            fault = told_fault(err, self._now())
            if fault is None:
                raise
            response = fault_response(fault)
        self._origins.mark(request, response)
        return response

    def _at_hand(self, request: web.BaseRequest) -> web.Response | None:
        """Return the answer if the same was asked before and nothing has changed since."""
        view = self._views.get(request.raw_path)
        if view is None or request.method not in _READING:
            return None
        now = self._now()
        page = self._pages.at_hand(view, now)
        return _given(request, page, now) if page else None

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        endpoints = self._endpoints_at(request)
        endpoint = endpoints.get("GET" if request.method == "HEAD" else request.method)
        if endpoint is not None:
            return await endpoint(request)
        methods = _methods(endpoints)
        if request.method != "OPTIONS":
            raise HttpFault(405, f"Only {methods} can be used here.", {"Allow": methods})
        allowed = self._origins.asked_first(request, methods)
        return web.Response(status=204, headers={"Allow": methods, **ALWAYS, **allowed})

    def _endpoints_at(self, request: web.BaseRequest) -> Mapping[str, _Endpoint]:
        found = self._endpoints.get(request.path)
        if found is not None:
            return found
        if is_room_path(request.rel_url):
            return {"GET": self._room}
        raise HttpFault(404, "There is nothing here. /docs tells what there is.")

    async def _health(self, _: web.BaseRequest) -> web.Response:
        return json_response({"status": "ok"})

    async def _ready(self, _: web.BaseRequest) -> web.Response:
        faults = await self._readiness.faults()
        if faults:
            raise HttpFault(503, "; ".join(faults))
        return json_response({"status": "ok"})

    async def _open_classrooms(self, request: web.BaseRequest) -> web.Response:
        return await self._of_view(request, self._asked.open_classrooms(request))

    async def _room(self, request: web.BaseRequest) -> web.Response:
        return await self._of_view(request, self._asked.room(request))

    async def _of_view(self, request: web.BaseRequest, view: View) -> web.Response:
        self._views.remember(request.raw_path, view)
        now = self._now()
        if page := self._pages.at_hand(view, now):
            return _given(request, page, now)
        page, was_read = await self._pages.page(view, now)
        response = _given(request, page, self._now())
        if was_read:
            response.headers["X-Cache"] = "Miss"
        return response

    async def _refresh(self, request: web.BaseRequest) -> web.Response:
        self._refresh_limit.count(request)
        self._refreshes.check(request)
        schedule = self._asked.schedule(request)
        refreshed = await schedule.refresh(asked=True)
        timestamp = told(refreshed.attempt.ended_at, schedule.campus.timezone)
        return json_response({"message": "Data refreshed successfully", "timestamp": timestamp})

    async def _last_updated(self, request: web.BaseRequest) -> web.Response:
        schedule = self._asked.schedule(request)
        known = await schedule.known_at(self._now())
        moments = [day.read_at for day in known.values() if day.read_at]
        last = told(max(moments), schedule.campus.timezone) if moments else None
        return json_response({"last_updated": last})

    async def _cooldown_status(self, request: web.BaseRequest) -> web.Response:
        standing = await self._asked.schedule(request).standing()
        minutes = minutes_left(standing.possible_at, self._now())
        return json_response({"in_cooldown": minutes > 0, "remaining_minutes": minutes})

    async def _trends(self, request: web.BaseRequest) -> web.Response:
        schedule, building = self._asked.building(request)
        trend = await self._sampler.trend(schedule.campus, building.code if building else None)
        left = max(int((trend.at + TREND_KEPT - self._now()).total_seconds()), 0)
        kept = {"Cache-Control": f"public, max-age={left}"}
        return json_response(trend_shown(schedule.campus, building, trend), headers=kept)

    async def _openapi(self, request: web.BaseRequest) -> web.Response:
        return self._constant(request, self._description)

    async def _documentation(self, request: web.BaseRequest) -> web.Response:
        return self._constant(request, self._docs)

    def _constant(self, request: web.BaseRequest, body: Body) -> web.Response:
        coded = body.for_client(request.headers.get("Accept-Encoding"))
        has_it = is_current(request.headers, coded, self._started_at)
        head = head_of(coded, self._started_at, is_current=has_it)
        head["Cache-Control"] = _HOUR
        if has_it:
            return web.Response(status=304, headers=head)
        return web.Response(body=coded.body, headers=head)


class _Views:
    """What was asked for before, by the paths that asked: those need not be read again."""

    def __init__(self) -> None:
        self._views: dict[str, View] = {}
        self.get = self._views.get

    def remember(self, path: str, view: View) -> None:
        """Keep one more; all are forgotten when there are too many."""
        if len(self._views) >= _MOST_PATHS:
            self._views.clear()
        if len(path) <= _LONGEST_PATH:
            self._views[path] = view


def _given(request: web.BaseRequest, page: Page, now: datetime) -> web.Response:
    sent = request.headers
    coded = page.body.for_client(sent.get("Accept-Encoding"))
    if is_current(sent, coded, page.made_at):
        return web.Response(status=304, headers=page.head(coded, now, is_current=True))
    return web.Response(body=coded.body, headers=page.head(coded, now, is_current=False))


def _methods(endpoints: Mapping[str, _Endpoint]) -> str:
    return ", ".join([*endpoints, *(["HEAD"] if "GET" in endpoints else []), "OPTIONS"])
