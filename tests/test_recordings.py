"""The traps of 25Live's wire format: they are in generated recordings as in recorded ones."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from fakes.live25.bookings import subject_date
from tests.generated import lists
from tests.generated.month import WINDOW, month
from tests.recordings import FIRST_DAY, LAST_DAY, Recording

EVENT, BLACKOUT, CLOSED = 1, 2, 3


def days(recording: Recording) -> Iterator[list[dict[str, Any]]]:
    """Yield the items of each room and day."""
    for answer in recording.answers().values():
        for subject in answer["subjects"]:
            yield subject["items"]


def hours(item: dict[str, Any]) -> tuple[float, float]:
    return float(item["start"]), float(item["end"])


def test_every_room_has_all_days_of_the_month(recording: Recording):
    month_of_days = [
        FIRST_DAY + timedelta(number) for number in range((LAST_DAY - FIRST_DAY).days + 1)
    ]
    answers = recording.answers()
    assert len(answers) == 35
    for room, answer in answers.items():
        assert {str(subject["itemId"]) for subject in answer["subjects"]} == {room}
        assert [subject_date(subject) for subject in answer["subjects"]] == month_of_days


def test_hours_have_six_decimals_and_are_texts_where_they_end_in_a_zero(recording: Recording):
    values = [item[key] for items in days(recording) for item in items for key in ("start", "end")]
    for value in values:
        if isinstance(value, str):
            assert re.fullmatch(r"\d+\.\d{5}0", value)
        else:
            assert re.fullmatch(r"\d+\.\d{0,5}[1-9]", str(value))
    thirds = {str(value)[-6:] for value in values if isinstance(value, float)}
    # Cut off and not rounded: 10:40 is .666666.
    assert {"833333"} <= thirds <= {f"{n * 1_000_000 // 60:06}" for n in range(60)}
    assert {str, float} == {type(value) for value in values}


def test_hours_are_cut_off_at_the_display_window(recording: Recording):
    opens, closes = WINDOW
    found = [hours(item) for items in days(recording) for item in items]
    assert all(opens <= start < end <= closes for start, end in found)
    assert (opens, closes) in found


def test_sections_share_a_room_at_the_same_times(recording: Recording):
    counts = Counter(
        len(events) - len(set(events))
        for items in days(recording)
        if (events := [hours(item) for item in items if item["type_id"] == EVENT])
    )
    assert counts[1]
    assert max(counts) > 1


def test_closures_overlap_and_not_all_days_are_in_order(recording: Recording):
    of_kind: Counter[frozenset[int]] = Counter()
    unsorted = 0
    for items in days(recording):
        of_kind[frozenset(item["type_id"] for item in items)] += 1
        unsorted += [hours(item) for item in items] != sorted(map(hours, items))
    assert any(kinds >= {BLACKOUT, CLOSED} for kinds in of_kind)
    assert any(kinds == {CLOSED} for kinds in of_kind)
    assert unsorted


def test_lists_have_a_column_without_a_name_numbers_for_names_and_names_twice(
    recording: Recording,
):
    joined, glued = recording.load_joined(), recording.load_glued()
    assert "prefname" not in joined["cols"][0]
    formal_names = [row["row"][2] for row in joined["rows"]]
    assert {str, int} == {type(name) for name in formal_names}
    names = Counter(row["row"][0]["itemName"] for row in glued["rows"])
    assert [count for count in names.values() if count > 1] == [2] * 4
    assert any(row["row"][4].count("IT: Network, Wire") == 2 for row in joined["rows"])


def test_what_is_generated_is_always_the_same():
    assert month(FIRST_DAY) == month(FIRST_DAY)
    assert month(FIRST_DAY) != month(LAST_DAY)
    for make in (lists.joined, lists.glued, lists.rooms):
        assert make() == make()
