"""The light on the home page: green, or red with the sentences that say why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from shuxiang.common import clock
from shuxiang.safekeeping.messages import speak
from shuxiang.safekeeping.models import Backup

RED_AFTER = timedelta(days=3)  # a weekend without a backup is not yet alarming


@dataclass(frozen=True)
class Light:
    """Green or red, and the sentences that say why."""

    is_green: bool
    sentences: tuple[str, ...]
    last_at: datetime | None  # of the last backup that is whole


def light(at: datetime) -> Light:
    """When the last good backup was made, whether it could be restored, whether a copy lies on a second disk."""
    last = Backup.objects.order_by("-made_at", "-pk").first()
    good = Backup.objects.filter(problem="").order_by("-made_at", "-pk").first()
    if last is None:
        return Light(False, (speak("never_backed_up", {}),), None)
    if red := tuple(_worries(last, good, at)):
        return Light(False, red, good.made_at if good else None)
    code = "backup_good" if last.second_path else "backup_good_one_disk"
    made_at = clock.to_local(last.made_at, settings.TIME_ZONE)
    return Light(True, (speak(code, {"at": made_at.strftime("%Y-%m-%d %H:%M")}),), last.made_at)


def _worries(last: Backup, good: Backup | None, at: datetime) -> Iterator[str]:
    if last.problem:
        yield speak("backup_failed", {"problem": last.problem})
    if good is None:
        return
    if at - good.made_at > RED_AFTER:
        yield speak("backup_old", {"days": (at - good.made_at).days})
    elif Path(good.path).parent == daily_folder() and not Path(good.path).is_file():
        yield speak("backup_gone", {"path": good.path})
    drilled = Backup.objects.filter(drilled_at__isnull=False).order_by("-drilled_at").first()
    if drilled is not None and drilled.drill_problem:
        yield speak("drill_failed", {"problem": drilled.drill_problem})


def daily_folder() -> Path:
    """Where the daily backups lie."""
    return Path(settings.HOME) / "backups"
