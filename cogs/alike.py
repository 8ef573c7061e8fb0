"""One answer for all who ask alike within a second: ten to the hour whole lecture halls ask."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from datetime import datetime

from discord import ui

from cogs.pictures import Picture
from core.availability import CampusDays


@dataclass(frozen=True, slots=True)
class Shown:
    """What an answer shows. Its view is finished, and so can be sent any number of times."""

    view: ui.LayoutView
    picture: Picture | None


class Alike:
    """Has each answer of a second worked out once, however many ask for it."""

    def __init__(self) -> None:
        self._second: datetime | None = None
        self._answers: dict[Hashable, asyncio.Task[Shown]] = {}

    async def shown(
        self,
        second: datetime,
        asked: Hashable,
        work_out: Callable[[], Coroutine[None, None, Shown]],
    ) -> Shown:
        """Return the answer of that second, worked out unless it has been.

        `asked` names all that it depends on beside the second: the question, and which data.
        """
        if second != self._second:
            self._second, self._answers = second, {}
        task = self._answers.get(asked)
        if task is None:
            task = self._answers[asked] = asyncio.create_task(work_out())
        # Shielded: one asker who goes away must not end it for the others.
        return await asyncio.shield(task)


def whole_second(moment: datetime) -> datetime:
    """Return the second that a moment is in: what members read is no finer."""
    return moment.replace(microsecond=0)


def versions(days: CampusDays) -> Hashable:
    """Return which readings of a campus's days an answer is made from."""
    return tuple(each.version for each in days.values())
