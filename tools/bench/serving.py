"""From start to first page, and what an idle server has in memory.

The floor is the same web server, waitress, with a page of one word.
"""

import time

from tools.bench.lines import Line, paired
from tools.bench.servers import BARE, running

STARTS = 3


def serve() -> list[Line]:
    """Starts in turn with the floor's; memory two seconds after the last first page."""
    starts, floors = [], []
    for _number in range(STARTS):
        with running("-c", BARE) as bare, running("-m", "shuxiang", "start") as ours:
            starts.append(ours.seconds)
            floors.append(bare.seconds)
            time.sleep(2)
            memory = ours.resident(), bare.resident()
    lines = [paired("server.first_page", "s", starts, floors)]
    return [*lines, paired("server.idle_memory", "MiB", [memory[0]], [memory[1]])] if memory[1] else lines
