"""The requests of one read of an EMS web app: a page for cookies and token, then questions.

A page that a guest opens gives cookies and a token; questions carry both. Cookies are kept
here and not in the HTTP client, whose others would share them.

Source: `docs/ems.md`, "Requests" and "A guest's visit".
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass

from yarl import URL

from core.errors import SourceError, SourceRefusedError
from core.sources.ems.decoding import unwrap
from core.sources.ems.requests import APIS, PAGES
from core.sources.http_client import SourceClient
from core.sources.http_request import SourceRequest, SourceResponse

LOGIN_PAGE = "login page"

_TOKEN_INPUT = re.compile(rb"<input\b[^>]*\bdeaCSRFToken\b[^>]*>", re.IGNORECASE)
_VALUE = re.compile(rb"""\bvalue\s*=\s*["']([\w+/=.-]{1,200})["']""", re.IGNORECASE)
_COOKIE_NAME = re.compile(r"[\w.-]{1,100}", re.ASCII)
_COOKIE_VALUE = re.compile(r"[!#-+\--:<-\[\]-~]{0,4000}")
_MAX_COOKIES = 20
# A read lasts a few minutes; a visit that ends more often than this is not wanted.
_MAX_VISITS = 3


@dataclass(frozen=True, slots=True)
class _Visit:
    """A guest's visit, as the headers of every question."""

    headers: Mapping[str, str]


class EmsConnection:
    """Asks one EMS web app; several questions may be under way at once."""

    def __init__(self, client: SourceClient, url: str, *, max_bytes: int) -> None:
        self._client = client
        self._url = url
        self._max_bytes = max_bytes
        self._api: str | None = None
        self._visit: _Visit | None = None
        self._visit_count = 0
        self._opening = asyncio.Lock()

    async def ask(self, method: str, question: bytes) -> bytes:
        """Return the JSON that the answer to a question holds.

        Where EMS has ended the visit, it answers its login page with status 200; the question
        is asked once more on a new visit.

        Raises:
            SourceError: no page opens, or what the last attempt raised.
        """
        visit = await self._open(None)
        try:
            return await self._ask_api(visit, method, question)
        except SourceRefusedError as err:
            if err.kind != LOGIN_PAGE or self._visit_count >= _MAX_VISITS:
                raise
        visit = await self._open(visit)
        return await self._ask_api(visit, method, question)

    async def _ask_api(self, visit: _Visit, method: str, question: bytes) -> bytes:
        """Ask where this EMS has its methods; the first question finds out."""
        if self._api:
            return await self._post(self._api, visit, method, question)
        error: SourceError | None = None
        for api in APIS:
            try:
                answer = await self._post(api, visit, method, question)
            except SourceRefusedError as err:
                # Older versions have no methods for guests alone, newer ones both.
                error = err if error is None or err.kind == LOGIN_PAGE else error
                continue
            self._api = api
            return answer
        raise error or SourceRefusedError("not found")

    async def _post(self, api: str, visit: _Visit, method: str, question: bytes) -> bytes:
        request = SourceRequest(
            URL(f"{self._url}/{api}/{method}"), json=question, headers=visit.headers
        )
        return await self._client.request(
            request, lambda answer: unwrap(answer.body or b""), max_bytes=self._max_bytes
        )

    async def _open(self, ended: _Visit | None) -> _Visit:
        """Return a visit that is not `ended`; the first to need one opens it for all."""
        async with self._opening:
            if self._visit is None or self._visit is ended:
                self._visit_count += 1
                self._visit = await self._open_page()
            return self._visit

    async def _open_page(self) -> _Visit:
        error: SourceRefusedError | None = None
        for page in PAGES:
            url = URL(f"{self._url}/{page}")
            try:
                return _Visit(
                    await self._client.request(
                        SourceRequest(url, accept="text/html"),
                        visit_headers,
                        max_bytes=self._max_bytes,
                    )
                )
            except SourceRefusedError as err:
                error = error or err
        raise error or SourceRefusedError("not found")


def visit_headers(page: SourceResponse) -> Mapping[str, str]:
    """Return what a page gives its guest; some versions give no token, and ask for none."""
    headers = {"X-Requested-With": "XMLHttpRequest", "Referer": str(page.url)}
    found = _TOKEN_INPUT.search(page.body or b"")
    token = _VALUE.search(found[0]) if found else None
    if token:
        headers["dea-CSRFToken"] = token[1].decode()
    cookies = [
        f"{name}={value}"
        for name, value in page.cookies.items()
        if _COOKIE_NAME.fullmatch(name) and _COOKIE_VALUE.fullmatch(value)
    ]
    if cookies:
        headers["Cookie"] = "; ".join(cookies[:_MAX_COOKIES])
    return headers
