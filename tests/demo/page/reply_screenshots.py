"""Makes pictures of every reply: `python -m tests.demo.page.reply_screenshots FOLDER`.

Each reply is asked for once on a weekday, a Saturday, a holiday, an exam day and at night, and
shown in dark and in light, as wide as a phone and as a screen. It needs what `screenshots` needs.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.async_api import Browser, Locator, async_playwright

from demo.clock import MOMENTS
from tests.demo.page.browser import ARGUMENTS, BrowserPage
from tests.demo.page.page_environment import PageEnvironment, open_page_environment

_ZONE = ZoneInfo("America/New_York")
_BEFORE = datetime(2026, 3, 1, 12, tzinfo=UTC)
"""The moments are the first of their kinds after this one, so that pictures can be compared."""

_WIDTHS = {"phone": 390, "wide": 1280}
_SCHEMES = ("dark", "light")
_HEIGHT = 900
_COMMANDS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "free": ("ana", {}),
    "free-building": ("ana", {"building": "CRN"}),
    "building": ("ana", {"building": "GRV"}),
    "building-shut": ("ana", {"building": "DUN"}),
    "room": ("ana", {"name": "CRN 112"}),
    "trends": ("ana", {}),
    "status": ("ana", {}),
    "help": ("ana", {}),
    "digest preview": ("mo", {}),
    "digest show": ("mo", {}),
}


def main(arguments: Sequence[str]) -> int:
    """Make the pictures; return 1 where there is no browser."""
    parser = argparse.ArgumentParser(description="Make pictures of every reply.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--moment", choices=[each.id for each in MOMENTS], action="append")
    options = parser.parse_args(arguments)
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.stderr.write("no Chromium here; install it with: apt-get install -y chromium\n")
        return 1
    for moment in MOMENTS:
        (options.folder / moment.id).mkdir(parents=True, exist_ok=True)
    asyncio.run(_make_all(browser, options.folder, options.moment))
    return 0


async def _make_all(executable: str, folder: Path, chosen: Sequence[str] | None) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=[*ARGUMENTS])
        for moment in MOMENTS:
            if not chosen or moment.id in chosen:
                start = moment.after(_BEFORE, _ZONE)
                with tempfile.TemporaryDirectory() as data:
                    async with open_page_environment(Path(data), start=start) as environment:
                        shown = await _ask_all(browser, environment)
                        await _picture_all(browser, environment, shown, folder / moment.id)
        await browser.close()


async def _ask_all(browser: Browser, environment: PageEnvironment) -> Mapping[str, str]:
    """Use every command, and return the ids of the replies by name."""
    replies: dict[str, str] = {}
    for person in ("ana", "mo"):
        visitor = await BrowserPage.open(
            browser,
            environment.seen_by(person),
            viewport={"width": _WIDTHS["wide"], "height": _HEIGHT},
        )
        for name, (asker, options) in _COMMANDS.items():
            if asker == person:
                command = name if " " in name else name.partition("-")[0]
                answer = await visitor.use(command, **options)
                replies[name] = await answer.get_attribute("data-id") or ""
        await visitor.page.close()
    return replies


async def _picture_all(
    browser: Browser, environment: PageEnvironment, replies: Mapping[str, str], folder: Path
) -> None:
    for scheme in _SCHEMES:
        for size, width in _WIDTHS.items():
            for person in ("ana", "mo"):
                visitor = await BrowserPage.open(
                    browser,
                    environment.seen_by(person),
                    # High enough for the longest reply, so that nothing lies upon it.
                    viewport={"width": width, "height": 3 * _HEIGHT},
                    color_scheme=scheme,
                )
                for name, number in replies.items():
                    if _COMMANDS[name][0] == person:
                        path = folder / f"{name.replace(' ', '-')}.{scheme}.{size}.png"
                        await _picture(visitor.page.locator(f'.message[data-id="{number}"]'), path)
                await visitor.page.close()


async def _picture(message: Locator, path: Path) -> None:
    await message.scroll_into_view_if_needed()
    await message.screenshot(path=path, caret="hide")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
