"""The ten rules by which the account books must agree (帐帐相符), and which checks hold each of them. Data."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.audit.reconcile import Difference, Outcome

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise
else:
    StrOrPromise = object


@dataclass(frozen=True, slots=True)
class Rule:
    """`checks` are those of `reconcile` that hold it; without any, `missing` says what it waits for."""

    number: int
    title: StrOrPromise
    says: StrOrPromise
    checks: tuple[str, ...]
    missing: StrOrPromise = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A rule with the rows that differ and the known exceptions; nothing is known of a rule without checks."""

    rule: Rule
    differences: tuple[Difference, ...]
    exceptions: tuple[Difference, ...]


RULES = (
    Rule(
        1,
        pgettext_lazy("ledger", "Batches"),
        _("Accession numbers, value and titles of a batch are those of its line in the total register."),
        ("holdings.batches", "holdings.batch_numbers"),
    ),
    Rule(
        2,
        pgettext_lazy("ledger", "Stock"),
        _("What came less what went is what is there, in volumes and value."),
        ("holdings.books",),
    ),
    Rule(
        3,
        pgettext_lazy("ledger", "Classes"),
        _("The 22 class accounts come to the accession register."),
        ("holdings.classes",),
    ),
    Rule(
        4,
        pgettext_lazy("ledger", "Withdrawals"),
        _("Every volume struck has one number, one entry and one approval; no number is given twice."),
        ("holdings.withdrawals", "holdings.numbers", "holdings.lines", "holdings.approvals"),
    ),
    Rule(
        5,
        pgettext_lazy("ledger", "Whereabouts"),
        _("On the shelf, lent, in corners, mended, bound, shown, missing: together what is there."),
        (
            "holdings.accounts",
            "holdings.movements",
            "circulation.open_loans",
            "circulation.movements",
            "circulation.orphans",
            "circulation.agreement",
            "circulation.without_volume",
        ),
    ),
    Rule(
        6,
        pgettext_lazy("ledger", "Compensation"),
        _(
            "What was paid for had been lost, and is withdrawn as such; cases, receipts and the cash book agree."
        ),
        (
            "holdings.compensation",
            "compensation.money",
            "compensation.books",
            "cashbook.numbers",
            "cashbook.answers",
            "cashbook.days",
        ),
    ),
    Rule(
        7,
        pgettext_lazy("ledger", "Periodicals"),
        _("Issues become property by being bound; what came from binding is a periodical."),
        ("holdings.serials",),
    ),
    Rule(
        8,
        pgettext_lazy("ledger", "Books and cards"),
        _(
            "Every line has its card in the catalogue and its volume in the house; a stocktake tells the latter."
        ),
        ("holdings.cards", "holdings.belonging", "holdings.counts"),
    ),
    Rule(
        9,
        pgettext_lazy("ledger", "Years"),
        _("A year opens with what the one before closed with; a closed year does not change."),
        ("holdings.years", "holdings.unfinished"),
    ),
    Rule(
        10,
        pgettext_lazy("ledger", "Suppliers"),
        _("What was supplied is what was accepted and what was sent back."),
        (),
        _("Orders and deliveries are not kept in this version: there is nothing to compare yet."),
    ),
)


def held(outcome: Outcome) -> tuple[list[Held], list[Difference], list[Difference]]:
    """The rules with what was found; then differences and exceptions that belong to none of them."""
    rules = []
    for rule in RULES:
        rules.append(
            Held(
                rule,
                tuple(d for d in outcome.differences if d.check in rule.checks),
                tuple(d for d in outcome.exceptions if d.check in rule.checks),
            )
        )
    known = {check for rule in RULES for check in rule.checks}
    others = [d for d in outcome.differences if d.check not in known]
    return rules, others, [d for d in outcome.exceptions if d.check not in known]
