"""What a client is told of what went wrong: one sentence in JSON, with nothing from inside."""

import math
from collections.abc import Mapping
from datetime import datetime

from aiohttp import web

from api.http_cache import DEFAULT_HEADERS, to_json_bytes
from core.errors import (
    ClassroomError,
    NoDataError,
    RefreshTooSoonError,
    SourceError,
    StoreUnavailableError,
    UnknownBuildingError,
    UnknownCampusError,
    UnknownRoomError,
)

_MAX_ECHO = 100

_PROTOCOL_ERRORS = {
    400: "This is not a request that we understand.",
    408: "The request took too long.",
    412: "What you have is not what there is now.",
    413: "The request is too large.",
    414: "The address is too long.",
    431: "The headers are too large.",
    501: "This method is not known here.",
    500: "Something went wrong on our side.",
    504: "The answer took too long.",
}


class HttpError(ClassroomError):
    """A request that cannot be answered: the status, and the sentence that says why."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})


def json_response(
    value: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Return a value that nobody keeps, as it is of this moment."""
    every = {
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
        **DEFAULT_HEADERS,
        **(headers or {}),
    }
    return web.Response(body=to_json_bytes(value), status=status, headers=every)


def error_response(error: HttpError) -> web.Response:
    """Return what a client is told of a fault."""
    return json_response({"detail": error.detail}, status=error.status, headers=error.headers)


def protocol_error(status: int) -> HttpError:
    """Return the fault of a request that could not even be read, or that we failed at."""
    return HttpError(status, _PROTOCOL_ERRORS.get(status, _PROTOCOL_ERRORS[400]))


def rate_limited(seconds: float) -> HttpError:
    """Return the fault of a client that asks too often."""
    return HttpError(
        429,
        f"Too many requests. Please wait {math.ceil(seconds)} more seconds.",
        _retry_after(seconds),
    )


def to_http_error(error: ClassroomError, now: datetime) -> HttpError | None:
    """Return what to tell of an error, None of those that are a fault of ours."""
    match error:
        case HttpError():
            return error
        case UnknownCampusError():
            return HttpError(
                404,
                f"There is no campus {_quote_input(error.typed)}.{_suggestions(error.suggestions)}",
            )
        case UnknownBuildingError():
            codes = [code for code, _ in error.suggestions]
            return HttpError(
                404, f"There is no building {_quote_input(error.typed)}.{_suggestions(codes)}"
            )
        case UnknownRoomError():
            return HttpError(404, f"There is no room with the id {_quote_input(error.typed)}.")
        case NoDataError():
            return _no_data(error, now)
        case RefreshTooSoonError():
            wait = error.allowed_at - now
            detail = (
                "Refresh cooldown active. "
                f"Please wait {minutes_left(error.allowed_at, now)} more minutes."
            )
            return HttpError(429, detail, _retry_after(wait.total_seconds()))
        case SourceError():
            return HttpError(502, f"The bookings could not be read: {error.kind}.")
        case StoreUnavailableError():
            return HttpError(503, "What is needed for this cannot be had just now.")
    return None


def minutes_left(until: datetime | None, now: datetime) -> float:
    """Return the minutes until a moment, in tenths and rounded up: 0 only when it is over."""
    seconds = (until - now).total_seconds() if until else 0.0
    return max(math.ceil(round(seconds / 6, 3)), 0) / 10


def _no_data(error: NoDataError, now: datetime) -> HttpError:
    if error.first_known and error.last_known:
        return HttpError(
            404,
            f"Nothing is known of {error.day}. "
            f"Known days are {error.first_known} to {error.last_known}.",
        )
    retry = _retry_after((error.retry_at - now).total_seconds()) if error.retry_at else {}
    return HttpError(503, "The bookings cannot be read just now.", retry)


def _retry_after(seconds: float) -> dict[str, str]:
    return {"Retry-After": str(max(math.ceil(seconds), 1))}


def _quote_input(typed: str) -> str:
    return repr(typed[:_MAX_ECHO])


def _suggestions(names: list[str] | tuple[str, ...]) -> str:
    return f" Did you mean {' or '.join(names)}?" if names else ""
