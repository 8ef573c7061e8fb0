"""Makes the README's pictures of the page: `python -m playground.screenshots`, in the checkout.

It needs the development packages and a Chromium. The pictures are of the demo campus on a fixed
morning, so that they only change when what they show does.
"""

import asyncio
import shutil
import struct
import sys
import tempfile
import zlib
from collections import Counter
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from tests.playground.page_stage import PageStage, open_page_stage
from tests.playground.page_visitor import ARGUMENTS, Visitor

DOCS = Path(__file__).parents[1] / "docs"
_COLOURS = 256
_LARGEST = 150_000
_WIDTH, _HEIGHT = 960, 900
_ABOVE = """(message) => message.getBoundingClientRect().top - 12
    - document.querySelector("#scroller").getBoundingClientRect().top"""
_ASKED = {"free": {}, "building": {"code": "GRV"}}


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
        async with open_page_stage(Path(folder)) as playing, async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=executable, args=[*ARGUMENTS, "--font-render-hinting=none"]
            )
            for command in _ASKED:
                picture = compressed(await _picture(browser, playing, command))
                if len(picture) > _LARGEST:
                    raise ValueError(f"the picture of /{command} has {len(picture)} bytes")
                (DOCS / f"{command}.png").write_bytes(picture)
            await browser.close()


async def _picture(browser: Browser, playing: PageStage, command: str) -> bytes:
    """Ask as a newcomer does, and take the picture in double resolution."""
    visitor = await Visitor.arrive(
        browser,
        playing.seen_by("ana", channel="study-rooms" if command == "building" else "general"),
        viewport={"width": _WIDTH, "height": _HEIGHT},
        device_scale_factor=2,
        color_scheme="dark",
    )
    await visitor.use(command, **_ASKED[command])
    above = await visitor.last.evaluate(_ABOVE)
    await visitor.page.set_viewport_size({"width": _WIDTH, "height": _HEIGHT - int(above)})
    await visitor.page.mouse.move(0, 0)
    return await visitor.page.screenshot(caret="hide")


def compressed(png: bytes) -> bytes:
    """Return the same picture in 256 colours, which is a third of the size.

    Takes what a browser makes: eight bits a channel, RGB or RGBA, not interlaced.
    """
    chunks = _chunks(png)
    width, height, _, kind = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    depth = 4 if kind == 6 else 3  # noqa: PLR2004 - the number of RGBA in the format
    pixels = _pixels(zlib.decompress(chunks[b"IDAT"]), width * depth, height, depth)
    colours = [pixels[at : at + 3] for at in range(0, len(pixels), depth)]
    counted = Counter(colours)
    palette = [colour for colour, _ in counted.most_common(_COLOURS)]
    index = {colour: _nearest(colour, palette) for colour in counted}
    body = bytes(index[colour] for colour in colours)
    rows = b"".join(b"\0" + body[at : at + width] for at in range(0, len(body), width))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(name, data)
        for name, data in (
            (b"IHDR", head),
            (b"PLTE", b"".join(palette)),
            (b"IDAT", zlib.compress(rows, 9)),
            (b"IEND", b""),
        )
    )


def _chunks(png: bytes) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    at = 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        name = png[at + 4 : at + 8]
        found[name] = found.get(name, b"") + png[at + 8 : at + 8 + length]
        at += length + 12
    return found


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _pixels(raw: bytes, row: int, height: int, depth: int) -> bytes:
    """Undo the filters that each row of a PNG went through."""
    done = bytearray()
    above = bytes(row)
    for number in range(height):
        at = number * (row + 1)
        above = bytes(_unfiltered(raw[at], bytearray(raw[at + 1 : at + 1 + row]), above, depth))
        done += above
    return bytes(done)


def _unfiltered(method: int, line: bytearray, above: bytes, depth: int) -> bytearray:
    for at, value in enumerate(line if method else ()):
        left = line[at - depth] if at >= depth else 0
        corner = above[at - depth] if at >= depth else 0
        line[at] = (value + _expected(method, left, above[at], corner)) & 0xFF
    return line


def _expected(method: int, left: int, up: int, corner: int) -> int:
    """Return what a filter took away: sub, up, average or Paeth."""
    if method == 1:
        return left
    if method == 2:  # noqa: PLR2004 - the filters are numbered in the format
        return up
    if method == 3:  # noqa: PLR2004 - same
        return (left + up) // 2
    return min((left, up, corner), key=lambda each: abs(left + up - corner - each))


def _nearest(colour: bytes, palette: list[bytes]) -> int:
    def distance(number: int) -> int:
        return sum((one - other) ** 2 for one, other in zip(colour, palette[number], strict=True))

    return min(range(len(palette)), key=distance)


if __name__ == "__main__":
    sys.exit(main())
