"""Options that are not what a command asks for: refused before the command begins."""

from typing import Any
from unittest.mock import create_autospec

import discord
import pytest
from discord import AppCommandOptionType, app_commands
from discord.app_commands import Namespace

from app.option_validation import validate_options
from cogs.ui.interaction import Interaction


@app_commands.command(description="of a test")
async def ask(
    interaction: Interaction,
    code: app_commands.Range[str, 1, 100],
    minutes: app_commands.Range[int, 1, 1440] | None = None,
    share: bool = False,  # noqa: FBT001, FBT002 - as discord.py hands options over
) -> None:
    """Do nothing."""


KINDS = {
    "code": AppCommandOptionType.string,
    "minutes": AppCommandOptionType.integer,
    "share": AppCommandOptionType.boolean,
}


def asked(**given: object) -> Interaction:
    """Return an interaction that asks the command with those options."""
    stand_in: Any = create_autospec(discord.Interaction, instance=True)
    options: list[Any] = [
        {"name": name, "type": KINDS.get(name, KINDS["code"]).value, "value": value}
        for name, value in given.items()
    ]
    stand_in.command, stand_in.namespace = ask, Namespace(stand_in, {}, options)
    interaction: Interaction = stand_in
    return interaction


@pytest.mark.parametrize(
    "given",
    [
        {"code": "CAS"},
        {"code": "", "minutes": 1, "share": True},
        {"code": "x" * 6000, "minutes": 1440, "share": False},
        {"code": "CAS", "of_another_form": 5},
        {},
    ],
)
def test_what_a_command_asks_for_fits(given):
    validate_options(asked(**given))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("code", value) for value in (5, 1.5, None, True, ["CAS"], {"a": 1})],
        *[("minutes", value) for value in (0, -1, 1441, 10**30, "5", 1.5, True, None)],
        *[("share", value) for value in (0, 1, "true", None)],
    ],
)
def test_other_types_and_numbers_out_of_range_are_of_another_form(name, value):
    with pytest.raises(app_commands.CommandSignatureMismatch):
        validate_options(asked(**{name: value}))


def test_command_that_is_not_known_is_left_to_the_tree():
    interaction = create_autospec(discord.Interaction, instance=True)
    interaction.command = None
    validate_options(interaction)
