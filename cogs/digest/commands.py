"""`/digest`: what a server's moderators say about its daily summary."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from cogs.digest.loop import digest_image, digest_layout
from cogs.ui.audience import for_moderators
from cogs.ui.autocomplete import Choices, building_choices, time_of_day_choices
from cogs.ui.campus_context import resolve_campus, resolve_campus_or_none
from cogs.ui.images.service import ImageService
from cogs.ui.interaction import Interaction
from cogs.ui.layout import text_view
from cogs.ui.replies.digest import (
    DIGEST_OFF,
    NO_DIGEST,
    DigestStatus,
    cannot_post,
    digest_set,
    digest_status,
)
from cogs.ui.responder import Responder, ResponseMode
from core.digests.upcoming import next_digest_at
from core.errors import CampusNotConfiguredError, StoreUnavailableError
from core.lookup.places import find_building_or_campus
from core.lookup.when import parse_time_of_day
from core.model.campus import Campus
from core.model.digest import DigestSettings
from core.registry import CampusRegistry
from core.store import Store

_Text = app_commands.Range[str, 1, 100]

_THREADS = frozenset(
    {
        discord.ChannelType.public_thread,
        discord.ChannelType.private_thread,
        discord.ChannelType.news_thread,
    }
)


@dataclass(frozen=True, slots=True)
class ChannelTarget:
    """A channel that a moderator chose; `permissions` are the bot's there, None if not told."""

    id: int
    is_thread: bool
    permissions: discord.Permissions | None

    def missing_permissions(self) -> list[str]:
        """Name the permissions that the bot lacks for posting there."""
        if self.permissions is None:
            return []
        needed = {
            "View Channel": self.permissions.view_channel,
            "Send Messages": self.permissions.send_messages,
        }
        if self.is_thread:
            del needed["Send Messages"]
            needed["Send Messages in Threads"] = self.permissions.send_messages_in_threads
        return [name for name, there in needed.items() if not there]

    @property
    def can_attach_files(self) -> bool:
        """Tell whether the bot may send files there."""
        return self.permissions is None or self.permissions.attach_files

    @property
    def can_read_history(self) -> bool:
        """Tell whether the bot can see there what it posted before."""
        return self.permissions is None or self.permissions.read_message_history


class ChannelTransformer(app_commands.Transformer):
    """Reads a channel option without a cache of channels, which the bot does not keep."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """What Discord asks the member for."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Where messages can be posted."""
        return [discord.ChannelType.text, discord.ChannelType.news, *sorted(_THREADS, key=str)]

    async def transform(self, interaction: Interaction, value: Any, /) -> ChannelTarget:  # noqa: ANN401 - discord.py's own signature
        """Return the channel with the bot's permissions in it, which Discord sends along."""
        data: Any = interaction.data
        resolved = data.get("resolved", {}).get("channels", {}).get(str(value.id), {})
        bits = resolved.get("app_permissions")
        return ChannelTarget(
            id=value.id,
            is_thread=value.type in _THREADS,
            permissions=None if bits is None else discord.Permissions(int(bits)),
        )


class DigestCommands(commands.Cog):
    """Sets, shows and ends the digest of a server."""

    digest = for_moderators(
        app_commands.Group(
            name="digest", description="Daily summary of free rooms, posted in a channel"
        )
    )

    def __init__(
        self,
        campuses: CampusRegistry,
        store: Store,
        images: ImageService,
        *,
        digest_time: time,
        now: Callable[[], datetime],
    ) -> None:
        self._campuses = campuses
        self._store = store
        self._images = images
        self._digest_time = digest_time
        self._now = now

    @digest.command(name="set", description="Post a summary in a channel every morning")
    @app_commands.describe(
        channel="Where to post it",
        time="When, on the campus's clock; 07:30 or what the bot is set to if left out",
        building="Only this building; all if left out",
    )
    async def set_(
        self,
        interaction: Interaction,
        channel: app_commands.Transform[ChannelTarget, ChannelTransformer],
        time: _Text | None = None,
        building: _Text | None = None,
    ) -> None:
        """Set the digest of this server; a digest that is set already is moved."""
        coordinator = resolve_campus(self._campuses, interaction)
        campus = coordinator.campus
        settings = DigestSettings(
            guild_id=_guild_id(interaction),
            channel_id=channel.id,
            campus_id=campus.id,
            time=parse_time_of_day(time, now=self._now(), campus=campus)
            if time
            else self._digest_time,
            building=_building_code(campus, building) if building else None,
            with_images=channel.can_attach_files,
            set_at=self._now(),
        )
        responder = Responder(interaction, ResponseMode.EPHEMERAL)
        if missing := channel.missing_permissions():
            await responder.send(text_view(cannot_post(channel.id, missing)))
            return
        first_at = await next_digest_at(settings, campus, self._store, now=self._now())
        await self._store.save_settings(settings)
        await responder.send(
            digest_set(settings, campus, first_at, can_read_history=channel.can_read_history)
        )

    @digest.command(description="Stop the daily summary")
    async def off(self, interaction: Interaction) -> None:
        """End the digest of this server."""
        guild = _guild_id(interaction)
        settings = await self._store.get_settings(guild)
        await self._store.delete_settings(guild)
        await Responder(interaction, ResponseMode.EPHEMERAL).send(
            text_view(DIGEST_OFF if settings else NO_DIGEST)
        )

    @digest.command(description="See the settings and whether today's was posted")
    async def show(self, interaction: Interaction) -> None:
        """Show what is set, today's delivery, and why it is off where it is."""
        responder = Responder(interaction, ResponseMode.EPHEMERAL)
        settings = await self._store.get_settings(_guild_id(interaction))
        if settings is None:
            await responder.send(text_view(NO_DIGEST))
            return
        campus = self._campus(settings)
        if campus is None:
            raise CampusNotConfiguredError(settings.campus_id, selected_by="server")
        now = self._now()
        today = campus.local_date(now)
        await responder.send(
            digest_status(
                DigestStatus(
                    settings=settings,
                    campus=campus,
                    next_at=await next_digest_at(settings, campus, self._store, now=now),
                    last_delivery=await self._store.delivery(campus.id, today, settings.channel_id),
                )
            )
        )

    @digest.command(description="Preview the summary: only you see it")
    async def preview(self, interaction: Interaction) -> None:
        """Show today's digest to the moderator."""
        responder = Responder(interaction, ResponseMode.EPHEMERAL)
        settings = await self._settings_or_none(_guild_id(interaction))
        coordinator = resolve_campus(self._campuses, interaction)
        today = coordinator.campus.local_date(self._now())
        if not coordinator.is_cached(today):
            await responder.defer()
        campus_day = await coordinator.get_day(today)
        is_its = settings is not None and settings.campus_id == coordinator.campus.id
        building = settings.building if settings and is_its else None
        now = self._now()
        image = await digest_image(self._images, coordinator, campus_day, building, now)
        view = digest_layout(coordinator, today, campus_day, building, now, image)
        await responder.send(view, image)

    async def _settings_or_none(self, guild: int) -> DigestSettings | None:
        """Return what is set, None also where Redis is away: a preview can do without."""
        try:
            return await self._store.get_settings(guild)
        except StoreUnavailableError:
            return None

    @set_.autocomplete("time")
    async def _complete_time(self, interaction: Interaction, typed: str) -> Choices:
        schedule = resolve_campus_or_none(self._campuses, interaction)
        return time_of_day_choices(schedule, typed, self._now())

    @set_.autocomplete("building")
    async def _complete_building(self, interaction: Interaction, typed: str) -> Choices:
        return building_choices(
            resolve_campus_or_none(self._campuses, interaction), typed, self._now()
        )

    def _campus(self, settings: DigestSettings) -> Campus | None:
        schedule = self._campuses.coordinators.get(settings.campus_id)
        return schedule.campus if schedule else None


def _guild_id(interaction: Interaction) -> int:
    if interaction.guild_id is None:
        raise app_commands.NoPrivateMessage
    return interaction.guild_id


def _building_code(campus: Campus, typed: str) -> str | None:
    """Return the code of the building that a text names, None for the whole campus."""
    found = find_building_or_campus(campus, typed)
    return found.code if found else None
