"""The one palette of all pictures: which place a colour has in it.

Drawn with places in a palette rather than in full colour: that is what makes files small, and
to find a palette for a finished picture takes longer than all the rest.
"""

from functools import cache

from core.images import theme
from core.images.theme import Color, InkOn

_STEPS = 4
"""Colours from a ground to what is drawn on it, so that letters have smooth edges."""


def _antialias_steps(ink: InkOn) -> list[Color]:
    return [theme.mix(ink.background, ink.color, step / _STEPS) for step in range(_STEPS + 1)]


_STEPS_BY_INK = {ink: _antialias_steps(ink) for ink in theme.TEXT_INKS}

COLORS = tuple(
    dict.fromkeys(
        [
            *theme.FILL_COLORS,
            *theme.SHADES,
            *(each for ramp in _STEPS_BY_INK.values() for each in ramp),
        ]
    )
)
"""By their places; no more than 256."""

_INDEX_BY_COLOR = {colour: place for place, colour in enumerate(COLORS)}


def color_index(color: Color) -> int:
    """Return the place of a colour of the look."""
    return _INDEX_BY_COLOR[color]


@cache
def coverage_lut(ink: InkOn) -> list[int]:
    """Return the places for how much of the ink covers a pixel, 0 to 255."""
    ramp = [_INDEX_BY_COLOR[each] for each in _STEPS_BY_INK[ink]]
    return [ramp[(cover * _STEPS + 127) // 255] for cover in range(256)]
