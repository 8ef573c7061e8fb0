"""The pictures for the README stay what they were when they are made smaller."""

import struct
import zlib

import pytest

from playground.screenshots import _chunk, _chunks, _pixels, compressed
from tests.playground.page_gallery import picture


def test_few_colours_are_kept_to_the_bit():
    png = picture(40, 30)
    chunks = _chunks(compressed(png))
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    assert (width, height) == (40, 30)
    assert chunks[b"PLTE"] == bytes((47, 158, 100))
    rows = zlib.decompress(chunks[b"IDAT"])
    assert rows == (b"\0" + bytes(40)) * 30


@pytest.mark.parametrize("method", range(5))
def test_each_filter_is_undone(method):
    """Two rows of two grey pixels, filtered as the format tells."""
    first, second = [10, 10, 10, 30, 30, 30], [20, 20, 20, 50, 50, 50]
    expected = {
        0: [0] * 6,
        1: [0, 0, 0, 20, 20, 20],
        2: first,
        3: [5, 5, 5, 25, 25, 25],
        4: [10, 10, 10, 30, 30, 30],
    }[method]
    line = bytes(value - guess for value, guess in zip(second, expected, strict=True))
    raw = b"\0" + bytes(first) + bytes([method]) + line
    assert _pixels(raw, 6, 2, 3) == bytes(first + second)


def test_chunks_of_one_kind_are_joined():
    png = b"\x89PNG\r\n\x1a\n" + _chunk(b"IDAT", b"ab") + _chunk(b"IDAT", b"c")
    assert _chunks(png) == {b"IDAT": b"abc"}
