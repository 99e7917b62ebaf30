"""Keys for rows that travel between installations."""

import secrets
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """A time-ordered UUID (RFC 9562, version 7); within one process each is greater than the one before."""
    global _last
    with _lock:
        # 48 bits of milliseconds, then 74 random bits; when the clock stands still or steps back, count on.
        fresh = (time.time_ns() // 1_000_000) << 74 | secrets.randbits(74)
        if fresh <= _last:
            fresh = _last + 1 + secrets.randbits(32)
        _last = fresh
    milliseconds, rand_a, rand_b = fresh >> 74, (fresh >> 62) & 0xFFF, fresh & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | 7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b)
