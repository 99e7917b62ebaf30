"""Rule tables as schools write them, to begin with. Data; a library takes one over and changes it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from shuxiang.compensation.rules import Rule

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A named table and where it comes from."""

    code: str
    name: "StrPromise"
    source: "StrPromise"
    rules: tuple[Rule, ...]
    replacement_fee_fen: int = 0


_MEND = (Rule(severity="light", base="none"), Rule(severity="cover", base="none"))
SETS = (
    RuleSet(
        "at-price",
        _("At its price"),
        _("A village primary school: at the price, what is damaged is repaired by the pupil."),
        (*_MEND, Rule(base="list")),
    ),
    RuleSet(
        "double",
        _("The same book, or double"),
        _(
            "Rules of a primary school: the same book, else double; a single copy three times; of a set the whole set."
        ),
        (
            *_MEND,
            Rule(material="set", base="set"),
            Rule(copies_to=1, base="list", factor=300),
            Rule(base="list", factor=200),
        ),
    ),
    RuleSet(
        "one-and-a-half",
        _("One and a half times"),
        _("Rules of a school: lost one and a half times the price, badly soiled its price."),
        (*_MEND, Rule(severity="heavy", base="list"), Rule(base="list", factor=150)),
    ),
    RuleSet(
        "triple",
        _("Three times"),
        _("Rules of a primary school: three times the price for whatever was lost, scribbled on or torn."),
        (Rule(base="list", factor=300),),
    ),
    RuleSet(
        "by-material",
        _("By kind of book and damage"),
        _(
            "Rules of a secondary school: twice today's price, reference works five times, sets twice the set; soiled 20 or"
            " 60 %, a cover 1 yuan."
        ),
        (
            Rule(severity="cover", base="none", factor=0, fee_fen=100),
            Rule(severity="light", base="current", factor=20),
            Rule(severity="heavy", base="current", factor=60),
            Rule(material="set", base="set", factor=200),
            Rule(material="reference", base="current", factor=500),
            Rule(base="current", factor=200),
        ),
    ),
    RuleSet(
        "double-old",
        _("Double, old books more"),
        _(
            "Rules of a school: twice the price, for books up to 1990 10 yuan more, the price of the set for a volume of it."
        ),
        (
            *_MEND,
            Rule(material="set", base="set"),
            Rule(year_to=1990, base="list", factor=200, fee_fen=1000),
            Rule(base="list", factor=200),
        ),
    ),
    RuleSet(
        "by-copies",
        _("By number of copies"),
        _(
            "Rules of a university library: five copies and more 3 times, two to four 4 times, a single one 5 times, up to"
            " 1992 10 times; at least 20 yuan; 5 yuan with a new volume."
        ),
        (
            *_MEND,
            Rule(year_to=1992, base="list", factor=1000, min_fen=2000),
            Rule(copies_from=5, base="list", factor=300, min_fen=2000),
            Rule(copies_from=2, base="list", factor=400, min_fen=2000),
            Rule(base="list", factor=500, min_fen=2000),
        ),
        replacement_fee_fen=500,
    ),
)
USUAL = "at-price"  # until a library chooses


def set_called(code: str) -> RuleSet | None:
    return next((one for one in SETS if one.code == code), None)
