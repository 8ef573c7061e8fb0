"""The answers of public 25Live instances that the tests read: generated ones and recorded ones.

The recorded ones are not in the repository but in `shared`, a folder beside it; whoever has none
runs the same tests on the generated ones alone.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from fakes.live25.bookings import Months, subject_date
from fakes.live25.list_responses import Json
from tests.generated import lists
from tests.generated.month import month
from tests.oracle import UMD_ZONE, Hours, Oracle, RoomFacts, RoomName, facts_of_items

SHARED = Path(__file__).resolve().parents[2] / "shared"
NO_SHARED = "../shared, the folder of recorded data, is not beside the repository"
GENERATED, RECORDED = "generated", "recorded"
FIRST_DAY, LAST_DAY = date(2024, 11, 4), date(2024, 12, 4)
"""The days of every recorded month."""

_BLACKOUT = 2

_RECORDED = SHARED / "live25" / "recorded"


@dataclass(frozen=True)
class Recording:
    """A month of one campus, and the room lists of two others.

    The month has 35 rooms in the buildings ATL, IRB, NL and TMH. `joined` is a list whose names
    are "CODE number", with a column more than usual; `glued` one of names such as "CODE0123".
    `rooms` are a campus's buildings with their hours and rooms.
    """

    name: str
    load_month: Callable[[], bytes]
    load_joined: Callable[[], Json]
    load_glued: Callable[[], Json]
    load_rooms: Callable[[], Json]

    def answers(self, *, first_day: date = FIRST_DAY) -> Months:
        """Return the month moved to begin on `first_day`: answers that a test may change."""
        answers = Months(msgspec.json.decode(self.load_month()))
        by = first_day - FIRST_DAY
        for answer in answers.values() if by else ():
            for subject in answer["subjects"]:
                subject["item_date"] = f"{(subject_date(subject) + by).isoformat()}T00:00:00"
        return answers

    def items(self) -> dict[str, dict[date, list[dict[str, Any]]]]:
        """Return the items of the month by room id and day."""
        return {
            room: {subject_date(subject): subject["items"] for subject in answer["subjects"]}
            for room, answer in self.answers().items()
        }

    def names(self) -> dict[str, str]:
        """Return the names of the month's rooms by room id, such as "ATL 0201"."""
        return {
            room: str(answer["subjects"][0]["itemName"]) for room, answer in self.answers().items()
        }

    def holiday(self) -> date:
        """Return the first day that is blacked out, in the buildings that had a blackout."""
        return min(
            day
            for days in self.items().values()
            for day, items in days.items()
            if any(item["type_id"] == _BLACKOUT for item in items)
        )

    def oracle(
        self,
        *,
        opens: str = "07:00",
        closes: str = "23:00",
        min_gap: int = 28,
        is_missing: Callable[[str, date], bool] = lambda _room, _day: False,
    ) -> Oracle:
        """Return the oracle of the month.

        A building is the first word of a room's name; its rooms are in natural order.
        `is_missing` tells which room's data did not arrive on which day.
        """
        rooms: dict[str, list[RoomName]] = {}
        for id_, label in self.names().items():
            code, name = label.split(" ", 1)
            rooms.setdefault(code, []).append(RoomName(id_, name))
        buildings = [
            Hours(code, opens, closes, tuple(sorted(each, key=_by_number)))
            for code, each in sorted(rooms.items())
        ]
        knowledge: dict[date, dict[str, RoomFacts]] = {}
        for id_, days in _facts(self).items():
            for day, facts in days.items():
                here = knowledge.setdefault(day, {})
                if not is_missing(id_, day):
                    here[id_] = facts
        return Oracle(UMD_ZONE, buildings, knowledge, min_gap=min_gap)


@cache
def _facts(recording: Recording) -> Mapping[str, Mapping[date, RoomFacts]]:
    return {
        id_: {day: facts_of_items(items, zone=UMD_ZONE, day=day) for day, items in days.items()}
        for id_, days in recording.items().items()
    }


def _by_number(room: RoomName) -> tuple[int, str]:
    digits = re.match(r"\d+", room.name)
    return int(digits[0]) if digits else 10**6, room.name


@cache
def _generated_month() -> bytes:
    return msgspec.json.encode(month(FIRST_DAY))


@cache
def _file(name: str) -> bytes:
    return (_RECORDED / name).read_bytes()


def recorded_json(name: str) -> Any:
    """Return what a recorded file holds."""
    return json.loads(_file(name))


RECORDINGS = {
    each.name: each
    for each in (
        Recording(GENERATED, _generated_month, lists.joined, lists.glued, lists.rooms),
        Recording(
            RECORDED,
            lambda: _file("umd.2024-11-04.availability_daily.json"),
            lambda: recorded_json("brown.2022-09-11.listdata.json"),
            lambda: recorded_json("umass.2022-11-29.listdata.json"),
            lambda: recorded_json("bu.rooms.json"),
        ),
    )
}
