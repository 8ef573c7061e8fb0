"""What `/refresh` shows while it runs and when it is done."""

from datetime import timedelta

import pytest

from cogs.ui.replies.refresh import refresh_progress, refresh_result
from core.availability.diff import AvailabilityDiff, BusyRoom
from core.availability.gap_index import FreeRoom
from core.data.status import RefreshResult
from core.model.refresh import RefreshAttempt
from tests.fakes import at, between, make_campus

CAMPUS = make_campus(6)
ROOMS = list(CAMPUS.rooms)


def unix(moment):
    return int(moment.timestamp())


def attempt(read=77, **failures):
    kinds = {kind.replace("_", " "): number for kind, number in failures.items()}
    began = at("10:00")
    ended = began + timedelta(seconds=4.2)
    rooms = read + sum(kinds.values())
    return RefreshAttempt(
        token="t",  # noqa: S106 - of a refresh
        began_at=began,
        ended_at=ended,
        rooms=rooms,
        rooms_read=read,
        failures=kinds,
    )


def text_of(shown, view):
    return shown(view).text


@pytest.mark.parametrize(
    ("read", "bar"),
    [(0, "▱▱▱▱▱▱▱▱▱▱"), (34, "▰▰▰▰▱▱▱▱▱▱"), (76, "▰▰▰▰▰▰▰▰▰▱"), (77, "▰▰▰▰▰▰▰▰▰▰")],
)
def test_progress_shows_rooms_and_a_bar_of_ten(shown, read, bar):
    text = text_of(shown, refresh_progress(CAMPUS, read, 77))
    assert text == f"Checking Boston University… {read} of 77 rooms\n{bar}"


def test_progress_of_nothing_is_no_division_by_zero(shown):
    assert "0 of 0 rooms" in text_of(shown, refresh_progress(CAMPUS, 0, 0))


def test_result_tells_what_was_read_and_what_moved(shown):
    moved = AvailabilityDiff(
        newly_free=(FreeRoom(ROOMS[0], between("10:00", "12:00"), None),),
        newly_busy=(BusyRoom(ROOMS[1], at("13:00")), BusyRoom(ROOMS[2], None)),
        newly_known=(ROOMS[3],),
        newly_unknown=(ROOMS[4], ROOMS[5]),
    )
    lines = text_of(shown, refresh_result(CAMPUS, RefreshResult(attempt(), moved))).splitlines()
    assert lines == [
        "## Refreshed in 4.2 s",
        "77 rooms checked",
        f"1 newly free: CAS 101 till <t:{unix(at('12:00'))}:t>",
        f"2 newly busy: CAS 102 till <t:{unix(at('13:00'))}:t>, CAS 103 for today",
        "Information is back for 1 room",
        "No information any more for 2 rooms",
        f"-# Boston University · Checked <t:{unix(at('10:00'))}:R>",
    ]


def test_result_counts_failures_by_kind_commonest_first(shown):
    done = RefreshResult(attempt(74, timed_out=1, no_answer=2), AvailabilityDiff())
    text = text_of(shown, refresh_result(CAMPUS, done))
    assert text.splitlines()[1:4] == [
        "74 rooms checked · 3 couldn't be checked (2 no answer, 1 timed out)",
        "For those I use what I knew before, if anything.",
        "Nothing changed",
    ]


def test_of_many_rooms_eight_are_named(shown, campus_of):
    rooms = tuple(campus_of(1526).rooms)
    moved = AvailabilityDiff(
        newly_free=tuple(FreeRoom(r, between("10:00", "12:00"), None) for r in rooms)
    )
    text = text_of(shown, refresh_result(CAMPUS, RefreshResult(attempt(1526), moved)))
    assert text.count(" till ") == 8
    assert "1,526 newly free: B0 0000 till" in text
    assert " and 1,518 more\n" in text


@pytest.mark.parametrize("names", ["usual", "marked", "chinese", "emoji"])
def test_result_stays_within_limits(shown, campus_of, names):
    campus = campus_of(1526, 120, names)
    rooms = tuple(campus.rooms)
    moved = AvailabilityDiff(
        newly_free=tuple(FreeRoom(r, between("10:00", "12:00"), None) for r in rooms[:763]),
        newly_busy=tuple(BusyRoom(r, at("13:00")) for r in rooms[763:]),
        newly_unknown=rooms,
    )
    text = text_of(shown, refresh_result(campus, RefreshResult(attempt(1526), moved)))
    assert text.count(" more\n") == 2
