"""Custom ids: what a button asks comes back whole, and each id belongs to one kind of item."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.building import BuildingComponent
from cogs.free import FreeComponent
from cogs.room import RoomComponent
from cogs.ui.components import expired_component
from cogs.ui.custom_ids import (
    BUILDING_FORMAT,
    FREE_FORMAT,
    MAX_FEATURES,
    ROOM_FORMAT,
    BuildingQueryId,
    FreeQueryId,
    RoomWeekId,
    decode_custom_id,
    feature_mark,
)
from cogs.ui.id_format import from_base36, to_base36
from core.availability.queries import FreeRoomsQuery
from core.errors import (
    InvalidDateError,
    OutdatedComponentError,
    TooManyBuildingsError,
    TooManyFeaturesError,
)
from tests.fakes import make_campus

NOW = datetime(2026, 3, 3, 15, 5, 31, tzinfo=UTC)
FEATURES = ("Movable chairs", "Piano", "Projector", "Whiteboard", "Wheelchair accessible")


def campus_with(*features):
    """Return a campus with a room that has those features."""
    campus = make_campus()
    first, *others = campus.buildings
    room = replace(first.rooms[0], features=features)
    return replace(campus, buildings=(replace(first, rooms=(room,)), *others))


CAMPUS = campus_with(*FEATURES)

DOES = st.sampled_from(sorted(FREE_FORMAT.actions))
CAMPUSES = st.from_regex(r"[a-z0-9-]{1,20}", fullmatch=True)
CODES = st.from_regex(r"[^\s:,*]{1,16}", fullmatch=True)
PAGES = st.integers(0, 9999)
DATES = st.dates(date(1970, 1, 2), date(2126, 12, 31))

QUESTIONS = st.builds(
    FreeRoomsQuery,
    moment=DATES.map(lambda day: datetime(day.year, day.month, day.day, 9, 41, tzinfo=UTC)),
    at_least=st.integers(1, 1440).map(lambda minutes: timedelta(minutes=minutes)),
    buildings=st.lists(CODES, max_size=5, unique=True)
    .map(tuple)
    .filter(lambda codes: len(codes) < 2 or len(" ".join(codes)) <= 26),
    capacity=st.none() | st.integers(1, 100_000),
    features=st.lists(st.sampled_from(FEATURES), max_size=MAX_FEATURES, unique=True).map(tuple),
    is_now=st.booleans(),
).map(lambda query: replace(query, moment=NOW) if query.is_now else query)
FREE = st.builds(FreeQueryId, campus=CAMPUSES, query=QUESTIONS, page=PAGES)
BUILDING = st.builds(
    BuildingQueryId, campus=CAMPUSES, building=CODES, day=st.none() | DATES, page=PAGES
)
ROOM = st.builds(
    RoomWeekId,
    campus=CAMPUSES,
    room=st.from_regex(r"[A-Za-z0-9._-]{1,40}", fullmatch=True),
    monday=st.none() | DATES.map(lambda day: day - timedelta(days=day.weekday())),
)
ROOM_DOES = st.sampled_from(sorted(ROOM_FORMAT.actions))
CURRENT = (FreeComponent, BuildingComponent, RoomComponent)
OLD_TEMPLATE = expired_component(CURRENT).__discord_ui_compiled_template__
TEMPLATES = [*(each.__discord_ui_compiled_template__ for each in CURRENT), OLD_TEMPLATE]
HOUR = timedelta(hours=1)
ASKED = FreeQueryId("bu", FreeRoomsQuery(NOW, HOUR, ("CAS",), 40, is_now=True), page=3)


def read_free(custom_id):
    """Return what a custom id of `/free` does, and its question."""
    does, fields = decode_custom_id(FREE_FORMAT, custom_id)
    return does, FreeQueryId.from_fields(fields, CAMPUS, NOW)


def read_building(custom_id):
    """Return what a custom id of `/building` does, and its question."""
    does, fields = decode_custom_id(BUILDING_FORMAT, custom_id)
    return does, BuildingQueryId.from_fields(fields)


def read_room(custom_id):
    """Return what a custom id of `/room` does, and its question."""
    does, fields = decode_custom_id(ROOM_FORMAT, custom_id)
    return does, RoomWeekId.from_fields(fields)


@given(question=FREE, does=DOES)
def test_free_question_comes_back_from_its_custom_id(question, does):
    assert read_free(question.encode(does)) == (does, question)


@given(question=BUILDING, does=DOES)
def test_building_question_comes_back_from_its_custom_id(question, does):
    assert read_building(question.encode(does)) == (does, question)


@given(question=ROOM, does=ROOM_DOES)
def test_room_question_comes_back_from_its_custom_id(question, does):
    assert read_room(question.encode(does)) == (does, question)


@given(number=st.integers(0, 10**12))
def test_number_comes_back_from_base_36(number):
    assert from_base36(to_base36(number)) == number == int(to_base36(number), 36)


@pytest.mark.parametrize(
    ("custom_id", "does", "question"),
    [
        (
            "1:free:next:bu:CAS CGS:60:1772550300:40:11",
            "next",
            FreeQueryId(
                "bu", FreeRoomsQuery(NOW.replace(second=0), HOUR, ("CAS", "CGS"), 40), page=11
            ),
        ),
        (
            "1:free:open:bu::1440:now:0:0",
            "open",
            FreeQueryId("bu", FreeRoomsQuery(NOW, 24 * HOUR, is_now=True)),
        ),
        (
            "1:free:pick:bu::60:now:0:0:f52d34",
            "pick",
            FreeQueryId("bu", FreeRoomsQuery(NOW, HOUR, features=("Projector",), is_now=True)),
        ),
    ],
)
def test_free_ids_of_version_one_are_understood(custom_id, does, question):
    assert FreeComponent.__discord_ui_compiled_template__.fullmatch(custom_id)
    assert read_free(custom_id) == (does, question)


@pytest.mark.parametrize(
    ("custom_id", "does", "question"),
    [
        (
            "1:building:share:bu:CAS:2026-03-05:2",
            "share",
            BuildingQueryId("bu", "CAS", date(2026, 3, 5), 2),
        ),
        ("1:building:pick:bu:CAS:today:0", "pick", BuildingQueryId("bu", "CAS", None)),
        (
            "1:building:open:bu::2026-03-05:0",
            "open",
            BuildingQueryId("bu", "", date(2026, 3, 5)),
        ),
    ],
)
def test_building_and_digest_ids_of_version_one_are_understood(custom_id, does, question):
    assert BuildingComponent.__discord_ui_compiled_template__.fullmatch(custom_id)
    assert read_building(custom_id) == (does, question)


@pytest.mark.parametrize(
    ("custom_id", "does", "question"),
    [
        (
            "1:room:previous:bu:342.b:2026-03-09",
            "previous",
            RoomWeekId("bu", "342.b", date(2026, 3, 9)),
        ),
        ("1:room:update:bu:342:now", "update", RoomWeekId("bu", "342", None)),
    ],
)
def test_room_ids_of_version_one_are_understood(custom_id, does, question):
    assert RoomComponent.__discord_ui_compiled_template__.fullmatch(custom_id)
    assert read_room(custom_id) == (does, question)


@pytest.mark.parametrize(
    "week", ["2026-03-03", "2026-02-30", "0000-01-01", "0001-01-01", "9999-12-27", "٢٠٢٦-٠٣-٠٢"]
)
def test_week_that_is_in_no_calendar_is_unreadable(week):
    with pytest.raises(InvalidDateError) as caught:
        read_room(f"1:room:update:bu:342:{week}")
    assert caught.value.typed == week


def test_another_week_is_of_the_same_room():
    asked = RoomWeekId("bu", "342", None)
    assert asked.for_week(date(2026, 3, 9)) == RoomWeekId("bu", "342", date(2026, 3, 9))


@given(question=FREE | BUILDING | ROOM, does=ROOM_DOES)
def test_custom_ids_stay_within_discords_limit(question, does):
    assert 1 <= len(question.encode(does)) <= 100


@pytest.mark.parametrize("day", ["2026-02-31", "0000-01-01", "2026-13-01", "٢٠٢٦-٠٣-٠٣"])
def test_day_that_is_in_no_calendar_is_unreadable(day):
    with pytest.raises(InvalidDateError) as caught:
        read_building(f"1:building:update:bu:CAS:{day}:0")
    assert caught.value.typed == day


@pytest.mark.parametrize("day", ["0", "zzzzz", "269y4"])
def test_number_that_is_no_day_is_unreadable(day):
    with pytest.raises(InvalidDateError):
        read_building(f"2bu:bu:CAS:{day}:0")
    with pytest.raises(InvalidDateError):
        read_room(f"2ru:bu:342:{day}")


def test_longest_custom_ids_leave_space_for_fields_to_come():
    at = datetime(2126, 12, 31, tzinfo=UTC)
    query = FreeRoomsQuery(at, 24 * HOUR, ("B" * 26,), 100_000, FEATURES[:MAX_FEATURES])
    free = FreeQueryId("c" * 20, query, 9999).encode("previous")
    building = BuildingQueryId("c" * 20, "B" * 16, at.date(), 9999).encode("previous")
    room = RoomWeekId("c" * 20, "r" * 40, at.date()).encode("previous")
    assert len(free) == FREE_FORMAT.max_length == 84
    assert len(building) <= BUILDING_FORMAT.max_length < 84
    assert len(room) <= ROOM_FORMAT.max_length < 84


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
        "3fn:bu::s::0:0:",
        "2fn:bu::s::0:0",
        "2fx:bu::s::0:0:",
        "2fn:bu::s::0:0:abcdeabcdeabc",
        "2fn:bu::S::0:0:",
        "2fn:bu::٣::0:0:",
        "2rk:bu:342:",
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
    assert ASKED.with_page_offset(1).with_page_offset(-1) == ASKED
    assert ASKED.with_page_offset(-1).page == 2


def test_another_building_is_asked_from_its_first_page():
    everywhere = replace(ASKED.query, buildings=())
    assert ASKED.for_building(None) == FreeQueryId("bu", everywhere)
    assert BuildingQueryId("bu", "CAS", date(2026, 3, 3), 3).for_building("CGS") == BuildingQueryId(
        "bu", "CGS", date(2026, 3, 3), 0
    )


def test_more_buildings_than_a_custom_id_can_carry_are_refused():
    FreeQueryId("bu", FreeRoomsQuery(NOW, HOUR, ("A" * 16,)))
    codes = tuple(f"B{number:02}" for number in range(7))
    with pytest.raises(TooManyBuildingsError):
        FreeQueryId("bu", FreeRoomsQuery(NOW, HOUR, codes))


def test_more_features_than_a_custom_id_can_carry_are_refused():
    with pytest.raises(TooManyFeaturesError) as caught:
        FreeQueryId("bu", FreeRoomsQuery(NOW, HOUR, features=FEATURES))
    assert caught.value.limit == MAX_FEATURES


def test_feature_that_the_campus_lost_makes_a_component_outdated():
    asked = FreeQueryId("bu", FreeRoomsQuery(NOW, HOUR, features=("Organ",)))
    with pytest.raises(OutdatedComponentError):
        read_free(asked.encode("next"))


def test_mark_of_two_features_is_neither():
    one, other = _features_of_one_mark()
    campus = campus_with(one, other)
    asked = FreeQueryId("bu", FreeRoomsQuery(NOW, HOUR, features=(one,)))
    _, fields = decode_custom_id(FREE_FORMAT, asked.encode("next"))
    with pytest.raises(OutdatedComponentError):
        FreeQueryId.from_fields(fields, campus, NOW)


def _features_of_one_mark():
    seen: dict[str, str] = {}
    for number in range(100_000):
        mark = feature_mark(str(number))
        if mark in seen:
            return seen[mark], str(number)
        seen[mark] = str(number)
    raise AssertionError


def test_update_asks_for_now_and_keeps_the_rest():
    later = ASKED.with_query(replace(ASKED.query, moment=NOW + HOUR, is_now=False))
    assert replace(later, page=3).refreshed().query.at(NOW) == ASKED.query
