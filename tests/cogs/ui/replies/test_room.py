"""`/room` as a member reads it: now, what comes next, a line a day, within Discord's limits."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cogs.ui.custom_ids import RoomWeekId
from cogs.ui.replies.room import RoomReplyData, room_choice, room_reply
from core.availability.campus_day import build_campus_day
from core.availability.states import RoomState
from core.availability.timeline import StateSpan
from core.availability.week import room_week
from core.data.status import DataAge
from core.model.bookings import Snapshot
from core.model.campus import ClockStyle
from core.model.interval import Interval
from tests.fakes import TUESDAY, at, between

MONDAY = date(2026, 3, 2)
SEVENTH = date(2026, 3, 8)


def unix(moment):
    return int(moment.timestamp())


def t(clock, day=TUESDAY, form="t"):
    return f"<t:{unix(at(clock, day))}:{form}>"


def gap(start, end, day=TUESDAY):
    return f"{t(start, day)}–{t(end, day)}"


def on(day, campus_day):
    """The same knowledge of another day."""
    return build_campus_day(
        campus_day.campus,
        Snapshot(
            campus_day.campus.id, day, campus_day.snapshot.attempted_at, campus_day.snapshot.rooms
        ),
        min_gap=timedelta(minutes=28),
    )


@pytest.fixture
def reply_for(fresh, now):
    """Return a function that answers `/room` from the days that are known."""

    def make(*days, monday=MONDAY, asked=None, **more):
        campus = days[0].campus
        found = {day.snapshot.day: day for day in days}
        building = campus.buildings[0]
        room = more.pop("room", building.rooms[0])
        given = {"age": fresh, "now": now, "can_share": True, "known_days": sorted(found), **more}
        return RoomReplyData(
            campus=campus,
            query=RoomWeekId(campus.id, room.id, asked),
            week=room_week(found, building, room, monday=monday, now=given["now"]),
            **given,
        )

    return make


def lines_of(version):
    return version.text.splitlines()


def test_tells_now_then_equipment_and_every_day(shown, campus_of, day_of, busy, reply_for):
    day = day_of(campus_of(2), {"0": busy("09:00-09:30", "12:00-13:00")})
    text = lines_of(shown(room_reply(reply_for(day))))
    wednesday = TUESDAY + timedelta(days=1)
    assert text == [
        f"## B0 0000 · free until {t('12:00')}",
        f"Next change {t('12:00')} ({t('12:00', form='R')}): booked until {t('13:00')}",
        "-# Hall 0",
        "-# 100,000 seats · features are not known",
        "-# Free times, week of 2 March · EST/EDT",
        "**Mon 2 March** over",
        (
            f"**Tue 3 March (today)** {gap('07:00', '09:00')}, **{gap('09:30', '12:00')}**, "
            f"{gap('13:00', '23:00')}"
        ),
        *(
            f"**{day:%a} {day.day} March** unknown: not read so far ahead"
            for day in (wednesday + timedelta(days=each) for each in range(5))
        ),
        (
            f"-# Read {t('09:00', form='R')} · "
            "Free means not booked: someone may be inside, and some doors need a card."
        ),
    ]


@pytest.mark.parametrize(
    ("clock", "state", "change"),
    [
        ("06:00", "closed until 07:00", "Next change 07:00: free until 09:00"),
        ("08:00", "free until 09:00", "Next change 09:00: booked until 12:00"),
        ("09:00", "booked until 12:00", "Next change 12:00: free until 20:00"),
        ("19:00", "free until 20:00", "Next change 20:00: unknown"),
    ],
)
def test_state_and_change_at_every_hour(
    shown, campus_of, day_of, busy, reply_for, clock, state, change
):
    known = between("00:00", "20:00")
    day = day_of(campus_of(1), {"0": busy("09:00-12:00")}, known=known)
    first, second = lines_of(shown(room_reply(reply_for(day, now=at(clock)))))[:2]
    assert first == f"## B0 0000 · {in_stamps(state)}"
    for clock_ in ("07:00", "09:00", "12:00", "20:00", "23:00"):
        second = second.replace(f" ({t(clock_, form='R')})", "")
    assert second == in_stamps(change)


def in_stamps(words):
    for clock in ("07:00", "09:00", "12:00", "20:00", "23:00"):
        words = words.replace(clock, t(clock))
    return words


def test_free_over_the_end_of_a_day_is_one_time(shown, campus_of, day_of, reply_for):
    campus = campus_of(1, closes="31")
    day = day_of(campus, known=Interval(at("00:00"), at("00:00", TUESDAY + timedelta(days=3))))
    days = [day, on(TUESDAY + timedelta(days=1), day)]
    first, change = lines_of(shown(room_reply(reply_for(*days))))[:2]
    end = f"<t:{int(at('07:00', TUESDAY + timedelta(days=2)).timestamp())}:f>"
    assert first.endswith(f"free until {end}")
    assert change.endswith(": unknown")


def test_unknown_is_never_called_free_or_booked(shown, campus_of, day_of, reply_for):
    day = day_of(campus_of(2), unknown=("0",))
    text = shown(room_reply(reply_for(day))).text
    assert lines_of(shown(room_reply(reply_for(day))))[0] == "## B0 0000 · unknown"
    assert "**Tue 3 March (today)** unknown: the booking site told nothing about this room" in text
    assert "booked until" not in text
    assert "free until" not in text


def test_day_that_lacks_between_known_ones_is_not_called_far_ahead(
    shown, campus_of, day_of, reply_for
):
    day = day_of(campus_of(1))
    text = shown(room_reply(reply_for(day, on(TUESDAY + timedelta(days=2), day)))).text
    assert "**Wed 4 March** unknown: nothing was read" in text
    assert "**Fri 6 March** unknown: not read so far ahead" in text


def test_part_of_a_day_may_be_unknown(shown, campus_of, day_of, reply_for):
    day = day_of(campus_of(1), known=between("07:00", "20:00"))
    text = shown(room_reply(reply_for(day))).text
    assert f"**{gap('07:00', '20:00')}** · unknown from {t('20:00')}" in text


def test_day_without_a_gap_and_day_of_a_kept_reading(shown, campus_of, day_of, busy, reply_for):
    day = day_of(campus_of(1), {"0": busy("07:00-23:00")}, kept=("0",))
    line = next(each for each in lines_of(shown(room_reply(reply_for(day)))) if "(today)" in each)
    assert line == f"**Tue 3 March (today)** booked all day · read {t('08:00', form='R')}"


def test_days_that_are_over_share_a_line_unless_they_are_known(
    shown, campus_of, day_of, busy, reply_for
):
    day = day_of(campus_of(1), known=Interval(at("00:00", MONDAY), at("00:00", date(2026, 3, 20))))
    sunday, saturday = on(SEVENTH, day), on(SEVENTH - timedelta(days=1), day)
    text = shown(room_reply(reply_for(sunday, saturday, now=at("10:00", SEVENTH)))).text
    assert "**Mon 2 March – Fri 6 March** over" in text
    assert f"**Sat 7 March** {gap('07:00', '23:00', SEVENTH - timedelta(days=1))}" in text
    assert "week of 2 March · EST/EDT" in text


@pytest.mark.parametrize(
    ("capacity", "features", "words"),
    [
        (None, (), "Its seats and features are not known"),
        (1, (), "1 seat · features are not known"),
        (None, ("projector",), "How many seats is not known · projector"),
        (40, ("projector", "white_board"), "40 seats · projector, white\\_board"),
        (40, tuple("abcdefgh"), "40 seats · a, b, c, d, e, f and 2 more"),
    ],
)
def test_seats_and_features_are_told_where_they_are_known(
    shown, campus_of, day_of, reply_for, capacity, features, words
):
    day = day_of(campus_of(1))
    room = replace(day.campus.buildings[0].rooms[0], capacity=capacity, features=features)
    assert lines_of(shown(room_reply(reply_for(day, room=room))))[3] == f"-# {words}"


def test_stale_data_is_said_first(shown, campus_of, day_of, reply_for, failing):
    reply = reply_for(day_of(campus_of(1)), age=failing)
    assert lines_of(shown(room_reply(reply)))[0].startswith(
        "**The booking system has been down since"
    )


def test_what_was_never_read_says_so(shown, campus_of, day_of, reply_for):
    age = DataAge(read_at=None, is_stale=False, failing_since=None)
    assert "-# Never read ·" in shown(room_reply(reply_for(day_of(campus_of(1)), age=age))).text


@pytest.mark.parametrize(
    ("known", "buttons"),
    [
        ([MONDAY], ["Update", "Share", "B0 today"]),
        ([SEVENTH], ["Update", "Share", "B0 today"]),
        ([SEVENTH + timedelta(days=1)], ["Next week", "Update", "Share", "B0 today"]),
        ([MONDAY - timedelta(days=1)], ["Previous week", "Update", "Share", "B0 today"]),
        ([SEVENTH + timedelta(days=8)], ["Update", "Share", "B0 today"]),
    ],
)
def test_other_weeks_are_offered_as_far_as_data_reach(
    shown, campus_of, day_of, reply_for, known, buttons
):
    reply = reply_for(day_of(campus_of(1)), known_days=[TUESDAY, *known])
    assert list(shown(room_reply(reply)).buttons) == buttons


def test_share_is_offered_only_where_it_can_be_granted(shown, campus_of, day_of, reply_for):
    reply = reply_for(day_of(campus_of(1)), can_share=False)
    assert "Share" not in shown(room_reply(reply)).buttons


def test_other_weeks_are_named_by_their_mondays_and_this_one_stays_this(
    campus_of, day_of, reply_for
):
    known = [MONDAY - timedelta(days=1), TUESDAY, SEVENTH + timedelta(days=1)]
    reply = reply_for(day_of(campus_of(1)), known_days=known)
    ids = [
        each.custom_id for each in room_reply(reply).walk_children() if hasattr(each, "custom_id")
    ]
    this_week = RoomWeekId("bu", "0", None)
    assert ids == [
        this_week.for_week(date(2026, 2, 23)).encode("previous"),
        this_week.for_week(date(2026, 3, 9)).encode("next"),
        "2ru:bu:0:",
        "2rs:bu:0:",
        "2bo:bu:B0::0",
    ]


@pytest.mark.parametrize("names", ["usual", "marked", "chinese", "emoji"])
@pytest.mark.parametrize("every", [2, 10, 120])
def test_longest_weeks_stay_within_discords_limits(
    shown, campus_of, day_of, reply_for, failing, names, every
):
    campus = campus_of(1, names=names)
    start = at("00:00", MONDAY)
    bookings = [
        Interval(start + timedelta(minutes=each), start + timedelta(minutes=each + 1))
        for each in range(0, 9 * 1440, every)
    ]
    knowledge = day_of(
        campus, {"0": bookings}, known=Interval(start, start + timedelta(days=9)), kept=("0",)
    )
    days = [
        build_campus_day(
            campus,
            replace(knowledge.snapshot, day=MONDAY + timedelta(days=each)),
            min_gap=timedelta(minutes=1),
        )
        for each in range(-7, 14)
    ]
    feature = campus.name * 3
    room = replace(campus.buildings[0].rooms[0], features=(feature,) * 30)
    text = shown(room_reply(reply_for(*days, room=room, age=failing))).text
    assert text.count(" March") >= 8
    assert ("more" in text.split("Free times")[1]) == (every < 120)


def test_choice_tells_what_the_room_is_now(campus_of):
    campus = campus_of(1)
    room = campus.buildings[0].rooms[0]
    told = [
        room_choice(room, StateSpan(state, at("14:30")), at("10:00"), campus) for state in RoomState
    ]
    assert told == [
        "B0 0000 · free until 14:30",
        "B0 0000 · booked until 14:30",
        "B0 0000 · closed until 14:30",
        "B0 0000 · unknown",
    ]


def test_choice_is_in_the_form_of_the_campus_with_the_day_where_it_is_another(campus_of):
    campus = replace(campus_of(1), clock=ClockStyle.HOURS_12)
    room = campus.buildings[0].rooms[0]
    span = StateSpan(RoomState.CLOSED, at("07:00", TUESDAY + timedelta(days=6)))
    assert room_choice(room, span, at("23:30"), campus) == (
        "B0 0000 · closed until Mon 9 March 7:00 AM"
    )


@pytest.mark.parametrize("state", list(RoomState))
def test_choice_is_cut_to_what_discord_takes(campus_of, state):
    campus = campus_of(1, names="emoji")
    room = campus.buildings[0].rooms[0]
    choice = room_choice(room, StateSpan(state, at("14:30")), at("10:00"), campus)
    assert len(choice) == 100
    assert f"… · {state.value if state is RoomState.UNKNOWN else ''}" in choice
