"""Custom ids: what a button asks comes back whole, and each id belongs to one kind of item."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.answers import OldMenu
from cogs.questions import BUILDING_TEMPLATE, FREE_TEMPLATE, BuildingQuestion, FreeQuestion
from cogs.rooms import BuildingPress, FreePress

DOES = st.sampled_from(["previous", "next", "update", "share", "pick", "open"])
CAMPUSES = st.from_regex(r"[a-z0-9-]{1,20}", fullmatch=True)
CODES = st.from_regex(r"[^\s:,*]{1,16}", fullmatch=True)
PAGES = st.integers(0, 9999)
DATES = st.dates(date(1970, 1, 2), date(2126, 12, 31))

FREE = st.builds(
    FreeQuestion,
    campus=CAMPUSES,
    building=st.none() | CODES,
    minutes=st.integers(1, 1440),
    at=st.none() | DATES.map(lambda day: datetime(day.year, day.month, day.day, 9, 41, tzinfo=UTC)),
    capacity=st.none() | st.integers(1, 100_000),
    page=PAGES,
)
BUILDING = st.builds(
    BuildingQuestion, campus=CAMPUSES, building=CODES, day=st.none() | DATES, page=PAGES
)
OLD_TEMPLATE = OldMenu.__discord_ui_compiled_template__
TEMPLATES = [each.__discord_ui_compiled_template__ for each in (FreePress, BuildingPress, OldMenu)]


@given(question=FREE, does=DOES)
def test_free_question_comes_back_from_its_custom_id(question, does):
    match = re.fullmatch(FREE_TEMPLATE, question.custom_id(does))
    assert match
    assert (FreeQuestion.from_match(match), match["does"]) == (question, does)


@given(question=BUILDING, does=DOES)
def test_building_question_comes_back_from_its_custom_id(question, does):
    match = re.fullmatch(BUILDING_TEMPLATE, question.custom_id(does))
    assert match
    assert (BuildingQuestion.from_match(match), match["does"]) == (question, does)


@given(question=FREE | BUILDING, does=DOES)
def test_custom_ids_stay_within_discords_limit(question, does):
    assert 1 <= len(question.custom_id(does)) <= 100


def test_longest_custom_ids_fit():
    at = datetime(2126, 12, 31, tzinfo=UTC)
    free = FreeQuestion("c" * 20, "B" * 16, 1440, at, 100_000, 9999)
    building = BuildingQuestion("c" * 20, "B" * 16, at.date(), 9999)
    assert len(free.custom_id("previous")) <= 100
    assert len(building.custom_id("previous")) <= 100


@given(
    custom_id=st.text(min_size=1) | st.builds(lambda q, d: q.custom_id(d), FREE | BUILDING, DOES)
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
        "free_next",
        "\n",
    ],
)
def test_ids_of_other_versions_are_an_old_menus(custom_id):
    assert OLD_TEMPLATE.fullmatch(custom_id)


def test_previous_and_next_differ_only_in_the_page():
    question = FreeQuestion("bu", "CAS", 60, None, 40, 3)
    assert question.turned(1).turned(-1) == question
    assert question.turned(-1).page == 2


def test_another_building_is_asked_from_its_first_page():
    assert FreeQuestion("bu", "CAS", 60, None, 40, 3).of(None) == FreeQuestion(
        "bu", None, 60, None, 40, 0
    )
    assert BuildingQuestion("bu", "CAS", date(2026, 3, 3), 3).of("CGS") == BuildingQuestion(
        "bu", "CGS", date(2026, 3, 3), 0
    )


def test_update_asks_for_now_and_keeps_the_rest():
    asked = FreeQuestion("bu", "CAS", 60, datetime(2026, 3, 3, tzinfo=UTC), 40, 3)
    assert asked.anew() == FreeQuestion("bu", "CAS", 60, None, 40, 0)
