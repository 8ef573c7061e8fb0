"""The page's own files, and what the browser may load: nothing from elsewhere."""

from pathlib import Path

from aiohttp import web

_STATIC = Path(__file__).parent / "static"
_CONTENT_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
# Pictures that the bot sends are served by the local Discord, which may have a port of its own.
_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: http://127.0.0.1:*; "
    "connect-src 'self' ws://127.0.0.1:* ws://localhost:*; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # A newer version of the demo must not run with older modules.
    "Cache-Control": "no-cache",
}


def add_static_routes(app: web.Application) -> None:
    """Serve the page and its files, and nothing else of the folder."""
    for file in sorted(_STATIC.rglob("*")):
        if kind := _CONTENT_TYPES.get(file.suffix):
            name = file.relative_to(_STATIC).as_posix()
            address = "/" if name == "index.html" else f"/page/{name}"
            _add_static_route(app, address, file, kind)


def _add_static_route(app: web.Application, address: str, file: Path, kind: str) -> None:
    headers = {**_HEADERS, "Content-Type": f"{kind}; charset=utf-8"}

    async def serve(_: web.Request) -> web.FileResponse:
        return web.FileResponse(file, headers=headers)

    app.router.add_get(address, serve)
