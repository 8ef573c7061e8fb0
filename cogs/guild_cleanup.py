"""Guild cleanup: what is stored for a server goes when the server removes the bot.

Also where that happened while the bot was down, or could not be noted: the servers that Discord
names at the start are compared with those of which something is stored.
"""

import logging
from collections.abc import Callable

import discord
from discord.ext import commands, tasks

from cogs.services import Services
from cogs.ui.discord_errors import REQUEST_ERRORS
from cogs.ui.loops import LOOP_SECONDS, LoopCog
from core.errors import StoreUnavailableError
from core.model.gateway import GatewayStatus
from core.preferences import CampusPreferences, guild_key
from core.store import Store

log = logging.getLogger(__name__)

_MAX_CHECKS_PER_TICK = 5
"""Each costs a request, which Discord may count as an invalid one."""


class GuildCleanupCog(LoopCog):
    """Forgets servers that removed the bot."""

    def __init__(
        self,
        bot: commands.AutoShardedBot,
        store: Store,
        preferences: CampusPreferences,
        gateway: Callable[[], GatewayStatus],
    ) -> None:
        self._bot = bot
        self._store = store
        self._preferences = preferences
        self._gateway = gateway
        self._removed: set[int] = set()
        self._unconfirmed: set[int] = set()
        self._must_compare = False

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Compare once the loop finds all shards connected; comes again with new sessions."""
        self._must_compare = True

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget a server that has just removed the bot."""
        self._removed.add(guild.id)
        try:
            await self._forget_removed()
        except StoreUnavailableError:
            log.warning("the settings of server %s cannot be removed yet", guild.id)

    @tasks.loop(seconds=LOOP_SECONDS)
    async def cleanup_loop(self) -> None:
        """Forget what could not be forgotten before, and look for servers that are gone."""
        try:
            await self._bot.wait_until_ready()
            await self.clean_up()
        except StoreUnavailableError:
            log.debug("what removed servers have set stays until Redis answers")
        except Exception:
            log.exception("servers that removed the bot could not be looked for")

    async def clean_up(self) -> None:
        """Do one step of it.

        Raises:
            StoreUnavailableError: Redis does not answer; the next step goes on.
        """
        await self._forget_removed()
        status = self._gateway()
        # A shard that is away has not named its servers.
        if self._must_compare and status.was_complete and not status.away:
            self._unconfirmed = {
                guild_id
                for guild_id in await self._stored_guilds()
                if self._bot.get_guild(guild_id) is None
            }
            self._must_compare = False
        for guild_id in list(self._unconfirmed)[:_MAX_CHECKS_PER_TICK]:
            if await self._is_gone(guild_id):
                self._removed.add(guild_id)
        await self._forget_removed()

    async def _stored_guilds(self) -> set[int]:
        digests = {settings.guild_id for settings in await self._store.all_settings()}
        return digests | self._preferences.guilds

    async def _is_gone(self, guild_id: int) -> bool:
        """Ask Discord itself: a server that is only missing from a list keeps its settings."""
        try:
            await self._bot.http.get_guild(guild_id, with_counts=False)
        except (discord.NotFound, discord.Forbidden):
            self._unconfirmed.discard(guild_id)
            return self._bot.get_guild(guild_id) is None
        except REQUEST_ERRORS as err:
            log.debug("whether a server is gone is not known: %s", type(err).__name__)
            return False
        self._unconfirmed.discard(guild_id)
        return False

    async def _forget_removed(self) -> None:
        for guild_id in list(self._removed):
            await self._store.delete_settings(guild_id)
            await self._store.forget_hint(guild_id)
            if self._preferences.get(guild_key(guild_id)):
                await self._preferences.set(guild_key(guild_id), None)
            self._removed.discard(guild_id)
            log.info("forgot a server that removed the bot")


async def setup(bot: commands.AutoShardedBot, services: Services) -> None:
    """Add the cog."""
    await bot.add_cog(
        GuildCleanupCog(bot, services.store, services.campuses.preferences, services.gateway)
    )
