"""`/building`: all free times of a building on one day, by command, button or select."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from discord import app_commands
from discord.ext import commands

from cogs.services import Services
from cogs.ui import navigation
from cogs.ui.autocomplete import (
    Choices,
    building_choices,
    date_choices,
    free_counts,
)
from cogs.ui.campus_context import resolve_campus, resolve_campus_or_none
from cogs.ui.coalescing import RenderedReply, ReplyCoalescer, data_revisions, truncate_to_second
from cogs.ui.components import PersistentItem, require_cog
from cogs.ui.custom_ids import (
    BUILDING_FORMAT,
    BUILDING_TEMPLATE,
    BuildingQueryId,
    RoomWeekId,
    decode_custom_id,
)
from cogs.ui.images.service import ImageService
from cogs.ui.interaction import Interaction
from cogs.ui.replies.building import BuildingReplyData, building_page, building_reply
from cogs.ui.replies.errors import error_message
from cogs.ui.replies.understood import (
    NOTHING_TO_SAY,
    Understanding,
    building_choices_of,
    choices_view,
    place_understanding,
)
from cogs.ui.responder import Responder, ResponseMode, responder_for_action
from core.availability.queries import building_day
from core.errors import UserError
from core.lookup.places import find_building_or_room
from core.lookup.search import find_building
from core.lookup.when import parse_day
from core.model.calendar import monday_of
from core.model.campus import Room
from core.registry import CampusRegistry
from core.trends.sampler import OccupancySampler

_Text = app_commands.Range[str, 1, 100]


class BuildingCog(commands.Cog):
    """Shows the day of a building; all data comes from the campus coordinators."""

    def __init__(
        self,
        campuses: CampusRegistry,
        images: ImageService,
        sampler: OccupancySampler,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._campuses = campuses
        self._images = images
        self._sampler = sampler
        self._now = now
        self._coalescer = ReplyCoalescer()

    @app_commands.command(description="See every room in a building for a day")
    @app_commands.describe(
        building="Which building? Its name or code",
        date='Which day? "tomorrow", "Fri" or "Mar 4"; today if left empty',
        share="Post the answer in this channel for everyone",
    )
    async def building(
        self,
        interaction: Interaction,
        building: _Text,
        date: _Text | None = None,
        share: bool = False,  # noqa: FBT001, FBT002 - Discord hands options over by name
    ) -> None:
        """Show a building's day, or the room that was named instead."""
        campus, now = resolve_campus(self._campuses, interaction).campus, self._now()
        day = parse_day(date, now=now, campus=campus) if date else None
        try:
            place = find_building_or_room(campus, building)
        except UserError as err:
            choices = building_choices_of(err, BuildingQueryId(campus.id, "", day))
            if not choices:
                raise
            view = choices_view(error_message(err) or "", choices)
            await Responder(interaction, ResponseMode.EPHEMERAL).send(view)
            return
        responder = Responder(interaction, ResponseMode.PUBLIC if share else ResponseMode.EPHEMERAL)
        understood = place_understanding(place, building)
        if isinstance(place, Room):
            week = monday_of(day) if day else None
            await navigation.show_room(responder, RoomWeekId(campus.id, place.id, week), understood)
        else:
            query = BuildingQueryId(campus.id, place.code, day)
            await self.show_building(responder, query, understood)

    @building.autocomplete("building")
    async def _complete_building(self, interaction: Interaction, typed: str) -> Choices:
        return building_choices(
            resolve_campus_or_none(self._campuses, interaction), typed, self._now()
        )

    @building.autocomplete("date")
    async def _complete_date(self, interaction: Interaction, typed: str) -> Choices:
        return date_choices(resolve_campus_or_none(self._campuses, interaction), typed, self._now())

    async def show_building(
        self,
        responder: Responder,
        query: BuildingQueryId,
        understood: Understanding = NOTHING_TO_SAY,
    ) -> None:
        """Answer with one page of a building's day."""
        coordinator, now = self._campuses.get(query.campus), truncate_to_second(self._now())
        building = find_building(coordinator.campus, query.building)
        date = query.day or building.business_day(now)
        if not coordinator.is_cached(date):
            await responder.defer()
        day, today = await coordinator.get_day(date), coordinator.cached_days_at(now)
        age, can_share = coordinator.data_age([day]), responder.can_share

        async def build_reply() -> RenderedReply:
            reply = BuildingReplyData(
                campus=coordinator.campus,
                query=query,
                building_day=building_day(day, building, now, coordinator.cached_days),
                counts=free_counts(coordinator, today, now),
                age=age,
                now=now,
                can_share=can_share,
                understood=understood,
            )
            if reply.building_day.counts_now and not reply.building_day.closure:
                trend = await self._sampler.trend_or_none(coordinator.campus, building.code)
                reply = replace(reply, trend=trend)
            page = building_page(reply)
            picture = await self._images.building(
                day, reply.building_day, page.rooms, now, is_stale=age.is_stale
            )
            return RenderedReply(building_reply(reply, page, picture), picture)

        revisions = data_revisions({date: day}), data_revisions(today)
        cache_key = query, revisions, age, can_share, understood
        rendered = await self._coalescer.get_or_compute(now, cache_key, build_reply)
        await responder.send(rendered.view, rendered.image)


class BuildingComponent(PersistentItem, template=BUILDING_TEMPLATE):
    """A button or select that asks for a building's day."""

    id_format = BUILDING_FORMAT

    async def on_press(self, interaction: Interaction) -> None:
        """Turn the page, ask for another building or again, open, or share."""
        action, fields = decode_custom_id(self.id_format, self.custom_id)
        query = BuildingQueryId.from_fields(fields)
        if self.selected_value is not None:
            query = query.for_building(self.selected_value)
        if responder := await responder_for_action(interaction, action):
            await require_cog(interaction, BuildingCog).show_building(responder, query)


async def setup(bot: commands.AutoShardedBot, services: Services) -> None:
    """Add the cog and its components."""
    await bot.add_cog(
        BuildingCog(services.campuses, services.images, services.sampler, now=services.now)
    )
    bot.add_dynamic_items(BuildingComponent)
