from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from core.availability.campus_day import build_campus_day
from core.model.bookings import Snapshot
from core.model.campus import Building, Campus
from core.sources.live25.config import Live25Settings

DAY = date(2026, 3, 3)
ZONES = (ZoneInfo("America/New_York"), ZoneInfo("America/Chicago"))
HOUR = timedelta(hours=1)


def test_each_building_keeps_its_own_hours_beside_others_that_open_or_close_alike():
    ways = [*product(ZONES, (7, 8), (22, 23, 26))] * 2
    buildings = tuple(
        Building(str(number), str(number), zone, opens * HOUR, closes * HOUR, ())
        for number, (zone, opens, closes) in enumerate(ways)
    )
    source = Live25Settings(url="http://localhost", strategy="rooms")
    campus = Campus("bu", "Boston University", ZONES[0], source, buildings)
    snapshot = Snapshot("bu", DAY, datetime(2026, 3, 3, tzinfo=UTC), {})
    hours = build_campus_day(campus, snapshot, min_gap=timedelta(minutes=28)).windows
    assert hours == {each.code: each.window_on(DAY) for each in buildings}
