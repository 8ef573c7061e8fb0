"""`/room`: what a member asks of one room, by command or button."""

from collections.abc import Callable
from datetime import date, datetime

from discord import app_commands
from discord.ext import commands

from cogs.services import Services
from cogs.ui import navigation
from cogs.ui.autocomplete import Choices, room_choices, week_choices
from cogs.ui.campus_context import resolve_campus, resolve_campus_or_none
from cogs.ui.coalescing import RenderedReply, ReplyCoalescer, data_revisions, truncate_to_second
from cogs.ui.components import PersistentItem, require_cog
from cogs.ui.custom_ids import (
    ROOM_FORMAT,
    ROOM_TEMPLATE,
    BuildingQueryId,
    RoomWeekId,
    decode_custom_id,
)
from cogs.ui.images.service import ImageService
from cogs.ui.interaction import Interaction
from cogs.ui.replies.errors import error_message
from cogs.ui.replies.room import RoomReplyData, room_reply
from cogs.ui.replies.understood import (
    NOTHING_TO_SAY,
    Understanding,
    choices_view,
    place_understanding,
    room_choices_of,
)
from cogs.ui.responder import Responder, ResponseMode, responder_for_action
from core.availability.campus_day import CampusDays
from core.availability.week import room_week
from core.data.coordinator import CampusCoordinator
from core.errors import NoDataError, UserError
from core.lookup.places import find_room_or_building
from core.lookup.rooms import room_by_id
from core.lookup.when.weeks import parse_week
from core.model.calendar import DAY, days_of_week, monday_of
from core.model.campus import Building
from core.registry import CampusRegistry

_Text = app_commands.Range[str, 1, 100]


class RoomCog(commands.Cog):
    """Answers questions about one room from the schedules; keeps nothing of its own."""

    def __init__(
        self, campuses: CampusRegistry, images: ImageService, *, now: Callable[[], datetime]
    ) -> None:
        self._campuses = campuses
        self._images = images
        self._now = now
        self._coalescer = ReplyCoalescer()

    @app_commands.command(description="Check one room: free now? And this week?")
    @app_commands.describe(
        name="Room name: its building and number",
        week='Which week? "next week" or "Mar 10"; this week if left empty',
        share="Post the answer in this channel for everyone",
    )
    async def room(
        self,
        interaction: Interaction,
        name: _Text,
        week: _Text | None = None,
        share: bool = False,  # noqa: FBT001, FBT002 - Discord hands options over by name
    ) -> None:
        """Show a room's week, or the building that was named instead."""
        campus, now = resolve_campus(self._campuses, interaction).campus, self._now()
        monday = parse_week(week, now=now, campus=campus) if week else None
        # This week is a question that moves on with the weeks.
        monday = None if monday == monday_of(campus.local_date(now)) else monday
        try:
            place = find_room_or_building(campus, name)
        except UserError as err:
            choices = room_choices_of(err, campus, monday)
            if not choices:
                raise
            view = choices_view(error_message(err) or "", choices)
            await Responder(interaction, ResponseMode.EPHEMERAL).send(view)
            return
        responder = Responder(interaction, ResponseMode.PUBLIC if share else ResponseMode.EPHEMERAL)
        understood = place_understanding(place, name)
        if isinstance(place, Building):
            query = BuildingQueryId(campus.id, place.code, None)
            await navigation.show_building(responder, query, understood)
        else:
            await self.show_room(responder, RoomWeekId(campus.id, place.id, monday), understood)

    @room.autocomplete("name")
    async def _complete_room(self, interaction: Interaction, typed: str) -> Choices:
        return room_choices(resolve_campus_or_none(self._campuses, interaction), typed, self._now())

    @room.autocomplete("week")
    async def _complete_week(self, interaction: Interaction, typed: str) -> Choices:
        return week_choices(resolve_campus_or_none(self._campuses, interaction), typed, self._now())

    async def show_room(
        self,
        responder: Responder,
        query: RoomWeekId,
        understood: Understanding = NOTHING_TO_SAY,
    ) -> None:
        """Answer with a room's week."""
        coordinator = self._campuses.get(query.campus)
        building, room = room_by_id(coordinator.campus, query.room)
        now = truncate_to_second(self._now())
        today = building.business_day(now)
        monday = query.monday or monday_of(today)
        if not coordinator.is_cached(today):
            await responder.defer()
        days = await _stored_days(coordinator, monday, today)
        ahead = [day for day in days if day >= today]
        # What was read of days that are over is old, and stays so.
        age = coordinator.data_age(days[day] for day in ahead or days)
        known_days, can_share = coordinator.cached_dates, responder.can_share

        async def build_reply() -> RenderedReply:
            campus, week = (
                coordinator.campus,
                room_week(coordinator.cached_days, building, room, monday=monday, now=now),
            )
            image = await self._images.week(campus, days, week, now, is_stale=age.is_stale)
            reply = RoomReplyData(
                campus=campus,
                query=query,
                week=week,
                known_days=known_days,
                age=age,
                now=now,
                can_share=can_share,
                image=image,
                understood=understood,
            )
            return RenderedReply(room_reply(reply), image)

        revisions = data_revisions(days), tuple(known_days)
        cache_key = query, revisions, age, can_share, understood
        rendered = await self._coalescer.get_or_compute(now, cache_key, build_reply)
        await responder.send(rendered.view, rendered.image)


async def _stored_days(coordinator: CampusCoordinator, monday: date, today: date) -> CampusDays:
    """Return what is known of a week, of today and of tomorrow, reading today if need be.

    Raises:
        NoDataError: nothing is known of the week.
    """
    week = days_of_week(monday)
    first = today if today in week else monday
    missing: NoDataError | None = None
    try:
        await coordinator.get_day(first)
    except NoDataError as err:
        missing = err
    days = await coordinator.stored_days(sorted({*week, today, today + DAY}))
    if missing and not days.keys() & set(week):
        raise missing
    return days


class RoomComponent(PersistentItem, template=ROOM_TEMPLATE):
    """A button that asks for a room's week."""

    id_format = ROOM_FORMAT

    async def on_press(self, interaction: Interaction) -> None:
        """Turn to another week, ask again, or share."""
        action, fields = decode_custom_id(self.id_format, self.custom_id)
        query = RoomWeekId.from_fields(fields)
        if responder := await responder_for_action(interaction, action):
            await require_cog(interaction, RoomCog).show_room(responder, query)


async def setup(bot: commands.AutoShardedBot, services: Services) -> None:
    """Add the cog and its components."""
    await bot.add_cog(RoomCog(services.campuses, services.images, now=services.now))
    bot.add_dynamic_items(RoomComponent)
