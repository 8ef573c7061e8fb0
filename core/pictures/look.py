"""One look for all pictures: colours, type and spacing, at twice the size of the screen's points.

A picture has a ground of its own, dark and opaque, so that it reads alike in a dark and in a
light client. No colour stands alone: free is filled and booked is empty, closed is striped,
unknown is hatched and says so.
"""

from typing import NamedTuple

Colour = tuple[int, int, int]


class Ink(NamedTuple):
    """A colour to write in, and the one that it is written on."""

    colour: Colour
    ground: Colour


class Face(NamedTuple):
    """A kind of type; its size is in pixels."""

    size: int
    is_bold: bool = False

    @property
    def rise(self) -> int:
        """How far below the middle of a line its letters stand, so that they look centred."""
        # Capitals and digits of Inter are 0.727 of its size high.
        return round(self.size * 0.364)


def between(one: Colour, other: Colour, part: float) -> Colour:
    """Return the colour so far on the way from one to the other, 0 to 1."""
    red, green, blue = (
        round(low + (high - low) * part) for low, high in zip(one, other, strict=True)
    )
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - WCAG
        for part in (each / 255 for each in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


GROUND: Colour = (0x1E, 0x22, 0x28)
TRACK: Colour = (0x30, 0x37, 0x40)
LINE: Colour = (0x45, 0x4C, 0x56)
FREE: Colour = (0x5C, 0xD6, 0xA9)
CLOSED: Colour = (0x12, 0x15, 0x19)
NOW: Colour = (0xFF, 0xC8, 0x57)
EMPTIEST: Colour = (0x2A, 0x35, 0x46)
FULLEST: Colour = (0x8F, 0xF0, 0xC8)
SHADES = tuple(between(EMPTIEST, FULLEST, tenth / 10) for tenth in range(11))
"""The scale of shares, from none free to all free; lighter is freer."""

STRIPES = Ink((0x6C, 0x75, 0x81), CLOSED)
HATCHES = Ink((0xA8, 0x94, 0x5C), GROUND)
"""What is closed, and what is unknown."""

FIELDS = (GROUND, TRACK, LINE, FREE, CLOSED, NOW, STRIPES.colour, HATCHES.colour)
"""What is filled and striped with."""

_TEXT: Colour = (0xF2, 0xF4, 0xF6)
_MUTED: Colour = (0xB4, 0xBB, 0xC4)
_DARK: Colour = (0x0B, 0x24, 0x1B)
_BLACK: Colour = (0, 0, 0)
_WHITE: Colour = (255, 255, 255)

PLAIN = Ink(_TEXT, GROUND)
QUIET = Ink(_MUTED, GROUND)
WARNING = Ink(NOW, GROUND)
ON_FREE = Ink(_DARK, FREE)
ON_NOW = Ink(_DARK, NOW)
ON_SHADES = tuple(
    # On the shades in the middle, anything less than the extremes reads badly.
    Ink(max(_BLACK, _WHITE, key=lambda ink, on=shade: contrast(ink, on)), shade)  # type: ignore[misc]
    for shade in SHADES
)
INKS = (PLAIN, QUIET, WARNING, ON_FREE, ON_NOW, *ON_SHADES)
"""Everything that is written in."""

WIDTH = 880
MARGIN = 24
ROW = 36
BAR = 28
GAP = 8
SWATCH = 28
"""The width of a mark in the key."""

TITLE = Face(30, is_bold=True)
BODY = Face(24)
SMALL = Face(20)
STRONG = Face(20, is_bold=True)
