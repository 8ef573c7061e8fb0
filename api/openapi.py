"""What the endpoints are, in OpenAPI 3.1, for programs that read that."""

from typing import Any

from api.models import EXAMPLES, SCHEMAS
from api.params import LOCAL_TIME
from core import PROJECT, VERSION

Json = dict[str, Any]

_DESCRIPTION = (
    "**What is not known is called unknown; never free, never busy.** A classroom of which a "
    "part of the opening hours is not known has the state `unknown`; its `availability` then "
    "holds only gaps of which it is known that nothing is booked, or none. All times are those "
    "of the campus's clock; an `end` that is not after its `start` is on the next day."
)


def _parameter(name: str, text: str, where: str = "query", **schema: object) -> Json:
    shape = {"type": "string", "maxLength": 100, **schema}
    is_path = where == "path"
    return {"name": name, "in": where, "description": text, "required": is_path, "schema": shape}


_CAMPUS = _parameter("campus", "The id or name of a campus; the first one if left out.")
_BUILDING = _parameter("building", "Only this building: its code or name.")
_DATE = _parameter(
    "date",
    "A day on campus; if left out today, which lasts until the building closes.",
    format="date",
    pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
)
_AT = _parameter(
    "at",
    "When the rooms are needed, on the campus's clock; now if left out.",
    pattern=LOCAL_TIME,
)
_MINUTES = {
    "name": "minutes",
    "in": "query",
    "description": "For how long the rooms are needed.",
    "required": True,
    "schema": {"type": "integer", "minimum": 1, "maximum": 1440},
}
_CAPACITY = {
    "name": "capacity",
    "in": "query",
    "description": "Only rooms with at least so many seats.",
    "required": False,
    "schema": {"type": "integer", "minimum": 1, "maximum": 100_000},
}
_ROOM_CAMPUS = _parameter("campus", "The id or name of the campus.", "path", minLength=1)
_ROOM = _parameter("room_id", "The `id` of a classroom.", "path", minLength=1)

_CONDITIONAL_HEADERS = [
    {
        "name": name,
        "in": "header",
        "description": text,
        "required": False,
        "schema": {"type": "string"},
    }
    for name, text in (
        ("If-None-Match", "Entity tags of the answers at hand."),
        ("If-Modified-Since", "The `Last-Modified` of the answer at hand."),
    )
]

_CACHE_HEADERS = {
    "ETag": "Strong; of the bytes that are sent.",
    "Cache-Control": "`max-age` until the data is read next or the day ends, a minute at most.",
    "Expires": "When that is.",
    "Last-Modified": "When the answer became what it is.",
    "X-Cache": "`Hit`: from what is stored. `Miss`: the bookings had to be read.",
}


def _response(text: str, schema: str, headers: Json | None = None) -> Json:
    content: Json = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    if schema in EXAMPLES:
        content["example"] = EXAMPLES[schema]
    shown = {
        name: {"description": told, "schema": {"type": "string"}}
        for name, told in (headers or {}).items()
    }
    return {
        "description": text,
        "content": {"application/json": content},
        **({"headers": shown} if shown else {}),
    }


def _error(text: str, *, retries: bool = False) -> Json:
    return _response(text, "Fault", {"Retry-After": "Seconds to wait."} if retries else None)


_RATE_LIMITED = {"429": _error("Too many requests from this address.", retries=True)}
_TOO_LONG = {
    "414": _error("The address is too long."),
    "431": _error("The headers are too large."),
}
_CAMPUS_ERRORS = {
    "400": _error("A parameter cannot be understood."),
    "404": _error("There is no such campus."),
    **_RATE_LIMITED,
}


def _get(id_: str, summary: str, responses: Json, *, parameters: list[Json] | None = None) -> Json:
    got: Json = {"operationId": id_, "summary": summary, "parameters": parameters or []}
    return {"get": {**got, "responses": {**responses, **_RATE_LIMITED, **_TOO_LONG}}}


def _cacheable(id_: str, summary: str, schema: str, parameters: list[Json], missing: str) -> Json:
    """Return an endpoint whose answers may be kept."""
    responses = {
        "200": _response("The answer.", schema, _CACHE_HEADERS),
        "304": {"description": "What you have is what you would get."},
        "400": _error("A parameter cannot be understood."),
        "404": _error(missing),
        "412": _error("`If-Match` or `If-Unmodified-Since` does not hold."),
        "503": _error("Nothing is known yet, and nothing can be read now.", retries=True),
    }
    return _get(id_, summary, responses, parameters=[*parameters, *_CONDITIONAL_HEADERS])


def _refresh() -> Json:
    responses = {
        "200": _response("The bookings were read.", "Refreshed"),
        **_CAMPUS_ERRORS,
        **_TOO_LONG,
        "401": _error("The token is missing or wrong."),
        "403": _error("Refreshing over HTTP is switched off."),
        "429": _error("The cooldown is not over, or too many requests.", retries=True),
        "502": _error("The bookings could not be read: the kind of failure. No cooldown is spent."),
    }
    return {
        "post": {
            "operationId": "refresh",
            "summary": "Read the bookings now",
            "description": "Where the operator allows it: with a token, or for everybody.",
            "parameters": [_CAMPUS],
            "security": [{"token": []}, {}],
            "responses": responses,
        }
    }


def _document(id_: str, summary: str, kind: str) -> Json:
    content = {kind: {"schema": {"type": "object" if "json" in kind else "string"}}}
    return _get(
        id_,
        summary,
        {
            "200": {"description": "The description.", "content": content},
            "304": {"description": "What you have is what you would get."},
            "412": _error("`If-Match` or `If-Unmodified-Since` does not hold."),
        },
        parameters=_CONDITIONAL_HEADERS,
    )


def openapi_document() -> Json:
    """Return the description of all endpoints."""
    alive = {"200": _response("It is.", "Health")}
    not_ready = _error("Something is not there: what.")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "EmptyClassroom",
            "version": VERSION,
            "summary": "Which classrooms are free, until when, and how sure that is.",
            "description": _DESCRIPTION,
            "contact": {"url": PROJECT},
        },
        "servers": [{"url": "/"}],
        "paths": {
            "/": _get("health", "Is it alive?", alive),
            "/healthz": _get("alive", "Is it alive?", alive),
            "/livez": _get(
                "live",
                "Would a restart help? Discord has been away for five minutes",
                {**alive, "503": not_ready},
            ),
            "/readyz": _get(
                "ready",
                "Is today's data there, the store, and Discord?",
                {"200": _response("It is.", "Readiness"), "503": not_ready},
            ),
            "/metrics": _get(
                "metrics",
                "The state of this process, for Prometheus",
                {
                    "200": {
                        "description": "Metrics in text format 0.0.4.",
                        "content": {"text/plain": {"schema": {"type": "string"}}},
                    }
                },
            ),
            "/api/open-classrooms": _cacheable(
                "openClassrooms",
                "When which classrooms are free",
                "OpenClassrooms",
                [_CAMPUS, _BUILDING, _DATE],
                "There is no such campus or building, or nothing is known of that day.",
            ),
            "/api/rooms/{campus}/{room_id}": _cacheable(
                "roomDays",
                "When one classroom is free, today and on all days to come that are known",
                "RoomDays",
                [_ROOM_CAMPUS, _ROOM],
                "There is no such campus or room.",
            ),
            "/api/plan": _get(
                "plan",
                "Which rooms to use one after another, where no single one is free",
                {
                    "200": _response("How many rooms fit, and the plan.", "Plan"),
                    **_CAMPUS_ERRORS,
                    "404": _error(
                        "There is no such campus or building, or nothing is known of that day."
                    ),
                    "503": _error(
                        "Nothing is known yet, and nothing can be read now.", retries=True
                    ),
                },
                parameters=[_CAMPUS, _BUILDING, _AT, _MINUTES, _CAPACITY],
            ),
            "/api/trends": _get(
                "trends",
                "How busy it gets, and what is usual at this hour",
                {
                    "200": _response("How busy it gets.", "Trend"),
                    **_CAMPUS_ERRORS,
                    "404": _error("There is no such campus or building."),
                    "503": _error("The store does not answer."),
                },
                parameters=[_CAMPUS, _BUILDING],
            ),
            "/api/last-updated": _get(
                "lastUpdated",
                "When the bookings were last read",
                {"200": _response("The moment.", "LastUpdated"), **_CAMPUS_ERRORS},
                parameters=[_CAMPUS],
            ),
            "/api/cooldown-status": _get(
                "cooldownStatus",
                "For how long nobody can have the bookings read again",
                {"200": _response("How long.", "CooldownStatus"), **_CAMPUS_ERRORS},
                parameters=[_CAMPUS],
            ),
            "/api/refresh": _refresh(),
            "/openapi.json": _document("openapi", "This description", "application/json"),
            "/docs": _document("docs", "This description, for people", "text/html"),
        },
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }
