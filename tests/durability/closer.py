"""A library whose year is being closed when the power goes.

python -m tests.durability.closer prepare      the tables, and a small school with entries and a withdrawal in 2025
python -m tests.durability.closer close STEP   closes 2025 and kills itself after that step
python -m tests.durability.closer start        what the next start does; prints what is closed, its volumes, what is wrong
"""

import json
import os
import signal
import sys
from datetime import UTC, date, datetime
from typing import Any

import django

WHEN = datetime(2026, 1, 8, 4, tzinfo=UTC)


def prepare() -> None:
    from django.core.management import call_command  # noqa: PLC0415  they need the settings

    from shuxiang.holdings.tests.builders import School  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    school = School()
    for n, copies in enumerate((3, 2)):
        batch = school.draft()
        items = school.add(batch, school.hold(f"书{n}"), copies)
        _post(batch, n)
    _withdraw(items[:1])


def _post(batch: Any, n: int) -> None:
    from shuxiang.holdings.services import post_batch  # noqa: PLC0415
    from shuxiang.holdings.tests.builders import BY  # noqa: PLC0415

    post_batch(batch, by=BY, at=WHEN, on=date(2025, 3, 1 + n))


def _withdraw(items: Any) -> None:
    from shuxiang.holdings.services import withdraw  # noqa: PLC0415
    from shuxiang.holdings.tests.builders import BY  # noqa: PLC0415

    withdraw(items, reason="worn", by=BY, at=WHEN, on=date(2025, 6, 1), approved_by="校长")


def close(step: int) -> None:
    from shuxiang.holdings.services import close_year  # noqa: PLC0415
    from shuxiang.holdings.tests.builders import BY  # noqa: PLC0415
    from shuxiang.libraries.models import Library  # noqa: PLC0415

    def die(done: int, _all: int) -> None:
        if done == step:
            os.kill(os.getpid(), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)

    close_year(Library.objects.get(), 2025, by=BY, at=WHEN, progress=die)


def start() -> None:
    from shuxiang.audit import reconcile  # noqa: PLC0415
    from shuxiang.cli.recovery import take_up  # noqa: PLC0415
    from shuxiang.holdings.years import ALL, YearBalance  # noqa: PLC0415

    take_up(lambda _line: None)
    rows = YearBalance.objects.filter(clc_main=ALL)
    outcome = reconcile.run()
    found = {
        "closed": list(rows.values_list("closing__year", "closing__state")),
        "volumes": [row.after_volumes for row in rows],
        "wrong": [each.code for each in (*outcome.differences, *outcome.exceptions)],
    }
    print(json.dumps(found))


def main(words: list[str]) -> None:
    """Carry out one of the three."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "shuxiang.config.settings"
    django.setup()
    if words[0] == "close":
        close(int(words[1]))
    else:
        {"prepare": prepare, "start": start}[words[0]]()


if __name__ == "__main__":
    main(sys.argv[1:])
