"""Messages that Discord refuses although its schema lets them pass. No schema is used here."""

import copy

import pytest

V2 = 1 << 15
BUTTON = {"type": 2, "style": 1, "label": "b", "custom_id": "b"}
TEXT = {"type": 10, "content": "t"}
OPTION = {"label": "o", "value": "o"}
SELECT = {"type": 3, "custom_id": "s", "options": [OPTION]}


def row(*parts):
    return {"type": 1, "components": list(parts)}


def v2(*parts):
    return {"flags": V2, "components": list(parts)}


def v1(*parts):
    return {"components": [row(*parts)]}


def box(*parts):
    return {"type": 17, "components": list(parts)}


def select(**changed):
    return v1({**SELECT, **changed})


def texts(count, size):
    return [{"type": 10, "content": "t" * size} for _ in range(count)]


def embeds(count=1, **parts):
    return {"embeds": [parts] * count}


def field(name="n", value="v"):
    return {"fields": [{"name": name, "value": value}]}


BAD_MESSAGES = {
    "2001 characters": {"content": "x" * 2001},
    "nothing at all": {},
    "empty content": {"content": ""},
    "flag that apps cannot set": {"content": "x", "flags": 1 << 1},
    "ephemeral in a channel": {"content": "x", "flags": 1 << 6},
    "nonce too long": {"content": "x", "nonce": "n" * 26},
    "parse and users": {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
    "101 users": {"content": "x", "allowed_mentions": {"users": ["1"] * 101}},
    "11 embeds": embeds(11, title="t"),
    "embed title": embeds(title="t" * 257),
    "embed description": embeds(description="d" * 4097),
    "embed fields": embeds(fields=[{"name": "n", "value": "v"}] * 26),
    "embed field name": embeds(**field(name="n" * 257)),
    "embed field value": embeds(**field(value="v" * 1025)),
    "embed field empty": embeds(**field(value="")),
    "embed footer": embeds(footer={"text": "f" * 2049}),
    "embed author": embeds(author={"name": "a" * 257}),
    "6001 in embeds": embeds(2, description="d" * 3001),
    "V2 parts without the flag": {"components": [TEXT]},
    "V2 with content": {**v2(TEXT), "content": "x"},
    "V2 with embeds": {**v2(TEXT), "embeds": [{"title": "t"}]},
    "V2 with nothing": v2(),
    "41 components": v2(*texts(41, 1)),
    "41 nested components": v2(box(*texts(20, 1)), box(*texts(19, 1))),
    "4001 characters of text": v2(*texts(3, 1334)),
    "empty text": v2({"type": 10, "content": ""}),
    "container in a container": v2(box(box(TEXT))),
    "empty container": v2(box()),
    "button outside a row": v2(BUTTON),
    "section without accessory": v2({"type": 9, "components": [TEXT]}),
    "section with four texts": v2(
        {"type": 9, "components": [TEXT] * 4, "accessory": BUTTON},
    ),
    "empty gallery": v2({"type": 12, "items": []}),
    "file that was not sent": v2({"type": 13, "file": {"url": "attachment://a.png"}}),
    "unknown component": v2({"type": 99}),
    "accent colour": v2({**box(TEXT), "accent_color": 1 << 24}),
    "six rows": {"components": [row({**BUTTON, "custom_id": str(n)}) for n in range(6)]},
    "six buttons in a row": v1(*({**BUTTON, "custom_id": str(n)} for n in range(6))),
    "empty row": v1(),
    "select beside a button": v1(SELECT, BUTTON),
    "label": v1({**BUTTON, "label": "l" * 81}),
    "no label": v1({**BUTTON, "label": None}),
    "custom_id too long": v1({**BUTTON, "custom_id": "c" * 101}),
    "custom_id missing": v1({"type": 2, "style": 1, "label": "b"}),
    "custom_id and url": v1({**BUTTON, "url": "https://example.org"}),
    "link without url": v1({"type": 2, "style": 5, "label": "b"}),
    "custom_id twice": v1(BUTTON, BUTTON),
    "custom_id twice, apart": v2(row(BUTTON), box(row(BUTTON))),
    "id twice": v2({**TEXT, "id": 4}, {**TEXT, "id": 4}),
    "26 options": select(options=[{"label": str(n), "value": str(n)} for n in range(26)]),
    "no options": select(options=[]),
    "option value twice": select(options=[OPTION, OPTION]),
    "option label": select(options=[{**OPTION, "label": "l" * 101}]),
    "option value": select(options=[{**OPTION, "value": "v" * 101}]),
    "option description": select(options=[{**OPTION, "description": "d" * 101}]),
    "placeholder": select(placeholder="p" * 151),
    "min above max": select(min_values=2, max_values=1),
    "two defaults": select(
        options=[{**OPTION, "default": True}, {"label": "p", "value": "p", "default": True}]
    ),
}


@pytest.mark.parametrize("body", BAD_MESSAGES.values(), ids=BAD_MESSAGES.keys())
async def test_bad_message_is_refused_and_noted(ask, body):
    status, answer = await ask("POST", "/channels/{channel}/messages", body)
    assert status == 400
    assert answer["code"] in (50035, 50006)
    assert answer["code"] == 50006 or answer["errors"]
    assert ask.channel.messages == []
    assert len(ask.discord.violations) == 1


GOOD_MESSAGES = {
    "2000 characters": {"content": "x" * 2000},
    "40 components": v2(box(*texts(39, 1))),
    "4000 characters of text": v2(*texts(4, 1000)),
    "25 options": select(options=[{"label": str(n), "value": str(n)} for n in range(25)]),
    "everything": v2(
        box(
            {"type": 9, "components": [TEXT], "accessory": BUTTON},
            {"type": 14},
            row(SELECT),
            {"type": 12, "items": [{"media": {"url": "https://example.org/a.png"}}]},
        )
    ),
    "6000 in embeds": embeds(2, description="d" * 3000),
}


@pytest.mark.parametrize("body", GOOD_MESSAGES.values(), ids=GOOD_MESSAGES.keys())
async def test_message_at_the_limit_is_taken(ask, body):
    before = copy.deepcopy(body)
    status, answer = await ask("POST", "/channels/{channel}/messages", body)
    assert (status, ask.discord.violations) == (200, [])
    ids = [part["id"] for part in answer["components"]]
    assert all(ids)
    assert ask.discord.requests[-1].body == before


async def test_error_tree_names_the_place(ask):
    body = v2(box(TEXT, row({**BUTTON, "label": "l" * 81})))
    _, answer = await ask("POST", "/channels/{channel}/messages", body)
    place = answer["errors"]["components"]["0"]["components"]["1"]["components"]["0"]["label"]
    assert place["_errors"][0] == {
        "code": "BASE_TYPE_MAX_LENGTH",
        "message": "Must be 80 or fewer in length.",
    }
    faults = ask.discord.violations[0].errors
    assert faults == (
        "components.0.components.1.components.0.label: Must be 80 or fewer in length.",
    )


async def test_more_text_than_discord_digests_is_a_500(ask):
    body = v2(*({"type": 10, "content": "教" * 999} for _ in range(4)))
    status, _ = await ask("POST", "/channels/{channel}/messages", body)
    assert status == 500
    assert len(ask.discord.violations) == 1


async def test_wrong_shape_is_a_400_and_no_crash(ask, caplog):
    status, answer = await ask("POST", "/channels/{channel}/messages", {"components": "x"})
    assert (status, answer["code"]) == (400, 50035)
    assert "cannot make sense" in caplog.text
    assert len(ask.discord.violations) == 1


@pytest.mark.parametrize(
    ("before", "change", "code"),
    [
        ({"content": "x"}, {"content": ""}, 50006),
        ({"content": "x"}, v2(TEXT), 50035),
        (v2(TEXT), {"content": "x"}, 50035),
        (v2(TEXT), {"components": []}, 50006),
        ({"content": "x"}, {"content": None, **v2(TEXT)}, None),
        (v2(TEXT), {"components": [TEXT, TEXT]}, None),
        ({"content": "x"}, {"components": [row(BUTTON)]}, None),
    ],
)
async def test_edit_is_judged_by_what_results(ask, before, change, code):
    _, posted = await ask("POST", "/channels/{channel}/messages", before)
    path = f"/channels/{{channel}}/messages/{posted['id']}"
    _, answer = await ask("PATCH", path, change)
    assert answer.get("code") == code
    if code is None:
        assert answer["flags"] == before.get("flags", 0) | change.get("flags", 0)
