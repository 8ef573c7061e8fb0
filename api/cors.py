"""Which pages of other places may read the answers in a browser, and what browsers are told."""

from collections.abc import Collection, Mapping

from aiohttp import web

_EXPOSED_HEADERS = "ETag, Last-Modified, Retry-After, X-Cache"
_ALLOWED_HEADERS = (
    "Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since"
)
_PREFLIGHT_MAX_AGE = "600"


class Cors:
    """The origins that may read the answers; all others are told nothing."""

    def __init__(self, allowed: Collection[str]) -> None:
        self._allowed = frozenset(allowed)

    def apply(self, request: web.BaseRequest, response: web.StreamResponse) -> None:
        """Tell a browser whether the page that asks may read the answer."""
        if not self._allowed:
            return
        # Whoever keeps the answer must not give one page's to another.
        vary = response.headers.get("Vary")
        response.headers["Vary"] = f"{vary}, Origin" if vary else "Origin"
        origin = request.headers.get("Origin")
        if origin in self._allowed:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = _EXPOSED_HEADERS

    def preflight_headers(self, request: web.BaseRequest, methods: str) -> Mapping[str, str]:
        """Return what a browser is told that asks whether it may ask."""
        if request.headers.get("Origin") not in self._allowed:
            return {}
        return {
            "Access-Control-Allow-Methods": methods,
            "Access-Control-Allow-Headers": _ALLOWED_HEADERS,
            "Access-Control-Max-Age": _PREFLIGHT_MAX_AGE,
        }
