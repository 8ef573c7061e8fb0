"""The commands of the bot as its cogs declare them, so that no test lists them."""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache

from discord import app_commands
from discord.ext import commands

import cogs
from cogs.ui.audience import AnyCommand, Audience, audience_of


@cache
def top_commands() -> dict[str, AnyCommand]:
    """Return every command and group by its name, those with several campuses included."""
    names = [module.name for module in pkgutil.iter_modules(cogs.__path__)]
    modules = [importlib.import_module(f"cogs.{name}") for name in names]
    found = {
        command.name: command
        for module in modules
        for cog in vars(module).values()
        if isinstance(cog, type) and issubclass(cog, commands.Cog)
        for command in cog.__cog_app_commands__
    }
    assert found
    return found


def leaf_commands() -> dict[str, app_commands.Command[commands.Cog, ..., None]]:
    """Return every command that can be typed by its name, as in "digest set"."""
    return {command.qualified_name: command for command in _leaves()}


def _leaves() -> Iterator[app_commands.Command[commands.Cog, ..., None]]:
    for command in top_commands().values():
        for leaf in (
            command.walk_commands() if isinstance(command, app_commands.Group) else [command]
        ):
            if isinstance(leaf, app_commands.Command):
                yield leaf


def commands_for(audience: Audience) -> set[str]:
    """Return the commands and groups for an audience, where one campus is served."""
    found = {name for name, command in top_commands().items() if audience_of(command) is audience}
    # It is there only where there is a choice.
    return found - {"campus"}
