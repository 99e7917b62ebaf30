"""Sending is a job: queued with each message, and again by itself when something is due."""

from datetime import datetime

from django.utils.translation import gettext as _

from shuxiang.audit import jobs
from shuxiang.audit.models import Job
from shuxiang.common import clock
from shuxiang.outbox import selectors
from shuxiang.outbox.models import Message
from shuxiang.outbox.rules import JOB, KEEP_BODY
from shuxiang.outbox.services.sending import send_due


def is_due(at: datetime) -> dict[str, object] | None:
    """Params when something is to be tried or forgotten now, else None."""
    old = Message.objects.filter(ended_at__lt=at - KEEP_BODY).exclude(body="")
    return {} if selectors.due(at).exists() or old.exists() else None


@jobs.handles(JOB)
def send(_job: Job, progress: jobs.Progress) -> str:
    """The job: says how many went and how many are tried again."""
    tally = send_due(clock.now(), progress.is_over)
    return _("Messages due: %(due)s, sent %(sent)s, to be tried again %(waiting)s, given up %(failed)s.") % {
        "due": tally.due,
        "sent": tally.sent,
        "waiting": tally.waiting,
        "failed": tally.failed,
    }


jobs.when_idle(JOB, is_due)
