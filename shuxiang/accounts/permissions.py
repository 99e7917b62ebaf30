"""Every permission there is, with its words. A role is a set of these codes."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PERMISSIONS: dict[str, Promise] = {
    "desk.lend": _("Lend and take back"),
    "desk.override": _("Lend although the program asks"),
    "desk.history": _("See what a reader borrowed before"),
    "catalogue.edit": _("Catalogue titles"),
    "catalogue.import": _("Import and export titles"),
    "holdings.post": _("Enter volumes in the accession book"),
    "holdings.withdraw": _("Withdraw volumes"),
    "patrons.view": _("See readers"),
    "patrons.edit": _("Change readers and cards"),
    "patrons.import": _("Import and export readers"),
    "patrons.codes": _("Set picture codes of readers"),
    "circulation.policy": _("Set the lending rules"),
    "cash.keep": _("Receive money and keep the cash book"),
    "cash.waive": _("Waive compensation with somebody's approval"),
    "figures.view": _("See figures"),
    "reports.write": _("Write reports"),
    "reports.sign": _("Sign reports"),
    "reconcile.run": _("Check that all accounts agree"),
    "backup.run": _("Make and restore backups"),
    "libraries.edit": _("Set terms, classes, rooms and hours"),
    "accounts.grant": _("Give and take roles"),
    "audit.view": _("See who did what"),
}
