"""What a request asks for: its path, its parameters, and whether it may have data read anew."""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import unquote

from aiohttp import web
from yarl import URL

from api.errors import HttpError
from api.plans import PlanRequest
from api.resources import OpenClassrooms, RoomDays
from core.availability.queries import FreeRoomsQuery
from core.data.coordinator import CampusCoordinator
from core.lookup.rooms import room_by_id
from core.lookup.search import find_building, find_campus
from core.model.campus import Building
from core.settings import RefreshAccess

_MAX_VALUE_LENGTH = 100
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
LOCAL_TIME = (
    "^(20[0-9]{2}-("
    "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    "|02-(0[1-9]|1[0-9]|2[0-8]))"
    "|20([02468][048]|[13579][26])-02-29)"
    "T([01][0-9]|2[0-3]):[0-5][0-9]$"
)
"""Exactly the minutes of this century that exist: who reads the pattern is never refused."""
_NUMBER = re.compile(r"\d{1,6}", re.ASCII)
_MAX_MINUTES = 1440
_MAX_CAPACITY = 100_000
_ROOMS_PREFIX = "/api/rooms/"
_SEGMENTS = 2


@dataclass(frozen=True, slots=True)
class RequestParser:
    """Reads requests against the campuses that are served; the first is meant where none is named.

    Everything raises `HttpError`, or what `core.lookup.search` does where nothing has that name.
    """

    coordinators: Mapping[str, CampusCoordinator]
    days_ahead: int

    def coordinator(self, request: web.BaseRequest) -> CampusCoordinator:
        """Return the schedule of the campus that is asked about."""
        named = _parameter(request, "campus")
        if named is None:
            return next(iter(self.coordinators.values()))
        return self._require_campus(named)

    def building(self, request: web.BaseRequest) -> tuple[CampusCoordinator, Building | None]:
        """Return the campus's schedule and the building that is asked about, None for all."""
        coordinator, named = self.coordinator(request), _parameter(request, "building")
        return coordinator, find_building(coordinator.campus, named) if named is not None else None

    def open_classrooms(self, request: web.BaseRequest) -> OpenClassrooms:
        """Return what `/api/open-classrooms` is asked for."""
        # First what cannot be understood, then what there is not.
        text = _parameter(request, "date")
        day = _parse_date(text) if text is not None else None
        coordinator, building = self.building(request)
        return OpenClassrooms(coordinator, building, day)

    def room(self, request: web.BaseRequest) -> RoomDays:
        """Return what `/api/rooms/CAMPUS/ROOM` is asked for."""
        campus, room = room_path(request.rel_url)
        coordinator = self._require_campus(campus)
        building, found = room_by_id(coordinator.campus, room)
        return RoomDays(coordinator, building, found, self.days_ahead)

    def plan(self, request: web.BaseRequest, now: datetime) -> PlanRequest:
        """Return what `/api/plan` is asked for."""
        minutes = _parse_number(request, "minutes", most=_MAX_MINUTES)
        if minutes is None:
            raise HttpError(400, "minutes: for how long the rooms are needed.")
        capacity = _parse_number(request, "capacity", most=_MAX_CAPACITY)
        text = _parameter(request, "at")
        local = _parse_local_time(text) if text is not None else None
        coordinator, building = self.building(request)
        moment = now
        if local:
            moment = local.replace(tzinfo=coordinator.campus.timezone).astimezone(UTC)
        query = FreeRoomsQuery(
            moment.replace(second=0, microsecond=0),
            timedelta(minutes=minutes),
            (building.code,) if building else (),
            capacity,
        )
        return PlanRequest(coordinator, query)

    def _require_campus(self, campus: str) -> CampusCoordinator:
        campuses = [each.campus for each in self.coordinators.values()]
        return self.coordinators[find_campus(campuses, campus).id]


def is_room_path(url: URL) -> bool:
    """Tell whether that is the path of a room, whichever."""
    return len(_room_segments(url)) == _SEGMENTS


def room_path(url: URL) -> tuple[str, str]:
    """Return the campus and the room that a path names; a room's id may hold a slash, escaped."""
    campus, room = _room_segments(url)
    return _check_length("campus", unquote(campus)), _check_length("room id", unquote(room))


def _room_segments(url: URL) -> Sequence[str]:
    path = url.raw_path
    if not path.startswith(_ROOMS_PREFIX):
        return ()
    segments = path.removeprefix(_ROOMS_PREFIX).split("/")
    return segments if all(segments) else ()


def _parameter(request: web.BaseRequest, name: str) -> str | None:
    query = request.query
    if name not in query:
        return None
    values = query.getall(name)
    if len(values) > 1:
        raise HttpError(400, f"{name} can be given once only.")
    return _check_length(name, values[0])


def _check_length(name: str, value: str) -> str:
    # To look for what is spelt alike takes longer the longer it is.
    if len(value) > _MAX_VALUE_LENGTH:
        raise HttpError(400, f"{name} has at most {_MAX_VALUE_LENGTH} characters.")
    return value


def _parse_date(text: str) -> date:
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise HttpError(400, f"date: {text!r} is not a day like 2026-03-03.")


def _parse_number(request: web.BaseRequest, name: str, *, most: int) -> int | None:
    text = _parameter(request, name)
    if text is None:
        return None
    if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= most:
        raise HttpError(400, f"{name}: {text!r} is not a whole number from 1 to {most}.")
    return int(text)


def _parse_local_time(text: str) -> datetime:
    if re.fullmatch(LOCAL_TIME, text):
        return datetime.fromisoformat(text)
    raise HttpError(400, f"at: {text!r} is not a time like 2026-03-03T14:30.")


class RefreshAuth:
    """Who may have the bookings read anew: nobody, whoever has the token, or everybody."""

    def __init__(self, access: RefreshAccess, token: str | None) -> None:
        self._access = access
        self._hashed = _hash_token(token) if token else None

    def check(self, request: web.BaseRequest) -> None:
        """Let a request pass, or raise the fault that says why not."""
        if self._access == "off":
            raise HttpError(403, "Refreshing over HTTP is switched off.")
        if self._access == "token" and not self._has_token(request):
            raise HttpError(401, "A refresh needs a bearer token.", {"WWW-Authenticate": "Bearer"})

    def _has_token(self, request: web.BaseRequest) -> bool:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        # Hashes, so that not even the length can be told from how long it takes.
        is_right = hmac.compare_digest(_hash_token(given.strip()), self._hashed or b"")
        return is_right and scheme.lower() == "bearer"


def _hash_token(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()
