"""The questions that buttons and selects carry in their custom ids, 100 characters at most.

A custom id begins with the version of its form, so that those of old messages stay told
apart, and says what pressing it does. All state is in it: nothing is kept for a message.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Self

VERSION = "1"

_TAIL = r"(?P<campus>[^:]+):(?P<building>[^:]*)"


@dataclass(frozen=True, slots=True)
class FreeQuestion:
    """Which rooms are free: what `/free` was asked, and the page that is shown.

    `at` is None for now, whenever that is: a page of "now" is asked anew as it is turned.
    """

    campus: str
    building: str | None
    minutes: int
    at: datetime | None
    capacity: int | None
    page: int = 0

    def custom_id(self, does: str) -> str:
        """Return the custom id of the component that asks this and does that with the answer."""
        at = "now" if self.at is None else int(self.at.timestamp())
        return (
            f"{VERSION}:free:{does}:{self.campus}:{self.building or ''}"
            f":{self.minutes}:{at}:{self.capacity or 0}:{self.page}"
        )

    def turned(self, pages: int) -> Self:
        """Return the question for the page that many further on."""
        return replace(self, page=self.page + pages)

    def of(self, building: str | None) -> Self:
        """Return the same question of another building, None for all, from its first page."""
        return replace(self, building=building, page=0)

    def anew(self) -> Self:
        """Return the same question for now, from its first page."""
        return replace(self, at=None, page=0)

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read the question back from a custom id."""
        return cls(
            campus=match["campus"],
            building=match["building"] or None,
            minutes=int(match["minutes"]),
            at=None if match["at"] == "now" else datetime.fromtimestamp(int(match["at"]), UTC),
            capacity=int(match["capacity"]) or None,
            page=int(match["page"]),
        )


FREE_TEMPLATE = (
    rf"{VERSION}:free:(?P<does>previous|next|update|share|pick|open):{_TAIL}"
    r":(?P<minutes>\d{1,4}):(?P<at>now|\d{1,11}):(?P<capacity>\d{1,6}):(?P<page>\d{1,4})"
)


@dataclass(frozen=True, slots=True)
class BuildingQuestion:
    """A building's day; `day` is None for today, whenever that is."""

    campus: str
    building: str
    day: date | None
    page: int = 0

    def custom_id(self, does: str) -> str:
        """Return the custom id of the component that asks this and does that with the answer."""
        day = self.day.isoformat() if self.day else "today"
        return f"{VERSION}:building:{does}:{self.campus}:{self.building}:{day}:{self.page}"

    def turned(self, pages: int) -> Self:
        """Return the question for the page that many further on."""
        return replace(self, page=self.page + pages)

    def anew(self) -> Self:
        """Return the same question: of today, where it is of no certain day."""
        return self

    def of(self, building: str) -> Self:
        """Return the same question of another building, from its first page."""
        return replace(self, building=building, page=0)

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read the question back from a custom id."""
        day = None if match["day"] == "today" else date.fromisoformat(match["day"])
        return cls(match["campus"], match["building"], day, int(match["page"]))


BUILDING_TEMPLATE = (
    rf"{VERSION}:building:(?P<does>previous|next|update|share|pick|open):{_TAIL}"
    r":(?P<day>today|\d{4}-\d\d-\d\d):(?P<page>\d{1,4})"
)
