"""Which week a member means: weeks begin on Mondays and are named by them."""

from collections.abc import Collection
from datetime import date

from core.lookup.times import parse_date
from core.model.calendar import WEEK, days_of_week, monday_of

_THIS, _NEXT = "this week", "next week"


def parse_week(typed: str, *, today: date) -> date | None:
    """Return the Monday of the week that was typed; None for this week, whenever that is.

    "this week", "next week", or any day that is in it.

    Raises:
        InvalidDateError: it is neither.
    """
    wanted = " ".join(typed.casefold().split())
    if wanted == _THIS:
        return None
    if wanted == _NEXT:
        return monday_of(today) + WEEK
    return monday_of(parse_date(typed, today=today))


def complete_week(
    typed: str, *, today: date, known_days: Collection[date]
) -> list[tuple[str, str]]:
    """Complete a week as it is typed: (what to show, what to send) pairs, nearest first.

    Offered are this week and those that hold a day of which something is known. A day that
    is typed in full is offered as its week.
    """
    this = monday_of(today)
    mondays = sorted({this} | {monday_of(day) for day in known_days if day >= today})
    wanted = " ".join(typed.casefold().split())
    return [
        pair
        for each in mondays
        for pair in [_week_choice(each, this)]
        if _matches(wanted, each, pair[0])
    ]


def _week_choice(monday: date, this: date) -> tuple[str, str]:
    name = f"week of {monday.day} {monday:%B}"
    if monday == this:
        return f"{_THIS} · {name}", _THIS
    return (f"{_NEXT} · {name}" if monday == this + WEEK else name), monday.isoformat()


def _matches(wanted: str, monday: date, name: str) -> bool:
    # A day may be typed as a date; its week has seven of them.
    days = [day.isoformat() for day in days_of_week(monday)]
    return wanted in name.casefold() or any(each.startswith(wanted) for each in days)
