"""One of every component, as a bot might send it."""

import struct
import zlib
from typing import Any

from fakes.discord import Channel, FakeDiscord, Message, MessageVersion
from fakes.discord.model.message_content import Attachment, MessageFlag
from fakes.discord.model.state import StoredFile

MARKDOWN = r"""# One
## Two
### Three
-# small *grey*
**bold** *italic* _also_ __under__ ~~gone~~ `a * b` ||secret|| \*not\* snake_case_word
- first
- [a link](https://example.org "t")
  - nested
1. one
2. two
> quoted
> lines
```py
print("<b>")
```
https://example.org/a_b. <@{ana}> <#{study}> <@&{role}> @everyone </free:1> <:door:1>
<script>alert(1)</script>"""


def png(width: int = 32, height: int = 20) -> bytes:
    """Return a small PNG."""
    row = b"\0" + bytes((47, 158, 100)) * width

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(row * height)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def uploaded(discord: FakeDiscord, channel: Channel, name: str, content: bytes) -> Attachment:
    """Put a file onto the local CDN."""
    world = discord.state
    number = world.ids.next()
    kind = "image/png" if name.endswith("png") else "text/plain"
    world.files[number] = StoredFile(name, kind, content)
    url = f"{world.cdn_url}/attachments/{channel.id}/{number}/{name}"
    return Attachment(number, name, kind, len(content), url)


def post(
    discord: FakeDiscord,
    channel: Channel,
    components: list[dict[str, Any]],
    *files: Attachment,
    content: str = "",
) -> Message:
    """Let the bot post components; each gets an id."""
    flags = 0 if content else int(MessageFlag.IS_COMPONENTS_V2)
    world = discord.state
    said = MessageVersion(world.now(), content, components, attachments=files, flags=flags)
    message = Message(world.ids.next(), channel, world.bot, [said])
    world.add_message(message)
    return message


def button(style: int, label: str, number: int = 0, **more: Any) -> dict[str, Any]:
    """Return a button."""
    return {"type": 2, "id": number or style, "style": style, "label": label, **more}


def all_components(image: Attachment, notes: Attachment) -> list[dict[str, Any]]:
    """Return a container with everything in it."""
    shown = {"url": image.url}
    options = [{"label": name, "value": name.lower()} for name in ("One", "Two", "Three")]
    buttons = [
        button(number, label, custom_id=label, disabled=False)
        for number, label in enumerate(("Primary", "Secondary", "Success", "Danger"), 1)
    ]
    return [
        {
            "type": 17,
            "accent_color": 0xE0A030,
            "components": [
                {
                    "type": 9,
                    "components": [{"type": 10, "content": "with a picture"}],
                    "accessory": {"type": 11, "media": shown, "description": "A door"},
                },
                {"type": 14, "divider": True, "spacing": 2},
                {"type": 12, "items": [{"media": shown, "description": "Green"}]},
                {"type": 13, "file": {"url": notes.url}},
                {"type": 1, "components": buttons},
                {
                    "type": 1,
                    "components": [
                        button(5, "Link", url="https://example.org"),
                        button(1, "Off", 6, custom_id="off", disabled=True),
                    ],
                },
                {
                    "type": 1,
                    "components": [
                        {
                            "type": 3,
                            "id": 7,
                            "custom_id": "many",
                            "placeholder": "Pick two",
                            "max_values": 2,
                            "options": options,
                        }
                    ],
                },
            ],
        }
    ]


def label(text: str, component: dict[str, Any]) -> dict[str, Any]:
    """Return a label of a form."""
    return {"type": 18, "label": text, "component": component}


FORM = {
    "custom_id": "form",
    "title": "Where do you study?",
    "components": [
        {"type": 10, "content": "Tell **us**."},
        label("Building", {"type": 4, "custom_id": "where", "style": 1, "max_length": 5}),
        label("Why", {"type": 4, "custom_id": "why", "style": 2, "required": False}),
        label(
            "When",
            {
                "type": 3,
                "custom_id": "when",
                "options": [
                    {"label": "Morning", "value": "am"},
                    {"label": "Evening", "value": "pm"},
                ],
            },
        ),
    ],
}
