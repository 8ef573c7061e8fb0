"""The campus at a glance: buildings down, hours across, how much of each is free."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from core.glance import clock_slots
from core.model import Interval
from core.pictures import look
from core.pictures.frame import TOP, Data, Foot, foot, framed
from core.pictures.lettering import fitted, width_of
from core.pictures.sheet import Box, Mark, Sheet

_ROW = 44
_HEAD = 44
_APART = 16
"""Between two bands."""

_DOUBT = 10
"""How high the mark is of what is partly unknown."""

_WIDEST_NAME = 200


@dataclass(frozen=True, slots=True)
class BuildingShares:
    """A building's hours: the share of its known rooms' time that is free, from 0 to 1.

    None where nothing is known; an hour that is absent is one in which it is closed.
    `unknown` has the share of all its rooms' time of which nothing is known, where there is any.
    """

    name: str
    shares: Mapping[datetime, float | None]
    unknown: Mapping[datetime, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GlancePicture:
    """All that the picture shows; `hours` hold the opening hours of all buildings.

    The shares' hours are those that `clock_slots` makes of them.
    """

    title: str
    day: str
    hours: Interval
    buildings: Sequence[BuildingShares]
    now: datetime | None
    zone: ZoneInfo
    data: Data


def draw_glance(picture: GlancePicture) -> bytes:
    """Draw the campus; returns a PNG.

    Days of more hours than there is space for are drawn in bands, one below the other.
    """
    names = min(
        max((width_of(each.name, look.BODY) for each in picture.buildings), default=0),
        _WIDEST_NAME,
    )
    left = look.MARGIN + names + 2 * look.GAP
    slots = clock_slots(picture.hours, picture.zone)
    bands = _bands(slots, look.WIDTH - look.MARGIN - left)
    high = _HEAD + _ROW * len(picture.buildings) + _APART
    sheet = framed(high * len(bands) - _APART, picture.title, picture.day, _foot(picture, slots))
    for number, band in enumerate(bands):
        _band(sheet, (left, TOP + high * number), band, len(bands[0]), picture)
    return sheet.png()


def _bands(slots: Sequence[Interval], space: int) -> list[Sequence[Interval]]:
    """Divide the hours in equal parts that have space for their numbers."""
    most = space // (width_of("100", look.SMALL) + 4)
    number = -(-len(slots) // most)
    size = -(-len(slots) // number)
    return [slots[first : first + size] for first in range(0, len(slots), size)]


def _foot(picture: GlancePicture, slots: Sequence[Interval]) -> Foot:
    rows = picture.buildings
    marks = []
    if any(slot.start not in each.shares for each in rows for slot in slots):
        marks.append(Mark.CLOSED)
    if any(each.unknown or None in each.shares.values() for each in rows):
        marks.append(Mark.UNKNOWN)
    words = ["% free, lighter is freer"]
    day = picture.hours.start.astimezone(picture.zone).date()
    return foot(picture.data, picture.hours, picture.zone, marks=marks, words=words, day=day)


def _band(
    sheet: Sheet,
    place: tuple[int, int],
    slots: Sequence[Interval],
    most: int,
    picture: GlancePicture,
) -> None:
    """Draw some hours of all buildings, `most` being how many there are in the longest band."""
    left, top = place
    first = top + _HEAD
    space = look.WIDTH - look.MARGIN - left
    edges = [left + space * number // most for number in range(most + 1)]
    for slot, start, end in zip(slots, edges, edges[1:], strict=False):
        _hour(sheet, (start + 1, first - 36, end - 1, first - 4), slot, picture)
    for number, row in enumerate(picture.buildings):
        above = first + _ROW * number
        name = fitted(row.name, look.BODY, left - look.MARGIN - 2 * look.GAP)
        base = above + _ROW // 2 + look.BODY.rise
        sheet.write((look.MARGIN, base), name, look.BODY, look.PLAIN)
        for slot, start, end in zip(slots, edges, edges[1:], strict=False):
            _cell(sheet, (start + 1, above + 1, end - 1, above + _ROW - 1), row, slot.start)


def _hour(sheet: Sheet, box: Box, slot: Interval, picture: GlancePicture) -> None:
    is_now = picture.now is not None and picture.now in slot
    if is_now:
        sheet.fill(box, look.NOW)
    face, ink = (look.STRONG, look.ON_NOW) if is_now else (look.SMALL, look.QUIET)
    _center(sheet, box, f"{slot.start.astimezone(picture.zone):%H}", face, ink)


def _cell(sheet: Sheet, box: Box, row: BuildingShares, moment: datetime) -> None:
    if moment not in row.shares:
        sheet.mark(box, Mark.CLOSED)
        return
    share = row.shares[moment]
    if share is None:
        sheet.mark(box, Mark.UNKNOWN)
        sheet.label(box, "?")
        return
    tenth = round(share * 10)
    sheet.fill(box, look.SHADES[tenth])
    _center(sheet, box, f"{_percent(share)}", look.SMALL, look.ON_SHADES[tenth])
    if unknown := row.unknown.get(moment):
        left, _, right, bottom = box
        width = max(round(unknown * (right - left)), _DOUBT)
        sheet.mark((left, bottom - _DOUBT, left + width, bottom), Mark.UNKNOWN)


def _center(sheet: Sheet, box: Box, text: str, face: look.Face, ink: look.Ink) -> None:
    left, top, right, bottom = box
    place = ((left + right) // 2, (top + bottom) // 2 + face.rise)
    sheet.write(place, text, face, ink, align="middle")


def _percent(share: float) -> int:
    """Return hundredths; none and all only where it is none and all."""
    return min(max(round(share * 100), 1 if share else 0), 100 if share == 1 else 99)
