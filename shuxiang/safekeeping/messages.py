"""Codes of safekeeping in words: what happened and what to do."""

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "backup_missing": _("There is no file %(path)s."),
    "backup_unreadable": _("The file %(path)s cannot be read: %(problem)s"),
    "backup_damaged": _(
        "This backup is damaged (%(path)s: %(problem)s). Take another one; nothing was changed."
    ),
    "backup_newer": _(
        "This backup was made by a newer version (%(version)s). Install that version first; nothing was changed."
    ),
    "backup_other_schema": _(
        "This backup was made by version %(version)s, whose tables differ; nothing was changed."
    ),
    "backup_row": _(
        "A row of this backup does not fit into the database (%(table)s: %(problem)s); nothing was changed."
    ),
    "backup_refused": _("The backup could not be brought up to date: %(problem)s"),
    "backup_does_not_reconcile": _(
        "What this backup holds does not agree with itself (%(count)s differences, the first: %(first)s); "
        "nothing was changed."
    ),
    "in_use": _(
        "The server, or another command, is using the data in %(path)s. Stop it first; nothing was changed."
    ),
    "schema_newer": _(
        "These data were last used with a newer version of the program (%(migrations)s). Install that version; "
        "nothing was changed."
    ),
    "upgrade_failed": _("The upgrade failed (%(problem)s); everything was put back as it was."),
    "upgrade_changed_data": _(
        "The upgrade would have changed data (%(changes)s); everything was put back as it was."
    ),
    "upgrade_does_not_reconcile": _(
        "After the upgrade the books would not agree (%(changes)s); everything was put back."
    ),
    "never_backed_up": _("No backup has been made yet."),
    "backup_old": _("The last good backup is %(days)s days old."),
    "backup_gone": _("The last backup is no longer where it was: %(path)s"),
    "backup_failed": _("The last backup failed: %(problem)s"),
    "second_disk_missing": _("The second disk is not there (%(path)s); the copy on this computer is good."),
    "second_disk_refused": _(
        "The second disk did not take the copy (%(path)s: %(problem)s); the copy on this computer is good."
    ),
    "drill_failed": _("The last backup could not be restored in the drill: %(problem)s"),
    "drill_too_slow": _("Restoring took longer than a quarter of an hour."),
    "drill_interrupted": _("It was stopped before it was done; nothing was changed."),
    "drill_ended": _(
        "The process that restored it was ended from outside (code %(code)s); perhaps memory ran out."
    ),
    "backup_good": _("Backed up %(at)s, on two disks."),
    "backup_good_one_disk": _("Backed up %(at)s. A copy on a second disk would be safer."),
    "backup_made": _("Backed up %(rows)s rows to %(path)s."),
}
# what is wrong with a damaged backup, the %(problem)s of backup_damaged
NOTES = {
    "unreadable": _("cannot be read"),
    "twice": _("is in it twice"),
    "bomb": _("would unpack to far more than it is"),
    "leads_out": _("a name that leads out of the data folder"),
    "differs": _("differs from the list of contents"),
}


def speak(code: str, params: Mapping[str, object]) -> str:
    """The sentence for a code; the code itself where there is none."""
    sentence = MESSAGES.get(code)
    if sentence is None:
        return gettext(code)
    words = dict(params)
    if code == "backup_damaged":
        words["problem"] = NOTES.get(str(words["problem"]), words["problem"])
    return str(sentence) % words
