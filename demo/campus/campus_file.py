"""The demo campus as the campus file that the bot reads."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from demo.campus.bookings import DAY
from demo.campus.buildings import BUILDINGS, CAMPUS_NAME, TIMEZONE, DemoBuilding, DemoRoom

CAMPUS_ID = "demo"


def write_campus_file(path: Path, url: str) -> None:
    """Write the campus file; `url` is where the demo campus is served."""
    path.write_text("\n".join(_lines(url)) + "\n", encoding="utf-8")


def _lines(url: str) -> Iterator[str]:
    yield "# The campus of the demo, written anew each time that it starts."
    yield ""
    yield f"id = {_text(CAMPUS_ID)}"
    yield f"name = {_text(CAMPUS_NAME)}"
    yield f"timezone = {_text(TIMEZONE)}"
    yield ""
    yield "[source]"
    yield 'kind = "25live"'
    yield f"url = {_text(url)}"
    yield 'read = "rooms"'
    for house in BUILDINGS:
        yield ""
        yield "[[buildings]]"
        yield from _building(house)


def _building(building: DemoBuilding) -> Iterator[str]:
    """Return a building with its longest hours; that some days are shorter, 25Live tells."""
    open_days = [each for each in building.week if each]
    yield f"code = {_text(building.code)}"
    yield f"name = {_text(building.name)}"
    yield f"opens = {_text(_clock(min(each.start for each in open_days)))}"
    yield f"closes = {_text(_clock(max(each.end for each in open_days)))}"
    yield "rooms = ["
    yield from (f"    {_room(place)}," for place in building.rooms)
    yield "]"


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
