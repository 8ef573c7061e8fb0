"""Makes a generated campus smaller for as long as it still fails."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

from tests.oracle import Hours
from tests.resilience.generated_days import GeneratedCampus, GeneratedResponses, GridAnswer, Subject

Fails = Callable[[GeneratedCampus], Awaitable[bool]]


async def shrink(campus: GeneratedCampus, fails: Fails) -> GeneratedCampus:
    """Return a campus from which nothing can be left out without the failure going, too."""
    smaller: GeneratedCampus | None = campus
    while smaller:
        campus = smaller
        smaller = None
        for each in _smaller(campus):
            if await fails(each):
                smaller = each
                break
    return campus


def _smaller(campus: GeneratedCampus) -> Iterator[GeneratedCampus]:
    if len(campus.readings) > 1:
        yield from (replace(campus, readings=(each,)) for each in campus.readings)
    if len(campus.days) > 1:
        yield replace(campus, days=campus.days[:-1])
    if len(campus.buildings) > 1:
        yield from (replace(campus, buildings=(each,)) for each in campus.buildings)
    for at, building in enumerate(campus.buildings):
        for fewer in _with_fewer_rooms(building):
            buildings = (*campus.buildings[:at], fewer, *campus.buildings[at + 1 :])
            yield replace(campus, buildings=buildings)
    for at, told in enumerate(campus.readings):
        for less in _less(told):
            yield replace(
                campus, readings=(*campus.readings[:at], less, *campus.readings[at + 1 :])
            )


def _with_fewer_rooms(building: Hours) -> Iterator[Hours]:
    if len(building.rooms) > 1:
        for room in building.rooms:
            rooms = tuple(each for each in building.rooms if each is not room)
            yield replace(building, rooms=rooms)


def _less(told: GeneratedResponses) -> Iterator[GeneratedResponses]:
    for at in range(len(told.reservations)):
        left = told.reservations[:at] + told.reservations[at + 1 :]
        yield replace(told, reservations=left)
    for key, answer in told.grids.items():
        for fewer in _with_fewer_subjects(answer):
            yield replace(told, grids={**told.grids, key: fewer})


def _with_fewer_subjects(answer: GridAnswer) -> Iterator[GridAnswer]:
    for at, subject in enumerate(answer.subjects):
        before, after = answer.subjects[:at], answer.subjects[at + 1 :]
        yield replace(answer, subjects=before + after)
        for fewer in _with_fewer_items(subject):
            yield replace(answer, subjects=(*before, fewer, *after))


def _with_fewer_items(subject: Subject) -> Iterator[Subject]:
    for at in range(len(subject.items)):
        yield replace(subject, items=subject.items[:at] + subject.items[at + 1 :])
