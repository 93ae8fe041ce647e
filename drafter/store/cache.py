"""A bounded memory of values that never change: whatever is keyed by a git object id.

It does not know what it keeps; its maker says how to weigh a value.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class BoundedCache(Generic[Key, Value]):
    """Keep the values used last, up to a total weight; safe to share between threads.

    >>> lengths = BoundedCache(capacity=2)
    >>> lengths.get("tŷ", lambda: 2), lengths.get("tŷ", lambda: 3)
    (2, 2)
    """

    def __init__(self, capacity: int, weigh: Callable[[Value], int] = lambda _: 1) -> None:
        self.capacity = capacity
        self.weigh = weigh
        self.weight = 0
        self._kept: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._guard = threading.Lock()

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """Return the value of `key`, made by `make` outside the lock where it is not kept.

        Two threads may make the same value at once; one of the two is kept. A value heavier than
        the whole capacity is returned and not kept.
        """
        with self._guard:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        value = make()
        self.keep(key, value)
        return value

    def find(self, key: Key) -> Value | None:
        """Return the value of `key` where it is kept, else None."""
        with self._guard:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def keep(self, key: Key, value: Value) -> None:
        """Keep a value that was made already; one kept before stays."""
        weight = self.weigh(value)
        with self._guard:
            if key in self._kept or weight > self.capacity:
                return
            self._kept[key] = (value, weight)
            self.weight += weight
            while self.weight > self.capacity:
                _, (_, dropped) = self._kept.popitem(last=False)
                self.weight -= dropped

    def clear(self) -> None:
        """Forget everything."""
        with self._guard:
            self._kept.clear()
            self.weight = 0
