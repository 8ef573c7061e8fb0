"""An LRU cache that is bounded by the bytes of its values, not by their number."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class ByteLruCache(Generic[_Key, _Value]):
    """Keeps the most recently used values that fit into `max_bytes` together.

    The newest value stays even if it alone is larger. `size_of` gives the bytes of a value,
    which must not change while it is cached.
    """

    def __init__(self, max_bytes: int, *, size_of: Callable[[_Value], int]) -> None:
        self._max_bytes = max_bytes
        self._size_of = size_of
        self._values: OrderedDict[_Key, _Value] = OrderedDict()
        self._size = 0

    def __len__(self) -> int:
        return len(self._values)

    def peek(self, key: _Key) -> _Value | None:
        """Return the value, None where there is none; does not count as a use."""
        return self._values.get(key)

    def get(self, key: _Key) -> _Value | None:
        """Return the value and count that as a use, None where there is none."""
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def put(self, key: _Key, value: _Value) -> None:
        """Store a value as the most recently used one, and evict what is too much."""
        if (replaced := self._values.pop(key, None)) is not None:
            self._size -= self._size_of(replaced)
        self._values[key] = value
        self._size += self._size_of(value)
        while self._size > self._max_bytes and len(self._values) > 1:
            self._size -= self._size_of(self._values.popitem(last=False)[1])
