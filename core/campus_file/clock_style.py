"""Whether a campus writes 2:30 PM or 14:30, by the country of its time zone."""

from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from core.model.campus import ClockStyle

_HOURS_12 = (
    "AG AS AU BB BD BH BM BN BS CA CO CY DM DO EG ER ET FJ FM GD GH GM GR GU GY HK IN IQ JM JO KI "
    "KN KR KW KY LC LR LS MH MP MW MY NA NZ OM PA PG PH PK PR PW QA SA SB SD SG SL SO SS SY SZ TC "
    "TO TT TW US VC VE VG VI VU WS YE ZM"
)
"""Countries where a time of the day is mostly written with AM and PM.

Source: Unicode CLDR, `timeData` of supplemental data, where "h" is preferred.
"""

_ALIASES = {"US": "US", "Canada": "CA", "Australia": "AU"}
"""Countries of zone names that are older than `zone.tab`, such as "US/Eastern"."""


def default_clock_style(zone: ZoneInfo) -> ClockStyle:
    """Return how times are written in the country of a time zone; 14:30 where it is unknown."""
    country = _countries().get(zone.key) or _ALIASES.get(zone.key.partition("/")[0])
    return ClockStyle.HOURS_12 if country in _HOURS_12.split() else ClockStyle.HOURS_24


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    text = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {name: country for country, _, name, *_ in rows}
