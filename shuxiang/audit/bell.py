"""The bell of who works behind the pages: rung by whoever queues something, in this process or in one that it forked."""

import os
import select
import threading
from contextlib import suppress


class Bell:
    """Rung as often as one likes; who listens hears that it was rung, not how often."""

    def __init__(self) -> None:
        self._rung = threading.Event()
        self._ends: tuple[int, int] | None = None  # of a pipe that all processes have

    def share(self) -> None:
        """Let processes that are forked from now on ring it for each other; not on systems that cannot fork."""
        self._ends = os.pipe()
        for end in self._ends:
            os.set_blocking(end, False)

    def ring(self) -> None:
        """Never waits, whatever became of who listens."""
        if self._ends is None:
            self._rung.set()
            return
        with suppress(BlockingIOError):  # a full pipe has been rung often enough
            os.write(self._ends[1], b".")

    def listen(self, seconds: float) -> None:
        """Until it is rung, or so long."""
        if self._ends is None:
            self._rung.wait(seconds)
            self._rung.clear()
            return
        heard, _, _ = select.select([self._ends[0]], [], [], seconds)
        if heard:
            with suppress(BlockingIOError):
                while os.read(self._ends[0], 4096):
                    pass
