"""Which week a member means: weeks begin on Mondays and are named by them."""

from datetime import date, datetime

from core.lookup.names import fold
from core.lookup.when import parse_day
from core.model.calendar import WEEK, monday_of
from core.model.campus import Campus

_WEEKS_AHEAD = {
    0: (
        "this",
        "this week",
        "current week",
        "now",
        "diese woche",
        "cette semaine",
        "esta semana",
    ),
    1: (
        "next",
        "next week",
        "the next week",
        "nachste woche",
        "kommende woche",
        "la semaine prochaine",
        "semaine prochaine",
        "la proxima semana",
        "proxima semana",
        "la semana que viene",
    ),
    2: ("week after next", "the week after next", "ubernachste woche"),
    -1: ("last week", "previous week", "letzte woche", "la semaine derniere", "semana pasada"),
}
_AHEAD = {name: ahead for ahead, names in _WEEKS_AHEAD.items() for name in names}


def parse_week(typed: str, *, now: datetime, campus: Campus) -> date:
    """Return the Monday of the week that a text means: "next week", or any day that is in it.

    Raises:
        InvalidDateError: it means none.
    """
    name = " ".join(fold(typed).split())
    if name in _AHEAD:
        return monday_of(campus.local_date(now)) + WEEK * _AHEAD[name]
    return monday_of(parse_day(typed.removeprefix("week of "), now=now, campus=campus))
