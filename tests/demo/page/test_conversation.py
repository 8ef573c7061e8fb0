"""A visitor and the real bot: what is asked on the page is answered on the page."""

import re

import pytest
from playwright.async_api import expect

from tests.demo.page.browser import rooms_in

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_free_of_a_completed_building_page_by_page_and_of_another(open_page):
    visitor = await open_page()
    answer = await visitor.use("free", building="ENG")
    await expect(answer).to_contain_text("11 rooms free now")
    await expect(answer.locator(".asked")).to_have_text("AAna used /free")
    await expect(answer).to_contain_text("Only you can see this")
    first = await rooms_in(answer)
    assert len(first) == 10
    assert all(room.startswith("ENG ") for room in first)
    await visitor.press("More rooms")
    await expect(answer).to_contain_text("rooms 11–11 of 11")
    second = await rooms_in(answer)
    assert len(second) == 1
    assert not first & second
    await answer.get_by_role("combobox").click()
    await answer.get_by_role("option", name="GRV").click()
    await expect(answer).to_contain_text("GRV S4")
    others = await rooms_in(answer)
    assert "GRV S4" in others
    assert all(room.startswith("GRV ") for room in others)


async def test_a_button_works_after_the_bot_was_restarted(open_page):
    visitor = await open_page()
    answer = await visitor.use("building", building="ENG")
    await expect(answer).to_contain_text("page 1 of 2")
    await visitor.page.get_by_role("button", name="Restart the bot").click()
    await expect(visitor.part("bot")).to_contain_text("starting")
    await expect(visitor.part("bot").locator(".part-health")).to_have_text("up", timeout=20_000)
    await visitor.press("More rooms")
    await expect(answer).to_contain_text("page 2 of 2")


async def test_a_moderator_sets_the_digest_and_previews_it(open_page):
    visitor = await open_page("mo")
    answer = await visitor.use("digest set", channel="#study-rooms", time="7:30 AM")
    await expect(answer).to_contain_text("Digest of Larkspur University in #study-rooms")
    await expect(answer).to_contain_text("every day at 07:30")
    answer = await visitor.use("digest preview")
    await expect(answer.get_by_role("heading", name="Tuesday 3 March")).to_be_visible()


async def test_a_member_is_not_offered_what_is_for_moderators(open_page):
    visitor = await open_page("ana")
    await visitor.box.click()
    await visitor.type("/")
    await expect(visitor.names).to_have_text(
        ["/building", "/free", "/help", "/room", "/status", "/trends"]
    )
    await visitor.type("digest")
    await expect(visitor.items).to_have_count(0)
    await expect(visitor.page.locator(".picker")).to_contain_text("No commands match your search")
    await visitor.keys("Enter")
    await expect(visitor.page.locator(".composer-error")).to_contain_text("No commands match")


async def test_while_the_source_is_away_the_data_ages_and_no_room_turns_free(open_page):
    visitor = await open_page("mo")
    answer = await visitor.use("free", building="ENG")
    before = await rooms_in(answer)
    assert len(before) == 10
    switch = visitor.part("source").get_by_role("switch")
    await switch.click()
    await expect(visitor.part("source").locator(".part-health")).to_have_text("down")
    await expect(switch).to_have_attribute("aria-checked", "false")
    answer = await visitor.use("refresh")
    await expect(answer).to_contain_text("booking site does not answer")
    answer = await visitor.use("status")
    await expect(answer).to_contain_text("Booking system: not answering since")
    answer = await visitor.use("free", building="ENG")
    assert await rooms_in(answer) <= before
    age = answer.locator("time", has_text="ago").last
    seen = await age.inner_text()
    await expect(age).not_to_have_text(seen)
    await visitor.press("Refresh")
    assert await rooms_in(answer) <= before
    await switch.click()
    await expect(visitor.part("source").locator(".part-health")).to_have_text("up")


async def test_while_the_store_is_away_the_bot_says_so(open_page):
    visitor = await open_page("mo")
    switch = visitor.part("store").get_by_role("switch")
    await switch.click()
    await expect(visitor.part("store").locator(".part-health")).to_have_text("down")
    answer = await visitor.use("digest show")
    await expect(answer).to_contain_text("I can't reach my store just now")
    await switch.click()
    await expect(visitor.part("store").locator(".part-health")).to_have_text("up")


async def test_a_switch_that_cannot_be_turned_says_why(open_page, playing):
    visitor = await open_page()
    playing.services.refuses = "this is not the demo's own"
    await visitor.part("store").get_by_role("switch").click()
    await expect(visitor.page.locator(".health-complaint")).to_have_text(playing.services.refuses)
    playing.services.refuses = ""


async def test_a_reload_shows_the_same_and_what_is_private_to_its_person_only(open_page):
    visitor = await open_page()
    answer = await visitor.use("status")
    told = await answer.locator(".content h4").all_inner_texts()
    number = await visitor.messages.count()
    await visitor.page.reload()
    await expect(visitor.messages).to_have_count(number)
    assert await visitor.last.locator(".content h4").all_inner_texts() == told
    await visitor.view_as("Mo")
    await expect(visitor.page.locator(".asked-name", has_text="Ana")).to_have_count(0)


async def test_what_is_shared_is_seen_by_all(open_page):
    ana, mo = await open_page("ana", channel="study-rooms"), await open_page("mo")
    await ana.use("free")
    await ana.last.get_by_role("button", name="Post here").click()
    await expect(ana.last).not_to_contain_text("Only you can see this")
    await mo.page.get_by_role("button", name=re.compile("study-rooms.*new")).click()
    await expect(mo.last).to_contain_text("rooms free at 10:05 AM")
    await expect(mo.last).to_contain_text("Asked by @Ana")
    await mo.press("Now")
    await expect(mo.last).to_contain_text("rooms free now")
    await expect(mo.last).to_contain_text("Only you can see this")


async def test_what_one_says_the_other_reads(open_page):
    ana, mo = await open_page("ana"), await open_page("mo")
    await ana.box.click()
    await ana.type("is **CRN 131** free? <b>")
    await ana.keys("Enter")
    await expect(mo.last.locator(".content")).to_have_text("is CRN 131 free? <b>")
    await expect(mo.last.locator("strong")).to_have_text("CRN 131")
    await expect(mo.page.locator("#announcer")).to_contain_text("Ana: is CRN 131 free?")


async def test_a_dismissed_message_stays_away(open_page):
    visitor = await open_page()
    before = await visitor.messages.count()
    await visitor.use("status")
    await visitor.last.get_by_role("button", name="Dismiss message").click()
    await expect(visitor.messages).to_have_count(before)
    await visitor.page.reload()
    await expect(visitor.page.locator(".try").first).to_be_visible()
    await expect(visitor.messages).to_have_count(before)


async def test_a_bot_that_is_gone_does_not_respond(open_page, playing):
    visitor = await open_page()
    bot, discord = playing.services.bot, playing.bots.discord
    await bot.kill()
    discord.response_timeout = 0.5
    try:
        await visitor.begin("status")
        await visitor.keys("Enter")
        await expect(visitor.last).to_contain_text("Sending command…")
        await expect(visitor.last).to_contain_text("The application did not respond")
        number = await visitor.messages.count()
        await visitor.last.get_by_role("button", name="Dismiss message").click()
        await expect(visitor.messages).to_have_count(number - 1)
    finally:
        discord.response_timeout = 3.0
        await playing.services.restart_bot()


async def test_a_page_that_lost_its_line_picks_up_what_it_missed(open_page, playing):
    visitor = await open_page()
    held = []

    def hold(route):
        held.append(route)
        route.connect_to_server()

    await visitor.page.route_web_socket(re.compile("/page/feed"), hold)
    await visitor.page.reload()
    await expect(visitor.page.locator(".part")).to_have_count(3)
    await held[0].close()
    playing.bots.mo.at(playing.bots.general).send_message("said in between")
    await expect(visitor.last).to_contain_text("said in between")
    assert len(held) == 2
    await visitor.page.context.close()
