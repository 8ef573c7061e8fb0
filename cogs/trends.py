"""`/trends`: how busy the campus or a building gets."""

from collections.abc import Callable
from datetime import datetime

from discord import app_commands
from discord.ext import commands

from cogs.services import Services
from cogs.ui.autocomplete import Choices, building_choices
from cogs.ui.campus_context import resolve_campus, resolve_campus_or_none
from cogs.ui.coalescing import RenderedReply, ReplyCoalescer, data_revisions, truncate_to_second
from cogs.ui.images.service import ImageService
from cogs.ui.interaction import Interaction
from cogs.ui.replies.trends import TrendsReplyData, trends_reply
from cogs.ui.responder import Responder, ResponseMode
from core.availability.campus_day import CampusDays, business_days
from core.availability.counts import RoomCounts, add_counts, count_rooms
from core.lookup.places import find_building_or_campus
from core.model.campus import Building
from core.registry import CampusRegistry
from core.trends.sampler import OccupancySampler

_Text = app_commands.Range[str, 1, 100]


class TrendsCog(commands.Cog):
    """Shows the trend that the sampler has measured."""

    def __init__(
        self,
        campuses: CampusRegistry,
        sampler: OccupancySampler,
        images: ImageService,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._campuses = campuses
        self._sampler = sampler
        self._images = images
        self._now = now
        self._coalescer = ReplyCoalescer()

    @app_commands.command(description="How busy it gets, and what is usual at this hour")
    @app_commands.describe(
        building="Which building? The whole campus if left empty",
        share="Post the answer in this channel for everyone",
    )
    async def trends(
        self,
        interaction: Interaction,
        building: _Text | None = None,
        share: bool = False,  # noqa: FBT001, FBT002 - Discord hands options over by name
    ) -> None:
        """Show how busy a building gets, or the campus."""
        coordinator = resolve_campus(self._campuses, interaction)
        campus, now = coordinator.campus, truncate_to_second(self._now())
        only = find_building_or_campus(campus, building) if building else None
        trend = await self._sampler.trend(campus, only.code if only else None)
        days = coordinator.cached_days_at(now)
        age = coordinator.data_age(days.values())

        async def build_reply() -> RenderedReply:
            picture = await self._images.trend(campus, only, trend, days, is_stale=age.is_stale)
            counts = _total_counts((only,) if only else campus.buildings, days, now)
            reply = TrendsReplyData(
                campus=campus,
                building=only,
                trend=trend,
                is_open=not counts.is_closed,
                counts=counts,
                age=age,
                image=picture,
            )
            return RenderedReply(trends_reply(reply), picture)

        cache_key = campus.id, only and only.code, trend.at, data_revisions(days), age
        rendered = await self._coalescer.get_or_compute(now, cache_key, build_reply)
        responder = Responder(interaction, ResponseMode.PUBLIC if share else ResponseMode.EPHEMERAL)
        await responder.send(rendered.view, rendered.image)

    @trends.autocomplete("building")
    async def _complete_building(self, interaction: Interaction, typed: str) -> Choices:
        return building_choices(
            resolve_campus_or_none(self._campuses, interaction), typed, self._now()
        )


def _total_counts(buildings: tuple[Building, ...], days: CampusDays, now: datetime) -> RoomCounts:
    """Count the rooms of the buildings together."""
    dates = business_days(buildings, now)
    return add_counts(
        count_rooms(days.get(day), building, now)
        for building, day in zip(buildings, dates, strict=True)
    )


async def setup(bot: commands.AutoShardedBot, services: Services) -> None:
    """Add the cog."""
    await bot.add_cog(
        TrendsCog(services.campuses, services.sampler, services.images, now=services.now)
    )
