"""How cogs are found and loaded."""

import pkgutil
import socket
from importlib import import_module
from typing import Any
from unittest.mock import create_autospec

import pytest
from discord.ext import tasks

import cogs
from app.client import Bot
from app.cog_loader import load_cogs
from cogs.background import BackgroundCog
from cogs.digest.loop import DigestLoop
from cogs.services import Services
from cogs.ui.images.service import ImageService
from core.errors import StartError
from core.metrics import Metrics
from core.model.gateway import GatewayStatus
from core.preferences import CampusPreferences
from core.registry import CampusRegistry
from core.settings import Settings
from core.trends.sampler import OccupancySampler
from tests.bot_commands import top_commands
from tests.fakes import at

TOKEN = "x" * 24


@pytest.fixture
async def bot(store):
    async with Bot(store, Metrics()) as bot:
        yield bot


def services(store, **env):
    return Services(
        campuses=CampusRegistry({}, CampusPreferences(store)),
        store=store,
        images=create_autospec(ImageService, instance=True),
        sampler=create_autospec(OccupancySampler, instance=True),
        settings=Settings.from_env({"DISCORD_TOKEN": TOKEN, **env}),
        started_at=at("10:00"),
        gateway=lambda: GatewayStatus((), None, was_complete=False),
        metrics=Metrics(),
        now=lambda: at("10:00"),
    )


def test_every_module_of_cogs_is_loaded_but_what_they_share():
    names = {module.name for module in pkgutil.iter_modules(cogs.__path__)}
    modules = {name: import_module(f"cogs.{name}") for name in names}
    assert {name for name in names if not hasattr(modules[name], "setup")} == {"services", "ui"}


async def test_every_command_is_there_after_loading(bot, store):
    await load_cogs(bot, services(store))
    # There is one campus at most, so nothing to choose.
    assert {command.name for command in bot.tree.get_commands()} == top_commands().keys() - {
        "campus"
    }


async def test_loops_start_once_all_cogs_are_loaded(bot, store):
    await load_cogs(bot, services(store))
    background, digest = bot.get_cog("BackgroundCog"), bot.get_cog("DigestLoop")
    assert isinstance(background, BackgroundCog)
    assert isinstance(digest, DigestLoop)
    loops: list[tasks.Loop[Any]] = [
        background.refresh_loop,
        background.sample_loop,
        digest.digest_loop,
    ]
    assert [loop.is_running() for loop in loops] == [True] * 3
    await bot.close()
    assert [loop.is_running() for loop in loops] == [False] * 3


async def test_taken_port_starts_no_loop(bot, store):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(StartError):
            await load_cogs(bot, services(store, PORT=str(taken.getsockname()[1])))
    background = bot.get_cog("BackgroundCog")
    assert isinstance(background, BackgroundCog)
    assert not background.refresh_loop.is_running()
