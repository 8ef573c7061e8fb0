"""What a reply of `/free` is made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cogs.ui.custom_ids import FreeQueryId
from cogs.ui.image_attachment import ImageAttachment
from cogs.ui.replies.understood import NOTHING_TO_SAY, Understanding
from core.availability.counts import RoomCounts
from core.availability.gap_index import FreeRoom
from core.availability.plan import PlanPiece
from core.availability.queries import FreeRooms, FreeRoomsQuery
from core.data.status import DataAge
from core.model.campus import Building, Campus

_NOW_TOLERANCE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class FreeReplyData:
    """All that a reply of `/free` shows.

    `rooms` are the free rooms in the order in which they fit best. `counts` are (code, name,
    counts) of all buildings; their `free` counts rooms that fit the question. `plan` is empty
    where a room is free. `asked_by` is the member who shared the reply, None in a private one.
    `min_gap` is the shortest gap that counts.
    """

    campus: Campus
    asked: FreeQueryId
    result: FreeRooms
    rooms: Sequence[FreeRoom]
    counts: Sequence[tuple[str, str, RoomCounts]]
    plan: Sequence[PlanPiece]
    min_gap: timedelta
    age: DataAge
    now: datetime
    can_share: bool
    asked_by: int | None = None
    image: ImageAttachment | None = None
    understood: Understanding = NOTHING_TO_SAY

    @property
    def query(self) -> FreeRoomsQuery:
        """The question."""
        return self.result.query

    @property
    def buildings(self) -> list[Building]:
        """The buildings asked about, empty for the whole campus."""
        named = (self.campus.building(code) for code in self.query.buildings)
        return [building for building in named if building]

    @property
    def is_past(self) -> bool:
        """Whether the question is about a time that is over."""
        return self.query.moment < self.now - _NOW_TOLERANCE

    @property
    def is_now(self) -> bool:
        """Whether the question is about the present."""
        return abs(self.query.moment - self.now) < _NOW_TOLERANCE

    @property
    def is_shared(self) -> bool:
        """Whether the reply stays in a channel, where "now" would soon be wrong."""
        return self.asked_by is not None

    @property
    def has_filters(self) -> bool:
        """Whether rooms that are free may not fit."""
        query = self.query
        return bool(query.at_least > self.min_gap or query.capacity or query.features)
