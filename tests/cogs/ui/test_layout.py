"""Layout: labels are cut, pages stay within limits, finished views leave nothing behind."""

import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from cogs.ui.layout import (
    MAX_LABEL,
    building_label,
    building_select,
    container_view,
    paginate,
    text_cost,
    text_view,
)
from core.availability.counts import RoomCounts


def test_label_tells_code_name_and_how_many_are_free():
    assert building_label("CAS", "College of Arts & Sciences", RoomCounts(54, 31, 3)) == (
        "CAS · College of Arts & Sciences · 31 free"
    )
    assert building_label("CAS", "Arts", RoomCounts(54, 0, 54)) == ("CAS · Arts · no information")
    assert building_label("CAS", "Arts", RoomCounts(54, 0, 0, closed=54)) == "CAS · Arts · closed"
    assert (
        building_label("CAS", "Arts", RoomCounts(54, 6, 3), free_word="fit") == "CAS · Arts · 6 fit"
    )


@given(
    code=st.text(min_size=1, max_size=16),
    name=st.text(min_size=1, max_size=100),
    free=st.integers(0, 1526),
)
def test_label_fits_whatever_the_names(code, name, free):
    label = building_label(code, name, RoomCounts(1526, free, 0))
    assert len(label) <= MAX_LABEL
    assert label.startswith(code)
    assert label.endswith(f" · {free:,} free")


def test_name_that_just_fits_is_not_cut():
    space = MAX_LABEL - len("CAS ·  · 31 free")
    count = RoomCounts(54, 31, 0)
    assert "…" not in building_label("CAS", "x" * space, count)
    assert "…" in building_label("CAS", "x" * (space + 1), count)


@given(
    lines=st.lists(st.text(max_size=50)),
    most_lines=st.integers(1, 20),
    most_text=st.integers(60, 400),
)
def test_pages_hold_every_line_once_in_order_and_no_more_than_fits(lines, most_lines, most_text):
    pages = paginate(lines, max_lines=most_lines, max_cost=most_text)
    assert [line for page in pages for line in page] == lines
    for page in pages:
        assert len(page) <= most_lines
        assert sum(map(text_cost, page)) <= most_text or len(page) == 1


@given(line=st.text())
def test_weight_counts_both_letters_and_bytes(line):
    assert text_cost(line) > len(line)
    assert text_cost(line) > len(line.encode("utf-8", "ignore")) * 4000 / 10_170


def test_no_line_is_one_empty_page():
    assert paginate([], max_lines=10, max_cost=100) == [[]]


def options_of(row):
    (select,) = row.children
    assert isinstance(select, ui.Select)
    return select.options


@pytest.mark.parametrize("all_buildings", [True, False])
@pytest.mark.parametrize("number", [1, 24, 25, 26, 120])
def test_select_holds_25_and_always_the_chosen_one(number, all_buildings):
    counts = [(f"B{n}", f"Hall {n}", RoomCounts(9, n % 9, 0)) for n in range(number)]
    options = options_of(building_select("id", counts, selected=["B0"], include_all=all_buildings))
    values = [each.value for each in options]
    assert len(values) == min(number + all_buildings, 25)
    assert [each.value for each in options if each.default] == ["B0"]
    assert ("*" in values) == all_buildings
    assert values == sorted(values, key=lambda each: int(each[1:] or -1))


def test_all_buildings_is_what_stands_where_none_is_chosen():
    counts = [("CAS", "Arts", RoomCounts(1, 1, 0))]
    options = options_of(building_select("id", counts, selected=(), include_all=True))
    assert [each.label for each in options if each.default] == ["Anywhere"]


def test_what_has_nothing_to_do_is_left_out():
    (container,) = container_view(None, "a", None, colour=None).to_components()
    assert len(container["components"]) == 1


async def test_views_are_finished_so_that_nothing_is_kept_of_them():
    assert container_view("a", colour=None).is_finished()
    assert text_view("a").is_finished()
