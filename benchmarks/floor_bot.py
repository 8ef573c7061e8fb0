"""A bare discord.py bot: it logs in and answers what it was told to, always the same.

The only argument names a JSON file with `texts`, the constant text that answers each command,
and `choices`, the constant completion. Without it there are no commands.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import discord
import yarl
from discord import app_commands, ui
from discord.ext import commands

MOST_TEXT = 4000
"""Characters that one message can hold."""


class FloorBot(commands.AutoShardedBot):
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

    def answer(self, texts: dict[str, str], choices: list[tuple[str, str]]) -> None:
        """Add the two commands, and the completion of `/free`."""
        offered = [app_commands.Choice(name=name, value=value) for name, value in choices]

        @self.tree.command(description="-")
        async def free(
            interaction: discord.Interaction[Any],
            building: str | None = None,  # noqa: ARG001 - asked for, as in the real one
        ) -> None:
            await interaction.response.send_message(view=_shown(texts["free"]), ephemeral=True)

        @free.autocomplete("building")
        async def _complete(_: discord.Interaction[Any], __: str) -> list[app_commands.Choice[str]]:
            return offered

        @self.tree.command(description="-")
        async def building(
            interaction: discord.Interaction[Any],
            code: str,  # noqa: ARG001 - same
        ) -> None:
            await interaction.response.send_message(view=_shown(texts["building"]), ephemeral=True)


def _shown(text: str) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay(text)))
    return view


def main(arguments: list[str]) -> None:
    """Log in to the Discord that the environment names, and stay."""
    discord.http.Route.BASE = os.environ["DISCORD_API_URL"]
    gateway = yarl.URL(os.environ["DISCORD_GATEWAY_URL"])
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway
    bot = FloorBot()
    if arguments:
        told = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
        bot.answer(told["texts"], told["choices"])
    bot.run(os.environ["DISCORD_TOKEN"], log_handler=None)


if __name__ == "__main__":
    main(sys.argv[1:])
