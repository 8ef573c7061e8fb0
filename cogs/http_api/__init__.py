"""The HTTP API as a cog; without a port there is none."""

from discord.ext import commands

from cogs.services import Services


async def setup(bot: commands.AutoShardedBot, services: Services) -> None:
    """Open the port, if the settings name one."""
    if not services.settings.port:
        return
    # Imported on demand: a bot without a port starts a tenth sooner.
    from cogs.http_api.cog import HttpApi  # noqa: PLC0415

    await bot.add_cog(HttpApi(services, lambda: len(bot.guilds)))
