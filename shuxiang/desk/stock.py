"""What the stock room's page leads to, in the order in which a delivery goes from the van to the shelf and off the books."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.desk.parts import Group, Part

PARTS = (
    Part(
        "desk:cataloguing",
        _("Cataloguing"),
        _("From the delivery to the shelf: scan, describe, call number, draft, post; MARC, sets, merging."),
        "catalogue.edit",
    ),
    Part(
        "desk:batches",
        _("Accession batches"),
        _("Drafts to be posted, what was posted, undo and reversing entries."),
        "holdings.post",
    ),
    Part(
        "desk:printing",
        _("Printing"),
        _("Spine labels, barcodes, cards and signs, on your sheets and straight."),
        "catalogue.edit",
    ),
    Part("desk:printing_cards", _("Readers' cards"), _("A card for each reader of a class."), "patrons.edit"),
    Part(
        "desk:places",
        pgettext_lazy("stock room", "Places"),
        _("Shelves, corners and temporary shelves: how full they are, carrying, re-shelving, signs."),
        "libraries.edit",
    ),
    Part(
        "desk:stocktakes",
        _("Stocktaking"),
        _(
            "Scan the shelves with as many scanners and telephones as you like; see what is missing, and settle it."
        ),
        "desk.lend",
    ),
    Part(
        "desk:mending",
        _("Mending and binding"),
        _("Torn volumes, repair afternoons, consignments to the binder; what is missing and what was found."),
        "holdings.post",
    ),
    Part(
        "desk:weeding",
        _("Weeding and review"),
        _("Propose, keep, approve and withdraw volumes; look for titles of a list."),
        "holdings.withdraw",
    ),
    Part(
        "desk:call_numbers",
        _("Classes and call numbers"),
        _(
            "Which numbers a class has and which are free; is a class number right; another call number for a title."
        ),
        "catalogue.edit",
    ),
    Part(
        "desk:sources",
        _("Other catalogues"),
        _("Packs of records on a USB stick, servers that are asked for a description."),
        "catalogue.edit",
    ),
    Part(
        "desk:ledgers",
        _("Account books"),
        _("The seven books on the screen, in Excel and on paper; closing the year."),
        "figures.view",
    ),
    Part(
        "desk:reconcile", _("Reconcile"), _("Do all the accounts agree, volume by volume?"), "reconcile.run"
    ),
)
PERMISSIONS = tuple(sorted({part.permission for part in PARTS}))
GROUPS = (Group("", PARTS),)
