"""Somebody who looks at the page in a real browser, and what they do there."""

import re
from dataclasses import dataclass, field
from typing import Any, Self

from playwright.async_api import Browser, Locator, Page, expect

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_TIMEOUT_MS = 8_000
expect.set_options(timeout=_TIMEOUT_MS)


@dataclass
class BrowserPage:
    """A page in a profile of its own; `complaints` are the browser's."""

    page: Page
    console_errors: list[str] = field(default_factory=list)

    @classmethod
    async def open(cls, browser: Browser, address: str, **looks: Any) -> Self:
        """Open the page; `looks` are the browser's settings, such as `color_scheme`."""
        looks.setdefault("viewport", {"width": 1200, "height": 900})
        context = await browser.new_context(
            locale="en-US", timezone_id="America/New_York", reduced_motion="reduce", **looks
        )
        context.set_default_timeout(_TIMEOUT_MS)
        visitor = cls(await context.new_page())
        visitor.page.on("console", lambda each: visitor._on_console(each.type, each.text))
        visitor.page.on("pageerror", lambda error: visitor.console_errors.append(str(error)))
        await visitor.go(address)
        return visitor

    async def go(self, address: str) -> None:
        """Go to an address of the page."""
        await self.page.goto(address)
        await expect(self.page.locator(".part")).to_have_count(3)

    def _on_console(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.console_errors.append(text)

    @property
    def box(self) -> Locator:
        """The message box."""
        return self.page.locator("#composer-input")

    @property
    def items(self) -> Locator:
        """What the list above the message box offers."""
        return self.page.locator(".picker-item")

    @property
    def names(self) -> Locator:
        """The names of what is offered."""
        return self.page.locator(".picker-item .picker-name")

    @property
    def messages(self) -> Locator:
        """The messages of the channel."""
        return self.page.locator(".message")

    @property
    def last(self) -> Locator:
        """The newest message."""
        return self.messages.last

    def message(self, number: int) -> Locator:
        """One message, by its id."""
        return self.page.locator(f'.message[data-id="{number}"]')

    async def type(self, text: str) -> None:
        """Type where the cursor is."""
        await self.page.keyboard.type(text)

    async def keys(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            await self.page.keyboard.press(key)

    async def begin(self, command: str) -> None:
        """Type the name of a command and pick it."""
        await self.box.click()
        await self.type(f"/{command}")
        await expect(self.names.first).to_have_text(f"/{command}")
        await self.keys("Enter")
        await expect(self.page.locator(".command-name")).to_have_text(f"/{command}")

    async def fill(self, option: str, typed: str, pick: str | None = None) -> None:
        """Type an option, and pick what is suggested where `pick` tells so."""
        there = self.page.locator(f'.option[data-option="{option}"] input')
        if not await there.count():
            await self.type(f"{option}:")
        await expect(there).to_be_focused()
        await self.type(typed)
        if pick:
            await expect(self.names.first).to_contain_text(pick)
            await self.keys("Enter")
        else:
            await self.keys("Escape") if await self.items.count() else None
            await self.keys("End", "ArrowRight")

    async def use(self, command: str, **picked: str) -> Locator:
        """Use a command with options that are picked from what is suggested; return the answer."""
        before = await self.messages.count()
        await self.begin(command)
        for option, typed in picked.items():
            await self.fill(option, typed, typed)
        await self.keys("Enter")
        await expect(self.messages).to_have_count(before + 1)
        await expect(self.last.locator(".thinking")).to_have_count(0, timeout=20_000)
        await self.is_sent()
        return self.last

    async def is_sent(self) -> None:
        """Wait until the message box is empty again: that takes the focus, and scrolls."""
        await expect(self.page.locator(".command")).to_have_count(0)

    async def press(self, button: str) -> None:
        """Press a button of the newest message, and wait until that has had its effect."""
        pressed = self.last.get_by_role("button", name=button, exact=True)
        await pressed.click()
        await expect(self.last.locator('[aria-busy="true"]')).to_have_count(0)

    async def view_as(self, name: str) -> None:
        """Look through somebody else's eyes."""
        await self.page.get_by_role("radio", name=name).click()
        await expect(self.page.get_by_role("radio", name=name, checked=True)).to_be_visible()

    def part(self, part: str) -> Locator:
        """A part in the line at the top."""
        return self.page.locator(f'[data-part="{part}"]')


async def rooms_in(message: Locator) -> set[str]:
    """Return the rooms that an answer to /free tells free."""
    text = await message.locator(".content").inner_text()
    return set(re.findall(r"^(\S+ \S+) · till ", text, re.MULTILINE))
