"""The campus that chaos is driven on: the recorded one where it is there, else a made-up one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests import campus_answers, oracle
from tests.campus_answers import Answers
from tests.oracle import Hours, Knowledge, Oracle, RoomName

FIRST_DAY = campus_answers.FIRST_DAY
DAYS = 6
"""As many days are there: the fewer, the less has to be read again and again."""

_SHORTEST_NAME = 8
"""A shorter name of an event, such as "Closed", is a word that the bot may say."""

_HOURS = ("07:00", "23:00")
_MADE_UP_ROOMS = {"ATL": 14, "IRB": 6, "TMH": 9}


@dataclass(frozen=True)
class Grounds:
    """What a 25Live instance answers, what is free by that, and names that must stay there."""

    answers: Answers
    says: Oracle
    labels: dict[str, str]
    event_names: frozenset[str]

    def without(self, failing: Sequence[str]) -> Oracle:
        """Return what is free as far as one can know without what those rooms would answer."""
        knowledge = {
            day: {room: facts for room, facts in rooms.items() if room not in failing}
            for day, rooms in self.says.knowledge.items()
        }
        return Oracle(self.says.zone, list(self.says.buildings.values()), knowledge)


def grounds() -> Grounds:
    """Return the first days of a campus; what is in the answers may be changed at will."""
    found = campus_answers.recorded() if campus_answers.UMD.is_file() else _made_up()
    answers = campus_answers.first_days(found, DAYS)
    labels = {room: str(each["subjects"][0]["itemName"]) for room, each in answers.items()}
    return Grounds(answers, _says(answers, labels), labels, _event_names(answers))


def _event_names(answers: Answers) -> frozenset[str]:
    names = {
        str(item["itemName"])
        for answer in answers.values()
        for subject in answer["subjects"]
        for item in subject["items"]
    }
    return frozenset(name for name in names if len(name) >= _SHORTEST_NAME)


def _says(answers: Answers, labels: dict[str, str]) -> Oracle:
    rooms: dict[str, list[RoomName]] = {}
    for id_, label in sorted(labels.items(), key=lambda each: each[1]):
        code, name = label.split(" ", 1)
        rooms.setdefault(code, []).append(RoomName(id_, name))
    buildings = [Hours(code, *_HOURS, tuple(each)) for code, each in sorted(rooms.items())]
    return Oracle(oracle.UMD_ZONE, buildings, _knowledge(answers))


def _knowledge(answers: Answers) -> Knowledge:
    known: dict[date, dict[str, oracle.RoomFacts]] = {}
    for room, answer in answers.items():
        for subject in answer["subjects"]:
            day = campus_answers.day_of(subject)
            facts = oracle.facts_of_items(subject["items"], zone=oracle.UMD_ZONE, day=day)
            known.setdefault(day, {})[room] = facts
    return known


def _made_up() -> Answers:
    labels = [
        f"{code} {number:04}"
        for code, rooms in _MADE_UP_ROOMS.items()
        for number in range(100, 100 + rooms)
    ]
    return {
        str(id_): {"subjects": [_made_up_day(id_, label, shift) for shift in range(DAYS)]}
        for id_, label in enumerate(labels, start=3000)
    }


def _made_up_day(id_: int, label: str, shift: int) -> dict[str, Any]:
    items = [
        {
            "itemId2": id_ * 1000 + start,
            "itemName": f"Society of Made-Up Events {id_}-{shift}-{start}",
            "start": str(start),
            "end": str(start + 1.5),
            "type_id": 1,
        }
        for start in range(8 + (id_ + shift) % 3, 21, 3)
    ]
    day = FIRST_DAY + timedelta(days=shift)
    return {
        "itemId": id_,
        "itemName": label,
        "item_date": f"{day.isoformat()}T00:00:00",
        "items": items,
    }
