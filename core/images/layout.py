"""What all pictures have around what they show: a title above, a key and the age below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from core.clock_text import clock_text
from core.images import theme
from core.images.canvas import Canvas, Pattern
from core.images.text_rendering import text_width, truncate_to_width
from core.model.campus import ClockStyle
from core.model.interval import Interval

CONTENT_TOP = 68
"""Where what is shown begins, below the title."""

_FOOTER_LINE_HEIGHT = 34
"""From one line of the foot to the next."""

_LEGEND_SPACING = 20


@dataclass(frozen=True, slots=True)
class DataAgeSpan:
    """When what is drawn was read: from the oldest to the youngest; None where nothing was."""

    read_between: tuple[datetime, datetime] | None
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class Footer:
    """What stands below: words and marks of the key, and `told` of zone and age."""

    labels: Sequence[str]
    patterns: Sequence[Pattern]
    caption: str
    is_warning: bool

    @property
    def _legend_width(self) -> int:
        marks = (
            theme.SWATCH_WIDTH + theme.SPACING + text_width(each.value, theme.SMALL_FONT)
            for each in self.patterns
        )
        parts = [*(text_width(each, theme.SMALL_FONT) for each in self.labels), *marks]
        return sum(parts) + _LEGEND_SPACING * len(parts)

    @property
    def line_count(self) -> int:
        """How many lines it takes."""
        space = theme.WIDTH - 2 * theme.MARGIN - text_width(self.caption, theme.SMALL_FONT)
        return 1 if self._legend_width <= space else 2

    def draw(self, canvas: Canvas, baseline: int) -> None:
        """Write it, the last line at that height."""
        above = baseline - _FOOTER_LINE_HEIGHT * (self.line_count - 1)
        x = theme.MARGIN
        for mark in self.patterns:
            middle = above - theme.SMALL_FONT.baseline_shift
            canvas.fill_pattern((x, middle - 10, x + theme.SWATCH_WIDTH, middle + 10), mark)
            x += theme.SWATCH_WIDTH + theme.SPACING
            canvas.draw_text((x, above), mark.value, theme.SMALL_FONT, theme.MUTED_TEXT)
            x += text_width(mark.value, theme.SMALL_FONT) + _LEGEND_SPACING
        for word in self.labels:
            canvas.draw_text((x, above), word, theme.SMALL_FONT, theme.MUTED_TEXT)
            x += text_width(word, theme.SMALL_FONT) + _LEGEND_SPACING
        ink = theme.WARNING_TEXT if self.is_warning else theme.MUTED_TEXT
        place = (theme.WIDTH - theme.MARGIN, baseline)
        canvas.draw_text(place, self.caption, theme.SMALL_FONT, ink, align="right")


def new_canvas(height: int, title: str, subtitle: str, footer: Footer) -> Canvas:
    """Return a sheet for something that high, with its title, what stands opposite, and foot."""
    total = CONTENT_TOP + height + _FOOTER_LINE_HEIGHT * footer.line_count + theme.MARGIN + 4
    sheet = Canvas(total)
    space = theme.WIDTH - 2 * theme.MARGIN
    subtitle = truncate_to_width(subtitle, theme.SMALL_FONT, space // 2)
    title = truncate_to_width(
        title, theme.TITLE_FONT, space - text_width(subtitle, theme.SMALL_FONT) - theme.MARGIN
    )
    base = theme.MARGIN + theme.TITLE_FONT.size - 6
    sheet.draw_text((theme.MARGIN, base), title, theme.TITLE_FONT, theme.TEXT)
    sheet.draw_text(
        (theme.WIDTH - theme.MARGIN, base),
        subtitle,
        theme.SMALL_FONT,
        theme.MUTED_TEXT,
        align="right",
    )
    footer.draw(sheet, total - theme.MARGIN)
    return sheet


def build_footer(
    data_age: DataAgeSpan,
    hours: Interval,
    zone: ZoneInfo,
    *,
    patterns: Sequence[Pattern],
    labels: Sequence[str] = (),
    day: date | None = None,
    clock: ClockStyle = ClockStyle.HOURS_24,
) -> Footer:
    """Return the foot of a picture of those hours; readings of `day` are told without a date."""
    names = dict.fromkeys(timezone_name(each, zone) for each in (hours.start, hours.end))
    told = "/".join(names)
    return Footer(
        labels,
        patterns,
        f"{told} · {age_caption(data_age, zone, day=day, shown_timezone=told, clock=clock)}",
        data_age.is_stale,
    )


def age_caption(
    data_age: DataAgeSpan,
    zone: ZoneInfo,
    *,
    day: date | None = None,
    shown_timezone: str = "",
    clock: ClockStyle = ClockStyle.HOURS_24,
) -> str:
    """Say when the data was read, on the campus's clock: a picture cannot count on.

    Times are told without their date where all are of `day`, and without their zone where
    that is `named` elsewhere.
    """
    if data_age.read_between is None:
        return "never read"
    shown = [each.astimezone(zone) for each in data_age.read_between]
    has_date = {one.date() for one in shown} != {day}
    dates = [f"{each.day} {each:%b} " if has_date else "" for each in shown]
    times = [f"{date_}{clock_text(each, clock)}" for date_, each in zip(dates, shown, strict=True)]
    span = " to ".join(dict.fromkeys(times))
    zones = "/".join(dict.fromkeys(timezone_name(each, zone) for each in data_age.read_between))
    beside = "" if zones == shown_timezone else f" {zones}"
    return f"read {span}{beside}{', old' if data_age.is_stale else ''}"


def timezone_name(moment: datetime, zone: ZoneInfo) -> str:
    """Return what the zone is called then: by letters, or where it has none, by its offset."""
    name = f"{moment.astimezone(zone):%Z}"
    # Such as "+11" and "+1030".
    return name if name.isalpha() else f"UTC{name[:3]}{':' * bool(name[3:])}{name[3:]}"
