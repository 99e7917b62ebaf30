"""Acts on readers: they come, change, move class, get and lose cards, are blocked, leave and graduate."""

from shuxiang.patrons.services.blocks import block, lift_block
from shuxiang.patrons.services.cards import issue_card, report_card_lost
from shuxiang.patrons.services.categories import add_category, default_categories
from shuxiang.patrons.services.codes import check_code, make_codes, set_code, show_history
from shuxiang.patrons.services.graduation import graduate_classes, preview_graduation
from shuxiang.patrons.services.many import NewPatron, add_patrons
from shuxiang.patrons.services.people import (
    add_class_as_patron,
    add_patron,
    change_patron,
    come_back,
    leave,
    link_account,
    move_class,
    remove_patron,
)

__all__ = [
    "NewPatron",
    "add_category",
    "add_class_as_patron",
    "add_patron",
    "add_patrons",
    "block",
    "change_patron",
    "check_code",
    "come_back",
    "default_categories",
    "graduate_classes",
    "issue_card",
    "leave",
    "lift_block",
    "link_account",
    "make_codes",
    "move_class",
    "preview_graduation",
    "remove_patron",
    "report_card_lost",
    "set_code",
    "show_history",
]
