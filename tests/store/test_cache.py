from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from drafter.store.cache import BoundedCache


def test_what_was_not_used_for_longest_goes_first() -> None:
    cache: BoundedCache[str, str] = BoundedCache(2)
    made: list[str] = []

    def get(key: str) -> str:
        return cache.get(key, lambda: made.append(key) or key)

    for key in "abaca":
        get(key)
    assert made == ["a", "b", "c"]
    get("b")
    assert made == ["a", "b", "c", "b"]


def test_the_weight_of_what_is_kept_never_passes_the_capacity() -> None:
    cache: BoundedCache[int, bytes] = BoundedCache(100, weigh=len)
    for size in (40, 60, 1, 100, 7, 101, 99):
        assert len(cache.get(size, lambda size=size: b"x" * size)) == size
        assert cache.weight <= 100
    assert cache.weight == 99


def test_a_failure_is_not_remembered() -> None:
    cache: BoundedCache[str, int] = BoundedCache(2)
    with pytest.raises(ZeroDivisionError):
        cache.get("a", lambda: 1 // 0)
    assert cache.get("a", lambda: 3) == 3


def test_threads_share_one_cache_within_its_bound() -> None:
    cache: BoundedCache[int, int] = BoundedCache(50)
    with ThreadPoolExecutor(8) as threads:
        got = list(threads.map(lambda n: cache.get(n % 80, lambda: n % 80), range(4000)))
    assert got == [n % 80 for n in range(4000)]
    assert cache.weight == 50
