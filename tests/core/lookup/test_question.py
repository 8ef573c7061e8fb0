"""Questions of `/free` from the options as typed: random strings are refused in every option."""

import random
from datetime import datetime, timedelta

import pytest

from core.errors import UserError
from core.lookup.places import find_building_or_room, find_room_or_building
from core.lookup.question import FreeOptions, UnclearQuestionError, read_free_question
from tests.core.lookup.test_places import CAMPUS
from tests.core.lookup.when.test_parse_when import random_nonsense
from tests.fakes import NEW_YORK

NOW = datetime(2026, 3, 3, 10, 5, 31, tzinfo=NEW_YORK)
LABELS = {word for room in CAMPUS.rooms for word in (room.name, room.label)}


def ask(**options):
    return read_free_question(
        FreeOptions(**options), campus=CAMPUS, now=NOW, min_gap=timedelta(minutes=28)
    )


def test_ten_thousand_random_strings_are_understood_in_no_option():
    rng = random.Random(1414)  # noqa: S311 - a seed, so that a failure comes again
    understood = []
    for _ in range(10_000):
        text = random_nonsense(rng)
        option = rng.choice(["at", "date", "minutes", "building", "feature"])
        if not text.strip() or text in LABELS:
            continue
        try:
            ask(**{option: text})
        except UserError:
            continue
        understood.append((option, text))
    assert understood == []


@pytest.mark.parametrize("find", [find_building_or_room, find_room_or_building])
def test_random_strings_are_no_places(find):
    rng = random.Random(2828)  # noqa: S311 - a seed, so that a failure comes again
    for _ in range(1000):
        text = random_nonsense(rng)
        if text in LABELS:
            continue
        with pytest.raises(UserError):
            find(CAMPUS, text)


def test_two_unclear_parts_are_refused_without_a_choice():
    with pytest.raises(UserError) as caught:
        ask(at="+2", building="center")
    assert not isinstance(caught.value, UnclearQuestionError)
