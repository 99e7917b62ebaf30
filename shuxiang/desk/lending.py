"""What the page of lending leads to: all that is done with readers, classes and loans beside the desk itself."""

from django.utils.translation import gettext_lazy as _

from shuxiang.desk.parts import Group, Part

GROUPS = (
    Group(
        _("Every day"),
        (
            Part(
                "desk:returns",
                _("Return a pile"),
                _("Scan volume after volume; what was odd is listed at the end."),
                "desk.lend",
                scoped=True,
            ),
        ),
    ),
    Group(
        _("Classes"),
        (
            Part(
                "desk:classes",
                _("Class desk"),
                _("A whole class in one break: choose who stands there, scan, without cards."),
                "desk.lend",
                scoped=True,
            ),
            Part(
                "desk:codes",
                _("Picture codes"),
                _("Four pictures for children without a card: who has them, new ones, cards to cut out."),
                "patrons.codes",
                scoped=True,
            ),
        ),
    ),
    Group(
        _("Rules"),
        (
            Part(
                "desk:kiosks",
                _("Self-service machines"),
                _("Where children borrow and give back by themselves, and what readers see of themselves."),
                "libraries.edit",
            ),
        ),
    ),
)
PARTS = tuple(part for group in GROUPS for part in group.parts)
PERMISSIONS = tuple(sorted({part.permission for part in PARTS}))
