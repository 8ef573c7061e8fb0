"""The small words, and that nothing a member or a campus writes has an effect."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cogs.ui.formatting import (
    day_name,
    escape_name,
    join_dots,
    join_limited,
    plural,
    quote_input,
    short_day_name,
)
from tests.fakes import TUESDAY

PIECES = st.sampled_from(
    [
        "<@123456789012345678>",
        "<@&123456789012345678>",
        "<#123456789012345678>",
        "@everyone",
        "@here",
        "<t:0:R>",
        "</free:123456789012345678>",
        "<:a:123456789012345678>",
        "**bold**",
        "[a](http://b)",
        "[**a**](b)",
        "https://evil.example/_x_",
        "# head",
        "-# small",
        "> quote",
        "||hidden||",
        "```\ncode\n```",
        "\u202eright to left\u202c",
        "\u200b\u200d\ufeff",
        "שלום",
        "e\u0301\u0302\u0303",
        "\x00\x1b[31m",
        "'; DROP TABLE rooms; --",
        "FLUSHALL\r\n",
        "\n\n",
        "\\",
    ]
)
ANYTHING = st.text() | st.lists(PIECES | st.text(max_size=5)).map("".join)
EFFECT = re.compile(r"(?<!\\)(?:\\\\)*[*_~|`<>\[\]]|https?://|@(?:everyone|here|[!&]?\d{17})")


@given(typed=ANYTHING)
@example("x" * 6000)
@example("*" * 6000)
@example("<@123456789012345678>" * 300)
def test_echo_has_no_effect_whatever_was_typed(typed):
    shown = quote_input(typed)
    assert not EFFECT.search(shown)
    assert "\n" not in shown
    assert "\r" not in shown
    assert len(shown) <= 2 * 60 + 20
    invisible = [each for each in shown if unicodedata.category(each) in {"Cc", "Cf", "Zl", "Zp"}]
    assert set(invisible) <= {"\u200b"}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("half past", "half past"),
        ("  half\n\npast ", "half past"),
        ("2:3x", "2:3x"),
        ("\u202elaer\u202c", "laer"),
        ("**14**", r"\*\*14\*\*"),
        ("<t:0:R>", r"\<t:0:R\>"),
        ("@everyone", "@\u200beveryone"),
        ("x" * 61, "x" * 59 + "…"),
        ("x" * 60, "x" * 60),
        ("\u200b", ""),
    ],
)
def test_echo_shows_what_was_typed(typed, shown):
    assert quote_input(typed) == shown


@given(name=ANYTHING)
def test_names_have_no_effect_whatever_they_hold(name):
    shown = escape_name(name)
    assert not EFFECT.search(shown)
    assert "\n" not in shown


@pytest.mark.parametrize(
    "name", ["Arts & Sciences", "B06A", "NL 303 (Arlington, VA)", "自習室", "A-1"]
)
def test_usual_names_stay_as_they_are(name):
    assert escape_name(name) == name


def test_numbers_lists_and_days_read_well():
    assert (plural(1, "room"), plural(1526, "room")) == ("1 room", "1,526 rooms")
    assert plural(2, "room is", "rooms are") == "2 rooms are"
    assert join_limited(["a", "b"], limit=2) == "a, b"
    assert join_limited(["a", "b", "c", "d"], limit=2) == "a, b and 2 more"
    assert join_dots(["a", "", "b"]) == "a · b"
    assert (day_name(TUESDAY), short_day_name(TUESDAY)) == ("Tuesday 3 March", "Tue 3 March")
