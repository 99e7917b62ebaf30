"""What is wrong with a class number, in words."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from shuxiang.catalogue.clc.judging import Fault

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FAULTS: "dict[str, StrOrPromise]" = {
    "no_class": _("“%(piece)s” is no class number: it must begin with a letter, like I247.57."),
    "no_such_class": _(
        "There is no class %(piece)s: the 22 classes are A to K, N to V, X and Z, without L, M, W and Y."
    ),
    "second_letter": _(
        "There is no class %(piece)s: a second letter stands behind T only (TP, TS …), and DF."
    ),
    "joined_no_class": _("What stands behind a colon must be a class number too; “%(piece)s” is none."),
    "sign": _("“%(piece)s”: this sign does not belong to class numbers."),
    "misplaced": _("“%(piece)s”: this sign cannot stand here."),
    "unfinished": _("The number ends with a sign; something is missing behind it."),
    "sub_general": _("“%(piece)s”: behind - stand digits, like -49."),
    "sub_area": _("“%(piece)s”: an area stands between brackets, like (711)."),
    "sub_period": _("“%(piece)s”: behind = stand the digits of a period, like =6."),
    "sub_people": _('“%(piece)s”: a people stands between quotation marks, like "17".'),
    "sub_common": _("“%(piece)s”: time and place stand between < and >, like <18>."),
    "sub_joined": _("“%(piece)s”: behind + stand digits."),
    "twice_recommended": _("The mark a may stand once only."),
    "recommended_place": _("The mark a stands at the end of the number."),
    "is_range": _("“%(piece)s”: a range stands in the tables only; choose one number of it."),
    "too_long": _("The number is too long by “%(piece)s”."),
    "dots": _("Behind every third digit stands a dot; it is written so."),
    "alternative": _(
        "This class stands in square brackets in the tables: normally another one is used instead."
    ),
    "discontinued": _("This class is discontinued in the tables."),
    "several": _("Several numbers: the first one counts, further ones are %(piece)s."),
    "not_in_outline": _("The outline has no class that begins like %(piece)s. Look it up before using it."),
}


def say(fault: Fault) -> str:
    """A fault as a sentence."""
    return str(FAULTS[fault.code]) % {"piece": fault.piece}
