"""Keys for rows that travel between installations."""

import secrets
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """A time-ordered UUID (RFC 9562, version 7); within one process each is greater than the one before."""
    return UUID(int=_numbers(1)[0])


def uuid7s(count: int) -> list[str]:
    """Many of them, in rising order, as 32 hexadecimal digits."""
    return [f"{number:032x}" for number in _numbers(count)]


def _numbers(count: int) -> list[int]:
    global _last
    steps = secrets.token_bytes(4 * count)
    numbers = []
    with _lock:
        # 48 bits of milliseconds, then 74 random bits; when the clock stands still or steps back, count on.
        fresh = (time.time_ns() // 1_000_000) << 74 | secrets.randbits(74)
        for place in range(0, 4 * count, 4):
            if fresh <= _last:
                fresh = _last + 1 + int.from_bytes(steps[place : place + 4], "big")
            _last = fresh
            milliseconds, rand_a, rand_b = fresh >> 74, (fresh >> 62) & 0xFFF, fresh & ((1 << 62) - 1)
            numbers.append(milliseconds << 80 | 7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b)
    return numbers
