"""What the stock room's page leads to, in the order in which a delivery goes from the van to the shelf and off the books."""

from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class Part(NamedTuple):
    route: str
    words: "StrPromise"
    sentence: "StrPromise"
    permission: str


PARTS = (
    Part(
        "desk:reconcile", _("Reconcile"), _("Do all the accounts agree, volume by volume?"), "reconcile.run"
    ),
)
PERMISSIONS = tuple(sorted({part.permission for part in PARTS}))
