"""`/trends`, how busy it gets, and the tick that samples it."""

from collections.abc import Callable
from datetime import datetime

from discord import app_commands
from discord.ext import commands, tasks

from cogs import ticking
from cogs.alike import Alike, Shown, versions, whole_second
from cogs.answers import Answer, Interaction, Way
from cogs.campuses import Campuses
from cogs.completion import Choices, building_choices
from cogs.pictures import Pictures
from cogs.replies.trends import TrendsReply, trends_reply
from core.availability import CampusDays, Count, count
from core.campus_day import day_of_each
from core.model import Building
from core.sampler import Sampler
from core.search import find_building

_TICK = 5.0

_Text = app_commands.Range[str, 1, 100]


class Trends(commands.Cog):
    """Has the campuses sampled, and shows what comes of it."""

    def __init__(
        self,
        campuses: Campuses,
        sampler: Sampler,
        pictures: Pictures,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._campuses = campuses
        self._sampler = sampler
        self._pictures = pictures
        self._now = now
        self._alike = Alike()

    async def cog_load(self) -> None:
        """Start ticking."""
        self.sample_tick.start()

    async def cog_unload(self) -> None:
        """Stop ticking."""
        await ticking.end(self.sample_tick)

    # A plain tick, as those of the morning are; it keeps whatever goes wrong to itself.
    @tasks.loop(seconds=_TICK)
    async def sample_tick(self) -> None:
        """Sample what is due."""
        await self._sampler.tick()

    @app_commands.command(description="How busy it gets, and what is usual at this hour")
    @app_commands.describe(
        building="Only this building; the whole campus if left out",
        share="Show the answer to all in this channel",
    )
    async def trends(
        self,
        interaction: Interaction,
        building: _Text | None = None,
        share: bool = False,  # noqa: FBT001, FBT002 - Discord hands options over by name
    ) -> None:
        """Show how busy a building gets, or the campus."""
        schedule = self._campuses.asked(interaction)
        campus, now = schedule.campus, whole_second(self._now())
        only = find_building(campus, building) if building else None
        trend = await self._sampler.trend(campus, only.code if only else None)
        days = schedule.remembered(now)
        age = schedule.age(days.values())

        async def worked_out() -> Shown:
            picture = await self._pictures.of_trend(
                campus, only, trend, days, is_stale=age.is_stale
            )
            asked = (only,) if only else campus.buildings
            reply = TrendsReply(
                campus=campus,
                building=only,
                trend=trend,
                is_open=any(now in each.open_on(each.day_of(now)) for each in asked),
                now=_count(asked, days, now),
                age=age,
                picture=picture,
            )
            return Shown(trends_reply(reply), picture)

        alike = campus.id, only and only.code, trend.at, versions(days), age
        shown = await self._alike.shown(now, alike, worked_out)
        answer = Answer(interaction, Way.PUBLIC if share else Way.PRIVATE)
        await answer.give(shown.view, shown.picture)

    @trends.autocomplete("building")
    async def _complete_building(self, interaction: Interaction, typed: str) -> Choices:
        return building_choices(self._campuses.asked_or_none(interaction), typed, self._now())


def _count(buildings: tuple[Building, ...], days: CampusDays, now: datetime) -> Count:
    """Count the rooms of the buildings together."""
    dates = day_of_each(buildings, now)
    each = [count(days.get(day), of, now) for of, day in zip(buildings, dates, strict=True)]
    return Count(
        rooms=sum(one.rooms for one in each),
        free=sum(one.free for one in each),
        unknown=sum(one.unknown for one in each),
    )
