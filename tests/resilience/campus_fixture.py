"""The campus of the resilience tests, and what is true of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fakes.live25.bookings import Months, subject_date
from tests import oracle
from tests.oracle import Hours, Knowledge, Oracle, RoomName
from tests.recordings import Recording

DAYS = 6
"""As many days are there: the fewer, the less has to be read again and again."""

_SHORTEST_NAME = 8
"""A shorter name of an event, such as "Closed", is a word that the bot may say."""

_HOURS = ("07:00", "23:00")


@dataclass(frozen=True)
class Grounds:
    """What a 25Live instance answers, what is free by that, and names that must stay there."""

    answers: Months
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


def grounds(recording: Recording) -> Grounds:
    """Return the first days of a campus; what is in the answers may be changed at will."""
    answers = recording.answers().first_days(DAYS)
    labels = {room: str(each["subjects"][0]["itemName"]) for room, each in answers.items()}
    return Grounds(answers, _says(answers, labels), labels, _event_names(answers))


def _event_names(answers: Months) -> frozenset[str]:
    names = {
        str(item["itemName"])
        for answer in answers.values()
        for subject in answer["subjects"]
        for item in subject["items"]
    }
    return frozenset(name for name in names if len(name) >= _SHORTEST_NAME)


def _says(answers: Months, labels: dict[str, str]) -> Oracle:
    rooms: dict[str, list[RoomName]] = {}
    for id_, label in sorted(labels.items(), key=lambda each: each[1]):
        code, name = label.split(" ", 1)
        rooms.setdefault(code, []).append(RoomName(id_, name))
    buildings = [Hours(code, *_HOURS, tuple(each)) for code, each in sorted(rooms.items())]
    return Oracle(oracle.UMD_ZONE, buildings, _knowledge(answers))


def _knowledge(answers: Months) -> Knowledge:
    known: dict[date, dict[str, oracle.RoomFacts]] = {}
    for room, answer in answers.items():
        for subject in answer["subjects"]:
            day = subject_date(subject)
            facts = oracle.facts_of_items(subject["items"], zone=oracle.UMD_ZONE, day=day)
            known.setdefault(day, {})[room] = facts
    return known
