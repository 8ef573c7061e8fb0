"""Forms that a bot opens, and how a client fills them in."""

import pytest

from fakes.discord import ClientRefusal

WHEN = {"type": 4, "custom_id": "t", "style": 1, "label": "When", "required": False}
FIELDS = [
    {
        "type": 18,
        "label": "Where",
        "component": {"type": 3, "custom_id": "s", "options": [{"label": "CAS", "value": "cas"}]},
    },
    {"type": 10, "content": "Please"},
    {"type": 1, "components": [WHEN]},
]


async def test_form_with_every_kind_of_field(puppet, seat):
    modal = {"custom_id": "m", "title": "t", "components": FIELDS}
    opened = await puppet.reply(seat.slash("ask"), modal, kind=9)
    assert opened.modal is not None
    with pytest.raises(LookupError):
        await opened.press("Go")
    with pytest.raises(ClientRefusal, match="nothing called Who"):
        await seat.submit_modal({"Who": "me"})
    with pytest.raises(ClientRefusal, match="no option 'CGS'"):
        await seat.submit_modal({"Where": "CGS"})
    reply = await puppet.reply(seat.submit_modal({"Where": "CAS", "t": "now"}), {"content": "ok"})
    data = reply.interaction.payload["data"]
    assert data["components"][0]["component"]["values"] == ["cas"]
    assert data["components"][1]["components"][0]["value"] == "now"
    assert reply.text == "ok"


async def test_required_text_is_required(puppet, seat):
    field = {"type": 18, "label": "When", "component": {"type": 4, "custom_id": "t", "style": 1}}
    modal = {"custom_id": "m", "title": "t", "components": [field]}
    await puppet.reply(seat.slash("ask"), modal, kind=9)
    with pytest.raises(ClientRefusal, match="required"):
        await seat.submit_modal({})
