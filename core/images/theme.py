"""One look for all pictures: colours, type and spacing, at twice the size of the screen's points.

A picture has a ground of its own, dark and opaque, so that it reads alike in a dark and in a
light client. No colour stands alone: free is filled and booked is empty, closed is striped,
unknown is hatched and says so.
"""

from typing import NamedTuple

Color = tuple[int, int, int]


class InkOn(NamedTuple):
    """A colour to write in, and the one that it is written on."""

    color: Color
    background: Color


class Font(NamedTuple):
    """A kind of type; its size is in pixels."""

    size: int
    is_bold: bool = False

    @property
    def baseline_shift(self) -> int:
        """How far below the middle of a line its letters stand, so that they look centred."""
        # Capitals and digits of Inter are 0.727 of its size high.
        return round(self.size * 0.364)


def mix(one: Color, other: Color, amount: float) -> Color:
    """Return the colour so far on the way from one to the other, 0 to 1."""
    red, green, blue = (
        round(low + (high - low) * amount) for low, high in zip(one, other, strict=True)
    )
    return red, green, blue


def contrast(one: Color, other: Color) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - WCAG
        for part in (each / 255 for each in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


BACKGROUND: Color = (0x1E, 0x22, 0x28)
BOOKED: Color = (0x30, 0x37, 0x40)
GRID_LINE: Color = (0x45, 0x4C, 0x56)
FREE: Color = (0x5C, 0xD6, 0xA9)
CLOSED: Color = (0x12, 0x15, 0x19)
NOW: Color = (0xFF, 0xC8, 0x57)
LEAST_FREE: Color = (0x2A, 0x35, 0x46)
FREEST: Color = (0x8F, 0xF0, 0xC8)
SHADES = tuple(mix(LEAST_FREE, FREEST, tenth / 10) for tenth in range(11))
"""The scale of shares, from none free to all free; lighter is freer."""

CLOSED_STRIPES = InkOn((0x6C, 0x75, 0x81), CLOSED)
UNKNOWN_HATCHES = InkOn((0xA8, 0x94, 0x5C), BACKGROUND)
"""What is closed, and what is unknown."""

FILL_COLORS = (
    BACKGROUND,
    BOOKED,
    GRID_LINE,
    FREE,
    CLOSED,
    NOW,
    CLOSED_STRIPES.color,
    UNKNOWN_HATCHES.color,
)
"""What is filled and striped with."""

_LIGHT: Color = (0xF2, 0xF4, 0xF6)
_MUTED: Color = (0xB4, 0xBB, 0xC4)
_DARK: Color = (0x0B, 0x24, 0x1B)
_BLACK: Color = (0, 0, 0)
_WHITE: Color = (255, 255, 255)

TEXT = InkOn(_LIGHT, BACKGROUND)
MUTED_TEXT = InkOn(_MUTED, BACKGROUND)
WARNING_TEXT = InkOn(NOW, BACKGROUND)
ON_FREE = InkOn(_DARK, FREE)
ON_NOW = InkOn(_DARK, NOW)
ON_SHADES = tuple(
    # On the shades in the middle, anything less than the extremes reads badly.
    InkOn(max(_BLACK, _WHITE, key=lambda ink, on=shade: contrast(ink, on)), shade)  # type: ignore[misc]
    for shade in SHADES
)
TEXT_INKS = (TEXT, MUTED_TEXT, WARNING_TEXT, ON_FREE, ON_NOW, *ON_SHADES)
"""Everything that is written in."""

WIDTH = 880
MARGIN = 24
ROW_HEIGHT = 36
BAR_HEIGHT = 28
SPACING = 8
SWATCH_WIDTH = 28
"""The width of a mark in the key."""

TITLE_FONT = Font(30, is_bold=True)
BODY_FONT = Font(24)
SMALL_FONT = Font(20)
BOLD_FONT = Font(20, is_bold=True)
