"""What an undo has taken back so far: it counts on after a stop, since the number is written with the chunk."""

from __future__ import annotations

from collections.abc import Mapping

from shuxiang.imports.models import Run

_KEY = "taken_back"


def add(run: Run, **counts: int) -> None:
    """Add what this chunk took back; call it inside the chunk's transaction."""
    now = taken_back(run)
    total = {name: now.get(name, 0) + count for name, count in counts.items()}
    run.options = {**run.options, _KEY: {**now, **total}}
    run.save(update_fields=["options"])


def taken_back(run: Run) -> Mapping[str, int]:
    """How much of what has gone by now."""
    found = run.options.get(_KEY)
    return dict(found) if isinstance(found, dict) else {}
