"""Bodies of a hundred megabytes, on their way small or large, and how they are sent."""

import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping

HUNDRED_MEGABYTES = 100 * 1024 * 1024
_MEGABYTE = b" " * (1024 * 1024)
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_EVENT = b'{"itemName":"Qwxzv","start":8,"end":9,"type_id":1}'


def _with_length(body: bytes, encoding: bytes = b"") -> Iterator[bytes]:
    yield _OK + encoding + b"Content-Length: %d\r\n\r\n" % len(body)
    yield body


def _plain() -> Iterator[bytes]:
    yield _OK + b"\r\n"
    for _ in range(HUNDRED_MEGABYTES // len(_MEGABYTE)):
        yield _MEGABYTE


def _chunked() -> Iterator[bytes]:
    yield _OK + b"Transfer-Encoding: chunked\r\n\r\n"
    for _ in range(HUNDRED_MEGABYTES // len(_MEGABYTE)):
        yield b"%x\r\n%s\r\n" % (len(_MEGABYTE), _MEGABYTE)
    yield b"0\r\n\r\n"


def _deflated(level: int) -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, level)
    packed = [packer.compress(_MEGABYTE) for _ in range(HUNDRED_MEGABYTES // len(_MEGABYTE))]
    return b"".join(packed) + packer.flush()


def _gzip() -> Iterator[bytes]:
    yield from _with_length(_deflated(31), b"Content-Encoding: gzip\r\n")


def _deflate() -> Iterator[bytes]:
    yield from _with_length(_deflated(15), b"Content-Encoding: deflate\r\n")


def _raw_deflate() -> Iterator[bytes]:
    yield from _with_length(_deflated(-15), b"Content-Encoding: deflate\r\n")


def _many_gzips() -> Iterator[bytes]:
    """Members one after the other, each small by itself."""
    member = gzip.compress(_MEGABYTE)
    count = HUNDRED_MEGABYTES // len(_MEGABYTE)
    yield from _with_length(member * count, b"Content-Encoding: gzip\r\n")


def _of_parts(start: bytes, part: bytes, end: bytes) -> Iterator[bytes]:
    """A whole answer that just keeps to the limit of size and means as much as it can."""
    room = 8 * 1024 * 1024 - len(start) - len(end)
    yield from _with_length(start + b",".join([part] * (room // (len(part) + 1))) + end)


def _items() -> Iterator[bytes]:
    start = b'{"subjects":[{"itemId":1,"item_date":"2024-11-04T00:00:00","items":['
    yield from _of_parts(start, _EVENT, b"]}]}")


def _empty_parts() -> Iterator[bytes]:
    yield from _of_parts(b'{"subjects":[', b"{}", b"]}")


def _reservations() -> Iterator[bytes]:
    start = b'{"space_reservations":{"space_reservation":['
    one = (
        b'{"reservation_start_dt":"2024-11-04T10:00:00Z","spaces":{"space_id":1},'
        b'"reservation_end_dt":"2024-11-04T11:00:00Z"}'
    )
    yield from _of_parts(start, one, b"]}}")


BODIES: Mapping[str, Callable[[], Iterator[bytes]]] = {
    "a hundred megabytes": _plain,
    "a hundred megabytes in chunks": _chunked,
    "a hundred megabytes of gzip": _gzip,
    "a hundred megabytes of deflate": _deflate,
    "a hundred megabytes of bare deflate": _raw_deflate,
    "a hundred gzips in one": _many_gzips,
    "eight megabytes of items": _items,
    "eight megabytes of nothing": _empty_parts,
    "eight megabytes of reservations": _reservations,
}
"""Each gives the parts of an answer, head and all, in order."""
