"""Files: how they come in, what is kept, where they are served."""

import io

import aiohttp
import discord

from fakes.discord import Permission

LARGE = 10 * 1024 * 1024 + 1


def messages(channel):
    return f"/channels/{channel.id}/messages"


def form(content, *, name="plan.png", payload="{}"):
    data = aiohttp.FormData(quote_fields=False)
    data.add_field("payload_json", payload, content_type="application/json")
    data.add_field("files[0]", content, filename=name, content_type="image/png")
    return data


async def test_files_are_stored_and_served(stage, raw):
    content = bytes(range(256)) + b"\r\n--\r\n\r\n"
    payload = (
        '{"flags":32768,"attachments":[{"id":0,"description":"a plan"}],'
        '"components":[{"type":12,"items":[{"media":{"url":"attachment://plan.png"}}]}]}'
    )
    status, posted = await raw("POST", messages(stage.study), data=form(content, payload=payload))
    assert status == 200
    (file,) = posted["attachments"]
    assert (file["filename"], file["size"], file["description"]) == (
        "plan.png",
        len(content),
        "a plan",
    )
    assert posted["components"][0]["items"][0]["media"]["url"] == file["url"]
    async with aiohttp.ClientSession() as session, session.get(file["url"]) as response:
        assert (response.content_type, await response.read()) == ("image/png", content)
    assert stage.discord.requests[-1].files == ("plan.png",)
    edit = f"{messages(stage.study)}/{posted['id']}"
    _, kept = await raw("PATCH", edit, {"components": [{"type": 10, "content": "text"}]})
    assert len(kept["attachments"]) == 1
    _, emptied = await raw("PATCH", edit, {"attachments": []})
    assert emptied["attachments"] == []


async def test_files_of_a_real_bot_arrive(stage, bot):
    file = discord.File(io.BytesIO(b"\x00plan\r\n"), filename="plan.png", description="a plan")
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.MediaGallery(discord.MediaGalleryItem(file)))
    sent = await bot.get_partial_messageable(stage.study.id).send(view=view, file=file)
    (kept,) = stage.study.messages[0].attachments
    assert await sent.attachments[0].read() == b"\x00plan\r\n"
    assert (kept.filename, kept.description) == ("plan.png", "a plan")
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.TextDisplay("gone"))
    await sent.edit(attachments=[], view=view)
    assert stage.study.messages[0].attachments == ()


async def test_files_have_a_size_and_a_price(stage, raw):
    large = await raw("POST", messages(stage.study), data=form(io.BytesIO(bytes(LARGE))))
    assert (large[0], large[1]["code"]) == (413, 40005)
    stage.study.overwrite(stage.discord.state.bot, deny=Permission.ATTACH_FILES)
    assert (await raw("POST", messages(stage.study), data=form(b"x")))[1]["code"] == 50013
