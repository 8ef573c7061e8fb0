"""Request coalescing: identical queries within one second share one rendered reply."""

from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from datetime import datetime

from discord import ui

from cogs.ui.image_attachment import ImageAttachment
from core.availability.campus_day import CampusDays
from core.coalescing import Coalescer


@dataclass(frozen=True, slots=True)
class RenderedReply:
    """What an answer shows. Its view is finished, and so can be sent any number of times."""

    view: ui.LayoutView
    image: ImageAttachment | None


class ReplyCoalescer:
    """Computes each reply of a second once, however many members ask for it."""

    def __init__(self) -> None:
        self._second: datetime | None = None
        self._replies = Coalescer[Hashable, RenderedReply](keep_results=True)

    async def get_or_compute(
        self,
        second: datetime,
        key: Hashable,
        build: Callable[[], Coroutine[None, None, RenderedReply]],
    ) -> RenderedReply:
        """Return the reply of that second, built unless it has been.

        `key` names all that the reply depends on beside the second: the query, and which data.
        """
        if second != self._second:
            self._second = second
            self._replies.clear()
        return await self._replies.run(key, build)


def truncate_to_second(moment: datetime) -> datetime:
    """Return the second that a moment is in: what members read is no finer."""
    return moment.replace(microsecond=0)


def data_revisions(days: CampusDays) -> Hashable:
    """Return which readings of a campus's days an answer is made from."""
    return tuple(each.revision for each in days.values())
