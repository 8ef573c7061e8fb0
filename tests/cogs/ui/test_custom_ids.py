"""Custom ids: what a button asks comes back whole, and each id belongs to one kind of item."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.building import BuildingComponent
from cogs.free import FreeComponent
from cogs.room import RoomComponent
from cogs.ui.custom_ids import (
    BUILDING_TEMPLATE,
    FREE_TEMPLATE,
    ROOM_TEMPLATE,
    BuildingQueryId,
    FreeQueryId,
    RoomWeekId,
    feature_hash,
)
from cogs.ui.responder import expired_component
from core.errors import InvalidDateError, TooManyBuildingsError

DOES = st.sampled_from(["previous", "next", "update", "share", "pick", "open"])
CAMPUSES = st.from_regex(r"[a-z0-9-]{1,20}", fullmatch=True)
CODES = st.from_regex(r"[^\s:,*]{1,16}", fullmatch=True)
PAGES = st.integers(0, 9999)
DATES = st.dates(date(1970, 1, 2), date(2126, 12, 31))

FREE = st.builds(
    FreeQueryId,
    campus=CAMPUSES,
    buildings=st.lists(CODES, max_size=5, unique=True)
    .map(tuple)
    .filter(lambda codes: len(codes) < 2 or len(" ".join(codes)) <= 26),
    minutes=st.integers(1, 1440),
    at=st.none() | DATES.map(lambda day: datetime(day.year, day.month, day.day, 9, 41, tzinfo=UTC)),
    capacity=st.none() | st.integers(1, 100_000),
    feature=st.none() | st.text().map(feature_hash),
    page=PAGES,
)
BUILDING = st.builds(
    BuildingQueryId, campus=CAMPUSES, building=CODES, day=st.none() | DATES, page=PAGES
)
ROOM = st.builds(
    RoomWeekId,
    campus=CAMPUSES,
    room=st.from_regex(r"[A-Za-z0-9._-]{1,40}", fullmatch=True),
    monday=st.none() | DATES.map(lambda day: day - timedelta(days=day.weekday())),
)
ROOM_DOES = st.sampled_from(["previous", "next", "update", "share"])
CURRENT = (FreeComponent, BuildingComponent, RoomComponent)
OLD_TEMPLATE = expired_component(CURRENT).__discord_ui_compiled_template__
TEMPLATES = [*(each.__discord_ui_compiled_template__ for each in CURRENT), OLD_TEMPLATE]


@given(question=FREE, does=DOES)
def test_free_question_comes_back_from_its_custom_id(question, does):
    match = re.fullmatch(FREE_TEMPLATE, question.encode(does))
    assert match
    assert (FreeQueryId.from_match(match), match["does"]) == (question, does)


@given(question=BUILDING, does=DOES)
def test_building_question_comes_back_from_its_custom_id(question, does):
    match = re.fullmatch(BUILDING_TEMPLATE, question.encode(does))
    assert match
    assert (BuildingQueryId.from_match(match), match["does"]) == (question, does)


@given(question=ROOM, does=ROOM_DOES)
def test_room_question_comes_back_from_its_custom_id(question, does):
    match = re.fullmatch(ROOM_TEMPLATE, question.encode(does))
    assert match
    assert (RoomWeekId.from_match(match), match["does"]) == (question, does)


@pytest.mark.parametrize(
    "week", ["2026-03-03", "2026-02-30", "0000-01-01", "0001-01-01", "9999-12-27", "٢٠٢٦-٠٣-٠٢"]
)
def test_week_that_is_in_no_calendar_is_unreadable(week):
    match = re.fullmatch(ROOM_TEMPLATE, f"1:room:update:bu:342:{week}")
    assert match
    with pytest.raises(InvalidDateError) as caught:
        RoomWeekId.from_match(match)
    assert caught.value.typed == week


def test_another_week_is_of_the_same_room():
    asked = RoomWeekId("bu", "342", None)
    assert asked.for_week(date(2026, 3, 9)) == RoomWeekId("bu", "342", date(2026, 3, 9))


@given(question=FREE | BUILDING | ROOM, does=DOES)
def test_custom_ids_stay_within_discords_limit(question, does):
    assert 1 <= len(question.encode(does)) <= 100


@pytest.mark.parametrize("day", ["2026-02-31", "0000-01-01", "2026-13-01", "٢٠٢٦-٠٣-٠٣"])
def test_day_that_is_in_no_calendar_is_unreadable(day):
    match = re.fullmatch(BUILDING_TEMPLATE, f"1:building:update:bu:CAS:{day}:0")
    assert match
    with pytest.raises(InvalidDateError) as caught:
        BuildingQueryId.from_match(match)
    assert caught.value.typed == day


def test_longest_custom_ids_fit():
    at = datetime(2126, 12, 31, tzinfo=UTC)
    free = FreeQueryId("c" * 20, ("B" * 26,), 1440, at, 100_000, "a" * 6, 9999)
    building = BuildingQueryId("c" * 20, "B" * 16, at.date(), 9999)
    assert len(free.encode("previous")) <= 100
    assert len(building.encode("previous")) <= 100
    room = RoomWeekId("c" * 20, "r" * 40, at.date())
    assert len(room.encode("previous")) <= 100


@given(
    custom_id=st.text(min_size=1)
    | st.builds(lambda q, d: q.encode(d), FREE | BUILDING, DOES)
    | st.builds(lambda q, d: q.encode(d), ROOM, ROOM_DOES)
)
def test_exactly_one_item_takes_a_custom_id(custom_id):
    assert sum(bool(each.fullmatch(custom_id)) for each in TEMPLATES) == 1


@pytest.mark.parametrize(
    "custom_id",
    [
        "0:free:next:bu::28:now:0:0",
        "2:free:next:bu::28:now:0:0",
        "1:free:explode:bu::28:now:0:0",
        "1:free:next:bu::28:now:0",
        "1:free:next:bu::28:now:0:0:0",
        "1:free:next:bu::28:now:0:0\n",
        "1:building:next:bu:CAS:yesterday:0",
        "1:room:pick:bu:342:now",
        "1:room:next:bu:342:today",
        "1:room:next:bu:3 42:now",
        "free_next",
        "\n",
    ],
)
def test_ids_of_other_versions_are_an_old_menus(custom_id):
    assert OLD_TEMPLATE.fullmatch(custom_id)


def test_previous_and_next_differ_only_in_the_page():
    question = FreeQueryId("bu", ("CAS",), 60, None, 40, page=3)
    assert question.with_page_offset(1).with_page_offset(-1) == question
    assert question.with_page_offset(-1).page == 2


def test_another_building_is_asked_from_its_first_page():
    assert FreeQueryId("bu", ("CAS",), 60, None, 40, page=3).for_building(None) == FreeQueryId(
        "bu", (), 60, None, 40
    )
    assert BuildingQueryId("bu", "CAS", date(2026, 3, 3), 3).for_building("CGS") == BuildingQueryId(
        "bu", "CGS", date(2026, 3, 3), 0
    )


def test_more_buildings_than_a_custom_id_can_carry_are_refused():
    FreeQueryId("bu", ("A" * 16,), 60, None, 40)
    with pytest.raises(TooManyBuildingsError):
        FreeQueryId("bu", tuple(f"B{number:02}" for number in range(7)), 60, None, 40)


def test_update_asks_for_now_and_keeps_the_rest():
    asked = FreeQueryId("bu", ("CAS",), 60, datetime(2026, 3, 3, tzinfo=UTC), 40, page=3)
    assert asked.refreshed() == FreeQueryId("bu", ("CAS",), 60, None, 40)
