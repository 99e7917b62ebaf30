"""Keys for rows that travel between installations."""

import secrets
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """A time-ordered UUID (RFC 9562, version 7); within one process each is greater than the one before."""
    return uuid7s(1)[0]


def uuid7s(count: int) -> list[UUID]:
    """Many of them, in rising order."""
    global _last
    steps = secrets.token_bytes(4 * count)
    with _lock:
        # 48 bits of milliseconds, then 74 random bits; when the clock stands still or steps back, count on.
        fresh = (time.time_ns() // 1_000_000) << 74 | secrets.randbits(74)
        made = []
        for place in range(0, 4 * count, 4):
            if fresh <= _last:
                fresh = _last + 1 + int.from_bytes(steps[place : place + 4], "big")
            made.append(_written(fresh))
            _last = fresh
    return made


def _written(number: int) -> UUID:
    milliseconds, rand_a, rand_b = number >> 74, (number >> 62) & 0xFFF, number & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | 7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b)
