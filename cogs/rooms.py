"""`/free` and `/building`: what a member asks of the rooms, by command, button or select."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from discord import app_commands
from discord.ext import commands

from cogs.alike import Alike, Shown, versions, whole_second
from cogs.answers import Answer, Interaction, Press, Way, answer_to_press, cog_of
from cogs.campuses import Campuses
from cogs.completion import (
    Choices,
    building_choices,
    building_counts,
    buildings_choices,
    date_choices,
    feature_choices,
    time_choices,
)
from cogs.pictures import Pictures
from cogs.questions import (
    BUILDING_TEMPLATE,
    FREE_TEMPLATE,
    BuildingQuestion,
    FreeQuestion,
    feature_mark,
)
from cogs.replies.building import BuildingReply, building_page, building_reply
from cogs.replies.free import FreeReply, free_reply
from core.availability import (
    Question,
    building_day,
    days_at,
    free_rooms,
)
from core.errors import UnknownFeatureError
from core.model import Campus
from core.sampler import Sampler
from core.search import find_building, find_buildings, find_feature
from core.when import read_date, read_moment

_Text = app_commands.Range[str, 1, 100]


class Rooms(commands.Cog):
    """Answers questions about rooms from the schedules; keeps nothing of its own."""

    def __init__(
        self,
        campuses: Campuses,
        pictures: Pictures,
        sampler: Sampler,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._campuses = campuses
        self._pictures = pictures
        self._sampler = sampler
        self._now = now
        self._alike = Alike()

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
        schedule = self._campuses.asked(interaction)
        campus, now = schedule.campus, self._now()
        asks_now = date is None and (at is None or at.strip().casefold() == "now")
        moment = None if asks_now else read_moment(at, date, now=now, zone=campus.timezone)
        buildings = find_buildings(campus, building) if building else ()
        question = FreeQuestion(
            campus=campus.id,
            buildings=tuple(each.code for each in buildings),
            minutes=minutes or schedule.min_gap // timedelta(minutes=1),
            at=moment,
            capacity=capacity,
            feature=feature_mark(find_feature(campus, feature)) if feature else None,
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
        schedule = self._campuses.asked(interaction)
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
    async def _complete_buildings(self, interaction: Interaction, typed: str) -> Choices:
        return buildings_choices(self._campuses.asked_or_none(interaction), typed, self._now())

    @free.autocomplete("feature")
    async def _complete_feature(self, interaction: Interaction, typed: str) -> Choices:
        return feature_choices(self._campuses.asked_or_none(interaction), typed)

    @building.autocomplete("code")
    async def _complete_building(self, interaction: Interaction, typed: str) -> Choices:
        return building_choices(self._campuses.asked_or_none(interaction), typed, self._now())

    @free.autocomplete("at")
    async def _complete_time(self, interaction: Interaction, typed: str) -> Choices:
        return time_choices(self._campuses.asked_or_none(interaction), typed, self._now())

    @free.autocomplete("date")
    @building.autocomplete("date")
    async def _complete_date(self, interaction: Interaction, typed: str) -> Choices:
        return date_choices(self._campuses.asked_or_none(interaction), typed, self._now())

    async def show_free(self, answer: Answer, asked: FreeQuestion) -> None:
        """Answer with one page of the rooms that are free."""
        schedule, now = self._campuses.of_message(asked.campus), whole_second(self._now())
        moment = asked.at or now
        if days_at(schedule.campus, moment) - schedule.remembered(moment).keys():
            await answer.later()
        days = await schedule.days_at(moment)
        age, can_share = schedule.age(days.values()), answer.can_be_shared

        async def worked_out() -> Shown:
            campus = schedule.campus
            counts, picture = building_counts(schedule, days, moment), None
            if not asked.buildings and (day := days.get(campus.day_of(moment))):
                picture = await self._pictures.of_campus(day, counts, moment, is_stale=age.is_stale)
            reply = FreeReply(
                campus=campus,
                asked=asked,
                answer=free_rooms(campus, days, _question(campus, asked, moment)),
                counts=counts,
                age=age,
                now=now,
                can_share=can_share,
                picture=picture,
            )
            return Shown(free_reply(reply), picture)

        alike = asked, versions(days), age, can_share
        shown = await self._alike.shown(now, alike, worked_out)
        await answer.give(shown.view, shown.picture)

    async def show_building(self, answer: Answer, asked: BuildingQuestion) -> None:
        """Answer with one page of a building's day."""
        schedule, now = self._campuses.of_message(asked.campus), whole_second(self._now())
        building = find_building(schedule.campus, asked.building)
        wanted = asked.day or building.day_of(now)
        if not schedule.remembers(wanted):
            await answer.later()
        day, today = await schedule.day(wanted), schedule.remembered(now)
        age, can_share = schedule.age([day]), answer.can_be_shared

        async def worked_out() -> Shown:
            reply = BuildingReply(
                campus=schedule.campus,
                asked=asked,
                answer=building_day(day, building, now),
                counts=building_counts(schedule, today, now),
                age=age,
                now=now,
                can_share=can_share,
            )
            if reply.answer.now:
                trend = await self._sampler.trend_or_none(schedule.campus, building.code)
                reply = replace(reply, trend=trend)
            page = building_page(reply)
            picture = await self._pictures.of_building(
                day, reply.answer, page.rooms, now, is_stale=age.is_stale
            )
            return Shown(building_reply(reply, page, picture), picture)

        alike = asked, versions({wanted: day}), versions(today), age, can_share
        shown = await self._alike.shown(now, alike, worked_out)
        await answer.give(shown.view, shown.picture)


def _question(campus: Campus, asked: FreeQuestion, moment: datetime) -> Question:
    """Return the question that a custom id asks.

    Raises:
        UnknownBuildingError, UnknownFeatureError: the campus has them no more.
    """
    feature = None
    if asked.feature:
        marks = {feature_mark(each): each for each in campus.features}
        feature = marks.get(asked.feature)
        if feature is None:
            raise UnknownFeatureError(asked.feature, (), are_known=bool(marks))
    return Question(
        moment,
        timedelta(minutes=asked.minutes),
        tuple(find_building(campus, each).code for each in asked.buildings),
        asked.capacity,
        feature,
    )


class FreePress(Press, template=FREE_TEMPLATE):
    """A button or select that asks which rooms are free."""

    async def pressed(self, interaction: Interaction) -> None:
        """Turn the page, ask for another building or for now, open, or share."""
        question = FreeQuestion.from_match(self.match)
        if self.chosen is not None:
            question = question.of(None if self.chosen == "*" else self.chosen)
        if answer := await answer_to_press(interaction, self.match["does"]):
            await cog_of(interaction, Rooms).show_free(answer, question)


class BuildingPress(Press, template=BUILDING_TEMPLATE):
    """A button or select that asks for a building's day."""

    async def pressed(self, interaction: Interaction) -> None:
        """Turn the page, ask for another building or again, open, or share."""
        question = BuildingQuestion.from_match(self.match)
        if self.chosen is not None:
            question = question.of(self.chosen)
        if answer := await answer_to_press(interaction, self.match["does"]):
            await cog_of(interaction, Rooms).show_building(answer, question)
