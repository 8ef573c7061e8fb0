"""The byte-bounded LRU cache: what stays, what goes, and what counts as a use."""

import pytest

from core.byte_cache import ByteLruCache


@pytest.fixture
def cache():
    return ByteLruCache[str, bytes](10, size_of=len)


def test_values_stay_as_long_as_they_fit_exactly(cache):
    cache.put("a", b"12345")
    cache.put("b", b"67890")
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (b"12345", b"67890", None)


def test_the_least_recently_used_values_go_first(cache):
    for key in "abc":
        cache.put(key, b"123")
    cache.get("a")
    cache.put("d", b"1234")
    assert [cache.peek(key) is not None for key in "abcd"] == [True, False, True, True]


def test_a_peek_is_no_use(cache):
    for key in "abc":
        cache.put(key, b"123")
    cache.peek("a")
    cache.put("d", b"1234")
    assert cache.peek("a") is None


def test_a_replaced_value_frees_its_bytes_and_is_the_newest(cache):
    cache.put("a", b"123456")
    cache.put("b", b"1")
    cache.put("a", b"12345")
    cache.put("c", b"1234")
    assert (len(cache), cache.peek("a")) == (3, b"12345")
    cache.put("d", b"1")
    assert [cache.peek(key) is not None for key in "abcd"] == [True, False, True, True]


def test_a_value_larger_than_the_cache_is_alone_in_it(cache):
    cache.put("a", b"1")
    cache.put("b", b"1" * 11)
    assert (len(cache), cache.peek("b")) == (1, b"1" * 11)
    cache.put("c", b"1")
    assert (len(cache), cache.peek("b")) == (1, None)
