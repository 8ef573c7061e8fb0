"""The same page for those who have no mouse, a small screen, or listen to it."""

import pytest
from axe_playwright_python.async_playwright import (  # type: ignore[import-untyped]  # has no types
    Axe,
)
from playwright.async_api import expect

from tests.demo.page import all_components

pytestmark = pytest.mark.asyncio(loop_scope="module")

PHONE = {"width": 390, "height": 780}


async def serious_findings(visitor):
    results = await Axe().run(visitor.page)
    return [
        (each["id"], [node["html"] for node in each["nodes"]])
        for each in results.response["violations"]
        if each["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("scheme", ["dark", "light"])
async def test_axe_finds_nothing_serious(open_page, playing, scheme):
    stage = playing.bots
    image = all_components.uploaded(stage.discord, stage.study, "a.png", all_components.png())
    gallery = all_components.all_components(image, image)
    text = all_components.MARKDOWN.format(
        ana=stage.ana.id, study=stage.study.id, role=stage.server.id
    )
    all_components.post(
        stage.discord, stage.study, [{"type": 10, "id": 9, "content": text}, *gallery], image
    )
    visitor = await open_page("ana", channel="study-rooms", color_scheme=scheme)
    await visitor.use("free")
    assert await serious_findings(visitor) == []
    await visitor.last.get_by_role("combobox").click()
    await expect(visitor.last.get_by_role("option").first).to_be_visible()
    assert await serious_findings(visitor) == []
    await visitor.keys("Escape")
    await visitor.box.click()
    await visitor.type("/")
    await expect(visitor.items.first).to_be_visible()
    assert await serious_findings(visitor) == []
    await visitor.keys("Escape", "Escape")
    await visitor.begin("free")
    await visitor.fill("capacity", "0")
    await visitor.keys("Enter")
    await expect(visitor.page.locator(".composer-error")).to_be_visible()
    assert await serious_findings(visitor) == []
    opened = "async (form) => (await import('/page/form.js')).openForm(form, () => null)"
    await visitor.page.evaluate(opened, all_components.FORM)
    await visitor.keys("Enter")
    await expect(visitor.page.locator(".form-error").first).to_be_visible()
    assert await serious_findings(visitor) == []


async def test_all_of_it_by_keyboard(open_page):
    visitor = await open_page("ana")
    await visitor.keys("Tab", "Enter")  # the link that skips to the message box
    await expect(visitor.box).to_be_focused()
    await visitor.type("/fr")
    await expect(visitor.box).to_have_attribute("aria-expanded", "true")
    await expect(visitor.box).to_have_attribute("aria-activedescendant", "picker-0")
    await visitor.keys("Enter", "ArrowDown", "Enter")
    field = visitor.page.locator('.option[data-option="building"] input')
    await expect(field).to_be_focused()
    await visitor.type("grv")
    await expect(visitor.names).to_contain_text(["GRV"])
    await visitor.keys("Tab")
    await expect(visitor.box).to_be_focused()
    await visitor.type("minu")
    await visitor.keys("Enter")
    await visitor.type("99")
    await expect(visitor.names.first).to_have_text("1 h 39 min")
    await visitor.keys("Tab")
    await expect(visitor.box).to_be_focused()
    await visitor.type("capa")
    await visitor.keys("Enter")
    await visitor.type("1000000")
    await visitor.keys("Enter")
    wrong = visitor.page.locator('.option[data-option="capacity"] input')
    await expect(visitor.page.get_by_role("alert").filter(has_text="100000")).to_be_visible()
    await expect(wrong).to_be_focused()
    await expect(wrong).to_have_attribute("aria-invalid", "true")
    await visitor.keys(*["Backspace"] * 6, "Enter")
    await expect(visitor.last).to_contain_text("free for 1 h 39 min or more · 1 seat or more")
    await expect(visitor.box).to_be_focused()
    await visitor.keys("Shift+Tab", "Shift+Tab")  # the button of the box, Dismiss
    await visitor.keys("Shift+Tab", "Shift+Tab")  # Refresh, Post here
    await visitor.keys(*["Shift+Tab"] * 4)  # 3 h, 2 h, 1 h, the select
    select = visitor.last.get_by_role("combobox")
    await expect(select).to_be_focused()
    await visitor.keys("Enter", "Home", "Enter")
    await expect(visitor.last.get_by_role("button", name="More rooms")).to_be_visible()
    await expect(select).to_be_focused()
    await visitor.keys(*["Tab"] * 4, "Enter")  # 1 h, 2 h, 3 h, More rooms
    await expect(visitor.last).to_contain_text("rooms 6–")
    await expect(visitor.last.get_by_role("button", name="More rooms")).to_be_focused()
    await visitor.keys("Enter")
    await expect(visitor.last).to_contain_text("rooms 16–")
    await expect(visitor.last.get_by_role("button", name="← Back")).to_be_focused()
    await expect(visitor.page.locator("#announcer")).to_contain_text("rooms free now")


async def test_a_command_is_taken_apart_again_by_keyboard(open_page):
    visitor = await open_page("ana")
    await visitor.begin("building")
    await visitor.keys("Enter")
    error = visitor.page.locator(".composer-error")
    await expect(error).to_have_text("This option is required. Specify a value: building")
    await visitor.type("ENG")
    await visitor.keys("Escape", "ArrowRight")
    await visitor.type("date:")
    date = visitor.page.locator('.option[data-option="date"] input')
    await expect(date).to_be_focused()
    await visitor.keys("ArrowLeft", "ArrowRight", "Backspace")
    await expect(date).to_have_count(0)
    await visitor.keys("Escape", "Escape")
    await expect(visitor.page.locator(".command")).to_have_count(0)
    await visitor.begin("free")
    await visitor.keys("Backspace")
    await expect(visitor.box).to_have_value("/free")
    await visitor.keys("Escape", "Escape")
    await expect(visitor.box).to_have_value("")


async def test_people_are_switched_by_arrows(open_page):
    visitor = await open_page("ana")
    await visitor.page.get_by_role("radio", name="Ana").focus()
    await visitor.keys("ArrowDown")
    mo = visitor.page.get_by_role("radio", name="Mo", checked=True)
    await expect(mo).to_be_focused()
    await visitor.box.click()
    await visitor.type("/")
    await expect(visitor.names).to_contain_text(["/digest set"])


async def test_the_newest_message_stays_in_sight_when_a_phones_keyboard_opens(open_page):
    visitor = await open_page("mo", viewport=PHONE)
    await visitor.use("status")
    await visitor.page.set_viewport_size({"width": PHONE["width"], "height": 400})
    await expect(visitor.last.get_by_role("button", name="Dismiss message")).to_be_in_viewport()
    await visitor.page.locator("#scroller").evaluate("(each) => each.scrollTo(0, 0)")
    await visitor.page.set_viewport_size(PHONE)
    await expect(visitor.page.locator(".welcome-title")).to_be_in_viewport()


async def test_it_fits_a_phone(open_page):
    visitor = await open_page("mo", viewport=PHONE, has_touch=True, is_mobile=True)
    await visitor.page.get_by_role("button", name="study-rooms").tap()
    await visitor.page.get_by_role("button", name="Commands").tap()
    await visitor.items.filter(has_text="/building").first.tap()
    await visitor.type("eng")
    await visitor.items.filter(has_text="ENG").first.tap()
    await visitor.page.get_by_role("button", name="Send").tap()
    await expect(visitor.last).to_contain_text("Engineering Quad")
    await visitor.is_sent()
    await visitor.last.get_by_role("combobox").tap()
    await visitor.page.get_by_role("option", name="ALD").tap()
    await expect(visitor.last).to_contain_text("Alder Hall")
    width = "document.scrollingElement.scrollWidth"
    assert await visitor.page.evaluate(width) == PHONE["width"]
    outside = """() => [...document.querySelectorAll("button, input, [role=switch]")]
        .filter((each) => each.getBoundingClientRect().right > innerWidth + 1).length"""
    assert await visitor.page.evaluate(outside) == 0
    assert await serious_findings(visitor) == []
