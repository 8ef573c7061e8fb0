"""`/status` as a member reads it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cogs.ui.replies.status import BuildingStatus, ServiceHealth, StatusReplyData, status_reply
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
    age=DataAge(at("09:30"), is_stale=False, failing_since=None),
    buildings=[BuildingStatus("CAS", 50, 3, 1), BuildingStatus("CGS", 23, 0, 0)],
    status=CampusStatus(ATTEMPT, at("10:15"), at("11:30"), is_running=False),
    services=[
        ServiceHealth("Booking site", True, None, timedelta(milliseconds=512.4)),  # noqa: FBT003
        ServiceHealth("Store", False, at("09:45"), None),  # noqa: FBT003
        ServiceHealth("Discord", True, None, None),  # noqa: FBT003
    ],
    trend=None,
    next_digest=at("12:00"),
    is_digest_known=True,
    in_server=True,
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


def test_tells_data_what_is_next_health_and_about(lines):
    assert lines() == [
        "## Boston University",
        "**Data**",
        f"Read <t:{unix('09:30')}:R>",
        "CAS: 50 read · 3 kept from earlier · 1 unknown",
        "CGS: 23 read · 0 unknown",
        f"Last attempt <t:{unix('09:30')}:R>: 75 of 77 rooms read, 2 failed (2 timed out)",
        "**Next**",
        f"Next refresh: <t:{unix('11:30')}:R>",
        f"/refresh: possible <t:{unix('10:15')}:R>",
        f"Next digest here: <t:{unix('12:00')}:f>",
        "**Health**",
        "Booking site: up, 512 ms",
        f"Store: down since <t:{unix('09:45')}:f>",
        "Discord: up",
        "**About**",
        f"EmptyClassroom 1.0.0, up since <t:{unix('08:00')}:R>",
        (
            "Stores times of bookings for as long as they are of use, how many rooms were free, "
            "and what servers and members set; no names of events or people, nothing else that "
            "members type"
        ),
        "<https://example.org/bot>",
        (
            f"-# Read <t:{unix('09:30')}:R> · 1 of 77 rooms unknown · "
            "bookings only: someone may be inside, a door may need a card"
        ),
    ]


def test_attempt_that_failed_is_told_in_plain_words(lines):
    failed = replace(ATTEMPT, error="no answer", rooms_read=0, failures={"no answer": 77})
    said = lines(status=standing(last_attempt=failed))
    assert f"Last attempt <t:{unix('09:30')}:R>: failed (no answer)" in said


def test_nothing_yet_is_said(lines):
    age = DataAge(None, is_stale=True, failing_since=None)
    said = lines(age=age, status=standing(last_attempt=None, allowed_at=None))
    assert "Nothing is stored for today" in said
    assert "Last attempt: none yet" in said
    assert "/refresh: possible now" in said
    assert said[-1].startswith("-# Never read")


def test_refresh_under_way_is_said(lines):
    assert "Next refresh: running now" in lines(status=standing(is_running=True))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"next_digest": None}, "Next digest here: none is set in this server"),
        (
            {"next_digest": None, "is_digest_known": False},
            "Next digest here: not known while the store is away",
        ),
    ],
)
def test_digest_that_is_not_there_is_said(lines, changed, said):
    assert said in lines(**changed)


def test_digest_is_not_mentioned_outside_servers(lines):
    assert not [line for line in lines(in_server=False, next_digest=None) if "digest here" in line]


def test_part_that_is_down_since_nobody_knows_when_is_down(lines):
    down = ServiceHealth("Discord", False, None, None)  # noqa: FBT003
    assert "Discord: down" in lines(services=[down])


def test_stale_data_is_said_first(lines):
    age = DataAge(at("02:00"), is_stale=True, failing_since=at("03:00"))
    assert lines(age=age)[0].startswith("**Booking site not answering since")


@pytest.mark.parametrize("code", ["B{:03}", "B{:03}" + "_" * 12, "B{:03}" + "🧪" * 12])
def test_many_buildings_stay_within_limits(lines, code):
    many = [BuildingStatus(code.format(number), 1234, 1234, 1234) for number in range(120)]
    kinds = {f"kind of failure number {number}": 1234 for number in range(15)}
    said = lines(buildings=many, status=standing(last_attempt=replace(ATTEMPT, failures=kinds)))
    named = sum(" read · " in line for line in said)
    assert f"and {120 - named} more buildings" in said
    assert named >= 15


def test_a_store_that_is_full_says_so(lines):
    full = ServiceHealth("Store", is_up=True, down_since=None, latency=None, rejects_writes=True)
    assert "Store: up, but takes no changes" in lines(services=[full])
