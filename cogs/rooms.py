"""`/free` and `/building`: what a member asks of the rooms, by command, button or select."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from discord import app_commands
from discord.ext import commands

from cogs.answers import Answer, Interaction, Press, Way, may_post, way_of_press
from cogs.completion import Choices, building_choices, building_counts, choices
from cogs.questions import (
    BUILDING_TEMPLATE,
    FREE_TEMPLATE,
    BuildingQuestion,
    FreeQuestion,
)
from cogs.replies.building import BuildingReply, building_reply
from cogs.replies.errors import NOT_HERE_SHARE, OLD_MENU
from cogs.replies.free import FreeReply, free_reply
from cogs.replies.panel import sentence
from core.availability import (
    Question,
    building_day,
    days_at,
    free_rooms,
)
from core.schedule import Schedule
from core.search import find_building
from core.when import read_date, read_moment, suggest_dates, suggest_times

_Text = app_commands.Range[str, 1, 100]


class Rooms(commands.Cog):
    """Answers questions about rooms from the schedules; keeps nothing of its own."""

    def __init__(self, schedules: Mapping[str, Schedule], *, now: Callable[[], datetime]) -> None:
        self._schedules = schedules
        self._now = now

    @app_commands.command(description="Which rooms are free, until when, and how sure that is")
    @app_commands.describe(
        building="Only rooms of this building",
        minutes="Only rooms free for at least this many minutes",
        at="A time like 14:30, 2:30 pm or +45; now if left out",
        date="A day like 2026-03-03, tomorrow or friday; today if left out",
        capacity="Only rooms with at least this many seats",
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
        share: bool = False,  # noqa: FBT001, FBT002 - Discord hands options over by name
    ) -> None:
        """Show the rooms that are free at a moment."""
        schedule = self._schedule()
        campus, now = schedule.campus, self._now()
        asks_now = date is None and (at is None or at.strip().casefold() == "now")
        moment = None if asks_now else read_moment(at, date, now=now, zone=campus.timezone)
        question = FreeQuestion(
            campus=campus.id,
            building=find_building(campus, building).code if building else None,
            minutes=minutes or schedule.min_gap // timedelta(minutes=1),
            at=moment,
            capacity=capacity,
        )
        await self.show_free(Answer(interaction, Way.PUBLIC if share else Way.PRIVATE), question)

    @app_commands.command(description="All free times of a building's rooms on one day")
    @app_commands.describe(
        code="The building",
        date="A day like 2026-03-03, tomorrow or friday; today if left out",
        share="Show the answer to all in this channel",
    )
    async def building(
        self,
        interaction: Interaction,
        code: _Text,
        date: _Text | None = None,
        share: bool = False,  # noqa: FBT001, FBT002 - Discord hands options over by name
    ) -> None:
        """Show a building's day."""
        schedule = self._schedule()
        campus = schedule.campus
        today = campus.day_of(self._now())
        question = BuildingQuestion(
            campus=campus.id,
            building=find_building(campus, code).code,
            day=read_date(date, today=today) if date else None,
        )
        answer = Answer(interaction, Way.PUBLIC if share else Way.PRIVATE)
        await self.show_building(answer, question)

    @free.autocomplete("building")
    @building.autocomplete("code")
    async def _complete_building(self, _: Interaction, typed: str) -> Choices:
        return building_choices(self._schedule(), typed, self._now())

    @free.autocomplete("at")
    async def _complete_time(self, _: Interaction, typed: str) -> Choices:
        zone = self._schedule().campus.timezone
        return choices(suggest_times(typed, now=self._now(), zone=zone))

    @free.autocomplete("date")
    @building.autocomplete("date")
    async def _complete_date(self, _: Interaction, typed: str) -> Choices:
        schedule = self._schedule()
        today = schedule.campus.day_of(self._now())
        return choices(suggest_dates(typed, today=today, known=schedule.known_days))

    def _schedule(self) -> Schedule:
        return next(iter(self._schedules.values()))

    async def show_free(self, answer: Answer, asked: FreeQuestion) -> None:
        """Answer with one page of the rooms that are free."""
        schedule = self._schedules.get(asked.campus)
        if schedule is None:
            await answer.give(sentence(OLD_MENU))
            return
        moment = asked.at or self._now()
        if days_at(schedule.campus, moment) - schedule.remembered(moment).keys():
            await answer.later()
        days = await schedule.days_at(moment)
        building = find_building(schedule.campus, asked.building).code if asked.building else None
        question = Question(moment, timedelta(minutes=asked.minutes), building, asked.capacity)
        reply = FreeReply(
            campus=schedule.campus,
            asked=asked,
            answer=free_rooms(schedule.campus, days, question),
            counts=building_counts(schedule, days, moment),
            age=schedule.age(days.values()),
            now=self._now(),
            can_share=_can_share(answer),
        )
        await answer.give(free_reply(reply))

    async def show_building(self, answer: Answer, asked: BuildingQuestion) -> None:
        """Answer with one page of a building's day."""
        schedule = self._schedules.get(asked.campus)
        if schedule is None:
            await answer.give(sentence(OLD_MENU))
            return
        now = self._now()
        building = find_building(schedule.campus, asked.building)
        wanted = asked.day or building.day_of(now)
        if not schedule.remembers(wanted):
            await answer.later()
        day = await schedule.day(wanted)
        reply = BuildingReply(
            campus=schedule.campus,
            asked=asked,
            answer=building_day(day, building, now),
            counts=building_counts(schedule, schedule.remembered(now), now),
            age=schedule.age([day]),
            now=now,
            can_share=_can_share(answer),
        )
        await answer.give(building_reply(reply))


def _can_share(answer: Answer) -> bool:
    """Offer to share what only the asker sees, where the asker may post."""
    message = answer.interaction.message
    is_private = answer.way is Way.PRIVATE or (
        answer.way is Way.IN_PLACE and message is not None and message.flags.ephemeral
    )
    return is_private and may_post(answer.interaction)


def _rooms(interaction: Interaction) -> Rooms:
    client: commands.AutoShardedBot = interaction.client
    cog = client.get_cog(Rooms.__name__)
    assert isinstance(cog, Rooms)  # noqa: S101 - the cog registers the buttons that come here
    return cog


class FreePress(Press, template=FREE_TEMPLATE):
    """A button or select that asks which rooms are free."""

    async def pressed(self, interaction: Interaction) -> None:
        """Turn the page, ask for another building or for now, open, or share."""
        question = FreeQuestion.from_match(self.match)
        if self.chosen is not None:
            question = question.of(None if self.chosen == "*" else self.chosen)
        if answer := await _answer_to_press(interaction, self.match["does"]):
            await _rooms(interaction).show_free(answer, question)


class BuildingPress(Press, template=BUILDING_TEMPLATE):
    """A button or select that asks for a building's day."""

    async def pressed(self, interaction: Interaction) -> None:
        """Turn the page, ask for another building or again, open, or share."""
        question = BuildingQuestion.from_match(self.match)
        if self.chosen is not None:
            question = question.of(self.chosen)
        if answer := await _answer_to_press(interaction, self.match["does"]):
            await _rooms(interaction).show_building(answer, question)


async def _answer_to_press(interaction: Interaction, does: str) -> Answer | None:
    """Return where the answer goes, None where it may not go there and that has been said."""
    if does == "open":
        return Answer(interaction, Way.PRIVATE)
    if does != "share":
        return Answer(interaction, way_of_press(interaction))
    if may_post(interaction):
        return Answer(interaction, Way.PUBLIC)
    await Answer(interaction, Way.PRIVATE).give(sentence(NOT_HERE_SHARE))
    return None
