"""One answer for all who ask alike within a second: ten to the hour whole lecture halls ask."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from datetime import datetime

from discord import ui

from cogs.ui.image_attachment import ImageAttachment
from core.availability.campus_day import CampusDays


@dataclass(frozen=True, slots=True)
class RenderedReply:
    """What an answer shows. Its view is finished, and so can be sent any number of times."""

    view: ui.LayoutView
    image: ImageAttachment | None


class ReplyCoalescer:
    """Has each answer of a second worked out once, however many ask for it."""

    def __init__(self) -> None:
        self._second: datetime | None = None
        self._replies: dict[Hashable, asyncio.Task[RenderedReply]] = {}

    async def get_or_compute(
        self,
        second: datetime,
        key: Hashable,
        build: Callable[[], Coroutine[None, None, RenderedReply]],
    ) -> RenderedReply:
        """Return the answer of that second, worked out unless it has been.

        `asked` names all that it depends on beside the second: the question, and which data.
        """
        if second != self._second:
            self._second, self._replies = second, {}
        task = self._replies.get(key)
        if task is None:
            task = self._replies[key] = asyncio.create_task(build())
        # Shielded: one asker who goes away must not end it for the others.
        return await asyncio.shield(task)


def truncate_to_second(moment: datetime) -> datetime:
    """Return the second that a moment is in: what members read is no finer."""
    return moment.replace(microsecond=0)


def data_revisions(days: CampusDays) -> Hashable:
    """Return which readings of a campus's days an answer is made from."""
    return tuple(each.revision for each in days.values())
