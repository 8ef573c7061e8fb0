"""Finds the cogs: every module of `cogs` that has a `setup(bot, services)`."""

import pkgutil
from collections.abc import Awaitable, Callable, Sequence
from importlib import import_module

from discord.ext import commands

import cogs
from cogs.services import Services
from cogs.ui.loops import LoopCog

Setup = Callable[[commands.AutoShardedBot, Services], Awaitable[None]]


def find_setups() -> Sequence[Setup]:
    """Import every module of `cogs`, in the order of their names; return their `setup`s."""
    names = [f"{cogs.__name__}.{found.name}" for found in pkgutil.iter_modules(cogs.__path__)]
    return [module.setup for module in map(import_module, names) if hasattr(module, "setup")]


_SETUPS = find_setups()
"""Imported with this module, which `bot.py` imports while Redis starts."""


async def load_cogs(bot: commands.AutoShardedBot, services: Services) -> None:
    """Load every cog, then start their loops: a failure leaves nothing under way.

    Raises:
        StartError: the HTTP port is taken, or the host is not ours.
    """
    for setup in _SETUPS:
        await setup(bot, services)
    for cog in bot.cogs.values():
        if isinstance(cog, LoopCog):
            cog.start_loops()
