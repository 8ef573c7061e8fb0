"""A bare discord.py bot: it logs in and answers what it was told to, always the same.

The only argument names a JSON file with `texts`, the constant text that answers each command,
`pictures`, how many bytes of a file go with it, and `choices`, the constant completion. Without it
there are no commands.
"""

import json
import os
import random
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import discord
import yarl
from discord import app_commands, ui
from discord.ext import commands

MAX_TEXT = 4000
"""Characters that one message can hold."""

_IMAGE_NAME = "picture.png"


class BaselineBot(commands.AutoShardedBot):
    """As bare as a bot can be: the same intents as the real one, and no caches."""

    def __init__(self) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=discord.Intents(guilds=True),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
        )

    def add_commands(
        self, texts: dict[str, str], image_sizes: dict[str, int], choices: list[tuple[str, str]]
    ) -> None:
        """Add the commands, and the completion of `/free`."""
        offered = [app_commands.Choice(name=name, value=value) for name, value in choices]
        drawn = {name: random.Random(0).randbytes(size) for name, size in image_sizes.items()}  # noqa: S311 - as incompressible as a picture

        async def say(interaction: discord.Interaction[Any], name: str) -> None:
            files = [discord.File(BytesIO(drawn[name]), _IMAGE_NAME)] if drawn[name] else []
            view = _layout(texts[name], has_image=bool(files))
            await interaction.response.send_message(view=view, files=files, ephemeral=True)

        @self.tree.command(description="-")
        async def free(
            interaction: discord.Interaction[Any],
            building: str | None = None,  # noqa: ARG001 - asked for, as in the real one
        ) -> None:
            await say(interaction, "free")

        @free.autocomplete("building")
        async def _complete(_: discord.Interaction[Any], __: str) -> list[app_commands.Choice[str]]:
            return offered

        @self.tree.command(description="-")
        async def building(
            interaction: discord.Interaction[Any],
            code: str,  # noqa: ARG001 - same
        ) -> None:
            await say(interaction, "building")

        @self.tree.command(description="-")
        async def room(
            interaction: discord.Interaction[Any],
            name: str,  # noqa: ARG001 - same
        ) -> None:
            await say(interaction, "room")

        @self.tree.command(description="-")
        async def trends(interaction: discord.Interaction[Any]) -> None:
            await say(interaction, "trends")


def _layout(text: str, *, has_image: bool) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay(text)))
    if has_image:
        view.add_item(ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{_IMAGE_NAME}")))
    return view


def main(arguments: list[str]) -> None:
    """Log in to the Discord that the environment names, and stay."""
    discord.http.Route.BASE = os.environ["DISCORD_API_URL"]
    gateway = yarl.URL(os.environ["DISCORD_GATEWAY_URL"])
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway
    bot = BaselineBot()
    if arguments:
        told = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
        bot.add_commands(told["texts"], told["pictures"], told["choices"])
    bot.run(os.environ["DISCORD_TOKEN"], log_handler=None)


if __name__ == "__main__":
    main(sys.argv[1:])
