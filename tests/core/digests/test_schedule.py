"""When a digest is due, and which step is safe after one that ended without a word."""

from datetime import date, time, timedelta

import pytest

from core.digests.schedule import (
    DeliveryStep,
    decide_step,
    due_day,
    message_nonce,
    next_due_at,
    should_disable,
)
from core.model.calendar import DAY
from core.model.digest import Delivery, DigestSettings
from tests.fakes import TUESDAY, at, make_campus

CAMPUS = make_campus()


def settings(**changes):
    values = {
        "guild_id": 1,
        "channel_id": 2,
        "campus_id": "bu",
        "time": time(7, 30),
        "set_at": at("12:00", TUESDAY - 7 * DAY),
    }
    return DigestSettings(**{**values, **changes})


def sending(*, since, attempts=1):
    return Delivery(state="sending", started_at=since, attempts=attempts)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (at("07:29"), None),
        (at("07:30"), TUESDAY),
        (at("13:29"), TUESDAY),
        (at("13:30"), None),
        (at("00:30"), None),
    ],
)
def test_a_digest_is_due_from_its_time_and_for_six_hours(now, day):
    assert due_day(settings(), CAMPUS, now) == day


def test_a_late_digest_of_yesterday_is_due_after_midnight():
    late = settings(time=time(23, 0))
    assert due_day(late, CAMPUS, at("01:00")) == TUESDAY - DAY
    assert due_day(late, CAMPUS, at("05:00")) is None


def test_a_digest_that_is_set_after_its_time_begins_tomorrow():
    new = settings(set_at=at("08:00"))
    assert due_day(new, CAMPUS, at("08:01")) is None
    assert due_day(new, CAMPUS, at("07:30", TUESDAY + DAY)) == TUESDAY + DAY
    assert next_due_at(new, CAMPUS, at("08:00")) == at("07:30", TUESDAY + DAY)


def test_a_digest_that_is_off_is_never_due():
    assert due_day(settings(disabled_since=at("07:00")), CAMPUS, at("07:30")) is None


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1)])
def test_a_digest_in_the_changing_hour_is_due_once(day):
    changing = settings(time=time(1, 30) if day.month == 11 else time(2, 30))
    start = at("00:00", day)
    due = [
        minute
        for minute in range(60 * 25)
        if due_day(changing, CAMPUS, start + timedelta(minutes=minute)) == day
    ]
    assert due == list(range(due[0], due[0] + 360))
    assert due[0] == (90 if day.month == 11 else 150)


@pytest.mark.parametrize(
    ("delivery", "step"),
    [
        (None, DeliveryStep.SEND),
        (sending(since=at("07:30")), DeliveryStep.NOTHING),
        (Delivery(state="sent", started_at=at("07:00"), message_id=5), DeliveryStep.NOTHING),
        (Delivery(state="failed", started_at=at("07:00"), reason="x"), DeliveryStep.NOTHING),
        (Delivery(state="skipped", started_at=at("07:00"), reason="x"), DeliveryStep.NOTHING),
        (sending(since=at("07:30") - timedelta(seconds=30)), DeliveryStep.RESEND),
        (sending(since=at("07:30") - timedelta(seconds=30), attempts=2), DeliveryStep.NOTHING),
        (sending(since=at("07:30") - timedelta(seconds=60), attempts=2), DeliveryStep.RESEND),
        (sending(since=at("07:30") - timedelta(seconds=99)), DeliveryStep.RESEND),
        (sending(since=at("07:30") - timedelta(seconds=100)), DeliveryStep.CHECK_HISTORY),
        (sending(since=at("01:30")), DeliveryStep.CHECK_HISTORY),
    ],
)
def test_next_step(delivery, step):
    assert decide_step(delivery, at("07:30")) is step


def test_a_nonce_is_of_its_channel_and_day_and_fits():
    mine = message_nonce(CAMPUS, 2, TUESDAY)
    assert mine == message_nonce(CAMPUS, 2, TUESDAY)
    others = {message_nonce(CAMPUS, 3, TUESDAY), message_nonce(CAMPUS, 2, TUESDAY + DAY)}
    others.add(message_nonce(make_campus(campus_id="umd"), 2, TUESDAY))
    assert len(others - {mine}) == 3
    assert len(mine) <= 25


@pytest.mark.parametrize(("days_ago", "off"), [(None, False), (0, False), (1, False), (2, True)])
def test_the_third_day_of_failure_switches_off(days_ago, off):
    since = None if days_ago is None else at("07:30", TUESDAY - days_ago * DAY)
    assert should_disable(settings(failing_since=since), CAMPUS, TUESDAY) is off
