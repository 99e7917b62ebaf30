"""Reason codes of targets in words."""

from django.utils.translation import gettext_lazy as _

from shuxiang.common.decisions import Reason

MESSAGES = {
    "target_unreadable": _(
        "“%(written)s” is no number. Write one such as 9 or 9.50; for no target, leave the field empty."
    ),
    "target_out_of_range": _("A target is a number from 0 up to a thousand million."),
    "target_too_fine": _(
        "This figure is shown with %(decimals)s digits after the point; its target can have no more."
    ),
}


def words(reason: Reason) -> str:
    """What to tell the person who set the target."""
    return str(MESSAGES[reason.code]) % reason.params
