"""Pages of other origins: who may read the answers in a browser, and who may not."""

import shutil

import pytest
from aiohttp import web
from playwright.async_api import async_playwright

from tests.api.api_server import TOKEN
from tests.conftest import find_free_port
from tests.demo.page.browser import ARGUMENTS
from tests.demo.page.conftest import NAMES

ALLOWED, REFUSED = "https://rooms.example.edu", "https://evil.example"


async def test_an_allowed_origin_may_read_and_others_may_not(open_api_server):
    api_server = await open_api_server(API_ORIGINS=f"{ALLOWED}, https://b.example")
    allowed = await api_server.ask("/api/open-classrooms", Origin=ALLOWED)
    refused = await api_server.ask("/api/open-classrooms", Origin=REFUSED)
    none = await api_server.ask("/api/open-classrooms")
    assert allowed.headers["Access-Control-Allow-Origin"] == ALLOWED
    assert "Access-Control-Allow-Credentials" not in allowed.headers
    for each in (refused, none):
        assert not [name for name in each.headers if name.startswith("Access-Control")]
    for each in (allowed, refused, none):
        assert each.headers["Vary"] == "Accept-Encoding, Origin"


@pytest.mark.parametrize("origin", [f"{ALLOWED}.evil", "null", "*", ALLOWED.upper(), ""])
async def test_what_only_looks_like_an_origin_is_none(open_api_server, origin):
    api_server = await open_api_server(API_ORIGINS=ALLOWED)
    said = await api_server.ask("/", Origin=origin)
    assert "Access-Control-Allow-Origin" not in said.headers


async def test_a_fault_can_be_read_by_the_page_that_caused_it(open_api_server):
    api_server = await open_api_server(API_ORIGINS=ALLOWED)
    said = await api_server.ask("/api/open-classrooms?building=X", Origin=ALLOWED)
    assert said.status == 404
    assert said.headers["Access-Control-Allow-Origin"] == ALLOWED


async def test_a_browser_that_asks_first_is_told_what_it_may(open_api_server):
    api_server = await open_api_server(API_ORIGINS=ALLOWED)
    said = await api_server.ask("/api/refresh", "OPTIONS", Origin=ALLOWED)
    assert said.status == 204
    assert said.headers["Access-Control-Allow-Origin"] == ALLOWED
    assert "POST" in said.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in said.headers["Access-Control-Allow-Headers"]
    refused = await api_server.ask("/api/refresh", "OPTIONS", Origin=REFUSED)
    assert not [name for name in refused.headers if name.startswith("Access-Control")]


async def test_without_the_setting_no_page_may_read(api_server):
    said = await api_server.ask("/", Origin=ALLOWED)
    assert "Access-Control-Allow-Origin" not in said.headers


async def page_at(api_server, port):
    """Serve an empty page of another origin."""

    async def empty(_):
        return web.Response(text="<!doctype html><title>x</title>", content_type="text/html")

    runner = web.ServerRunner(web.Server(empty))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner


FETCH = """async ([url, options]) => {
    try {
        const answer = await fetch(url, options);
        const data = await answer.json();
        return [answer.status, answer.headers.get("X-Cache"), Object.keys(data)];
    } catch (error) { return String(error); }
}"""


async def test_a_page_in_a_browser_reads_where_it_may_and_not_elsewhere(open_api_server):
    chromium = next(filter(None, map(shutil.which, NAMES)), None)
    if not chromium:
        pytest.skip(
            "no Chromium here; install it with: apt-get update && apt-get install -y chromium"
        )
    allowed, refused = find_free_port(), find_free_port()
    api_server = await open_api_server(
        API_ORIGINS=f"http://127.0.0.1:{allowed}", API_REFRESH="token", API_TOKEN=TOKEN
    )
    pages = [await page_at(api_server, port) for port in (allowed, refused)]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = await browser.new_page()
        url = f"{api_server.url}/api/open-classrooms"
        refresh = [
            f"{api_server.url}/api/refresh",
            {"method": "POST", "headers": {"Authorization": f"Bearer {TOKEN}"}},
        ]
        await page.goto(f"http://127.0.0.1:{allowed}/")
        assert await page.evaluate(FETCH, refresh) == [200, None, ["message", "timestamp"]]
        read = [200, "Hit", ["buildings", "last_updated"]]
        assert await page.evaluate(FETCH, [url, {}]) == read
        # Now by asking whether it changed.
        assert await page.evaluate(FETCH, [url, {"cache": "no-cache"}]) == read
        api_server.clock.forward(hours=1)
        await page.goto(f"http://127.0.0.1:{refused}/")
        assert "TypeError" in await page.evaluate(FETCH, [url, {"cache": "no-store"}])
        assert "TypeError" in await page.evaluate(FETCH, refresh)
        assert api_server.source.readings == 1
        await browser.close()
    for each in pages:
        await each.cleanup()
