"""The daily digest: its commands, its loop, its publisher and its view of channels."""

from discord.ext.commands import AutoShardedBot

from cogs.digest.commands import DigestCommands
from cogs.digest.loop import DigestLoop
from cogs.services import Services


async def setup(bot: AutoShardedBot, services: Services) -> None:
    """Add the commands and the loop."""
    campuses, store, images = services.campuses, services.store, services.images
    digest_time = services.settings.digest_time
    await bot.add_cog(
        DigestCommands(campuses, store, images, digest_time=digest_time, now=services.now)
    )
    await bot.add_cog(DigestLoop(bot, campuses, store, images, services.metrics, now=services.now))
