"""A process of writers for test_write_gate.py: THREADS threads make ROUNDS acts each.

Prints one line: the acts done, the errors, the longest wait in seconds.
"""

import os
import sys
import threading
import time

import django
from django.db import connection, transaction


def add_one() -> None:
    """Read, then write: lost unless nobody else writes in between."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT n FROM tally")
        n = cursor.fetchone()[0]
        cursor.execute("UPDATE tally SET n = %s", [n + 1])


def main(threads: int, rounds: int) -> None:
    """Run the threads and print the tally."""
    waits: list[float] = []
    errors: list[str] = []

    def write() -> None:
        try:
            for _ in range(rounds):
                started = time.monotonic()
                add_one()
                waits.append(time.monotonic() - started)
        except Exception as problem:
            errors.append(repr(problem))
        finally:
            connection.close()

    workers = [threading.Thread(target=write) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(len(waits), len(errors), f"{max(waits, default=0):.3f}", *errors)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "shuxiang.config.settings"
    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]))
