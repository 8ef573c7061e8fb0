"""What is an answer and what is not: every body ends as a shape or as one of our errors."""

import json
import tracemalloc
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import SourceError, SourceFormatError, SourceRefusedError, SourceUnavailableError
from core.sources.live25.decoding import decode_grid, decode_reservations
from fakes.live25.booking_responses import month_response, reservations_response
from fakes.live25.fault_injection import HTML, XML_ERROR
from tests.recordings import FIRST_DAY, Recording

SUBJECT = {"itemId": 1, "item_date": "2024-11-04", "items": [{"start": "8", "end": 9}]}
GRID = json.dumps({"subjects": [SUBJECT]}).encode()
EMPTY = b'{"space_reservations":{}}'
READERS = [decode_grid, decode_reservations]


@pytest.mark.parametrize(
    "text", [b")]}',\n", b")]}',", b"\xef\xbb\xbf", b" \r\n\t", b"\xef\xbb\xbf \n)]}',\r\n"]
)
def test_what_instances_put_before_an_answer_is_taken_off(text: bytes):
    assert decode_grid(text + GRID).subjects
    assert decode_reservations(text + EMPTY) == []


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("body", [b"", b" \n", b")]}',\n", b"\xef\xbb\xbf"])
def test_nothing_is_no_data(read: Any, body: bytes):
    with pytest.raises(SourceFormatError, match=r"^no data"):
        read(body)


@pytest.mark.parametrize(
    "body", [b"{}", b'{"subjects":null}', b'{"subjects":[]}', b'{"headers":{},"page_count":2}']
)
def test_a_grid_without_subjects_is_no_data(body: bytes):
    with pytest.raises(SourceFormatError, match=r"^no data"):
        decode_grid(body)


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    "body",
    [
        HTML,
        b"<html>",
        b"<HTML lang=en>",
        b"<!doctype html>",
        b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN">',
        b")]}',\n<html>",
        b"<!-- hello --><html>",
    ],
)
def test_a_page_is_a_login_page(read: Any, body: bytes):
    with pytest.raises(SourceRefusedError, match=r"^login page"):
        read(body)


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("body", [XML_ERROR, b"<r25:messages/>", b"<?xml version='1.0'?>", b"<"])
def test_other_markup_is_an_error_document(read: Any, body: bytes):
    with pytest.raises(SourceRefusedError, match=r"^error document"):
        read(body)


def test_an_error_documents_code_is_told():
    with pytest.raises(SourceRefusedError, match=r"^error document: SY_E_DATAERROR$"):
        decode_grid(XML_ERROR)


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    "body",
    [
        b"null",
        b"[]",
        b"7",
        b'"text"',
        b"OK",
        b"\x00\x01",
        b"{'subjects':[]}",
        b'{"subjects":1,"space_reservations":1}',
        b'{"subjects":{},"space_reservations":[]}',
        b'{"subjects":[[]],"space_reservations":{"space_reservation":[[]]}}',
        b'{"subjects":[null],"space_reservations":{"space_reservation":[null]}}',
        b'{"subjects":[{}],"space_reservations":{"space_reservation":[{}]}}',
        GRID + EMPTY + b"}",
        b'{"subjects":' + b"[" * 1_000_000,
        b'{"unknown":' + b"[" * 1_000_000,
        b'{"unknown":' + b'{"a":' * 1_000_000,
    ],
    ids=lambda body: body[:24].decode("latin-1"),
)
def test_other_json_is_not_understood(read: Any, body: bytes):
    with pytest.raises(SourceFormatError, match=r"^not understood"):
        read(body)


@pytest.mark.parametrize("depth", [10, 1_000, 5_000, 100_000])
def test_a_deeply_nested_stranger_is_never_more_than_our_error(depth: int):
    """How deep is too deep differs between Pythons."""
    for read in READERS:
        with pytest.raises(SourceFormatError):
            read(b'{"unknown":' + b"[" * depth + b"]" * depth + b"}")


@pytest.mark.parametrize("level", [b"[", b'{"a":', b'[{"a":'])
@pytest.mark.parametrize("depth", [600, 5_000, 100_000, 200_000])
def test_nesting_without_an_end_is_not_understood_on_any_python(level: bytes, depth: int):
    for read in READERS:
        with pytest.raises(SourceFormatError, match=r"^not understood"):
            read(b'{"unknown":' + level * depth)


@pytest.mark.parametrize("escaped", [rb"\"", rb"\\", rb"\\\"", rb"\n", b""])
def test_brackets_in_strings_do_not_nest(escaped: bytes):
    name = escaped + b"[{" * 600
    for text in (b'{"unknown":"' + name, b'{"unknown":"' + name + b'","more":[1,'):
        for read in READERS:
            with pytest.raises(SourceUnavailableError, match=r"^cut off"):
                read(text)


def test_an_answer_cut_off_anywhere_is_cut_off(recording: Recording):
    whole = json.dumps(month_response(recording.answers(), "1127", FIRST_DAY))[:3000].encode()
    for length in range(1, len(whole)):
        with pytest.raises(SourceUnavailableError, match=r"^cut off"):
            decode_grid(whole[:length])


def test_reservations_cut_off_anywhere_are_cut_off(recording: Recording):
    answer = reservations_response(
        recording.answers(), ["1127"], FIRST_DAY, FIRST_DAY, zone="UTC", include=[]
    )
    whole = json.dumps(answer).encode()
    for length in range(1, len(whole)):
        with pytest.raises(SourceUnavailableError, match=r"^cut off"):
            decode_reservations(whole[:length])


def test_one_faulty_subject_does_not_spoil_the_others():
    subjects = [{**SUBJECT, "itemId": n} for n in range(50)]
    subjects[7] = {"itemId": 7, "item_date": "2024-11-04", "items": {"start": 8}}
    grid = decode_grid(json.dumps({"subjects": subjects, "page_count": 3}).encode())
    assert [each.room_id for each in grid.subjects or ()] == list(range(50))
    assert grid.page_count == 3
    faulty = (grid.subjects or [])[7].items or []
    assert len(faulty) == 1
    assert faulty[0].start != faulty[0].start


def test_many_faulty_subjects_are_another_kind_of_answer():
    subjects = [{"itemId": n, "items": 1} for n in range(200)]
    with pytest.raises(SourceFormatError, match=r"^not understood"):
        decode_grid(json.dumps({"subjects": subjects}).encode())


@pytest.mark.parametrize("pattern", [b"{},", b"1,", b'{"itemId":1,"items":1},', b'{"items":[1]},'])
def test_an_answer_of_a_million_faulty_parts_ends_soon_and_small(pattern: bytes):
    body = b'{"subjects":[' + pattern * (4_000_000 // len(pattern)) + b"1]}"
    tracemalloc.start()
    with pytest.raises(SourceFormatError, match=r"^not understood"):
        decode_grid(body)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 10 * len(body)


def test_errors_hold_no_text_of_the_answer():
    name = "Wilhelmina"
    for body in (
        f'{{"subjects":[{{"itemId":["{name}"]}}]}}',
        f'{{"subjects":"{name}"}}',
        f'{{"{name}":{name}}}',
        f"<r25:error><r25:msg_id>{name} x</r25:msg_id><r25:msg>{name}</r25:msg>",
        f"<html>{name}",
        f"{name}",
    ):
        for read in READERS:
            with pytest.raises(SourceError) as caught:
                read(body.encode())
            assert name not in repr(caught.value)
            assert name not in str(caught.value)


@pytest.fixture(scope="module")
def whole(recording: Recording) -> bytes:
    """Give the answer about a room's month."""
    return json.dumps(month_response(recording.answers(), "1127", FIRST_DAY)).encode()


LONGEST = 100_000
TOKENS = st.sampled_from(
    [
        *(b'"', b"{", b"}", b"[", b"]", b",", b":", b"null", b"true", b"NaN", b"1e999", b"-"),
        *(b"\xff", b"\x00", b"9" * 400, b"<html>", b"[" * 3000),
        *(b'"items":', b'"start":', b'"itemId":null,'),
    ]
)


@given(
    st.lists(
        st.tuples(st.integers(0, LONGEST), st.integers(0, 40), TOKENS | st.binary(max_size=8)),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=400, deadline=None)
def test_a_mutated_answer_is_a_shape_or_our_error(
    whole: bytes, changes: list[tuple[int, int, bytes]]
):
    body = whole
    assert len(body) <= LONGEST
    for number, length, text in changes:
        place = number % (len(body) + 1)
        body = body[:place] + text + body[place + length :]
    for read in READERS:
        with suppress(SourceError):
            read(body)
