"""`/free`: which rooms are free at a moment, by command, button or select."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from discord import app_commands
from discord.ext import commands

from cogs.services import Services
from cogs.ui.autocomplete import (
    Choices,
    date_choices,
    feature_choices,
    free_counts,
    multi_building_choices,
    time_choices,
)
from cogs.ui.campus_context import resolve_campus, resolve_campus_or_none
from cogs.ui.coalescing import RenderedReply, ReplyCoalescer, data_revisions, truncate_to_second
from cogs.ui.components import PersistentItem, require_cog
from cogs.ui.custom_ids import FREE_FORMAT, FREE_TEMPLATE, FreeQueryId, decode_custom_id
from cogs.ui.images.service import ImageService
from cogs.ui.interaction import Interaction
from cogs.ui.replies.free import FreeReplyData, free_reply
from cogs.ui.responder import Responder, ResponseMode, responder_for_action
from core.availability.campus_day import campus_dates_at
from core.availability.queries import FreeRoomsQuery, free_rooms
from core.lookup.search import find_building, find_buildings, find_feature
from core.lookup.times import parse_moment
from core.registry import CampusRegistry

_Text = app_commands.Range[str, 1, 100]


class FreeCog(commands.Cog):
    """Shows the free rooms; all data comes from the campus coordinators."""

    def __init__(
        self,
        campuses: CampusRegistry,
        images: ImageService,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._campuses = campuses
        self._images = images
        self._now = now
        self._coalescer = ReplyCoalescer()

    @app_commands.command(description="Which rooms are free, until when, and how sure that is")
    @app_commands.describe(
        building="Only rooms of this building, or of several: CAS CGS",
        minutes="Only rooms free for at least this many minutes",
        at="A time like 14:30, 2:30 pm or +45; now if left out",
        date="A day like 2026-03-03, tomorrow or friday; today if left out",
        capacity="Only rooms with at least this many seats",
        feature="Only rooms that have this, as far as that is known",
        share="Show the answer to all in this channel",
    )
    async def free(
        self,
        interaction: Interaction,
        building: _Text | None = None,
        minutes: app_commands.Range[int, 1, 1440] | None = None,
        at: _Text | None = None,
        date: _Text | None = None,
        capacity: app_commands.Range[int, 1, 100_000] | None = None,
        feature: _Text | None = None,
        share: bool = False,  # noqa: FBT001, FBT002 - Discord hands options over by name
    ) -> None:
        """Show the rooms that are free at a moment."""
        coordinator = resolve_campus(self._campuses, interaction)
        campus, now = coordinator.campus, self._now()
        is_for_now = date is None and (at is None or at.strip().casefold() == "now")
        moment = None if is_for_now else parse_moment(at, date, now=now, zone=campus.timezone)
        buildings = find_buildings(campus, building) if building else ()
        query = FreeRoomsQuery(
            moment=now if moment is None else moment.replace(second=0, microsecond=0),
            at_least=timedelta(minutes=minutes) if minutes else coordinator.min_gap,
            buildings=tuple(each.code for each in buildings),
            capacity=capacity,
            features=(find_feature(campus, feature),) if feature else (),
            is_now=moment is None,
        )
        responder = Responder(interaction, ResponseMode.PUBLIC if share else ResponseMode.EPHEMERAL)
        await self.show_free(responder, FreeQueryId(campus.id, query))

    @free.autocomplete("building")
    async def _complete_buildings(self, interaction: Interaction, typed: str) -> Choices:
        return multi_building_choices(
            resolve_campus_or_none(self._campuses, interaction), typed, self._now()
        )

    @free.autocomplete("feature")
    async def _complete_feature(self, interaction: Interaction, typed: str) -> Choices:
        return feature_choices(resolve_campus_or_none(self._campuses, interaction), typed)

    @free.autocomplete("at")
    async def _complete_time(self, interaction: Interaction, typed: str) -> Choices:
        return time_choices(resolve_campus_or_none(self._campuses, interaction), typed, self._now())

    @free.autocomplete("date")
    async def _complete_date(self, interaction: Interaction, typed: str) -> Choices:
        return date_choices(resolve_campus_or_none(self._campuses, interaction), typed, self._now())

    async def show_free(self, responder: Responder, asked: FreeQueryId) -> None:
        """Answer with one page of the rooms that are free.

        Raises:
            UnknownBuildingError: the campus has one of the buildings no more.
        """
        coordinator, now = self._campuses.get(asked.campus), truncate_to_second(self._now())
        campus = coordinator.campus
        codes = tuple(find_building(campus, code).code for code in asked.query.buildings)
        query = replace(asked.query.at(now), buildings=codes)
        asked = replace(asked, query=query)
        if campus_dates_at(campus, query.moment) - coordinator.cached_days_at(query.moment).keys():
            await responder.defer()
        days = await coordinator.get_days_at(query.moment)
        age, can_share = coordinator.data_age(days.values()), responder.can_share

        async def build_reply() -> RenderedReply:
            counts, picture = free_counts(coordinator, days, query.moment), None
            if not query.buildings and (day := days.get(campus.local_date(query.moment))):
                picture = await self._images.heatmap(
                    day, counts, query.moment, is_stale=age.is_stale
                )
            reply = FreeReplyData(
                campus=campus,
                query=asked,
                result=free_rooms(campus, days, query),
                counts=counts,
                age=age,
                now=now,
                can_share=can_share,
                image=picture,
            )
            return RenderedReply(free_reply(reply), picture)

        cache_key = asked, data_revisions(days), age, can_share
        rendered = await self._coalescer.get_or_compute(now, cache_key, build_reply)
        await responder.send(rendered.view, rendered.image)

    def read_custom_id(self, fields: Mapping[str, str]) -> FreeQueryId:
        """Return the question that the fields of a custom id hold."""
        campus = self._campuses.get(fields["campus"]).campus
        return FreeQueryId.from_fields(fields, campus, truncate_to_second(self._now()))


class FreeComponent(PersistentItem, template=FREE_TEMPLATE):
    """A button or select that asks which rooms are free."""

    id_format = FREE_FORMAT

    async def on_press(self, interaction: Interaction) -> None:
        """Turn the page, ask for another building or for now, open, or share."""
        action, fields = decode_custom_id(self.id_format, self.custom_id)
        cog = require_cog(interaction, FreeCog)
        query = cog.read_custom_id(fields)
        if self.selected_value is not None:
            query = query.for_building(None if self.selected_value == "*" else self.selected_value)
        if responder := await responder_for_action(interaction, action):
            await cog.show_free(responder, query)


async def setup(bot: commands.AutoShardedBot, services: Services) -> None:
    """Add the cog and its components."""
    await bot.add_cog(FreeCog(services.campuses, services.images, now=services.now))
    bot.add_dynamic_items(FreeComponent)
