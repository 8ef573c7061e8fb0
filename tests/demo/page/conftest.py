"""A browser, a page in front of the real bot, and visitors who open it."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from core.embedded_redis.process import find_binary
from tests.conftest import RedisProcess
from tests.demo.page.browser import ARGUMENTS, BrowserPage
from tests.demo.page.page_environment import PageEnvironment, open_page_environment
from tests.e2e.environment import BotEnvironment, schema_checker
from tests.fakes import eventually

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
HINT = "Only you see this, once:"

OpenPage = Callable[..., Awaitable[BrowserPage]]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Find a browser, or skip."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or pytest.skip(
        "no Chromium here; install it with: apt-get update && apt-get install -y chromium"
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium) -> AsyncIterator[Browser]:
    """Start a browser with a fresh profile."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        await browser.close()


async def spend_digest_hint(stage: BotEnvironment) -> None:
    """Use a command as the moderator: the first one in a server brings a second message."""
    await stage.moderator.slash("help")
    messages = stage.general.messages_by_id
    await eventually(lambda: any(HINT in each.text for each in messages.values()))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def playing(tmp_path_factory) -> AsyncIterator[PageEnvironment]:
    """Serve the page with the real bot behind it, and a store that can be taken away."""
    process = RedisProcess(find_binary(), tmp_path_factory.mktemp("r"), "--appendonly", "yes")
    process.start()
    folder: Path = tmp_path_factory.mktemp("page")
    opening = open_page_environment(
        folder,
        redis_url=process.url,
        process=process,
        check=schema_checker(),
        settings={"REFRESH_COOLDOWN_MINUTES": "0"},
    )
    try:
        async with opening as playing:
            await spend_digest_hint(playing.bots)
            yield playing
            assert playing.bots.discord.violations == []
    finally:
        process.stop()


@pytest.fixture(scope="module")
def idle() -> dict[str, list[BrowserPage]]:
    """Keep open pages from one test to the next, by their looks: a new one takes half a second."""
    return {}


@pytest_asyncio.fixture(loop_scope="module")
async def open_page(browser, playing, idle) -> AsyncIterator[OpenPage]:
    """Open pages; the browser may have nothing to complain of."""
    opened: list[tuple[str, BrowserPage]] = []

    async def open_page(person: str = "ana", *, channel: str = "general", **looks) -> BrowserPage:
        address, key = playing.seen_by(person, channel=channel), repr(looks)
        if idle.get(key):
            visitor: BrowserPage = idle[key].pop()
            await visitor.go(address)
        else:
            visitor = await BrowserPage.open(browser, address, **looks)
        opened.append((key, visitor))
        return visitor

    yield open_page
    for key, visitor in opened:
        assert visitor.console_errors == []
        if not visitor.page.is_closed():
            await visitor.page.goto("about:blank")
            idle.setdefault(key, []).append(visitor)
