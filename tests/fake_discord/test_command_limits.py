"""Commands and first responses that Discord refuses. No schema is used here."""

import pytest

V2 = 1 << 15
BUTTON = {"type": 2, "style": 1, "label": "b", "custom_id": "b"}
COMMAND = {"name": "free", "description": "d"}
TEXT_OPTION = {"type": 3, "name": "o", "description": "d"}


def command(*options, **changed):
    return [{**COMMAND, **changed, "options": list(options)}]


def nested(depth):
    inner = {"type": 1, "name": "n", "description": "d"}
    for _ in range(depth):
        inner = {"type": 2, "name": "n", "description": "d", "options": [inner]}
    return inner


BAD_COMMANDS = {
    "capital letter": command(name="Free"),
    "space": command(name="free rooms"),
    "33 characters": command(name="f" * 33),
    "no description": command(description=""),
    "long description": command(description="d" * 101),
    "name twice": [COMMAND, COMMAND],
    "101 commands": [{**COMMAND, "name": f"c{n}"} for n in range(101)],
    "26 options": command(*({**TEXT_OPTION, "name": f"o{n}"} for n in range(26))),
    "option twice": command(TEXT_OPTION, TEXT_OPTION),
    "required last": command(TEXT_OPTION, {**TEXT_OPTION, "name": "p", "required": True}),
    "26 choices": command({**TEXT_OPTION, "choices": [{"name": "c", "value": "v"}] * 26}),
    "choice name": command({**TEXT_OPTION, "choices": [{"name": "c" * 101, "value": "v"}]}),
    "choice value": command({**TEXT_OPTION, "choices": [{"name": "c", "value": "v" * 101}]}),
    "choices and completion": command(
        {**TEXT_OPTION, "autocomplete": True, "choices": [{"name": "c", "value": "v"}]}
    ),
    "sub-command beside an option": command({**nested(0), "name": "s"}, TEXT_OPTION),
    "group in a group": command(nested(2)),
    "8001 characters": command(
        *(
            {
                **TEXT_OPTION,
                "name": f"o{n}",
                "choices": [{"name": f"{c:099}", "value": f"{c:099}"} for c in range(25)],
            }
            for n in range(2)
        )
    ),
}


@pytest.mark.parametrize("body", BAD_COMMANDS.values(), ids=BAD_COMMANDS.keys())
async def test_bad_command_is_refused(ask, body):
    status, answer = await ask("PUT", "/applications/{app}/commands", body)
    assert (status, answer["code"]) == (400, 50035)
    assert ask.discord.commands.registered() == []


async def test_commands_within_limits_are_taken(ask):
    body = [*command(nested(1)), {"type": 2, "name": "About You"}]
    body[0]["name"] = "räume-ค้นหา"
    assert (await ask("PUT", "/applications/{app}/commands", body))[0] == 200


@pytest.fixture
async def respond(ask):
    """Return a way to answer a fresh interaction of a command."""
    local = ask.discord
    local.commands.replace_all([{**COMMAND, "options": [{**TEXT_OPTION, "autocomplete": True}]}])
    ana = local.add_user("ana")
    ask.channel.guild.add_member(ana)

    async def send(body, question=("command_data", "free", {})):
        seat = ana.at(ask.channel)
        interaction = seat.send_interaction(
            getattr(seat.command_line(), question[0])(*question[1:])
        )
        return await ask(
            "POST", f"/interactions/{interaction.id}/{interaction.token}/callback", body
        )

    return send


TYPING = ("autocomplete_data", "free", "o", {"o": "x"})
CHOICES = [{"name": "c", "value": "v"}]
FIELD = {"type": 4, "custom_id": "f", "style": 1}
LABEL = {"type": 18, "label": "l", "component": FIELD}


def modal(*parts, **changed):
    data = {"custom_id": "m", "title": "t", "components": list(parts), **changed}
    return {"type": 9, "data": data}


BAD_RESPONSES = {
    "2001 characters": {"type": 4, "data": {"content": "x" * 2001}},
    "nothing": {"type": 4, "data": {}},
    "deferral with V2": {"type": 5, "data": {"flags": V2}},
    "update without a message": {"type": 7, "data": {"content": "x"}},
    "choices for a command": {"type": 8, "data": {"choices": CHOICES}},
    "unknown type": {"type": 10},
    "no type": {},
    "modal title": modal(LABEL, title="t" * 46),
    "modal without parts": modal(),
    "six parts": modal(*[{**LABEL, "component": {**FIELD, "custom_id": str(n)}} for n in range(6)]),
    "button in a modal": modal({"type": 1, "components": [BUTTON]}, BUTTON),
    "label too long": modal({**LABEL, "label": "l" * 46}),
    "button in a label": modal({**LABEL, "component": BUTTON}),
    "field twice": modal(LABEL, LABEL),
}


@pytest.mark.parametrize("body", BAD_RESPONSES.values(), ids=BAD_RESPONSES.keys())
async def test_bad_response_is_refused(respond, body):
    status, answer = await respond(body)
    assert status == 400
    assert answer["code"] in (50035, 50006)


@pytest.mark.parametrize(
    "body",
    [
        {"type": 8, "data": {"choices": CHOICES * 26}},
        {"type": 8, "data": {"choices": [{"name": "c" * 101, "value": "v"}]}},
        {"type": 8, "data": {"choices": [{"name": "c", "value": "v" * 101}]}},
        {"type": 4, "data": {"content": "x"}},
        {"type": 5},
    ],
)
async def test_bad_completions_are_refused(respond, body):
    assert (await respond(body, TYPING))[1]["code"] == 50035


async def test_faults_in_a_response_are_at_data(respond):
    _, answer = await respond({"type": 4, "data": {"content": "x" * 2001}})
    assert "content" in answer["errors"]["data"]
