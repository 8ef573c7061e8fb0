"""`/digest`: what a server's moderators say about its daily summary."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from cogs.answers import Answer, Interaction, Way
from cogs.campuses import Campuses
from cogs.completion import Choices, building_choices, time_choices
from cogs.morning import digest_picture, digest_view
from cogs.pictures import Pictures
from cogs.replies.digest import (
    DIGEST_OFF,
    NO_DIGEST,
    DigestStanding,
    cannot_post,
    digest_set,
    digest_shown,
)
from cogs.replies.panel import sentence
from core.delivery import next_at
from core.errors import CampusNotServedError, StoreUnavailableError
from core.model import DAY, Campus
from core.search import find_building
from core.store import DigestSettings, Store
from core.when import read_time

_Text = app_commands.Range[str, 1, 100]

_THREADS = frozenset(
    {
        discord.ChannelType.public_thread,
        discord.ChannelType.private_thread,
        discord.ChannelType.news_thread,
    }
)


@dataclass(frozen=True, slots=True)
class Target:
    """A channel that a moderator chose; `permissions` are the bot's there, None if not told."""

    id: int
    is_thread: bool
    permissions: discord.Permissions | None

    def missing(self) -> list[str]:
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
    def takes_files(self) -> bool:
        """Tell whether the bot may send files there."""
        return self.permissions is None or self.permissions.attach_files

    @property
    def shows_history(self) -> bool:
        """Tell whether the bot can see there what it posted before."""
        return self.permissions is None or self.permissions.read_message_history


class TargetTransformer(app_commands.Transformer):
    """Reads a channel option without a cache of channels, which the bot does not keep."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """What Discord asks the member for."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Where messages can be posted."""
        return [discord.ChannelType.text, discord.ChannelType.news, *sorted(_THREADS, key=str)]

    async def transform(self, interaction: Interaction, value: Any, /) -> Target:  # noqa: ANN401 - discord.py's own signature
        """Return the channel with the bot's permissions in it, which Discord sends along."""
        data: Any = interaction.data
        resolved = data.get("resolved", {}).get("channels", {}).get(str(value.id), {})
        bits = resolved.get("app_permissions")
        return Target(
            id=value.id,
            is_thread=value.type in _THREADS,
            permissions=None if bits is None else discord.Permissions(int(bits)),
        )


class Digest(commands.Cog):
    """Sets, shows and ends the digest of a server."""

    digest = app_commands.Group(
        name="digest",
        description="The daily summary of free rooms in this server",
        default_permissions=discord.Permissions(manage_guild=True),
        # Said in full: with the tree's wide defaults, `guild_only` would not narrow them.
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=False, private_channel=False
        ),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )

    def __init__(
        self,
        campuses: Campuses,
        store: Store,
        pictures: Pictures,
        *,
        digest_time: time,
        now: Callable[[], datetime],
    ) -> None:
        self._campuses = campuses
        self._store = store
        self._pictures = pictures
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
        channel: app_commands.Transform[Target, TargetTransformer],
        time: _Text | None = None,
        building: _Text | None = None,
    ) -> None:
        """Set the digest of this server; a digest that is set already is moved."""
        schedule = self._campuses.asked(interaction)
        campus = schedule.campus
        settings = DigestSettings(
            guild=_server(interaction),
            channel=channel.id,
            campus=campus.id,
            at=_time_of_day(time) if time else self._digest_time,
            building=find_building(campus, building).code if building else None,
            pictures=channel.takes_files,
            set_at=self._now(),
        )
        answer = Answer(interaction, Way.PRIVATE)
        if missing := channel.missing():
            await answer.give(sentence(cannot_post(channel.id, missing)))
            return
        first = await self._next_post(settings, campus)
        await self._store.save_digest(settings)
        await answer.give(digest_set(settings, campus, first, shows_history=channel.shows_history))

    @digest.command(description="Post no more summaries in this server")
    async def off(self, interaction: Interaction) -> None:
        """End the digest of this server."""
        server = _server(interaction)
        there = await self._store.digest_of(server)
        await self._store.remove_digest(server)
        await Answer(interaction, Way.PRIVATE).give(sentence(DIGEST_OFF if there else NO_DIGEST))

    @digest.command(description="What is set, and how the last summary went")
    async def show(self, interaction: Interaction) -> None:
        """Show what is set, today's delivery, and why it is off where it is."""
        answer = Answer(interaction, Way.PRIVATE)
        settings = await self._store.digest_of(_server(interaction))
        if settings is None:
            await answer.give(sentence(NO_DIGEST))
            return
        campus = self._campus(settings)
        if campus is None:
            raise CampusNotServedError(settings.campus, by="server")
        today = campus.day_of(self._now())
        await answer.give(
            digest_shown(
                DigestStanding(
                    settings=settings,
                    campus=campus,
                    next_at=await self._next_post(settings, campus),
                    last=await self._store.delivery(campus.id, today, settings.channel),
                )
            )
        )

    @digest.command(description="Show the summary as it would read now, to you alone")
    async def preview(self, interaction: Interaction) -> None:
        """Show today's digest to the moderator."""
        answer = Answer(interaction, Way.PRIVATE)
        settings = await self._settings(_server(interaction))
        schedule = self._campuses.asked(interaction)
        today = schedule.campus.day_of(self._now())
        if not schedule.remembers(today):
            await answer.later()
        known = await schedule.day(today)
        is_its = settings is not None and settings.campus == schedule.campus.id
        building = settings.building if settings and is_its else None
        now = self._now()
        picture = await digest_picture(self._pictures, schedule, known, building, now)
        view = digest_view(schedule, today, known, building, now, picture)
        await answer.give(view, picture)

    async def _settings(self, server: int) -> DigestSettings | None:
        """Return what is set, None also where Redis is away: a preview can do without."""
        try:
            return await self._store.digest_of(server)
        except StoreUnavailableError:
            return None

    async def next_digest(self, server: int) -> datetime | None:
        """Return when the next digest of a server is due, None where none is set.

        Raises:
            StoreUnavailableError: that cannot be known now.
        """
        settings = await self._store.digest_of(server)
        if settings is None or settings.off_since:
            return None
        campus = self._campus(settings)
        return await self._next_post(settings, campus) if campus else None

    async def _next_post(self, settings: DigestSettings, campus: Campus) -> datetime:
        """Return when the next digest comes: one a day, also where it is set again for later."""
        first = next_at(settings, campus, self._now())
        done = await self._store.delivery(campus.id, campus.day_of(first), settings.channel)
        return next_at(settings, campus, first) if done else first

    @set_.autocomplete("time")
    async def _complete_time(self, interaction: Interaction, typed: str) -> Choices:
        schedule = self._campuses.asked_or_none(interaction)
        return [each for each in time_choices(schedule, typed, self._now()) if ":" in each.value]

    @set_.autocomplete("building")
    async def _complete_building(self, interaction: Interaction, typed: str) -> Choices:
        return building_choices(self._campuses.asked_or_none(interaction), typed, self._now())

    def _campus(self, settings: DigestSettings) -> Campus | None:
        schedule = self._campuses.schedules.get(settings.campus)
        return schedule.campus if schedule else None


def _server(interaction: Interaction) -> int:
    if interaction.guild_id is None:
        raise app_commands.NoPrivateMessage
    return interaction.guild_id


def _time_of_day(typed: str) -> time:
    minutes = read_time(typed) % DAY // timedelta(minutes=1)
    return time(minutes // 60, minutes % 60)
