"""Makes a good answer bad: changes of its bytes, of its JSON, and of both at places of note.

Each takes random numbers and bytes and returns other bytes. What comes out may by chance be
a good answer still; nobody relies on its being bad.
"""

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random
from typing import Any

Mutation = Callable[[Random, bytes], bytes]

NESTED = 100_000
_STRUCTURE = re.compile(rb'[{}\[\]:,"]|\d|\\')
_STRING = re.compile(rb'"[^"\\]*"')
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_PAIR = re.compile(rb'"[^"\\]*"\s*:\s*(?:"[^"\\]*"|-?\d+(?:\.\d+)?|null|\[\]|\{\})')

_NUMBERS = (
    *(b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999", b"1e308", b"-0", b"-0.0", b"0x10"),
    *(b"1e-400", b"07", b"+1", b"1.", b".5", b"1e", b"1_000", b"9" * 25, b"9" * 5000, b"24e0"),
    *(b"9223372036854775808", b"-9223372036854775809", b"0." + b"3" * 10_000),
)
_TEXTS = (
    *(b"", b"NaN", b"nan", b"inf", b"-inf", b"Infinity", b"1e999", b" 8", b"8 ", b"8,5", b"08:00"),
    *(b"9" * 400, b"9" * 5000, b"0001-01-01T00:00:00", b"9999-12-31T23:59:59+00:00", b"None"),
    *(b"2024-02-30T00:00:00", b"2024-11-04T24:00:00", b"2024-W45-1T00:00:00", b"\\u0000"),
    *(b"\\ud800", b"\\udc00\\ud800", b"\\u202e", "８".encode(), "٣".encode(), b"0001-01-01T00:00"),
    *(b"9999-12-31T23:59:59-14:00", b"0001-01-01T00:00:00+14:00", b"2024-11-04T10:00:00+99:99"),
)
_BROKEN_UTF_8 = (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\x80")
_AROUND = (
    (b"\xef\xbb\xbf", b""),
    (b"\xef\xbb\xbf" * 2, b""),
    (b"\xff\xfe", b""),
    (b")]}',\n", b""),
    (b")]}'\n", b""),
    (b"\x00", b""),
    (b"<!DOCTYPE html><html>", b"</html>"),
    (b"<!-- ", b" -->"),
    (b"callback(", b")"),
    (b"", b"{}"),
    (b"", b"\x00"),
    (b"", b"<script>"),
    (b"[", b"]"),
    (b" \n" * 5000, b"\n" * 5000),
)
_SPLICES: tuple[Any, ...] = (
    *(None, True, False, "", " ", "x", 0, -1, 1, 25, 1e308, -1e308, 10**30, -(10**30), 0.1),
    *([], {}, [[]], [{}], [None], {"": None}, "8.5", "0", [1, "1"], {"nil": True}, "null"),
)


def _place(random: Random, body: bytes) -> int:
    """Choose where something begins or ends, or anywhere."""
    if random.random() < 0.3 or not body:
        return random.randint(0, len(body))
    near = random.randrange(len(body))
    found = _STRUCTURE.search(body, near)
    return found.end() if found else near


def _cut(random: Random, body: bytes) -> bytes:
    return body[: _place(random, body)]


def _flip(random: Random, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(random.choice((1, 1, 3, 20)) if body else 0):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _insert(random: Random, body: bytes) -> bytes:
    at = _place(random, body)
    noise = random.choice((random.randbytes(random.randint(1, 8)), b",", b"}", b'"', b"[", b"\\"))
    return body[:at] + noise + body[at:]


def _lose(random: Random, body: bytes) -> bytes:
    start = _place(random, body)
    return body[:start] + body[start + random.choice((1, 2, 10, 200)) :]


def _repeat(random: Random, body: bytes) -> bytes:
    start = _place(random, body)
    part = body[start : start + random.choice((1, 10, 200))]
    return body[:start] + part * random.choice((2, 3, 50)) + body[start:]


def _break_utf_8(random: Random, body: bytes) -> bytes:
    at = _place(random, body)
    return body[:at] + random.choice(_BROKEN_UTF_8) + body[at:]


def _swap(
    random: Random, body: bytes, wanted: re.Pattern[bytes], better: Callable[[bytes], bytes]
) -> bytes:
    """Put something else in place of one that is found after a random place."""
    found = wanted.search(body, random.randint(0, len(body))) or wanted.search(body)
    if not found:
        return body
    return body[: found.start()] + better(found[0]) + body[found.end() :]


def _other_number(random: Random, body: bytes) -> bytes:
    return _swap(random, body, _NUMBER, lambda _: random.choice(_NUMBERS))


def _other_text(random: Random, body: bytes) -> bytes:
    return _swap(random, body, _STRING, lambda _: b'"%s"' % random.choice(_TEXTS))


def _twice(random: Random, body: bytes) -> bytes:
    """Repeat a key, with another value."""
    value = random.choice((b"null", b"[]", b"0", b'"x"', b"{}"))
    order = random.random() < 0.5

    def doubled(pair: bytes) -> bytes:
        other = pair.split(b":")[0] + b":" + value
        return b",".join((pair, other) if order else (other, pair))

    return _swap(random, body, _PAIR, doubled)


def _around(random: Random, body: bytes) -> bytes:
    before, after = random.choice(_AROUND)
    return before + body + after


def _nest(random: Random, body: bytes) -> bytes:
    """Put a value so deep that whoever calls itself for each level runs out of stack."""
    opens, closes = random.choice(((b"[", b"]"), (b'{"items":', b"}")))
    deep = opens * NESTED + random.choice((b"", b"1" + closes * NESTED))
    return _swap(random, body, _NUMBER, lambda _: deep)


def _values(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of each value in a tree."""
    yield path
    children: Iterator[tuple[Any, Any]] = iter(())
    if isinstance(tree, dict):
        children = iter(tree.items())
    elif isinstance(tree, list):
        children = iter(enumerate(tree))
    for key, child in children:
        yield from _values(child, (*path, key))


def _in_tree(random: Random, body: bytes) -> bytes:
    """Change a value of the JSON: another type, gone, renamed, repeated or wrapped."""
    try:
        tree = json.loads(body)
        for _ in range(random.choice((1, 1, 2, 5))):
            tree = _changed(random, tree)
        return json.dumps(tree).encode()
    except (ValueError, RecursionError):
        # No JSON any more, or nested too deeply for us.
        return _flip(random, body)


def _changed(random: Random, tree: Any) -> Any:
    path = random.choice(list(_values(tree)))
    if not path:
        return random.choice((tree, tree, [tree], {"": tree}, _splices(random, 1)[0]))
    holder = tree
    for key in path[:-1]:
        holder = holder[key]
    key, value = path[-1], holder[path[-1]]
    kind = random.randrange(5)
    if kind == 0:
        del holder[key]
    elif kind == 1 and isinstance(holder, dict):
        holder[str(key).swapcase()] = holder.pop(key)
    elif kind == 1:
        holder.extend([value] * random.choice((1, 3, 300)))
    else:
        holder[key] = random.choice(([value], {"x": value}, *_splices(random, 6)))
    return tree


def _splices(random: Random, number: int) -> list[Any]:
    """Return copies: what is spliced in is changed in its turn, and the next mutant has it too."""
    return deepcopy(random.choices(_SPLICES, k=number))


ORDINARY: tuple[Mutation, ...] = (
    *(_cut, _flip, _insert, _lose, _repeat, _break_utf_8, _other_number, _other_number),
    *(_other_text, _other_text, _twice, _around, _in_tree, _in_tree, _in_tree, _in_tree),
)
DEEP: Mutation = _nest
_ONE_DEEP_IN = 200


def mutated(random: Random, body: bytes) -> bytes:
    """Return the body after one to four mutations."""
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        body = random.choice(ORDINARY)(random, body)
    return DEEP(random, body) if random.randrange(_ONE_DEEP_IN) == 0 else body
