"""Makes the README's pictures of the page: `python -m tests.demo.page.screenshots`.

It needs the development packages and a Chromium. The pictures are of the demo campus on a fixed
morning, so that they only change when what they show does.
"""

import asyncio
import shutil
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, async_playwright

from tests.demo.page.browser import ARGUMENTS, BrowserPage
from tests.demo.page.page_environment import PageEnvironment, open_page_environment

DOCS = Path(__file__).parents[3] / "docs"
_COLOURS = 256
_MAX_BYTES = 250_000
_WIDTH, _HEIGHT = 960, 900
_MESSAGE_OFFSET = """(message) => message.getBoundingClientRect().top - 12
    - document.querySelector("#scroller").getBoundingClientRect().top"""
_COMMANDS = {"free": {}, "building": {"building": "GRV"}, "room": {"name": "GRV 101"}}


def main() -> int:
    """Make all pictures; return 1 where there is no browser."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.stderr.write("no Chromium here; install it with: apt-get install -y chromium\n")
        return 1
    asyncio.run(_make_all(browser))
    return 0


async def _make_all(executable: str) -> None:
    DOCS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with open_page_environment(Path(folder)) as playing, async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=executable, args=[*ARGUMENTS, "--font-render-hinting=none"]
            )
            for command in _COMMANDS:
                picture = compress(await _take_screenshot(browser, playing, command))
                if len(picture) > _MAX_BYTES:
                    raise ValueError(f"the picture of /{command} has {len(picture)} bytes")
                (DOCS / f"{command}.png").write_bytes(picture)
            await browser.close()


async def _take_screenshot(browser: Browser, playing: PageEnvironment, command: str) -> bytes:
    """Ask as a newcomer does, and take the picture in double resolution."""
    visitor = await BrowserPage.open(
        browser,
        playing.seen_by("ana", channel="study-rooms" if command == "building" else "general"),
        viewport={"width": _WIDTH, "height": _HEIGHT},
        device_scale_factor=2,
        color_scheme="dark",
    )
    await visitor.use(command, **_COMMANDS[command])
    above = await visitor.last.evaluate(_MESSAGE_OFFSET)
    await visitor.page.set_viewport_size({"width": _WIDTH, "height": _HEIGHT - int(above)})
    await visitor.page.mouse.move(0, 0)
    return await visitor.page.screenshot(caret="hide")


def compress(png: bytes) -> bytes:
    """Return the same picture in 256 colours, which is a third of the size."""
    image = Image.open(BytesIO(png)).convert("RGB")
    file = BytesIO()
    few = image.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(file, "PNG", optimize=True)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main())
