"""`/status` as a member reads it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from cogs.ui.replies.status import RoomStatus, ServiceHealth, StatusReplyData, status_reply
from core.data.status import CampusStatus, DataAge
from core.model.refresh import RefreshAttempt
from tests.fakes import at, make_campus

ATTEMPT = RefreshAttempt(
    token="t",  # noqa: S106 - of a refresh
    began_at=at("09:30"),
    ended_at=at("09:30") + timedelta(seconds=4),
    rooms=77,
    rooms_read=75,
    failures={"timed out": 2},
)
REPLY = StatusReplyData(
    campus=make_campus(6),
    at=at("10:00"),
    age=DataAge(at("09:30"), is_stale=False, failing_since=None),
    rooms=RoomStatus(77, ["CAS 211"], ["CAS 101"]),
    status=CampusStatus(ATTEMPT, at("10:15"), at("11:30"), is_running=False),
    services=[
        ServiceHealth("Booking system", at("09:30")),
        ServiceHealth("Database", at("09:44"), at("09:45")),
    ],
    gateway_latency=timedelta(milliseconds=42.4),
    trend=None,
    next_digest=at("12:00"),
    is_digest_known=True,
    in_server=True,
    is_moderator=True,
    version="1.0.0",
    started_at=at("08:00"),
    project="https://example.org/bot",
)


def unix(clock):
    return int(at(clock).timestamp())


@pytest.fixture
def lines(shown):
    """Return a function that reads the status with some of it changed."""
    return lambda **changed: shown(status_reply(replace(REPLY, **changed))).text.splitlines()


def standing(**changed):
    return replace(REPLY.status, **changed)


def test_shows_data_what_is_next_health_and_about(lines):
    assert lines() == [
        "## Boston University",
        f"**75 of 77 rooms up to date** · checked <t:{unix('09:30')}:R>",
        "No information: CAS 101",
        "Kept from an earlier check: CAS 211",
        f"Last check <t:{unix('09:30')}:R>: 75 of 77 rooms answered (2 timed out)",
        "**Next**",
        f"Next check of the bookings: <t:{unix('11:30')}:R>",
        f"Moderators can refresh <t:{unix('10:15')}:R>",
        f"Daily summary here: <t:{unix('12:00')}:f>",
        "**Health**",
        f"Booking system: answered <t:{unix('09:30')}:R>",
        (
            f"Database: not answering since <t:{unix('09:45')}:t> "
            f"(last answered <t:{unix('09:44')}:R>)"
        ),
        "Discord: last heartbeat answered in 42 ms",
        "**About**",
        f"EmptyClassroom 1.0.0, started <t:{unix('08:00')}:R>",
        (
            "I keep booking times, room counts, and the settings of servers and members. "
            "No names of events or people, nothing else you type."
        ),
        "<https://example.org/bot>",
    ]


def test_members_read_no_kinds_of_failures(lines):
    assert not [line for line in lines(is_moderator=False) if "timed out" in line]


def test_all_rooms_are_up_to_date(lines):
    said = lines(rooms=RoomStatus(77))
    assert said[1].startswith("**All 77 rooms up to date**")
    assert not [line for line in said if line.startswith(("No information", "Kept"))]


@pytest.mark.parametrize(
    "age",
    [
        DataAge(at("02:00"), is_stale=True, failing_since=None),
        DataAge(at("09:00"), is_stale=False, failing_since=at("09:30")),
    ],
)
def test_nothing_is_up_to_date_while_nobody_can_check(lines, age):
    said = lines(age=age)
    assert f"**76 of 77 rooms known** · checked <t:{int(age.read_at.timestamp())}:R>" in said
    assert not [line for line in said if "up to date" in line]


def test_a_failed_attempt_has_its_reason(lines):
    failed = replace(ATTEMPT, error="no answer", rooms_read=0, failures={"no answer": 77})
    said = lines(status=standing(last_attempt=failed))
    assert f"Last check <t:{unix('09:30')}:R>: failed (no answer)" in said


def test_a_bot_that_knows_nothing_says_so(lines):
    age = DataAge(None, is_stale=True, failing_since=None)
    said = lines(
        age=age,
        status=standing(last_attempt=None),
        services=[ServiceHealth("Booking system", None)],
    )
    assert "**I have nothing for today yet.**" in said
    assert "Last check: none yet" in said
    assert "Booking system: no answer since I started" in said


def test_a_refresh_that_is_not_held_up_has_no_line(lines):
    assert not [line for line in lines(status=standing(allowed_at=None)) if "refresh" in line]


def test_a_refresh_under_way_is_shown(lines):
    assert "Checking the bookings now" in lines(status=standing(is_running=True))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"next_digest": None}, "Daily summary here: not set up"),
        (
            {"next_digest": None, "is_digest_known": False},
            "Daily summary here: can't tell right now",
        ),
    ],
)
def test_a_missing_digest_is_shown(lines, changed, said):
    assert said in lines(**changed)


def test_a_digest_is_not_mentioned_outside_servers(lines):
    assert not [line for line in lines(in_server=False, next_digest=None) if "summary" in line]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("unavailable", "not answering"),
        ("refused", "refusing me"),
        ("changed", "sending what I don't understand"),
    ],
)
def test_a_failing_service_says_how_and_since_when(lines, fault, said):
    failing = ServiceHealth("Booking system", None, at("09:45"), fault)
    assert f"Booking system: {said} since <t:{unix('09:45')}:t>" in lines(services=[failing])


def test_a_failure_of_yesterday_has_its_date(lines):
    failing = ServiceHealth("Database", None, at("09:45") - timedelta(days=1))
    assert any(line.endswith(":f>") for line in lines(services=[failing]) if "Database" in line)


def test_no_service_is_said_to_be_up(lines):
    assert not [line for line in lines() if re.search(r"\bup\b(?! to date)", line)]


def test_an_unmeasured_heartbeat_has_no_line(lines):
    assert not [line for line in lines(gateway_latency=None) if "Discord" in line]


def test_stale_data_is_said_first(lines):
    age = DataAge(at("02:00"), is_stale=True, failing_since=at("03:00"))
    assert lines(age=age)[0].startswith("**The booking system has been down since")


@pytest.mark.parametrize("label", ["B{0:03} 101", "B{0:03} " + "_" * 90, "B{0:03} " + "🧪" * 90])
def test_many_missing_rooms_stay_within_limits(lines, label):
    many = [label.format(number) for number in range(1500)]
    kinds = {f"kind of failure number {number}": 1234 for number in range(15)}
    said = lines(
        rooms=RoomStatus(3000, many, many),
        status=standing(last_attempt=replace(ATTEMPT, failures=kinds)),
    )
    for what in ("No information: ", "Kept from an earlier check: "):
        (line,) = (line for line in said if line.startswith(what))
        assert re.search(r" and 1,\d\d\d more$", line)


def test_a_store_that_is_full_says_so(lines):
    full = ServiceHealth("Database", at("09:59"), rejects_writes=True)
    said = f"Database: answered <t:{unix('09:59')}:R>, but saves nothing (out of space?)"
    assert said in lines(services=[full])
