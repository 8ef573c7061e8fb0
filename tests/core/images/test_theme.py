import unicodedata
from itertools import combinations
from pathlib import Path

import pytest
from PIL import ImageFont

from core.images import palette, text_rendering, theme
from core.images.canvas import Canvas, Pattern
from core.images.text_rendering import text_width, truncate_to_width
from tests.core.images.pixel_asserts import seen

FONTS = Path(text_rendering.__file__).parent / "fonts"
FACES = [theme.TITLE_FONT, theme.BODY_FONT, theme.SMALL_FONT, theme.BOLD_FONT]

# Machado, Oliveira and Fernandes (2009), deuteranomaly of severity 1, for linear RGB.
DEUTERANOPIA = (
    (0.367322, 0.860646, -0.227968),
    (0.280085, 0.672501, 0.047413),
    (-0.011820, 0.042940, 0.968881),
)


def without_green(colour):
    """Return what people see of a colour whose eyes have no cones for green."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (each / 255 for each in colour)
    ]
    mixed = (
        min(max(sum(a * b for a, b in zip(row, linear, strict=True)), 0), 1) for row in DEUTERANOPIA
    )
    return tuple(
        round(255 * (each * 12.92 if each <= 0.0031308 else 1.055 * each ** (1 / 2.4) - 0.055))
        for each in mixed
    )


def as_it_is(colour):
    return colour


@pytest.mark.parametrize("ink", theme.TEXT_INKS)
def test_type_reads_well_on_its_ground(ink):
    assert theme.contrast(ink.color, ink.background) >= 4.5


def test_contrast_is_that_of_the_standard():
    assert theme.contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert theme.contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


def test_nothing_is_written_in_an_ink_that_is_not_listed():
    with pytest.raises(KeyError):
        palette.coverage_lut(theme.InkOn(theme.GRID_LINE, theme.FREE))


@pytest.mark.parametrize("eye", [as_it_is, without_green])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (theme.FREE, theme.BOOKED),
        (theme.FREE, theme.BACKGROUND),
        (theme.CLOSED_STRIPES.color, theme.CLOSED),
        (theme.UNKNOWN_HATCHES.color, theme.BACKGROUND),
        (theme.NOW, theme.BACKGROUND),
        (theme.NOW, theme.BOOKED),
    ],
)
def test_what_is_told_apart_by_light_is_so_by_colour_blind_eyes(eye, one, other):
    assert theme.contrast(eye(one), eye(other)) >= 3


@pytest.mark.parametrize("eye", [as_it_is, without_green])
def test_each_shade_is_lighter_than_the_one_before(eye):
    lights = [theme.contrast(eye(shade), (0, 0, 0)) for shade in theme.SHADES]
    assert lights == sorted(lights)
    assert len(set(lights)) == len(lights)


def marked(mark):
    """Return a field with a mark, as which of its pixels are light for their field."""
    sheet = Canvas(40)
    sheet.fill_pattern((16, 0, 80, 40), mark)
    image = seen(sheet.to_png()).crop((16, 0, 80, 40)).convert("L")
    darkest, lightest = image.getextrema()
    middle = (darkest + lightest) / 2
    return [[image.getpixel((x, y)) > middle for x in range(64)] for y in range(40)]


def test_marks_differ_in_form_and_not_in_colour_alone():
    forms = {mark: marked(mark) for mark in (Pattern.BOOKED, Pattern.CLOSED, Pattern.UNKNOWN)}
    assert all(one != other for one, other in combinations(forms.values(), 2))
    closed, unknown = forms[Pattern.CLOSED], forms[Pattern.UNKNOWN]
    # One rises to the right, the other falls.
    assert closed[2][14:30] == closed[0][16:32]
    assert unknown[2][18:34] == unknown[0][16:32]
    assert closed[2] != closed[0]
    # Free is filled: it is as light as nothing else that is a field.
    others = (theme.BOOKED, theme.CLOSED, theme.BACKGROUND)
    assert all(theme.contrast(theme.FREE, each) > 6 for each in others)


def test_all_colours_have_a_place():
    assert len(palette.COLORS) <= 256
    assert all(palette.COLORS[palette.color_index(each)] == each for each in theme.FILL_COLORS)


LETTERS = [
    letter
    for letter in map(chr, range(0x21, 0x500))
    if unicodedata.category(letter).startswith("L")
    and unicodedata.name(letter).split()[0] in {"LATIN", "GREEK", "CYRILLIC"}
    and not 0x250 <= ord(letter) < 0x370  # phonetic signs
]
NOT_IN_INTER = {"Ҟ", "ҟ"}
"""Abkhaz; they get the empty box."""


@pytest.mark.parametrize("face", FACES)
def test_every_letter_has_a_glyph(face):
    font = text_rendering._load_font(face)
    box = bytes(font.getmask("\U0010ffff"))
    assert len(LETTERS) > 800
    drawable = {letter: text_rendering._printable(letter) for letter in LETTERS}
    missing = {
        letter
        for letter, drawn in drawable.items()
        if any(bytes(font.getmask(each)) == box for each in drawn)
    }
    assert missing == NOT_IN_INTER


def test_font_is_what_its_licence_says():
    licence = (FONTS / "LICENSE.txt").read_text(encoding="utf-8")
    assert licence.startswith("Copyright 2020 The Inter Project Authors")
    assert "SIL OPEN FONT LICENSE Version 1.1 - 26 February 2007" in licence
    for part in ("PREAMBLE", "DEFINITIONS", "PERMISSION & CONDITIONS", "TERMINATION", "DISCLAIMER"):
        assert f"\n{part}\n" in licence
    for path in FONTS.glob("*.otf"):
        assert b"2020 The Inter Project Authors" in path.read_bytes()
        family, _ = ImageFont.truetype(path).getname()
        assert family
        assert family.startswith("Inter")


def test_text_that_is_too_wide_is_cut_in_the_middle():
    text = "Lecture Theatre of the Old Observatory 7"
    cut = truncate_to_width(text, theme.BODY_FONT, 160)
    assert text_width(cut, theme.BODY_FONT) <= 160
    assert cut.startswith("Lecture")
    assert cut.endswith("7")
    assert "…" in cut
    assert truncate_to_width("101", theme.BODY_FONT, 160) == "101"
    assert truncate_to_width(text, theme.BODY_FONT, 1) == "…"


def test_composed_and_decomposed_letters_are_one():
    assert text_width("Ge\u0301ologie", theme.BODY_FONT) == text_width(
        "G\u00e9ologie", theme.BODY_FONT
    )
    same = [
        text_rendering.render_text(text, theme.BODY_FONT, theme.TEXT).image
        for text in ("e\u0301", "\u00e9")
    ]
    assert same[0].tobytes() == same[1].tobytes()


def test_marks_that_nobody_sees_take_no_space():
    assert text_width("1\u200b0\u200e1\0\ud800", theme.BODY_FONT) == text_width(
        "101", theme.BODY_FONT
    )
    assert text_width("10\n1\t", theme.BODY_FONT) == text_width("10 1", theme.BODY_FONT)
