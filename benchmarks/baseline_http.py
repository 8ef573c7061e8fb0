"""A bare aiohttp server: one handler that always returns the same bytes.

The only arguments are its port and a JSON file with `answers`: the status, the headers and the
body of what it returns to each path.
"""

import base64
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from aiohttp import web
from multidict import CIMultiDict


def constant_handler(answer: Mapping[str, Any]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return what answers with these bytes."""
    status, body = answer["status"], base64.b64decode(answer["body"])
    headers: CIMultiDict[str] = CIMultiDict(answer["headers"])

    async def answered(_: web.Request) -> web.Response:
        return web.Response(status=status, body=body or None, headers=headers)

    return answered


def main(port: str, answers_file: str) -> None:
    """Serve until told to stop."""
    app = web.Application()
    for path, answer in json.loads(Path(answers_file).read_text(encoding="utf-8"))[
        "answers"
    ].items():
        app.router.add_get(path, constant_handler(answer))
    web.run_app(app, host="127.0.0.1", port=int(port), access_log=None, print=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
