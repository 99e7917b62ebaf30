"""Reason codes of reports in words: what is wrong and what to do."""

from django.utils.translation import gettext_lazy as _

from shuxiang.common.decisions import Decision, Reason
from shuxiang.reports.ledgers import messages as ledgers

MESSAGES = {
    **ledgers.MESSAGES,
    "report_file_not_word": _(
        "%(path)s is not a Word file that can be read. It was left as it is: give another name, or move it away."
    ),
    "report_file_foreign": _(
        "%(path)s was not written as this report of this library and period. It was left as it is: give another name."
    ),
    "report_file_locked": _("%(path)s cannot be written: close it in Word, or choose another folder."),
    "report_file_folder": _("There is no folder %(folder)s."),
    "report_file_suffix": _("This report is written as a Word file: give a name that ends in .docx."),
    "report_signed": _("This report is signed; its text does not change any more."),
    "report_signed_edited": _(
        "This report is signed, but %(parts)s were changed in %(path)s. The file was left as it is: give another name."
    ),
    "report_part_unknown": _("This report has no part “%(key)s” to be written."),
    "report_period_open": _("The period runs until %(ends_on)s: a report is signed when it is over."),
}


def speak(reason: Reason) -> str:
    """A reason in words; unknown codes say themselves."""
    sentence = MESSAGES.get(reason.code)
    return str(sentence) % dict(reason.params) if sentence else reason.code


def speak_all(decision: Decision) -> str:
    return " ".join(speak(reason) for reason in decision.reasons)
