"""Codes of safekeeping in words: what happened and what to do."""

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "backup_missing": _("There is no file %(path)s."),
    "backup_damaged": _(
        "This backup is damaged (%(path)s: %(problem)s). Take another one; nothing was changed."
    ),
    "backup_newer": _(
        "This backup was made by a newer version (%(version)s). Install that version first; nothing was changed."
    ),
    "backup_other_schema": _(
        "This backup was made by version %(version)s, whose tables differ; nothing was changed."
    ),
    "backup_does_not_reconcile": _(
        "What this backup holds does not agree with itself (%(count)s differences, the first: %(first)s); "
        "nothing was changed."
    ),
    "schema_newer": _(
        "These data were last used with a newer version of the program (%(migrations)s). Install that version; "
        "nothing was changed."
    ),
    "upgrade_changed_data": _(
        "The upgrade would have changed data (%(changes)s); everything was put back as it was."
    ),
    "upgrade_does_not_reconcile": _(
        "After the upgrade the books would not agree (%(changes)s); everything was put back."
    ),
    "never_backed_up": _("No backup has been made yet."),
    "backup_old": _("The last good backup is %(days)s days old."),
    "backup_failed": _("The last backup failed: %(problem)s"),
    "drill_failed": _("The last backup could not be restored in the drill: %(problem)s"),
    "drill_too_slow": _("Restoring took longer than a quarter of an hour."),
    "backup_good": _("Backed up %(at)s, on two disks."),
    "backup_good_one_disk": _("Backed up %(at)s. A copy on a second disk would be safer."),
    "backup_made": _("Backed up %(rows)s rows to %(path)s."),
}


def speak(code: str, params: Mapping[str, object]) -> str:
    sentence = MESSAGES.get(code)
    return str(sentence) % dict(params) if sentence is not None else gettext(code)
