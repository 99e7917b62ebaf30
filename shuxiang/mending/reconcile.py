"""What must agree in this room: open tasks and the accounts of their volumes."""

from collections.abc import Iterator

from django.db.models import F, Q

from shuxiang.audit.reconcile import Difference, check, words
from shuxiang.holdings.models import ItemAccount
from shuxiang.mending.messages import speak
from shuxiang.mending.models import Task


@check("mending.tasks")
def open_tasks_are_away(library_code: str | None) -> Iterator[Difference]:
    """A volume of an open task is in mending or binding. One that another act fetched from there is a known exception."""
    tasks = Task.objects.filter(Q() if library_code is None else Q(library__code=library_code))
    columns = ("pk", "library__code", "item_id", "item__account")
    away = (ItemAccount.MENDING, ItemAccount.BINDING)
    fetched = tasks.filter(ended_on=None).exclude(item__account__in=away)
    elsewhere = tasks.exclude(item__library=F("library"))
    for code, wrong, allowed in (("task_of_no_account", fetched, True), ("task_elsewhere", elsewhere, False)):
        for pk, library, item, account in wrong.order_by("pk").values_list(*columns):
            params = {"item": f"#{item}", "account": account}
            yield Difference("mending.tasks", library, f"mending.task:{pk}", code, params, allowed=allowed)


words("mending", speak)
