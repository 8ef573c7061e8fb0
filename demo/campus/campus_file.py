"""The demo campus as the campus file that the bot reads."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from demo.campus.bookings import DAY
from demo.campus.buildings import BUILDINGS, CAMPUS_NAME, TIMEZONE, DemoBuilding, DemoRoom
from demo.campus.planned_closures import planned_closures

CAMPUS_ID = "demo"

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def write_campus_file(path: Path, url: str, today: date, kind: str = "25live") -> None:
    """Write the campus file; `url` is where a source of this kind serves the demo campus."""
    path.write_text("\n".join(_lines(url, today, kind)) + "\n", encoding="utf-8")


def _lines(url: str, today: date, kind: str) -> Iterator[str]:
    yield "# The campus of the demo, written anew each time that it starts."
    yield ""
    yield f"id = {_text(CAMPUS_ID)}"
    yield f"name = {_text(CAMPUS_NAME)}"
    yield f"timezone = {_text(TIMEZONE)}"
    yield ""
    yield "[source]"
    yield f"kind = {_text(kind)}"
    yield f"url = {_text(url)}"
    if kind == "25live":
        yield 'read = "rooms"'
    for closure in planned_closures(today):
        yield ""
        yield "[[closed]]"
        yield f"from = {_text(closure.start)}"
        yield f"to = {_text(closure.end)}"
        yield f"why = {_text(closure.reason)}"
        yield f"buildings = [{', '.join(map(_text, closure.buildings))}]"
    for house in BUILDINGS:
        yield ""
        yield "[[buildings]]"
        yield from _building(house)


def _building(building: DemoBuilding) -> Iterator[str]:
    """Return a building with its hours, by weekday where they differ."""
    yield f"code = {_text(building.code)}"
    yield f"name = {_text(building.name)}"
    usual = building.week[0]
    is_daily = usual is not None and len(set(building.week)) == 1
    if usual and is_daily:
        yield f"opens = {_text(_clock(usual.start))}"
        yield f"closes = {_text(_clock(usual.end))}"
    yield "rooms = ["
    yield from (f"    {_room(place)}," for place in building.rooms)
    yield "]"
    if not is_daily:
        yield "[buildings.hours]"
        for name, hours in zip(_WEEKDAYS, building.week, strict=True):
            text = f"{_clock(hours.start)}-{_clock(hours.end)}" if hours else "closed"
            yield f"{name} = {_text(text)}"


def _room(room: DemoRoom) -> str:
    features = ", ".join(_text(each) for each in room.features)
    return (
        f"{{ id = {_text(str(room.id))}, name = {_text(room.name)}, "
        f"capacity = {room.capacity}, features = [{features}] }}"
    )


def _clock(since_midnight: timedelta) -> str:
    hours, minutes = divmod(since_midnight % DAY // timedelta(minutes=1), 60)
    return f"{hours:02}:{minutes:02}"


def _text(value: str) -> str:
    # JSON's text is TOML's as well.
    return json.dumps(value, ensure_ascii=False)
