"""The one palette of all pictures: which place a colour has in it.

Drawn with places in a palette rather than in full colour: that is what makes files small, and
to find a palette for a finished picture takes longer than all the rest.
"""

from functools import cache

from core.pictures import look
from core.pictures.look import Colour, Ink

_STEPS = 4
"""Colours from a ground to what is drawn on it, so that letters have smooth edges."""


def _ramp(ink: Ink) -> list[Colour]:
    return [look.between(ink.ground, ink.colour, step / _STEPS) for step in range(_STEPS + 1)]


_RAMPS = {ink: _ramp(ink) for ink in look.INKS}

COLOURS = tuple(
    dict.fromkeys(
        [*look.FIELDS, *look.SHADES, *(each for ramp in _RAMPS.values() for each in ramp)]
    )
)
"""By their places; no more than 256."""

_PLACES = {colour: place for place, colour in enumerate(COLOURS)}


def place(colour: Colour) -> int:
    """Return the place of a colour of the look."""
    return _PLACES[colour]


@cache
def places(ink: Ink) -> list[int]:
    """Return the places for how much of the ink covers a pixel, 0 to 255."""
    ramp = [_PLACES[each] for each in _RAMPS[ink]]
    return [ramp[(cover * _STEPS + 127) // 255] for cover in range(256)]
