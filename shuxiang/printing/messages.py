"""Sheets and reason codes of the print room in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuxiang.common.decisions import Reason
from shuxiang.printing.codes import CodeTooLarge
from shuxiang.printing.labels import Placed

SHEETS = {
    "a4-3x8": gettext_lazy("A4, 3 × 8 labels of 70 × 37 mm"),
    "a4-3x8-gap": gettext_lazy("A4, 3 × 8 labels of 63.5 × 33.9 mm"),
    "a4-4x10": gettext_lazy("A4, 4 × 10 labels of 48.5 × 25.4 mm"),
    "a4-5x13": gettext_lazy("A4, 5 × 13 labels of 38.1 × 21.2 mm"),
    "roll-30x20": gettext_lazy("Roll, labels of 30 × 20 mm"),
    "roll-30x20-3": gettext_lazy("Roll, three labels of 30 × 20 mm side by side"),
    "roll-40x30": gettext_lazy("Roll, labels of 40 × 30 mm"),
    "roll-50x30": gettext_lazy("Roll, labels of 50 × 30 mm"),
    "roll-60x40": gettext_lazy("Roll, labels of 60 × 40 mm"),
    "a4-cards": gettext_lazy("A4 to cut, 10 cards of 85.6 × 54 mm"),
    "a4-catalogue": gettext_lazy("A4 across to cut, 4 catalogue cards of 125 × 75 mm"),
    "card-125x75": gettext_lazy("Catalogue cards of 125 × 75 mm, one by one"),
    "a4-bookcards": gettext_lazy("A4 to cut, 4 book cards of 75 × 125 mm"),
    "card-75x125": gettext_lazy("Book cards of 75 × 125 mm, one by one"),
    "a4-pockets": gettext_lazy("A4 across to cut and fold, 2 book pockets"),
    "a4-strips": gettext_lazy("A4 to cut, 8 strips of 190 × 34 mm"),
    "a4-signs": gettext_lazy("A4 across, one sign"),
    "a4-signs-2": gettext_lazy("A4 to cut, 2 signs"),
}
MESSAGES = {
    "sheet_name_missing": gettext_lazy("Give the sheet a name by which you will find it again."),
    "sheet_name_taken": gettext_lazy("There is a sheet called “%(name)s” already."),
    "sheet_not_a_length": gettext_lazy("Every length is a number of millimetres, such as 38.1."),
    "sheet_page_size": gettext_lazy(
        "The paper is %(has)s mm on one side; it must be between %(least)s and %(most)s mm."
    ),
    "sheet_grid": gettext_lazy(
        "A sheet has 1 to %(most)s labels side by side, and as many one below another."
    ),
    "sheet_label_small": gettext_lazy("A label must be at least %(width)s mm wide and %(height)s mm high."),
    "sheet_negative": gettext_lazy("Margins cannot be less than 0."),
    "sheet_overlap_across": gettext_lazy(
        "The labels lie on each other: from one left edge to the next it is %(step)s mm, but a label is %(size)s mm wide."
    ),
    "sheet_overlap_down": gettext_lazy(
        "The labels lie on each other: from one upper edge to the next it is %(step)s mm, but a label is %(size)s mm high."
    ),
    "sheet_too_wide": gettext_lazy(
        "%(columns)s labels side by side end %(ends)s mm from the left edge, but the paper is %(page)s mm wide."
    ),
    "sheet_too_high": gettext_lazy(
        "%(rows)s labels one below another end %(ends)s mm from the upper edge, but the paper is %(page)s mm high."
    ),
    "sheet_padding": gettext_lazy(
        "With %(padding)s mm left white inside each label, and the edges that printers leave white, nothing can be printed."
    ),
    "sheet_label_too_small": gettext_lazy(
        "The labels of this sheet are %(width)s × %(height)s mm; what is to be printed needs %(needs_width)s × "
        "%(needs_height)s mm inside a label's white edge. Choose another sheet."
    ),
    "sheet_unknown": gettext_lazy("This sheet is not there any more. Choose another one."),
    "run_empty": gettext_lazy("There is nothing to print."),
    "run_too_long": gettext_lazy(
        "These are %(labels)s labels; one run takes %(most)s. Print them in parts, for example by ranges."
    ),
    "run_start": gettext_lazy(
        "The first label to use is a number from 1 to %(most)s: as many has the sheet."
    ),
    "run_range": gettext_lazy(
        "There are %(total)s labels: give the first and the last of them that shall be printed."
    ),
    "printer_name_missing": gettext_lazy("Give the printer a name."),
    "printer_name_taken": gettext_lazy("There is a printer called “%(name)s” already."),
    "test_sheet_scaled": gettext_lazy(
        "The test sheet came out at %(percent)s %% of its size. Print it again with “actual size” or 100 %%, not with "
        "“fit to page”."
    ),
    "test_sheet_far_off": gettext_lazy(
        "That would be more than %(most)s mm off. Measure from the paper's edge to the cross: it should be about %(x)s mm "
        "from the left and %(y)s mm from above."
    ),
    "not_a_number": gettext_lazy("“%(written)s” is no number of millimetres. Write one such as 20.5."),
}


def sheet_name(code: str) -> str:
    """What a shipped sheet is called."""
    return str(SHEETS[code])


def words(reason: Reason) -> str:
    """What to tell the person who prints."""
    return str(MESSAGES[reason.code]) % reason.params


def why_left_out(placed: Placed) -> str:
    """Why a label could not be printed, in a sentence."""
    if isinstance(placed.refused, CodeTooLarge):
        return _(
            "The code of “%(code)s” needs %(width)s × %(height)s mm of room. Choose larger labels, or another kind of code."
        ) % {
            "code": placed.code,
            "width": f"{placed.refused.needs_width:.1f}",
            "height": f"{placed.refused.needs_height:.1f}",
        }
    return _("“%(code)s” cannot be written in this kind of code. Choose another kind.") % {
        "code": placed.code
    }
