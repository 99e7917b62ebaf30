"""What readers still owe for lost and damaged volumes, for clearance and the turn of the year."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from shuxiang.compensation.models import Case
from shuxiang.compensation.selectors import open_cases
from shuxiang.libraries.models import Library
from shuxiang.patrons.dues import Due, Source

KIND = "compensation"
_AT_ONCE = 500


def unsettled(library: Library, patrons: Collection[int]) -> list[Due]:
    """Open cases of these readers, with what is left to pay."""
    keys = sorted(patrons)
    found: list[Case] = []
    for start in range(0, len(keys), _AT_ONCE):
        found += open_cases(library).filter(patron__in=keys[start : start + _AT_ONCE])
    return [
        Due(case.patron_id, KIND, case.title, case.opened_on, None, case.left_fen)
        for case in found
        if case.patron_id is not None
    ]


SOURCE = Source(KIND, _("compensation not settled"), unsettled)
