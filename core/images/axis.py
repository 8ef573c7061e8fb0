"""Where a moment lies on an axis, and which hours of the wall clock are named along it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.availability.heatmap import full_hours
from core.clock_text import hour_labels
from core.model.campus import ClockStyle
from core.model.interval import Interval

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Axis:
    """Time along pixels from `first` to `last`; evenly, also on a day of 23 or 25 hours."""

    hours: Interval
    first: int
    last: int

    def pixel_at(self, moment: datetime) -> int:
        """Return the pixel in which a moment lies; before and after the hours, the ends."""
        inside = min(max(moment, self.hours.start), self.hours.end)
        return self.first + (inside - self.hours.start) * self._length // self.hours.duration

    def _pixel_after(self, moment: datetime) -> int:
        """Return the first pixel that lies wholly behind a moment."""
        inside = min(max(moment, self.hours.start), self.hours.end)
        return self.last - (self.hours.end - inside) * self._length // self.hours.duration

    @property
    def _length(self) -> int:
        return self.last - self.first

    def pixels_within(self, interval: Interval) -> tuple[int, int]:
        """Return the first pixel of an interval and the first behind it; only whole pixels."""
        return self._pixel_after(interval.start), self.pixel_at(interval.end)

    def pixels_touching(self, interval: Interval) -> tuple[int, int]:
        """Return the same with the pixels of which it is a part: not so short as to vanish."""
        return self.pixel_at(interval.start), self._pixel_after(interval.end)

    def ticks(
        self, zone: ZoneInfo, *, min_spacing: int, clock: ClockStyle = ClockStyle.HOURS_24
    ) -> list[tuple[int, str]]:
        """Return the pixels of full hours and what the clock shows, so many pixels apart.

        Where there is no space for all hours, those that the clock shows twice are named too,
        and not those beside them.
        """
        an_hour = _HOUR * self._length / self.hours.duration
        every = next((each for each in (1, 2, 3, 4, 6) if each * an_hour >= min_spacing), 12)
        shown = [each.astimezone(zone) for each in full_hours(self.hours, zone)]
        twice = {each.hour for each in shown if each.fold}
        doubled = [self.pixel_at(each) for each in shown if each.hour in twice and every > 1]
        named = [
            (at, each)
            for each, at in zip(shown, map(self.pixel_at, shown), strict=True)
            if at in doubled
            or (each.hour % every == 0 and all(abs(at - other) >= min_spacing for other in doubled))
        ]
        labels = hour_labels([each for _, each in named], clock)
        return [(at, label) for (at, _), label in zip(named, labels, strict=True)]
