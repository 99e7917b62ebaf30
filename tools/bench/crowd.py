"""Sixteen desks or terminals at once: a process of its own, so that its computing is told apart from the server's.

python -m tools.bench.crowd < task.json > result.json
"""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import cycle, islice

from tools.bench.client import Browser

PILE = 3  # volumes to a reader
ACTS = frozenset({"lend", "return", "page"})  # what counts
Step = tuple[str, Callable[[], bytes]]


@dataclass
class Task:
    """What each of the crowd does; `rate` is of all together, a second (0: as fast as they can)."""

    address: str
    seconds: float
    rate: float = 0.0
    sign_in_code: str = ""
    desks: list[dict[str, list[str]]] = field(default_factory=list)  # cards and barcodes of each
    terminals: list[list[str]] = field(default_factory=list)  # paths of each


@dataclass
class Result:
    """Seconds that each counted request took from when it was due; CPU of this process."""

    spent: list[float]
    seconds: float
    cpu: float
    lent: int
    problems: list[str]


class One:
    """One desk or terminal: requests without end, some of which count as acts."""

    def __init__(self, task: Task, number: int, pause: float) -> None:
        self.browser = Browser(task.address)
        self.pause, self.spent, self.problem = pause, list[float](), ""
        self.lent, self.ended = 0, 0.0
        if task.desks:
            self.browser.enter(task.sign_in_code)
            self.steps = self._at_desk(task.desks[number])
        else:
            self.steps = self._at_terminal(task.terminals[number])

    def _at_desk(self, desk: dict[str, list[str]]) -> Iterator[Step]:
        """A reader comes, three volumes go out; the reader leaves, they come back. And so on."""
        barcodes = cycle(desk["barcodes"])
        for card in cycle(desk["cards"]):
            pile = list(islice(barcodes, PILE))
            yield "reader", lambda card=card: self._scan(card)  # type: ignore[misc]
            for code in pile:
                yield "lend", lambda code=code: self._scan(code)  # type: ignore[misc]
            yield "finish", lambda: self.browser.post("/desk/finish", pending="")
            for code in pile:
                yield "return", lambda code=code: self._scan(code)  # type: ignore[misc]

    def _scan(self, code: str) -> bytes:
        return self.browser.post("/desk/scan", scan=code)

    def _at_terminal(self, paths: list[str]) -> Iterator[Step]:
        for path in cycle(paths):
            yield "page", lambda path=path: self.browser.get(path)  # type: ignore[misc]

    def run(self, begin: float, end: float) -> None:
        """Until `end`; a pile that was begun is finished, so that the next crowd finds everything in its place."""
        due = begin
        try:
            for kind, step in self.steps:
                is_over, is_act = time.perf_counter() >= end, kind in ACTS
                if is_over and kind in {"reader", "page"}:
                    return
                if is_act and self.pause and not is_over:
                    due += self.pause
                    time.sleep(max(0.0, due - time.perf_counter()))
                began = due if is_act and self.pause else time.perf_counter()
                step()
                self.lent += kind == "lend"
                if is_act and not is_over:
                    self.spent.append(time.perf_counter() - began)
                    self.ended = time.perf_counter()
        except Exception as problem:  # it is told, not lost in a thread
            self.problem = f"{type(problem).__name__}: {problem}"


def run(task: Task) -> Result:
    """Raises nothing: what went wrong is in `problems`."""
    size = len(task.desks or task.terminals)
    crowd = [One(task, number, size / task.rate if task.rate else 0.0) for number in range(size)]
    begin, cpu = time.perf_counter(), time.process_time()
    # at a steady rate they do not all begin together
    starts = [begin + (number / task.rate if task.rate else 0.0) for number in range(size)]
    threads = [
        threading.Thread(target=one.run, args=(start, begin + task.seconds))
        for one, start in zip(crowd, starts, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Result(
        spent=[seconds for one in crowd for seconds in one.spent],
        seconds=max(one.ended for one in crowd) - begin,
        cpu=time.process_time() - cpu,
        lent=sum(one.lent for one in crowd),
        problems=[one.problem for one in crowd if one.problem],
    )


if __name__ == "__main__":
    json.dump(asdict(run(Task(**json.load(sys.stdin)))), sys.stdout)
