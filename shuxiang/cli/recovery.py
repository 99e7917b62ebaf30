"""What a power cut or a kill interrupted is taken up again before anything new begins."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from shuxiang.catalogue import index
from shuxiang.cli.who import operator
from shuxiang.common import clock
from shuxiang.holdings.services import resume_batches, resume_closings
from shuxiang.imports.services import recover


def take_up(tell: Callable[[str], None], *, is_serving: bool = False) -> None:
    """Finish interrupted imports, undos and postings, and tell so; renew a search index of an older version.

    A server leaves to its jobs what they began.

    Imports come before postings: they know which rows a half-posted batch still lacks.
    """
    by, at = operator(), clock.now()
    if index.ensure_current(at=at):
        tell(_("The search index was renewed."))
    for run in recover(by=by, at=at, is_serving=is_serving):
        tell(
            _("The interrupted import of %(file)s was taken up again; rows read: %(rows)s.")
            % {"file": run.file.name, "rows": run.rows_read}
        )
    if batches := len(resume_batches()):
        tell(_("%(count)s interrupted postings were finished.") % {"count": batches})
    for closing in resume_closings(by=by, at=at):
        tell(_("The interrupted closing of %(year)s was finished.") % {"year": closing.year})
