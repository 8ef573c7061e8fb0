"""How everything that a bot can send is shown, and what can be done with it."""

import asyncio

import pytest
from playwright.async_api import expect

from fakes.discord.model.entities import Interaction
from fakes.discord.model.enums import CallbackType, InteractionType
from fakes.discord.rest.interactions import CALLBACK_HANDLERS
from fakes.discord.rest.message_builder import MessageBody, edit_message
from tests.demo.page import all_components

pytestmark = pytest.mark.asyncio(loop_scope="module")

STAMPS = {
    "t": "10:05 AM",
    "T": "10:05:00 AM",
    "d": "3/3/26",
    "D": "March 3, 2026",
    "f": "March 3, 2026 at 10:05 AM",
    "F": "Tuesday, March 3, 2026 at 10:05 AM",
}
NOON = 1772550300


@pytest.fixture
async def asked(playing):
    """Take the bot off its line, and answer by hand; gives a function that awaits a question."""
    queue: asyncio.Queue[Interaction] = asyncio.Queue()
    discord = playing.bots.discord

    def ask(interaction):
        discord.state.add_interaction(interaction)
        queue.put_nowait(interaction)

    kept, discord.send_interaction = discord.send_interaction, ask
    yield queue.get
    discord.send_interaction = kept


def respond(world, interaction, answer, data):
    CALLBACK_HANDLERS[answer](world, interaction, MessageBody(data, {}), answer)
    interaction.callback = answer
    interaction.signal.notify()


async def test_markdown(open_page, playing):
    stage = playing.bots
    role = next(role.id for role in stage.server.roles.values() if role.name == "Moderators")
    text = all_components.MARKDOWN.format(ana=stage.ana.id, study=stage.study.id, role=role)
    visitor = await open_page("ana")
    parts = [{"type": 10, "id": 1, "content": text}]
    message = all_components.post(stage.discord, stage.general, parts)
    said = visitor.message(message.id).locator(".text")
    await expect(said.locator("h4")).to_have_text("One")
    await expect(said.locator("h5")).to_have_text("Two")
    await expect(said.locator("h6")).to_have_text("Three")
    await expect(said.locator(".small em")).to_have_text("grey")
    await expect(said.locator(".lines > strong")).to_have_text("bold")
    await expect(said.locator(".lines > em")).to_have_text(["italic", "also"])
    await expect(said.locator("u")).to_have_text("under")
    await expect(said.locator("s")).to_have_text("gone")
    await expect(said.locator(".lines > code")).to_have_text("a * b")
    await expect(said).to_contain_text("*not* snake_case_word")
    await expect(said.locator("ul ul li")).to_have_text("nested")
    await expect(said.locator("ol li")).to_have_text(["one", "two"])
    await expect(said.locator("blockquote")).to_have_text("quoted\nlines", use_inner_text=True)
    await expect(said.locator("pre")).to_have_text('print("<b>")')
    links = said.locator("a")
    await expect(links).to_have_text(["a link", "https://example.org/a_b"])
    await expect(links.first).to_have_attribute("rel", "noopener noreferrer")
    mentions = ["@Ana", "#study-rooms", "@Moderators", "@everyone", "/free"]
    await expect(said.locator(".mention")).to_have_text(mentions)
    await expect(said).to_contain_text("<script>alert(1)</script>")
    await said.get_by_role("button", name="Spoiler").click()
    await expect(said.locator(".spoiler-open")).to_have_text("secret")


async def test_time_stamps_are_in_the_viewers_words(open_page, playing):
    visitor = await open_page("ana")
    text = " ".join(f"<t:{NOON}:{style}>" for style in STAMPS)
    content = f"{text} <t:{NOON}>"
    stage = playing.bots
    message = all_components.post(stage.discord, stage.general, [], content=content)
    stamps = visitor.message(message.id).locator(".stamp")
    await expect(stamps).to_have_count(7)
    shown = [each.replace("\u202f", " ") for each in await stamps.all_inner_texts()]
    assert shown == [*STAMPS.values(), STAMPS["f"]]
    full = await stamps.first.get_attribute("title")
    assert full
    assert full.replace("\u202f", " ") == STAMPS["F"]


async def test_every_component(open_page, playing):
    discord, channel = playing.bots.discord, playing.bots.general
    image = all_components.uploaded(discord, channel, "a.png", all_components.png())
    notes = all_components.uploaded(discord, channel, "notes.txt", b"hello")
    visitor = await open_page("ana")
    message = all_components.post(
        discord, channel, all_components.all_components(image, notes), image, notes
    )
    shown = visitor.message(message.id).locator(".container")
    await expect(shown).to_have_css("--accent", "#e0a030")
    await expect(shown.get_by_role("img", name="A door")).to_be_visible()
    picture = shown.get_by_role("img", name="Green")
    await expect(picture).to_have_js_property("naturalWidth", 32)
    await expect(shown.get_by_role("link", name="notes.txt")).to_be_visible()
    await expect(shown).to_contain_text("5 bytes")
    await expect(shown.get_by_role("separator")).to_be_visible()
    await expect(shown.get_by_role("button", name="Off")).to_be_disabled()
    link = shown.get_by_role("link", name="Link")
    await expect(link).to_have_attribute("href", "https://example.org")


async def test_several_are_chosen_from_a_select(open_page, playing, asked):
    discord, channel = playing.bots.discord, playing.bots.general
    image = all_components.uploaded(discord, channel, "a.png", all_components.png())
    visitor = await open_page("ana")
    message = all_components.post(
        discord, channel, all_components.all_components(image, image), image
    )
    select = visitor.message(message.id).get_by_role("combobox")
    await select.click()
    for name in ("One", "Three", "Two"):
        await visitor.page.get_by_role("option", name=name).click()
    await visitor.keys("Escape")
    interaction = await asked()
    assert interaction.payload["data"]["values"] == ["one", "three"]
    respond(discord.state, interaction, CallbackType.DEFERRED_UPDATE, {})
    edit_message(
        discord.state,
        interaction.source_message,
        MessageBody({"components": [{"type": 10, "content": "thanks"}]}, {}),
    )
    await expect(visitor.last).to_contain_text("thanks(edited)")
    await expect(visitor.box).to_be_focused()


async def test_a_press_that_gets_no_answer_is_said_below(open_page, playing, asked):
    discord, channel = playing.bots.discord, playing.bots.general
    row = {"type": 1, "id": 2, "components": [all_components.button(1, "Go", custom_id="go")]}
    visitor = await open_page("ana")
    message = all_components.post(discord, channel, [row])
    await expect(visitor.message(message.id)).to_be_visible()
    discord.response_timeout = 0.2
    await visitor.press("Go")
    discord.response_timeout = 3.0
    await expect(visitor.last.locator(".failed")).to_contain_text("This interaction failed")


async def test_a_form_is_checked_filled_in_and_sent(open_page, playing, asked):
    world = playing.bots.discord.state
    visitor = await open_page("ana")
    await visitor.begin("status")
    await visitor.keys("Enter")
    respond(world, await asked(), CallbackType.MODAL, all_components.FORM)
    form = visitor.page.get_by_role("dialog", name="Where do you study?")
    await expect(form.get_by_label("Building")).to_be_focused()
    await visitor.type("TOO LONG")
    await visitor.keys("Enter")
    await expect(form).to_contain_text("Must be between 0 and 5 in length.")
    await expect(form).to_contain_text("This field is required.")
    await form.get_by_label("Building").fill("ENG")
    await form.get_by_role("combobox", name="When").click()
    await form.get_by_role("option", name="Evening").click()
    await form.get_by_role("button", name="Submit").click()
    interaction = await asked()
    assert interaction.kind is InteractionType.MODAL
    sent = [each["component"] for each in interaction.payload["data"]["components"]]
    assert [each.get("value", each.get("values")) for each in sent] == ["ENG", "", ["pm"]]
    respond(world, interaction, CallbackType.MESSAGE, {"content": "noted"})
    await expect(form).to_have_count(0)
    await expect(visitor.last).to_contain_text("noted")


async def test_a_deferred_answer_is_thinking_until_it_is_there(open_page, playing, asked):
    world = playing.bots.discord.state
    visitor = await open_page("ana")
    await visitor.begin("status")
    await visitor.keys("Enter")
    interaction = await asked()
    respond(world, interaction, CallbackType.DEFERRED_MESSAGE, {"flags": 64})
    await expect(visitor.last).to_contain_text("EmptyClassroom is thinking…")
    edit_message(world, interaction.original_response, MessageBody({"content": "here it is"}, {}))
    await expect(visitor.last.locator(".content")).to_have_text("here it is")
