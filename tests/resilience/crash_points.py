"""The points at which processes are killed, and how they are played: many at a time."""

import asyncio
import os
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import zip_longest

from tests.resilience.crash_checks import check_after_death, check_in_the_end
from tests.resilience.crash_environment import Place, Scene

Stops = tuple[int | None, ...]
Point = tuple[Stops, ...]
"""Who runs in each round, by the step at which each dies; None lives on.

A round is of processes that begin at once; the next begins when it is over, a while later.
After the last comes one more process that lives, if none does.
"""

_AT_ONCE = 16
_TOGETHER = 48
"""How many points share their waits: each may leave a process that lives until the end."""


def alone(steps: int) -> list[Point]:
    """One process dies at every step."""
    return [((step,),) for step in range(1, steps + 1)]


def in_turn(steps: int) -> list[Point]:
    """One dies anywhere, and so does the next that comes, at every step of what it has to do."""
    dice = random.Random(steps)  # noqa: S311 - repeatable, not secret
    # The next may have to wait for a lock or to look into the channel first.
    return [((dice.randint(1, steps),), (step,)) for step in range(1, 2 * steps + 1)]


def first_of_two(steps: int) -> list[Point]:
    """Of two that begin at once, the one that goes first dies, at every step."""
    return [((step, None),) for step in range(1, steps + 1)]


def second_of_two(steps: int) -> list[Point]:
    """Of two that begin at once, the one that goes second dies, at every step."""
    return [((None, step),) for step in range(1, steps + 1)]


def both(steps: int) -> list[Point]:
    """Two begin at once and die at steps of their own."""
    dice = random.Random(steps)  # noqa: S311 - repeatable, not secret
    return [((step, dice.randint(1, steps)),) for step in range(1, steps + 1)]


FORMS = (alone, in_turn, first_of_two, second_of_two, both)


def chosen(points: list[Point], most: int | None) -> list[Point]:
    """Return so many of them, evenly spread; or the one that KILL_STEPS names, as `17,40`."""
    if only := os.environ.get("KILL_STEPS"):
        steps = [int(step) for step in only.split(",")]
        return [each for each in points if _steps_of(each) == steps]
    if most is None or most >= len(points):
        return points
    return [points[int((number + 0.5) * len(points) / most)] for number in range(most)]


def _steps_of(point: Point) -> list[int]:
    return [step for stops in point for step in stops if step]


async def count_steps(scene: Scene) -> int:
    """Return how many steps a process takes that is not killed and meets nobody."""
    place = await scene.new_place()
    await scene.race(place, [None])
    (racer,) = place.racers
    await racer.until("over")
    await racer.kill()
    return racer.steps


async def play(
    scene: Scene, points: Sequence[Point], *, leap: timedelta = timedelta()
) -> tuple[int, list[str]]:
    """Play the points, and return how many processes died and what went wrong, and where."""
    deaths, faults = 0, list[str]()
    for start in range(0, len(points), _TOGETHER):
        game = Game(scene, leap)
        await game.play(points[start : start + _TOGETHER])
        deaths += sum(bool(racer.place) for place in game.places for racer in place.racers)
        faults += game.faults.values()
    return deaths, faults


class Game:
    """Points that are played together; each is at its first fault out of it."""

    def __init__(self, scene: Scene, leap: timedelta) -> None:
        self.places: list[Place] = []
        self.faults: dict[Place, str] = {}
        self._scene = scene
        self._leap = leap
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def play(self, points: Sequence[Point]) -> None:
        """Play them round by round, and kill all who are left."""
        self.places = [await self._scene.new_place() for _ in points]
        for stops in zip_longest(*points, fillvalue=()):
            await asyncio.gather(*map(self._round, self.places, stops))
            self._scene.leap(self.places, self._leap)
        await asyncio.gather(*map(self._the_end, self.places))
        await asyncio.gather(*(racer.kill() for each in self.places for racer in each.racers))

    async def _round(self, place: Place, stops: Stops) -> None:
        with self._noting(place):
            async with self._turns:
                await self._scene.race(place, stops, leap=self._leap)
            await check_after_death(self._scene, place)

    async def _the_end(self, place: Place) -> None:
        with self._noting(place):
            async with self._turns:
                if all(each.is_dead for each in place.racers):
                    await self._scene.race(place, [None])
            await check_in_the_end(self._scene, place)

    @contextmanager
    def _noting(self, place: Place) -> Iterator[None]:
        try:
            yield
        except (AssertionError, ValueError) as err:
            self.faults.setdefault(place, f"{err}: {place}")
