"""What all pictures have around what they show: a title above, a key and the age below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from core.model import Interval
from core.pictures import look
from core.pictures.lettering import fitted, width_of
from core.pictures.sheet import Mark, Sheet

TOP = 68
"""Where what is shown begins, below the title."""

_LINE = 34
"""From one line of the foot to the next."""

_APART = 20


@dataclass(frozen=True, slots=True)
class Data:
    """When what is drawn was read: from the oldest to the youngest; None where nothing was."""

    read: tuple[datetime, datetime] | None
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class Foot:
    """What stands below: words and marks of the key, and `told` of zone and age."""

    words: Sequence[str]
    marks: Sequence[Mark]
    told: str
    is_warning: bool

    @property
    def _key(self) -> int:
        marks = (look.SWATCH + look.GAP + width_of(each.value, look.SMALL) for each in self.marks)
        parts = [*(width_of(each, look.SMALL) for each in self.words), *marks]
        return sum(parts) + _APART * len(parts)

    @property
    def lines(self) -> int:
        """How many lines it takes."""
        space = look.WIDTH - 2 * look.MARGIN - width_of(self.told, look.SMALL)
        return 1 if self._key <= space else 2

    def write(self, sheet: Sheet, base: int) -> None:
        """Write it, the last line at that height."""
        above = base - _LINE * (self.lines - 1)
        x = look.MARGIN
        for mark in self.marks:
            middle = above - look.SMALL.rise
            sheet.mark((x, middle - 10, x + look.SWATCH, middle + 10), mark)
            x += look.SWATCH + look.GAP
            sheet.write((x, above), mark.value, look.SMALL, look.QUIET)
            x += width_of(mark.value, look.SMALL) + _APART
        for word in self.words:
            sheet.write((x, above), word, look.SMALL, look.QUIET)
            x += width_of(word, look.SMALL) + _APART
        ink = look.WARNING if self.is_warning else look.QUIET
        place = (look.WIDTH - look.MARGIN, base)
        sheet.write(place, self.told, look.SMALL, ink, align="right")


def framed(height: int, title: str, aside: str, foot: Foot) -> Sheet:
    """Return a sheet for something that high, with its title, what stands opposite, and foot."""
    total = TOP + height + _LINE * foot.lines + look.MARGIN + 4
    sheet = Sheet(total)
    space = look.WIDTH - 2 * look.MARGIN
    aside = fitted(aside, look.SMALL, space // 2)
    title = fitted(title, look.TITLE, space - width_of(aside, look.SMALL) - look.MARGIN)
    base = look.MARGIN + look.TITLE.size - 6
    sheet.write((look.MARGIN, base), title, look.TITLE, look.PLAIN)
    sheet.write((look.WIDTH - look.MARGIN, base), aside, look.SMALL, look.QUIET, align="right")
    foot.write(sheet, total - look.MARGIN)
    return sheet


def foot(
    data: Data,
    hours: Interval,
    zone: ZoneInfo,
    *,
    marks: Sequence[Mark],
    words: Sequence[str] = (),
    day: date | None = None,
) -> Foot:
    """Return the foot of a picture of those hours; readings of `day` are told without a date."""
    names = dict.fromkeys(zone_name(each, zone) for each in (hours.start, hours.end))
    told = "/".join(names)
    return Foot(words, marks, f"{told} · {age(data, zone, day=day, named=told)}", data.is_stale)


def age(data: Data, zone: ZoneInfo, *, day: date | None = None, named: str = "") -> str:
    """Say when the data was read, on the campus's clock: a picture cannot count on.

    Times are told without their date where all are of `day`, and without their zone where
    that is `named` elsewhere.
    """
    if data.read is None:
        return "never read"
    shown = [each.astimezone(zone) for each in data.read]
    times = [
        f"{each:%H:%M}" if {one.date() for one in shown} == {day} else f"{each.day} {each:%b %H:%M}"
        for each in shown
    ]
    span = " to ".join(dict.fromkeys(times))
    zones = "/".join(dict.fromkeys(zone_name(each, zone) for each in data.read))
    beside = "" if zones == named else f" {zones}"
    return f"read {span}{beside}{', old' if data.is_stale else ''}"


def zone_name(moment: datetime, zone: ZoneInfo) -> str:
    """Return what the zone is called then: by letters, or where it has none, by its offset."""
    name = f"{moment.astimezone(zone):%Z}"
    # Such as "+11" and "+1030".
    return name if name.isalpha() else f"UTC{name[:3]}{':' * bool(name[3:])}{name[3:]}"
