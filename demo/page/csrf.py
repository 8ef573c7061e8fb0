"""Who may talk to the page's endpoints: this machine's own browser, on this page alone."""

from urllib.parse import urlsplit

from aiohttp import web

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def check_same_origin(request: web.Request) -> None:
    """Let only the page itself ask.

    Another site that is open in the same browser can reach loopback, too: under its own name
    (so the host has to be ours), or from its own pages (so the origin has to be ours).

    Raises:
        web.HTTPForbidden: It is somebody else.
    """
    host = urlsplit(f"//{request.host}").hostname
    origin = request.headers.get("Origin")
    if host not in _LOOPBACK or (origin is not None and urlsplit(origin).netloc != request.host):
        raise web.HTTPForbidden(text="only the demo's own page may ask this")
