"""The Discord client: what it caches, how it registers commands, and how it shuts down.

Source: `docs/discord.md`, "Commands and permissions" and "Gateway".
"""

import asyncio
import hashlib
import json
import logging
import math
import uuid
from datetime import timedelta
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from app.discord_metrics import DiscordMetrics
from app.option_validation import validate_options
from cogs.ui.components import expired_component
from cogs.ui.discord_errors import REQUEST_ERRORS
from cogs.ui.interaction import Interaction
from cogs.ui.interaction_errors import handle_interaction_error
from core.errors import StoreUnavailableError
from core.metrics import Metrics
from core.store import Store
from core.store.command_sync import SyncedCommands

log = logging.getLogger(__name__)

_SHUTDOWN_GRACE_SECONDS = 2.0
_CLEANUP_INTERVAL_SECONDS = 60.0
_SYNC_LEASE = timedelta(minutes=1)
_INTERACTION_TASK_PREFIXES = ("CommandTree-invoker", "discord-ui-dynamic-item")
"""The names of discord.py's tasks that handle an interaction."""

_KEPT_GUILD_FIELDS = ("id", "name", "member_count", "unavailable", "preferred_locale", "owner_id")
"""The fields of a guild to cache; channels, roles and members come with each interaction."""


class CommandTree(app_commands.CommandTree[commands.AutoShardedBot]):
    """The slash commands; an error in one of them becomes a reply to the member."""

    async def interaction_check(self, interaction: Interaction) -> bool:
        """Validate the options of a command; autocomplete takes unfinished ones."""
        if interaction.type is discord.InteractionType.application_command:
            validate_options(interaction)
        return await super().interaction_check(interaction)

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError) -> None:
        """Answer an interaction that failed."""
        await handle_interaction_error(interaction, error)


class Bot(commands.AutoShardedBot):
    """The client, with no caches that a command does not need."""

    def __init__(self, store: Store, metrics: Metrics) -> None:
        discord_metrics = DiscordMetrics(metrics)
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=CommandTree,
            intents=discord.Intents(guilds=True),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=60.0,
            http_trace=discord_metrics.trace(),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )
        self._store = store
        self.add_listener(discord_metrics.record_interaction, "on_interaction")
        self._component_types: list[type[ui.DynamicItem[Any]]] = []
        self._trim_guild_payloads()
        self._throttle_ratelimit_cleanup()

    def _trim_guild_payloads(self) -> None:
        """Cache a twenty-fifth of each guild: 1.8 KiB instead of 46.

        A private table of discord.py, which is pinned for it.
        """
        parsers = self._connection.parsers
        parse = parsers["GUILD_CREATE"]
        parsers["GUILD_CREATE"] = lambda data: parse(
            {name: data[name] for name in _KEPT_GUILD_FIELDS if name in data}
        )

    def _throttle_ratelimit_cleanup(self) -> None:
        """Run discord.py's rate-limit cleanup at most once a minute.

        discord.py looks through all of them whenever it meets a channel that it has not posted
        in lately: with ten thousand digests that takes longer than all else. A private method,
        which is pinned like the table of `_trim_guild_payloads`.
        """
        clean_up = self.http._try_clear_expired_ratelimits  # noqa: SLF001 - see above
        last = -math.inf

        def clean_up_at_intervals() -> None:
            nonlocal last
            now = asyncio.get_running_loop().time()
            if now - last >= _CLEANUP_INTERVAL_SECONDS:
                last = now
                clean_up()

        self.http._try_clear_expired_ratelimits = clean_up_at_intervals  # type: ignore[method-assign]  # noqa: SLF001 - see above

    def add_dynamic_items(self, *items: type[ui.DynamicItem[Any]]) -> None:
        """Register buttons and selects by the custom ids that they take."""
        self._component_types += items
        super().add_dynamic_items(*items)

    async def setup_hook(self) -> None:
        """Register the commands if they changed; before the gateway opens.

        All cogs are loaded by now, so what no component of theirs takes has expired.
        """
        self.add_dynamic_items(expired_component(self._component_types))
        try:
            await self._sync_commands()
        except REQUEST_ERRORS as err:
            log.warning("the commands could not be registered, the old ones stay: %s", err)
        except StoreUnavailableError as err:
            log.warning("command sync skipped, the store is unavailable: %s", err)

    async def _sync_commands(self) -> None:
        """Register the commands with Discord if they differ from what was registered last."""
        application, token = self.application_id or 0, uuid.uuid4().hex
        definition = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        text = json.dumps(definition, sort_keys=True, default=str)
        digest = hashlib.sha256(text.encode()).hexdigest()
        known = await self._store.synced_commands(application)
        if known and known.hash == digest:
            return
        if not await self._store.acquire_sync_lock(application, token, lease=_SYNC_LEASE):
            log.info("another process is registering the commands")
            return
        try:
            synced = await self.tree.sync()
        except BaseException:
            await self._store.release_sync_lock(application, token)
            raise
        ids = {command.name: command.id for command in synced}
        await self._store.save_synced(application, token, SyncedCommands(digest, ids))
        log.info("registered %s commands", len(ids))

    async def on_ready(self) -> None:
        """Log that commands are answered from now on; called again after each new session."""
        log.info("ready as %s in %s servers", self.user, len(self.guilds))

    async def close(self) -> None:
        """Finish the replies under way, then disconnect."""
        answering = {
            each
            for each in asyncio.all_tasks()
            if each.get_name().startswith(_INTERACTION_TASK_PREFIXES)
        }
        if answering:
            _, late = await asyncio.wait(answering, timeout=_SHUTDOWN_GRACE_SECONDS)
            # They would find the connection closed, and log that as a defect.
            for each in late:
                each.cancel()
        await super().close()
