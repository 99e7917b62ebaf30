"""Acts on pupil librarians: proposed, appointed, trained, put on the roster, ended, awarded."""

from shuxiang.helpers.services.choosing import appoint, decline, end, new_card, propose
from shuxiang.helpers.services.working import (
    award,
    hold_training,
    note_served,
    put_on_roster,
    remove_training,
    take_off_roster,
    unaward,
    unnote_served,
)

__all__ = [
    "appoint",
    "award",
    "decline",
    "end",
    "hold_training",
    "new_card",
    "note_served",
    "propose",
    "put_on_roster",
    "remove_training",
    "take_off_roster",
    "unaward",
    "unnote_served",
]
