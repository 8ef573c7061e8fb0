"""The questions that buttons and selects carry in their custom ids, 100 characters at most.

A custom id says what pressing the component does and holds all state: nothing is kept for a
message. Each format below is a table of the fields and their budgets; what they leave of
Discord's 100 characters is for fields to come. Ids of older messages are upgraded first.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta
from typing import Self

from cogs.ui.id_format import (
    Field,
    IdFormat,
    from_base36,
    number_field,
    to_base36,
    without_groups,
)
from cogs.ui.id_upgrade import OLD_BUILDING, OLD_FREE, OLD_ROOM, upgrade_custom_id
from core.availability.queries import FreeRoomsQuery
from core.errors import (
    InvalidDateError,
    OutdatedComponentError,
    TooManyBuildingsError,
    TooManyFeaturesError,
)
from core.model.campus import Campus

ACTIONS = {
    "previous": "p",
    "next": "n",
    "update": "u",
    "share": "s",
    "pick": "k",
    "open": "o",
    "refine": "r",
}
"""What a component does with the answer to its question, each with its letter.

`refine` answers in place like `update`: another duration, another reading of what was typed.
"""

MAX_FEATURES = 3

_MINUTE = timedelta(minutes=1)
_MARK_LENGTH = 4
_MARK_HEX_DIGITS = 5
_WHOLE_DAY = "D"
_CAMPUS = Field("campus", 20, "[a-z0-9-]")
_PAGE = number_field("page", 3)
_DAY = number_field("day", 5, can_be_empty=True)
"""The number of a day in the calendar; empty for today, this week, whenever that is."""

FREE_FORMAT = IdFormat(
    "f",
    ACTIONS,
    (
        _CAMPUS,
        Field("buildings", 26, "[^:]", can_be_empty=True),
        number_field("minutes", 3),
        # Minutes since 1970, or a D and the number of a whole day; empty for now.
        Field("at", 6, f"[{_WHOLE_DAY}0-9a-z]", can_be_empty=True),
        number_field("capacity", 4, can_be_empty=True),
        _PAGE,
        number_field("features", MAX_FEATURES * _MARK_LENGTH, can_be_empty=True),
    ),
)
BUILDING_FORMAT = IdFormat(
    "b", ACTIONS, (_CAMPUS, Field("building", 16, "[^:]", can_be_empty=True), _DAY, _PAGE)
)
ROOM_FORMAT = IdFormat(
    "r",
    {action: letter for action, letter in ACTIONS.items() if action != "pick"},
    (_CAMPUS, Field("room", 40, "[A-Za-z0-9._-]"), _DAY),
)

FREE_TEMPLATE = without_groups(f"{FREE_FORMAT.pattern}|{OLD_FREE}")
BUILDING_TEMPLATE = without_groups(f"{BUILDING_FORMAT.pattern}|{OLD_BUILDING}")
ROOM_TEMPLATE = without_groups(f"{ROOM_FORMAT.pattern}|{OLD_ROOM}")


@dataclass(frozen=True, slots=True)
class FreeQueryId:
    """A question of `/free` on a campus, and the page of the answer that is shown.

    `day` is set where a whole day is asked about, without a time of it; the moment of the query
    says nothing then.

    Raises:
        TooManyBuildingsError: their codes are longer than the field.
        TooManyFeaturesError: their marks are.
    """

    campus: str
    query: FreeRoomsQuery
    page: int = 0
    day: date | None = None

    def __post_init__(self) -> None:
        codes = self.query.buildings
        if len(codes) > 1 and len(" ".join(codes)) > FREE_FORMAT.budget("buildings"):
            raise TooManyBuildingsError
        if len(self.query.features) > MAX_FEATURES:
            raise TooManyFeaturesError(MAX_FEATURES)

    def encode(self, action: str) -> str:
        """Return the custom id of the component that asks this and does that with the answer."""
        query = self.query
        return FREE_FORMAT.encode(
            action,
            self.campus,
            " ".join(query.buildings),
            to_base36(query.at_least // _MINUTE),
            _encode_at(query, self.day),
            to_base36(query.capacity) if query.capacity else "",
            to_base36(self.page),
            "".join(map(feature_mark, query.features)),
        )

    def with_page_offset(self, offset: int) -> Self:
        """Return the question for the page that many further on."""
        return replace(self, page=self.page + offset)

    def for_building(self, building: str | None) -> Self:
        """Return the same question of another building, None for all, from its first page."""
        return self.with_query(replace(self.query, buildings=(building,) if building else ()))

    def refreshed(self) -> Self:
        """Return the same question for now, from its first page."""
        return replace(self.with_query(replace(self.query, is_now=True)), day=None)

    def with_query(self, query: FreeRoomsQuery) -> Self:
        """Return another question on the same campus, from its first page."""
        return replace(self, query=query, page=0)

    @classmethod
    def from_fields(cls, fields: Mapping[str, str], campus: Campus, now: datetime) -> Self:
        """Read the question back from the fields of a custom id.

        Raises:
            OutdatedComponentError: the campus does not have one of its features any more.
            InvalidDateError: its day is in no calendar.
        """
        at = fields["at"]
        day = _decode_day(at[1:]) if at.startswith(_WHOLE_DAY) else None
        is_now = not at or day is not None
        query = FreeRoomsQuery(
            now if is_now else datetime.fromtimestamp(from_base36(at) * 60, UTC),
            from_base36(fields["minutes"]) * _MINUTE,
            tuple(fields["buildings"].split()),
            from_base36(fields["capacity"]) or None,
            _features_of_marks(fields["features"], campus),
            is_now=is_now,
        )
        return cls(fields["campus"], query, from_base36(fields["page"]), day)


def _encode_at(query: FreeRoomsQuery, day: date | None) -> str:
    if day:
        return f"{_WHOLE_DAY}{_encode_day(day)}"
    return "" if query.is_now else to_base36(int(query.moment.timestamp()) // 60)


def feature_mark(feature: str) -> str:
    """Return the mark by which a custom id names a feature: names are too long for one."""
    digits = hashlib.sha256(feature.encode()).hexdigest()[:_MARK_HEX_DIGITS]
    return to_base36(int(digits, 16)).zfill(_MARK_LENGTH)


def _features_of_marks(marks: str, campus: Campus) -> tuple[str, ...]:
    found: list[str] = []
    for start in range(0, len(marks), _MARK_LENGTH):
        mark = marks[start : start + _MARK_LENGTH]
        named = [each for each in campus.features if feature_mark(each) == mark]
        if len(named) != 1:  # Two with one mark are told apart by nobody: rather ask again.
            raise OutdatedComponentError
        found += named
    return tuple(found)


@dataclass(frozen=True, slots=True)
class BuildingQueryId:
    """A building's day; `day` is None for today, whenever that is."""

    campus: str
    building: str
    day: date | None
    page: int = 0

    def encode(self, action: str) -> str:
        """Return the custom id of the component that asks this and does that with the answer."""
        page = to_base36(self.page)
        return BUILDING_FORMAT.encode(
            action, self.campus, self.building, _encode_day(self.day), page
        )

    def with_page_offset(self, offset: int) -> Self:
        """Return the question for the page that many further on."""
        return replace(self, page=self.page + offset)

    def refreshed(self) -> Self:
        """Return the same question: of today, where it is of no certain day."""
        return self

    def for_building(self, building: str) -> Self:
        """Return the same question of another building, from its first page."""
        return replace(self, building=building, page=0)

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Self:
        """Read the question back from the fields of a custom id.

        Raises:
            InvalidDateError: its day is in no calendar.
        """
        day, page = _decode_day(fields["day"]), from_base36(fields["page"])
        return cls(fields["campus"], fields["building"], day, page)


@dataclass(frozen=True, slots=True)
class RoomWeekId:
    """A room's week; `monday` is None for this week, whenever that is.

    A button to another week names its Monday, so that it means the same however old the
    message is.
    """

    campus: str
    room: str
    monday: date | None

    def encode(self, action: str) -> str:
        """Return the custom id of the component that asks this and does that with the answer."""
        return ROOM_FORMAT.encode(action, self.campus, self.room, _encode_day(self.monday))

    def for_week(self, monday: date) -> Self:
        """Return the same question of the week that begins then."""
        return replace(self, monday=monday)

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Self:
        """Read the question back from the fields of a custom id.

        Raises:
            InvalidDateError: its week is in no calendar, or begins on no Monday.
        """
        monday = _decode_day(fields["day"])
        # A week of the calendar's first or last year may have days that are in none.
        if monday and (monday.weekday() or monday.year in {MINYEAR, MAXYEAR}):
            raise InvalidDateError(monday.isoformat())
        return cls(fields["campus"], fields["room"], monday)


def decode_custom_id(id_format: IdFormat, custom_id: str) -> tuple[str, dict[str, str]]:
    """Return what pressing a component does, and the fields of its question by name.

    Raises:
        InvalidDateError: the id is of an older form, and its day is in no calendar.
    """
    return id_format.decode(upgrade_custom_id(custom_id))


def _encode_day(day: date | None) -> str:
    return to_base36(day.toordinal()) if day else ""


def _decode_day(text: str) -> date | None:
    try:
        return date.fromordinal(from_base36(text)) if text else None
    except (ValueError, OverflowError) as err:
        raise InvalidDateError(text) from err
