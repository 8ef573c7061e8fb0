"""The country of a time zone, and how dates are written there."""

from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

_MONTH_FIRST_COUNTRIES = frozenset({"US", "PR", "GU", "VI", "AS", "MP", "UM", "PH", "FM", "PW"})
"""ISO codes of the countries that write 3/4 for 4 March. Source: Unicode CLDR 46."""


def country_of(zone: ZoneInfo) -> str | None:
    """Return the ISO code of the country a time zone is named for, None for UTC and the like."""
    key = zone.key
    return "US" if key.startswith("US/") else _countries().get(key)


def writes_month_first(zone: ZoneInfo) -> bool:
    """Tell whether people in a time zone write 3/4 for 4 March."""
    return country_of(zone) in _MONTH_FIRST_COUNTRIES


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """Return the country of each zone, as the time zone database has it in zone.tab."""
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return {row[2]: row[0] for row in rows}
