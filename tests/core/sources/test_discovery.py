"""What a list says: clean texts, and words that it joined by commas."""

from hypothesis import given
from hypothesis import strategies as st

from core.sources.discovery import clean_text, split_cells

WIRED = "Air Conditioned, IT: Network, Wired, IT: Network, Wireless, Seating: Seminar"


def test_a_word_with_a_comma_is_found_where_its_first_half_comes_twice():
    assert split_cells([WIRED, "IT: Network, Wireless"]) == [
        ("Air Conditioned", "IT: Network, Wired", "IT: Network, Wireless", "Seating: Seminar"),
        ("IT: Network, Wireless",),
    ]


def test_parts_are_words_of_their_own_without_that_proof():
    assert split_cells(["Projector, Sink", "", "Sink"]) == [("Projector", "Sink"), (), ("Sink",)]


def test_a_part_that_also_stands_alone_is_no_half():
    assert split_cells(["IT, A, IT, B", "Sink, IT"]) == [("IT", "A", "B"), ("Sink", "IT")]


@given(st.text())
def test_clean_texts_are_one_line_of_visible_characters(text):
    cleaned = clean_text(text)
    assert cleaned == clean_text(cleaned)
    assert cleaned == cleaned.strip()
    assert "  " not in cleaned
    assert cleaned.isprintable()


def test_clean_keeps_letters_of_all_languages():
    assert clean_text(" Café\u200b \n Großer\tHörsaal ") == "Café Großer Hörsaal"
