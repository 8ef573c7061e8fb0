"""`/room`: what a member asks of one room, by command or button."""

from collections.abc import Callable
from datetime import date, datetime

from discord import app_commands
from discord.ext import commands

from cogs.alike import Alike, Shown, versions, whole_second
from cogs.answers import Answer, Interaction, Press, Way, answer_to_press, cog_of
from cogs.campuses import Campuses
from cogs.completion import Choices, room_choices, week_choices
from cogs.pictures import Pictures
from cogs.questions import ROOM_TEMPLATE, RoomQuestion
from cogs.replies.room import RoomReply, room_reply
from core.availability import CampusDays
from core.errors import NoDataError
from core.model import DAY
from core.room_search import find_room, room_of_id
from core.room_week import room_week
from core.schedule import Schedule
from core.weeks import days_of_week, monday_of, read_week

_Text = app_commands.Range[str, 1, 100]


class RoomWeeks(commands.Cog):
    """Answers questions about one room from the schedules; keeps nothing of its own."""

    def __init__(
        self, campuses: Campuses, pictures: Pictures, *, now: Callable[[], datetime]
    ) -> None:
        self._campuses = campuses
        self._pictures = pictures
        self._now = now
        self._alike = Alike()

    @app_commands.command(description="One room: what it is now, and when it is free this week")
    @app_commands.describe(
        name="A room like CAS 211",
        week="This week, next week, or a day in it like 2026-03-03; this week if left out",
        share="Show the answer to all in this channel",
    )
    async def room(
        self,
        interaction: Interaction,
        name: _Text,
        week: _Text | None = None,
        share: bool = False,  # noqa: FBT001, FBT002 - Discord hands options over by name
    ) -> None:
        """Show a room's week."""
        campus = self._campuses.asked(interaction).campus
        building, room = room_of_id(campus, find_room(campus, name).id)
        today = building.day_of(self._now())
        question = RoomQuestion(
            campus=campus.id,
            room=room.id,
            monday=read_week(week, today=today) if week else None,
        )
        await self.show(Answer(interaction, Way.PUBLIC if share else Way.PRIVATE), question)

    @room.autocomplete("name")
    async def _complete_room(self, interaction: Interaction, typed: str) -> Choices:
        return room_choices(self._campuses.asked_or_none(interaction), typed, self._now())

    @room.autocomplete("week")
    async def _complete_week(self, interaction: Interaction, typed: str) -> Choices:
        return week_choices(self._campuses.asked_or_none(interaction), typed, self._now())

    async def show(self, answer: Answer, asked: RoomQuestion) -> None:
        """Answer with a room's week."""
        schedule = self._campuses.of_message(asked.campus)
        building, room = room_of_id(schedule.campus, asked.room)
        now = whole_second(self._now())
        today = building.day_of(now)
        monday = asked.monday or monday_of(today)
        if not schedule.remembers(today):
            await answer.later()
        days = await _known_days(schedule, monday, today)
        ahead = [day for day in days if day >= today]
        # What was read of days that are over is old, and stays so.
        age = schedule.age(days[day] for day in ahead or days)
        known, can_share = schedule.known_days, answer.can_be_shared

        async def worked_out() -> Shown:
            campus, week = schedule.campus, room_week(days, building, room, monday=monday, now=now)
            picture = await self._pictures.of_week(campus, days, week, now, is_stale=age.is_stale)
            reply = RoomReply(
                campus=campus,
                asked=asked,
                week=week,
                known=known,
                age=age,
                now=now,
                can_share=can_share,
                picture=picture,
            )
            return Shown(room_reply(reply), picture)

        alike = asked, versions(days), tuple(known), age, can_share
        shown = await self._alike.shown(now, alike, worked_out)
        await answer.give(shown.view, shown.picture)


async def _known_days(schedule: Schedule, monday: date, today: date) -> CampusDays:
    """Return what is known of a week, of today and of tomorrow, reading today if need be.

    Raises:
        NoDataError: nothing is known of the week.
    """
    week = days_of_week(monday)
    first = today if today in week else monday
    missing: NoDataError | None = None
    try:
        await schedule.day(first)
    except NoDataError as err:
        missing = err
    days = await schedule.known_among(sorted({*week, today, today + DAY}))
    if missing and not days.keys() & set(week):
        raise missing
    return days


class RoomPress(Press, template=ROOM_TEMPLATE):
    """A button that asks for a room's week."""

    async def pressed(self, interaction: Interaction) -> None:
        """Turn to another week, ask again, or share."""
        question = RoomQuestion.from_match(self.match)
        if answer := await answer_to_press(interaction, self.match["does"]):
            await cog_of(interaction, RoomWeeks).show(answer, question)
