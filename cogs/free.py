"""`/free`: which rooms are free at a moment, by command, button or select."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime

from discord import app_commands
from discord.ext import commands

from cogs.services import Services
from cogs.ui import navigation
from cogs.ui.autocomplete import (
    Choices,
    date_choices,
    duration_choices,
    feature_choices,
    free_counts,
    multi_building_choices,
    time_choices,
)
from cogs.ui.campus_context import resolve_campus, resolve_campus_or_none
from cogs.ui.coalescing import RenderedReply, ReplyCoalescer, data_revisions, truncate_to_second
from cogs.ui.components import PersistentItem, require_cog
from cogs.ui.custom_ids import (
    FREE_FORMAT,
    FREE_TEMPLATE,
    BuildingQueryId,
    FreeQueryId,
    decode_custom_id,
)
from cogs.ui.images.service import ImageService
from cogs.ui.interaction import Interaction
from cogs.ui.replies.free.data import FreeReplyData
from cogs.ui.replies.free.reply import free_reply
from cogs.ui.replies.free_day import FreeDayReplyData, free_day_reply
from cogs.ui.replies.understood import (
    NOTHING_TO_SAY,
    Understanding,
    free_understanding,
    room_week_id,
    unclear_question_view,
)
from cogs.ui.responder import Responder, ResponseMode, responder_for_action
from core.availability.best_fit import best_fit_order, fitting_counts
from core.availability.campus_day import campus_dates_at
from core.availability.day_overview import day_overview, overview_moments
from core.availability.plan import plan_moves
from core.availability.queries import free_rooms
from core.data.coordinator import CampusCoordinator
from core.lookup.question import (
    FreeOptions,
    FreeQuestion,
    UnclearQuestionError,
    read_free_question,
)
from core.lookup.search import find_building
from core.lookup.when.readings import CampusClock
from core.model.campus import Campus
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

    @app_commands.command(description="Find a free classroom, now or later")
    @app_commands.describe(
        building="Where? A building or several; anywhere if left empty",
        minutes='How long do you need it? "2h", "1h30" or "until 5pm"',
        at='When? "3pm", "tomorrow 10am" or "in 45 min"; now if left empty',
        date='Which day? "tomorrow", "Fri" or "Mar 4"; today if left empty',
        capacity="How many seats do you need?",
        feature='Equipment you need, one thing or several: "projector, whiteboard"',
        share="Post the answer in this channel for everyone",
    )
    async def free(
        self,
        interaction: Interaction,
        building: _Text | None = None,
        minutes: _Text | None = None,
        at: _Text | None = None,
        date: _Text | None = None,
        capacity: app_commands.Range[int, 1, 100_000] | None = None,
        feature: _Text | None = None,
        share: bool = False,  # noqa: FBT001, FBT002 - Discord hands options over by name
    ) -> None:
        """Show the rooms that are free at a moment, or a room, or a day, as it was asked."""
        coordinator = resolve_campus(self._campuses, interaction)
        campus, now = coordinator.campus, truncate_to_second(self._now())
        options = FreeOptions(
            building=building,
            minutes=minutes,
            at=at,
            date=date,
            capacity=capacity,
            feature=feature,
        )
        try:
            question = read_free_question(
                options, campus=campus, now=now, min_gap=coordinator.min_gap
            )
        except UnclearQuestionError as err:
            await Responder(interaction, ResponseMode.EPHEMERAL).send(
                unclear_question_view(err, campus, now)
            )
            return
        responder = Responder(interaction, ResponseMode.PUBLIC if share else ResponseMode.EPHEMERAL)
        await self._answer(responder, question, campus, now)

    async def _answer(
        self, responder: Responder, question: FreeQuestion, campus: Campus, now: datetime
    ) -> None:
        """Answer with the room, the building's day, the day or the moment that is asked about."""
        understood = free_understanding(question, campus, now)
        if question.room:
            room = room_week_id(question, campus, now)
            await navigation.show_room(responder, room, understood)
        elif question.day and question.is_building_alone:
            building = BuildingQueryId(campus.id, question.query.buildings[0], question.day)
            await navigation.show_building(responder, building, understood)
        else:
            asked = FreeQueryId(campus.id, question.query, day=question.day)
            await self.show_free(responder, asked, understood)

    @free.autocomplete("building")
    async def _complete_buildings(self, interaction: Interaction, typed: str) -> Choices:
        campus, others = self._typed_so_far(interaction)
        return multi_building_choices(campus, typed, self._now(), replace(others, building=None))

    @free.autocomplete("minutes")
    async def _complete_duration(self, interaction: Interaction, typed: str) -> Choices:
        campus, others = self._typed_so_far(interaction)
        return duration_choices(campus, typed, self._now(), replace(others, minutes=None))

    @free.autocomplete("feature")
    async def _complete_feature(self, interaction: Interaction, typed: str) -> Choices:
        return feature_choices(resolve_campus_or_none(self._campuses, interaction), typed)

    @free.autocomplete("at")
    async def _complete_time(self, interaction: Interaction, typed: str) -> Choices:
        campus, others = self._typed_so_far(interaction)
        return time_choices(campus, typed, self._now(), replace(others, at=None))

    @free.autocomplete("date")
    async def _complete_date(self, interaction: Interaction, typed: str) -> Choices:
        campus, others = self._typed_so_far(interaction)
        return date_choices(campus, typed, self._now(), replace(others, date=None))

    def _typed_so_far(
        self, interaction: Interaction
    ) -> tuple[CampusCoordinator | None, FreeOptions]:
        """Return the campus, and the options as far as they are typed, wrong types as none."""
        given = interaction.namespace
        options = FreeOptions(
            building=_text_or_none(given.building),
            minutes=_text_or_none(given.minutes),
            at=_text_or_none(given.at),
            date=_text_or_none(given.date),
            capacity=given.capacity if isinstance(given.capacity, int) else None,
            feature=_text_or_none(given.feature),
        )
        return resolve_campus_or_none(self._campuses, interaction), options

    async def show_free(
        self,
        responder: Responder,
        asked: FreeQueryId,
        understood: Understanding = NOTHING_TO_SAY,
    ) -> None:
        """Answer with one page of the rooms that are free, or with the overview of a day.

        Raises:
            UnknownBuildingError: the campus has one of the buildings no more.
        """
        coordinator, now = self._campuses.get(asked.campus), truncate_to_second(self._now())
        campus = coordinator.campus
        codes = tuple(find_building(campus, code).code for code in asked.query.buildings)
        query = replace(asked.query.at(now), buildings=codes)
        asked = replace(asked, query=query)
        if asked.day:
            await self._show_day(responder, coordinator, asked, asked.day, now, understood)
            return
        if campus_dates_at(campus, query.moment) - coordinator.cached_days_at(query.moment).keys():
            await responder.defer()
        days = await coordinator.get_days_at(query.moment)
        age = coordinator.data_age(days.values())
        can_share, asked_by = responder.can_share, responder.shared_by

        async def build_reply() -> RenderedReply:
            counts, picture = free_counts(coordinator, days, query.moment), None
            if not query.buildings and (day := days.get(campus.local_date(query.moment))):
                picture = await self._images.heatmap(
                    day, counts, query.moment, is_stale=age.is_stale
                )
            # With the days after it, to tell until when all is closed.
            result = free_rooms(campus, coordinator.cached_days, query)
            reply = FreeReplyData(
                campus=campus,
                asked=asked,
                result=result,
                rooms=best_fit_order(result.free, query.capacity),
                counts=fitting_counts(campus, days, result, counts),
                plan=()
                if result.free
                else plan_moves(campus, days, query, min_gap=coordinator.min_gap),
                min_gap=coordinator.min_gap,
                age=age,
                now=now,
                can_share=can_share,
                asked_by=asked_by,
                image=picture,
                understood=understood,
            )
            return RenderedReply(free_reply(reply), picture)

        cache_key = asked, data_revisions(days), age, can_share, asked_by, understood
        rendered = await self._coalescer.get_or_compute(now, cache_key, build_reply)
        await responder.send(rendered.view, rendered.image)

    async def _show_day(
        self,
        responder: Responder,
        coordinator: CampusCoordinator,
        asked: FreeQueryId,
        date: date,
        now: datetime,
        understood: Understanding,
    ) -> None:
        """Answer with the overview of a day."""
        if not coordinator.is_cached(date):
            await responder.defer()
        day = await coordinator.get_day(date)
        age, can_share = coordinator.data_age([day]), responder.can_share

        async def build_reply() -> RenderedReply:
            campus = coordinator.campus
            moments = overview_moments(campus, date, CampusClock(campus, now).is_open)
            reply = FreeDayReplyData(
                campus=campus,
                asked=asked,
                day=date,
                results=day_overview(campus, {date: day}, asked.query, moments),
                min_gap=coordinator.min_gap,
                age=age,
                now=now,
                can_share=can_share,
                understood=understood,
            )
            return RenderedReply(free_day_reply(reply), None)

        cache_key = asked, day.revision, age, can_share, understood
        rendered = await self._coalescer.get_or_compute(now, cache_key, build_reply)
        await responder.send(rendered.view)

    def read_custom_id(self, fields: Mapping[str, str]) -> FreeQueryId:
        """Return the question that the fields of a custom id hold."""
        campus = self._campuses.get(fields["campus"]).campus
        return FreeQueryId.from_fields(fields, campus, truncate_to_second(self._now()))


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None


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
