"""The questions that buttons and selects carry in their custom ids, 100 characters at most.

A custom id begins with the version of its form, so that those of old messages stay told
apart, and says what pressing it does. All state is in it: nothing is kept for a message.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime
from typing import Self

from core.errors import InvalidDateError, TooManyBuildingsError

VERSION = "1"

_MAX_BUILDING_CODES = 26
"""Characters for the codes of several buildings: what custom ids have to spare."""

_CAMPUS_AND_BUILDING = r"(?P<campus>[^:]+):(?P<building>[^:]*)"


@dataclass(frozen=True, slots=True)
class FreeQueryId:
    """Which rooms are free: what `/free` was asked, and the page that is shown.

    `at` is None for now, whenever that is: a page of "now" is asked anew as it is turned.
    `feature` is its mark: names are too long for a custom id.
    """

    campus: str
    buildings: tuple[str, ...]
    minutes: int
    at: datetime | None
    capacity: int | None
    feature: str | None = None
    page: int = 0

    def __post_init__(self) -> None:
        if len(self.buildings) > 1 and len(" ".join(self.buildings)) > _MAX_BUILDING_CODES:
            raise TooManyBuildingsError

    def encode(self, action: str) -> str:
        """Return the custom id of the component that asks this and does that with the answer."""
        at = "now" if self.at is None else int(self.at.timestamp())
        return (
            f"{VERSION}:free:{action}:{self.campus}:{' '.join(self.buildings)}"
            f":{self.minutes}:{at}:{self.capacity or 0}:{self.page}"
            f"{f':{self.feature}' if self.feature else ''}"
        )

    def with_page_offset(self, offset: int) -> Self:
        """Return the question for the page that many further on."""
        return replace(self, page=self.page + offset)

    def for_building(self, building: str | None) -> Self:
        """Return the same question of another building, None for all, from its first page."""
        return replace(self, buildings=(building,) if building else (), page=0)

    def refreshed(self) -> Self:
        """Return the same question for now, from its first page."""
        return replace(self, at=None, page=0)

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read the question back from a custom id."""
        return cls(
            campus=match["campus"],
            buildings=tuple(match["building"].split()),
            minutes=int(match["minutes"]),
            at=None if match["at"] == "now" else datetime.fromtimestamp(int(match["at"]), UTC),
            capacity=int(match["capacity"]) or None,
            feature=match["feature"],
            page=int(match["page"]),
        )


FREE_TEMPLATE = (
    rf"{VERSION}:free:(?P<does>previous|next|update|share|pick|open):{_CAMPUS_AND_BUILDING}"
    r":(?P<minutes>\d{1,4}):(?P<at>now|\d{1,11}):(?P<capacity>\d{1,6}):(?P<page>\d{1,4})"
    r"(?::(?P<feature>[0-9a-f]{6}))?"
)


def feature_hash(feature: str) -> str:
    """Return the mark by which a custom id names a feature."""
    return hashlib.sha256(feature.encode()).hexdigest()[:6]


@dataclass(frozen=True, slots=True)
class BuildingQueryId:
    """A building's day; `day` is None for today, whenever that is."""

    campus: str
    building: str
    day: date | None
    page: int = 0

    def encode(self, action: str) -> str:
        """Return the custom id of the component that asks this and does that with the answer."""
        day = self.day.isoformat() if self.day else "today"
        return f"{VERSION}:building:{action}:{self.campus}:{self.building}:{day}:{self.page}"

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
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read the question back from a custom id.

        Raises:
            InvalidDateError: its day is in no calendar.
        """
        day = None if match["day"] == "today" else _day(match["day"])
        return cls(match["campus"], match["building"], day, int(match["page"]))


@dataclass(frozen=True, slots=True)
class RoomWeekId:
    """A room's week; `monday` is None for this week, whenever that is.

    What leads to another week names its Monday, so that it means the same however old the
    message is.
    """

    campus: str
    room: str
    monday: date | None

    def encode(self, action: str) -> str:
        """Return the custom id of the component that asks this and does that with the answer."""
        week = self.monday.isoformat() if self.monday else "now"
        return f"{VERSION}:room:{action}:{self.campus}:{self.room}:{week}"

    def for_week(self, monday: date) -> Self:
        """Return the same question of the week that begins then."""
        return replace(self, monday=monday)

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read the question back from a custom id.

        Raises:
            InvalidDateError: its week is in no calendar, or begins on no Monday.
        """
        monday = None if match["week"] == "now" else _day(match["week"])
        # A week of the calendar's first or last year may have days that are in none.
        if monday and (monday.weekday() or monday.year in {MINYEAR, MAXYEAR}):
            raise InvalidDateError(match["week"])
        return cls(match["campus"], match["room"], monday)


ROOM_TEMPLATE = (
    rf"{VERSION}:room:(?P<does>previous|next|update|share)"
    r":(?P<campus>[^:]+):(?P<room>[A-Za-z0-9._-]{1,40}):(?P<week>now|\d{4}-\d\d-\d\d)"
)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as err:
        raise InvalidDateError(text) from err


BUILDING_TEMPLATE = (
    rf"{VERSION}:building:(?P<does>previous|next|update|share|pick|open):{_CAMPUS_AND_BUILDING}"
    r":(?P<day>today|\d{4}-\d\d-\d\d):(?P<page>\d{1,4})"
)
